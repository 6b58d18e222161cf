"""The contract suite can fail: each of these broken guards of the scope is caught by one of its checks."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import checks
import numpy as np
import pytest
from worlds import KEY, World

from indexer.engine import contract
from indexer.engine.budget import Budget
from indexer.engine.contract import Phrase, Prefix, Term
from indexer.engine.embedded import engine as embedded
from indexer.engine.embedded import evaluate, postings, segments
from indexer.engine.embedded.cache import PlaceCache
from indexer.engine.embedded.columns import Column, DocumentColumns
from indexer.engine.embedded.engine import EmbeddedEngine
from indexer.engine.embedded.evaluate import Weighed
from indexer.engine.embedded.postings import Postings
from indexer.engine.embedded.scoped import ScopedPostings, counted
from indexer.engine.embedded.segments import SegmentBuilder

Patch = pytest.MonkeyPatch


def everything(postings: ScopedPostings) -> ScopedPostings:
    columns = postings.columns
    return ScopedPostings(postings._reader, columns, columns.ids != "", Budget())


def kept(postings: ScopedPostings, matches: Weighed) -> Weighed:
    """What is found inside the scope, weighed as it was outside."""
    inside = postings.inside[postings.texts.passage_documents[matches.passages]]
    passages, scores = matches.passages[inside], matches.scores[inside]
    return Weighed(passages, scores, matches.weight, matches.documents & postings.inside)


def scope_ignored(patch: Patch) -> None:
    answer = evaluate.answer
    patch.setattr(evaluate, "answer", lambda postings, request: answer(everything(postings), request))


def scope_ignored_in_counts(patch: Patch) -> None:
    find = evaluate.find
    patch.setattr(evaluate, "find", lambda postings, leaf: kept(postings, find(everything(postings), leaf)))


def scope_ignored_in_the_number_of_passages(patch: Patch) -> None:
    weight_of = evaluate.weight_of
    patch.setattr(evaluate, "weight_of", lambda leaf, _, holding: weight_of(leaf, 1_000, holding))


def scope_ignored_in_counts_alone(patch: Patch) -> None:
    counts = evaluate.counts
    patch.setattr(evaluate, "counts", lambda postings, leaves: counts(everything(postings), leaves))


def pairs_weigh_like_phrases(patch: Patch) -> None:
    weight_of = evaluate.weight_of
    patch.setattr(
        evaluate,
        "weight_of",
        lambda leaf, passages, holding: weight_of(
            replace(leaf, share=1.0) if isinstance(leaf, Term | Phrase) else leaf, passages, holding
        ),
    )


def scope_ignored_in_facets(patch: Patch) -> None:
    counts = Column.counts
    patch.setattr(Column, "counts", lambda self, documents: counts(self, np.ones_like(documents)))


def scope_ignored_in_suggestions(patch: Patch) -> None:
    suggest = EmbeddedEngine.suggest
    having = Column.having

    def leaking(self, scope, prefix, limit=10, without=frozenset()):
        with pytest.MonkeyPatch.context() as inner:
            inner.setattr(Column, "having", lambda column, values: having(column, column.names))
            return suggest(self, scope, prefix, limit, without)

    patch.setattr(EmbeddedEngine, "suggest", leaking)


def evidence_of_any_document(patch: Patch) -> None:
    evidence = evaluate._evidence

    def leaking(columns, passages, scores, number):
        documents = columns.texts.passage_documents[passages]
        return evidence(columns, passages, scores, int(documents[0]) if len(documents) else number)

    patch.setattr(evaluate, "_evidence", leaking)


def an_excluded_part_reaches_beyond_the_scope(patch: Patch) -> None:
    matching = evaluate._matching

    def leaking(query, leaves, inside):
        if isinstance(query, evaluate.Not):
            return ~matching(query.part, leaves, inside)
        return matching(query, leaves, inside)

    patch.setattr(evaluate, "_matching", leaking)


def words_are_near_across_texts(patch: Patch) -> None:
    reaches = evaluate._reaches

    def anywhere(places, starts, longest):
        in_one = np.concatenate([places, places + (1 << segments.OFFSET_BITS)]) if len(places) else places
        return reaches(places, starts, longest) | reaches(np.sort(in_one), starts, longest)

    patch.setattr(evaluate, "_reaches", anywhere)


def words_are_near_one_place_too_far(patch: Patch) -> None:
    reaches = evaluate._reaches
    patch.setattr(evaluate, "_reaches", lambda places, starts, longest: reaches(places, starts, longest + 1))


def removed_documents_stay(patch: Patch) -> None:
    write = Postings.write
    patch.setattr(Postings, "write", lambda self, put=(), remove=None: write(self, put))


def older_versions_are_put(patch: Patch) -> None:
    keep = Postings._keep
    patch.setattr(Postings, "_keep", lambda self, name, version, *more: keep(self, name, 2**60, *more))


def removals_are_forgotten(patch: Patch) -> None:
    write = Postings.write

    def forgetful(self, put=(), remove=None):
        write(self, put, remove)
        with self._transaction("IMMEDIATE"):
            self._connection.execute("UPDATE document SET version = 0 WHERE rule = ''")

    patch.setattr(Postings, "write", forgetful)


def stale_columns(patch: Patch) -> None:
    at = EmbeddedEngine._columns_at

    def stale(self, reader):
        return self._columns if self._columns.version else at(self, reader)

    patch.setattr(embedded.EmbeddedEngine, "_columns_at", stale)


def ties_in_order_of_arrival(patch: Patch) -> None:
    lexsort = np.lexsort
    patch.setattr(evaluate.np, "lexsort", lambda keys: lexsort(keys[1:]) if len(keys) > 1 else lexsort(keys))


def scores_in_double(patch: Patch) -> None:
    def doubled(weight, frequency, length, words):
        return float(weight) * frequency * 2.2 / (frequency + 1.2 * (0.25 + 0.75 * length / 168.0))

    patch.setattr(evaluate, "frequency_scores", doubled)


def what_is_due_is_weighed(patch: Patch) -> None:
    """It is found by nobody, and counts all the same."""
    find, scoped = evaluate.find, EmbeddedEngine._scoped

    @contextmanager
    def leaking(self, scope, without):
        with scoped(self, scope, without) as postings:
            due = postings.columns.inside(scope.rules, frozenset())
            postings.due = ScopedPostings(postings._reader, postings.columns, due, Budget())
            yield postings

    patch.setattr(EmbeddedEngine, "_scoped", leaking)
    patch.setattr(evaluate, "find", lambda postings, leaf: kept(postings, find(postings.due, leaf)))


def what_is_due_is_suggested(patch: Patch) -> None:
    suggest = EmbeddedEngine.suggest
    patch.setattr(
        EmbeddedEngine,
        "suggest",
        lambda self, scope, prefix, limit=10, without=None: suggest(self, scope, prefix, limit),
    )


def what_is_due_is_found(patch: Patch) -> None:
    search = EmbeddedEngine.search
    patch.setattr(EmbeddedEngine, "search", lambda self, scope, request, without=None: search(self, scope, request))


def other_readings_are_not_asked_for(patch: Patch) -> None:
    runs_of = evaluate.runs_of
    patch.setattr(evaluate, "runs_of", lambda leaf: runs_of(leaf)[:1])


def other_readings_are_not_kept(patch: Patch) -> None:
    add = SegmentBuilder.add
    patch.setattr(
        SegmentBuilder, "add", lambda self, row, tokens: add(self, row, [replace(token, others=()) for token in tokens])
    )


def a_place_counts_for_each_of_its_readings(patch: Patch) -> None:
    """As if the runs of a leaf were one posting list: what Elasticsearch's synonyms would count."""
    runs = evaluate._runs

    def added(postings, leaf):
        parts = runs(postings, leaf)
        if isinstance(leaf, Prefix):
            return parts
        texts = np.sort(np.concatenate([np.repeat(texts, times) for _, texts, times in parts]))
        return [(parts[0][0], *counted(texts))]

    patch.setattr(evaluate, "_runs", added)


