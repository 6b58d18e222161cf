"""Doubts a translation on what can be seen without understanding it. Passes what is fluent and wrong: a person must."""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Final

from indexer.analysis.tokens import tokens
from indexer.checks import markings, numerals
from indexer.lexicon import lookup
from indexer.text import OTHER

GRAVITY: Final[Mapping[str, int]] = {
    **dict.fromkeys(("empty", "copied", "wrong_script", "repeated"), 3),  # hardly a translation
    **dict.fromkeys(("numbers", "symbols", "markings"), 2),  # says something else
    "length": 1,  # perhaps leaves something out
}
"""How doubtful each of `doubts` makes a translation, in steps."""

_ALPHABET: Final = {"en": re.compile(r"[A-Za-z]"), "ru": re.compile(r"[\u0400-\u04ff]")}
_WORD: Final = re.compile(r"[^\W\d_]+(?:[-'’][^\W\d_]+)*")
_ADDRESS: Final = re.compile(r"\b\w{1,20}://\S+|[\w.+-]{1,60}@[\w.-]+|\bwww\.\S+")
_TOKEN: Final = re.compile(r"\w+")
_STUTTER: Final = re.compile(r"([^\W\d_]{1,10}?)\1{5,}", re.IGNORECASE)

_COPIED: Final = (3, 0.7)  # words at least, and what share of the source's; fewer may be a name
_ACRONYM: Final = 5  # letters at most; longer ones in capitals are names where the lexicon does not know them
_PARTICLES: Final = frozenset(
    [
        "abu",
        "al",
        "ben",
        "bin",
        "bint",
        "da",
        "de",
        "del",
        "der",
        "di",
        "dos",
        "du",
        "el",
        "ibn",
        "la",
        "le",
        "ud",
        "ul",
        "umm",
        "ur",
        "van",
        "von",
    ]
)
_FOREIGN: Final = {"en": 0.2, "ru": 0.5}  # share of letters of the other script, names apart; Russian keeps Latin ones
_LONGEST_LOOP: Final = 12  # words
_ECHO: Final = 5  # words that a translation says again
_SAID_AGAIN: Final = 3  # words of the source from which it may: Russian has no articles, and fewer words
_RATIO: Final = {"ru": (0.72, 1.85), "en": (0.57, 1.5)}  # of lengths: 99 of 100 human translations lie within
_SMOOTHED: Final = 10  # characters, since short texts vary more


def issues(source: str, translation: str, source_language: str, target_language: str) -> str | None:
    """Why a translation should not be trusted, as a code, or None if nothing seems wrong: the first of `doubts`."""
    return next(doubts(source, translation, source_language, target_language), None)


def doubts(source: str, translation: str, source_language: str, target_language: str) -> Iterator[str]:
    """All that makes a translation doubtful, as codes, the gravest first.

    The codes: empty, which is then the only one, copied, wrong_script, repeated, numbers, symbols, markings, length.
    """
    if not source.strip():
        return
    if not translation.strip():
        yield "empty"
        return
    if _copied(source, translation, source_language):
        yield "copied"
    if _wrong_script(source, translation, target_language):
        yield "wrong_script"
    yield from (code for code, differ in _COMPARED.items() if differ(source, translation))
    if _wrong_length(source, translation, target_language):
        yield "length"


def _copied(source: str, translation: str, language: str) -> bool:
    """Whether most of the source's words stand in the translation, and not only names."""
    words = [word for word in _words(source) if _ALPHABET[language].match(word)]
    left = Counter(_words(translation))
    copied, names = [], _names(source, language)
    for word in words:
        if left[word]:
            left[word] -= 1
            copied.append(word)
    least, share = _COPIED
    return len(copied) >= max(least, share * len(words)) and not names.issuperset(copied)


def _names(text: str, language: str) -> set[str]:
    """The words of a text that may be names, or stand before one as a part of it."""
    names: set[str] = set()
    before_name = False
    for word in reversed(_words(text)):
        before_name = _may_be_a_name(word, language) or (before_name and word in _PARTICLES)
        if before_name:
            names.add(word)
    return names


def _may_be_a_name(word: str, language: str) -> bool:
    return not word.islower() and (not word.isupper() or len(word) <= _ACRONYM or not _known(word, language))


@lru_cache(maxsize=10_000)
def _known(word: str, language: str) -> bool:
    return bool(lookup.shipped().translations(tokens(word), "en" if language == "en" else "ru"))


def _wrong_script(source: str, translation: str, language: str) -> bool:
    """Whether too much is in letters of the other script, names of the source apart."""
    names = _names(source, OTHER[language]) if language == "ru" else set()
    text = "".join(word for word in _words(translation) if word not in names)
    right, wrong = (len(_ALPHABET[which].findall(text)) for which in (language, OTHER[language]))
    return wrong > _FOREIGN[language] * (right + wrong)


def _words(text: str) -> list[str]:
    """The words of a text, its symbols, markings and addresses apart."""
    return _WORD.findall(markings.left_out(_ADDRESS.sub(" ", text)))


def _repeats(source: str, translation: str) -> bool:
    """Whether the translation says things again that the source does not."""
    if _STUTTER.search(translation) and not _STUTTER.search(source):
        return True
    ours, theirs = (_TOKEN.findall(text.casefold()) for text in (source, translation))
    return _loops(theirs) > max(1, _loops(ours)) or _echoes(theirs, _ECHO) > _echoes(ours, _SAID_AGAIN)


def _loops(tokens: Sequence[str]) -> int:
    """How many times a run of words follows itself at most: a word at least three times, longer runs twice."""
    most = 0
    for size in range(1, _LONGEST_LOOP + 1):
        same = [a == b for a, b in zip(tokens, tokens[size:], strict=False)]
        longest = max((len(list(run)) for equal, run in itertools.groupby(same) if equal), default=0)
        times = longest // size + 1
        most = max(most, times if times >= (3 if size < 3 else 2) else 1)
    return most


def _echoes(tokens: Sequence[str], size: int) -> int:
    """How many times a run of so many words is said at most."""
    runs = Counter(zip(*(tokens[at:] for at in range(size)), strict=False))
    return max([1, *runs.values()])


def _wrong_length(source: str, translation: str, language: str) -> bool:
    ours, theirs = (len(markings.left_out(text).strip()) + _SMOOTHED for text in (source, translation))
    least, most = _RATIO[language]
    return not least <= theirs / ours <= most


_COMPARED: Final[dict[str, Callable[[str, str], bool]]] = {
    "repeated": _repeats,
    "numbers": numerals.differ,
    "symbols": markings.symbols_differ,
    "markings": markings.markings_differ,
}
