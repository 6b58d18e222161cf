"""Finds in a text the words that a query found it by. Marks nothing that the query excludes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from indexer.analysis.tokens import Token, tokens
from indexer.engine.contract import Exact, Leaf, Phrase, Prefix, Term

Span = tuple[int, int]  # start, end: characters of the text


def highlights(text: str, leaves: Sequence[Leaf]) -> tuple[Span, ...]:
    """The spans of a text that match one of the leaves, in order, neighbours of one phrase joined."""
    text_tokens = tokens(text)
    stems = {leaf.stem for leaf in leaves if isinstance(leaf, Term)}
    forms = {leaf.form for leaf in leaves if isinstance(leaf, Exact)}
    starts = tuple(leaf.start for leaf in leaves if isinstance(leaf, Prefix))
    spans = {
        (token.start, token.end)
        for token in text_tokens
        if token.stem in stems or token.exact in forms or token.exact.startswith(starts)
    }
    for leaf in leaves:
        if isinstance(leaf, Phrase) and leaf.share == 1:  # what counts less is beside words that are lit anyway
            spans.update(_runs(text_tokens, leaf.stems))
    return _merged(sorted(spans))


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
