"""Finds a document to be handled, or sends it through the pipeline again. Refuses one outside the scope as absent."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy.orm import Session

from auth.audit.entries import Event
from auth.audit.trail import Trail
from auth.database import Database
from auth.errors import ErrorKind, TolmachError
from auth.policy import Scope
from indexer.library import documents
from indexer.library.states import State
from indexer.library.tables import DocumentRow
from indexer.pipeline import index_sync


class AbsentError(TolmachError, LookupError):
    """No document of that identifier is inside the scope."""

    kind = ErrorKind.ABSENT
    code = "no_document"
    sentence = "There is no such document, or you may not read it."
    operator_sentence = "There is no such document."


class HeldError(TolmachError):
    """A legal hold forbids removing the document."""

    kind = ErrorKind.CONFLICT
    code = "legal_hold"
    sentence = "A legal hold forbids removing this document. Lift the hold first, with a reason."
    operator_sentence = "A legal hold forbids removing this document. Lift it first: tolmach hold DOCUMENT_ID --release"


class NotDueError(TolmachError):
    """The paper is to be kept for longer, or no schedule says for how long."""

    kind = ErrorKind.CONFLICT
    code = "not_due"
    sentence = "This document is not due: it is to be kept for longer, or for good."


def retry(database: Database, trail: Trail, scope: Scope, document_id: str, event: Event) -> bool:
    """Send a document that failed through the stage or the pipeline again; whether it was one. Raises AbsentError."""
    with database.session() as session:
        row = inside(session, scope, document_id)
        trail.record(_labelled(session, row, event))
        if row.state is State.QUARANTINED and row.stage != "intake":
            row.state, row.stage, row.code, row.message, row.broken_leases = State.RECEIVED, "", "", "", 0
        elif row.code == "translation_failed":
            row.models_tried, row.stage, row.code, row.message = "", "", "", ""
        else:
            return False
    return True


def read_again(row: DocumentRow) -> None:
    """Have a locked document read from its file before anybody finds it again; a worker that has it starts anew."""
    if row.state is not State.RECEIVED:
        row.state = State.RECEIVED
    row.stage, row.code, row.message, row.broken_leases = "", "", "", 0
    if row.indexed_rule:
        index_sync.due_now(row)


def inside(session: Session, scope: Scope, document_id: str) -> DocumentRow:
    """A document inside the scope, as it is now, locked until the transaction ends. Raises AbsentError."""
    index_sync.locked(session, document_id)
    row = documents.get(session, scope, document_id)
    if row is None:
        raise AbsentError(document_id)
    return row


def _labelled(session: Session, row: DocumentRow, event: Event) -> Event:
    return replace(event, detail={**event.detail, "label": documents.label_of(session, row).rule.as_text()})
