"""Where an alignment can run: a band around sentences that are surely each other's, so that long papers stay cheap.

Sure are two sentences that are each other's likest and stand in one order with all other such (the heaviest increasing
chain). Between them anything is looked at; far from them nothing is.
"""

from __future__ import annotations

import bisect
from collections.abc import Sequence
from typing import Final

from indexer.pairs.align.products import Products

SURE: Final = 0.3  # cosine of two sentences that may hold the band
MARGIN: Final = 25  # sentences around the chain
SPARED: Final = 3  # links of the chain on each side that may be wrong
WIDEST: Final = 2_000  # sentences looked at for one

Band = Sequence[tuple[int, int]]
"""For each number of our sentences done, the least and most of theirs."""


def band(products: Products) -> Band:
    """The band of two papers, from (0, …) to (…, all of theirs), both ends never falling."""
    ours, theirs = len(products.ours.vectors), len(products.theirs.vectors)
    links = _chain(_sure(products))
    rows = [first for first, _ in links]
    limits: list[tuple[int, int]] = []
    for at in range(ours + 1):
        here = bisect.bisect_left(rows, at)
        before, after = here - SPARED, here + SPARED - 1
        least = links[before][1] - MARGIN if before >= 0 else 0
        most = links[after][1] + MARGIN if after < len(links) else theirs
        middle = at * theirs // max(ours, 1)
        if most - least > WIDEST:
            centre = min(max(middle, least + WIDEST // 2), most - WIDEST // 2)
            least, most = centre - WIDEST // 2, centre + WIDEST // 2
        limits.append((max(0, least), min(theirs, most)))
    return _joined(limits, theirs)


def _joined(limits: Sequence[tuple[int, int]], theirs: int) -> Band:
    """The limits made to rise, to meet, and to reach both corners."""
    rising, least, most = [], 0, 0
    for low, high in limits:
        least, most = max(least, min(low, most)), max(most, high)
        rising.append((least, most))
    rising[0], rising[-1] = (0, rising[0][1]), (rising[-1][0], theirs)
    return rising


def _sure(products: Products) -> list[tuple[int, int, float]]:
    """Pairs of sentences that may hold the band, and how alike they are."""
    alike = ((at, their, float(products.likest[at])) for at, their in products.sure)
    return [each for each in alike if each[2] >= SURE]


def _chain(pairs: Sequence[tuple[int, int, float]]) -> list[tuple[int, int]]:
    """The heaviest chain of pairs that rises on both sides."""
    ends: list[int] = []  # their sentences at which a chain may end, rising, each with a heavier chain than the last
    chains: list[tuple[float, int]] = []
    before: list[int] = []
    for number, (_, their, weight) in enumerate(pairs):
        at = bisect.bisect_left(ends, their)
        total, previous = (chains[at - 1][0] + weight, chains[at - 1][1]) if at else (weight, -1)
        before.append(previous)
        end = at
        while end < len(ends) and chains[end][0] <= total:
            end += 1
        if at == len(ends) or ends[at] != their or end > at:
            ends[at:end], chains[at:end] = [their], [(total, number)]
    links: list[tuple[int, int]] = []
    number = chains[-1][1] if chains else -1
    while number >= 0:
        links.append(pairs[number][:2])
        number = before[number]
    return links[::-1]
