"""Scores how far a page's text reads like text. Refuses nothing: a low score only calls for a second look.

Looks at some of the words: Cyrillic ones by dictionary, Latin ones by their pairs of letters.
"""

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import pairwise

from indexer.analysis import russian
from indexer.extract.pages import UNMAPPED

SUSPECT = 0.8
"""A page that scores less is read a second time. Sound pages score above 0.9, but for one in a hundred."""

_SAMPLE = 80  # tokens of a page
_PRIOR = 2  # words of a page that are taken to be good unseen: a few odd words prove nothing
_BAD, _ODD, _FOREIGN, _LIKELY_NAME, _REGIONAL_WORD, _GOOD = 0.0, 0.35, 0.6, 0.7, 0.85, 1.0
_SOME_BAD = 0.05  # share of broken words
_REGIONAL_SHARE = 0.04  # of Cyrillic words with Central Asian letters: from here on it is one of those languages

_RUN = re.compile(r"[^\W\d_]+")
_CYRILLIC = re.compile(r"[\u0400-\u052f]")
_LATIN = re.compile(r"[A-Za-z\u00c0-\u024f]")
_REGIONAL = re.compile(r"[әғқңөұүһіјҷҳӣӯў]", re.IGNORECASE)
_MOJIBAKE = re.compile(r"[\u00c0-\u00ff\u0152\u0153\u0178]{3}|^[\u00c0-\u00ff]{2}$|[\u00d7\u00f7][\u00c0-\u00ff]{2}")
_ACCENTS = re.compile(r"[\u00c0-\u00ff]{4}")
_FEW_ACCENTED = 2
_BROKEN = re.compile(rf"[\x00-\x08\x0e-\x1f\x7f-\x9f\ue000-\uf8ff\ufffd\ufffe{UNMAPPED}-\U0010ffff]")
_BULLETS = re.compile(r"[\ue000-\uf8ff]")
_SYMBOL_INSIDE = re.compile(r"[^\W\d_][${}|!~^\\<>=]+[^\W\d_]|[^\W\d_][${}|^~\\]|[${}|^~\\][^\W\d_]")
_INNER_CAPITAL = re.compile(r"[а-яё][А-ЯЁ]")
_DIGIT_INSIDE = re.compile(r"[А-Яа-яёЁ]\d+[А-Яа-яёЁ$]")

_FOLLOWERS = {
    **{"a": "bcdgiklmnprstuvy", "b": "adeilorsu", "c": "acehiklortu", "d": "aeiorsuvy", "e": "abcdefgilmnopqrstuvwxy"},
    **{"f": "aefioru", "g": "aehilnorsu", "h": "aeiortuy", "i": "abcdefgklmnoprstvxz", "j": "ou", "k": "einsy"},
    **{"l": "adefilmostuvy", "m": "aebimopsuy", "n": "acdefgiklnostuvy", "o": "abcdefgiklmnoprstuvwxy"},
    **{"p": "aehiloprstuy", "q": "u", "r": "acdegiklmnoprstuvy", "s": "acdehiklmnopqrstuwy", "t": "acehilmnorstuwy"},
    **{"u": "abcdegilmnprstx", "v": "aeio", "w": "aehinorst", "x": "acitp", "y": "eaiolmnpst", "z": "aeio"},
}
"""Letters that follow each other in 98 % of English text; letters in no order do so one time in three."""


def quality(lines: Iterable[str]) -> float:
    """From 0 (no word looks like one) to 1. A page without words scores 1: there is nothing to doubt."""
    tokens = [token for line in lines for token in line.split()]
    step = max(1, len(tokens) // _SAMPLE)
    return score(tokens[::step])


def suspect(lines: Sequence[str], mark: float) -> bool:
    """Whether a page of this quality is to be read a second time: for its score, or for words of accents alone."""
    return mark < SUSPECT or len(_ACCENTS.findall(" ".join(lines))) >= _FEW_ACCENTED


def score(tokens: Sequence[str]) -> float:
    """The mean of what the words say, drawn towards 1 where they are few."""
    said = marks(tokens)
    return (sum(said) + _PRIOR) / (len(said) + _PRIOR)


def marks(tokens: Sequence[str]) -> list[float]:
    """What each word says, from 0 to 1; a word in no dictionary says less in the company of broken ones."""
    said = [mark for mark in map(_mark, tokens) if mark is not None]
    unknown = _ODD if said.count(_BAD) > _SOME_BAD * len(said) else _FOREIGN
    if _regional(tokens):
        unknown = _REGIONAL_WORD
    return [unknown if mark == _ODD else mark for mark in said]


def _regional(tokens: Sequence[str]) -> bool:
    """Whether the text is in a language of Central Asia, by its letters."""
    cyrillic = sum(1 for token in tokens if _CYRILLIC.search(token))
    return sum(1 for token in tokens if _REGIONAL.search(token)) > _REGIONAL_SHARE * cyrillic


@lru_cache(maxsize=20_000)
def _mark(token: str) -> float | None:
    """What a token says for the page; None if nothing: numbers, signs, single letters, short capitals."""
    if _BROKEN.search(token):
        return None if _BULLETS.fullmatch(token) else _BAD
    runs = _RUN.findall(token)
    if not runs:
        return None
    if any(_MOJIBAKE.search(run) or _mixed(run) for run in runs):
        return _BAD
    if _CYRILLIC.search(token):
        return _russian(token, runs)
    longest = max(runs, key=len)
    return _english(longest) if len(longest) > 2 else None


def _mixed(run: str) -> bool:
    """Whether a run of letters is of both alphabets; one letter at an end may be a mark or a slip of the keyboard."""
    return bool(_CYRILLIC.search(run[1:-1]) and _LATIN.search(run[1:-1]))


def _russian(token: str, runs: Sequence[str]) -> float | None:
    odd = _SYMBOL_INSIDE.search(token) or _DIGIT_INSIDE.search(token)
    marks = [_russian_word(run) for run in runs if len(run) > 2]
    all_in_dictionary = bool(marks) and min(marks) == _GOOD
    if (odd or _INNER_CAPITAL.search(token)) and not all_in_dictionary:
        return _BAD
    return min(marks, default=None)


def _russian_word(run: str) -> float:
    if len(set(run)) == 1:
        return _LIKELY_NAME  # xxx: filled in for something
    if russian.known(run.lower()):
        return _GOOD
    return _LIKELY_NAME if run.istitle() or _LATIN.search(run) else _ODD


def _english(run: str) -> float | None:
    """By the share of letter pairs that English has; what is short and all capitals is an abbreviation."""
    if run.isupper() and len(run) < 6:
        return None
    word = run.lower()
    hits = sum(second in _FOLLOWERS.get(first, "") for first, second in pairwise(word))
    share = hits / (len(word) - 1)
    if not word.isascii():
        return _LIKELY_NAME if _LATIN.search(word) else None
    return _GOOD if share >= 0.7 else _LIKELY_NAME if share >= 0.5 else _BAD
