"""Shows words in both languages beside each other: sentences that hold them, and what they are in the other language.

Looks into the documents that a search has found, so into nothing outside its scope. What is shown for a document that
is being translated may end up in it, so only documents may show it that all its readers may read: see `lending_rules`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from sqlalchemy.orm import Session

from auth.policy import Scope
from indexer.engine.contract import Leaf
from indexer.library.documents import SegmentText, TranslatedText
from indexer.library.tables import DocumentRow
from indexer.search.highlight import Span
from indexer.search.places import Place, Written, places_in


@dataclass(frozen=True, slots=True)
class ConcordanceLine:
    """A sentence, its translation, and where the words stand, on which side."""

    document: DocumentRow
    sentence: SegmentText
    translation: TranslatedText
    side: Written
    highlights: tuple[Span, ...]


def concordance(
    session: Session,
    scope: Scope,
    rows: Iterable[DocumentRow],
    leaves: Sequence[Leaf],
    limit: int,
    people_only: bool = False,
    lending: Collection[str] | None = None,
) -> list[ConcordanceLine]:
    """The first lines of these documents, in their order and that of their sentences.

    `people_only`: only what people translated. `lending`: only documents under these rules. Raises OverBudgetError.
    """
    lenders = (row for row in rows if lending is None or row.rule in lending)
    lines = (line for row in lenders for line in _lines(row, places_in(session, scope, row, leaves)))
    return list(islice((line for line in lines if not people_only or line.translation.origin != "machine"), limit))


def _lines(row: DocumentRow, places: Iterable[Place]) -> Iterator[ConcordanceLine]:
    """A line for each sentence and side, its places together."""
    lines: dict[tuple[int, Written], ConcordanceLine] = {}
    for place in places:
        sentence = place.segments[0]
        if sentence.translation is None or sentence.translation.doubt:
            continue
        key = (sentence.ordinal, place.side)
        before = lines[key].highlights if key in lines else ()
        lines[key] = ConcordanceLine(row, sentence, sentence.translation, place.side, (*before, place.highlight))
    yield from lines.values()
