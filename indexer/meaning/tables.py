"""The table of vectors of passages."""

from __future__ import annotations

from sqlalchemy import ForeignKeyConstraint, LargeBinary, Text
from sqlalchemy.orm import Mapped, mapped_column

from auth.database import Base


class PassageVectorRow(Base):
    """The vector of a passage, made of its original text by `encoder`; it goes with the passage, whose text is new.

    `numbers` are signed bytes; times `scale`, which counts in 1/2**20, they are the vector.
    """

    __tablename__ = "passage_vectors"
    __table_args__ = (
        ForeignKeyConstraint(["document", "ordinal"], ["passages.document", "passages.ordinal"], ondelete="CASCADE"),
    )

    document: Mapped[str] = mapped_column(Text, primary_key=True)
    ordinal: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    encoder: Mapped[str] = mapped_column(Text)
    language: Mapped[str] = mapped_column(Text)
    scale: Mapped[int]
    numbers: Mapped[bytes] = mapped_column(LargeBinary)
