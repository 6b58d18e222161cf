"""The contract's values from Elasticsearch's answers. Refuses an answer that leaves something out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from indexer.engine.contract import (
    EVIDENCE,
    FACETS,
    Answer,
    EngineError,
    Evidence,
    Facet,
    Hit,
    Holding,
    Inside,
    SuggestedForms,
)
from indexer.engine.elastic.index import Json


@dataclass(frozen=True, slots=True)
class ScopeState:
    """What a scope held when it was asked: while this stays the same, so does every count."""

    inside: Inside
    written: int
    passages: int
    in_parts: bool


def state(answer: Json) -> ScopeState:
    """The state of the scope that an answer comes from."""
    live = answer["aggregations"]["live"]["inside"]
    sums = {name: int(live[name]["value"]) for name in ("stamp", "written", "size", "expected_parts")}
    parts = live["parts"]["doc_count"]
    inside = Inside(live["doc_count"] - parts, sums["stamp"], parts == sums["expected_parts"])
    return ScopeState(inside, sums["written"], sums["size"], parts > 0)


def counts(answer: Json, leaves: int) -> list[int]:
    """How many passages hold each leaf."""
    passages = answer["aggregations"]["passages"]
    return [passages[str(at)]["doc_count"] for at in range(leaves)]


def answer_of(answer: Json) -> Answer:
    """What a search found."""
    hits = tuple(_hit(hit) for hit in answer["hits"]["hits"])
    return Answer(answer["hits"]["total"]["value"], hits, _facets(answer["aggregations"]), state(answer).inside)


def suggestions(answer: Json) -> SuggestedForms:
    """The forms that were found."""
    forms = tuple(bucket["key"] for bucket in answer["aggregations"]["forms"]["buckets"])
    return SuggestedForms(forms, state(answer).inside)


def holdings(answer: Json) -> dict[str, Holding]:
    """What is held of each document of a page of holdings."""
    return {
        hit["sort"][0]: Holding(hit["fields"]["rule"][0], hit["_version"], hit["fields"]["stamp"][0])
        for hit in answer["hits"]["hits"]
    }


def parts(answer: Json) -> list[tuple[str, int]]:
    """The parts of documents, by document and number."""
    return [(document_id, part) for document_id, part in (hit["sort"] for hit in answer["hits"]["hits"])]


def _hit(hit: Json) -> Hit:
    inner = hit.get("inner_hits", {})
    passages = _inner(inner, "passages")
    for part in _inner(inner, "part"):
        passages += _inner(part["inner_hits"], "passages")
    evidence = sorted(map(_evidence, passages), key=lambda passage: (-passage.score, passage.ordinal))
    score = hit["sort"][0] if hit["_score"] is None else hit["_score"]
    return Hit(hit["sort"][-1], _float32(score), tuple(evidence[:EVIDENCE]))


def _inner(inner: Json, name: str) -> list[Json]:
    return list(inner[name]["hits"]["hits"]) if name in inner else []


def _evidence(passage: Json) -> Evidence:
    score, ordinal = passage["sort"]
    return Evidence(ordinal, _float32(score))


def _float32(score: float) -> float:
    """The score as the server had it: its text has just as many digits as float32 needs."""
    return float(np.float32(score))


def _facets(groups: Json) -> dict[Facet, tuple[tuple[str, int], ...]]:
    alone = {name: terms for group in groups.values() for name, terms in group.items()}
    return {facet: _values(groups.get(facet) or alone[facet]) for facet in FACETS}


def _values(terms: Json) -> tuple[tuple[str, int], ...]:
    if terms["sum_other_doc_count"]:
        raise EngineError("A facet has more values than are counted.")
    return _ordered([(bucket["key"], bucket["doc_count"]) for bucket in terms["buckets"]])


def _ordered(pairs: Sequence[tuple[str, int]]) -> tuple[tuple[str, int], ...]:
    return tuple(sorted(pairs, key=lambda pair: (-pair[1], pair[0])))
