"""The tables of the termbase: imported vocabularies, concepts, their words, and what became of each concept."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from sqlalchemy import ForeignKey, Index, Text
from sqlalchemy.orm import Mapped, mapped_column

from auth.database import Base, Moment, new_id, now

_BY_CHARACTER: Final = Text().with_variant(Text(collation="C"), "postgresql")  # ordered as Python orders


class VocabularyRow(Base):
    """A file of terms or of a dictionary that was imported, under one label.

    `kind` is terms or dictionary; `refusals` JSON of the first entries that were not taken: `[[place, reason], …]`.
    Until it is `whole`, nothing of it is seen.
    """

    __tablename__ = "vocabularies"

    id: Mapped[str] = mapped_column(Text, primary_key=True, default=new_id)
    kind: Mapped[str] = mapped_column(Text)
    name: Mapped[str] = mapped_column(Text)
    licence: Mapped[str] = mapped_column(Text)
    form: Mapped[str] = mapped_column(Text)
    rule: Mapped[str] = mapped_column(ForeignKey("reading_rules.digest"), index=True)
    originators: Mapped[str] = mapped_column(Text)
    taken_at: Mapped[datetime] = mapped_column(Moment, default=now)
    taken_by: Mapped[str] = mapped_column(Text)
    entries: Mapped[int] = mapped_column(default=0)
    refused: Mapped[int] = mapped_column(default=0)
    refusals: Mapped[str] = mapped_column(Text, default="[]")
    whole: Mapped[bool] = mapped_column(default=False)


class ConceptRow(Base):
    """A concept: a term of the termbase, or an entry of a dictionary.

    `state` is importing, proposed, approved, rejected, withdrawn or replaced: readers see the approved ones.
    `replaces` is the concept in whose place it is proposed, or "". `heading` is what lists are ordered by.
    """

    __tablename__ = "concepts"
    __table_args__ = (Index("concepts_listed", "kind", "state", "heading"),)

    id: Mapped[str] = mapped_column(Text, primary_key=True, default=new_id)
    kind: Mapped[str] = mapped_column(Text)
    vocabulary: Mapped[str | None] = mapped_column(ForeignKey("vocabularies.id", ondelete="CASCADE"), index=True)
    rule: Mapped[str] = mapped_column(ForeignKey("reading_rules.digest"), index=True)
    originators: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(Text)
    heading: Mapped[str] = mapped_column(_BY_CHARACTER)
    domain: Mapped[str] = mapped_column(Text, default="")
    part_of_speech: Mapped[str] = mapped_column(Text, default="")
    source: Mapped[str] = mapped_column(Text, default="")
    note: Mapped[str] = mapped_column(Text, default="")
    replaces: Mapped[str] = mapped_column(Text, default="")
    proposed_by: Mapped[str] = mapped_column(Text, default="", index=True)


class ConceptWordRow(Base):
    """A word of a concept. `sense` is its rank, from 1; the rest is how it is found in a text: see `runs`."""

    __tablename__ = "concept_words"
    __table_args__ = (Index("concept_words_found", "anchor", "language"),)

    concept: Mapped[str] = mapped_column(ForeignKey("concepts.id", ondelete="CASCADE"), primary_key=True)
    place: Mapped[int] = mapped_column(primary_key=True)
    language: Mapped[str] = mapped_column(Text)
    text: Mapped[str] = mapped_column(Text)
    status: Mapped[str] = mapped_column(Text)
    sense: Mapped[int]
    anchor: Mapped[str] = mapped_column(Text)
    exact: Mapped[str] = mapped_column(Text)
    pattern: Mapped[str] = mapped_column(Text)


class ConceptEventRow(Base):
    """Something that was done to a concept of the termbase, by whom (a user name), when and why."""

    __tablename__ = "concept_events"

    concept: Mapped[str] = mapped_column(ForeignKey("concepts.id", ondelete="CASCADE"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    act: Mapped[str] = mapped_column(Text)
    by: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(Moment, default=now)
    reason: Mapped[str] = mapped_column(Text)
