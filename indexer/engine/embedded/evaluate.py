"""Matches and weighs one request against one snapshot of the embedded index: count inside the scope, then weigh."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce

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
    Not,
    Or,
    Prefix,
    Query,
    Request,
    positive_leaves,
    runs_of,
)
from indexer.engine.embedded.columns import DocumentColumns, Mask
from indexer.engine.embedded.postings import DOCUMENT_BITS, ORDINAL_BITS, Rows, Snapshot
from indexer.engine.scoring import COVERAGE, LENGTHS, Scores, frequency_scores, weight_of

_PASSAGE_BITS = DOCUMENT_BITS - ORDINAL_BITS  # passage key >> this gives the document's number
_NO_ROWS = np.zeros(0, np.int64)


@dataclass(frozen=True, slots=True)
class Weighed:
    """Where a leaf is found inside the scope: texts (rows), and the passages that hold them with their scores."""

    rows: Rows
    passages: Rows
    scores: Scores
    weight: np.float32


def answer(reader: Snapshot, columns: DocumentColumns, inside: Mask, request: Request) -> Answer:
    """The answer to a request over the documents `inside`."""
    leaves = {leaf: find(reader, columns, inside, leaf) for leaf in dict.fromkeys(_all_leaves(request.query))}
    matching_all = _matching(request.query, leaves, inside) & _dated(columns, request)
    admitted = {facet: columns.facets[facet].having(values) for facet, values in request.filters.items()}
    matching = reduce(np.logical_and, admitted.values(), matching_all)
    weighed = [leaves[leaf] for leaf in positive_leaves(request.query)]
    passages, scores = _passage_scores(weighed, matching)
    numbers = np.flatnonzero(matching)
    totals = _document_scores(weighed, passages, scores, columns.size)[numbers]
    page = _page(columns, numbers, totals, request)
    hits = tuple(
        Hit(str(columns.ids[numbers[at]]), float(totals[at]), _evidence(passages, scores, int(numbers[at])))
        for at in page
    )
    facets = {
        facet: column.counts(reduce(np.logical_and, [a for f, a in admitted.items() if f != facet], matching_all))
        for facet, column in columns.facets.items()
    }
    return Answer(len(numbers), hits, facets, columns.content_of(inside))


def counts(reader: Snapshot, columns: DocumentColumns, inside: Mask, leaves: Sequence[Leaf]) -> LeafCounts:
    """How many passages inside the scope hold each leaf."""
    holding = {leaf: len(find(reader, columns, inside, leaf).passages) for leaf in dict.fromkeys(leaves)}
    return LeafCounts(int(columns.passages[inside].sum()), holding, columns.content_of(inside))


def find(reader: Snapshot, columns: DocumentColumns, inside: Mask, leaf: Leaf) -> Weighed:
    """Find a leaf inside the scope and weigh it by what was counted there."""
    runs = [(words, *np.unique(rows, return_counts=True)) for words, rows in _runs(reader, inside, leaf)]
    rows = np.concatenate([rows for _, rows, _ in runs])
    passages = np.unique(rows >> ORDINAL_BITS)
    weight = weight_of(leaf, int(columns.passages[inside].sum()), len(passages))
    if isinstance(leaf, Prefix):
        return Weighed(rows, passages, np.full(len(passages), weight, np.float32), weight)
    best = np.zeros(len(passages), np.float32)  # of a passage's texts and runs
    for words, rows_of_run, frequency in runs:
        scores = frequency_scores(weight, frequency, LENGTHS[rows_of_run & 0xFF], words)
        np.maximum.at(best, np.searchsorted(passages, rows_of_run >> ORDINAL_BITS), scores)
    return Weighed(rows, passages, best, weight)


def _runs(reader: Snapshot, inside: Mask, leaf: Leaf) -> list[tuple[int, Rows]]:
    """For each run of a leaf its words, and the rows inside the scope that hold it, once for each time.

    They are all that a search keeps of what it reads.
    """
    match leaf:
        case Exact(form):
            return [(1, _kept(reader, inside, reader.rows(f"={form}")))]
        case Prefix(start):
            parts = [_kept(reader, inside, rows) for _, rows in reader.beginning(f"={start}")]
            return [(1, np.concatenate(parts) if parts else _NO_ROWS)]
        case run_leaf:
            runs = runs_of(run_leaf)
            places = _places(reader, inside, dict.fromkeys(key for run in runs if len(run) > 1 for key in run))
            return [(len(run), _run_rows(reader, inside, run, places)) for run in runs]


_Places = dict[str, tuple[Rows, Rows]]


def _places(reader: Snapshot, inside: Mask, keys: Iterable[str]) -> _Places:
    """Rows inside the scope and offsets of each of these keys: each is read once, in however many runs it is."""
    places: _Places = {}
    for key in keys:
        rows, offsets = reader.places(key)
        kept = inside[rows >> DOCUMENT_BITS]
        places[key] = rows[kept], offsets[kept]
        reader.spend(len(places[key][0]))
    return places


def _run_rows(reader: Snapshot, inside: Mask, run: Sequence[str], places: _Places) -> Rows:
    if len(run) > 1:
        return _phrase_rows(reader, run, places)
    return places[run[0]][0] if run[0] in places else _kept(reader, inside, reader.rows(run[0]))


def _kept(reader: Snapshot, inside: Mask, rows: Rows) -> Rows:
    kept: Rows = rows[inside[rows >> DOCUMENT_BITS]]
    reader.spend(len(kept))
    return kept


def _phrase_rows(reader: Snapshot, run: Sequence[str], places: _Places) -> Rows:
    """The rows where the keys follow one another, once for each time."""
    fewest_first = sorted(dict.fromkeys(run), key=lambda key: len(places[key][0]))
    common = np.unique(places[fewest_first[0]][0])
    for key in fewest_first[1:]:
        common = common[np.isin(common, places[key][0])] if len(common) else common
    if not len(common):
        return _NO_ROWS
    keys = {key: _place_keys(common, *places[key]) for key in fewest_first}
    starts = keys[run[0]]
    for position, key in enumerate(run[1:], 1):
        reader.spend(len(starts))
        starts = starts[_holds(keys[key], starts + position)]
    phrases: Rows = common[starts >> 32]
    return phrases


def _place_keys(common: Rows, rows: Rows, offsets: Rows) -> Rows:
    """Places in the common rows as numbers that rise: which of the rows | offset (32 bits)."""
    kept = np.isin(rows, common)
    return (np.searchsorted(common, rows[kept]) << 32) + offsets[kept]


def _holds(keys: Rows, asked: Rows) -> Mask:
    """Which of the numbers asked for are among rising keys, of which there are some."""
    at = np.minimum(np.searchsorted(keys, asked), len(keys) - 1)
    equal: Mask = keys[at] == asked
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
            documents = np.zeros_like(inside)
            documents[leaves[leaf].passages >> _PASSAGE_BITS] = True
            return documents


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


def _passage_scores(weighed: list[Weighed], matching: Mask) -> tuple[Rows, Scores]:
    """The passages of matching documents and the sum of their leaves' scores."""
    keys = np.concatenate([leaf.passages for leaf in weighed] or [np.zeros(0, np.int64)])
    scores = np.concatenate([leaf.scores for leaf in weighed] or [np.zeros(0, np.float32)])
    kept = matching[keys >> _PASSAGE_BITS]
    passages, which = np.unique(keys[kept], return_inverse=True)
    return passages, np.bincount(which, scores[kept], len(passages)).astype(np.float32)


