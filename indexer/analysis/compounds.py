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
_MOST_KEYS: Final = 5  # days that are told of one date
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
_SHORT_RU = ["янв", "фев", "мар", "апр", "мая", "июн", "июл", "авг", "сен", "окт", "ноя", "дек"]
_MONTHS: Final = {name: at for names in (_RU, _EN, [n[:3] for n in _EN], _SHORT_RU) for at, name in enumerate(names, 1)}
_MONTHS.update({"sept": 9, "сент": 9, "февр": 2, "нояб": 11})
_JOINING: Final = frozenset({"of", "to", "and", "or", "through", "until", "till", "и", "или", "по", "до"})
_ORGANS: Final = frozenset(  # words that may stand between "resolution" and its number, or between two numbers
    {"and", "or", "the", "of", "no", "security", "council", "general", "assembly", "human", "rights"}
    | {"united", "nations", "и", "или", "совета", "безопасности", "генеральной", "ассамблеи"}
    | {"по", "правам", "человека", "сб", "га", "оон"}
)
_MOST_BACK: Final = 12  # words between them
_BLANK, _END = r"[ \u00a0\u202f]", r"(?![^\W_])"
_UP_TO = rf"(?: ?[-–—] ?|{_BLANK}(?:to|through|until|till|по|до){_BLANK})"
_ALSO = rf"(?:, ?\d{{1,2}}){{0,4}},?{_BLANK}(?:and|or|и|или){_BLANK}\d{{1,2}}"
_ORDINAL, _QUOTE = "(?:st|nd|rd|th)?", '[»"”]?'
_NAME, _YEAR = r"([^\W\d_]{3,9})", rf"(\d{{4}})(?:гг?|года)?{_END}"  # 2025г.: nothing between
_MONTH = rf"{_BLANK}{{1,2}}(?:of )?{_NAME}\.?,?{_BLANK}{{1,2}}"

_HYPHEN = re.compile("[-\u2010\u2011\u2013]")
_THOUSANDS = re.compile(rf"\d{{1,3}}(?:[ \u00a0\u202f,.’']\d{{3}}){{1,5}}{_END}")
_GROUPS = re.compile(rf"\d{{1,20}}(?:[ \u00a0\u202f.–-]\d{{1,20}}){{1,9}}{_END}")
_PASSPORT = re.compile(rf"\d\d{_BLANK}?\d\d,?{_BLANK}?№{_BLANK}?\d{{6}}{_END}")
_TELEPHONE = re.compile(rf"(?:\d{{1,3}}[ -]?)?\(\d{{2,5}}\) ?\d{{2,7}}(?:[ \u00a0-]\d{{2,4}}){{0,3}}{_END}")
_ACCOUNT = re.compile(rf"[A-Z]{{2}}\d{{2}}(?:[ \u00a0-][A-Z\d]{{4}}){{2,7}}(?:[ \u00a0-]\d{{1,3}})?{_END}")
_SERIES = re.compile(rf"[A-ZА-Я]{{1,3}}(?: ?№ ?|[ \u00a0])\d{{5,9}}{_END}")
_DAY_FIRST = re.compile(
    rf"(\d{{1,2}}){_ORDINAL}{_QUOTE}(?:{_UP_TO}[«\"“]?(\d{{1,2}}){_ORDINAL}{_QUOTE})?{_MONTH}{_YEAR}"
)
_DAYS_FIRST = re.compile(rf"(\d{{1,2}}{_ALSO}){_MONTH}{_YEAR}")
_MONTH_FIRST = re.compile(
    rf"{_NAME}\.?{_BLANK}{{1,2}}(\d{{1,2}}){_ORDINAL}(?:{_UP_TO}(\d{{1,2}}){_ORDINAL})?,?{_BLANK}{{1,2}}{_YEAR}"
)
_TWO_MONTHS = re.compile(  # 30 January – 2 February 2025, the first perhaps with its own year
    rf"(\d{{1,2}}){_ORDINAL}{_QUOTE}{_BLANK}{{1,2}}(?:of )?{_NAME}\.?(?:,?{_BLANK}(\d{{4}})(?:{_BLANK}?(?:г\.|года))?)?"
    rf"{_UP_TO}[«\"“]?(\d{{1,2}}){_ORDINAL}{_QUOTE}{_MONTH}{_YEAR}"
)
_TWO_MONTHS_FIRST = re.compile(  # January 30 to February 2, 2025
    rf"{_NAME}\.?{_BLANK}{{1,2}}(\d{{1,2}}){_ORDINAL}(?:,{_BLANK}(\d{{4}}))?"
    rf"{_UP_TO}{_NAME}\.?{_BLANK}{{1,2}}(\d{{1,2}}){_ORDINAL},?{_BLANK}{{1,2}}{_YEAR}"
)
_IN_FIGURES = re.compile(rf"(\d{{1,2}})([./-])(\d{{1,2}})\2{_YEAR}")
_SHORT_YEAR = re.compile(rf"(\d\d)\.(\d\d)\.(\d\d)(?:гг?|года)?{_END}(?!\.\d)")
_HYPHENED_DAY = re.compile(rf"(\d{{1,2}})([-/]){_NAME}\2{_YEAR}")
_YEAR_FIRST = re.compile(rf"(\d{{4}})([-./])(\d\d)\2(\d\d){_END}")
_RESOLUTION = re.compile(rf"(\d{{1,4}}(?:/\d{{1,4}})?){_END}")  # of the United Nations, with or without its symbol
_DATES: Final = frozenset(
    {_DAY_FIRST, _DAYS_FIRST, _MONTH_FIRST, _TWO_MONTHS, _TWO_MONTHS_FIRST}
    | {_IN_FIGURES, _SHORT_YEAR, _HYPHENED_DAY, _YEAR_FIRST}
)
_SIGNS = re.compile(r"[^\w]+")
_CLOSED = re.compile(r"\d[»\"”]")
_BLANKS = re.compile(r"[\s()«»\"“”„]")


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
                if (1 if keys else 2) <= end - first <= MOST_WORDS:
                    yield Compound(first, end, solid, keys)


