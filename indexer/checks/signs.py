"""Looks at the signs of a translation: brackets, quotation marks, its end, doubled words, letters that look alike."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import Final

Span = tuple[int, int]

_BRACKETS: Final = {"(": ")", "[": "]", "«": "»"}
_CLOSING: Final = frozenset(_BRACKETS.values())
_APOSTROPHES: Final = re.compile(r"(?<!\w)['‘’]|['’](?!\w)")  # that may quote, in English
_AFTER_THE_END: Final = "\"'’”“»)]. "
_DOUBLED: Final = re.compile(r"\b([^\W\d_]{2,40}) \1\b", re.IGNORECASE)
_WORD: Final = re.compile(r"[^\W\d_]+")
_LATIN: Final = re.compile(r"[A-Za-z]")
_CYRILLIC: Final = re.compile(r"[\u0400-\u04ff]")
_ALONE: Final = {"ru": frozenset("aAoOcCyYeEkKBuU"), "en": frozenset("аАоОсСуУеЕ")}  # look like words of one letter


def unclosed(text: str) -> tuple[Span, ...]:
    """Brackets and quotation marks that open or close nothing, in characters."""
    opened: list[int] = []
    stray = []
    for at, sign in enumerate(text):
        if opened and _BRACKETS[text[opened[-1]]] == sign:
            opened.pop()
        elif sign in _BRACKETS:
            opened.append(at)
        elif sign in _CLOSING:
            stray.append(at)
    return tuple((at, at + 1) for at in sorted([*stray, *opened]))


def brackets_differ(source: str, translation: str) -> bool:
    """Whether the texts have different numbers of brackets, or the translation alone leaves something unclosed.

    A quotation may begin in one sentence and end in another: then the source leaves it unclosed, too.
    """
    differ = any(source.count(sign) != translation.count(sign) for sign in "[]")
    quoted = source.count('"') % 2 or source.count("“") != source.count("”") or _APOSTROPHES.search(source)
    return differ or bool(unclosed(translation) and not unclosed(source) and not quoted)


def end_differs(source: str, translation: str) -> bool:
    """Whether one text asks at its end, and the other does not."""
    ends = {text.rstrip(_AFTER_THE_END)[-1:] == "?" for text in (source, translation)}
    return len(ends) == 2


def doubled(source: str, translation: str) -> tuple[Span, ...]:
    """Words that stand twice in a row, where none does in the source."""
    if _DOUBLED.search(source):
        return ()
    return tuple(match.span() for match in _DOUBLED.finditer(translation))


def mixed(source: str, translation: str, language: str) -> tuple[Span, ...]:
    """Words with letters of both alphabets, or a single letter that looks like a word: unless the source has it."""
    ours = Counter(_WORD.findall(source))
    return tuple(match.span() for match in _mixed(translation, language) if not ours[match[0]])


def _mixed(text: str, language: str) -> Iterator[re.Match[str]]:
    for match in _WORD.finditer(text):
        if (_LATIN.search(match[0]) and _CYRILLIC.search(match[0])) or match[0] in _ALONE[language]:
            yield match
