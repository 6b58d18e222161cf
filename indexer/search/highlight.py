"""Finds in a text the words that a query found it by. Marks nothing that the query excludes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet

from indexer.analysis.tokens import Token, tokens
from indexer.engine.contract import Exact, Leaf, Phrase, Prefix, Term, runs_of
from indexer.search.readings import compound_length

Span = tuple[int, int]  # start, end: characters of the text


def highlights(text: str, leaves: Sequence[Leaf]) -> tuple[Span, ...]:
    """The spans of a text that match one of the leaves, in order, neighbours of one phrase joined."""
    text_tokens = tokens(text)
    runs = [run for leaf in leaves if isinstance(leaf, Term | Phrase) for run in runs_of(leaf)]
    keys = {run[0] for run in runs if len(run) == 1}
    forms = {leaf.form for leaf in leaves if isinstance(leaf, Exact)}
    starts = tuple(leaf.start for leaf in leaves if isinstance(leaf, Prefix))
    spans = {
        _reach(text_tokens, at, at, keys.intersection(token.others))
        for at, token in enumerate(text_tokens)
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
