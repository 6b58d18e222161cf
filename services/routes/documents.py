"""Documents: taking them in, reading them, their pages, images and originals. What may not be read is not there."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from typing import Annotated, Final

from fastapi import File, Form, Query, Request, Response, UploadFile
from fastapi.responses import FileResponse
from pydantic import StringConstraints
from sqlalchemy.orm import Session
from starlette.concurrency import run_in_threadpool

from auth import policy
from auth.labels import Label
from auth.policy import Action, Scope
from indexer.extract.pages import ExtractError
from indexer.handling import attaching, questions
from indexer.handling.lifecycle import AbsentError
from indexer.handling.questions import Question
from indexer.lexicon.gloss import Gloss, glosses
from indexer.library import documents, recognised
from indexer.library.documents import PageContent, Times
from indexer.library.intake import (
    AlikeError,
    DocumentDescription,
    LabelError,
    MarkingError,
    Receipt,
    Submission,
)
from indexer.library.states import ShownState, shown
from indexer.library.tables import DocumentRow
from indexer.pairs import pairs
from indexer.text import LANGUAGES
from indexer.translate import translations
from services.http.drawing import drawn_picture
from services.http.filenames import disposition
from services.http.originals import OriginalResponse
from services.labelling import label_from
from services.routes.authentication import Caller, CurrentUser, UploadRoute, guarded_router
from services.schemas.documents import DocumentSchema, IntakeRow, IntakeSchema, PageSchema, QuestionSchema, title
from services.schemas.fields import When
from services.schemas.labels import LabelSchema, TimesSchema

router = guarded_router("/documents")
uploads = guarded_router("/documents", UploadRoute)

LARGEST_NUMBER: Final = 1_000_000  # of a page, as the trail keeps it: what is beyond is none

Text = Annotated[str, StringConstraints(max_length=2_000), Form()]


@uploads.post("", status_code=202)
def take_in(
    caller: CurrentUser,
    file: Annotated[UploadFile, File()],
    originator: Text,
    level: Text,
    releasable_to: Text = "",
    need_to_know: Text = "",
    title: Text = "",
    title_en: Text = "",
    title_ru: Text = "",
    date: Annotated[date | None, Form()] = None,
    kind: Text = "other",
    symbol: Text = "",
    meeting: Text = "",
    body: Text = "",
    countries: Text = "",
    keywords: Text = "",
    embargo_until: Annotated[When | None, Form()] = None,
    expires_at: Annotated[When | None, Form()] = None,
    review_on: Annotated[date | None, Form()] = None,
    alike_reason: Text = "",
    marking_reason: Text = "",
) -> IntakeSchema:
    """Take a PDF in under a label that lets one read it oneself. Lists are separated by commas.

    Where a document that one may read has almost this text and a stricter label (`alike`), `alike_reason` says why it
    is right; where the paper itself bears a stronger marking (`marking`), `marking_reason`. The trail keeps them.
    """
    caller.require(Action.INTAKE)
    components = caller.components
    with components.database.reading() as session:
        label = label_from(session, components.scheme, originator, level, releasable_to, need_to_know)
        scope = policy.scope_for(session, caller.principal, Action.INTAKE)
    if not policy.permits(caller.principal, Action.INTAKE, label):
        caller.record(Action.INTAKE, decision="refused", detail={"rule": "label"})
        raise LabelError("You may give a document only a label that lets you read it yourself.", code="label_above_you")
    about = DocumentDescription(title_en or title, title_ru, "", date, kind, symbol, meeting, body, countries, keywords)
    times = Times(embargo_until, expires_at, review_on)
    reasons = alike_reason.strip(), marking_reason.strip()
    submission = Submission(file.file, file.filename or "", label, about, caller.event(Action.INTAKE), times, *reasons)
    receipt = _taken(caller, submission, scope)
    if receipt.duplicate:
        caller.record(Action.INTAKE, receipt.document_id, detail={"duplicate": 1})
    return IntakeSchema.of(receipt)


def _taken(caller: Caller, submission: Submission, scope: Scope) -> Receipt:
    """What became of a file. Raises what `Intake.take` raises; the trail has by then what is to be confirmed."""
    label = submission.label.rule.as_text()
    try:
        return caller.components.intake.take(submission, scope, caller.components.reader.beginning)
    except MarkingError as error:
        marking = {"rule": "marking", "marking": error.marking.words, "label": label}
        caller.record(Action.INTAKE, decision="refused", detail=marking)
        raise
    except AlikeError as error:
        alike = {"rule": "alike", "alike": ", ".join(error.document_ids), "label": label}
        caller.record(Action.INTAKE, decision="refused", detail=alike)
        raise


@router.get("")
def intake(
    caller: CurrentUser,
    offset: Annotated[int, Query(ge=0, le=10_000)] = 0,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
    state: ShownState | None = None,
    review_by: date | None = None,
) -> list[IntakeRow]:
    """What was taken in, out of what one's own role and labels open, the latest first. `review_by`: due for review."""
    caller.require(Action.INTAKE)
    with caller.components.database.reading() as session:
        scope = policy.scope_for(session, caller.principal, Action.INTAKE)
        documents_listed = documents.listed(session, scope, offset, limit, state, review_by)
        to_answer = questions.asked_of(session, documents_listed)
        labels = documents.labels_of(session, scope, documents_listed)
        rows = [_intake_row(caller, row, labels[row.id], to_answer.get(row.id, ())) for row in documents_listed]
    listed = caller.event("list_intake", detail={"total": len(rows)})
    caller.components.trail.record(replace(listed, shown=tuple(row.document_id for row in rows)))
    return rows


