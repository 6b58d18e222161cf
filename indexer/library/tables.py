"""The tables of what was taken in: meetings, documents, their pages, segments and passages."""

from __future__ import annotations

from datetime import date, datetime
from typing import Final, Literal

from sqlalchemy import BigInteger, Dialect, ForeignKey, Index, Text, UniqueConstraint, false, text
from sqlalchemy.orm import Mapped, mapped_column, validates
from sqlalchemy.types import TypeDecorator

from auth.database import Base, Moment, new_id, now
from indexer.library.states import State, check_transition
from indexer.text import TranslationOrigin


class _StateColumn(TypeDecorator[State]):
    """A State in Python, its word in the database."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: State | None, dialect: Dialect) -> str | None:
        """To the database."""
        return None if value is None else State(value).value

    def process_result_value(self, value: str | None, dialect: Dialect) -> State | None:
        """From the database."""
        return None if value is None else State(value)


DESCRIBED_BY: Final = ("language", "date", "kind", "meeting", "body", "countries", "symbol", "keywords", "filename")
LEASED: Final = text("lease_owner != ''")  # as the index has it: another way to say it would not use the index


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


LanguageSource = Literal["", "intake", "registrar"]
"""Who said in which language a paper is: nobody, then its text tells; who took it in; who corrected it."""


class DocumentRow(Base):
    """A document, its label, its times, and how far it has come. The file lies in the store under the same identifier.

    It is published from `embargo_until` until `expires_at`, where there are such. The index may hold it under
    `indexed_rule`, or not at all where that is ""; `due_at` is when that must next be brought in line, or None.
    `version` rises with every change of what the index must hold; it stands for `planned_rule`, or for nothing that
    holds any more where that is "".
    `stamp` is what the index shows of the document in that state.
    `marking` is what the paper itself says of its level; where that is more than its label, `marking_confirmed` says
    that somebody gave a reason. `hidden_choice` is what becomes of text that its pages hide: "" until somebody decides.
    `recognise` says whether pages of it wait for text recognition, or had it. `attachments` are the names of the files
    inside, JSON, or "" for none.
    `language` is that of most of its text, or what `language_by` said; what a registrar says its sentences follow.
    `encoded` is the encoder that made vectors of all its passages, or "" while some lack one; `vectors` is a number by
    chance that changes with them, 0 for none.
    A legal hold forbids removal. `deletes_at` is when a removed document is deleted for good.
    """

    __tablename__ = "documents"
    __table_args__ = (
        Index("documents_waiting", "state", "taken_at"),
        Index("documents_untried", "state", "models_tried", "taken_at"),
        Index("documents_leased", "lease_owner", sqlite_where=LEASED, postgresql_where=LEASED),
        Index("documents_taken", "taken_at"),
        Index("documents_listed", "rule", "taken_at", "id", "state"),  # all that the list of them is chosen by
        Index("documents_review", "review_on"),
        Index("documents_kind", "kind", "rule", "date"),
        Index("documents_deleted", "state", "deletes_at"),
        Index("documents_recognise", "recognise", "taken_at"),
        Index("documents_due", "due_at"),
        Index("documents_encoded", "encoded", "taken_at"),
        Index("documents_indexed", "indexed_rule", "due_at", "stamp"),  # summed for every answer
        UniqueConstraint("sha256", "rule"),  # the same file twice under one rule: whoever may give the rule may know
    )

    id: Mapped[str] = mapped_column(Text, primary_key=True, default=new_id)
    rule: Mapped[str] = mapped_column(ForeignKey("reading_rules.digest"))
    originators: Mapped[str] = mapped_column(Text)
    embargo_until: Mapped[datetime | None] = mapped_column(Moment, default=None)
    expires_at: Mapped[datetime | None] = mapped_column(Moment, default=None)
    review_on: Mapped[date | None] = mapped_column(default=None)
    legal_hold: Mapped[bool] = mapped_column(default=False, server_default=false())
    deletes_at: Mapped[datetime | None] = mapped_column(Moment, default=None)
    indexed_rule: Mapped[str] = mapped_column(Text, default="", server_default="")
    due_at: Mapped[datetime | None] = mapped_column(Moment, default=None)
    version: Mapped[int] = mapped_column(BigInteger, default=1, server_default="1")
    planned_rule: Mapped[str] = mapped_column(Text, default="", server_default="")
    stamp: Mapped[int] = mapped_column(BigInteger, default=0, server_default="0")

    state: Mapped[State] = mapped_column(_StateColumn, default=State.RECEIVED)
    stage: Mapped[str] = mapped_column(Text, default="")
    code: Mapped[str] = mapped_column(Text, default="")
    message: Mapped[str] = mapped_column(Text, default="")
    lease_until: Mapped[datetime | None] = mapped_column(Moment)
    lease_owner: Mapped[str] = mapped_column(Text, default="")
    broken_leases: Mapped[int] = mapped_column(default=0)

    models_tried: Mapped[str] = mapped_column(Text, default="", server_default="")
    marking: Mapped[str] = mapped_column(Text, default="", server_default="")
    marking_confirmed: Mapped[bool] = mapped_column(default=False, server_default=false())
    hidden_choice: Mapped[str] = mapped_column(Text, default="", server_default="")
    recognise: Mapped[str] = mapped_column(Text, default="", server_default="")
    attachments: Mapped[str] = mapped_column(Text, default="", server_default="")
    encoded: Mapped[str] = mapped_column(Text, default="", server_default="")
    vectors: Mapped[int] = mapped_column(BigInteger, default=0, server_default="0")

    filename: Mapped[str] = mapped_column(Text)
    sha256: Mapped[str] = mapped_column(Text)
    size: Mapped[int]
    taken_at: Mapped[datetime] = mapped_column(Moment, default=now)
    taken_by: Mapped[str] = mapped_column(Text)

    language: Mapped[str] = mapped_column(Text, default="")
    language_by: Mapped[LanguageSource] = mapped_column(Text, default="", server_default="")
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

    @validates("title_en", "title_ru", *DESCRIBED_BY)
    def _described(self, name: str, value: object) -> object:
        """The value, once it is said that what the index was told is not so any more: at once, and by a newer write."""
        if self.planned_rule and value != getattr(self, name):
            self.version += 1  # a write on its way tells the old words: it is not confirmed
            self.planned_rule, self.due_at = "", now()
        return value

    @validates("state")
    def _follows(self, _: str, state: str) -> State:
        """The state, once it is known that it may follow the one before. Raises TransitionError."""
        after = State(state)
        check_transition(self.state, after)
        return after

    @property
    def by_date(self) -> tuple[str, str, str, str]:
        """Its place among papers by date; those of one day by symbol, then language: an identifier is chance."""
        return self.date.isoformat() if self.date else "", self.symbol, self.language, self.id


class RemovedDocumentRow(Base):
    """A document that was removed for good, and its last version: nothing older may reach the index again."""

    __tablename__ = "removed_documents"

    id: Mapped[str] = mapped_column(Text, primary_key=True)
    version: Mapped[int] = mapped_column(BigInteger)


class TombstoneRow(Base):
    """What is left of a removed document for those who could read it: `about` is sealed, and stays when it is deleted.

    Sealed are who removed it and who proposed that, why, the digest of its file, and its state before.
    """

    __tablename__ = "tombstones"

    document: Mapped[str] = mapped_column(Text, primary_key=True)
    rule: Mapped[str] = mapped_column(ForeignKey("reading_rules.digest"), index=True)
    originators: Mapped[str] = mapped_column(Text)
    removed_at: Mapped[datetime] = mapped_column(Moment)
    about: Mapped[str] = mapped_column(Text)


class AttachmentRow(Base):
    """A file inside a document, by its number from 1, and the document that it was taken in as."""

    __tablename__ = "attachments"

    document: Mapped[str] = mapped_column(ForeignKey("documents.id", ondelete="CASCADE"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    taken_as: Mapped[str] = mapped_column(ForeignKey("documents.id", ondelete="CASCADE"), index=True)


class ShingleRow(Base):
    """One of the numbers by which a document's text is compared with that of others: see likeness.py."""

    __tablename__ = "shingles"

    document: Mapped[str] = mapped_column(ForeignKey("documents.id", ondelete="CASCADE"), primary_key=True)
    value: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False, index=True)


