"""Makes the index anew from the database while searching goes on. Refuses to let one answer that differs from it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Final

from sqlalchemy import select

from auth.database import Database, now
from indexer.engine.contract import Engine, EngineError
from indexer.library.documents import are_published
from indexer.library.states import IN_THE_INDEX, SEARCHABLE
from indexer.library.tables import DocumentRow
from indexer.pipeline.index_record import record_of
from indexer.pipeline.index_sync import sync_documents

PAGES: Final = 200  # of documents that are put at once, their rows locked
ROUNDS: Final = 5  # of comparing, while documents come and go

Progress = Callable[[int, int], None]  # documents done, documents in all


def reindex(database: Database, engine: Engine, progress: Progress) -> None:
    """Bring the index to what the database says. Safe to interrupt and to repeat. Raises EngineError."""
    with engine.renewal() as fresh_engine:
        document_ids = sorted(searchable(database))
        done = 0
        for batch in _batches(database, document_ids):
            progress(done, len(document_ids))
            _put(database, fresh_engine, batch)
            done += len(batch)
        _settle(database, fresh_engine)
        progress(len(document_ids), len(document_ids))


def _settle(database: Database, engine: Engine) -> None:
    """Put and remove what differs from the database until nothing does."""
    for _ in range(ROUNDS):
        differing, gone = _differences(database, engine)
        if not differing and not gone:
            return
        _put(database, engine, differing)
        engine.remove(gone)
    raise EngineError("The index still differs from the database. Run `tolmach engine reindex` again.")


def mend(database: Database, engine: Engine) -> int:
    """Put right what somebody changed in the index behind our back; how many documents it was. Raises EngineError."""
    differing, gone = _differences(database, engine)
    sync_documents(database, engine, [*differing, *gone])
    return len(differing) + len(gone)


def _differences(database: Database, engine: Engine) -> tuple[list[str], list[str]]:
    """The documents that the index must hold and does not, or under another rule; and those that it must not hold."""
    rules, holdings = searchable(database), engine.holdings()
    differing = [document_id for document_id, rule in rules.items() if holdings.get(document_id) != rule]
    return differing, sorted(set(holdings) - _indexed(database))


def _put(database: Database, engine: Engine, document_ids: Sequence[str]) -> None:
    """Put documents as they are now: whoever would change one waits, so that nothing older overwrites the newer."""
    query = select(DocumentRow).where(DocumentRow.id.in_(document_ids), DocumentRow.state.in_(SEARCHABLE))
    query = query.where(are_published(now()))
    with database.session() as session:
        rows = session.scalars(query.order_by(DocumentRow.id).with_for_update()).all()
        engine.put([record_of(session, row) for row in rows])


def _batches(database: Database, document_ids: Sequence[str]) -> Iterator[list[str]]:
    """The documents in order, in runs of few pages."""
    with database.reading() as session:
        pages = {row[0]: row[1] for row in session.execute(select(DocumentRow.id, DocumentRow.pages))}
    batch: list[str] = []
    size = 0
    for document_id in document_ids:
        batch.append(document_id)
        size += pages.get(document_id, 0) + 1
        if size >= PAGES:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def searchable(database: Database) -> dict[str, str]:
    """The rule of every document that must be in the index now."""
    with database.reading() as session:
        query = select(DocumentRow.id, DocumentRow.rule).where(DocumentRow.state.in_(SEARCHABLE))
        rows = session.execute(query.where(are_published(now())))
        return {row[0]: row[1] for row in rows}


def _indexed(database: Database) -> set[str]:
    """What may be in the index now: what a worker may have put there meanwhile included."""
    with database.reading() as session:
        query = select(DocumentRow.id).where(DocumentRow.state.in_(IN_THE_INDEX))
        return set(session.scalars(query.where(are_published(now()))))
