"""Makes leaves of tokens with all that the words may mean: their readings, within a bound. Never narrows a word."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product
from typing import Final

from indexer.analysis.tokens import Token
from indexer.engine.contract import Phrase, Term

MOST_RUNS: Final = 12  # of one phrase; the readings of later words are left out first


def term(token: Token) -> Term:
    """A word in every reading."""
    return Term(token.stem, token.others)


def phrase(words: Sequence[Token], share: float = 1.0) -> Phrase:
    """Words one after the other, in their readings; a text that is written just so always matches."""
    first, *others = product(*_choices(words))
    return Phrase(first, tuple(others), share)


def _choices(words: Sequence[Token]) -> list[list[str]]:
    """For each word its stem, and as many of its other readings as make no more runs than there may be."""
    choices = [[word.stem] for word in words]
    runs, deepest = 1, max((len(word.others) for word in words), default=0)
    for depth in range(deepest):
        for word, choice in zip(words, choices, strict=True):
            more = runs // len(choice) * (len(choice) + 1)
            if depth < len(word.others) and len(choice) == depth + 1 and more <= MOST_RUNS:
                choice.append(word.others[depth])
                runs = more
    return choices
