"""The tables of what is learned of words out of the memory, and what tells that it must be learned anew.

What was learned lies beside the document whose entries taught it: it goes with them, and is read only with it.
"""

from __future__ import annotations

from sqlalchemy import ForeignKey, ForeignKeyConstraint, Text, delete
from sqlalchemy.orm import Mapped, Session, mapped_column

from auth.database import Base, new_id


class LearnedSourceRow(Base):
    """The entries of a document that came of one pair, or of none (""): what is learned from them is one.

    `state` is another after each change of them. `learned` is the version of the learning that its words are of, ""
    while a worker has not been there since the last change.
    """

    __tablename__ = "learned_sources"

    document: Mapped[str] = mapped_column(ForeignKey("documents.id", ondelete="CASCADE"), primary_key=True)
    pair: Mapped[str] = mapped_column(Text, primary_key=True)
    state: Mapped[str] = mapped_column(Text, default=new_id)
    learned: Mapped[str] = mapped_column(Text, default="", index=True)


class LearnedWordRow(Base):
    """Two words, by their stems, that stand for each other in the sentences of a source, and how they are shown.

    `times` is the expected count of sentences in which they do, in hundredths: whole numbers, so that a sum of them is
    the same in any order.
    """

    __tablename__ = "learned_words"
    __table_args__ = (
        ForeignKeyConstraint(
            ["document", "pair"], ["learned_sources.document", "learned_sources.pair"], ondelete="CASCADE"
        ),
    )

    document: Mapped[str] = mapped_column(Text, primary_key=True)
    pair: Mapped[str] = mapped_column(Text, primary_key=True)
    english: Mapped[str] = mapped_column(Text, primary_key=True, index=True)
    russian: Mapped[str] = mapped_column(Text, primary_key=True, index=True)
    english_text: Mapped[str] = mapped_column(Text)
    russian_text: Mapped[str] = mapped_column(Text)
    times: Mapped[int]


def learn_anew(session: Session, document_id: str, pair_id: str) -> None:
    """Let a worker learn from entries that have grown; what it learned before is true of them still."""
    session.merge(LearnedSourceRow(document=document_id, pair=pair_id, state=new_id(), learned=""))


def unlearn(session: Session, document_id: str, pair_id: str) -> None:
    """Drop what was learned from entries some of which are gone, and let a worker learn from the rest."""
    of_it = (LearnedSourceRow.document == document_id, LearnedSourceRow.pair == pair_id)
    session.execute(delete(LearnedSourceRow).where(*of_it))
    learn_anew(session, document_id, pair_id)


def unlearn_pair(session: Session, pair_id: str) -> None:
    """Drop what was learned from all that a pair lent."""
    session.execute(delete(LearnedSourceRow).where(LearnedSourceRow.pair == pair_id))
