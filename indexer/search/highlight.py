"""Finds in texts the words that a query found them by. Marks nothing that the query excludes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from itertools import groupby
from typing import TypeGuard

from indexer.analysis.tokens import Token, tokens
from indexer.engine.contract import Exact, Leaf, Phrase, Prefix, Term, runs_of
from indexer.search.query.readings import compound_length

Span = tuple[int, int]  # start, end: characters of the text


class Marker:
    """Marks the words that one query matches, in any number of texts.

    It remembers which words it has looked at, so that most sentences are known at a glance to hold nothing: a word is
    what stands between spaces, and no token reaches further but those of numbers.
    """

    def __init__(self, leaves: Sequence[Leaf]) -> None:
        runs = [run for leaf in leaves if _lit(leaf) for run in runs_of(leaf)]
        self._keys = {run[0] for run in runs if len(run) == 1}
        self._forms = {leaf.form for leaf in leaves if isinstance(leaf, Exact)}
        self._starts = tuple(leaf.start for leaf in leaves if isinstance(leaf, Prefix))
        self._phrases = [run for run in runs if len(run) > 1]
        self._in_phrases = {key for run in self._phrases for key in run}
        self._numbers = any(map(_numeric, self._keys | self._in_phrases))
        self._known: set[str] = set()  # words as they stand between spaces
        self._matching: set[str] = set()  # those of them that match, perhaps as a part of a phrase
        self._others: set[str] = set()  # those that end a phrase: signs alone do not

    def spans(self, pieces: Sequence[str]) -> tuple[Span, ...]:
        """What matches in these pieces, joined with single spaces: in order, what overlaps as one."""
        found: list[Span] = []
        for start, text in self._stretches(pieces):
            found += [(start + first, start + last) for first, last in self._spans(tokens(text))]
        return _merged(sorted(found))

    def _stretches(self, pieces: Sequence[str]) -> Iterator[tuple[int, str]]:
        """Runs of pieces in which something may match, joined, and where each begins."""
        start = 0
        for silent, run in groupby(pieces, self._silent):
            text = " ".join(run)
            if not silent:
                yield start, text
            start += len(text) + 1

    def _silent(self, piece: str) -> bool:
        """Whether nothing matches in a piece, nor goes on through it."""
        words = set(piece.split())
        for word in words - self._known:
            self._learn(word)
        return self._matching.isdisjoint(words) and not self._others.isdisjoint(words)

    def _learn(self, word: str) -> None:
        word_tokens = tokens(word)
        self._known.add(word)
        may_match = self._numbers and _numeric(word)
        if may_match or any(self._matches(t) or not self._in_phrases.isdisjoint(t.readings) for t in word_tokens):
            self._matching.add(word)
        elif word_tokens:
            self._others.add(word)

    def _matches(self, token: Token) -> bool:
        keys, form = token.readings, token.exact
        return not self._keys.isdisjoint(keys) or form in self._forms or form.startswith(self._starts)

    def _spans(self, text_tokens: Sequence[Token]) -> set[Span]:
        spans = {
            _reach(text_tokens, at, at, self._keys.intersection(token.others))
            for at, token in enumerate(text_tokens)
            if self._matches(token)
        }
        spans.update(_places(text_tokens, self._phrases))
        return spans


def _places(text_tokens: Sequence[Token], runs: Sequence[tuple[str, ...]]) -> Iterator[Span]:
    """Where the readings of a run follow one another; compared only where its first one stands."""
    beginning: dict[str, list[tuple[str, ...]]] = {}
    for run in runs:
        beginning.setdefault(run[0], []).append(run)
    for at, token in enumerate(text_tokens if runs else ()):
        for run in (run for key in token.readings for run in beginning.get(key, ())):
            words = text_tokens[at : at + len(run)]
            if len(words) == len(run) and all(key in word.readings for key, word in zip(run, words, strict=True)):
                yield _reach(text_tokens, at, at + len(run) - 1, {run[0], run[-1]})


def _reach(text_tokens: Sequence[Token], first: int, last: int, keys: AbstractSet[str]) -> Span:
    """Words with what is left of the compounds at their ends that have one of these keys."""
    marked = [other for other in text_tokens[first].others if other.lstrip("+") in keys]
    before = max((other.count("+") for other in marked), default=0)
    length = max((compound_length(text_tokens, last, key) for key in keys), default=1)
    return text_tokens[first - before].start, text_tokens[last + length - 1].end


def _numeric(word: str) -> bool:
    """Whether a word may be a part of a number or date that is written as several words."""
    return any(map(str.isdigit, word))


def _lit(leaf: Leaf) -> TypeGuard[Term | Phrase]:
    """Whether the words of a leaf are marked; what counts less stands beside words that are marked anyway."""
    return isinstance(leaf, Term) or (isinstance(leaf, Phrase) and leaf.share == 1)


def _merged(spans: Sequence[Span]) -> tuple[Span, ...]:
    merged: list[Span] = []
    for start, end in spans:
        if merged and start < merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return tuple(merged)
