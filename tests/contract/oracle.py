"""What an engine must answer, worked out the slow and obvious way from the live records inside the scope alone."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace

import numpy as np

from auth.policy import Scope
from indexer.analysis.tokens import Token
from indexer.engine.contract import (
    EVIDENCE,
    FACETS,
    NOTHING,
    And,
    Answer,
    Evidence,
    Exact,
    Facet,
    Hit,
    Inside,
    Leaf,
    LeafCounts,
    Near,
    Not,
    Or,
    PassageTokens,
    Phrase,
    Prefix,
    Query,
    Record,
    Request,
    SuggestedForms,
    Term,
    positive_leaves,
)

f32 = np.float32


def search(records: Iterable[Record], scope: Scope, request: Request) -> Answer:
    """The answer to a request."""
    if not scope.rules:
        return NOTHING
    inside = [record for record in records if record.rule in scope.rules]
    passages = [passage for record in inside for passage in record.passages]
    leaves = positive_leaves(request.query)
    weights = {leaf: weight(leaf, len(passages), sum(holds(p, leaf) for p in passages)) for leaf in leaves}
    holding = [record for record in inside if matches(record, request.query)]
    matching = [record for record in holding if admitted(record, request)]
    hits = sorted((hit(record, leaves, weights) for record in matching), key=order(request, matching))
    facets = {
        name: counted(v for r in holding if countable(r, request, name) for v in r.facets.get(name, ()))
        for name in FACETS
    }
    return Answer(
        len(matching), tuple(hits[request.offset : request.offset + request.limit]), facets, content_of(inside)
    )


def suggest(records: Iterable[Record], scope: Scope, prefix: str, limit: int) -> SuggestedForms:
    """The suggestions for a prefix."""
    inside = [record for record in records if record.rule in scope.rules]
    forms = [{t.exact for p in r.passages for text in p.texts.values() for t in text} for r in inside]
    counts = Counter(form for document in forms for form in document if form.startswith(prefix))
    ordered = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
    return SuggestedForms(tuple(form for form, _ in ordered[:limit]), content_of(inside))


def count(records: Iterable[Record], scope: Scope, leaves: Sequence[Leaf]) -> LeafCounts:
    """How many passages hold each leaf."""
    inside = [record for record in records if record.rule in scope.rules]
    passages = [passage for record in inside for passage in record.passages]
    holding = {leaf: sum(holds(passage, leaf) for passage in passages) for leaf in leaves}
    return LeafCounts(len(passages), holding, content_of(inside))


def content_of(inside: Sequence[Record]) -> Inside:
    """How many documents these are, and the sum of their stamps."""
    return Inside(len(inside), sum(record.stamp for record in inside))


def frequency(tokens: Sequence[Token], leaf: Leaf) -> int:
    """How often a leaf stands in a text."""
    match leaf:
        case Exact(form):
            return sum(token.exact == form for token in tokens)
        case Prefix(start):
            return sum(token.exact.startswith(start) for token in tokens)
        case Term(stem, others):
            return max(run_frequency(tokens, (key,)) for key in (stem, *others))
        case Near(words, between):
            return int(is_near(tokens, words, len(words) + between))
        case Phrase(stems, others):
            return max(run_frequency(tokens, run) for run in (stems, *others))


def run_frequency(tokens: Sequence[Token], run: Sequence[str]) -> int:
    """At how many places of a text one of these readings follows the other."""
    starts = range(len(tokens) - len(run) + 1)
    for step, key in enumerate(run):  # fewer with each key
        starts = [at for at in starts if key == tokens[at + step].stem or key in tokens[at + step].others]
    return len(starts)


def is_near(tokens: Sequence[Token], words: Sequence[Sequence[str]], longest: int) -> bool:
    """Whether some stretch of so many places holds each word."""
    places = [token.readings for token in tokens]
    if any(not any(key in keys for keys in places for key in word) for word in words):
        return False  # as no stretch holds a word that is nowhere
    stretches = ({key for keys in places[at : at + longest] for key in keys} for at in range(len(places)))
    return any(all(not stretch.isdisjoint(keys) for keys in words) for stretch in stretches)


def holds(passage: PassageTokens, leaf: Leaf) -> bool:
    """Whether some text of a passage holds a leaf."""
    return any(frequency(text, leaf) for text in passage.texts.values())


def matches(record: Record, query: Query) -> bool:
    """Whether a document matches."""
    match query:
        case And(parts):
            return all(matches(record, part) for part in parts)
        case Or(parts):
            return any(matches(record, part) for part in parts)
        case Not(part):
            return not matches(record, part)
        case leaf:
            return any(holds(passage, leaf) for passage in record.passages)


def countable(record: Record, request: Request, facet: Facet) -> bool:
    """Whether a document that matches counts for a facet: the filter on the facet itself is left out."""
    others = {name: values for name, values in request.filters.items() if name != facet}
    return admitted(record, replace(request, filters=others))


def admitted(record: Record, request: Request) -> bool:
    """Whether the filters let a document through."""
    year = int(record.day[:4]) if record.day else None
    first, last = request.years
    return (
        all(set(record.facets.get(facet, ())) & values for facet, values in request.filters.items())
        and (first is None or (year is not None and year >= first))
        and (last is None or (year is not None and year <= last))
        and (not request.days[0] or record.day >= request.days[0])
        and (not request.days[1] or "" < record.day <= request.days[1])
        and not (request.undated and record.day)
        and (request.only is None or record.document_id in request.only)
        and record.document_id not in request.but
    )


def weight(leaf: Leaf, passages: int, holding: int) -> np.float32:
    """The weight of a leaf."""
    idf = f32(math.log1p((passages - holding + 0.5) / (holding + 0.5))) if holding else f32(0)
    return f32(idf * f32(leaf.share)) if isinstance(leaf, Term | Phrase | Near) else idf


def rounded(length: int) -> int:
    """A length with four significant bits above 24, as Lucene keeps it."""
    if length < 24:
        return length
    rest = length - 24
    shift = max(0, rest.bit_length() - 4)
    return 24 + (rest >> shift << shift)


def leaf_score(passage: PassageTokens, leaf: Leaf, idf: np.float32) -> np.float32:
    """What a leaf adds to a passage: the best of its texts."""
    if isinstance(leaf, Prefix | Near):
        return idf if holds(passage, leaf) else f32(0)
    return max((text_score(text, run, idf) for text in passage.texts.values() for run in runs(leaf)), default=f32(0))


def runs(leaf: Leaf) -> list[Leaf]:
    """The leaf with each of its runs alone."""
    match leaf:
        case Term(stem, others):
            return [Term(key) for key in (stem, *others)]
        case Phrase(stems, others):
            return [Phrase(run) for run in (stems, *others)]
        case _:
            return [leaf]


def text_score(text: Sequence[Token], leaf: Leaf, idf: np.float32) -> np.float32:
    """What one run of a leaf adds to one text."""
    tf = frequency(text, leaf)
    if not tf:
        return f32(0)
    norm = 1.2 * (0.25 + 0.75 * rounded(len(text)) / 168.0)
    words = len(leaf.stems) if isinstance(leaf, Phrase) else 1
    share = f32(float(idf / f32(words)) * tf * 2.2 / (tf + norm))
    return f32(float(share) * words)


def hit(record: Record, leaves: Sequence[Leaf], weights: dict[Leaf, np.float32]) -> Hit:
    """A document's score, and the passages that speak for it."""
    evidence = []
    for passage in record.passages:
        leaves_held = [leaf for leaf in leaves if holds(passage, leaf)]
        if leaves_held:
            score = f32(sum(float(leaf_score(passage, leaf, weights[leaf])) for leaf in leaves_held))
            evidence.append(Evidence(passage.ordinal, float(score)))
    best = max((e.score for e in evidence), default=0.0)
    covered = [leaf for leaf in leaves if any(holds(passage, leaf) for passage in record.passages)]
    total = f32(best + sum(float(f32(weights[leaf] * f32(0.25))) for leaf in covered))
    shown = sorted(evidence, key=lambda e: (-e.score, e.ordinal))[:EVIDENCE]
    return Hit(record.document_id, float(total), tuple(shown))


def order(request: Request, records: Sequence[Record]):
    """The key that hits are sorted by."""
    days = {record.document_id: record.day for record in records}

    def key(hit: Hit) -> tuple[object, ...]:
        if request.sort == "relevance":
            return (-hit.score, hit.document_id)
        day = days[hit.document_id]
        number = int(day.replace("-", "")) if day else 0
        return (not day, number if request.sort == "oldest" else -number, hit.document_id)

    return key


def counted(values: Iterable[str]) -> tuple[tuple[str, int], ...]:
    """Values by falling count, then by value."""
    return tuple(sorted(Counter(values).items(), key=lambda pair: (-pair[1], pair[0])))
