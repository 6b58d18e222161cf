"""Compares what two human versions of a text say, an English and a Russian one. Passes what only a person would see.

Numbers, dates, symbols and markings are compared by what they mean, names by their sound and the lexicon. A negation
counts as lost only where the other version has nothing that could say it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache
from typing import Final, Literal

from indexer.analysis.folding import cyrillic, latin
from indexer.analysis.sounds import sound_of
from indexer.analysis.tokens import Token, tokens
from indexer.checks import markings, numerals
from indexer.lexicon.lookup import shipped
from indexer.text import Language

DifferenceKind = Literal["numbers", "dates", "symbols", "names", "negations", "markings", "missing"]

# -- Dates: 14 October 2021, October 14, 2021, 14 октября 2021 года, 2021-10-14, 14.10.2021

_MONTHS: Final = (
    r"jan(?:uary)?|январ[ьяе]",
    r"feb(?:ruary)?|феврал[ьяе]",
    r"mar(?:ch)?|март[ае]?",
    r"apr(?:il)?|апрел[ьяе]",
    r"may|ма[йяе]",
    r"june?|июн[ьяе]",
    r"july?|июл[ьяе]",
    r"aug(?:ust)?|август[ае]?",
    r"sept?(?:ember)?|сентябр[ьяе]",
    r"oct(?:ober)?|октябр[ьяе]",
    r"nov(?:ember)?|ноябр[ьяе]",
    r"dec(?:ember)?|декабр[ьяе]",
)
_MONTH: Final = "|".join(_MONTHS)
_DAYS: Final = r"(?P<d>\d{1,2})(?:\s?[-–—]\s?(?P<e>\d{1,2})| (?:and|to|и|по) (?P<f>\d{1,2}))?"
_YEAR: Final = r"(?P<y>(?:19|20)\d\d)"
_DATES: Final = (
    re.compile(rf"\b{_YEAR}-(?P<m>\d\d)-(?P<d>\d\d)\b"),
    re.compile(rf"\b(?P<d>\d{{1,2}})\.(?P<m>\d{{1,2}})\.{_YEAR}\b"),
    re.compile(rf"\b{_DAYS}(?:st|nd|rd|th|-?го)?\s+(?:of\s+)?(?P<m>{_MONTH})\b(?:,?\s+{_YEAR})?", re.IGNORECASE),
    re.compile(rf"\b(?P<m>{_MONTH})\s+{_DAYS}(?:st|nd|rd|th)?\b(?:,?\s+{_YEAR})?", re.IGNORECASE),
    re.compile(rf"\b(?P<m>{_MONTH}),?\s+{_YEAR}\b", re.IGNORECASE),
)
_BY_NAME: Final = [(re.compile(names, re.IGNORECASE), number) for number, names in enumerate(_MONTHS, 1)]

# -- Negations

_DENIES: Final = {
    "en": re.compile(r"\b(?:not|never|cannot|nobody|nothing|none|neither|nor|no)\b|n['’]t\b", re.IGNORECASE),
    "ru": re.compile(r"\b(?:не|нет|ни|никогда|никто|никак\w+|ничего|нельзя)\b", re.IGNORECASE),
}
_MAY_DENY: Final = {
    "en": re.compile(
        r"\b(?:un\w{4,}|without|unless|few|little|hardly|lack\w*|fail\w*|refus\w*|den[iy]\w*|prohibit\w*|forbid\w*"
        r"|absen\w+|instead|rather|other than|until|missing|in(?:valid|complete|adequate|ability|sufficient)\w*)\b",
        re.IGNORECASE,
    ),
    "ru": re.compile(
        r"\b(?:не\w{4,}|без|без\w{4,}|кроме|отсутств\w+|запре\w+|отказ\w*|мало|исключ\w+|избега\w+|вместо|лиш[её]\w+)\b",
        re.IGNORECASE,
    ),
}
_NO_DENIAL: Final = re.compile(  # what says "not" and denies nothing
    r"\bне (?:менее|более|меньше|больше|позднее|позже|ранее|раньше|только)\b|\bnot (?:less|more|later|only|earlier)\b"
    r"|\bno (?:less|more|later|fewer|earlier) than\b",
    re.IGNORECASE,
)

# -- Names

_NAME: Final = 4  # letters at least
_SOUNDS_ALIKE: Final = 0.72


@dataclass(frozen=True, slots=True)
class Unmatched:
    """Where two texts say different things: of what kind, and what of each has nothing in the other."""

    kind: DifferenceKind
    first: tuple[str, ...]
    second: tuple[str, ...]


def compared(first: str, second: str, language: Language) -> Iterator[Unmatched]:
    """What two versions of a text say differently. `language` is that of the first; the second is in the other."""
    bare = [_without_dates(markings.left_out(text)) for text in (first, second)]
    pairs: tuple[tuple[DifferenceKind, tuple[list[str], list[str]]], ...] = (
        ("dates", unmatched_dates(first, second)),
        ("numbers", numerals.unmatched(*bare)),
        ("symbols", markings.unmatched_symbols(first, second)),
        ("markings", markings.unmatched_markings(first, second)),
        ("names", _in_order(unmatched_names, first, second, language)),
        ("negations", _in_order(lost_negations, first, second, language)),
    )
    yield from (Unmatched(kind, tuple(a), tuple(b)) for kind, (a, b) in pairs if a or b)


def _in_order(
    compare: Callable[[str, str], tuple[list[str], list[str]]], first: str, second: str, language: Language
) -> tuple[list[str], list[str]]:
    """What a comparison of English with Russian says, in the order of the texts given."""
    if language == "en":
        return compare(first, second)
    russian, english = compare(second, first)[::-1]
    return russian, english


def unmatched_dates(first: str, second: str) -> tuple[list[str], list[str]]:
    """The dates of each text that the other has not. One without its year matches any year's."""
    ours, theirs = list(_dates(first)), list(_dates(second))
    for found in list(ours):
        match = next((other for other in theirs if _same_date(found, other)), None)
        if match is not None:
            ours.remove(found)
            theirs.remove(match)
    return list(map(_as_text, ours)), list(map(_as_text, theirs))


