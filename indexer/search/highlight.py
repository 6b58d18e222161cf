"""Finds in a text the words that a query found it by. Marks nothing that the query excludes."""

from __future__ import annotations

from collections.abc import Sequence

from indexer.analysis.tokens import Token, tokens
from indexer.engine.contract import Exact, Leaf, Phrase, Prefix, Term

Span = tuple[int, int]  # start, end: characters of the text


def highlights(text: str, leaves: Sequence[Leaf]) -> tuple[Span, ...]:
    """The spans of a text that match one of the leaves, in order, neighbours of one phrase joined."""
    text_tokens = tokens(text)
    spans = {span for leaf in leaves for span in _spans(text_tokens, leaf)}
    return _merged(sorted(spans))


def _spans(text_tokens: Sequence[Token], leaf: Leaf) -> list[Span]:
    match leaf:
        case Term(stem):
            return [(token.start, token.end) for token in text_tokens if token.stem == stem]
        case Exact(form):
            return [(token.start, token.end) for token in text_tokens if token.exact == form]
        case Prefix(start):
            return [(token.start, token.end) for token in text_tokens if token.exact.startswith(start)]
        case Phrase(stems):
            runs = (text_tokens[at : at + len(stems)] for at in range(len(text_tokens) - len(stems) + 1))
            return [(run[0].start, run[-1].end) for run in runs if tuple(token.stem for token in run) == stems]


def _merged(spans: Sequence[Span]) -> tuple[Span, ...]:
    merged: list[Span] = []
    for start, end in spans:
        if merged and start < merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return tuple(merged)
