"""Finds in a text the words that a query found it by. Marks nothing that the query excludes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from indexer.analysis.tokens import Token, tokens
from indexer.engine.contract import Exact, Leaf, Phrase, Prefix, Term, runs_of

Span = tuple[int, int]  # start, end: characters of the text


def highlights(text: str, leaves: Sequence[Leaf]) -> tuple[Span, ...]:
    """The spans of a text that match one of the leaves, in order, neighbours of one phrase joined."""
    text_tokens = tokens(text)
    runs = [run for leaf in leaves if isinstance(leaf, Term | Phrase) for run in runs_of(leaf)]
    keys = {run[0] for run in runs if len(run) == 1}
    forms = {leaf.form for leaf in leaves if isinstance(leaf, Exact)}
    starts = tuple(leaf.start for leaf in leaves if isinstance(leaf, Prefix))
    spans = {
        (token.start, token.end)
        for token in text_tokens
        if not keys.isdisjoint(token.readings) or token.exact in forms or token.exact.startswith(starts)
    }
    spans.update(_places(text_tokens, [run for run in runs if len(run) > 1]))
    return _merged(sorted(spans))


def _places(text_tokens: Sequence[Token], runs: Sequence[tuple[str, ...]]) -> Iterator[Span]:
    """Where the readings of a run follow one another; compared only where its first one stands."""
    beginning: dict[str, list[tuple[str, ...]]] = {}
    for run in runs:
        beginning.setdefault(run[0], []).append(run)
    for at, token in enumerate(text_tokens if runs else ()):
        for run in (run for key in token.readings for run in beginning.get(key, ())):
            words = text_tokens[at : at + len(run)]
            if len(words) == len(run) and all(key in word.readings for key, word in zip(run, words, strict=True)):
                yield words[0].start, words[-1].end


def _merged(spans: Sequence[Span]) -> tuple[Span, ...]:
    merged: list[Span] = []
    for start, end in spans:
        if merged and start < merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return tuple(merged)
