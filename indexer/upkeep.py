"""Takes a document out, or sends it through the pipeline again. Refuses one that is outside the scope as absent."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from auth.audit import Event, Trail
from auth.database import Database
from auth.policy import Scope
from indexer import documents
from indexer.documents import QUARANTINED, REMOVING
from indexer.engine.contract import Engine
from indexer.tables import DocumentRow


class AbsentError(LookupError):
    """No document of that identifier is inside the scope."""


def remove(database: Database, engine: Engine, trail: Trail, scope: Scope, document_id: str, event: Event) -> None:
    """Remove a document: no search that begins afterwards shows it. A worker deletes the rest.

    Raises AbsentError, EngineError; when it raises, nothing has changed or the worker will finish it.
    """
    with database.session() as session:
        row = _inside(session, scope, document_id)
        row.state, row.sha256 = REMOVING, f"removed {document_id}"  # the same file may be brought again at once
        trail.record(event)
    engine.remove([document_id])


def retry(database: Database, trail: Trail, scope: Scope, document_id: str, event: Event) -> bool:
    """Send a document that failed through the stage or the pipeline again; whether it was one. Raises AbsentError."""
    with database.session() as session:
        row = _inside(session, scope, document_id)
        trail.record(event)
        if row.state == QUARANTINED and row.stage != "intake":
            row.state, row.stage, row.code, row.message, row.broken_leases = "received", "", "", "", 0
        elif row.code == "translation_failed":
            row.models_tried, row.stage, row.code, row.message = "", "", "", ""
        else:
            return False
    return True


def _inside(session: Session, scope: Scope, document_id: str) -> DocumentRow:
    session.execute(select(DocumentRow).where(DocumentRow.id == document_id).with_for_update())
    row = documents.get(session, scope, document_id)
    if row is None:
        raise AbsentError(document_id)
    return row
