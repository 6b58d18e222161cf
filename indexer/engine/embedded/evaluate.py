"""Matches and weighs one request against one snapshot of the embedded index: count inside the scope, then weigh."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from typing import Final

import numpy as np
from numpy.typing import NDArray

from indexer.engine.contract import (
    EVIDENCE,
    And,
    Answer,
    Evidence,
    Exact,
    Hit,
    Leaf,
    LeafCounts,
    Near,
    Not,
    Or,
    Prefix,
    Query,
    Request,
    SuggestedForms,
    positive_leaves,
    runs_of,
)
from indexer.engine.embedded.columns import DocumentColumns, Mask
from indexer.engine.embedded.scoped import NOWHERE, ScopedPostings, counted
from indexer.engine.embedded.segments import OFFSET_BITS, Numbers
from indexer.engine.scoring import COVERAGE, LENGTHS, Scores, frequency_scores, weight_of

_CODES: Final = len(LENGTHS)  # of a text's length


@dataclass(frozen=True, slots=True)
class Weighed:
    """Which passages inside the scope hold a leaf, by number, with their scores; and which documents."""

    passages: Numbers
    scores: Scores
    weight: np.float32
    documents: Mask


def answer(postings: ScopedPostings, request: Request) -> Answer:
    """The answer to a request."""
    columns = postings.columns
    leaves = {leaf: find(postings, leaf) for leaf in dict.fromkeys(_all_leaves(request.query))}
    matching_all = _matching(request.query, leaves, postings.inside) & _dated(columns, request)
    matching_all &= columns.chosen(request.only, request.but)
    admitted = {facet: columns.facets[facet].having(values) for facet, values in request.filters.items()}
    matching = reduce(np.logical_and, admitted.values(), matching_all)
    weighed = [leaves[leaf] for leaf in positive_leaves(request.query)]
    passages, scores = _passage_scores(columns, weighed, matching)
    numbers = np.flatnonzero(matching)
    totals = _document_scores(columns, weighed, passages, scores)[numbers]
    page = _page(columns, numbers, totals, request)
    hits = tuple(
        Hit(str(columns.ids[numbers[at]]), float(totals[at]), _evidence(columns, passages, scores, int(numbers[at])))
        for at in page
    )
    facets = {
        facet: column.counts(reduce(np.logical_and, [a for f, a in admitted.items() if f != facet], matching_all))
        for facet, column in columns.facets.items()
    }
    return Answer(len(numbers), hits, facets, columns.content_of(postings.inside))


def counts(postings: ScopedPostings, leaves: Sequence[Leaf]) -> LeafCounts:
    """How many passages hold each leaf."""
    holding = {leaf: len(find(postings, leaf).passages) for leaf in dict.fromkeys(leaves)}
    return LeafCounts(postings.passages, holding, postings.columns.content_of(postings.inside))


def suggestions(postings: ScopedPostings, prefix: str, limit: int) -> SuggestedForms:
    """The forms of most documents that begin so."""
    documents: defaultdict[str, list[Numbers]] = defaultdict(list)
    for form, texts in postings.beginning(f"={prefix}"):
        if len(texts):
            documents[form.removeprefix("=")].append(np.unique(postings.texts.documents[texts]))
    by_count = sorted((-len(np.unique(np.concatenate(parts))), form) for form, parts in documents.items())
    return SuggestedForms(tuple(form for _, form in by_count[:limit]), postings.columns.content_of(postings.inside))


def find(postings: ScopedPostings, leaf: Leaf) -> Weighed:
    """Find a leaf and weigh it by what was counted inside the scope."""
    texts = postings.texts
    runs = _runs(postings, leaf)
    held = texts.none()
    for _, texts_of_run, _ in runs:
        held[texts.passages[texts_of_run]] = True
    passages = np.flatnonzero(held)
    weight = weight_of(leaf, postings.passages, len(passages))
    documents = np.zeros_like(postings.inside)
    documents[texts.passage_documents[passages]] = True
    if isinstance(leaf, Prefix | Near):
        return Weighed(passages, np.full(len(passages), weight, np.float32), weight, documents)
    best = np.zeros(len(held), np.float32)  # of a passage's texts and runs
    for words, texts_of_run, times in runs:
        scores = _text_scores(weight, times, texts.lengths[texts_of_run], words)
        np.maximum.at(best, texts.passages[texts_of_run], scores)
    return Weighed(passages, best[passages], weight, documents)


def _text_scores(weight: np.float32, times: Numbers, lengths: NDArray[np.uint8], words: int) -> Scores:
    """The score of each text, of which there are more than of different scores."""
    most = int(times.max(initial=0)) + 1
    if most * _CODES > len(times):
        return frequency_scores(weight, times, LENGTHS[lengths], words)
    table = frequency_scores(weight, np.repeat(np.arange(most), _CODES), np.tile(LENGTHS, most), words)
    scores: Scores = table[times * _CODES + lengths]
    return scores


def _runs(postings: ScopedPostings, leaf: Leaf) -> list[tuple[int, Numbers, Numbers]]:
    """For each run of a leaf its words, the texts that hold it, and how often each does."""
    match leaf:
        case Exact(form):
            return [(1, *postings.texts_of(f"={form}"))]
        case Prefix(start):
            parts = [texts for _, texts in postings.beginning(f"={start}")]
            return [(1, np.concatenate([NOWHERE, *parts]), NOWHERE)]
        case Near():
            return [(1, _near_texts(postings, leaf), NOWHERE)]
        case run_leaf:
            return [(len(run), *_run_texts(postings, run)) for run in runs_of(run_leaf)]


def _run_texts(postings: ScopedPostings, run: Sequence[str]) -> tuple[Numbers, Numbers]:
    """The texts where the keys follow one another, and how often."""
    if len(run) == 1:
        return postings.texts_of(run[0])
    fewest_first = sorted(enumerate(run), key=lambda each: len(postings.places(each[1])))
    starts = postings.places(fewest_first[0][1]) - fewest_first[0][0]
    for position, key in fewest_first[1:]:
        postings.spend(len(starts))
        starts = starts[_holds(postings.places(key), starts + position)]
    return counted(starts >> OFFSET_BITS)


def _near_texts(postings: ScopedPostings, near: Near) -> Numbers:
    """The texts of which a stretch holds each of the words."""
    words = [np.unique(np.concatenate([postings.places(key) for key in keys])) for keys in near.words]
    starts = np.unique(np.concatenate(words))
    for places in sorted(words, key=len):
        postings.spend(len(starts))
        starts = starts[_reaches(places, starts, near.longest)]
    return counted(starts >> OFFSET_BITS)[0]


def _reaches(places: Numbers, starts: Numbers, longest: int) -> Mask:
    """Which stretches of so many places, in order of their starts, hold one of these places before their text ends."""
    if not len(places):
        return np.zeros(len(starts), np.bool_)
    at = np.minimum(np.searchsorted(places, starts), len(places) - 1)
    away = places[at] - starts
    same_text = places[at] >> OFFSET_BITS == starts >> OFFSET_BITS
    reached: Mask = same_text & (away >= 0) & (away < longest)
    return reached


def _holds(places: Numbers, asked: Numbers) -> Mask:
    """Which of the places asked for, in order, are among these."""
    if not len(places):
        return np.zeros(len(asked), np.bool_)
    at = np.minimum(np.searchsorted(places, asked), len(places) - 1)
    equal: Mask = places[at] == asked
    return equal


def _all_leaves(query: Query) -> list[Leaf]:
    match query:
        case And(parts) | Or(parts):
            return [leaf for part in parts for leaf in _all_leaves(part)]
        case Not(part):
            return _all_leaves(part)
        case leaf:
            return [leaf]


def _matching(query: Query, leaves: Mapping[Leaf, Weighed], inside: Mask) -> Mask:
    match query:
        case And(parts):
            return reduce(np.logical_and, [_matching(part, leaves, inside) for part in parts], inside)
        case Or(parts):
            return reduce(np.logical_or, [_matching(part, leaves, inside) for part in parts], np.zeros_like(inside))
        case Not(part):
            return inside & ~_matching(part, leaves, inside)
        case leaf:
            return leaves[leaf].documents


def _dated(columns: DocumentColumns, request: Request) -> Mask:
    """Which documents are of the years and days asked for, or have no date if that is asked for."""
    dated = np.ones(columns.size, np.bool_)
    first, last = request.years
    if first is not None:
        dated &= columns.days >= f"{first:04}"
    if last is not None:
        dated &= (columns.days < f"{last + 1:04}") & (columns.days != "")
    first_day, last_day = request.days
    if first_day:
        dated &= columns.days >= first_day
    if last_day:
        dated &= (columns.days <= last_day) & (columns.days != "")
    return dated & (columns.days == "") if request.undated else dated


def _passage_scores(columns: DocumentColumns, weighed: list[Weighed], matching: Mask) -> tuple[Numbers, Scores]:
    """The passages of matching documents that hold any leaf, and the sum of their leaves' scores."""
    held = columns.texts.none()
    sums = np.zeros(len(held), np.float64)
    for leaf in weighed:
        held[leaf.passages] = True
        sums[leaf.passages] += leaf.scores
    passages = np.flatnonzero(held & matching[columns.texts.passage_documents])
    return passages, sums[passages].astype(np.float32)


