"""Removes a document: its file, and what is kept of it in the index and the database. Never gives up."""

from __future__ import annotations

from sqlalchemy import and_
from sqlalchemy.orm import Session

from auth.database import now
from indexer.library.tables import DocumentRow, RemovedDocumentRow
from indexer.pipeline import index_sync
from indexer.pipeline.stages.stage import Change, Progress, Queue, Stage


class Remove(Stage):
    """Takes the document out of the index and the store, once it can no longer be brought back."""

    name = "remove"
    gives_up = False

    def queues(self) -> tuple[Queue, ...]:
        """Those whose time is over; a legal hold keeps them for longer."""
        free = DocumentRow.legal_hold.is_(False)
        over = and_(DocumentRow.state == self._state, DocumentRow.deletes_at <= now(), free)
        return (Queue(over, (DocumentRow.deletes_at,)),)

    def work(self, document_id: str, progress: Progress) -> Change:
        """See Stage. Raises EngineError."""
        index_sync.sync_documents(self._context.database, self._context.engine(), [document_id])
        self._context.store.remove(document_id)
        return self._forget

    def _forget(self, session: Session, row: DocumentRow) -> None:
        """Delete a document, but for its version: what was written of it before must never reach the index again."""
        session.merge(RemovedDocumentRow(id=row.id, version=row.version))
        session.delete(row)
        self._context.deleted(session, row.id)