class SealedDocumentRow(Base):
    """A document that the database held under a weaker label or time than the trail: nobody's until two people decide.

    Its document has the rule of SEALED meanwhile; `rule` is the one that the database had, `sha256` that of its file.
    `told` is JSON of how the trail's entry `entry` has it handled; `removed`: the trail says that it was removed.
    """

    __tablename__ = "sealed_documents"

    document: Mapped[str] = mapped_column(ForeignKey("documents.id", ondelete="CASCADE"), primary_key=True)
    rule: Mapped[str] = mapped_column(ForeignKey("reading_rules.digest"))
    sha256: Mapped[str] = mapped_column(Text)
    entry: Mapped[int] = mapped_column(BigInteger)
    told: Mapped[str] = mapped_column(Text)
    removed: Mapped[bool]
    sealed_at: Mapped[datetime] = mapped_column(Moment, default=now)


class PageRow(Base):
    """A page and its size in points. `trouble` says why it holds no text, or "".

    `hidden` is how many places of it hold text that it does not show. `confidence`, of 100, is of one that was
    recognised from a picture.
    """

    __tablename__ = "pages"

    document: Mapped[str] = mapped_column(ForeignKey("documents.id", ondelete="CASCADE"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    width: Mapped[float]
    height: Mapped[float]
    trouble: Mapped[str] = mapped_column(Text, default="", server_default="")
    hidden: Mapped[int] = mapped_column(default=0, server_default="0")
    confidence: Mapped[int | None]


class RecognisedPageRow(Base):
    """What was recognised of a page's picture. `lines` is JSON, as recognised.py has it; [] for nothing to trust."""

    __tablename__ = "recognised_pages"

    document: Mapped[str] = mapped_column(ForeignKey("documents.id", ondelete="CASCADE"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    confidence: Mapped[int]
    lines: Mapped[str] = mapped_column(Text)


class SegmentRow(Base):
    """A sentence. `boxes` is JSON: `[[page, [x0, y0, x1, y1]], …]` in points, origin top left.

    `digest` is `digest_of(text)`, by which its translations know it. `marks` are what readers must know of its lines.
    """

    __tablename__ = "segments"

    document: Mapped[str] = mapped_column(ForeignKey("documents.id", ondelete="CASCADE"), primary_key=True)
    ordinal: Mapped[int] = mapped_column(primary_key=True)
    page: Mapped[int]
    text: Mapped[str] = mapped_column(Text)
    language: Mapped[str] = mapped_column(Text)
    boxes: Mapped[str] = mapped_column(Text)
    furniture: Mapped[bool]
    digest: Mapped[str] = mapped_column(Text, server_default="")
    marks: Mapped[str] = mapped_column(Text, default="", server_default="")


class TranslationRow(Base):
    """What a sentence of a document says in the other language; several may stand side by side.

    The sentence is known by its text, so that a translation outlives a new reading of the PDF. A person's is never
    overwritten: a newer one is a row of the next `version`. A machine's is made anew: `engine`, `model` (a package's
    digest) and `settings` say by what, `doubt` why not to trust it, or "". `lender_rule` is the digest of the reading
    rule of the document out of which the memory took the text, as it was then, or "" where it took none.
    """

    __tablename__ = "translations"
    __table_args__ = (Index("translations_memory", "source_digest", "model"),)

    document: Mapped[str] = mapped_column(ForeignKey("documents.id", ondelete="CASCADE"), primary_key=True)
    source_digest: Mapped[str] = mapped_column(Text, primary_key=True)
    source: Mapped[str] = mapped_column(Text, primary_key=True)
    target: Mapped[str] = mapped_column(Text, primary_key=True)
    origin: Mapped[TranslationOrigin] = mapped_column(Text, primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True, default=1)
    text: Mapped[str] = mapped_column(Text)
    engine: Mapped[str] = mapped_column(Text, default="")
    model: Mapped[str] = mapped_column(Text, default="")
    settings: Mapped[str] = mapped_column(Text, default="")
    doubt: Mapped[str] = mapped_column(Text, default="")
    lender_rule: Mapped[str] = mapped_column(Text, default="")


class PassageRow(Base):
    """A run of segments, from ordinal `first` to ordinal `last`, furniture left out."""

    __tablename__ = "passages"

    document: Mapped[str] = mapped_column(ForeignKey("documents.id", ondelete="CASCADE"), primary_key=True)
    ordinal: Mapped[int] = mapped_column(primary_key=True)
    page: Mapped[int]
    first: Mapped[int]
    last: Mapped[int]


class KeptDossierRow(Base):
    """The dossier that a person keeps: its title, where its passages stand and what is said of them, sealed."""

    __tablename__ = "kept_dossiers"

    person: Mapped[str] = mapped_column(ForeignKey("people.id"), primary_key=True)
    version: Mapped[int]
    saved_at: Mapped[datetime] = mapped_column(Moment, default=now)
    sealed: Mapped[str] = mapped_column(Text)


class SavedSearchRow(Base):
    """A search that a person keeps: its name and all that it asks, sealed; `seen`, sealed, what they saw of it last."""

    __tablename__ = "saved_searches"

    id: Mapped[str] = mapped_column(Text, primary_key=True, default=new_id)
    person: Mapped[str] = mapped_column(ForeignKey("people.id"), index=True)
    saved_at: Mapped[datetime] = mapped_column(Moment, default=now)
    sealed: Mapped[str] = mapped_column(Text)
    looked_at: Mapped[datetime | None] = mapped_column(Moment, default=None)
    seen: Mapped[str] = mapped_column(Text, default="", server_default="")
