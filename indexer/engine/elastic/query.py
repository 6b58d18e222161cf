"""Elasticsearch requests from the contract's values. Refuses an empty scope: every request carries the scope's filter.

Two levels: a document holds all its stems and forms once, which decides whether it matches; its nested passages hold
them with places and lengths, which decides how well. A document too long for one record has its passages in parts
(`relation`), which are asked only where the scope holds such a document.
"""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from auth.policy import Scope
from indexer.engine.budget import SECONDS
from indexer.engine.contract import (
    EVIDENCE,
    FACETS,
    And,
    Exact,
    Facet,
    Leaf,
    Near,
    Not,
    Or,
    Phrase,
    Prefix,
    Query,
    Request,
    Term,
    positive_leaves,
    runs_of,
)
from indexer.engine.elastic.index import Json, forms_of, stems_of
from indexer.engine.scoring import COVERAGE
from indexer.text import ORIGINS, Origin

MOST_VALUES: Final = 10_000  # of one facet
MOST_LEVELS: Final = 20  # of a query inside one another; Elasticsearch takes 30, and what surrounds it needs some
MOST_FORMS: Final = 65_000  # looked at to suggest some
_ONE: Final = np.float32(1)
_TIME: Final = f"{SECONDS:g}s"  # of what a person waits for; what is over it is no answer, not even in part


@dataclass(frozen=True, slots=True)
class Weighing:
    """What a search knows beforehand: each leaf's weight inside the scope, and whether documents in parts are there."""

    weights: Mapping[Leaf, np.float32]
    in_parts: bool


def inside(scope: Scope, without: frozenset[str]) -> Json:
    """The filter that lets through what the scope does, but for these documents: made here alone.

    Raises ValueError of an empty scope.
    """
    if not scope.rules:
        raise ValueError("An empty scope finds nothing and never reaches an engine.")
    rules: Json = {"terms": {"rule": sorted(scope.rules)}}
    if not without:
        return rules
    return {"bool": {"filter": [rules], "must_not": [{"terms": {"document": sorted(without)}}]}}


def counting(scope: Scope, leaves: Iterable[Leaf], without: frozenset[str]) -> Json:
    """Counts the passages inside the scope that hold each leaf; the leaves are numbered."""
    leaves = list(leaves)
    counted = {str(at): {"filter": _in_passage(leaf)} for at, leaf in enumerate(leaves)}
    holding_some = _any([_perhaps_in_record(leaf) for leaf in leaves])
    return {
        "size": 0,
        "timeout": _TIME,
        "query": {"bool": {"filter": [inside(scope, without), holding_some]}},
        "aggs": {"passages": {"nested": {"path": "passages"}, "aggs": counted}, **_live(scope, without)},
    }


def searching(scope: Scope, request: Request, weighing: Weighing, without: frozenset[str]) -> Json:
    """Finds the page asked for, the total and the facets."""
    matching: Json = {"filter": [_documents(scope, without), *_dated(request), *_chosen(request)]}
    scored = [leaf for leaf in positive_leaves(request.query) if weighing.weights[leaf]]
    if scored:
        matching["should"] = [*_best_passage(scored, weighing), *(_covers(leaf, weighing) for leaf in scored)]
    if scored and _loose(request.query):
        matching["minimum_should_match"] = 1
    else:
        matching["filter"].append(_matches(request.query, weighing.in_parts))
    return {
        "timeout": _TIME,
        "query": {"bool": matching},
        **({"post_filter": _others(request.filters, None)} if request.filters else {}),
        "aggs": {**_facets(request.filters), **_live(scope, without)},
        "sort": _order(request),
        "from": request.offset,
        "size": request.limit,
        "track_total_hits": True,
        "track_scores": request.sort != "relevance",  # otherwise the score is what is sorted by
        **_bare(weighing.in_parts),
    }


def suggesting(scope: Scope, prefix: str, limit: int, without: frozenset[str]) -> Json:
    """Counts the documents inside the scope by the forms they hold that begin so."""
    forms = {"field": "forms", "include": f"{_literally(prefix)}.*", "size": limit, "shard_size": MOST_FORMS}
    begins = {"prefix": {"forms": {"value": prefix}}}
    return {
        "size": 0,
        "timeout": _TIME,
        "query": {"bool": {"filter": [_documents(scope, without), begins]}},
        "aggs": {"forms": {"terms": forms}, **_live(scope, without)},
    }


def holding(after: str | None, size: int) -> Json:
    """Every document's identifier and rule, in order of identifier, from after one."""
    begin = {} if after is None else {"search_after": [after]}
    return {
        "query": {"term": {"whole": True}},
        "sort": [{"document": "asc"}],
        "docvalue_fields": ["rule", "stamp"],
        "version": True,
        "_source": False,
        "size": size,
        "track_total_hits": False,
        **begin,
    }


