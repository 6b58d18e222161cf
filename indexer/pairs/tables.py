"""The tables of pairs: two papers each, the alignment of their sentences, what people put right in it."""

from __future__ import annotations

from datetime import datetime
from typing import Final, Literal

from sqlalchemy import ForeignKey, Index, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from auth.database import Base, Moment, new_id, now

PairState = Literal["proposed", "confirmed", "rejected"]
Lending = Literal["excluded", "ordinary", "preferred"]

LENDER: Final = "pair"  # the engine of a translation that comes out of the other paper of a pair


class PortraitRow(Base):
    """What a paper is compared with others by: see portraits.py. `vector` is "" until a worker has made it.

    `sought`: whether its pairs were looked for since.
    """

    __tablename__ = "portraits"
    __table_args__ = (Index("portraits_to_seek", "sought", "document"),)

    document: Mapped[str] = mapped_column(ForeignKey("documents.id", ondelete="CASCADE"), primary_key=True)
    language: Mapped[str] = mapped_column(Text, default="")
    vector: Mapped[str] = mapped_column(Text, default="")
    letters: Mapped[int] = mapped_column(default=0)
    sought: Mapped[bool] = mapped_column(default=False)


class PairRow(Base):
    """Two papers, `first` the one of the lesser identifier. `likeness` is how alike they were, 0 to 1; by hand, 1.

    `by` is the user name of whoever decided, "" where nobody did; `aligned`: whether the alignment is of their texts as
    they are; `lent`: whether their translations of each other are where they may be. `lending` is what people say of it
    as a bitext: that its papers lend each other nothing, that they do, or that they are offered before others.
    """

    __tablename__ = "pairs"
    __table_args__ = (
        UniqueConstraint("first", "second"),
        Index("pairs_second", "second"),
        Index("pairs_to_align", "aligned", "state"),
        Index("pairs_to_lend", "lent", "state"),
    )

    id: Mapped[str] = mapped_column(Text, primary_key=True, default=new_id)
    first: Mapped[str] = mapped_column(ForeignKey("documents.id", ondelete="CASCADE"))
    second: Mapped[str] = mapped_column(ForeignKey("documents.id", ondelete="CASCADE"))
    state: Mapped[PairState] = mapped_column(Text)
    likeness: Mapped[float]
    by: Mapped[str] = mapped_column(Text, default="")
    decided_at: Mapped[datetime] = mapped_column(Moment, default=now)
    aligned: Mapped[bool] = mapped_column(default=False)
    lent: Mapped[bool] = mapped_column(default=False)
    lending: Mapped[Lending] = mapped_column(Text, default="ordinary")


class AlignmentRow(Base):
    """The beads of a pair as JSON: `[[ordinals of the first], [of the second], likeness, confidence, by], …]`.

    `version` rises with every change; `texts` is a digest of the sentences that it is of. `by_hand` has the beads that
    people made by their sentences' digests, so that they outlive a new reading: `[[digests], [digests], by], …]`.
    """

    __tablename__ = "alignments"

    pair: Mapped[str] = mapped_column(ForeignKey("pairs.id", ondelete="CASCADE"), primary_key=True)
    version: Mapped[int] = mapped_column(default=1)
    texts: Mapped[str] = mapped_column(Text)
    beads: Mapped[str] = mapped_column(Text)
    by_hand: Mapped[str] = mapped_column(Text, default="[]")


class CorrectionRow(Base):
    """What a person put right: `before` are the beads, from `place` on, in whose place so many `after` now stand.

    `version` is the one that it made. Only those since the texts were last aligned are here.
    """

    __tablename__ = "corrections"

    pair: Mapped[str] = mapped_column(ForeignKey("pairs.id", ondelete="CASCADE"), primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    place: Mapped[int]
    before: Mapped[str] = mapped_column(Text)
    after: Mapped[int]
    by: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(Moment, default=now)
