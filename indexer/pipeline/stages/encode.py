"""Makes vectors of a document's passages, a few at a time. Refuses to keep others waiting: it goes on when all is done.

What was made is kept at once, so that whoever comes after goes on with the next passages.
"""

from __future__ import annotations

from secrets import randbelow
from typing import Final

from sqlalchemy import and_, delete, func, select
from sqlalchemy.orm import Session

from indexer.library import documents
from indexer.library.states import State
from indexer.library.tables import DocumentRow, PassageRow
from indexer.meaning.contract import Encoder
from indexer.meaning.tables import PassageVectorRow
from indexer.meaning.texts import language_of, text_of
from indexer.meaning.vectors import whole
from indexer.pipeline.stages.stage import Change, Progress, Queue, Stage

AT_ONCE: Final = 32  # passages, until others get their turn
STATES: Final = (State.INDEXED, State.TRANSLATED)
CHANCES: Final = 2**32  # of a document's number: a sum of two thousand million of them is a whole number of 64 bits


class Encode(Stage):
    """Makes the vectors of the passages that lack one by the encoder there is."""

    name = "encode"

    def queues(self) -> tuple[Queue, ...]:
        """Those without vectors by this encoder, the newest first; none without an encoder."""
        encoder, made_by = self._context.encoder, DocumentRow.encoded
        if encoder is None:
            return ()
        waiting = (made_by == "", and_(made_by > "", made_by < encoder.name), made_by > encoder.name)
        order = (made_by.desc(), DocumentRow.taken_at.desc())
        return tuple(Queue(and_(DocumentRow.state.in_(STATES), which), order) for which in waiting)

    def work(self, document_id: str, progress: Progress) -> Change:
        """See Stage."""
        encoder = self._context.encoder
        if encoder is None:  # its queue is empty then
            return _nothing
        with self._context.database.reading() as session:
            lacking = _lacking(session, document_id, encoder)
            passages = documents.some_passages(session, document_id, lacking[:AT_ONCE])
            number = select(func.count()).where(PassageRow.document == document_id)
            total = session.scalar(number) or 0
        rows = []
        for done, passage in enumerate(passages, total - len(lacking)):
            progress(done, total)
            vector = whole(encoder.encode(text_of(passage)))  # by itself: a product's last bits tell of its neighbours
            rows.append(
                PassageVectorRow(
                    document=document_id,
                    ordinal=passage.ordinal,
                    encoder=encoder.name,
                    language=language_of(passage),
                    scale=vector.scale,
                    numbers=vector.numbers.tobytes(),
                )
            )
        all_made = len(lacking) <= AT_ONCE or not rows
        return lambda session, row: _keep(session, row, rows, encoder.name if all_made else "")

    def failure(self, code: str, message: str) -> Change:
        """It is found by its words alone, and is not tried again by this encoder."""
        name = self._context.encoder.name if self._context.encoder else ""

        def change(_: Session, row: DocumentRow) -> None:
            row.encoded = name

        return change


def waiting(session: Session, encoder: Encoder) -> int:
    """How many documents wait for vectors of all their passages."""
    theirs = DocumentRow.state.in_(STATES), DocumentRow.encoded != encoder.name
    return session.scalar(select(func.count()).select_from(DocumentRow).where(*theirs)) or 0


def _lacking(session: Session, document_id: str, encoder: Encoder) -> list[int]:
    """The passages of a document without a vector by this encoder, in order."""
    made = select(PassageVectorRow.ordinal).where(
        PassageVectorRow.document == document_id, PassageVectorRow.encoder == encoder.name
    )
    query = select(PassageRow.ordinal).where(PassageRow.document == document_id, PassageRow.ordinal.not_in(made))
    return list(session.scalars(query.order_by(PassageRow.ordinal)))


def _keep(session: Session, row: DocumentRow, rows: list[PassageVectorRow], encoded: str) -> None:
    """Keep vectors in place of those of the same passages; `encoded`: the encoder, once none is lacking."""
    those = PassageVectorRow.document == row.id, PassageVectorRow.ordinal.in_([each.ordinal for each in rows])
    session.execute(delete(PassageVectorRow).where(*those))
    session.add_all(rows)
    row.vectors, row.encoded = 1 + randbelow(CHANCES), encoded or row.encoded


def _nothing(_: Session, row: DocumentRow) -> None:
    """Nothing changes."""
