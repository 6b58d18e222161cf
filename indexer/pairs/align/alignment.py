"""Aligns the sentences of two papers: the best row of beads in one order, found by dynamic programming in a band.

Beads are 1-1, 1-2, 2-1, 2-2, and sentences or whole runs of them that the other paper lacks: gaps cost more to open
than to go on (Gotoh, An improved algorithm for matching biological sequences, 1982). How alike the sides of a bead are
is the cosine of their lexical vectors, less by how far their lengths disagree. What a person has put right stays.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import exp
from typing import Final

import numpy as np

from indexer.pairs.align.band import band
from indexer.pairs.align.path import BeadPlace, best_path
from indexer.pairs.align.products import Products
from indexer.pairs.align.vectors import PaperVectors, sides
from indexer.text import Language

MOST_SENTENCES: Final = 20_000  # of one paper; those after them stand in no bead
SCALE: Final = 0.18  # cosine at which a bead is surer than not


@dataclass(frozen=True, slots=True)
class Bead:
    """Sentences of two papers, by their places, that are each other's translation; one side may be empty.

    `likeness` is the cosine of the sides; `confidence` from 0 to 1, of a missing sentence that it is missing. `by` is
    the user name of whoever put it right, or "" for the machine.
    """

    first: tuple[int, ...]
    second: tuple[int, ...]
    likeness: float
    confidence: float
    by: str = ""

    @property
    def whole(self) -> bool:
        """Whether both papers have it."""
        return bool(self.first and self.second)


def align(
    ours: Sequence[str], theirs: Sequence[str], language: Language, other: Language, fixed: Iterable[Bead] = ()
) -> list[Bead]:
    """The beads of two papers' sentences in their order. `fixed` are beads that a person made, in order: they stay."""
    both = sides(ours[:MOST_SENTENCES], theirs[:MOST_SENTENCES], language, other)
    return aligned(*both, _in_order(fixed))


def aligned(ours: PaperVectors, theirs: PaperVectors, fixed: Sequence[Bead] = ()) -> list[Bead]:
    """As `align`, of sentences that are vectors already. `fixed` crosses nowhere."""
    alone = {at for bead in fixed if not bead.second for at in bead.first}
    their_alone = {at for bead in fixed if not bead.first for at in bead.second}
    beads: list[Bead] = list(fixed)
    edges = [bead for bead in fixed if bead.whole]
    start = Bead((-1,), (-1,), 0.0, 0.0)
    end = Bead((len(ours.vectors),), (len(theirs.vectors),), 0.0, 0.0)
    for before, after in pairwise([start, *edges, end]):
        places = [at for at in range(before.first[-1] + 1, after.first[0]) if at not in alone]
        their_places = [at for at in range(before.second[-1] + 1, after.second[0]) if at not in their_alone]
        beads += _between(ours.chosen(places), theirs.chosen(their_places), places, their_places)
    return sorted(beads, key=_Order(beads))


def _in_order(fixed: Iterable[Bead]) -> list[Bead]:
    """The beads that cross none before them."""
    kept: list[Bead] = []
    ours = theirs = -1
    for bead in fixed:
        if (not bead.first or bead.first[0] > ours) and (not bead.second or bead.second[0] > theirs):
            ours, theirs = max((ours, *bead.first)), max((theirs, *bead.second))
            kept.append(bead)
    return kept


def _between(
    ours: PaperVectors, theirs: PaperVectors, places: Sequence[int], their_places: Sequence[int]
) -> list[Bead]:
    """The beads of a stretch between two that are fixed."""
    products = Products(ours, theirs)
    path = best_path(products, band(products))
    return [_bead(products, place, places, their_places) for place in path]


def _bead(products: Products, place: BeadPlace, places: Sequence[int], their_places: Sequence[int]) -> Bead:
    first = tuple(places[place.first : place.end])
    second = tuple(their_places[place.their_first : place.their_end])
    if first and second:
        likeness = products.cosine(place.first, place.end, place.their_first, place.their_end)
        return Bead(first, second, round(likeness, 3), round(surety(likeness), 3))
    likest = products.likest[place.first] if first else products.their_likest[place.their_first]
    return Bead(first, second, 0.0, round(1 - surety(float(likest)), 3))


def surety(likeness: float) -> float:
    """How sure it is that sentences so alike are each other's translation, 0 to 1."""
    return 1 / (1 + exp(-(likeness - SCALE) / (SCALE / 3)))


class _Order:
    """Sorts beads as the papers go: by our sentences, and those that only they have after what stands before them."""

    def __init__(self, beads: Iterable[Bead]) -> None:
        ends = sorted((bead.second[-1], bead.first[-1]) for bead in beads if bead.whole)
        self._theirs, self._ours = np.array([their for their, _ in ends]), [our for _, our in ends]

    def __call__(self, bead: Bead) -> tuple[float, int, int]:
        if bead.first:
            return (float(bead.first[0]), 0, 0)
        at = int(np.searchsorted(self._theirs, bead.second[0]))
        return (self._ours[at - 1] + 0.5 if at else -0.5, 1, bead.second[0])
