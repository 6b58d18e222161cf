"""The tables of people's translations: work on sentences, its history, drafts, requests and assignments.

A sentence of a document is known by its text, as in `TranslationRow`, so that work outlives a new reading of the PDF.
"""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, Text
from sqlalchemy.orm import Mapped, mapped_column

from auth.database import Base, Moment, now
from indexer.text import TranslationOrigin


class WorkState(StrEnum):
    """How far a sentence has come in people's hands."""

    MACHINE = "machine"  # no person has touched it
    EDITED = "edited"  # a translator has saved a text
    SUBMITTED = "submitted"  # a reviewer is to look at it
    APPROVED = "approved"  # readers see it, and searches find it


class ActKind(StrEnum):
    """What somebody did to a sentence."""

    SAVED = "saved"
    SUBMITTED = "submitted"
    APPROVED = "approved"
    REJECTED = "rejected"
    WAIVED = "waived"
    COMMENTED = "commented"


class SegmentWorkRow(Base):
    """A sentence that people work on, or that somebody has open: then with `version` 0.

    `text` is that of the last `version`; `acts` counts its history. `origin` is what it is called when it is approved:
    reviewed where a machine's text stood there before the first version, else human. `machine_digest` is that of the
    machine's text when the last version was saved, "" for none. `source_text` stays where the document's text changes.
    """

    __tablename__ = "segment_work"
    __table_args__ = (Index("segment_work_state", "state", "changed_at"),)

    document: Mapped[str] = mapped_column(ForeignKey("documents.id", ondelete="CASCADE"), primary_key=True)
    source_digest: Mapped[str] = mapped_column(Text, primary_key=True)
    source: Mapped[str] = mapped_column(Text, primary_key=True)
    source_text: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(Text, default=WorkState.MACHINE)
    version: Mapped[int] = mapped_column(default=0)
    acts: Mapped[int] = mapped_column(default=0)
    text: Mapped[str] = mapped_column(Text, default="")
    origin: Mapped[TranslationOrigin] = mapped_column(Text, default="human")
    machine_digest: Mapped[str] = mapped_column(Text, default="")
    changed_at: Mapped[datetime] = mapped_column(Moment, default=now)
    editor: Mapped[str] = mapped_column(Text, default="")
    editor_until: Mapped[datetime | None] = mapped_column(Moment, default=None)


class SegmentActRow(Base):
    """Something that a person did to a sentence: nothing of this is ever changed.

    `version` is that of the text it is about; `text` is there where it was saved, `note` says why or remarks.
    `code` and `about` name the finding that was waived.
    """

    __tablename__ = "segment_acts"

    document: Mapped[str] = mapped_column(ForeignKey("documents.id", ondelete="CASCADE"), primary_key=True)
    source_digest: Mapped[str] = mapped_column(Text, primary_key=True)
    source: Mapped[str] = mapped_column(Text, primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(Text)
    version: Mapped[int]
    text: Mapped[str] = mapped_column(Text, default="")
    note: Mapped[str] = mapped_column(Text, default="")
    code: Mapped[str] = mapped_column(Text, default="")
    about: Mapped[str] = mapped_column(Text, default="")
    by: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(Moment, default=now)


class SegmentDraftRow(Base):
    """What a person was typing when it was last kept for them, and the version that they saw."""

    __tablename__ = "segment_drafts"

    document: Mapped[str] = mapped_column(ForeignKey("documents.id", ondelete="CASCADE"), primary_key=True)
    source_digest: Mapped[str] = mapped_column(Text, primary_key=True)
    source: Mapped[str] = mapped_column(Text, primary_key=True)
    by: Mapped[str] = mapped_column(Text, primary_key=True)
    version: Mapped[int]
    text: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(Moment, default=now)


class TranslationRequestRow(Base):
    """Somebody asks for a sentence to be translated by a person."""

    __tablename__ = "translation_requests"

    document: Mapped[str] = mapped_column(ForeignKey("documents.id", ondelete="CASCADE"), primary_key=True)
    source_digest: Mapped[str] = mapped_column(Text, primary_key=True)
    source: Mapped[str] = mapped_column(Text, primary_key=True)
    by: Mapped[str] = mapped_column(Text, primary_key=True)
    note: Mapped[str] = mapped_column(Text, default="")
    at: Mapped[datetime] = mapped_column(Moment, default=now)


class AssignmentRow(Base):
    """Who is to translate a document, and by when; one of them may be left open."""

    __tablename__ = "assignments"

    document: Mapped[str] = mapped_column(ForeignKey("documents.id", ondelete="CASCADE"), primary_key=True)
    assignee: Mapped[str] = mapped_column(Text, default="")
    deadline: Mapped[date | None] = mapped_column(default=None)
    by: Mapped[str] = mapped_column(Text)


class ReachRow(Base):
    """What some people may read or might once: agency and grants, as text. `digest` is of that."""

    __tablename__ = "reaches"

    digest: Mapped[str] = mapped_column(Text, primary_key=True)
    reach: Mapped[str] = mapped_column(Text)


class OpeningRow(Base):
    """Somebody of a reach opened a document, or was shown some of its text; first on that day.

    `reader` is a mark of theirs that is another for each document.
    """

    __tablename__ = "openings"
    __table_args__ = (Index("openings_day", "day"), {"sqlite_with_rowid": False})

    document: Mapped[str] = mapped_column(ForeignKey("documents.id", ondelete="CASCADE"), primary_key=True)
    reach: Mapped[str] = mapped_column(ForeignKey("reaches.digest"), primary_key=True)
    reader: Mapped[str] = mapped_column(Text, primary_key=True)
    day: Mapped[date]
