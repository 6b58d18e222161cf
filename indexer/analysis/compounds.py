"""Finds what is one thing though it is written as several words: with hyphens, in groups of digits, as a date.

Looks closer only where a hyphen or a number stands, at a bounded stretch of the text.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, Protocol

MOST_WORDS: Final = 10
"""Words of one compound; what has more is none."""

_MOST_DAYS: Final = 4  # of one stretch of days, beyond which only the first and last are told
_MOST_PARTS: Final = 4  # of a word with hyphens
_LEAST_DIGITS: Final = 7  # of a number in groups of any length
_ACCOUNT_BEGINS: Final = 4  # letters and digits before the first blank of an account's number
_RESOLUTIONS: Final = ("resolution", "резолюци")
_RU = [
    "января",
    "февраля",
    "марта",
    "апреля",
    "мая",
    "июня",
    "июля",
    "августа",
    "сентября",
    "октября",
    "ноября",
    "декабря",
]
_EN = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
]
_MONTHS: Final = {name: at for names in (_RU, _EN, [n[:3] for n in _EN]) for at, name in enumerate(names, 1)} | {
    "sept": 9
}
_BLANK, _END = r"[ \u00a0\u202f]", r"(?![^\W_])"
_TO = r"(?: ?[-–—] ?(\d{1,2}))?"
_MONTH = rf"{_BLANK}{{1,2}}(?:of )?([^\W\d_]{{3,9}})\.?,?{_BLANK}{{1,2}}(\d{{4}}){_END}"

_HYPHEN = re.compile("[-\u2010\u2011]")
_THOUSANDS = re.compile(rf"\d{{1,3}}(?:[ \u00a0\u202f,.’']\d{{3}}){{1,5}}{_END}")
_GROUPS = re.compile(rf"\d{{1,20}}(?:[ \u00a0\u202f.–-]\d{{1,20}}){{1,9}}{_END}")
_TELEPHONE = re.compile(rf"(?:\d{{1,3}}[ -]?)?\(\d{{2,5}}\) ?\d{{2,7}}(?:[ \u00a0-]\d{{2,4}}){{0,3}}{_END}")
_ACCOUNT = re.compile(rf"[A-Z]{{2}}\d{{2}}(?:[ \u00a0][A-Z\d]{{4}}){{2,7}}(?:[ \u00a0]\d{{1,3}})?{_END}")
_SERIES = re.compile(rf"[A-ZА-Я]{{1,3}}(?: ?№ ?|[ \u00a0])\d{{5,9}}{_END}")
_DAY_FIRST = re.compile(rf"(\d{{1,2}}){_TO}(?:st|nd|rd|th)?{_MONTH}")
_MONTH_FIRST = re.compile(
    rf"([^\W\d_]{{3,9}})\.?{_BLANK}{{1,2}}(\d{{1,2}}){_TO}(?:st|nd|rd|th)?,?{_BLANK}{{1,2}}(\d{{4}}){_END}"
)
_IN_FIGURES = re.compile(rf"(\d{{1,2}})([./])(\d{{1,2}})\2(\d{{4}}){_END}")
_YEAR_FIRST = re.compile(rf"(\d{{4}})-(\d\d)-(\d\d){_END}")
_RESOLUTION = re.compile(  # of the United Nations, with or without its symbol
    rf"(?:/RES/|(?:[Rr]esolutions?|[Рр]езолюци[а-я]{{1,3}}){_BLANK}{{1,2}}(?:№ ?)?)(\d{{1,4}}(?:/\d{{1,4}})?){_END}"
)
_DATES: Final = frozenset({_DAY_FIRST, _MONTH_FIRST, _IN_FIGURES, _YEAR_FIRST})
_SIGNS = re.compile(r"[^\w]+")
_BLANKS = re.compile(r"[\s()]")


class PlacedWord(Protocol):
    """A word of the text."""

    @property
    def exact(self) -> str: ...
    @property
    def start(self) -> int: ...
    @property
    def end(self) -> int: ...


@dataclass(frozen=True, slots=True)
class Compound:
    """From which word to before which it stands; the one word that it would be, and keys that are no words."""

    first: int
    end: int
    solid: str = ""
    keys: tuple[str, ...] = ()


def compounds(text: str, words: Sequence[PlacedWord]) -> Iterator[Compound]:
    """The compounds of a text, given its words; the same stretch may be of several kinds."""
    yield from _hyphened(text, words)
    yield from numbers(text, words)


def _hyphened(text: str, words: Sequence[PlacedWord]) -> Iterator[Compound]:
    """Words with nothing but one hyphen between each two."""
    starts: list[int] = []
    end = 0
    for hyphen in _HYPHEN.finditer(text):
        starts = starts or [word.start for word in words]
        first = bisect_left(starts, hyphen.start()) - 1
        if first < end or first + 1 >= len(words):
            continue
        end = first + 1
        while (
            end < len(words) and words[end].start == words[end - 1].end + 1 and _HYPHEN.match(text, words[end - 1].end)
        ):
            end += 1
        solid = _SIGNS.sub("", text[words[first].start : words[end - 1].end])
        if 1 < end - first <= _MOST_PARTS and not solid.isdigit():
            yield Compound(first, end, solid)


def numbers(text: str, words: Sequence[PlacedWord]) -> Iterator[Compound]:
    """Numbers in groups, dates by value, resolutions."""
    ends: dict[object, int] = {}
    for at in [at for at, word in enumerate(words) if word.exact[0] <= "9"]:
        for pattern, start, solid, keys, end_of_match in _from_number(text, words, at):
            if start >= ends.get(pattern, 0):
                ends[pattern] = end_of_match
                first, end = _bisected(words, at, start, end_of_match)
                if 1 < end - first <= MOST_WORDS:
                    yield Compound(first, end, solid, keys)


_Found = tuple[re.Pattern[str], int, str, tuple[str, ...], int]


def _from_number(text: str, words: Sequence[PlacedWord], at: int) -> Iterator[_Found]:
    """What a number may begin, or a word or two before it."""
    for pattern, start in _chances(text, words, at):
        match = pattern.match(text, start) if start >= 0 else None
        if match is None:
            continue
        if pattern in _DATES:
            solid, keys = "", _days(match)
        elif pattern is _RESOLUTION:
            solid, keys = "", (f"res/{match[1]}",)
            start = words[max(0, at - 2)].start if match.group().startswith("/") else start  # with its organ: S/RES/
        else:
            solid, keys = _SIGNS.sub("", match.group()), ()
        if keys or len(solid) >= (_LEAST_DIGITS if pattern is _GROUPS else 1):
            yield pattern, start, solid, keys, match.end()


def _chances(text: str, words: Sequence[PlacedWord], at: int) -> Iterator[tuple[re.Pattern[str], int]]:
    """The patterns that may match here, as far as the words beside the number tell, and from where."""
    here, following = words[at].start, words[at + 1].exact if at + 1 < len(words) else ""
    if "" < following[:1] <= "9":
        bracket = here - (text[here - 1 : here] == "(")
        yield from (
            (_THOUSANDS, here),
            (_GROUPS, here),
            (_TELEPHONE, bracket),
            (_IN_FIGURES, here),
            (_YEAR_FIRST, here),
        )
    if following in _MONTHS or following == "of" or "" < following[:1] <= "9":
        yield _DAY_FIRST, here
    before = words[at - 1].exact if at else ""
    if before in _MONTHS:
        yield _MONTH_FIRST, words[at - 1].start
    elif before == "res":
        yield _RESOLUTION, here - len("/RES/")
    elif before.startswith(_RESOLUTIONS):
        yield _RESOLUTION, words[at - 1].start
    elif 0 < len(before) <= 3:
        yield _SERIES, words[at - 1].start
    for earlier in range(max(0, at - 2), at):
        if len(words[earlier].exact) == _ACCOUNT_BEGINS:
            yield _ACCOUNT, words[earlier].start


def _bisected(words: Sequence[PlacedWord], at: int, start: int, end: int) -> tuple[int, int]:
    """The words between two places of the text, of which one is known."""
    first, last = at, at
    while first > 0 and words[first - 1].start >= start:
        first -= 1
    while last < len(words) and words[last].start < end:
        last += 1
    return first, last


def masked(text: str, words: Sequence[PlacedWord]) -> str:
    """A query in which numbers and dates written with blanks hold "_" in their place: one word as long as before."""
    for number in numbers(text, words):
        start, end = words[number.first].start, words[number.end - 1].end
        excluded = text[max(0, start - 1) : start] in ("-", "=")  # a sign before the first part is of that part alone
        if excluded or any(key.startswith("res/") for key in number.keys):
            continue
        start -= text.count(")", start, end) > text.count("(", start, end)
        text = text[:start] + _BLANKS.sub("_", text[start:end]) + text[end:]
    return text


def _days(match: re.Match[str]) -> tuple[str, ...]:
    """A key for each day of a date, none where there is no such day."""
    groups = [group or "" for group in match.groups()]
    if match.re is _DAY_FIRST:
        first, last, month, year = groups
    elif match.re is _MONTH_FIRST:
        month, first, last, year = groups
    elif match.re is _IN_FIGURES:
        first, last, month, year = groups[0], "", groups[2], groups[3]
    else:
        year, month, first, last = *groups, ""
    number = int(month) if month.isdigit() else _MONTHS.get(month.lower(), 0)
    try:
        days = [date(int(year), number, int(day)) for day in (first, last or first)]
    except ValueError:
        return ()
    between = (days[1] - days[0]).days
    if 0 <= between < _MOST_DAYS:
        days = [days[0] + timedelta(days=step) for step in range(between + 1)]
    return tuple(dict.fromkeys(day.isoformat() for day in days))
