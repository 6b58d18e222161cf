"""The contract suite can fail on Elasticsearch too: each of these broken requests is caught by the check it names."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace

import checks
import pytest
from elasticsearch_server import Server
from worlds import World

from indexer.engine import contract
from indexer.engine.contract import FACETS, EngineError
from indexer.engine.elastic import generations
from indexer.engine.elastic import index as elastic_index
from indexer.engine.elastic import query as elastic_query
from indexer.engine.elastic import records as elastic_records
from indexer.engine.elastic import write as elastic_write
from indexer.engine.elastic.answer import ScopeState
from indexer.engine.elastic.client import Client
from indexer.engine.elastic.query import searching, suggesting
from indexer.engine.elastic.write import Writing

Patch = pytest.MonkeyPatch
EVERYTHING = {"match_all": {}}


def scope_ignored(patch: Patch) -> None:
    patch.setattr(elastic_query, "_documents", lambda scope, without: {"term": {"whole": True}})


def scope_ignored_in_counts(patch: Patch) -> None:
    counting = elastic_query.counting

    def leaking(scope, leaves, without):
        body = counting(scope, leaves, without)
        body["query"]["bool"]["filter"][0] = EVERYTHING
        return body

    patch.setattr(elastic_query, "counting", leaking)


def scope_ignored_in_the_number_of_passages(patch: Patch) -> None:
    live = elastic_query._live

    def leaking(scope, without):
        body = live(scope, without)
        body["live"]["aggs"]["inside"]["filter"] = EVERYTHING
        return body

    patch.setattr(elastic_query, "_live", leaking)


def scope_ignored_in_facets(patch: Patch) -> None:
    def leaking(scope, request, weighing, without):
        body = searching(scope, request, weighing, without)
        free = {facet: body["aggs"].pop(facet) for facet in FACETS if facet in body["aggs"]}
        body["aggs"]["free"] = {"global": {}, "aggs": free or body["aggs"]["free"]["aggs"]}
        return body

    patch.setattr(elastic_query, "searching", leaking)


def scope_ignored_in_suggestions(patch: Patch) -> None:
    def leaking(scope, prefix, limit, without):
        body = suggesting(scope, prefix, limit, without)
        body["query"] = EVERYTHING
        return body

    patch.setattr(elastic_query, "suggesting", leaking)


def evidence_is_any_passage(patch: Patch) -> None:
    best = elastic_query._best_passage

    def leaking(leaves, weighing):
        clauses = best(leaves, weighing)
        clauses[0]["nested"]["query"] = {"bool": {"must": EVERYTHING, "should": clauses[0]["nested"]["query"]}}
        return clauses

    patch.setattr(elastic_query, "_best_passage", leaking)


def excluded_words_count_for_nothing(patch: Patch) -> None:
    matches = elastic_query._matches
    patch.setattr(
        elastic_query,
        "_matches",
        lambda query, in_parts: EVERYTHING if isinstance(query, elastic_query.Not) else matches(query, in_parts),
    )


def memories_are_believed(patch: Patch) -> None:
    patch.setattr(ScopeState, "__eq__", lambda self, other: True)


def removed_documents_stay(patch: Patch) -> None:
    patch.setattr(Writing, "remove", lambda self, versions: None)


def versions_are_not_told(patch: Patch) -> None:
    rightly = elastic_records.operation
    patch.setattr(elastic_records, "operation", lambda name, routing, _, source: rightly(name, routing, 1, source))


def removals_are_forgotten(patch: Patch) -> None:
    """As where a document is deleted: after a minute, and when it is started anew, the server knows no more of it."""

    def forgotten(document_id, version):
        about = {"_id": document_id, "routing": document_id, "version": version, "version_type": "external_gte"}
        head = json.dumps({"delete": about}).encode()
        return elastic_records.RecordLines(document_id, version, head)

    def at_once(shards, replicas):
        return elastic_index.settings(shards, replicas) | {"gc_deletes": "0s"}

    patch.setattr(elastic_write, "lines_of_removed", forgotten)
    patch.setattr(generations, "settings", at_once)


def older_parts_stay(patch: Patch) -> None:
    patch.setattr(elastic_write, "_empty_older_parts", lambda client, alias, records: None)
    patch.setattr(elastic_records, "MOST_PASSAGES", 2)


def what_is_due_is_counted(patch: Patch) -> None:
    counting = elastic_query.counting
    patch.setattr(elastic_query, "counting", lambda scope, leaves, without: counting(scope, leaves, frozenset()))
    patch.setattr(ScopeState, "__eq__", lambda self, other: True)


def what_is_due_is_suggested(patch: Patch) -> None:
    patch.setattr(elastic_query, "suggesting", lambda *asked: suggesting(*asked[:3], frozenset()))


def what_is_due_is_found(patch: Patch) -> None:
    documents = elastic_query._documents
    patch.setattr(elastic_query, "_documents", lambda scope, without: documents(scope, frozenset()))


def what_is_written_is_not_made_visible(patch: Patch) -> None:
    patch.setattr(Client, "refresh", lambda self, index: None)


def scores_in_single_precision(patch: Patch) -> None:
    patch.setattr(elastic_index, "_SIMILARITY", elastic_index._SIMILARITY.replace("double tf", "float tf"))


def the_engines_own_statistics(patch: Patch) -> None:
    def unweighed(shards, replicas):
        return elastic_index.settings(shards, replicas) | {"similarity": {"counted": {"type": "BM25"}}}

    patch.setattr(generations, "settings", unweighed)


def readings_stand_one_after_the_other(patch: Patch) -> None:
    def spread(shards, replicas):
        patterned = {"tokenizer": {"places": {"type": "pattern", "pattern": "[| ]"}}}
        settings = elastic_index.settings(shards, replicas)
        return settings | {"analysis": settings["analysis"] | patterned}

    patch.setattr(generations, "settings", spread)


def nearness_is_in_one_order_alone(patch: Patch) -> None:
    stretch = elastic_query._stretch
    patch.setattr(elastic_query, "_stretch", lambda near: {"all_of": stretch(near)["all_of"] | {"ordered": True}})


def names_of_documents_are_ignored(patch: Patch) -> None:
    chosen = elastic_query._chosen
    patch.setattr(elastic_query, "_chosen", lambda request: chosen(replace(request, only=None, but=frozenset())))


def leaves_of_several_shares_add_up(patch: Patch) -> None:
    patch.setattr(elastic_query, "positive_leaves", lambda query: tuple(dict.fromkeys(contract._walk(query))))


ANSWERS, SHARES, CHANGES, SUGGESTIONS, HIDDEN, VERSIONS, DUE, COUNTS, NAMED = checks.ALL
MUTANTS: list[tuple[Callable[[Patch], None], checks.Check]] = [
    (scope_ignored, ANSWERS),
    (scope_ignored_in_counts, ANSWERS),
    (scope_ignored_in_counts, COUNTS),
    (scope_ignored_in_the_number_of_passages, HIDDEN),
    (scope_ignored_in_facets, ANSWERS),
    (scope_ignored_in_suggestions, SUGGESTIONS),
    (evidence_is_any_passage, ANSWERS),
    (excluded_words_count_for_nothing, ANSWERS),
    (memories_are_believed, CHANGES),
    (removed_documents_stay, CHANGES),
    (versions_are_not_told, VERSIONS),
    (removals_are_forgotten, VERSIONS),
    (older_parts_stay, VERSIONS),
    (what_is_due_is_counted, DUE),
    (what_is_due_is_suggested, DUE),
    (what_is_due_is_found, DUE),
    (what_is_written_is_not_made_visible, ANSWERS),
    (scores_in_single_precision, ANSWERS),
    (the_engines_own_statistics, HIDDEN),
    (nearness_is_in_one_order_alone, ANSWERS),
    (readings_stand_one_after_the_other, ANSWERS),
    (names_of_documents_are_ignored, NAMED),
    (leaves_of_several_shares_add_up, SHARES),
]


@pytest.mark.parametrize(("mutant", "check"), MUTANTS, ids=lambda value: value.__name__)
def test_is_caught(
    mutant: Callable[[Patch], None],
    check: checks.Check,
    elasticsearch: Server,
    elastic_prefix: str,
    monkeypatch: Patch,
) -> None:
    mutant(monkeypatch)
    engine = elasticsearch.engine(elastic_prefix)
    try:
        with pytest.raises((AssertionError, EngineError, KeyError)):
            for seed in range(4):
                check(engine, World(seed))
                engine.remove({name: holding.version + 1 for name, holding in engine.holdings().items()})
    finally:
        engine.close()
