"""Indexes a document, in its own language and again with its translation. Refuses one that is not published."""

from __future__ import annotations

from auth.database import now
from indexer.library.documents import times_of
from indexer.library.states import State
from indexer.library.tables import DocumentRow
from indexer.pipeline import index_sync
from indexer.pipeline.index_record import record_of
from indexer.pipeline.stages.stage import Change, Progress, Stage


class Index(Stage):
    """Puts the document into the index, if it is published."""

    def work(self, document_id: str, progress: Progress) -> Change:
        """See Stage. Raises EngineError."""
        with self._context.database.reading() as session:
            row = session.get(DocumentRow, document_id)
            published = row is not None and times_of(row).published(now())
            record = record_of(session, row) if row is not None and published else None
        if record is not None:
            self._context.engine.put([record])
        else:
            self._context.engine.remove([document_id])
        return lambda _, row: _indexed(row, record.rule if record else "")


def _indexed(row: DocumentRow, indexed_rule: str) -> None:
    row.state = State.TRANSLATED if row.state is State.TRANSLATING else State.INDEXED
    index_sync.schedule(row, indexed_rule)
