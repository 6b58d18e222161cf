"""Gives a word the readings that its shape tells: acronyms, look-alike letters, Roman numbers, footnotes."""

import re
from collections.abc import Iterator
from typing import Final

from indexer.analysis.folding import fold, latin_twin

_LETTERS: Final = "A-ZА-ЯЁҒҚҢӨҰҮІҲҶӢӮЎ"  # that stand in acronyms
_ACRONYM = re.compile(rf"([{_LETTERS}]{{2,10}})(?:s|а|у|ом|е|ы|и|ов|ам|ами|ах)?")
_MOST_TWIN_LETTERS: Final = 6
_ROMAN = re.compile(r"(?=..)(XC|XL|L?X{0,3})(IX|IV|V?I{0,3})")
_ROMAN_ORDINAL = re.compile(r"([XVILC]{2,7})(?:st|nd|rd|th)")
_VALUES: Final = {"I": 1, "V": 5, "X": 10, "L": 50, "C": 100}
_ORDINAL = re.compile(r"(\d{1,4})(?:st|nd|rd|th)")
_OF_YEAR = re.compile(r"(\d{4})(?:гг?|года?|году)")  # 2025г.: nothing between
_RAISED = re.compile(r"(\d{1,6})[\u00b9\u00b2\u00b3\u2070\u2074-\u2079]{1,3}")  # a footnote at a number
_TRUNK_CALL = re.compile(r"8(\d{10})")  # a telephone number as it is dialled inside Russia and Kazakhstan
_FOOTNOTE = re.compile(r"([^\W\d_]{4,})\d{1,3}")
_VOWELLESS = re.compile(r"[b-df-hj-np-tv-xz]{2,8}[a-z]?")  # an acronym sooner than a word: ngo, ftf
_LEAST_OF_WORD: Final = 3  # letters


def readings(raw: str, exact: str, ordinary: bool) -> Iterator[str]:
    """Readings of a word as written, beside those that its language gives it.

    `ordinary`: a dictionary holds it in small letters, so that capitals alone make no acronym of it.
    """
    acronym = _ACRONYM.fullmatch(raw)
    if acronym and not (ordinary and raw.isupper()):
        yield fold(acronym[1])
    twin = latin_twin(exact) if raw.isupper() and len(raw) <= _MOST_TWIN_LETTERS else ""
    if twin:
        yield twin
    if raw.isupper():
        yield from _roman(twin or exact)
    if ordinal := _ROMAN_ORDINAL.fullmatch(raw):
        yield from _roman(ordinal[1])
    if exact[:1].isdigit():
        yield from (match[1] for match in [_ORDINAL.fullmatch(exact), _OF_YEAR.fullmatch(exact)] if match)
        yield from (match[1] for match in [_RAISED.fullmatch(raw)] if match)
        yield from ("7" + match[1] for match in [_TRUNK_CALL.fullmatch(exact)] if match)


def without_footnote(exact: str) -> str:
    """The word to which the number of a footnote clings, or ""."""
    match = _FOOTNOTE.fullmatch(exact)
    return match[1] if match else ""


def other_number(exact: str) -> str:
    """What a folded acronym is in its other number, where no ending tells: ngo of ngos, ftfs of ftf; or "".

    A text in capitals says that a word is an acronym. What people type small does not.
    """
    plural = exact.endswith("s") and not exact.endswith("ss")
    other = exact.removesuffix("s") if plural else f"{exact}s"
    singular = min(exact, other, key=len)
    return other if len(singular) >= _LEAST_OF_WORD and _VOWELLESS.fullmatch(singular) else ""


def _roman(exact: str) -> Iterator[str]:
    """The value of a Roman number of two letters or more, up to 99: a single letter is an initial sooner."""
    capitals = exact.upper()
    if not _ROMAN.fullmatch(capitals):
        return
    values = [_VALUES[letter] for letter in capitals]
    following = [*values[1:], 0]
    yield str(sum(-value if value < more else value for value, more in zip(values, following, strict=True)))
