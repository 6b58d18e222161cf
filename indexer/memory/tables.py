"""The tables of the memory: which sentences people have translated, and the keys that find similar ones."""

from __future__ import annotations

from sqlalchemy import BigInteger, ForeignKey, Index, Text
from sqlalchemy.orm import Mapped, mapped_column

from auth.database import Base


class MemoryEntryRow(Base):
    """A sentence of a document and what people made of it: there as long as its document is.

    `pair`: the pair out of whose other paper it came, "" if it did not; it is there as long as that lends.
    `preferred`: people say that this pair is to be offered before others.
    """

    __tablename__ = "memory_entries"
    __table_args__ = (
        Index("memory_entries_of", "document", "source_digest", "source", "pair", unique=True),
        Index("memory_entries_source", "source_digest"),
        Index("memory_entries_target", "target_digest"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    document: Mapped[str] = mapped_column(ForeignKey("documents.id", ondelete="CASCADE"))
    source_digest: Mapped[str] = mapped_column(Text)
    source: Mapped[str] = mapped_column(Text)
    target: Mapped[str] = mapped_column(Text)
    target_digest: Mapped[str] = mapped_column(Text)
    source_text: Mapped[str] = mapped_column(Text)
    target_text: Mapped[str] = mapped_column(Text)
    origin: Mapped[str] = mapped_column(Text)
    pair: Mapped[str] = mapped_column(Text, default="", index=True)
    preferred: Mapped[bool] = mapped_column(default=False)


class MemoryKeyRow(Base):
    """A key of one side of an entry: see keys.py. It holds no word."""

    __tablename__ = "memory_keys"
    __table_args__ = ({"sqlite_with_rowid": False},)

    key: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    entry: Mapped[int] = mapped_column(
        ForeignKey("memory_entries.id", ondelete="CASCADE"), primary_key=True, index=True
    )