def texts_of_older_versions_stay(patch: Patch) -> None:
    patch.setattr(Postings, "_forget_texts", lambda *_: None)


def texts_that_are_joined_keep_their_numbers(patch: Patch) -> None:
    rows = postings.joined_rows
    patch.setattr(postings, "joined_rows", lambda parts: (rows(parts)[0], [np.arange(len(part)) for part in parts]))


def a_join_mixes_the_words_up(patch: Patch) -> None:
    patch.setattr(postings, "joined", lambda sources, numbers: segments.joined(sources[::-1], numbers))


def what_is_remembered_is_of_any_segment(patch: Patch) -> None:
    keep = PlaceCache.keep

    def confusing(self, token, parts):
        keep(self, token, dict(zip(parts, [*parts.values()][::-1], strict=True)))

    patch.setattr(PlaceCache, "keep", confusing)


def names_of_documents_are_not_heeded(patch: Patch) -> None:
    patch.setattr(DocumentColumns, "chosen", lambda columns, only, but: columns.ids == columns.ids)


def leaves_of_several_shares_add_up(patch: Patch) -> None:
    patch.setattr(evaluate, "positive_leaves", lambda query: tuple(dict.fromkeys(contract._walk(query))))


MUTANTS: list[Callable[[Patch], None]] = [
    leaves_of_several_shares_add_up,
    names_of_documents_are_not_heeded,
    texts_of_older_versions_stay,
    texts_that_are_joined_keep_their_numbers,
    a_join_mixes_the_words_up,
    what_is_remembered_is_of_any_segment,
    other_readings_are_not_asked_for,
    other_readings_are_not_kept,
    a_place_counts_for_each_of_its_readings,
    scope_ignored,
    scope_ignored_in_counts,
    scope_ignored_in_the_number_of_passages,
    scope_ignored_in_counts_alone,
    pairs_weigh_like_phrases,
    scope_ignored_in_facets,
    scope_ignored_in_suggestions,
    evidence_of_any_document,
    an_excluded_part_reaches_beyond_the_scope,
    words_are_near_across_texts,
    words_are_near_one_place_too_far,
    removed_documents_stay,
    older_versions_are_put,
    removals_are_forgotten,
    stale_columns,
    ties_in_order_of_arrival,
    scores_in_double,
    what_is_due_is_weighed,
    what_is_due_is_suggested,
    what_is_due_is_found,
]


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.__name__)
def test_is_caught(mutant: Callable[[Patch], None], tmp_path: Path, monkeypatch: Patch) -> None:
    mutant(monkeypatch)
    assert any(caught(check, seed, tmp_path) for seed in range(4) for check in checks.ALL)


def caught(check: checks.Check, seed: int, folder: Path) -> bool:
    engine = EmbeddedEngine(folder / f"{check.__name__}-{seed}.sqlite", KEY)
    try:
        check(engine, World(seed))
    except (AssertionError, IndexError):
        return True
    finally:
        engine.close()
    return False
