"""Compares what a later sentence says with what was recommended, in either language, by the words that weigh most."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from indexer.analysis.tokens import Token, stopword, tokens
from indexer.engine.contract import Leaf
from indexer.search.query.bridge import Bridge, Crossing
from indexer.search.query.leaves import of_words

MOST_WORDS: Final = 60  # of what was recommended, that are compared
MOST_COMPARED: Final = 80  # of a later sentence


@dataclass(frozen=True, slots=True)
class ComparedWord:
    """A word, what it is weighed by, and every key by which it is found in a text of either language."""

    leaf: Leaf
    keys: frozenset[str]


@dataclass(frozen=True, slots=True)
class Likeness:
    """How many words are shared; which share of the recommendation's weight, and of the sentence's words, they are."""

    shared: int
    of_recommendation: float
    of_sentence: float

    @property
    def both(self) -> float:
        """The product of both shares, from 0 to 1."""
        return self.of_recommendation * self.of_sentence


def compared_words(text: str, crossing: Crossing) -> tuple[ComparedWord, ...]:
    """The telling words of a text, each once: no numbers alone, no common words, no symbols."""
    bridge = Bridge(crossing)
    words: dict[str, ComparedWord] = {}
    for token in tokens(text):
        if telling(token) and token.stem not in words:
            words[token.stem] = ComparedWord(of_words([token]), _keys(bridge, token, text))
        if len(words) == MOST_WORDS:
            break
    return tuple(words.values())


def telling(token: Token) -> bool:
    """Whether a word says what a sentence is about."""
    return token.exact.isalpha() and len(token.exact) > 2 and not stopword(token) and token.exact not in _OF_FORM


def alike(words: Sequence[ComparedWord], weights: Mapping[Leaf, float], sentence: str) -> Likeness:
    """How much of a recommendation a sentence takes up."""
    own = [token for token in tokens(sentence) if telling(token)][:MOST_COMPARED]
    stems = {token.stem for token in own}
    shared = [word for word in words if not word.keys.isdisjoint(stems)]
    whole = sum(weights.get(word.leaf, 0.0) for word in words)
    said = sum(weights.get(word.leaf, 0.0) for word in shared)
    known = frozenset(key for word in words for key in word.keys)
    taken = len(stems & known)
    return Likeness(len(shared), said / whole if whole else 0.0, taken / len(stems) if stems else 0.0)


def _keys(bridge: Bridge, token: Token, text: str) -> frozenset[str]:
    return frozenset((token.stem, *bridge.word([token], text[token.start : token.end], "").close))


_FORM: Final = """
should shall must may recommend recommends recommended recommendation recommendations state states paragraph paragraphs
document resolution meeting participating calls requests urges decides invites encourages
следует должен должна должны должно рекомендует рекомендовано рекомендации государство государства государствам
пункт пункта пункте пункты документ документа совещание призывает просит постановляет предлагает
"""
_OF_FORM: Final = frozenset(_FORM.split())  # words that any recommendation has
