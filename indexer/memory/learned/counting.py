"""Counts which words stand for each other in sentences and their translations. Looks at nothing else but what ships.

IBM's first model (Brown et al., The mathematics of statistical machine translation, 1993) in both directions at once,
whose expectations must agree (Liang, Taskar and Klein, Alignment by agreement, 2006). It begins with what the shipped
lexicon says of the words, so that few sentences are enough: a word that it does not know is left to another such one.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np
from numpy.typing import NDArray

from indexer.analysis import russian
from indexer.analysis.folding import cyrillic, latin
from indexer.analysis.sounds import sound_of
from indexer.analysis.tokens import VERSION as ANALYSIS
from indexer.analysis.tokens import Token, stopword, tokens
from indexer.lexicon.concepts import concepts
from indexer.lexicon.lookup import shipped

VERSION: Final = f"{ANALYSIS}.1"
"""Version of what is learned: it changes whenever the same sentences may teach something else."""

MOST_WORDS: Final = 80  # of a sentence; longer ones say little of their words
MOST_CELLS: Final = 600_000  # words by words, of all sentences that are counted at once
MOST_KEPT: Final = 2_000  # pairs of words of one source, those that were seen most
MOST_OF_WORD: Final = 4  # of one word
LEAST: Final = 0.5  # expected count of a pair that is kept
LEAST_SHARE: Final = 0.1  # of the sentences that hold either word, in which they stand for each other
ROUNDS: Final = 4
SHORTEST: Final = 2  # letters of a word
_KNOWN, _COGNATE, _UNKNOWN = 1.0, 0.5, 0.02  # how likely two words stand for each other before anything is seen
_NOTHING: Final = 0.05  # the same of a word and nothing at all
_SOUND: Final = 5  # letters by whose sound words are cognates

_Numbers = NDArray[np.int64]
_Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class LearnedPair:
    """Two words by their stems, each with a form that people read; `times` is the expected count in hundredths."""

    english: str
    russian: str
    english_text: str
    russian_text: str
    times: int


def learned_pairs(sentences: Iterable[tuple[str, str]]) -> list[LearnedPair]:
    """What sentences, English and Russian, teach that what ships does not say; the most seen first."""
    cells = _Cells()
    for english, other in sentences:
        if not cells.add(_words(english, latin), _words(other, cyrillic)):
            break
    if not cells.pairs:
        return []
    likely = _likely(cells)
    return _kept(cells, likely, _expected(cells, np.array(likely)))


def _words(text: str, written: Callable[[str], bool]) -> list[Token]:
    """The words of a text in one script that say something."""
    long = (word for word in tokens(text) if len(word.stem) >= SHORTEST and written(word.exact))
    return [word for word in long if not stopword(word)]


@dataclass(slots=True)
class _Cells:
    """Which words stand beside which, sentence by sentence: a cell is one word beside one of the other language.

    `pairs` numbers the pairs of stems; `pair_of`, `english_at` and `russian_at` say of each cell which pair it is, and
    which word of which sentence on either side.
    """

    pairs: dict[tuple[str, str], int] = field(default_factory=dict)
    pair_of: list[int] = field(default_factory=list)
    english_at: list[int] = field(default_factory=list)
    russian_at: list[int] = field(default_factory=list)
    sentences: Counter[str] = field(default_factory=Counter)  # that hold a stem
    forms: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    _english_places: int = 0
    _russian_places: int = 0

    def add(self, english: Sequence[Token], russian_words: Sequence[Token]) -> bool:
        """Take a sentence in; whether there was room for it. One that is too long is left out."""
        ours, theirs = (sorted({word.stem for word in words}) for words in (english, russian_words))
        if max(len(english), len(russian_words)) > MOST_WORDS:
            return True
        if len(self.pair_of) + len(ours) * len(theirs) > MOST_CELLS:
            return False
        for word in (*english, *russian_words):
            self.forms[word.stem][word.exact] += 1
        self.sentences.update((*ours, *theirs))
        for at, own in enumerate(ours, self._english_places):
            for there, other in enumerate(theirs, self._russian_places):
                self.pair_of.append(self.pairs.setdefault((own, other), len(self.pairs)))
                self.english_at.append(at)
                self.russian_at.append(there)
        self._english_places += len(ours)
        self._russian_places += len(theirs)
        return True


def _expected(cells: _Cells, before: _Floats) -> _Floats:
    """How often each pair of stems stands for each other, after some rounds; `before` is how likely that is anyway."""
    pair_of, at, there = (np.array(each, np.int64) for each in (cells.pair_of, cells.english_at, cells.russian_at))
    ours, theirs = (_numbered([pair[side] for pair in cells.pairs]) for side in (0, 1))
    forward: _Floats = before
    backward: _Floats = before
    counts: _Floats = before
    for _ in range(ROUNDS):
        agreed = _shares(forward[pair_of], there) * _shares(backward[pair_of], at)
        counts = np.bincount(pair_of, agreed, len(before)).astype(np.float64)
        weighed = counts + before
        forward, backward = weighed / np.bincount(ours, weighed)[ours], weighed / np.bincount(theirs, weighed)[theirs]
    return counts


def _shares(values: _Floats, groups: _Numbers) -> _Floats:
    """Each value's share of its group, in which nothing at all has a part."""
    shares: _Floats = values / (np.bincount(groups, values)[groups] + _NOTHING)
    return shares


