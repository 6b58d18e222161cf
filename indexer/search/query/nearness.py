"""Makes light pairs of the words that stand near one another in a query: a text that holds a pair counts for more.

In the language of the query they stand side by side. What they mean in the other one is looked for in a short stretch,
in any order, as languages differ in that: the unordered window of Metzler and Croft, A Markov random field model for
term dependencies (2005).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice, takewhile
from typing import Final

from indexer.analysis.tokens import Token
from indexer.engine.contract import Near, Phrase, Term
from indexer.search.query import readings
from indexer.search.query.fields import SEARCHED

LIGHT: Final = 0.8  # part of its weight that a pair counts with
APART: Final = 0.7  # of its weight that a word counts with which was asked for near others
MOST_PAIRS: Final = 12  # of words side by side
_MOST_WORDS: Final = 5  # of a pair, common words between its two included
MOST_ACROSS: Final = 24  # pairs of what words mean in the other language
REACH: Final = 3  # words after one that it makes such a pair with, common ones not counted
BETWEEN: Final = 4  # places that a stretch may have besides the two
LONGEST_TITLE: Final = 24  # words
MOST_MEANINGS: Final = 6  # of what one word means


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A word as a neighbour of others, in its parts, and whether it is too common to be searched by itself.

    `across`: keys of what it means in the other language.
    """

    words: tuple[Token, ...]
    common: bool = False
    across: tuple[str, ...] = ()


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


def as_title(neighbours: Sequence[Neighbour | None]) -> tuple[Term | Phrase, ...]:
    """A query that is nothing but neighbours, as words of a title: a paper may be asked for by its name."""
    words = [word for each in neighbours if each for word in each.words]
    telling = [each for each in neighbours if each and not each.common]
    if None in neighbours or len(telling) < 2 or len(words) > LONGEST_TITLE:
        return ()
    return (replace(readings.in_field(SEARCHED["title"], readings.phrase(words)), share=LIGHT),)


def pairs_across(neighbours: Sequence[Neighbour | None]) -> list[list[Near]]:
    """For each word the pairs of what it means and what those after it mean."""
    begun: list[list[Near]] = [[] for _ in neighbours]
    left = MOST_ACROSS
    for at, first in enumerate(neighbours):
        if first is not None and first.across:
            begun[at] = list(islice(_pairs_across(first, neighbours[at + 1 :]), left))
            left -= len(begun[at])
    return begun


def _pairs_across(first: Neighbour, following: Sequence[Neighbour | None]) -> Iterator[Near]:
    for second in islice((each for each in takewhile(bool, following) if each and not each.common), REACH):
        words = first.across[:MOST_MEANINGS], second.across[:MOST_MEANINGS]
        if second.across and set(words[0]).isdisjoint(words[1]):
            yield Near(words, BETWEEN, LIGHT)


def _pair(run: Sequence[Neighbour | None]) -> Phrase | None:
    words: tuple[Token, ...] = ()
    for at, each in enumerate(run):
        if each is None or len(words) + len(each.words) > _MOST_WORDS:
            return None
        words += each.words
        if at and not each.common:
            return readings.phrase(words, LIGHT)
    return None
