"""Gives a word the keys that it may be found by as a name, in whatever script or spelling. Knows capitals alone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import islice
from typing import Final

from indexer.analysis import russian, surnames
from indexer.analysis.folding import cyrillic, fold, latin
from indexer.analysis.names import spelling
from indexer.analysis.names.known import known

MARK: Final = "@"  # keeps these keys apart from stems
KNOWN: Final = MARK + MARK  # before those of known names
MOST: Final = 5  # of one word
_MOST_SPELLINGS: Final = 3
_SHORTEST: Final = 2  # letters


def keys(raw: str, exact: str) -> Iterator[str]:
    """The keys of a word as written and as folded, at most `MOST`; none of most words without a capital."""
    if exact.isalpha() and len(exact) >= _SHORTEST:
        capital = raw[:1].isupper()
        yield from (KNOWN + key for key in known().of_word(exact, capital))
        if capital:
            yield from (MARK + key for key in islice(_spelled(raw, exact), _MOST_SPELLINGS))


def of_several(exact: Sequence[str]) -> tuple[int, tuple[str, ...]]:
    """How many of these folded words, from the first on, are a known name of several, and its keys; 0 where none."""
    length, names = known().beginning(exact)
    return length, tuple(KNOWN + key for key in names)


@lru_cache(maxsize=1 << 14)
def begins_several(raw: str) -> bool:
    """Whether a word as written may be the first of a known name of several."""
    return raw[:1].isupper() and known().begins(fold(raw))


def _spelled(raw: str, exact: str) -> Iterator[str]:
    forms = _forms(exact) if cyrillic(exact) else [raw] if latin(exact) else []
    yield from dict.fromkeys(key for form in forms for key in spelling.keys(form))


def _forms(exact: str) -> Sequence[str]:
    """A Russian word without what its case added, if it may be a name: by a dictionary, or else by its endings."""
    word = russian.spellings(exact)[0]
    analysed = russian.analysed(word)
    bare = [key[1:] for key in surnames.keys(word, analysed.surname, capital=True)]
    if analysed.names:
        return [*analysed.names, *bare]
    adjectival = surnames.adjectival(word)
    return [exact, *bare] if analysed.surname or bare else [adjectival] if adjectival else []