def parts_of(document_ids: Sequence[str], after: tuple[str, int] | None) -> Json:
    """The parts of these documents, in order, from after one."""
    begin = {} if after is None else {"search_after": list(after)}
    return {
        "query": _all([{"terms": {"document": list(document_ids)}}, {"term": {"whole": False}}]),
        "sort": [{"document": "asc"}, {"part": "asc"}],
        "_source": False,
        "size": MOST_VALUES,
        "track_total_hits": False,
        **begin,
    }


# -- Documents


def _documents(scope: Scope, without: frozenset[str]) -> Json:
    return _all([inside(scope, without), {"term": {"whole": True}}])


def _live(scope: Scope, without: frozenset[str]) -> Json:
    """What is in the scope, whatever is asked: it says whether weights belong to the state that was searched."""
    numbers = {
        "stamp": {"sum": {"field": "stamp"}},
        "written": {"sum": {"field": "written"}},
        "size": {"sum": {"field": "size"}},
        "parts": {"filter": {"term": {"whole": False}}},
        "expected_parts": {"sum": {"field": "parts"}},
    }
    return {"live": {"global": {}, "aggs": {"inside": {"filter": inside(scope, without), "aggs": numbers}}}}


def _matches(query: Query, in_parts: bool) -> Json:
    """Documents that match; a deep query in envelopes, as Elasticsearch counts its levels anew in each of them."""
    clause = _matches_one(query, in_parts)
    depth = _depth(query)
    return _envelope(clause) if depth and depth % MOST_LEVELS == 0 else clause


def _matches_one(query: Query, in_parts: bool) -> Json:
    match query:
        case And(parts):
            return _all([_matches(part, in_parts) for part in parts])
        case Or(parts):
            return _any([_matches(part, in_parts) for part in parts])
        case Not(part):
            return {"bool": {"must_not": [_matches(part, in_parts)]}}
        case leaf:
            return _in_document(leaf, in_parts)


def _envelope(query: Json) -> Json:
    return {"wrapper": {"query": b64encode(json.dumps(query).encode()).decode()}}


def _loose(query: Query) -> bool:
    """Whether a document matches just when it holds some leaf: what scores it, finds it."""
    match query:
        case Or(parts):
            return all(map(_loose, parts))
        case And(parts):
            return len(parts) == 1 and _loose(parts[0])
        case Not():
            return False
        case _:
            return True


def _depth(query: Query) -> int:
    match query:
        case And(parts) | Or(parts):
            return 1 + max(map(_depth, parts), default=0)
        case Not(part):
            return 1 + _depth(part)
        case _:
            return 0


def _in_document(leaf: Leaf, in_parts: bool) -> Json:
    if isinstance(leaf, Phrase | Near):
        nested = {"nested": {"path": "passages", "query": _in_passage(leaf), "score_mode": "none"}}
        return _any([nested, {"has_child": {"type": "part", "query": nested}}] if in_parts else [nested])
    return _perhaps_in_record(leaf)


def _perhaps_in_record(leaf: Leaf) -> Json:
    """Records that hold a leaf; of words side by side or near, those that hold the words."""
    match leaf:
        case Exact(form):
            return {"term": {"forms": form}}
        case Prefix(start):
            return {"prefix": {"forms": {"value": start}}}
        case Term(stem, others):
            return {"terms": {"stems": [stem, *others]}} if others else {"term": {"stems": stem}}
        case Phrase():
            return _any([_all([{"term": {"stems": key}} for key in dict.fromkeys(run)]) for run in runs_of(leaf)])
        case Near(words):
            return _all([{"terms": {"stems": list(keys)}} for keys in words])


def _covers(leaf: Leaf, weighing: Weighing) -> Json:
    boost = np.float32(weighing.weights[leaf] * np.float32(COVERAGE))
    return {"constant_score": {"filter": _in_document(leaf, weighing.in_parts), "boost": float(boost)}}


def _dated(request: Request) -> list[Json]:
    first, last = request.years
    bounds = {}
    if first is not None:
        bounds["gte"] = f"{first:04}"
    if last is not None:
        bounds["lt"] = f"{last + 1:04}"
    days = {name: day for name, day in zip(("gte", "lte"), request.days, strict=True) if day}
    clauses: list[Json] = [{"range": {"day": each}} for each in (bounds, days) if each]
    return [*clauses, {"bool": {"must_not": [{"exists": {"field": "day"}}]}}] if request.undated else clauses


def _chosen(request: Request) -> list[Json]:
    """The documents that are asked for by name, and those that are not."""
    only: list[Json] = [] if request.only is None else [{"terms": {"document": sorted(request.only)}}]
    but: list[Json] = [{"bool": {"must_not": [{"terms": {"document": sorted(request.but)}}]}}] if request.but else []
    return [*only, *but]


