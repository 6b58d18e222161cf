"""Every place of a document that a query matches, from the text in the database: the same whichever engine searches."""

from __future__ import annotations

import sys
import threading
from bisect import bisect_left, bisect_right
from collections import Counter, OrderedDict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Final, Literal

from sqlalchemy.orm import Session

from auth.policy import Scope
from indexer.analysis.tokens import tokens
from indexer.engine.budget import Budget
from indexer.engine.contract import Exact, Leaf, Phrase, Prefix, Term
from indexer.library import documents
from indexer.library.documents import PassageText, SegmentText
from indexer.library.tables import DocumentRow
from indexer.search.highlight import Marker, Span, marked_runs
from indexer.text import Box

MOST_BYTES: Final = 64_000_000  # of the words that are kept of the documents counted last
MOST_PAGES: Final = 1_000  # of the hits of one answer together; in what comes after them nothing is counted

Written = Literal["original", "translation"]


@dataclass(frozen=True, slots=True)
class Place:
    """One match: the sentences that it touches, on which side, and its characters in the first of them."""

    segments: tuple[SegmentText, ...]
    side: Written
    highlight: Span

    @property
    def boxes(self) -> tuple[tuple[int, Box], ...]:
        """The boxes of its sentences, each with its page."""
        return tuple(box for segment in self.segments for box in segment.boxes)


def places_in(session: Session, scope: Scope, row: DocumentRow, leaves: Sequence[Leaf]) -> list[Place]:
    """Every place of a document in the scope that matches one of the leaves, by sentence, in the original first.

    Raises OverBudgetError.
    """
    marker, budget, every = Marker(leaves), Budget(), list[Place]()
    for passage in documents.passages_of(session, scope, row) if leaves else ():
        some = [
            place
            for origin, pieces in passage.searched().items()
            for place in _places(pieces, "original" if origin == "original" else "translation", marker)
        ]
        budget.spend(len(some))
        every += sorted(some, key=lambda place: (place.segments[0].ordinal, place.side, place.highlight))
    return every


def _places(pieces: Sequence[tuple[SegmentText, str]], side: Written, marker: Marker) -> Iterator[Place]:
    texts = [text for _, text in pieces]
    starts = list(accumulate((len(text) + 1 for text in texts), initial=0))
    for start, end in marker.spans(texts):
        first, after = bisect_right(starts, start) - 1, bisect_left(starts, end)
        begins = starts[first]
        touched = tuple(segment for segment, _ in pieces[first:after])
        yield Place(touched, side, (start - begins, min(end - begins, len(texts[first]))))


# -- How many there are


class PlaceCounts:
    """Counts the places in documents. Keeps the words of those counted last; any number of threads may use it."""

    def __init__(self, most_bytes: int = MOST_BYTES) -> None:
        self._most = most_bytes
        self._kept: OrderedDict[tuple[str, int, str], str] = OrderedDict()  # by document, version and state
        self._bytes = 0
        self._lock = threading.Lock()

    def count(self, session: Session, scope: Scope, row: DocumentRow, leaves: Sequence[Leaf]) -> int:
        """As many as `places_in` gives. Raises OverBudgetError."""
        if not leaves:
            return 0
        words = self._words(session, scope, row)
        runs = [run for leaf in leaves if isinstance(leaf, Phrase) and leaf.share == 1 for run in marked_runs(leaf)]
        if any(all(f" {key} " in words for key in run) for run in runs):
            return len(places_in(session, scope, row, leaves))
        lines = {at for leaf in leaves for at in _lines(words, leaf)}
        return sum(int(words[words.index("#", at) + 1 : words.index("\n", at + 1)]) for at in lines)

    def _words(self, session: Session, scope: Scope, row: DocumentRow) -> str:
        key = (row.id, row.version, row.state)  # whatever changes its texts changes one of these
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key]
        words = _counted_words(documents.passages_of(session, scope, row))
        with self._lock:
            if key not in self._kept:  # nobody else has read it meanwhile
                self._kept[key] = words
                self._bytes += sys.getsizeof(words)
            while self._bytes > self._most and self._kept:
                self._bytes -= sys.getsizeof(self._kept.popitem(last=False)[1])
        return words


def _counted_words(passages: Iterable[PassageText]) -> str:
    """A line for each different token, exact form, readings and how often it stands there: quickly looked through."""
    words: Counter[str] = Counter()
    for passage in passages:
        for pieces in passage.searched().values():
            for _, text in pieces:
                whole = any(map(str.isdigit, text))  # a number may be written as several words
                words.update([text] if whole else text.split())
    counts: Counter[str] = Counter()
    for word, times in words.items():
        for token in tokens(word):
            counts[" ".join((token.exact, *token.readings))] += times
    return "".join(f"\n={keys} #{times}" for keys, times in counts.items()) + "\n"


def _lines(words: str, leaf: Leaf) -> Iterator[int]:
    """Where the lines begin of the tokens that a word of a query matches; of a phrase, none."""
    match leaf:
        case Term():
            for run in marked_runs(leaf):
                yield from (words.rindex("\n", 0, at) for at in _finds(words, f" {run[0]} "))
        case Exact(form):
            yield from _finds(words, f"\n={form} ")
        case Prefix(start):
            yield from _finds(words, f"\n={start}")


def _finds(words: str, text: str) -> Iterator[int]:
    at = words.find(text)
    while at >= 0:
        yield at
        at = words.find(text, at + 1)