def _numbered(stems: Iterable[str]) -> _Numbers:
    numbers: dict[str, int] = {}
    return np.array([numbers.setdefault(stem, len(numbers)) for stem in stems], np.int64)


def _likely(cells: _Cells) -> list[float]:
    """How likely each pair of stems stands for each other by what ships."""
    ships = {english: _shipped_stems(english, _form(cells, english)) for english, _ in cells.pairs}
    return [_KNOWN if other in ships[own] else _by_sound(own, other) for own, other in cells.pairs]


def _by_sound(english: str, other: str) -> float:
    sounds = sound_of(english)[:_SOUND], sound_of(other)[:_SOUND]
    return _COGNATE if sounds[0] == sounds[1] and len(sounds[0]) == _SOUND else _UNKNOWN


def _shipped_stems(stem: str, form: str) -> frozenset[str]:
    """The Russian stems of all that an English word means by what ships."""
    word = [Token(form, stem, 0, len(form))]
    texts = [*(each.text for each in shipped().translations(word, "en")), *concepts().named(word, "en")]
    return frozenset(other.stem for text in texts for other in tokens(text))


def _kept(cells: _Cells, likely: Sequence[float], expected: _Floats) -> list[LearnedPair]:
    """The pairs that were seen often enough, but for those that ship, few of each word; the most seen first."""
    kept: list[LearnedPair] = []
    of_word: Counter[str] = Counter()
    seen = [(-float(count), *pair) for pair, count in zip(cells.pairs, expected, strict=True)]
    for (less, english, other), before in sorted(zip(seen, likely, strict=True)):
        often = -less >= max(LEAST, *(LEAST_SHARE * cells.sentences[stem] for stem in (english, other)))
        if often and before < _KNOWN and max(of_word[english], of_word[other]) < MOST_OF_WORD:
            of_word.update((english, other))
            texts = _form(cells, english), _dictionary_form(other, _form(cells, other))
            kept.append(LearnedPair(english, other, *texts, round(-100 * less)))
    return kept[:MOST_KEPT]


def _form(cells: _Cells, stem: str) -> str:
    """The form in which a stem was seen most."""
    return min(cells.forms[stem].items(), key=lambda form: (-form[1], form[0]))[0]


def _dictionary_form(stem: str, form: str) -> str:
    """A Russian word in dictionary form, where a dictionary has it and its stem is the same."""
    lemma = russian.lemmas(form)[0]
    return lemma if russian.known(lemma) and tokens(lemma)[0].stem == stem else form
