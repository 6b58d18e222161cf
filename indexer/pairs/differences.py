"""The differences between the two papers of a pair: what one says and the other does not, bead by bead.

Sentences are not cut alike in both papers, so a number, date or symbol that a bead lacks counts only if no bead near it
has one to spare; and a sentence that one paper lacks only if it does not stand elsewhere in it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby, takewhile
from typing import Final

from indexer.checks.versions import DifferenceKind, Unmatched, compared
from indexer.pairs.align.alignment import Bead
from indexer.pairs.align.products import Products
from indexer.pairs.align.vectors import sides
from indexer.text import Language

NEAR: Final = 8  # beads on each side in which what a bead lacks may stand
REACH: Final = 40  # beads on each side in which a sentence may stand that one paper has elsewhere
MOVED: Final = 0.3  # cosine from which two sentences without a counterpart are each other's
LEAST_SURE: Final = 0.2  # confidence of a bead below which names and negations are not compared
MISSING: Final = 0.15  # confidence from which a sentence is missing, and not a part of what the other paper joins
LONG: Final = 40  # letters from which it counts that the other paper lacks them

NOWHERE: Final = Bead((), (), 0.0, 0.0)  # what is left where a sentence was that stands elsewhere

_MOVES: Final[tuple[DifferenceKind, ...]] = ("numbers", "dates", "symbols")
_LETTER: Final = re.compile(r"[^\W\d_]")


@dataclass(frozen=True, slots=True)
class DifferenceSide:
    """What one paper has at a place: the ordinals of its sentences, and what of them is not in the other paper."""

    ordinals: tuple[int, ...]
    only: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PaperDifference:
    """Where the papers say different things: at the bead of which place."""

    kind: DifferenceKind
    place: int
    first: DifferenceSide
    second: DifferenceSide


@dataclass(frozen=True, slots=True)
class Papers:
    """The sentences of two papers by ordinal, and the language of the first; the other one's is the other."""

    first: Mapping[int, str]
    second: Mapping[int, str]
    language: Language

    def texts(self, bead: Bead) -> tuple[str, str]:
        """What both have at a bead."""
        return _joined(bead.first, self.first), _joined(bead.second, self.second)


def differences_of(beads: Sequence[Bead], papers: Papers, start: int, end: int) -> list[PaperDifference]:
    """The differences at the beads from place `start` to before `end`, in order.

    Sentences that only one paper has are one difference for each run of them, at the place where it begins.
    """
    near = range(max(0, start - REACH), min(len(beads), end + REACH))
    beads = _moved_together(beads, papers, near)
    unmatched = {place: list(compared(*papers.texts(beads[place]), papers.language)) for place in near}
    spare = _Spare(unmatched)
    differences = [*_missing(beads, papers, start, end), *_short_ones(beads, papers, spare, start, end)]
    for place in range(start, min(end, len(beads))):
        bead = beads[place]
        if bead.whole:
            differences += (_difference(place, bead, each) for each in _left(place, bead, unmatched[place], spare))
    return sorted(differences, key=lambda each: each.place)


def _moved_together(beads: Sequence[Bead], papers: Papers, near: range) -> list[Bead]:
    """The beads, with sentences that the papers have in another order put together: in the place of the first one."""
    ours = [place for place in near if _lacking(beads[place]) == "second"]
    theirs = [place for place in near if _lacking(beads[place]) == "first"]
    joined = list(beads)
    if not ours or not theirs:
        return joined
    other: Language = "ru" if papers.language == "en" else "en"
    texts = [papers.texts(beads[place])[0] for place in ours], [papers.texts(beads[place])[1] for place in theirs]
    products = Products(*sides(*texts, papers.language, other))
    for at, there in products.sure:
        if products.likest[at] >= MOVED:
            first, second = beads[ours[at]], beads[theirs[there]]
            joined[ours[at]] = Bead(first.first, second.second, float(products.likest[at]), 1.0)
            joined[theirs[there]] = NOWHERE
    return joined


def _left(place: int, bead: Bead, unmatched: Iterable[Unmatched], spare: _Spare) -> Iterator[Unmatched]:
    for each in unmatched:
        if each.kind in _MOVES:
            first, second = (tuple(spare.lacking(each.kind, side, place)) for side in (0, 1))
            if first or second:
                yield Unmatched(each.kind, first, second)
        elif bead.by or bead.confidence >= LEAST_SURE:
            yield each


