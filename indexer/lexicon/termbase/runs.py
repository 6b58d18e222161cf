"""Words of a term as they are looked for in a text, in any inflected form: the readings of each word, in a row."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Final, Generic, TypeVar

from indexer.analysis.tokens import Token, tokens

MOST_WORDS: Final = 8  # of a term that is found in a text
_ENDS: Final = frozenset(".!?;:•|\n")  # between words that belong to no one term

Owner = TypeVar("Owner")


@dataclass(frozen=True)
class Run:
    """The words of a term. `pattern` holds the readings of each: "|r1|r2| |r1|"; `exact` the words as written, folded.

    It is looked up by its anchor, the stem of its longest word.
    """

    anchor: str
    exact: str
    pattern: str

    @cached_property
    def readings(self) -> tuple[frozenset[str], ...]:
        """Those of each word."""
        return tuple(frozenset(word.strip("|").split("|")) for word in self.pattern.split(" "))

    @cached_property
    def anchored(self) -> tuple[int, ...]:
        """Which of the words may be the anchor."""
        return tuple(at for at, readings in enumerate(self.readings) if self.anchor in readings)


def run_of(text: str) -> Run | None:
    """How a term is looked for; None where it holds no word, or more than are looked for."""
    words = tokens(text)
    if not 0 < len(words) <= MOST_WORDS:
        return None
    anchor = max(words, key=lambda word: len(word.stem)).stem
    pattern = " ".join("|" + "|".join(own_readings(word)) + "|" for word in words)
    return Run(anchor, " ".join(word.exact for word in words), pattern)


def own_readings(word: Token) -> list[str]:
    """The readings of a word, but for those of a compound that begins before it."""
    return [word.stem, *(key for key in word.others if not key.startswith("+"))]


def anchors_in(words: Iterable[Token]) -> list[str]:
    """All that terms in a text may be looked up by, each once."""
    return list(dict.fromkeys(reading for word in words for reading in own_readings(word)))


@dataclass(frozen=True, slots=True)
class RunMatch(Generic[Owner]):
    """Where a term stands: from token `first` to before `end`; what it belongs to, and whether written just so."""

    first: int
    end: int
    owner: Owner
    exact: bool


class RunMatcher(Generic[Owner]):
    """Finds terms in a text. Each comes with what it belongs to."""

    def __init__(self, runs: Iterable[tuple[Run, Owner]]) -> None:
        self._by_anchor: dict[str, list[tuple[Run, Owner]]] = defaultdict(list)
        for run, owner in runs:
            self._by_anchor[run.anchor].append((run, owner))

    def matches(self, words: Sequence[Token], text: str = "") -> Iterator[RunMatch[Owner]]:
        """Every term that stands in the words, each place once; with the text, none over the end of a sentence."""
        readings = [frozenset(own_readings(word)) for word in words]
        breaks = [text and bool(_ENDS & set(text[a.end : b.start])) for a, b in pairwise(words)]
        for at, of_word in enumerate(readings):
            for run, owner in (each for reading in sorted(of_word) for each in self._by_anchor.get(reading, ())):
                for first in _firsts(run, at, readings):
                    end = first + len(run.readings)
                    if not any(breaks[first : end - 1]):
                        written = " ".join(word.exact for word in words[first:end])
                        yield RunMatch(first, end, owner, written == run.exact)


def _firsts(run: Run, at: int, readings: Sequence[frozenset[str]]) -> Iterator[int]:
    """Where a run begins that has its anchor at a word: nowhere or at one place; of equal anchors the first counts."""
    for anchored in run.anchored[:1]:
        first = at - anchored
        if first >= 0 and first + len(run.readings) <= len(readings):
            of_text = readings[first : first + len(run.readings)]
            if all(own & other for own, other in zip(run.readings, of_text, strict=True)):
                yield first


def by_place(matches: Iterable[RunMatch[Owner]]) -> dict[tuple[int, int], list[RunMatch[Owner]]]:
    """The matches by place; of one place those that are written just so, if any are: training is no train."""
    places: dict[tuple[int, int], list[RunMatch[Owner]]] = defaultdict(list)
    for match in matches:
        places[match.first, match.end].append(match)
    return {place: [each for each in here if each.exact] or here for place, here in places.items()}


def longest(matches: Iterable[RunMatch[Owner]]) -> dict[tuple[int, int], list[RunMatch[Owner]]]:
    """As `by_place`, in the order of the text: the longest matches are taken first, and none over another."""
    places = by_place(matches)
    taken: set[int] = set()
    kept: dict[tuple[int, int], list[RunMatch[Owner]]] = {}
    for first, end in sorted(places, key=lambda place: (place[0] - place[1], place)):
        if taken.isdisjoint(range(first, end)):
            taken.update(range(first, end))
            kept[first, end] = places[first, end]
    return dict(sorted(kept.items()))
