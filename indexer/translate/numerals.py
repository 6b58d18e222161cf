"""Compares the numbers of a sentence and its translation, as each language writes them.

3.5 is 3,5; 1,000 is 1 000; 20th is 20-й and XX; 1.5 million may be 1 500 000. Numbers in words are never missed, but
they may answer for one in digits.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Final

Readings = frozenset[str]  # everything that a number, as it is written, may mean

_SPACE: Final = "[ \u00a0\u2009\u202f]"
_NUMBER: Final = re.compile(rf"[0-9]{{1,3}}(?:{_SPACE}[0-9]{{3}})+(?![0-9])(?:,[0-9]+)?|[0-9]+(?:[.,:'’][0-9]+)*")
_SEPARATOR: Final = re.compile(rf"{_SPACE}|[.,:'’]")
_GROUPED: Final = re.compile(rf"[0-9]{{1,3}}(?:(?:[.,'’]|{_SPACE})[0-9]{{3}})+")
_SCALES: Final = {
    "thousand": 3,
    "million": 6,
    "billion": 9,
    "trillion": 12,
    "тыс": 3,
    "млн": 6,
    "миллион": 6,
    "млрд": 9,
    "миллиард": 9,
    "трлн": 12,
    "триллион": 12,
}
_SCALE: Final = re.compile(rf"(?:{_SPACE}|-)?(thousand|million|billion|trillion|тыс|млн|миллион|млрд|миллиард|трлн|триллион)")
_ABBREVIATED: Final = re.compile(r"(?:m|bn|k)\b")
_AFTERNOON: Final = re.compile(rf"{_SPACE}?(?:pm|p\.m)", re.IGNORECASE)
_ROMAN: Final = re.compile(r"\b[IVXХ]{1,6}\b")  # the last is a Cyrillic letter
_ROMAN_VALUES: Final = {"I": 1, "V": 5, "X": 10, "Х": 10}


def differ(source: str, translation: str) -> bool:
    """Whether a number in digits of one text has none in the other that may mean the same."""
    ours, theirs = list(_numbers(source)), list(_numbers(translation))
    for number in list(ours):
        match = next((other for other in theirs if number & other), None)
        if match is not None:
            ours.remove(number)
            theirs.remove(match)
    return not (_answered(ours, translation) and _answered(theirs, source))


def _answered(numbers: list[Readings], text: str) -> bool:
    """Whether each of the numbers stands in the text in another way: as a Roman numeral or in words."""
    said = {str(value) for value in _romans(text)}
    return all(number & said for number in numbers)


def _numbers(text: str) -> Iterator[Readings]:
    for found in _NUMBER.finditer(text):
        yield frozenset(_readings(found[0], text[found.end() : found.end() + 12]))


def _readings(number: str, after: str) -> Iterator[str]:
    """What a number may mean: as groups of digits, without its thousands separators, as a decimal, scaled."""
    parts = _SEPARATOR.split(number)
    yield ".".join(part.lstrip("0") or "0" for part in parts)
    if _GROUPED.fullmatch(number):
        yield "".join(parts)
    if len(parts) == 1 or number[-len(parts[-1]) - 1] in ".,":
        yield from _values("".join(parts[:-1]) or "0" if len(parts) > 1 else number, parts[-1] if len(parts) > 1 else "", after)


def _values(whole: str, fraction: str, after: str) -> Iterator[str]:
    value = Decimal(f"{whole}.{fraction or 0}")
    yield f"{value.normalize():f}"


def _romans(text: str) -> Iterator[int]:
    for found in _ROMAN.findall(text):
        values = [_ROMAN_VALUES[letter] for letter in found]
        yield sum(-a if a < b else a for a, b in zip(values, [*values[1:], 0], strict=True))
