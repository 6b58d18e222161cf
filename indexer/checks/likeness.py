"""Says how much of a sentence its translation answers: by the lexicon, by how names sound, and by numbers.

A word is answered where a word of its meaning stands in the other text, whatever its form. Words that the lexicon does
not know, and that are no names, say nothing.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby
from typing import Final

from indexer.analysis.tokens import Token, stopword, tokens
from indexer.lexicon import lookup
from indexer.text import Language

_MOST_WORDS: Final = 300  # of a sentence that are looked at
_SHORTEST: Final = 3  # letters of a word, and sounds by which words are compared
_SPELLED: Final = (  # letters of both alphabets by the sound that they share, roughly
    *("shch S", "sch S", "щ S", "tsch C", "tch C", "sh S", "ш S", "ch C", "ч C", "zh S", "ж S", "dj S", "дж S", "j S"),
    *("kh k", "х k", "h k", "ts C", "ц C", "ph f", "ф f", "th t", "ck k", "qu k", "x ks", "q k", "c k", "w v", "b b"),
    *("б b", "v v", "в v", "g k", "г k", "k k", "к k", "d d", "д d", "t t", "т t", "z s", "з s", "s s", "с s", "l l"),
    *("л l", "m m", "м m", "n n", "н n", "p p", "п p", "r r", "р r", "f f"),
)
_SOUND: Final = dict(each.split() for each in _SPELLED)
_SOUNDING: Final = re.compile("|".join(sorted(_SOUND, key=len, reverse=True)))
_DOUBLED: Final = re.compile(r"(.)\1+")

_UNRELATED: Final = (4, 0.15)  # words at least, and what share of them is answered at most, of both texts together
_USUAL: Final = {"ru": 0.09, "en": -0.09}  # natural logarithm of how much longer a translation into it is
# What length, share and gap weigh, by logistic regression on one half of NTREX against the same with a clause left out
_INCOMPLETE: Final = (-5.7, 1.5, 0.38)
_LEAST: Final = {"ru": 2.84, "en": 3.5}  # from where on a translation into it seems to lack something
_SMOOTHED: Final = 10  # characters, since short texts vary more


@dataclass(frozen=True, slots=True)
class Answered:
    """The words of a text that should have an answer, in order: whether each has."""

    words: tuple[bool, ...]

    @property
    def unanswered(self) -> float:
        """What share has none, 0 to 1, low where the words are few."""
        return self.words.count(False) / (len(self.words) + 2)

    @property
    def longest_gap(self) -> int:
        """How many words in a row have none, at most."""
        return max((len(list(run)) for has, run in groupby(self.words) if not has), default=0)


def unrelated(ours: Answered, theirs: Answered) -> bool:
    """Whether two texts have hardly a word in common, by what each answers of the other."""
    words = ours.words + theirs.words
    least, share = _UNRELATED
    return len(words) >= least and words.count(True) < share * len(words)


def incomplete(source: str, translation: str, ours: Answered, theirs: Answered, target_language: str) -> bool:
    """Whether a part of the source seems to be missing: it is short, and words in a row have no answer."""
    by_length, by_share, by_gap = _INCOMPLETE
    longer = math.log((len(translation) + _SMOOTHED) / (len(source) + _SMOOTHED)) - _USUAL[target_language]
    shares = ours.unanswered - theirs.unanswered
    return by_length * longer + by_share * shares + by_gap * ours.longest_gap > _LEAST[target_language]


def answered(text: str, other: str, language: Language) -> Answered:
    """Which words of a text, in this language, have an answer in the other text."""
    theirs = tokens(other)[:_MOST_WORDS]
    readings = {key for token in theirs for key in token.readings}
    sounds = frozenset(_sound_of(other[token.start : token.end]) for token in theirs)
    return Answered(tuple(_answers(text, language, readings, sounds)))


def _answers(text: str, language: Language, readings: set[str], sounds: frozenset[str]) -> Iterator[bool]:
    for at, word in enumerate(tokens(text)[:_MOST_WORDS]):
        written = text[word.start : word.end]
        if word.exact.isdecimal():
            yield word.stem in readings
        elif len(word.exact) >= _SHORTEST and not stopword(word):
            meanings = _meanings(word, language)
            if meanings or (at and written[:1].isupper()):
                yield not readings.isdisjoint(meanings) or _sounds_there(_sound_of(written), sounds)


def _meanings(word: Token, language: Language) -> frozenset[str]:
    return _meanings_of(word.exact, language) or _meanings_of(word.stem, language)


@lru_cache(maxsize=50_000)
def _meanings_of(form: str, language: Language) -> frozenset[str]:
    """The keys of all that a word may mean in the other language."""
    translations = lookup.shipped().translations(tokens(form), language)
    words = (token for each in translations for token in tokens(each.text) if not stopword(token))
    return frozenset(key for token in words for key in token.readings)


def _sound_of(word: str) -> str:
    """How a word of either language sounds, roughly: its consonants."""
    return _DOUBLED.sub(r"\1", "".join(_SOUND[letters] for letters in _SOUNDING.findall(word.lower())))


def _sounds_there(sound: str, sounds: frozenset[str]) -> bool:
    if len(sound) < _SHORTEST:
        return len(sound) > 1 and sound in sounds
    beginning = sound[: max(_SHORTEST, len(sound) - 1)]
    return any(other.startswith(beginning) for other in sounds)
