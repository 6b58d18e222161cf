"""Finds in texts the words that a query found them by. Marks nothing that the query excludes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import groupby
from typing import Final

from indexer.analysis.tokens import Token, tokens
from indexer.engine.contract import Exact, Leaf, Phrase, Prefix, Term

MOST_WORDS: Final = 1 << 16  # whose tokens are remembered from one query to the next
Span = tuple[int, int]  # start, end: characters of the text


class Marker:
    """Marks the words that one query matches, in any number of texts.

    It remembers which words it has looked at, so that most sentences are known at a glance to hold nothing: a word is
    what stands between spaces, and no token reaches further.
    """

    def __init__(self, leaves: Sequence[Leaf]) -> None:
        self._stems = {leaf.stem for leaf in leaves if isinstance(leaf, Term)}
        self._forms = {leaf.form for leaf in leaves if isinstance(leaf, Exact)}
        self._starts = tuple(leaf.start for leaf in leaves if isinstance(leaf, Prefix))
        self._phrases = tuple(leaf.stems for leaf in leaves if isinstance(leaf, Phrase))
        self._in_phrases = {stem for stems in self._phrases for stem in stems}
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
        word_tokens = _tokens_of(word)
        self._known.add(word)
        for token in word_tokens:
            if token.stem in self._in_phrases or self._matches(token):
                self._matching.add(word)
                return
        if word_tokens:
            self._others.add(word)

    def _matches(self, token: Token) -> bool:
        return token.stem in self._stems or token.exact in self._forms or token.exact.startswith(self._starts)

    def _spans(self, text_tokens: Sequence[Token]) -> set[Span]:
        spans = {(token.start, token.end) for token in text_tokens if self._matches(token)}
        for stems in self._phrases:
            spans.update(_runs(text_tokens, stems))
        return spans


@lru_cache(maxsize=MOST_WORDS)
def _tokens_of(word: str) -> tuple[Token, ...]:
    return tuple(tokens(word))


def _runs(text_tokens: Sequence[Token], stems: tuple[str, ...]) -> Iterator[Span]:
    """Where the stems of a phrase follow one another; compared only where its first one stands."""
    for at, token in enumerate(text_tokens[: max(0, len(text_tokens) - len(stems) + 1)]):
        if token.stem == stems[0]:
            run = text_tokens[at : at + len(stems)]
            if tuple(token.stem for token in run) == stems:
                yield run[0].start, run[-1].end


def _merged(spans: Sequence[Span]) -> tuple[Span, ...]:
    merged: list[Span] = []
    for start, end in spans:
        if merged and start < merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return tuple(merged)
