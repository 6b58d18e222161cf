"""Reads fields such as `agency:OSCE` or `date:2015-03..2020` into what narrows a search. Refuses nothing."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Mapping
from datetime import date
from typing import Final

from indexer.engine.contract import Facet
from indexer.search.query.narrowing import Narrowing

FILTERS: Final[Mapping[str, Facet]] = {
    "agency": "agency",
    "country": "country",
    "kind": "kind",
    "lang": "language",
    "language": "language",
    "level": "level",
    "meeting": "meeting",
    "year": "year",
    "has": "has_human_translation",
    "ведомство": "agency",
    "страна": "country",
    "вид": "kind",
    "язык": "language",
    "гриф": "level",
    "встреча": "meeting",
    "год": "year",
}
SEARCHED: Final[Mapping[str, str]] = {
    "title": "title",
    "symbol": "symbol",
    "название": "title",
    "заголовок": "title",
    "символ": "symbol",
}
"""Fields whose words are searched in them alone."""

DATES: Final = frozenset({"date", "day", "дата"})
_LANGUAGES: Final = {
    "en": ("en", "eng", "english", "англ", "английский"),
    "ru": ("ru", "rus", "russian", "рус", "русский"),
}
_FIELD = re.compile(r"([^\W\d_]{2,24}):(?!//)(.*)", re.DOTALL)
_DAY = re.compile(r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?")
_RUSSIAN_DAY = re.compile(r"(?:(?:(\d{1,2})\.)?(\d{1,2})\.)?(\d{4})")


def field_of(word: str) -> tuple[str, str]:
    """The field that a word names and its value as typed; "" for both where it names none."""
    match = _FIELD.fullmatch(word)
    return (match[1], match[2]) if match else ("", "")


def narrowing(name: str, value: str) -> Narrowing | None:
    """What a field narrows a search to; None where there is no such field or nothing can be made of its value."""
    value = value.strip('"«»“”„ ')
    if name in DATES:
        return _dated(value)
    facet = FILTERS.get(name)
    if facet is None or not value:
        return None
    values = _values(facet, value)
    return Narrowing({facet: values}) if values else None


def _values(facet: Facet, value: str) -> frozenset[str]:
    if facet == "has_human_translation":
        return (
            frozenset({"true"}) if value.casefold() in ("translation", "human_translation", "перевод") else frozenset()
        )
    if facet == "language":
        known = next((code for code, names in _LANGUAGES.items() if value.casefold() in names), value.casefold())
        return frozenset({known})
    return frozenset({value, value.upper(), value.lower()})


def _dated(value: str) -> Narrowing | None:
    if value.casefold() in ("none", "нет"):
        return Narrowing(undated=True)
    first, dots, last = value.partition("..")
    spans = [_span(end) for end in (first, last) if end]
    if not spans or None in spans:
        return None
    start = _span(first) if first else None
    end = _span(last) if last else (None if dots else start)
    return Narrowing(days=(start[0] if start else "", end[1] if end else ""))


def _span(text: str) -> tuple[str, str] | None:
    """The first and the last day of a year, a month or a day; None if it is none of them."""
    if match := _DAY.fullmatch(text):
        year, month, day = match.groups()
    elif match := _RUSSIAN_DAY.fullmatch(text):
        day, month, year = match.groups()
    else:
        return None
    try:
        start = date(int(year), int(month or 1), int(day or 1))
        end = start if day else date(start.year, int(month or 12), monthrange(start.year, int(month or 12))[1])
    except ValueError:
        return None
    return start.isoformat(), end.isoformat()
