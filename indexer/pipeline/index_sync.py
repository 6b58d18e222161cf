"""Keeps the index in step with the database: who may see a document, and when. Refuses to leave a due change undone.

Whatever changes a document's label, times or being there says in the same transaction when the index is due; the due
changes that a search touches are made before it is answered, and a worker makes all others.
"""

from __future__ import annotations

import time
from collections.abc import Iterable
from datetime import timedelta
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from auth.database import Database, locking, now
from auth.policy import Scope
from indexer.engine.contract import Engine, EngineUnavailableError, NotPermittedError
from indexer.library.documents import times_of
from indexer.library.states import SEARCHABLE, State
from indexer.library.tables import DocumentRow
from indexer.pipeline.index_record import record_of

PATIENCE: Final = timedelta(seconds=30)  # of a process that may not write to the index, for a worker that may


def schedule(row: DocumentRow, held: str) -> None:
    """Say what the index holds the document under, "" for not at all, and when that must change."""
    at = now()
    row.indexed_rule = held
    row.due_at = times_of(row).next_change(at) if held == wanted_rule(row) else at


def wanted_rule(row: DocumentRow) -> str:
    """The rule under which the index must hold the document now, or "" for not at all."""
    return row.rule if row.state in SEARCHABLE and times_of(row).published(now()) else ""


def due_now(row: DocumentRow) -> None:
    """Say that the index must be brought in line at once."""
    row.due_at = now()


def apply_due_index_changes(database: Database, engine: Engine, scope: Scope | None = None) -> bool:
    """Make the due changes that a search in this scope touches, or all; whether there were any. Raises EngineError."""
    with database.reading() as session:
        query = select(DocumentRow.id, DocumentRow.rule, DocumentRow.indexed_rule).where(DocumentRow.due_at <= now())
        due = [
            document_id
            for document_id, rule, held in session.execute(query)
            if scope is None or scope.covers(rule) or scope.covers(held)
        ]
    sync_documents(database, engine, due)
    return bool(due)


def sync_documents(database: Database, engine: Engine, document_ids: Iterable[str]) -> None:
    """Make the index hold these documents as the database has them now, or not at all. Raises EngineError."""
    for document_id in document_ids:
        try:
            while not _brought(database, engine, document_id):
                pass
        except NotPermittedError:
            _wait_for_a_worker(database, document_id)


def _brought(database: Database, engine: Engine, document_id: str) -> bool:
    """Write a document to the index; whether the database still says the same afterwards."""
    with database.reading() as session:
        row = session.get(DocumentRow, document_id)
        before = _aspect(row)
        record = record_of(session, row) if row is not None and wanted_rule(row) else None
    if record is not None:
        engine.put([record])
    else:
        engine.remove([document_id])
    with database.session() as session:
        row = locked(session, document_id)
        if row is None or _aspect(row) != before:
            return row is None and before is None
        being_indexed = row.state is State.EXTRACTED  # a worker may put it there at any moment
        schedule(row, row.rule if record is not None or being_indexed else "")
        if being_indexed:
            row.due_at = None  # that worker looks again when it is done
    return True


def locked(session: Session, document_id: str) -> DocumentRow | None:
    """A document, held until the transaction ends; None if there is none."""
    return session.scalar(locking(select(DocumentRow).where(DocumentRow.id == document_id)))


def _aspect(row: DocumentRow | None) -> tuple[State, str] | None:
    return (row.state, wanted_rule(row)) if row is not None else None


def _wait_for_a_worker(database: Database, document_id: str) -> None:
    deadline = now() + PATIENCE
    while now() < deadline:
        with database.reading() as session:
            row = session.get(DocumentRow, document_id)
            if row is None or row.due_at is None or row.due_at > now():
                return
        time.sleep(0.1)
    raise EngineUnavailableError("No worker has brought the index in line yet.")
