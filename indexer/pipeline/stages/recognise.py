"""Recognises pages that are pictures, a few at a time. Refuses to keep others waiting: it goes on when nothing else is.

What was recognised of a page is kept at once, so that whoever comes after goes on with the next. When all are done the
document is read again with them, and indexed anew; until then it is found by what it holds without them.
"""

from __future__ import annotations

from typing import Final

from sqlalchemy import and_
from sqlalchemy.orm import Session

from indexer.extract.answers import RecognisedPage
from indexer.extract.pages import ExtractError
from indexer.library import recognised
from indexer.library.states import State
from indexer.library.tables import DocumentRow
from indexer.pipeline import index_sync, pauses
from indexer.pipeline.stages.extract import UNREAD, keeping, read
from indexer.pipeline.stages.stage import Change, Progress, Queue, ReaderDiedError, Stage, StageFailedError

AT_ONCE: Final = 8  # pages, until others get their turn
STATES: Final = (State.INDEXED, State.TRANSLATED, State.QUARANTINED)
NOTHING: Final = RecognisedPage(0, ())  # of a page over which the recogniser failed: it stays unread


class Recognise(Stage):
    """Recognises the pages of a document whose own text cannot be trusted."""

    name = "recognise"

    def queues(self) -> tuple[Queue, ...]:
        """Those that wait, unless nothing can be recognised here, or it is paused."""
        if self._context.recogniser.missing():
            return ()
        waiting = and_(DocumentRow.recognise == recognised.WAITING, pauses.goes_on(pauses.RECOGNITION))
        return (Queue(and_(waiting, DocumentRow.state.in_(STATES)), (DocumentRow.taken_at,)),)

    def work(self, document_id: str, progress: Progress) -> Change:
        """See Stage. Raises StoreError."""
        try:
            self._context.recogniser.check()
            reading = read(self._context, document_id, progress, unread=True)
            for done, number in enumerate(reading.waiting[:AT_ONCE], len(reading.known)):
                if self._is_paused():
                    return _still_waits
                progress(done, len(reading.known) + len(reading.waiting))
                self._recognise(document_id, number)
            if len(reading.waiting) > AT_ONCE:
                return _still_waits
            return keeping(self._context, read(self._context, document_id, progress, unread=True))
        except ExtractError as problem:
            if problem.code == "reader_crashed":
                raise ReaderDiedError from problem
            raise StageFailedError(problem.code, problem.message) from problem

    def _is_paused(self) -> bool:
        with self._context.database.reading() as session:
            return pauses.holds(session, pauses.RECOGNITION)

    def _recognise(self, document_id: str, number: int) -> None:
        """Recognise a page and keep it; one over which the recogniser fails has nothing to be trusted."""
        with self._context.store.open(document_id) as file:
            try:
                page = self._context.recogniser.page(file, number)
            except ExtractError:
                page = NOTHING
        with self._context.database.session() as session:
            if index_sync.locked(session, document_id) is not None:
                recognised.keep(session, document_id, number, page)

    def failure(self, code: str, message: str) -> Change:
        """It stays as it was, and is not tried again; one of which nothing could be read says why."""

        def change(_: Session, row: DocumentRow) -> None:
            row.recognise = recognised.DONE
            if row.state is State.QUARANTINED and row.code in UNREAD:
                row.code, row.message = code, message

        return change


def _still_waits(_: Session, row: DocumentRow) -> None:
    """Whoever takes it next goes on."""
