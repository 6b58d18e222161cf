"""Compares how two texts call a country: by its short name, or by the long one that treaties and protocol ask for.

The names ship, in data/countries.tsv. A country that one text does not name at all is not this check's matter.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from itertools import pairwise
from typing import Final, Literal, NamedTuple

from indexer.analysis.tokens import Token, tokens
from indexer.text import LANGUAGES, Language

NameForm = Literal["short", "long"]
Span = tuple[int, int]


class CountryName(NamedTuple):
    """A place where a text names a country; `country` is its number in the list."""

    country: int
    form: NameForm
    span: Span


class FormDifference(NamedTuple):
    """A country that a translation calls otherwise: where the source names it, and the name that answers to that."""

    source: Span
    expected: str


_COLUMNS: Final[dict[Language, tuple[int, int]]] = {"en": (0, 1), "ru": (2, 3)}
_LONGEST: Final = 7  # words of a name
_BETWEEN: Final = re.compile(r"(?:['’]s)?[-‑\s]{1,3}")


def forms_differ(source: str, translation: str, languages: tuple[Language, Language]) -> list[FormDifference]:
    """The countries that both texts name, one by long names alone and the other by short ones alone."""
    ours, theirs = (_names_in(text, language) for text, language in zip((source, translation), languages, strict=True))
    differences = {}
    for name in ours:
        own = {each.form for each in ours if _same(each.country, name.country)}
        other = {each.form for each in theirs if _same(each.country, name.country)}
        if other and own.isdisjoint(other):
            differences[name.country] = FormDifference(name.span, _name(name.country, languages[1], name.form))
    return list(differences.values())


def _same(one: int, other: int) -> bool:
    """Whether two rows are of one country, which has had two names in one of the languages."""
    return any(_rows()[one][at] == _rows()[other][at] for at in (0, 2))


def _name(country: int, language: Language, form: NameForm) -> str:
    return _rows()[country][_COLUMNS[language][form == "long"]]


def _names_in(text: str, language: Language) -> list[CountryName]:
    """The names in a text, in any case; a short one within a long one is none."""
    words, by_stems = tokens(text), _by_stems()[language]
    names: list[CountryName] = []
    at = 0
    while at < len(words):
        size, name = next(
            (
                (size, by_stems[key])
                for size in range(_LONGEST, 0, -1)
                if (key := _stems(words[at : at + size])) in by_stems
            ),
            (1, None),
        )
        first, last = words[at], words[min(at + size, len(words)) - 1]
        if name and text[first.start].isupper() and _one_run(text, words[at : at + size]):
            names.append(CountryName(*name, (first.start, last.end)))
        at += size
    return names


def _one_run(text: str, words: Sequence[Token]) -> bool:
    """Whether nothing but spaces, hyphens and the end of People's stands between the words."""
    return all(_BETWEEN.fullmatch(text, a.end, b.start) for a, b in pairwise(words))


def _stems(words: Sequence[Token]) -> tuple[str, ...]:
    return tuple(word.stem for word in words)


@cache
def _rows() -> list[list[str]]:
    text = (files("indexer.checks") / "data" / "countries.tsv").read_text(encoding="utf-8")
    return [line.split("\t") for line in text.splitlines()[1:]]


@cache
def _by_stems() -> dict[Language, dict[tuple[str, ...], tuple[int, NameForm]]]:
    """Country and form by the stems of a name's words, for each language; of equal names the first counts."""
    made: dict[Language, dict[tuple[str, ...], tuple[int, NameForm]]] = {language: {} for language in LANGUAGES}
    forms: tuple[NameForm, NameForm] = ("short", "long")
    for country, row in enumerate(_rows()):
        for language, columns in _COLUMNS.items():
            for column, form in zip(columns, forms, strict=True):
                made[language].setdefault(_stems(tokens(row[column])), (country, form))
    return made
