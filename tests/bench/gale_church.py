"""Gale and Church, A program for aligning sentences in bilingual corpora (1993): by lengths alone, to compare with."""

from __future__ import annotations

import math
from collections.abc import Sequence

SHAPES = {(1, 1): 0.89, (1, 0): 0.005, (0, 1): 0.005, (2, 1): 0.0445, (1, 2): 0.0445, (2, 2): 0.011}
VARIANCE = 6.8


def gale_church(ours: Sequence[int], theirs: Sequence[int]) -> list[tuple[tuple[int, ...], tuple[int, ...]]]:
    """The beads of two texts, by the lengths of their sentences in characters."""
    mean = sum(theirs) / max(sum(ours), 1)
    best = {(0, 0): 0.0}
    way: dict[tuple[int, int], tuple[int, int]] = {}
    for at in range(len(ours) + 1):
        for there in range(len(theirs) + 1):
            reached = [
                (
                    best[at - a, there - b]
                    + _cost(sum(ours[at - a : at]), sum(theirs[there - b : there]), mean, share),
                    (a, b),
                )
                for (a, b), share in SHAPES.items()
                if (at - a, there - b) in best
            ]
            if reached:
                best[at, there], way[at, there] = min(reached)
    return _traced(way, len(ours), len(theirs))


def _traced(
    way: dict[tuple[int, int], tuple[int, int]], at: int, there: int
) -> list[tuple[tuple[int, ...], tuple[int, ...]]]:
    beads = []
    while at or there:
        a, b = way[at, there]
        if a and b:
            beads.append((tuple(range(at - a, at)), tuple(range(there - b, there))))
        at, there = at - a, there - b
    return beads


def _cost(ours: int, theirs: int, mean: float, share: float) -> float:
    middle = (ours + theirs / mean) / 2 or 1.0
    apart = abs(theirs - ours * mean) / math.sqrt(middle * VARIANCE)
    return -math.log(share) - math.log(max(math.erfc(apart / math.sqrt(2)), 1e-12))
