"""Finds in texts the words that a query found them by. Marks nothing that the query excludes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import groupby

from indexer.analysis.tokens import Token, tokens
from indexer.engine.contract import Exact, Leaf, Phrase, Prefix, Term

MOST_WORDS, LONGEST_WORD = 1 << 15, 50  # words whose keys are remembered, of no more characters: some 10 MB
MOST_PIECES, LONGEST = 1 << 13, 500  # and pieces: some 20 MB
Span = tuple[int, int]  # start, end: characters of the text


class Marker:
    """Marks the words that one query matches, in any number of texts.

    What stands in sentences is remembered from one query to the next, so that most are known at a glance to hold
    nothing. A word here is what stands between spaces: no token reaches further.
    """

    def __init__(self, leaves: Sequence[Leaf]) -> None:
        self._stems = {leaf.stem for leaf in leaves if isinstance(leaf, Term)}
        self._forms = {leaf.form for leaf in leaves if isinstance(leaf, Exact)}
        self._starts = tuple(leaf.start for leaf in leaves if isinstance(leaf, Prefix))
        self._phrases = tuple(leaf.stems for leaf in leaves if isinstance(leaf, Phrase))
        in_phrases = {stem for stems in self._phrases for stem in stems}
        self._keys = {*self._stems, *in_phrases, *(f"={form}" for form in self._forms)}

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
        return token.stem in self._stems or token.exact in self._forms or token.exact.startswith(self._starts)

    def _spans(self, text_tokens: Sequence[Token]) -> set[Span]:
        spans = {(token.start, token.end) for token in text_tokens if self._matches(token)}
        for stems in self._phrases:
            spans.update(_runs(text_tokens, stems))
        return spans


@lru_cache(maxsize=MOST_PIECES)
def _keys_of(piece: str) -> frozenset[str]:
    """What may be asked for in a piece: its stems, and its exact forms after "="."""
    return frozenset(key for word in set(piece.split()) for key in _keys_in(word))


def _keys_in(word: str) -> Iterable[str]:
    return _kept_keys(word) if len(word) <= LONGEST_WORD else _kept_keys.__wrapped__(word)


@lru_cache(maxsize=MOST_WORDS)
def _kept_keys(word: str) -> tuple[str, ...]:
    return tuple(key for token in tokens(word) for key in (token.stem, f"={token.exact}"))


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
