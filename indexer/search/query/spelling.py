"""Finds the word that somebody may have meant: the nearest of given forms by the letters that differ.

The distance is that of optimal string alignment (Damerau 1964: a letter more, less, another, or two exchanged).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from indexer.analysis.folding import cyrillic

SHORTEST: Final = 4  # letters of a word that is mended
_SECOND: Final = 8  # letters from which on two may be wrong
_ENDING: Final = re.compile(  # of a Russian or an English word in another case, number or tense
    r"(?<=....)(?:[аяоеуюыиьй]|[аеиоуыюя][йм]|[аяыи]х|[ое]в|[аяыи]ми|[ое]го|[ое]му|[аяою]я|[ую]ю|[оеы]е)$"
    r"|(?<=...)(?:y|e|s|es|ies|ed|ing)$"
)


def allowed(word: str) -> int:
    """How many letters of a word may be wrong."""
    if len(word) < SHORTEST or any(character.isdigit() for character in word):
        return 0
    return 2 if len(word) >= _SECOND else 1


def beginnings(word: str) -> tuple[str, ...]:
    """How forms begin that the word may stand for: as it does, or with an error in its first two letters."""
    exchanged, second_more, first_more = word[1::-1], word[0] + word[2:3], word[1:3]
    return tuple(dict.fromkeys([word[:2], exchanged, second_more, first_more]))


def nearest(word: str, forms: Sequence[str], most: int = 2) -> str | None:
    """The form that differs least, the first of several; None if every one differs too much, in `most` letters even."""
    best, least = None, min(allowed(word), most) + 1
    for form in forms:
        if least > 1 and abs(len(form) - len(word)) < least:
            letters = distance(word, form, least - 1)
            if letters < least:
                best, least = form, letters
    return best


def nearest_in_other_form(word: str, forms: Sequence[str]) -> str | None:
    """The first form that differs in one letter before its ending: somebody may have meant another case of it."""
    firsts: dict[str, str] = {}
    for form in forms:
        if cyrillic(form) == cyrillic(word):
            firsts.setdefault(_ENDING.sub("", form), form)
    bare = nearest(_ENDING.sub("", word), list(firsts), most=1)
    return firsts[bare] if bare else None


def distance(one: str, other: str, most: int) -> int:
    """In how many letters two words differ; `most` + 1 where these are more."""
    before: list[int] = []
    row = list(range(len(other) + 1))
    for at, letter in enumerate(one, 1):
        before, above = row, before
        row = [at]
        for to, against in enumerate(other, 1):
            cost = min(before[to] + 1, row[to - 1] + 1, before[to - 1] + (letter != against))
            if at > 1 and to > 1 and letter == other[to - 2] and one[at - 2] == against:
                cost = min(cost, above[to - 2] + 1)
            row.append(cost)
        if min(row) > most:
            return most + 1
    return min(row[-1], most + 1)