@router.get("/{document_id}")
def document(document_id: str, caller: CurrentUser) -> DocumentSchema:
    """What is known of a document."""
    with caller.components.database.reading() as session:
        row, label, scope = _open(caller, session, Action.READ, document_id)
        standing = translations.standing(session, row, caller.components.packages)
        needs_ocr = documents.troubled_pages(session, scope, document_id)
        recognition = recognised.progress(session, document_id)
        readable = policy.scope_for(session, caller.principal, Action.READ)
        other = pairs.of_papers(session, readable, [row.id]).get(row.id)
        schema = DocumentSchema.of(row, label, standing, needs_ocr, recognition, other, caller.components.scheme)
        scopes = policy.reaching(session, caller.principal, Action.READ)
        return schema.tied(*attaching.tied(session, scopes, row.id))


@router.get("/{document_id}/intake")
def intake_of(document_id: str, caller: CurrentUser) -> IntakeRow:
    """How one document fares, as the list of the intake tells it."""
    with caller.components.database.reading() as session:
        row, label, _ = _open(caller, session, Action.INTAKE, document_id)
        to_answer = questions.asked_of(session, [row])
        return _intake_row(caller, row, label, to_answer.get(row.id, ()))


@router.get("/{document_id}/pages/{number}")
def page(document_id: str, number: int, caller: CurrentUser, gloss: bool = False) -> PageSchema:
    """A page's sentences and where they stand; with `gloss`, what the words of those without a translation mean."""
    with caller.components.database.reading() as session:
        row, _, scope = _open(caller, session, Action.READ, document_id, number)
        if not 1 <= number <= row.pages:
            raise AbsentError
        content = documents.page(session, scope, document_id, number)
        if content is None:
            raise AbsentError
        gloss_of = _glosses(session, policy.shaping(session, scope, row.rule), content) if gloss else {}
    caller.components.openings.note(caller.principal, [document_id])
    return PageSchema.of(document_id, content, gloss_of)


def _glosses(session: Session, scope: Scope, content: PageContent) -> dict[int, Gloss]:
    """The gloss of each sentence that has no translation, by ordinal."""
    by_ordinal: dict[int, Gloss] = {}
    for language in LANGUAGES:
        bare = [each for each in content.segments if each.translation is None and each.language == language]
        of_texts = glosses(session, scope, [each.text for each in bare], language)
        by_ordinal |= {segment.ordinal: gloss for segment, gloss in zip(bare, of_texts, strict=True)}
    return by_ordinal