def _bare(in_parts: bool) -> Json:
    """Hits without anything stored, which is slow to read; but the parts of a document are looked up by its _id."""
    return {"_source": False} if in_parts else {"stored_fields": "_none_"}


def _order(request: Request) -> list[Json]:
    direction = "asc" if request.sort == "oldest" else "desc"
    by_day = {"day": {"order": direction, "missing": "_last"}}
    return [{"_score": "desc"} if request.sort == "relevance" else by_day, {"document": "asc"}]


# -- Passages


def _best_passage(leaves: list[Leaf], weighing: Weighing) -> list[Json]:
    """The score of the best passage, and the passages to show."""
    scored = [_scored(leaf, weighing.weights[leaf]) for leaf in leaves]
    nested: Json = {
        "nested": {
            "path": "passages",
            "query": {"bool": {"should": scored}},
            "score_mode": "max",
            "inner_hits": {
                "size": EVIDENCE,
                "sort": [{"_score": "desc"}, {"passages.ordinal": "asc"}],
                **_bare(weighing.in_parts),
            },
        }
    }
    if not weighing.in_parts:
        return [nested]
    inner = {"size": EVIDENCE, "sort": [{"_score": "desc"}, {"part": "asc"}], "_source": False}
    return [nested, {"has_child": {"type": "part", "score_mode": "max", "query": nested, "inner_hits": inner}}]


def _scored(leaf: Leaf, weight: np.float32) -> Json:
    """The best of a passage's texts for a leaf, and of the leaf's runs."""
    if isinstance(leaf, Prefix | Near):
        return {"constant_score": {"filter": _in_passage(leaf), "boost": float(weight)}}
    texts = [query for origin in ORIGINS for query in _in_text(leaf, origin, weight)]
    return {"dis_max": {"queries": texts}}


def _in_passage(leaf: Leaf) -> Json:
    return _any([query for origin in ORIGINS for query in _in_text(leaf, origin)])


def _in_text(leaf: Leaf, origin: Origin, weight: np.float32 = _ONE) -> list[Json]:
    """Each run of a leaf."""
    match leaf:
        case Exact(form):
            return [{"term": {forms_of(origin): {"value": form, "boost": float(weight)}}}]
        case Prefix(start):
            return [{"prefix": {forms_of(origin): {"value": start}}}]
        case Near():
            return [{"intervals": {stems_of(origin): _stretch(leaf)}}]
        case run_leaf:
            return [_run(run, stems_of(origin), weight / np.float32(len(run))) for run in runs_of(run_leaf)]


def _stretch(near: Near) -> Json:
    """The shortest stretches that hold each word, where they are short enough."""
    words: list[Json] = [{"any_of": {"intervals": [{"match": {"query": key}} for key in keys]}} for keys in near.words]
    return {"all_of": {"intervals": words, "ordered": False, "max_gaps": near.between}}


def _run(run: tuple[str, ...], field: str, boost: np.float32) -> Json:
    if len(run) == 1:
        return {"term": {field: {"value": run[0], "boost": float(boost)}}}
    return {"match_phrase": {field: {"query": " ".join(run), "boost": float(boost)}}}


# -- Facets


def _facets(filters: Mapping[Facet, frozenset[str]]) -> Json:
    """Each facet counted without the filter on itself; those without one are counted together."""
    free: Json = {facet: _values(facet) for facet in FACETS if facet not in filters}
    if not filters:
        return free
    groups: Json = {"free": {"filter": _others(filters, None), "aggs": free}} if free else {}
    for facet in filters:
        groups[f"but {facet}"] = {"filter": _others(filters, facet), "aggs": {facet: _values(facet)}}
    return groups


def _others(filters: Mapping[Facet, frozenset[str]], without: Facet | None) -> Json:
    return _all([_admits(facet, values) for facet, values in filters.items() if facet != without])


def _values(facet: Facet) -> Json:
    return {"terms": {"field": f"facets.{facet}", "size": MOST_VALUES}}


def _admits(facet: Facet, values: frozenset[str]) -> Json:
    return {"terms": {f"facets.{facet}": sorted(values)}}


# -- Parts of every query


def _all(queries: list[Json]) -> Json:
    if not queries:
        return {"match_all": {}}
    return queries[0] if len(queries) == 1 else {"bool": {"filter": queries}}


def _any(queries: list[Json]) -> Json:
    if not queries:
        return {"match_none": {}}
    return queries[0] if len(queries) == 1 else {"bool": {"should": queries, "minimum_should_match": 1}}


def _literally(text: str) -> str:
    """A regular expression of Lucene's that means this text."""
    return "".join(character if character.isalnum() else f"\\{character}" for character in text)
