"""Every place of a document that a query matches, from the text in the database: the same whichever engine searches."""

from __future__ import annotations

import sys
import threading
from bisect import bisect_left, bisect_right
from collections import Counter, OrderedDict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import accumulate, zip_longest
from typing import Final, Literal

from sqlalchemy.orm import Session

from auth.policy import Scope
from indexer.analysis.tokens import Token, may_be_one, tokens
from indexer.engine.budget import Budget, OverBudgetError, give_way
from indexer.engine.contract import Exact, Leaf, Near, Phrase, Prefix, Term
from indexer.library import documents
from indexer.library.documents import PassageText, SegmentText
from indexer.library.tables import DocumentRow
from indexer.search.highlight import Marker, Span, is_marked, marked_runs
from indexer.text import Box

MOST_BYTES: Final = 64_000_000  # of the words that are kept of the documents counted last
FEW: Final = 40  # keys that are looked for one by one; where there are more, each token of a document is looked at
MOST_PAGES: Final = 1_000  # of the hits of one answer together; in what comes after them nothing is counted
MOST_READ: Final = 300  # pages of those that are read for what stands in several words; some milliseconds each

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
    passages = documents.passages_of(session, scope, row) if leaves else ()
    return _places_of(passages, Marker(leaves), Budget())


def _places_of(passages: Iterable[PassageText], marker: Marker, budget: Budget) -> list[Place]:
    every = list[Place]()
    for passage in passages:
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
    by_form = [side == "original" and segment.by_form for segment, _ in pieces]
    for start, end in marker.spans(texts, by_form):
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

    def counts(
        self, session: Session, scope: Scope, rows: Sequence[DocumentRow], leaves: Sequence[Leaf]
    ) -> list[int | None]:
        """For each of these documents as many as `places_in` gives; None where to count them costs too much."""
        if not leaves:
            return [0] * len(rows)
        words, asked = self._words(session, scope, rows), _AskedTokens(leaves)
        to_read = [row for row in rows if row.id in words and asked.may_hold_phrase(words[row.id])]
        counted: dict[str, int | None] = {row.id: None for row in to_read}
        counted |= {name: asked.count(of_document) for name, of_document in words.items() if name not in counted}
        pages = accumulate(row.pages for row in to_read)
        read = [row for row, up_to in zip(to_read, pages, strict=True) if up_to <= MOST_READ]  # by the hits alone
        with suppress(OverBudgetError):
            marker, budget = Marker(leaves), Budget()
            for document_id, passages in documents.passages_of_each(session, scope, read):
                counted[document_id] = len(_places_of(passages, marker, budget))
        return [counted.get(row.id, 0) for row in rows]

    def _words(self, session: Session, scope: Scope, rows: Sequence[DocumentRow]) -> dict[str, str]:
        """The words of each document, by its identifier: kept, or read now."""
        keys = {row.id: (row.id, row.version, row.state) for row in rows}  # whatever changes its texts changes one
        with self._lock:
            words = {document_id: self._kept[key] for document_id, key in keys.items() if key in self._kept}
            for document_id in words:
                self._kept.move_to_end(keys[document_id])
        unread = [row for row in rows if row.id not in words]
        for document_id, passages in documents.passages_of_each(session, scope, unread):
            words[document_id] = _counted_words(passages)
            give_way()
            self._keep(keys[document_id], words[document_id])
        return words

    def _keep(self, key: tuple[str, int, str], words: str) -> None:
        with self._lock:
            if key not in self._kept:  # nobody else has read it meanwhile
                self._kept[key] = words
                self._bytes += sys.getsizeof(words)
            while self._bytes > self._most and self._kept:
                self._bytes -= sys.getsizeof(self._kept.popitem(last=False)[1])


def _counted_words(passages: Iterable[PassageText]) -> str:
    """A line for each different token, exact form, readings and how often it stands there: quickly looked through."""
    words: Counter[tuple[str, bool]] = Counter()
    for passage in passages:
        for origin, pieces in passage.searched().items():
            for segment, text in pieces:
                by_form = origin == "original" and segment.by_form
                words.update((word, by_form) for word in ([text] if may_be_one(text) else text.split()))
    counts: Counter[str] = Counter()
    for (word, by_form), times in words.items():
        for exact, keys in _keys(tokens(word, by_form)):
            counts[" ".join((exact, *keys))] += times
    return "".join(f"\n={keys} #{times}" for keys, times in counts.items()) + "\n"


def _keys(words: Sequence[Token]) -> Iterator[tuple[str, Iterable[str]]]:
    """Each word with its keys; one that it has together with the next is counted at the last of them alone."""
    for word, following in zip_longest(words, words[1:]):
        goes_on = {key[1:] for key in following.others if key.startswith("+")} if following else set()
        yield word.exact, (key for key in word.readings if key.startswith("+") or key not in goes_on)


class _AskedTokens:
    """What one search counts in the words of documents."""

    def __init__(self, leaves: Sequence[Leaf]) -> None:
        terms = [run[0] for leaf in leaves if isinstance(leaf, Term) and is_marked(leaf) for run in marked_runs(leaf)]
        self._keys = {*terms, *(f"={leaf.form}" for leaf in leaves if isinstance(leaf, Exact))}
        self._starts = tuple({f"={leaf.start}" for leaf in leaves if isinstance(leaf, Prefix)})
        phrases = [leaf for leaf in leaves if isinstance(leaf, Phrase) and leaf.share == 1]
        self._near = [leaf for leaf in leaves if isinstance(leaf, Near) and leaf.share == 1]
        self._runs = {run for leaf in phrases for run in marked_runs(leaf)}
        self._known: dict[str, bool] = {}  # tokens of documents: whether they are asked for

    def may_hold_phrase(self, words: str) -> bool:
        """Whether all words of some phrase are there, or of some that are to stand near one another."""
        near = any(all(any(f" {key} " in words for key in keys) for keys in near.words) for near in self._near)
        return near or any(all(f" {key} " in words for key in run) for run in self._runs)

    def count(self, words: str) -> int:
        """How often what is asked for stands there, but for phrases."""
        if len(self._keys) + len(self._starts) <= FEW:
            lines = [words[at : words.index("\n", at)] for at in self._places(words)]
        else:
            lines = [line for line in words.split("\n") if line and self._is_asked(line.rpartition("#")[0])]
        return sum(int(line.rpartition("#")[2]) for line in lines)

    def _places(self, words: str) -> set[int]:
        """Where the lines begin of the tokens that are asked for."""
        texts = [f" {key} " if key[0] != "=" else f"\n{key} " for key in self._keys]
        texts += [f"\n{start}" for start in self._starts]
        return {words.rindex("\n", 0, at + 1) + 1 for text in texts for at in _finds(words, text)}

    def _is_asked(self, token: str) -> bool:
        if token not in self._known:
            self._known[token] = not self._keys.isdisjoint(token.split()) or token.startswith(self._starts)
        return self._known[token]


def _finds(words: str, text: str) -> Iterator[int]:
    at = words.find(text)
    while at >= 0:
        yield at
        at = words.find(text, at + 1)
