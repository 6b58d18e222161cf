"""Removes a document: its file, and what is kept of it in the index and the database. Never gives up."""

from __future__ import annotations

from indexer.pipeline.stages.stage import Change, Progress, Stage


class Remove(Stage):
    """Takes the document out of the index and the store."""

    gives_up = False

    def work(self, document_id: str, progress: Progress) -> Change:
        """See Stage. Raises EngineError."""
        self._context.engine.remove([document_id])
        self._context.store.remove(document_id)
        return lambda session, row: session.delete(row)
