"""Makes the index anew from the database while searching goes on: puts every document again, removes what is gone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from sqlalchemy import select

from auth.database import Database
from indexer.engine.contract import Engine
from indexer.stages import record_of
from indexer.tables import DocumentRow

INDEXED: Final = ("indexed", "translating", "translated")

Progress = Callable[[int, int], None]  # documents done, documents in all


def reindex(database: Database, engine: Engine, progress: Progress) -> None:
    """Bring the index to what the database says. Safe to interrupt and to repeat. Raises EngineError."""
    with database.reading() as session:
        wanted = list(session.scalars(select(DocumentRow.id).where(DocumentRow.state.in_(INDEXED))))
    for done, document_id in enumerate(wanted):
        progress(done, len(wanted))
        _put(database, engine, document_id)
    gone = set(engine.holdings()) - _indexed(database)
    if gone:
        engine.remove(sorted(gone))
    progress(len(wanted), len(wanted))


def _put(database: Database, engine: Engine, document_id: str) -> None:
    with database.reading() as session:
        row = session.get(DocumentRow, document_id)
        if row is not None and row.state in INDEXED:
            engine.put([record_of(session, row)])


def _indexed(database: Database) -> set[str]:
    """What may be in the index now: what a worker may have put there meanwhile included."""
    with database.reading() as session:
        return set(session.scalars(select(DocumentRow.id).where(DocumentRow.state.in_((*INDEXED, "extracted")))))
