"""Bitexts whose right alignment is known, damaged as papers are: sentences deleted, merged and split, a block missing.

Rows of the gold become sentences. Of the rows the first half is to tune by and the second to report.
"""

from __future__ import annotations

import os
import random
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from figures import ROOT

DATA = Path(os.environ.get("TOLMACH_TEST_DATA", ROOT.parent / "shared" / "data"))
FILES = {"guide": "installation-guide.en-ru.tsv", "asvs": "asvs.en-ru.tsv", "udhr": "udhr.en-ru.tsv"}
SEEDS = {"guide": 1, "asvs": 5, "udhr": 10}

Pieces = tuple[list[str], list[str]]
Link = tuple[tuple[int, ...], tuple[int, ...]]


@dataclass(frozen=True)
class Bitext:
    """Sentences of two papers, and the right beads that have both sides; `other` is the share of beads not 1-1."""

    ours: list[str]
    theirs: list[str]
    gold: frozenset[Link]
    other: float


def rows(name: str, half: int) -> list[tuple[str, str]]:
    """The gold's rows of the half to tune by (0) or to report (1)."""
    lines = (DATA / "align" / FILES[name]).read_text(encoding="utf-8").split("\n")[1:]
    pairs = [(cells[-2], cells[-1]) for line in lines if line for cells in [line.split("\t")]]
    middle = len(pairs) // 2
    return pairs[middle:] if half else pairs[:middle]


def damaged(pairs: Sequence[tuple[str, str]], seed: str, deleted: float, changed: float, block: float) -> Bitext:
    """A bitext of these rows: shares deleted on each side, merged or split, and missing in one block of one side."""
    chance = random.Random(seed)
    size = max(3, int(len(pairs) * block))
    start, of_ours = chance.randrange(len(pairs) - size), chance.random() < 0.5
    beads: list[Pieces] = []
    for at, (ours, theirs) in enumerate(pairs):
        drawn = chance.random()
        gone = (of_ours, not of_ours) if start <= at < start + size else (drawn < deleted, 1 - deleted < drawn)
        beads.append(([] if gone[0] else [ours], [] if gone[1] else [theirs]))
    return _bitext(_changed(beads, chance, changed))


def _changed(beads: Sequence[Pieces], chance: random.Random, share: float) -> list[Pieces]:
    changed: list[Pieces] = []
    for ours, theirs in beads:
        before = changed[-1] if changed else ([], [])
        drawn = chance.random()
        if not (ours and theirs) or drawn >= share:
            changed.append((ours, theirs))
        elif drawn < share / 2 and len(before[0]) == len(before[1]) == 1:  # two rows of one side become one sentence
            side = chance.randrange(2)
            merged = [" ".join([*before[0], *ours])], [" ".join([*before[1], *theirs])]
            changed[-1] = (merged[0], [*before[1], *theirs]) if side else ([*before[0], *ours], merged[1])
        else:
            side = chance.randrange(2)
            changed.append((ours, _split(theirs[0])) if side else (_split(ours[0]), theirs))
    return changed


def _split(text: str) -> list[str]:
    """A sentence cut after the comma or else the space nearest its middle; whole where it is short."""
    cuts = [at + 1 for at, sign in enumerate(text) if sign in ",;:." and text[at + 1 : at + 2] == " "]
    cuts = cuts or [at for at, sign in enumerate(text) if sign == " "]
    cut = min(cuts, key=lambda at: abs(at - len(text) // 2), default=0)
    return [text[:cut], text[cut:].strip()] if len(text) >= 40 and 10 < cut < len(text) - 10 else [text]


def _bitext(beads: Sequence[Pieces]) -> Bitext:
    ours: list[str] = []
    theirs: list[str] = []
    gold: set[Link] = set()
    for first, second in beads:
        if first and second:
            places = range(len(ours), len(ours) + len(first)), range(len(theirs), len(theirs) + len(second))
            gold.add((tuple(places[0]), tuple(places[1])))
        ours += first
        theirs += second
    one_to_one = sum(len(first) == len(second) == 1 for first, second in beads)
    return Bitext(ours, theirs, frozenset(gold), 1 - one_to_one / len(beads))
