"""Indexes a document, in its own language and again with its translation. Refuses one that is not published."""

from __future__ import annotations

from indexer.library.states import State
from indexer.library.tables import DocumentRow
from indexer.pipeline import index_sync
from indexer.pipeline.index_sync import IndexWrite
from indexer.pipeline.stages.stage import Change, Progress, Stage


class Index(Stage):
    """Puts the document into the index, if it is published."""

    name = "index"

    def work(self, document_id: str, progress: Progress) -> Change:
        """See Stage. Raises EngineError."""
        write = index_sync.plan_entry(self._context.database, self._context.engine(), document_id)
        index_sync.send(self._context.engine(), [write])
        return lambda _, row: _indexed(row, write)


def _indexed(row: DocumentRow, write: IndexWrite) -> None:
    row.state = State.TRANSLATED if row.state is State.TRANSLATING else State.INDEXED
    index_sync.confirm(row, write.version, write.rule)
