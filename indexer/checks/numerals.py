"""Compares the numbers of a sentence and its translation, as each language writes them.

3.5 is 3,5; 1,000 is 1 000; 20th is 20-й or XX; 1.5 million may be 1 500 000 and 3 p.m. 15. Numbers in words are not
compared, but may answer for one in digits.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

_SPACE: Final = "[ \u00a0\u2009\u202f]"
_NUMBER: Final = re.compile(rf"[0-9]{{1,3}}(?:{_SPACE}[0-9]{{3}}){{1,5}}(?![0-9])(?:,[0-9]+)?|[0-9]+(?:[.,'’][0-9]+)*")
_SEPARATOR: Final = re.compile(rf"({_SPACE}|[.,'’])")
_GROUPED: Final = re.compile(rf"[0-9]{{1,3}}(?:(?:[.,'’]|{_SPACE})[0-9]{{3}})+")
_SCALE: Final = re.compile(
    r"[\s-]?(?:(?P<z3>thousand|тыс|k\b)|(?P<z6>million|m\b|mn\b|млн|миллион)|(?P<z9>billion|bn\b|млрд|миллиард)"
    r"|(?P<z12>trillion|трлн|триллион))"
)
_FULL_HOUR: Final = re.compile(r"(?<=[0-9])[:.]00\b(?![.,:]?[0-9])")
_MINUTES: Final = re.compile(r"(?<=[0-9]):(?=[0-5][0-9]\b)")
_AFTERNOON: Final = re.compile(r"\s?p\.?m\b", re.IGNORECASE)
_DECADE: Final = re.compile(r"s\b|['’]s\b|-[ехы]")
_ROMAN: Final = re.compile(r"\b[IVXХ]{1,6}\b")  # the last is a Cyrillic letter
_ROMAN_VALUES: Final = {"I": 1, "V": 5, "X": 10, "Х": 10}
_WORDS: Final = (
    (r"one|once|first|single|один|одн(?:а|о|у|ой|ого|ому|ом|им)|перв\w{2,3}|полтора", "1"),
    (r"two|twice|second|both|two-\w+|дв[ае]|двух\w*|двум\w*|втор\w{2,3}|дважды|об[ае]|обоих|двое", "2"),
    (r"three|third|three-\w+|тр[и]|тр[её]х\w*|трем\w*|трет\w{2,3}|трижды|трое", "3"),
    (r"four|fourth|четыр\w+|четв[её]рт\w{2,3}", "4"),
    (r"five|fifth|пят(?:ь|и|ью|ый|ая|ое|ого|ому|ой|ую|ом|ым)|пяти\w+", "5"),
    (r"six|sixth|шест(?:ь|и|ью|ой|ая|ое|ого|ому|ую|ом|ым)|шести\w+", "6"),
    (r"seven|seventh|сем(?:ь|и|ью)|седьм\w{2,3}|семи\w+", "7"),
    (r"eight|eighth|восем\w+|восьм\w+", "8"),
    (r"nine|ninth|девят(?:ь|и|ью|ый|ая|ое|ого|ому|ой|ую|ом|ым)|девяти\w+", "9"),
    (r"ten|tenth|десят(?:ь|и|ью|ый|ая|ое|ого|ому|ой|ую|ом|ым)|десяти\w+", "10"),
    (r"eleven|eleventh|одиннадцат\w+", "11"),
    (r"twelve|twelfth|двенадцат\w+|dozen", "12"),
)
_WORD: Final = tuple((re.compile(rf"\b(?:{form})\b", re.IGNORECASE), value) for form, value in _WORDS)


def differ(source: str, translation: str) -> bool:
    """Whether a number in digits of one text has nothing in the other that may mean the same."""
    ours, theirs = list(_numbers(source)), list(_numbers(translation))
    for number in list(ours):
        match = next((other for other in theirs if number & other), None)
        if match is not None:
            ours.remove(number)
            theirs.remove(match)
    return not (_answered(ours, translation) and _answered(theirs, source))


def _answered(numbers: list[frozenset[str]], text: str) -> bool:
    """Whether each of the numbers stands in the text in another way: as a Roman numeral or in words."""
    if not numbers:
        return True
    said = {*map(str, _romans(text)), *(value for form, value in _WORD if form.search(text))}
    return all(number & said for number in numbers)


def _numbers(text: str) -> Iterator[frozenset[str]]:
    for match in _NUMBER.finditer(_MINUTES.sub(".", _FULL_HOUR.sub("", text))):
        yield frozenset(_readings(match[0], match.string[match.end() : match.end() + 14]))


def _readings(number: str, after: str) -> Iterator[str]:
    """All that a number, as it is written before the text `after`, may mean."""
    groups, separators = _SEPARATOR.split(number)[::2], _SEPARATOR.split(number)[1::2]
    scale = _SCALE.match(after)
    if scale and len(groups) <= 2:
        yield groups[0] + "".join(groups[1:]).ljust(int(str(scale.lastgroup)[1:]), "0")
    if not (scale and scale[0].strip(" -")[1:]):  # a single letter may be metres
        yield ".".join(group.lstrip("0") or "0" for group in groups)
    if _GROUPED.fullmatch(number):
        yield "".join(groups)
    if len(set(separators)) == 2 and separators[-1] in ".,":
        yield f"{''.join(groups[:-1])}.{groups[-1]}"
    if _AFTERNOON.match(after):
        yield ".".join([str(int(groups[0]) % 12 + 12), *groups[1:]])
    if _DECADE.match(after) and len(number) == 4:
        yield number[2:]


def _romans(text: str) -> Iterator[int]:
    for numeral in _ROMAN.findall(text):
        values = [_ROMAN_VALUES[letter] for letter in numeral]
        yield sum(-a if a < b else a for a, b in zip(values, [*values[1:], 0], strict=True))


def unmatched(source: str, translation: str) -> tuple[list[str], list[str]]:
    """The numbers in digits of each text that have nothing in the other that may mean the same, each in one reading."""
    ours, theirs = list(_numbers(source)), list(_numbers(translation))
    for number in list(ours):
        match = next((other for other in theirs if number & other), None)
        if match is not None:
            ours.remove(number)
            theirs.remove(match)
    sides = ((ours, translation), (theirs, source))
    first, second = ([min(number) for number in side if not _answered([number], text)] for side, text in sides)
    return first, second
