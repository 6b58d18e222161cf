"""Cuts a sentence that is too long for a model, where it hurts least: at a semicolon, a comma, a space."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

_PLACES: Final = tuple(map(re.compile, (r"[;:]\s+", r"(?:[,.!?)\]»”…]|\s[—–-])\s+", r"\s+")))  # the best first


def pieces(text: str, fits: Callable[[str], bool]) -> list[str]:
    """The text in as few halvings as make every piece fit; a piece of one character is never cut."""
    if len(text) < 2 or fits(text):
        return [text]
    at = _cut(text)
    return [*pieces(text[:at].rstrip(), fits), *pieces(text[at:], fits)]


def _cut(text: str) -> int:
    """Where the second half begins: the best kind of place that the middle half of the text has, nearest the middle."""
    middle = len(text) // 2
    for place in _PLACES:
        ends = [match.end() for match in place.finditer(text) if abs(match.end() - middle) <= len(text) / 4]
        if ends:
            return min(ends, key=lambda end: abs(end - middle))
    return middle
