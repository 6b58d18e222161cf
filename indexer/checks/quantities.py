"""Compares of what there is so much: the months of dates, and percentages and sums by their unit."""

from __future__ import annotations

import re
from typing import Final

_MONTHS: Final = (
    *((1, r"January|Jan\.", r"январ[ьяеюё]\w{0,5}"), (2, r"February|Feb\.", r"феврал[ьяеюё]\w{0,5}")),
    *((4, r"April|Apr\.", r"апрел[ьяеюё]\w{0,5}"), (6, r"June", r"июн[ьяеюё]\w{0,5}")),
    *((7, r"July", r"июл[ьяеюё]\w{0,5}"), (8, r"August|Aug\.", r"август\w{0,6}")),
    *((9, r"September|Sept?\.", r"сентябр[ьяеюё]\w{0,5}"), (10, r"October|Oct\.", r"октябр[ьяеюё]\w{0,5}")),
    *((11, r"November|Nov\.", r"ноябр[ьяеюё]\w{0,5}"), (12, r"December|Dec\.", r"декабр[ьяеюё]\w{0,5}")),
)
_MONTH: Final = {
    "en": tuple((number, re.compile(rf"\b(?:{english})")) for number, english, _ in _MONTHS),
    "ru": tuple((number, re.compile(rf"\b(?:{russian})\b", re.IGNORECASE)) for number, _, russian in _MONTHS),
}
_DIGITAL: Final = re.compile(r"[0-9]{1,2}[./-]([0-9]{1,2})[./-][0-9]{2,4}")  # 30.09.2018
_UNITS: Final = (
    ("percent", r"[0-9]\s?%|[0-9]\s?per ?cent\b", r"[0-9]\s?%|[0-9]{1,3}[ -]?(?:\w{1,3} )?процент"),
    ("dollar", r"(?:US|AU|NZ|C)?\$\s?[0-9]", r"долл|\$|дол\."),
    ("euro", r"€\s?[0-9]|[0-9]\s?euros?\b", r"евро|€"),
    ("pound", r"£\s?[0-9]", r"фунт|£|ф\. ?ст"),
)
_UNIT: Final = {
    "en": tuple((name, re.compile(english)) for name, english, _ in _UNITS),
    "ru": tuple((name, re.compile(russian, re.IGNORECASE)) for name, _, russian in _UNITS),
}
_WORD: Final = {  # what may answer for a unit that is written with a number in the other language
    "en": (
        ("percent", "percent|per cent|%"),
        ("dollar", r"dollar|\$|USD"),
        ("euro", "euro|€|EUR"),
        ("pound", "pound|£"),
    ),
    "ru": (
        ("percent", r"процент|%|п\. ?п"),
        ("dollar", r"долл|\$|дол\."),
        ("euro", "евро|€"),
        ("pound", "фунт|£|стерлинг"),
    ),
}


def months_differ(source: str, translation: str, source_language: str, target_language: str) -> list[str]:
    """The numbers of months that one text alone names: May and March, which are other words too, are not compared."""
    ours, theirs = _months(source, source_language), _months(translation, target_language)
    digital = {int(month) for text in (source, translation) for month in _DIGITAL.findall(text)}
    return [str(number) for number in sorted((ours ^ theirs) - digital)]


def _months(text: str, language: str) -> set[int]:
    return {number for number, form in _MONTH[language] if form.search(text)}


def units_differ(source: str, translation: str, source_language: str, target_language: str) -> list[str]:
    """The units that stand with a number in one text and nowhere in the other."""
    missing = set()
    for text, language, other, other_language in (
        (source, source_language, translation, target_language),
        (translation, target_language, source, source_language),
    ):
        answers = dict(_WORD[other_language])
        counted = [name for name, form in _UNIT[language] if form.search(text) and re.search("[0-9]", text)]
        missing |= {name for name in counted if not re.search(answers[name], other, re.IGNORECASE)}
    return sorted(missing)
