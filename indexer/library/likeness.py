"""Finds papers whose text is almost another's, inside a scope. Of documents outside it nothing is looked at.

A text is known by its sketch: of the digests of its runs of five words, the smallest. How much of the smallest of two
sketches together both have estimates how much of all runs the texts share (Broder, On the resemblance and containment
of documents, 1997).
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from hashlib import blake2b
from heapq import nsmallest
from typing import Final

from sqlalchemy import delete, func, insert, select
from sqlalchemy.orm import Session

from auth.labels import Label, dominates
from auth.policy import Scope
from indexer.library import documents
from indexer.library.states import State
from indexer.library.tables import DocumentRow, ShingleRow

PAGES: Final = 20  # the first, by which a paper is compared
RUN: Final = 5  # words
SIZE: Final = 64  # digests of a sketch
LEAST: Final = 16  # digests, with fewer of which a text is too short to be told from another
ALIKE: Final = 0.5  # of their runs
MOST_LETTERS: Final = 400_000
MOST_CANDIDATES: Final = 200
MOST_TOLD: Final = 5

_WORD: Final = re.compile(r"\w+")


def sketch_of(texts: Iterable[str]) -> frozenset[int]:
    """The sketch of a text in pieces, numbers of 63 bits; empty where it is too short."""
    words: list[str] = []
    letters = 0
    for text in texts:
        words += _WORD.findall(text[:MOST_LETTERS].casefold())
        letters += len(text)
        if letters >= MOST_LETTERS:
            break
    runs = {" ".join(words[at : at + RUN]) for at in range(len(words) - RUN + 1)}
    smallest = nsmallest(SIZE, {_number(run) for run in runs})
    return frozenset(smallest) if len(smallest) >= LEAST else frozenset()


def alike(first: Collection[int], second: Collection[int]) -> bool:
    """Whether two sketches are of texts that share half of their runs or more."""
    both = {*first} & {*second}
    smallest = nsmallest(SIZE, {*first} | {*second})
    return bool(smallest) and sum(number in both for number in smallest) >= ALIKE * len(smallest)


def keep(session: Session, document_id: str, sketch: frozenset[int]) -> None:
    """Keep the sketch of a document in place of the one before."""
    session.execute(delete(ShingleRow).where(ShingleRow.document == document_id))
    if sketch:
        rows = [{"document": document_id, "value": number} for number in sorted(sketch)]
        session.execute(insert(ShingleRow), rows)


def stricter_alike(session: Session, scope: Scope, sketch: frozenset[int], label: Label) -> list[str]:
    """Documents inside the scope with almost this text that a document of this label would weaken, the latest first."""
    if not sketch:
        return []
    shared = func.count()
    query = select(DocumentRow).join(ShingleRow, ShingleRow.document == DocumentRow.id)
    query = query.where(ShingleRow.value.in_(sketch), DocumentRow.rule.in_(scope.rules))
    query = query.where(DocumentRow.state != State.REMOVING).group_by(DocumentRow.id).having(shared >= LEAST // 2)
    rows = session.scalars(query.order_by(shared.desc(), DocumentRow.id).limit(MOST_CANDIDATES)).all()
    weakened = [row for row in rows if not dominates(label, documents.label_of(session, row))]
    same = [row for row in weakened if alike(sketch, _kept(session, row.id))]
    return [row.id for row in sorted(same, key=lambda row: (row.taken_at, row.id), reverse=True)[:MOST_TOLD]]


def _kept(session: Session, document_id: str) -> set[int]:
    return set(session.scalars(select(ShingleRow.value).where(ShingleRow.document == document_id)))


def _number(run: str) -> int:
    return int.from_bytes(blake2b(run.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "big") >> 1