_Found = tuple[re.Pattern[str], int, str, tuple[str, ...], int]


def _from_number(text: str, words: Sequence[PlacedWord], at: int) -> Iterator[_Found]:
    """What a number may begin, or a word or two before it."""
    if resolution := _resolution(text, words, at):
        yield resolution
    for pattern, start in _chances(text, words, at):
        match = pattern.match(text, start) if start >= 0 else None
        if match is None:
            continue
        solid, keys = ("", _days(match)) if pattern in _DATES else (_SIGNS.sub("", match.group()), ())
        if keys or len(solid) >= (_LEAST_DIGITS if pattern is _GROUPS else 1):
            yield pattern, start, solid, keys, match.end()


def _resolution(text: str, words: Sequence[PlacedWord], at: int) -> _Found | None:
    """A number of a resolution: after its symbol (S/RES/), or after the word, perhaps an organ and other numbers."""
    here = words[at].start
    match = _RESOLUTION.match(text, here)
    before = text[here - 1 : here] if here else ""
    if match is None or before == "(":
        return None
    key = (f"res/{match[1]}",)
    if before == "/":
        is_symbol = at > 0 and words[at - 1].exact == "res" and text[here - 5 : here].upper() == "/RES/"
        return (_RESOLUTION, words[max(0, at - 2)].start, "", key, match.end()) if is_symbol else None
    numbers = 0
    for back in range(at - 1, max(-1, at - 1 - _MOST_BACK), -1):
        word = words[back].exact
        if word.startswith(_RESOLUTIONS):
            return _RESOLUTION, here if numbers else words[back].start, "", key, match.end()
        if word[0] <= "9":
            numbers += 1
        elif word not in _ORGANS or (word == "of" and words[back + 1].exact != "the"):
            return None
    return None


def _chances(text: str, words: Sequence[PlacedWord], at: int) -> Iterator[tuple[re.Pattern[str], int]]:
    """The patterns that may match here, as far as the words beside the number tell, and from where."""
    here, following = words[at].start, words[at + 1].exact if at + 1 < len(words) else ""
    begins = text[here - 1 : here] not in (".", "/", "-") if here else True
    if "" < following[:1] <= "9":
        bracket = here - (text[here - 1 : here] == "(")
        yield from ((_THOUSANDS, here), (_GROUPS, here), (_PASSPORT, here), (_TELEPHONE, bracket))
        if begins:
            yield from ((_IN_FIGURES, here), (_YEAR_FIRST, here), (_SHORT_YEAR, here))
    if following in _MONTHS:
        yield from ((_DAY_FIRST, here), (_TWO_MONTHS, here), (_HYPHENED_DAY, here))
    elif following in _JOINING or "" < following[:1] <= "9":
        yield from ((_DAY_FIRST, here), (_DAYS_FIRST, here), (_TWO_MONTHS, here))
    before = words[at - 1].exact if at else ""
    if before in _MONTHS:
        yield from ((_MONTH_FIRST, words[at - 1].start), (_TWO_MONTHS_FIRST, words[at - 1].start))
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
        start -= bool(_CLOSED.search(text, start, end)) and text[start - 1 : start] in ("«", '"', "“", "„")
        text = text[:start] + _BLANKS.sub("_", text[start:end]) + text[end:]
    return text


def _days(match: re.Match[str]) -> tuple[str, ...]:
    """A key for each day of a date, none where there is no such day."""
    groups = [group or "" for group in match.groups()]
    if match.re is _DAYS_FIRST:
        listed, month, year = groups
        days = [_day(each, month, year) for each in re.findall(r"\d+", listed)]
    elif match.re is _TWO_MONTHS:
        first, month, own_year, last, last_month, year = groups
        days = [_day(first, month, own_year or year), _day(last, last_month, year)]
    elif match.re is _TWO_MONTHS_FIRST:
        month, first, own_year, last_month, last, year = groups
        days = [_day(first, month, own_year or year), _day(last, last_month, year)]
    elif match.re in (_DAY_FIRST, _MONTH_FIRST):
        first, last, month, year = groups if match.re is _DAY_FIRST else (*groups[1:3], groups[0], groups[3])
        days = [_day(first, month, year), _day(last or first, month, year)]
    elif match.re is _SHORT_YEAR:
        first, month, year = groups
        days = [_day(first, month, ("20" if year < "50" else "19") + year)]
    else:
        first, month, year = (groups[3], groups[2], groups[0]) if match.re is _YEAR_FIRST else (groups[0], *groups[2:])
        days = [_day(first, month, year)]
    there = [day for day in days if day]
    if len(there) < len(days):
        return ()
    if match.re is not _DAYS_FIRST and 0 < (span := (there[-1] - there[0]).days) < _MOST_DAYS:
        there = [there[0] + timedelta(days=step) for step in range(span + 1)]
    return tuple(dict.fromkeys(day.isoformat() for day in there))[:_MOST_KEYS]


def _day(day: str, month: str, year: str) -> date | None:
    number = int(month) if month.isdigit() else _MONTHS.get(month.lower(), 0)
    try:
        return date(int(year), number, int(day))
    except ValueError:
        return None
