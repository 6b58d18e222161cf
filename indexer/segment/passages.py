"""Gathers sentences into passages of even length: what is ranked and shown as evidence."""

from collections.abc import Sequence
from dataclasses import dataclass

from indexer.segment.segments import Segment

ENOUGH, WANTED, MOST = 150, 200, 260
"""Words: a passage is closed from ENOUGH on unless the next segment still fits into WANTED; it never passes MOST."""


@dataclass(frozen=True, slots=True)
class Passage:
    """The segments first..last (both inclusive). Furniture between them is not part of it; page is where it begins."""

    ordinal: int
    page: int
    first: int
    last: int


def passages(segments: Sequence[Segment]) -> list[Passage]:
    """Passages that together hold every segment but furniture, once and in order."""
    groups: list[list[Segment]] = []
    sizes: list[int] = []
    for segment in segments:
        if segment.furniture:
            continue
        size = len(segment.text.split())
        if groups and _fits(sizes[-1], size):
            groups[-1].append(segment)
            sizes[-1] += size
        else:
            groups.append([segment])
            sizes.append(size)
    if len(groups) > 1 and sizes[-1] < ENOUGH // 3 and sizes[-2] + sizes[-1] <= MOST:
        groups[-2:] = [groups[-2] + groups[-1]]
    return [Passage(i, group[0].page, group[0].ordinal, group[-1].ordinal) for i, group in enumerate(groups)]


def _fits(have: int, more: int) -> bool:
    return have + more <= (WANTED if have >= ENOUGH else MOST)
