"""Makes light pairs of the words that stand side by side in a query: a text that holds a pair counts for more."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from indexer.analysis.tokens import Token
from indexer.engine.contract import Phrase
from indexer.search.query import readings

LIGHT: Final = 0.8  # part of its weight that a pair counts with
APART: Final = 0.75  # of its weight that a word counts with which was asked for near others
MOST_PAIRS: Final = 12  # of words side by side
_MOST_WORDS: Final = 5  # of a pair, common words between its two included


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A word as a neighbour of others, in its parts, and whether it is too common to be searched by itself."""

    words: tuple[Token, ...]
    common: bool = False


def pairs(neighbours: Sequence[Neighbour | None]) -> list[list[Phrase]]:
    """For each word the pair that it begins, if any: it and the next word that is not common, with those between."""
    begun: list[list[Phrase]] = [[] for _ in neighbours]
    left = MOST_PAIRS
    for at, first in enumerate(neighbours):
        if first is not None and not first.common and left:
            pair = _pair(neighbours[at : at + _MOST_WORDS])
            begun[at] = [pair] if pair else []
            left -= len(begun[at])
    return begun


def _pair(run: Sequence[Neighbour | None]) -> Phrase | None:
    words: tuple[Token, ...] = ()
    for at, each in enumerate(run):
        if each is None or len(words) + len(each.words) > _MOST_WORDS:
            return None
        words += each.words
        if at and not each.common:
            return readings.phrase(words, LIGHT)
    return None
