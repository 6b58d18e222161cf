"""The tables of what was taken in: meetings, documents, their pages, segments and passages."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import BigInteger, ForeignKey, Index, Text, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column

from auth.database import Base, Moment, new_id, now


class MeetingRow(Base):
    """A meeting. Exists for a person only through documents in their scope. Lists are separated by commas."""

    __tablename__ = "meetings"

    code: Mapped[str] = mapped_column(Text, primary_key=True)
    title_en: Mapped[str] = mapped_column(Text, default="")
    title_ru: Mapped[str] = mapped_column(Text, default="")
    series: Mapped[str] = mapped_column(Text, default="")
    starts: Mapped[date | None]
    ends: Mapped[date | None]
    place: Mapped[str] = mapped_column(Text, default="")
    bodies: Mapped[str] = mapped_column(Text, default="")
    countries: Mapped[str] = mapped_column(Text, default="")


class DocumentRow(Base):
    """A document, its label, its times, and how far it has come. The file lies in the store under the same identifier.

    It is published from `embargo_until` until `expires_at`, where there are such. The index may hold it under
    `indexed_rule`, or not at all where that is ""; `due_at` is when that must next be brought in line, or None.
    `version` rises with every change of what the index must hold; it stands for `planned_rule`.
    `stamp` is what the index shows of the document in that state.
    A legal hold forbids removal.
    """

    __tablename__ = "documents"
    __table_args__ = (
        Index("documents_waiting", "state", "lease_until"),
        Index("documents_due", "due_at"),
        Index("documents_indexed", "indexed_rule", "due_at", "stamp"),  # summed for every answer
        UniqueConstraint("sha256", "rule"),  # the same file twice under one rule: whoever may give the rule may know
    )

    id: Mapped[str] = mapped_column(Text, primary_key=True, default=new_id)
    rule: Mapped[str] = mapped_column(ForeignKey("reading_rules.digest"), index=True)
    originators: Mapped[str] = mapped_column(Text)
    embargo_until: Mapped[datetime | None] = mapped_column(Moment, default=None)
    expires_at: Mapped[datetime | None] = mapped_column(Moment, default=None)
    review_on: Mapped[date | None] = mapped_column(default=None)
    legal_hold: Mapped[bool] = mapped_column(default=False, server_default=false())
    indexed_rule: Mapped[str] = mapped_column(Text, default="", server_default="")
    due_at: Mapped[datetime | None] = mapped_column(Moment, default=None)
    version: Mapped[int] = mapped_column(BigInteger, default=1, server_default="1")
    planned_rule: Mapped[str] = mapped_column(Text, default="", server_default="")
    stamp: Mapped[int] = mapped_column(BigInteger, default=0, server_default="0")

    state: Mapped[str] = mapped_column(Text, default="received")
    stage: Mapped[str] = mapped_column(Text, default="")
    code: Mapped[str] = mapped_column(Text, default="")
    message: Mapped[str] = mapped_column(Text, default="")
    lease_until: Mapped[datetime | None] = mapped_column(Moment)
    lease_owner: Mapped[str] = mapped_column(Text, default="")
    broken_leases: Mapped[int] = mapped_column(default=0)

    models_tried: Mapped[str] = mapped_column(Text, default="", server_default="")

    filename: Mapped[str] = mapped_column(Text)
    sha256: Mapped[str] = mapped_column(Text)
    size: Mapped[int]
    taken_at: Mapped[datetime] = mapped_column(Moment, default=now)
    taken_by: Mapped[str] = mapped_column(Text)

    language: Mapped[str] = mapped_column(Text, default="")
    title_en: Mapped[str] = mapped_column(Text, default="")
    title_ru: Mapped[str] = mapped_column(Text, default="")
    date: Mapped[date | None]
    kind: Mapped[str] = mapped_column(Text, default="other")
    symbol: Mapped[str] = mapped_column(Text, default="")
    meeting: Mapped[str] = mapped_column(Text, default="")
    body: Mapped[str] = mapped_column(Text, default="")
    countries: Mapped[str] = mapped_column(Text, default="")
    keywords: Mapped[str] = mapped_column(Text, default="")
    pages: Mapped[int] = mapped_column(default=0)


class RemovedDocumentRow(Base):
    """A document that was removed for good, and its last version: nothing older may reach the index again."""

    __tablename__ = "removed_documents"

    id: Mapped[str] = mapped_column(Text, primary_key=True)
    version: Mapped[int] = mapped_column(BigInteger)


class PageRow(Base):
    """A page and its size in points. `trouble` says why it holds no text, or ""."""

    __tablename__ = "pages"

    document: Mapped[str] = mapped_column(ForeignKey("documents.id", ondelete="CASCADE"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    width: Mapped[float]
    height: Mapped[float]
    trouble: Mapped[str] = mapped_column(Text, default="", server_default="")


class SegmentRow(Base):
    """A sentence. `boxes` is JSON: `[[page, [x0, y0, x1, y1]], …]` in points, origin top left."""

    __tablename__ = "segments"

    document: Mapped[str] = mapped_column(ForeignKey("documents.id", ondelete="CASCADE"), primary_key=True)
    ordinal: Mapped[int] = mapped_column(primary_key=True)
    page: Mapped[int]
    text: Mapped[str] = mapped_column(Text)
    language: Mapped[str] = mapped_column(Text)
    boxes: Mapped[str] = mapped_column(Text)
    furniture: Mapped[bool]


class TranslationRow(Base):
    """A sentence in the other language. `doubt` is the reason not to trust it, or ""; `model` a package's digest."""

    __tablename__ = "translations"
    __table_args__ = (Index("translations_memory", "source_digest", "model"),)

    document: Mapped[str] = mapped_column(ForeignKey("documents.id", ondelete="CASCADE"), primary_key=True)
    ordinal: Mapped[int] = mapped_column(primary_key=True)
    text: Mapped[str] = mapped_column(Text)
    origin: Mapped[str] = mapped_column(Text)
    engine: Mapped[str] = mapped_column(Text)
    model: Mapped[str] = mapped_column(Text)
    source_digest: Mapped[str] = mapped_column(Text)
    doubt: Mapped[str] = mapped_column(Text)


class PassageRow(Base):
    """A run of segments, from ordinal `first` to ordinal `last`, furniture left out."""

    __tablename__ = "passages"

    document: Mapped[str] = mapped_column(ForeignKey("documents.id", ondelete="CASCADE"), primary_key=True)
    ordinal: Mapped[int] = mapped_column(primary_key=True)
    page: Mapped[int]
    first: Mapped[int]
    last: Mapped[int]
