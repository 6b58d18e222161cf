"""A dossier: passages that somebody collected, read anew at each request. Shows none that is not there for them now."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from fastapi import Response
from sqlalchemy.orm import Session

from auth.audit.trail import check_secret
from auth.database import now
from auth.labels import Label
from auth.policy import Action, Scope
from indexer import word_file
from indexer.dossier import kept, sheets
from indexer.dossier.kept import DossierChangedError
from indexer.dossier.passages import DossierPassage, joined_label, passage_in
from indexer.dossier.sheets import Sheet
from indexer.handling.lifecycle import AbsentError
from indexer.library import documents
from indexer.library.tables import DocumentRow
from services.routes.authentication import Caller, CurrentUser, guarded_router
from services.routes.documents import opened_document
from services.routes.reading.schemas import (
    ChosenPassage,
    DossierBody,
    DossierFileBody,
    DossierSchema,
    KeptDossierBody,
    KeptDossierSchema,
    KeptVersion,
)
from services.schemas.documents import title
from services.schemas.labels import marking

router = guarded_router("/dossier")

_WRITERS: Final = {"html": (sheets.write, sheets.MEDIA_TYPE), "docx": (sheets.write_word, word_file.MEDIA_TYPE)}


@router.post("")
def dossier(body: DossierBody, caller: CurrentUser) -> DossierSchema:
    """The passages of a dossier as one may read them now, and the label of all of them together."""
    caller.require(Action.READ)
    with caller.components.database.reading() as session:
        passages = list(_passages(caller, session, Action.READ, body))
        _note(caller, "dossier", passages)
        return DossierSchema.of(passages, caller.components.scheme)


@router.post(
    "/file", response_class=Response, responses={200: {"content": {"text/html": {}, word_file.MEDIA_TYPE: {}}}}
)
def dossier_file(body: DossierFileBody, caller: CurrentUser) -> Response:
    """The same to take away: HTML or DOCX with the marking of all of it on every sheet. Where none may be read, 404."""
    caller.require(Action.DOWNLOAD)
    scheme = caller.components.scheme
    words = "\n".join([body.title, *(each.comment for each in body.passages)])
    check_secret(words)
    with caller.components.database.reading() as session:
        passages = list(_passages(caller, session, Action.DOWNLOAD, body))
        label = joined_label(each for each in passages if each)
        _note(caller, "take_dossier", passages, label, words)
        if label is None:
            raise AbsentError
        written = [
            Sheet(_title(each.row, body.language), marking(each.label, scheme), each) if each else None
            for each in passages
        ]
    when, who = now().strftime("%Y-%m-%d %H:%M UTC"), caller.principal.username
    write, media_type = _WRITERS[body.format]
    content = write(body.title, marking(label, scheme), written, body.language, who, when)
    name = f"dossier_{scheme.code(label.rule.level)}.{body.format}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(content, media_type=media_type, headers=headers)


@router.get("/kept")
def kept_dossier(caller: CurrentUser) -> KeptDossierSchema:
    """The dossier that one keeps, without the passages of papers that one may not read now."""
    caller.require(Action.READ)
    with caller.components.database.reading() as session:
        dossier = kept.of_person(session, caller.principal.person_id)
        papers = dict.fromkeys(str(each["document_id"]) for each in dossier.passages)
        there = {paper for paper in papers if opened_document(caller, session, Action.READ, paper)}
    passages = [ChosenPassage(**each) for each in dossier.passages if each["document_id"] in there]
    caller.record("list_dossier", detail={"total": len(passages)})
    return KeptDossierSchema(version=dossier.version, title=dossier.title, passages=passages)


@router.put("/kept")
def keep_dossier(body: KeptDossierBody, caller: CurrentUser) -> KeptVersion:
    """Keep a dossier instead of what one kept. It is sealed in the database. 409 where another page changed it."""
    caller.require(Action.READ)
    passages = [each.model_dump() for each in body.passages]
    try:
        with caller.components.database.session() as session:
            version = kept.keep(session, caller.principal.person_id, body.version, body.title, passages)
            caller.record("keep_dossier", detail={"total": len(passages)})
    except DossierChangedError:
        caller.record("keep_dossier", decision="refused", detail={"rule": "changed"})
        raise
    return KeptVersion(version=version)


def _title(row: DocumentRow, language: str) -> str:
    titles = title(row)
    return titles.get(language) or next(iter(titles.values()))


def _passages(caller: Caller, session: Session, action: Action, body: DossierBody) -> Iterator[DossierPassage | None]:
    """Each passage, or None; the trail has each document that was refused."""
    opened: dict[str, tuple[DocumentRow, Label, Scope] | None] = {}
    for chosen in body.passages:
        if chosen.document_id not in opened:
            opened[chosen.document_id] = opened_document(caller, session, action, chosen.document_id)
            if opened[chosen.document_id] is None:
                refusal = documents.why_refused(session, chosen.document_id)
                caller.record("dossier", chosen.document_id, "refused", refusal)
        there = opened[chosen.document_id]
        if there is None:
            yield None
        else:
            row, label, scope = there
            yield passage_in(session, scope, row, label, chosen.ordinals(), chosen.comment)


def _note(
    caller: Caller,
    action: str,
    passages: list[DossierPassage | None],
    label: Label | None = None,
    secret: str = "",
) -> None:
    """Write to the trail which documents are shown, before any is."""
    read = [each for each in passages if each]
    detail: dict[str, str | int] = {"total": len(read), "asked": len(passages)}
    if label is not None:
        detail["label"] = label.rule.as_text()
    shown = tuple(dict.fromkeys(each.row.id for each in read))
    decision = "allowed" if read or not passages else "refused"
    caller.components.trail.record(replace(caller.event(action, "", decision, detail), secret=secret, shown=shown))
