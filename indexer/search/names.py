"""Tells by which keys a word of a query is looked for as a name, in whatever script or spelling. Asks no index."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from indexer.analysis import russian, surnames
from indexer.analysis.folding import cyrillic
from indexer.analysis.names.keys import KNOWN, MARK, of_several
from indexer.analysis.tokens import Token, stopword, tokens
from indexer.engine.contract import Term
from indexer.lexicon.lookup import shipped

OFF: Final = "names"  # what switches this off
SHARE: Final = 0.5  # of a word's weight


def name(words: Sequence[Token], typed: str) -> Term | None:
    """What a word, or one in several parts, is looked for by beside itself; None where it is no name.

    A word that is typed small is taken for one where no dictionary holds it as something else.
    """
    capital = typed[:1].isupper()
    ordinary = all(_ordinary(word, capital) for word in words)
    if all(map(stopword, words)) or (ordinary and not capital):
        return None
    written = tokens(typed if capital else typed.title())
    mark = KNOWN if ordinary else MARK  # at the last word of several stands what they are together
    return _term([key for each in written[-1:] for key in each.others if key.startswith(mark)])


def name_of_several(words: Sequence[Token]) -> Term | None:
    """What words side by side are looked for by, if together they are a known name."""
    length, keys = of_several([word.exact for word in words])
    return _term(keys) if length == len(words) else None


def _term(keys: Sequence[str]) -> Term | None:
    return Term(keys[0], tuple(keys[1:]), SHARE) if keys else None


def _ordinary(word: Token, capital: bool) -> bool:
    """Whether a dictionary holds a word as something else than a name, and its ending and capital tell no surname."""
    if not cyrillic(word.exact):
        return any(each.entry.lemma.islower() for each in shipped().translations([word], "en"))
    spelling = russian.spellings(word.exact)[0]
    analysed = russian.analysed(spelling)
    surname = surnames.keys(spelling, False, capital) or (capital and surnames.adjectival(spelling))
    return analysed.ordinary and not surname
