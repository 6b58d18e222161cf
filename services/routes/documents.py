"""Documents: taking them in, reading them, their pages, images and originals. What may not be read is not there."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Annotated, Literal

from fastapi import File, Form, Query, Response, UploadFile
from fastapi.responses import FileResponse
from pydantic import StringConstraints
from sqlalchemy.orm import Session

from auth import policy
from auth.labels import Label
from auth.policy import Action, Scope
from indexer.handling.lifecycle import AbsentError
from indexer.library import documents
from indexer.library.documents import Times
from indexer.library.intake import Description, LabelError, Submission
from indexer.library.tables import DocumentRow
from indexer.translate import translations
from services.labelling import label_from
from services.routes.authentication import Asking, Caller, guarded_router
from services.schemas.changes import When
from services.schemas.schemas import DocumentShape, IntakeRow, IntakeShape, LabelShape, PageShape, TimesShape, title

router = guarded_router("/documents")

Text = Annotated[str, StringConstraints(max_length=2_000), Form()]
PageNumber = Annotated[int, Query(ge=1)]


@router.post("", status_code=202)
def take_in(
    asking: Asking,
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
) -> IntakeShape:
    """Take a PDF in under a label that lets one read it oneself. Lists are separated by commas."""
    asking.must(Action.INTAKE)
    parts = asking.parts
    with parts.database.reading() as session:
        label = label_from(session, parts.scheme, originator, level, releasable_to, need_to_know)
        known = policy.scope_for(session, asking.principal, Action.INTAKE)
    if not policy.permits(asking.principal, Action.INTAKE, label):
        asking.record(Action.INTAKE, decision="refused", detail={"rule": "label"})
        raise LabelError("You may give a document only a label that lets you read it yourself.")
    about = Description(title_en or title, title_ru, "", date, kind, symbol, meeting, body, countries, keywords)
    times = Times(embargo_until, expires_at, review_on)
    submission = Submission(file.file, file.filename or "", label, about, asking.event(Action.INTAKE), times)
    receipt = parts.intake.take(submission, known)
    if receipt.duplicate:
        asking.record(Action.INTAKE, receipt.document_id, detail={"duplicate": 1})
    return IntakeShape(
        document_id=receipt.document_id,
        state=receipt.state,
        stage="intake" if receipt.code else "",
        code=receipt.code,
        message=receipt.message,
        duplicate=receipt.duplicate,
    )


@router.get("")
def intake(
    asking: Asking,
    offset: Annotated[int, Query(ge=0, le=10_000)] = 0,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
    state: Literal["received", "extracted", "indexed", "translated", "quarantined"] | None = None,
    review_by: date | None = None,
) -> list[IntakeRow]:
    """What was taken in, out of what one's own role and labels open, the latest first. `review_by`: due for review."""
    asking.must(Action.INTAKE)
    with asking.parts.database.reading() as session:
        scope = policy.scope_for(session, asking.principal, Action.INTAKE)
        found = documents.listed(session, scope, offset, limit, state, review_by)
        rows = [_intake_row(asking, session, row) for row in found]
    listed = asking.event("list_intake", detail={"total": len(rows)})
    asking.parts.trail.record(replace(listed, shown=tuple(row.document_id for row in rows)))
    return rows


@router.get("/{document_id}")
def document(document_id: str, asking: Asking) -> DocumentShape:
    """What is known of a document."""
    with asking.parts.database.reading() as session:
        row, label, scope = _open(asking, session, Action.READ, document_id)
        standing = translations.standing(session, row, asking.parts.packages)
        needs_ocr = documents.troubled_pages(session, scope, document_id)
        return DocumentShape.of(row, label, standing, needs_ocr, asking.parts.scheme)


@router.get("/{document_id}/pages/{number}")
def page(document_id: str, number: int, asking: Asking) -> PageShape:
    """A page's sentences and where they stand."""
    with asking.parts.database.reading() as session:
        row, _, scope = _open(asking, session, Action.READ, document_id, number)
        if not 1 <= number <= row.pages:
            raise AbsentError
        found = documents.page(session, scope, document_id, number)
    if found is None:
        raise AbsentError
    return PageShape.of(document_id, found)


@router.get("/{document_id}/pages/{number}/image", response_class=Response)
def image(
    document_id: str, number: int, asking: Asking, width: Annotated[int, Query(ge=100, le=2400)] = 1000
) -> Response:
    """A page as a picture (PNG): pixels only, nothing of the PDF that could act."""
    with asking.parts.database.reading() as session:
        row, _, _ = _open(asking, session, Action.READ, document_id, number)
    if not 1 <= number <= row.pages:
        raise AbsentError
    with asking.parts.store.open(document_id) as file:
        return Response(asking.parts.reader.render(file, number, width), media_type="image/png")


@router.get("/{document_id}/file", response_class=FileResponse)
def original(document_id: str, asking: Asking) -> FileResponse:
    """The original file."""
    with asking.parts.database.reading() as session:
        row, _, _ = _open(asking, session, Action.DOWNLOAD, document_id)
    return FileResponse(asking.parts.store.path(document_id), media_type="application/pdf", filename=f"{row.id}.pdf")


def _open(
    asking: Caller, session: Session, action: Action, document_id: str, number: int | None = None
) -> tuple[DocumentRow, Label, Scope]:
    """A document that the person may do this to, its label, and the scope that holds it; the trail has it by then.

    Whoever may take it in may see it before and after its time too. Raises AbsentError for all others, and
    ForbiddenError where no role opens the action at all.
    """
    asking.must(action)
    page: dict[str, str | int] = {} if number is None else {"page": number}
    for one in (action, Action.INTAKE):
        scope = policy.scope_for(session, asking.principal, one)
        row = documents.get(session, scope, document_id)
        label = documents.label_of(session, row) if row else None
        if row is not None and label is not None and policy.permits(asking.principal, action, label):
            asking.record(action, document_id, detail=page | {"label": label.rule.as_text()})
            return row, label, scope
    asking.record(
        action, document_id[:64], decision="refused", detail=page | documents.why_refused(session, document_id)
    )
    raise AbsentError


def _intake_row(asking: Caller, session: Session, row: DocumentRow) -> IntakeRow:
    return IntakeRow(
        document_id=row.id,
        state=documents.shown_state(row),
        stage=row.stage,
        code=row.code,
        message=row.message,
        filename=row.filename,
        title=title(row),
        label=LabelShape.of(documents.label_of(session, row), asking.parts.scheme),
        taken_at=row.taken_at,
        times=TimesShape.of(documents.times_of(row)),
        legal_hold=row.legal_hold,
    )