@router.get("/{document_id}/pages/{number}/image", response_class=Response)
async def image(
    document_id: str,
    number: int,
    caller: CurrentUser,
    request: Request,
    width: Annotated[int, Query(ge=100, le=2400)] = 1000,
) -> Response:
    """A page as a picture (PNG): pixels only, nothing of the PDF that could act."""
    picture = await run_in_threadpool(_kept_picture, caller, document_id, number, width)
    if picture is None:
        try:
            picture = await drawn_picture(
                request, caller.components, caller.principal.person_id, document_id, number, width
            )
        except ExtractError as error:
            if error.code == "no_page":
                raise AbsentError from error
            raise
        await run_in_threadpool(_keep_picture, caller, document_id, number, width, picture)
    return Response(picture, media_type="image/png")


def _kept_picture(caller: Caller, document_id: str, number: int, width: int) -> bytes | None:
    """The picture if it was drawn before; raises AbsentError if the page is not there for this person."""
    with caller.components.database.reading() as session:
        row, _, _ = _open(caller, session, Action.READ, document_id, number)
    if not 1 <= number <= row.pages:
        raise AbsentError
    return caller.components.store.pictures.get(document_id, number, width)


def _keep_picture(caller: Caller, document_id: str, number: int, width: int, picture: bytes) -> None:
    """Keep a picture that was drawn. Raises AbsentError if the document is not there for the person any more."""
    pictures = caller.components.store.pictures
    pictures.keep(document_id, number, width, picture)
    with caller.components.database.reading() as session:  # after it was kept: a removal deletes what it finds
        opened = opened_document(caller, session, Action.READ, document_id)
    if opened is None:
        pictures.remove(document_id)
        raise AbsentError


@router.get("/{document_id}/file", response_class=FileResponse)
def original(document_id: str, caller: CurrentUser) -> FileResponse:
    """The original file."""
    with caller.components.database.reading() as session:
        row, label, _ = _open(caller, session, Action.DOWNLOAD, document_id)
        named = {"Content-Disposition": disposition(row, label, caller.components.scheme)}
    return OriginalResponse(caller.components.store.as_file(document_id), named)


def _open(
    caller: Caller, session: Session, action: Action, document_id: str, number: int | None = None
) -> tuple[DocumentRow, Label, Scope]:
    """A document that the person may do this to, its label, and the scope that holds it; the trail has it by then.

    Raises AbsentError where it lies in no scope that the policy lets the action reach, and ForbiddenError where no
    role opens the action at all.
    """
    caller.require(action)
    page: dict[str, str | int] = {} if number is None else {"page": number if abs(number) <= LARGEST_NUMBER else 0}
    opened = opened_document(caller, session, action, document_id)
    if opened is not None:
        caller.record(action, document_id, detail=page | {"label": opened[1].rule.as_text()})
        return opened
    caller.record(
        action, document_id[:64], decision="refused", detail=page | documents.why_refused(session, document_id)
    )
    raise AbsentError


def opened_document(
    caller: Caller, session: Session, action: Action, document_id: str
) -> tuple[DocumentRow, Label, Scope] | None:
    """A document that the person may do this to now; None if it is not there for them."""
    for scope in policy.reaching(session, caller.principal, action):
        row = documents.get(session, scope, document_id)
        label = documents.label_of(session, row) if row else None
        if row is not None and label is not None and policy.permits(caller.principal, action, label):
            return row, label, scope
    return None


def _intake_row(caller: Caller, row: DocumentRow, label: Label, to_answer: Iterable[Question]) -> IntakeRow:
    return IntakeRow(
        document_id=row.id,
        state=shown(row.state),
        stage=row.stage,
        code=row.code,
        message=row.message,
        filename=row.filename,
        title=title(row),
        label=LabelSchema.of(label, caller.components.scheme),
        taken_at=row.taken_at,
        times=TimesSchema.of(documents.times_of(row)),
        legal_hold=row.legal_hold,
        marking=row.marking,
        attachments=json.loads(row.attachments or "[]"),
        questions=[QuestionSchema.of(question) for question in to_answer],
    )