def _document_scores(weighed: list[Weighed], passages: Rows, scores: Scores, size: int) -> Scores:
    """By document number: its best passage, plus a part of each leaf's weight that the document holds anywhere."""
    best = np.zeros(size, np.float32)
    np.maximum.at(best, passages >> _PASSAGE_BITS, scores)
    total = best.astype(np.float64)
    for leaf in weighed:
        documents = np.unique(leaf.passages >> _PASSAGE_BITS)
        total[documents] += np.float32(leaf.weight * np.float32(COVERAGE))
    return total.astype(np.float32)


def _page(columns: DocumentColumns, numbers: Rows, totals: Scores, request: Request) -> NDArray[np.int64]:
    """Positions in `numbers` of the hits asked for, in order, ties by id."""
    ids, days = columns.ids[numbers], columns.days[numbers]
    depth = request.offset + request.limit
    if request.sort == "relevance":
        likely = _likely(totals, depth)
        order = likely[np.lexsort((ids[likely], -totals[likely]))]
    else:
        rank = np.unique(days, return_inverse=True)[1]
        undated = days == ""  # last, whichever way
        order = np.lexsort((ids, rank if request.sort == "oldest" else -rank, undated))
    return order[request.offset : depth]


def _likely(totals: Scores, depth: int) -> NDArray[np.int64]:
    """All positions that can be among the `depth` best: spares ordering the rest."""
    if len(totals) <= depth or depth == 0:
        return np.arange(len(totals))
    least = np.partition(totals, len(totals) - depth)[len(totals) - depth]
    return np.flatnonzero(totals >= least)


def _evidence(passages: Rows, scores: Scores, number: int) -> tuple[Evidence, ...]:
    """The best passages of one document."""
    low, high = np.searchsorted(passages, [number << _PASSAGE_BITS, (number + 1) << _PASSAGE_BITS])
    keys, weights = passages[low:high], scores[low:high]
    best = np.lexsort((keys, -weights))[:EVIDENCE]
    return tuple(
        Evidence(int(key & ((1 << _PASSAGE_BITS) - 1)), float(weight))
        for key, weight in zip(keys[best], weights[best], strict=True)
    )
