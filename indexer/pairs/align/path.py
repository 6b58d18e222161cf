"""The dynamic programme of an alignment: the row of beads that is worth most, a row of the table at a time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from indexer.pairs.align.band import Band
from indexer.pairs.align.products import Numbers, Products

SHAPES: Final = ((1, 1), (1, 2), (2, 1), (2, 2))  # sentences of ours and theirs in a bead that has both
SMOOTHED: Final = 12  # characters, since the lengths of short sentences disagree more
OURS, THEIRS = 5, 6  # steps: a sentence that they lack, or that we lack; those below are shapes, from 1
GOES_ON, OPENS = 16, 32  # marks beside a step: the run of ours goes on; the run of theirs begins here


@dataclass(frozen=True, slots=True)
class Weights:
    """What the parts of a bead's worth count: tuned on one half of three bitexts (tests/bench/bench_align.py)."""

    least: float = 0.06  # cosine below which sentences are better apart
    length: float = 0.15  # of the logarithm by which lengths disagree
    joined: tuple[float, ...] = (1.0, 1.1, 1.1, 1.2)  # by shape
    price: tuple[float, ...] = (0.0, 0.05, 0.05, 0.1)
    gap: float = 0.02  # to open one
    longer: float = 0.005  # for each further sentence


WEIGHTS: Final = Weights()


@dataclass(frozen=True, slots=True)
class BeadPlace:
    """Where a bead stands: our sentences from `first` to before `end`, and theirs; one of both may be none."""

    first: int
    end: int
    their_first: int
    their_end: int


def best_path(products: Products, limits: Band, weights: Weights = WEIGHTS) -> list[BeadPlace]:
    """The beads worth most together, in order, inside a band."""
    return _Table(products, limits, weights).path()


class _Table:
    """The table: for each number of our sentences done, the best worth by the number of theirs."""

    def __init__(self, products: Products, limits: Band, weights: Weights) -> None:
        self._products, self._limits, self._weights = products, limits, weights
        self._width = len(products.theirs.vectors) + 1
        ours, theirs = products.ours.lengths.sum(), products.theirs.lengths.sum()
        self._ratio = float(theirs / ours) if ours else 1.0
        self._ways: list[NDArray[np.uint8]] = []

    def path(self) -> list[BeadPlace]:
        """Fill the table and trace it back."""
        rows: list[Numbers] = []
        gone, dots = self._nothing(), [np.zeros(0), np.zeros(0)]
        for at in range(len(self._limits)):
            dots = [dots[1], self._products.row(at - 1)] if at else dots
            row, gone = self._row(at, rows, gone, dots)
            rows = [*rows[-1:], row]
        return self._traced()

    def _nothing(self) -> Numbers:
        return np.full(self._width, -np.inf)

    def _row(self, at: int, rows: Sequence[Numbers], gone: Numbers, dots: Sequence[Numbers]) -> tuple[Numbers, Numbers]:
        """The next row, and as it is where it ends with a sentence that they lack."""
        low, high = self._limits[at]
        best, way = self._nothing(), np.zeros(high - low + 1, dtype=np.uint8)
        if at == 0:
            best[0] = 0.0
        for shape, (ours, theirs) in enumerate(SHAPES):
            start = max(low, theirs)
            if ours <= at and start <= high:
                worth = rows[-ours][start - theirs : high + 1 - theirs] + self._gain(shape, at, start, high, dots)
                self._take(best[start : high + 1], way[start - low :], worth, shape + 1)
        missing = self._nothing()
        if at:
            opened, longer = rows[-1] - self._weights.gap, gone - self._weights.longer
            missing[low : high + 1] = np.maximum(opened, longer)[low : high + 1]
            self._take(best[low : high + 1], way, missing[low : high + 1], OURS)
            way |= np.where((longer > opened)[low : high + 1], np.uint8(GOES_ON), np.uint8(0))
        self._ways.append(self._with_theirs(best[low : high + 1], way))
        return best, missing

    @staticmethod
    def _take(best: Numbers, way: NDArray[np.uint8], worth: Numbers, step: int) -> None:
        better = worth > best
        best[better], way[better] = worth[better], step

    def _with_theirs(self, best: Numbers, way: NDArray[np.uint8]) -> NDArray[np.uint8]:
        """Let each place be reached over sentences that we lack: from the best place before, less what a gap costs."""
        paid = np.arange(len(best)) * self._weights.longer
        opened = best + paid
        reached = np.maximum.accumulate(opened)
        worth = np.full(len(best), -np.inf)
        worth[1:] = reached[:-1] - paid[1:] - self._weights.gap + self._weights.longer
        opens = np.zeros(len(best), dtype=bool)
        opens[1:] = opened[:-1] >= reached[:-1]
        better = worth > best
        best[better] = worth[better]
        steps = np.where(better, (way & GOES_ON) | THEIRS, way)
        return np.asarray(steps | np.where(opens, OPENS, 0), dtype=np.uint8)

    def _gain(self, shape: int, at: int, start: int, high: int, dots: Sequence[Numbers]) -> Numbers:
        """What beads of a shape that end with our sentence are worth, for each end among theirs."""
        ours, theirs = SHAPES[shape]
        products, weights = self._products, self._weights
        both = dots[1] if ours == 1 else dots[0] + dots[1]
        last, first = slice(start - 1, high), slice(start - theirs, high - theirs + 1)
        dot = both[last] if theirs == 1 else both[last] + both[first]
        square = products.squares[at - 1] if ours == 1 else products.pair_squares[at - 2]
        their_squares = products.their_squares[last] if theirs == 1 else products.their_pair_squares[first]
        lengths = products.theirs.lengths
        their_length = lengths[last] if theirs == 1 else lengths[last] + lengths[first]
        length = products.ours.lengths[at - ours : at].sum() * self._ratio
        apart = np.abs(np.log((their_length + SMOOTHED) / (length + SMOOTHED)))
        cosine = dot / np.sqrt(np.maximum(square * their_squares, 1e-9))
        worth = cosine - weights.length * apart - weights.least
        return np.asarray(worth * weights.joined[shape] - weights.price[shape])

    def _traced(self) -> list[BeadPlace]:
        at, there = len(self._limits) - 1, self._width - 1
        places: list[BeadPlace] = []
        inside = 0  # the step of the run that we are in
        while at or there:
            way = int(self._ways[at][there - self._limits[at][0]])
            step = inside or way & 15
            ours, theirs = {OURS: (1, 0), THEIRS: (0, 1)}.get(step) or SHAPES[step - 1]
            places.append(BeadPlace(at - ours, at, there - theirs, there))
            at, there = at - ours, there - theirs
            goes_on = (step == OURS and way & GOES_ON) or (step == THEIRS and not way & OPENS)
            inside = step if goes_on else 0
        return places[::-1]
