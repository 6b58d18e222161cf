"""Reads fields such as `agency:OSCE` or `date:2015-03..2020` into what narrows a search. Refuses nothing."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Final

from indexer.engine.contract import Facet, Term
from indexer.library.about import point_key
from indexer.search.query.narrowing import Narrowing
from indexer.segment.recommendations import PointKind
from indexer.text import UNNAMED

FILTERS: Final[Mapping[str, Facet]] = {
    "agency": "agency",
    "country": "country",
    "kind": "kind",
    "lang": "language",
    "language": "language",
    "level": "level",
    "meeting": "meeting",
    "year": "year",
    "series": "series",
    "has": "has",
    "ведомство": "agency",
    "страна": "country",
    "вид": "kind",
    "язык": "language",
    "гриф": "level",
    "встреча": "meeting",
    "серия": "series",
    "есть": "has",
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

POINTS: Final[Mapping[str, PointKind]] = {
    "recommendation": "recommendation",
    "conclusion": "conclusion",
    "decision": "decision",
    "рекомендация": "recommendation",
    "вывод": "conclusion",
    "решение": "decision",
}
"""What `kind:` names besides the kinds of papers: what a passage recommends, concludes or decides."""

DATES: Final = frozenset({"date", "day", "дата"})
_LANGUAGES: Final = {
    "en": ("en", "eng", "english", "англ", "английский"),
    "ru": ("ru", "rus", "russian", "рус", "русский"),
    "kk": ("kk", "kaz", "kazakh", "каз", "казахский"),
    "ky": ("ky", "kir", "kyrgyz", "кирг", "киргизский", "кыргызский"),
    "tg": ("tg", "tgk", "tajik", "тадж", "таджикский"),
    "uz": ("uz", "uzb", "uzbek", "узб", "узбекский"),
    UNNAMED: (UNNAMED, "другой"),
}
_HAS: Final = {
    "ocr": ("ocr", "распознано"),
    "repair": ("repair", "исправлено"),
    "translation": ("translation", "перевод"),
    "human": ("human", "human_translation", "человек"),
}
KNOWN: Final = frozenset({*FILTERS, *SEARCHED, *DATES})
_ORS: Final = frozenset({"OR", "ИЛИ"})
_FIELD = re.compile(r"(_?[^\W\d_][^\W\d]{1,23}):(?!//)(.*)", re.DOTALL)
_DAY = re.compile(r"(\d{4})(?:[-/.](\d{1,2})(?:[-/.](\d{1,2}))?)?")
_SOLID_DAY = re.compile(r"(\d{4})(\d\d)(\d\d)")
_RUSSIAN_DAY = re.compile(r"(?:(?:(\d{1,2})[./])?(\d{1,2})[./])?(\d{4})")
_YEARS = re.compile(r"(\d{4})[-–—](\d{4})")
_RANGE = re.compile(r"[\[{]\s*(\S{1,10})\s+(?:TO|to|ДО|до)\s+(\S{1,10}?)\s*[\]}]")
_BOUND = re.compile(r"([<>]=?)(\d.*)")  # as other search engines write where a span ends


def point_of(name: str, value: str) -> Term | None:
    """What passages are searched by that hold such a point; None where the field names a kind of papers, or another."""
    kind = POINTS.get(value.strip('"«»“”„ ').casefold()) if FILTERS.get(name) == "kind" else None
    return Term(point_key(kind)) if kind else None


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
    if value[0] == "(" and value[-1] == ")":
        words = [word for word in re.split(r"[\s,;|()]+", value) if word and word not in _ORS]
    else:
        words = [value]
    values = frozenset[str]().union(*(_values(facet, word) for word in words))
    return Narrowing({facet: values}) if values else None


def span_at(text: str, at: int) -> int:
    """Where a span of days in square brackets ends that begins here, as other engines write it; -1 if none does."""
    match = _RANGE.match(text, at)
    return match.end() if match else -1


def _values(facet: Facet, value: str) -> frozenset[str]:
    if facet == "has":
        return frozenset(code for code, names in _HAS.items() if value.casefold() in names)
    if facet == "language":
        known = next((code for code, names in _LANGUAGES.items() if value.casefold() in names), value.casefold())
        return frozenset({known})
    return frozenset({value, value.upper(), value.lower()})


def _dated(value: str) -> Narrowing | None:
    if value.casefold() in ("none", "нет"):
        return Narrowing(undated=True)
    if span := _RANGE.fullmatch(value):
        first, last = (end.strip("*") for end in span.groups())
        value = f"{first}..{last}"
    if bound := _BOUND.fullmatch(value):
        return _beyond(bound[1], _span(bound[2]))
    first, dots, last = _YEARS.sub(r"\1..\2", value).partition("..")
    spans = [_span(end) for end in (first, last) if end]
    if not spans or None in spans:
        return None
    start = _span(first) if first else None
    end = _span(last) if last else (None if dots else start)
    return Narrowing(days=(start[0] if start else "", end[1] if end else ""))


def _beyond(sign: str, span: tuple[str, str] | None) -> Narrowing | None:
    """From or up to a span of days, it itself included where the sign says so."""
    if span is None:
        return None
    first, last = map(date.fromisoformat, span)
    one = timedelta(days=1)
    try:
        if sign[0] == ">":
            return Narrowing(days=((first if "=" in sign else last + one).isoformat(), ""))
        return Narrowing(days=("", (last if "=" in sign else first - one).isoformat()))
    except OverflowError:  # no day before the first year, none after the last
        return None


def _span(text: str) -> tuple[str, str] | None:
    """The first and the last day of a year, a month or a day; None if it is none of them."""
    if match := _DAY.fullmatch(text) or _SOLID_DAY.fullmatch(text):
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
