"""The contract suite can fail: each of these broken guards of the scope is caught by one of its checks."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import checks
import numpy as np
import pytest
from worlds import KEY, World

from indexer.engine.contract import Phrase, Term
from indexer.engine.embedded import engine as embedded
from indexer.engine.embedded import evaluate, postings
from indexer.engine.embedded.columns import Column, DocumentColumns
from indexer.engine.embedded.engine import EmbeddedEngine
from indexer.engine.embedded.postings import Postings

Patch = pytest.MonkeyPatch


def everything(columns: DocumentColumns) -> np.ndarray:
    return columns.ids != ""


def scope_ignored(patch: Patch) -> None:
    answer = evaluate.answer
    patch.setattr(evaluate, "answer", lambda r, c, inside, q: answer(r, c, everything(c), q))


def scope_ignored_in_counts(patch: Patch) -> None:
    find = evaluate.find

    def leaking(reader, columns, inside, leaf):
        matches = find(reader, columns, everything(columns), leaf)
        rows = matches.rows[inside[matches.rows >> 32]]
        kept = inside[matches.passages >> 20]
        return evaluate.Weighed(rows, matches.passages[kept], matches.scores[kept], matches.weight)

    patch.setattr(evaluate, "find", leaking)


def scope_ignored_in_the_number_of_passages(patch: Patch) -> None:
    weight_of = evaluate.weight_of
    patch.setattr(evaluate, "weight_of", lambda leaf, _, holding: weight_of(leaf, 1_000, holding))


def scope_ignored_in_counts_alone(patch: Patch) -> None:
    counts = evaluate.counts
    patch.setattr(evaluate, "counts", lambda r, c, inside, leaves: counts(r, c, everything(c), leaves))


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

    def leaking(passages, scores, number):
        return evidence(passages, scores, int(passages[0] >> 20) if len(passages) else number)

    patch.setattr(evaluate, "_evidence", leaking)


def an_excluded_part_reaches_beyond_the_scope(patch: Patch) -> None:
    matching = evaluate._matching

    def leaking(query, leaves, inside):
        if isinstance(query, evaluate.Not):
            return ~matching(query.part, leaves, inside)
        return matching(query, leaves, inside)

    patch.setattr(evaluate, "_matching", leaking)


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
    find = evaluate.find

    def leaking(reader, columns, inside, leaf):
        matches = find(reader, columns, columns.ids != "", leaf)
        kept, rows = inside[matches.passages >> 20], matches.rows[inside[matches.rows >> 32]]
        return evaluate.Weighed(rows, matches.passages[kept], matches.scores[kept], matches.weight)

    patch.setattr(evaluate, "find", leaking)


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
    split = postings._split
    patch.setattr(postings, "_split", lambda text, *more: [(place[0], place[-1]) for place in split(text)])


def a_place_counts_for_each_of_its_readings(patch: Patch) -> None:
    """As if the runs of a leaf were one posting list: what Elasticsearch's synonyms would count."""
    runs = evaluate._runs

    def added(reader, inside, leaf):
        parts = runs(reader, inside, leaf)
        return [(parts[0][0], np.concatenate([rows for _, rows in parts]))]

    patch.setattr(evaluate, "_runs", added)


MUTANTS: list[Callable[[Patch], None]] = [
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