def _document_scores(columns: DocumentColumns, weighed: list[Weighed], passages: Numbers, scores: Scores) -> Scores:
    """By document number: its best passage, plus a part of each leaf's weight that the document holds anywhere."""
    best = np.zeros(columns.size, np.float32)
    np.maximum.at(best, columns.texts.passage_documents[passages], scores)
    total = best.astype(np.float64)
    for leaf in weighed:
        total[leaf.documents] += np.float32(leaf.weight * np.float32(COVERAGE))
    return total.astype(np.float32)


def _page(columns: DocumentColumns, numbers: Numbers, totals: Scores, request: Request) -> Numbers:
    """Positions in `numbers` of the hits asked for, in order, ties by id."""
    depth = request.offset + request.limit
    if request.sort == "relevance":
        likely = _likely(totals, depth)
        order = likely[np.lexsort((columns.ids[numbers[likely]], -totals[likely]))]
    else:
        days = columns.days[numbers]
        rank = np.unique(days, return_inverse=True)[1]
        undated = days == ""  # last, whichever way
        order = np.lexsort((columns.ids[numbers], rank if request.sort == "oldest" else -rank, undated))
    return order[request.offset : depth]


def _likely(totals: Scores, depth: int) -> NDArray[np.int64]:
    """All positions that can be among the `depth` best: spares ordering the rest."""
    if len(totals) <= depth or depth == 0:
        return np.arange(len(totals))
    least = np.partition(totals, len(totals) - depth)[len(totals) - depth]
    return np.flatnonzero(totals >= least)


def _evidence(columns: DocumentColumns, passages: Numbers, scores: Scores, number: int) -> tuple[Evidence, ...]:
    """The best passages of one document."""
    theirs = np.flatnonzero(columns.texts.passage_documents[passages] == number)
    ordinals, weights = columns.texts.passage_ordinals[passages[theirs]], scores[theirs]
    best = np.lexsort((ordinals, -weights))[:EVIDENCE]
    return tuple(Evidence(int(ordinals[at]), float(weights[at])) for at in best)
