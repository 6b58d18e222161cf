"""Finds in texts the words that a query found them by. Marks nothing that the query excludes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from functools import lru_cache
from itertools import groupby
from typing import TypeGuard

from indexer.analysis.tokens import Token, tokens
from indexer.engine.contract import Exact, Leaf, Phrase, Prefix, Term, runs_of
from indexer.search.query.nearness import LIGHT
from indexer.search.query.readings import compound_length

MOST_WORDS, LONGEST_WORD = 1 << 15, 50  # words whose keys are remembered, of no more characters: some 10 MB
MOST_PIECES, LONGEST = 1 << 13, 500  # and pieces: some 20 MB
Span = tuple[int, int]  # start, end: characters of the text


class Marker:
    """Marks the words that one query matches, in any number of texts.

    What stands in sentences is remembered from one query to the next, so that most are known at a glance to hold
    nothing.
    """

    def __init__(self, leaves: Sequence[Leaf]) -> None:
        runs = [run for leaf in leaves if _lit(leaf) for run in marked_runs(leaf)]
        self._words = {run[0] for run in runs if len(run) == 1}
        self._phrases = [run for run in runs if len(run) > 1]
        self._forms = {leaf.form for leaf in leaves if isinstance(leaf, Exact)}
        self._starts = tuple(leaf.start for leaf in leaves if isinstance(leaf, Prefix))
        in_phrases = {key for run in self._phrases for key in run}
        self._keys = {*self._words, *in_phrases, *(f"={form}" for form in self._forms)}

    def spans(self, pieces: Sequence[str]) -> tuple[Span, ...]:
        """What matches in these pieces, joined with single spaces: in order, what overlaps as one."""
        marked: list[Span] = []
        for start, text in self._stretches(pieces):
            marked += [(start + first, start + last) for first, last in self._spans(tokens(text))]
        return _merged(sorted(marked))

    def _stretches(self, pieces: Sequence[str]) -> Iterator[tuple[int, str]]:
        """Runs of pieces in which something may match, joined, and where each begins."""
        start = 0
        for silent, run in groupby(pieces, self._silent):
            text = " ".join(run)
            if not silent:
                yield start, text
            start += len(text) + 1

    def _silent(self, piece: str) -> bool:
        """Whether nothing matches in a piece, nor goes on through it: signs alone do not end a phrase."""
        keys = _keys_of(piece) if len(piece) <= LONGEST else _keys_of.__wrapped__(piece)
        return bool(keys) and keys.isdisjoint(self._keys) and not (self._starts and self._begins(keys))

    def _begins(self, keys: Iterable[str]) -> bool:
        starts = tuple(f"={start}" for start in self._starts)
        return any(key.startswith(starts) for key in keys)

    def _matches(self, token: Token) -> bool:
        keys, form = token.readings, token.exact
        return not self._words.isdisjoint(keys) or form in self._forms or form.startswith(self._starts)

    def _spans(self, text_tokens: Sequence[Token]) -> set[Span]:
        spans = {
            _reach(text_tokens, at, at, self._words.intersection(token.others))
            for at, token in enumerate(text_tokens)
            if self._matches(token)
        }
        spans.update(_places(text_tokens, self._phrases))
        return spans


def marked_runs(leaf: Term | Phrase) -> list[tuple[str, ...]]:
    """The runs of keys that are marked for a leaf: what is searched in one field is marked wherever it stands."""
    return [tuple(key.partition(":")[2] or key for key in run) for run in runs_of(leaf)]


@lru_cache(maxsize=MOST_PIECES)
def _keys_of(piece: str) -> frozenset[str]:
    """What may be asked for in a piece: its readings, and its exact forms after "="."""
    if any(map(str.isdigit, piece)):  # a number may be written as several words
        return frozenset(_keys(piece))
    return frozenset(key for word in set(piece.split()) for key in _keys_in(word))


def _keys_in(word: str) -> Iterable[str]:
    return _kept_keys(word) if len(word) <= LONGEST_WORD else _keys(word)


@lru_cache(maxsize=MOST_WORDS)
def _kept_keys(word: str) -> tuple[str, ...]:
    return tuple(_keys(word))


def _keys(text: str) -> Iterator[str]:
    return (key for token in tokens(text) for key in (*token.readings, f"={token.exact}"))


def _lit(leaf: Leaf) -> TypeGuard[Term | Phrase]:
    """Whether the words of a leaf are marked; a pair of neighbours stands beside words that are marked anyway."""
    return isinstance(leaf, Term) or (isinstance(leaf, Phrase) and leaf.share != LIGHT)


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


def _merged(spans: Sequence[Span]) -> tuple[Span, ...]:
    merged: list[Span] = []
    for start, end in spans:
        if merged and start < merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return tuple(merged)