_Date = tuple[int, int, tuple[int, ...]]  # year or 0, month, days


def _dates(text: str) -> Iterator[_Date]:
    for form in _DATES:
        for match in form.finditer(text):
            parts = match.groupdict()
            days = tuple(int(parts[name]) for name in "def" if parts.get(name))
            yield int(parts.get("y") or 0), _month(parts["m"]), days
        text = form.sub(" ", text)


def _month(text: str) -> int:
    return int(text) if text.isdigit() else next(number for form, number in _BY_NAME if form.fullmatch(text))


def _same_date(first: _Date, second: _Date) -> bool:
    return first[1:] == second[1:] and (first[0] == second[0] or not (first[0] and second[0]))


def _as_text(found: _Date) -> str:
    year, month, days = found
    return "-".join(filter(None, (f"{year}" if year else "", f"{month:02}", "/".join(f"{day:02}" for day in days))))


def _without_dates(text: str) -> str:
    for form in _DATES:
        text = form.sub(" ", text)
    return text


def lost_negations(english: str, russian: str) -> tuple[list[str], list[str]]:
    """The first negation of a text where the other has nothing that could say it."""
    english, russian = _NO_DENIAL.sub(" ", english), _NO_DENIAL.sub(" ", russian)
    ours, theirs = _DENIES["en"].search(english), _DENIES["ru"].search(russian)
    lost = ours and not theirs and not _MAY_DENY["ru"].search(russian)
    gained = theirs and not ours and not _MAY_DENY["en"].search(english)
    return [ours[0].lower()] if ours and lost else [], [theirs[0].lower()] if theirs and gained else []


def unmatched_names(english: str, russian: str) -> tuple[list[str], list[str]]:
    """The names of each text that the other does not say; none unless both have such: one took another's place."""
    ours, theirs = tokens(english), tokens(russian)
    sides = ((english, ours, theirs, "en"), (russian, theirs, ours, "ru"))
    first, second = (
        [text[name.start : name.end] for name in _names(text, words) if not _said(name, others, language)]
        for text, words, others, language in sides
    )
    return (first, second) if first and second else ([], [])


def _names(text: str, words: list[Token]) -> Iterator[Token]:
    """Words in the middle of a sentence that begin with a capital letter and are no ordinary words."""
    for word in words[1:]:
        written = text[word.start : word.end]
        if len(written) >= _NAME and written[0].isupper() and written[1:].islower() and written.isalpha():
            yield word


def _said(name: Token, others: list[Token], language: str) -> bool:
    """Whether a name may stand among the words of the other text: by its translation, or by its sound."""
    known = _meanings(name.exact, name.stem, "ru" if language == "ru" else "en")
    if known is not None:
        return not known or any(word.stem in known for word in others) or _sounds(name, others)
    return _sounds(name, others)


def _sounds(name: Token, others: list[Token]) -> bool:
    own = sound_of(name.exact)
    return any(_alike(own, sound_of(word.exact)) for word in others if len(word.exact) >= _NAME - 1)


@lru_cache(maxsize=1 << 14)
def _meanings(exact: str, stem: str, language: Language) -> frozenset[str] | None:
    """The stems of what a place is called in the other language, none of an ordinary word; None if unknown."""
    written = latin(exact) if language == "en" else cyrillic(exact)
    known = shipped().translations([Token(exact, stem, 0, 0)], language) if written else ()
    if not known:
        return None
    if not any(each.entry.domain == "geography" for each in known):
        return frozenset()
    return frozenset(word.stem for each in known for word in tokens(each.text))


@lru_cache(maxsize=1 << 16)
def _alike(first: str, second: str) -> bool:
    if not first or not second:
        return False
    return first[:4] == second[:4] or SequenceMatcher(None, first, second).ratio() >= _SOUNDS_ALIKE
