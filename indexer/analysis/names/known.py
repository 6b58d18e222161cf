"""Tells which known name a word or several are a spelling of: places, countries, languages, months, people, bodies."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Final

from indexer.analysis.folding import cyrillic, fold

MOST_NAMES: Final = 2  # that one spelling may be of
MOST_WORDS: Final = 4  # of one name
_DATA: Final = Path(__file__).with_name("data")
_FILES: Final = ("ours.tsv", "words.tsv", "places.tsv")
_SHORTEST: Final = 3  # letters before an ending
_SMALL: Final = "m"  # keys of what Russian writes in small letters: months

_ENDINGS: Final = {  # of Russian cases: what the nominative may end in
    **{"ого": ("ый", "ий"), "ой": ("ая", "а"), "ую": ("ая",), "ым": ("ый",), "им": ("ий",), "ом": ("ый", "ое", "")},
    **{"ем": ("й", "ь", ""), "ей": ("я", "а"), "а": ("",), "я": ("ь", "й"), "у": ("а", ""), "ю": ("я", "ь", "й")},
    **{"е": ("а", "", "я", "ь", "й"), "ы": ("а",), "и": ("а", "я", "ь")},
}


@dataclass(slots=True)
class KnownNames:
    """The keys of names by their spellings, folded: of one word, hyphens left out, and of several."""

    single: dict[str, tuple[str, ...]] = field(default_factory=dict)
    several: dict[str, dict[tuple[str, ...], tuple[str, ...]]] = field(default_factory=lambda: defaultdict(dict))

    def add(self, key: str, name: str) -> None:
        """A spelling of a name; the names that come first have it where it is of too many."""
        words = tuple(map(fold, name.replace("-", "").split()))
        if len(words) == 1:
            self.single[words[0]] = _with(self.single.get(words[0], ()), key)
        elif len(words) <= MOST_WORDS:
            others = self.several[words[0]]
            others[words] = _with(others.get(words, ()), key)

    def of_word(self, exact: str, capital: bool) -> tuple[str, ...]:
        """The keys of the names that a folded word may be a spelling of, in any case of Russian."""
        named = (self.single.get(form, ()) for form in nominatives(exact))
        keys = next(filter(None, named), ())
        small = not capital and cyrillic(exact)
        return keys if capital else tuple(key for key in keys if small and key.startswith(_SMALL))

    def begins(self, exact: str) -> bool:
        """Whether a folded word may be the first of a name of several."""
        return any(form in self.several for form in nominatives(exact))

    def beginning(self, exact: Sequence[str]) -> tuple[int, tuple[str, ...]]:
        """How many of these folded words, from the first on, are a name of several, and its keys; 0 where none."""
        for first in filter(self.several.__contains__, nominatives(exact[0])):
            for words, keys in self.several[first].items():
                if len(exact) >= len(words) and all(map(_is_case_of, exact, words)):
                    return len(words), keys
        return 0, ()


def nominatives(exact: str) -> Iterator[str]:
    """What a folded word may be a case of, itself first."""
    yield exact
    if cyrillic(exact):
        for length in (3, 2, 1):
            bare = exact[:-length]
            if len(bare) >= _SHORTEST:
                yield from (bare + ending for ending in _ENDINGS.get(exact[-length:], ()))


def _is_case_of(exact: str, word: str) -> bool:
    return exact == word or (exact[:2] == word[:2] and word in nominatives(exact))


def _with(keys: tuple[str, ...], key: str) -> tuple[str, ...]:
    return keys if key in keys else (*keys, key)[:MOST_NAMES]


@cache
def known() -> KnownNames:
    """Those that ship with Tolmach, read at the first call."""
    names = KnownNames()
    for file in _FILES:
        for line in (_DATA / file).read_text(encoding="utf-8").splitlines():
            key, _, spellings = line.partition("\t")
            for name in spellings.split("|"):
                names.add(key, name)
    return names
