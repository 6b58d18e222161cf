"""Reads a date out of the first words of a document, in either language. Refuses to guess an ambiguous one."""

from __future__ import annotations

import re
from datetime import date

_NAMES = (
    "january|february|march|april|may|june|july|august|september|october|november|december"
    "|января|февраля|марта|апреля|мая|июня|июля|августа|сентября|октября|ноября|декабря"
)
_MONTHS = {name: at % 12 + 1 for at, name in enumerate(_NAMES.split("|"))}
_YEAR = r"(?P<y>(?:19|20)\d\d)"
_FORMS = [
    re.compile(rf"\b(?P<d>\d{{1,2}})\s+(?P<m>{_NAMES}),?\s+{_YEAR}\b", re.IGNORECASE),
    re.compile(rf"\b(?P<m>{_NAMES})\s+(?P<d>\d{{1,2}}),\s+{_YEAR}\b", re.IGNORECASE),
    re.compile(rf"\b{_YEAR}-(?P<m>\d\d)-(?P<d>\d\d)\b"),
    re.compile(rf"\b(?P<d>\d{{2}})\.(?P<m>\d{{2}})\.{_YEAR}\b"),
]


def first_date(text: str) -> date | None:
    """The date that stands first in the text, written with its day, month and year; None if there is none."""
    matches = [match for form in _FORMS for match in form.finditer(text)]
    for match in sorted(matches, key=lambda m: m.start()):
        try:
            month = _MONTHS.get(match["m"].casefold()) or int(match["m"])
            return date(int(match["y"]), month, int(match["d"]))
        except ValueError:  # the thirty-first of February
            continue
    return None
