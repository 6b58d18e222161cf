"""Makes of sentences of both languages vectors in one space: words by the shipped lexicon, names and numbers as such.

A word stands for itself and for its translations, so that the vectors of a sentence and its translation meet in both
languages. Nothing but the two texts and what ships is looked at.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from math import log, sqrt
from typing import Final

import numpy as np
from numpy.typing import NDArray

from indexer.analysis.folding import cyrillic, latin
from indexer.analysis.sounds import sound_of
from indexer.analysis.tokens import Token, stopword, tokens
from indexer.lexicon.concepts import concepts
from indexer.lexicon.lookup import shipped
from indexer.text import Language

MOST_WORDS: Final = 400  # of a sentence that are looked at
MOST_TRANSLATIONS: Final = 10  # of one word
COGNATE: Final = 0.7  # weight of what two words may have in common by sound alone
COGNATE_LENGTH: Final = 5  # letters that they must share
SIGN: Final = 0.5  # weight of a punctuation mark that both languages use alike

_SIGNS: Final = re.compile(r"[?!:;()/%№§&*=<>{}\[\]@#|\\]")
Vector = Mapping[str, float]


@dataclass(frozen=True, slots=True)
class PaperVectors:
    """One paper's sentences as unit-free vectors, weighted; `lengths` in characters."""

    vectors: tuple[Vector, ...]
    lengths: NDArray[np.float64]

    def chosen(self, places: Sequence[int]) -> PaperVectors:
        """Some of its sentences."""
        return PaperVectors(tuple(self.vectors[at] for at in places), self.lengths[np.array(places, dtype=np.intp)])


def sides(
    ours: Sequence[str], theirs: Sequence[str], language: Language, other: Language
) -> tuple[PaperVectors, PaperVectors]:
    """The vectors of two papers' sentences, each feature weighted by how few of all sentences have it."""
    raw = [[features(text, language) for text in ours], [features(text, other) for text in theirs]]
    frequency = Counter(key for side in raw for vector in side for key in vector)
    number = len(ours) + len(theirs)
    weights = {key: log(1 + number / count) for key, count in frequency.items()}
    both = [tuple({key: value * weights[key] for key, value in vector.items()} for vector in side) for side in raw]
    lengths = [np.array([len(text) for text in texts], dtype=np.float64) for texts in (ours, theirs)]
    return PaperVectors(both[0], lengths[0]), PaperVectors(both[1], lengths[1])


def features(text: str, language: Language) -> dict[str, float]:
    """What stands for a sentence: its words in both languages, their sounds, numbers and signs, each with a weight."""
    vector: dict[str, float] = defaultdict(float)
    words = tokens(text)[:MOST_WORDS]
    for key, weight in _of_words(words, language):
        vector[key] += weight
    for sign in _SIGNS.findall(text):
        vector[f"s:{sign}"] = SIGN
    return {key: sqrt(value) if value > 1 else value for key, value in vector.items()}


def _of_words(words: Sequence[Token], language: Language) -> Iterator[tuple[str, float]]:
    for word in words:
        if not stopword(word):
            yield from _own(word)
            yield from _translated(word, language)
    for word, following in pairwise(words):
        if not stopword(word):
            yield from _translations(language, (word.exact, word.stem), (following.exact, following.stem))


def _own(word: Token) -> Iterator[tuple[str, float]]:
    if cyrillic(word.exact):
        yield f"r:{word.stem}", 1.0
    else:
        yield f"e:{word.stem}", 1.0
    sound = sound_of(word.exact)
    if len(sound) >= COGNATE_LENGTH:
        yield f"c:{sound[:COGNATE_LENGTH]}", COGNATE


def _translated(word: Token, language: Language) -> tuple[tuple[str, float], ...]:
    written = latin(word.exact) if language == "en" else cyrillic(word.exact)
    return _translations(language, (word.exact, word.stem)) if written else ()


@lru_cache(maxsize=1 << 17)
def _translations(language: Language, *words: tuple[str, str]) -> tuple[tuple[str, float], ...]:
    """The stems of what words mean together, as a vector of length one; of words by exact form and stem."""
    term = [Token(exact, stem, 0, 0) for exact, stem in words]
    known = [(each.text, each.weight) for each in shipped().translations(term, language)]
    known += [(name, 1.0) for name in concepts().named(term, language)]
    return _spread(known[:MOST_TRANSLATIONS], "r" if language == "en" else "e")


def _spread(known: Sequence[tuple[str, float]], script: str) -> tuple[tuple[str, float], ...]:
    stems: dict[str, float] = {}
    for text, weight in known:
        parts = [word for word in tokens(text) if not stopword(word)]
        for part in parts:
            key = f"{script}:{part.stem}"
            stems[key] = max(stems.get(key, 0.0), weight / sqrt(len(parts)))
    length = sqrt(sum(weight * weight for weight in stems.values())) or 1.0
    return tuple((key, weight / length) for key, weight in stems.items())