class _Spare:
    """What beads have that neither their other side has nor, to spare, one near them: each answers for one other."""

    def __init__(self, unmatched: Mapping[int, Iterable[Unmatched]]) -> None:
        places: dict[tuple[str, str], tuple[list[int], list[int]]] = {}
        for place in sorted(unmatched):
            for each in unmatched[place]:
                for side, values in enumerate((each.first, each.second)):
                    for value in values:
                        places.setdefault((each.kind, value), ([], []))[side].append(place)
        self._lacking: dict[tuple[str, int, int], list[str]] = {}
        for (kind, value), sides_of in places.items():
            for side, alone in enumerate(_unanswered(*sides_of)):
                for place in alone:
                    self._lacking.setdefault((kind, side, place), []).append(value)

    def lacking(self, kind: str, side: int, place: int) -> Sequence[str]:
        """What that side of a bead has and the other paper has nowhere near."""
        return self._lacking.get((kind, side, place), ())


def _unanswered(first: Sequence[int], second: Sequence[int]) -> tuple[list[int], list[int]]:
    """Of places in order, those that are left when each is put with one near it of the other side."""
    left: tuple[list[int], list[int]] = [], []
    at = there = 0
    while at < len(first) and there < len(second):
        step = first[at] - second[there]
        if abs(step) <= NEAR:
            at, there = at + 1, there + 1
        elif step < 0:
            left[0].append(first[at])
            at += 1
        else:
            left[1].append(second[there])
            there += 1
    return [*left[0], *first[at:]], [*left[1], *second[there:]]


def _short_ones(
    beads: Sequence[Bead], papers: Papers, spare: _Spare, start: int, end: int
) -> Iterator[PaperDifference]:
    """Where sentences too short to be told by their words, as cells of a table, have one value in place of another."""
    for place in range(start, min(end, len(beads))):
        if _lone(beads, papers, place) and not (place and _lone(beads, papers, place - 1)):
            run = [*takewhile(lambda at: _lone(beads, papers, at), range(place, min(len(beads), place + NEAR)))]
            for kind in _MOVES:
                only = [tuple(value for at in run for value in spare.lacking(kind, side, at)) for side in (0, 1)]
                if all(only):
                    ordinals = [tuple(n for at in run for n in side(beads[at])) for side in (_first, _second)]
                    yield PaperDifference(kind, place, *map(DifferenceSide, ordinals, only))


def _lone(beads: Sequence[Bead], papers: Papers, place: int) -> bool:
    """Whether a bead is a short sentence that stands in no bead with one of the other paper."""
    return place < len(beads) and _lacking(beads[place]) != "" and _letters(beads[place], papers) < LONG


def _difference(place: int, bead: Bead, found: Unmatched) -> PaperDifference:
    return PaperDifference(
        found.kind, place, DifferenceSide(bead.first, found.first), DifferenceSide(bead.second, found.second)
    )


def _missing(beads: Sequence[Bead], papers: Papers, start: int, end: int) -> Iterator[PaperDifference]:
    """The runs of sentences that one paper lacks which begin here."""
    run_end = end
    while run_end < len(beads) and _lacking(beads[run_end]) == _lacking(beads[run_end - 1]) != "":
        run_end += 1
    for lacking, run in groupby(range(start, min(run_end, len(beads))), key=lambda place: _lacking(beads[place])):
        places = list(run)
        goes_on = start > 0 and places[0] == start and _lacking(beads[start - 1]) == lacking
        if lacking and not goes_on:
            yield from _missing_run([beads[place] for place in places], papers, places[0])


def _missing_run(run: Sequence[Bead], papers: Papers, place: int) -> Iterator[PaperDifference]:
    sizes = [_letters(bead, papers) for bead in run]
    sure = sum(size * bead.confidence for size, bead in zip(sizes, run, strict=True))
    if sum(sizes) >= LONG and sure >= MISSING * sum(sizes):
        first, second = (tuple(n for bead in run for n in side(bead)) for side in (_first, _second))
        yield PaperDifference("missing", place, DifferenceSide(first), DifferenceSide(second))


def _letters(bead: Bead, papers: Papers) -> int:
    return len(_LETTER.findall("".join(papers.texts(bead))))


def _first(bead: Bead) -> tuple[int, ...]:
    return bead.first


def _second(bead: Bead) -> tuple[int, ...]:
    return bead.second


def _lacking(bead: Bead) -> str:
    """Which paper lacks the sentences of a bead, "" if neither does."""
    return "" if bead.whole or bead == NOWHERE else "second" if bead.first else "first"


def _joined(ordinals: Sequence[int], texts: Mapping[int, str]) -> str:
    return " ".join(texts[ordinal] for ordinal in ordinals if ordinal in texts)
