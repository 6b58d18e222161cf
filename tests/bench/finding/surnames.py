"""Surnames of our own choice in nine forms each: whether any form of a name finds any other, and no other name."""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Iterator, Mapping
from itertools import combinations
from pathlib import Path

from indexer.analysis.names.keys import MARK
from indexer.analysis.tokens import tokens

_POSSESSIVE = ("", "а", "у", "ым", "е", "ой", "ы", "ых", "ыми")  # Жуков, Жукова …: he, she and the family
_HARD = ("{}", "ого", "ому", "ым", "ом", "ая", "ую", "ые", "ых")
_SOFT = ("{}", "ого", "ому", "им", "ом", "ая", "ую", "ие", "их")
_NOUN = ("", "а", "у", "ом", "е", "{}", "ам", "ами", "ах")
_SAME = ("",) * 9


def surnames(kind: str) -> list[str]:
    """The names of a set: `russian` or `central asian`."""
    with Path(__file__).with_name("surnames.tsv").open(encoding="utf-8", newline="") as file:
        return [row["name"] for row in csv.DictReader(file, delimiter="\t") if row["set"] == kind]


def forms(name: str) -> list[str]:
    """Nine forms of a surname, the nominative first: of a man, a woman and a family, as grammars give them."""
    if name.endswith(("ов", "ев", "ёв", "ин", "ын")):
        return [name + ending for ending in _POSSESSIVE]
    if name.endswith(("ый", "ий", "ой")):
        soft = name[-3] in "кгхжчшщ" and not name.endswith("ой")
        return [name[:-2] + ending.format(name[-2:]) for ending in (_SOFT if soft else _HARD)]
    if name.endswith(("ых", "их", "ко", "улы", "кызы", "заде")):
        return [name + ending for ending in _SAME]
    plural = "ы" if name[-1] not in "кгхчшщ" else "и"
    instrumental = "ем" if name[-1] in "чшщ" else "ом"
    return [name + ending.format(plural).replace("ом", instrumental) for ending in _NOUN]


def meeting(names: list[str]) -> float:
    """The share of forms that their nominative finds, in texts that begin with a capital letter."""
    pairs = [(name, form) for name in names for form in forms(name)]
    return sum(_readings(name) & _readings(form) != set() for name, form in pairs) / len(pairs)


def joined(names: list[str]) -> float:
    """The share of names of which some form is found by another name's nominative."""
    holders: Mapping[str, set[str]] = defaultdict(set)
    for name in names:
        for form in forms(name):
            for key in _readings(form):
                holders[key].add(name)
    return sum(any(holders[key] - {name} for key in _readings(name)) for name in names) / len(names)


def not_met(names: list[str]) -> Iterator[str]:
    """The forms that their nominative does not find."""
    for name in names:
        missed = [form for form in forms(name) if not _readings(name) & _readings(form)]
        if missed:
            yield f"{name}: {' '.join(missed)}"


def pairs_joined(names: list[str]) -> Iterator[str]:
    """The names of which one finds a form of the other."""
    keys = {name: {key for form in forms(name) for key in _readings(form)} for name in names}
    for one, other in combinations(names, 2):
        if _readings(one) & keys[other] or _readings(other) & keys[one]:
            yield f"{one} {other}"


def _readings(word: str) -> set[str]:
    return {key for token in tokens(word) for key in token.readings if not key.startswith(MARK)}
