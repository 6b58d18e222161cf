"""Takes a document out, holds it, or sends it through the pipeline again. Refuses one outside the scope as absent."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy.orm import Session

from auth.audit.trail import Event, Trail
from auth.database import Database
from auth.errors import ErrorKind, TolmachError
from auth.policy import Scope
from indexer.engine.contract import Engine
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


def remove(database: Database, engine: Engine, trail: Trail, scope: Scope, document_id: str, event: Event) -> None:
    """Remove a document: no search that begins afterwards shows it. A worker deletes the rest.

    Raises AbsentError, HeldError, EngineError; when it raises, nothing has changed or the worker will finish it.
    """
    with database.session() as session:
        row = _inside(session, scope, document_id)
        if row.legal_hold:
            raise HeldError
        trail.record(_labelled(session, row, event))
        row.state, row.sha256 = State.REMOVING, f"removed {document_id}"  # the same file may be brought again at once
        index_sync.due_now(row)
    index_sync.sync_documents(database, engine, [document_id])


def hold(database: Database, trail: Trail, scope: Scope, document_id: str, on_hold: bool, event: Event) -> None:
    """Forbid removing a document, or no longer. Raises AbsentError."""
    with database.session() as session:
        row = _inside(session, scope, document_id)
        row.legal_hold = on_hold
        trail.record(_labelled(session, row, event))


def retry(database: Database, trail: Trail, scope: Scope, document_id: str, event: Event) -> bool:
    """Send a document that failed through the stage or the pipeline again; whether it was one. Raises AbsentError."""
    with database.session() as session:
        row = _inside(session, scope, document_id)
        trail.record(_labelled(session, row, event))
        if row.state is State.QUARANTINED and row.stage != "intake":
            row.state, row.stage, row.code, row.message, row.broken_leases = State.RECEIVED, "", "", "", 0
        elif row.code == "translation_failed":
            row.models_tried, row.stage, row.code, row.message = "", "", "", ""
        else:
            return False
    return True


def _inside(session: Session, scope: Scope, document_id: str) -> DocumentRow:
    index_sync.locked(session, document_id)
    row = documents.get(session, scope, document_id)
    if row is None:
        raise AbsentError(document_id)
    return row


def _labelled(session: Session, row: DocumentRow, event: Event) -> Event:
    return replace(event, detail={**event.detail, "label": documents.label_of(session, row).rule.as_text()})
