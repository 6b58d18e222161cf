"""The sentences of papers as pairs are made of: for workers, who show nothing of them to anybody."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256

from sqlalchemy import select
from sqlalchemy.orm import Session

from indexer.library.tables import SegmentRow


@dataclass(frozen=True, slots=True)
class Sentences:
    """The sentences of a paper in order, headers and footers left out: ordinals, texts, digests of texts."""

    ordinals: tuple[int, ...]
    texts: tuple[str, ...]
    digests: tuple[str, ...]


def of_paper(session: Session, document_id: str, most: int) -> Sentences:
    """The first sentences of a paper."""
    query = select(SegmentRow.ordinal, SegmentRow.text, SegmentRow.digest).where(
        SegmentRow.document == document_id, ~SegmentRow.furniture
    )
    rows = session.execute(query.order_by(SegmentRow.ordinal).limit(most)).all()
    return Sentences(tuple(row[0] for row in rows), tuple(row[1] for row in rows), tuple(row[2] for row in rows))


def digest_of_all(papers: Iterable[Sentences]) -> str:
    """A digest of the sentences of papers, by which it is known whether an alignment is of them."""
    lines = "\n\n".join("\n".join(f"{n} {d}" for n, d in zip(p.ordinals, p.digests, strict=True)) for p in papers)
    return sha256(lines.encode()).hexdigest()
