"""The contract of every search engine. An engine joins with one line in ENGINES and passes all of this."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import checks
import pytest
from worlds import RULES, World, relabelled

from auth.policy import Action, Scope
from indexer.engine.contract import EVERYTHING, NOTHING, Engine, Request, Term
from indexer.engine.embedded import EmbeddedEngine

ENGINES: dict[str, Callable[[Path], Engine]] = {"embedded": lambda folder: EmbeddedEngine(folder / "index.sqlite")}
SEEDS = range(12)


@pytest.fixture(params=ENGINES)
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    made = ENGINES[request.param](tmp_path)
    yield made
    made.close()


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("check", checks.ALL, ids=lambda check: check.__name__)
def test_keeps_the_promise(engine: Engine, check: checks.Check, seed: int) -> None:
    check(engine, World(seed))


def test_an_empty_scope_finds_nothing(engine: Engine) -> None:
    engine.put([World(1).record(1)])
    nobody = Scope(Action.SEARCH, frozenset())
    assert engine.search(nobody, Request(EVERYTHING)) == NOTHING
    assert engine.suggest(nobody, "s") == ()


def test_a_scope_of_unknown_rules_finds_nothing(engine: Engine) -> None:
    engine.put([World(1).record(1)])
    answer = engine.search(Scope(Action.SEARCH, frozenset({"unknown"})), Request(EVERYTHING))
    assert answer.total == 0
    assert all(counts == () for counts in answer.facets.values())


def test_holdings_name_every_document_once(engine: Engine) -> None:
    records = [World(3).record(name) for name in range(9)]
    engine.put(records)
    engine.put([relabelled(records[0], RULES[0])])
    engine.remove([records[1].document_id, "never there"])
    expected = {record.document_id: record.rule for record in records[2:]} | {records[0].document_id: RULES[0]}
    assert dict(engine.holdings()) == expected


def test_the_index_outlives_the_process(tmp_path: Path) -> None:
    for name, make in ENGINES.items():
        first = make(tmp_path)
        first.put([World(5).record(1)])
        first.close()
        second = make(tmp_path)
        assert second.search(Scope(Action.SEARCH, frozenset(RULES)), Request(EVERYTHING)).total == 1, name
        second.close()


def test_a_removed_word_is_no_longer_in_the_file(tmp_path: Path) -> None:
    world = World(5)
    record = world.record(1)
    unusual = record.passages[0].texts["original"][0]
    engine = EmbeddedEngine(tmp_path / "index.sqlite")
    engine.put([record, world.record(2)])
    engine.remove([record.document_id, world.record(2).document_id])
    engine.close()
    assert unusual.exact.encode() not in (tmp_path / "index.sqlite").read_bytes()
    assert engine_is_empty(tmp_path, Term(unusual.stem))


def engine_is_empty(folder: Path, leaf: Term) -> bool:
    engine = EmbeddedEngine(folder / "index.sqlite")
    found = engine.search(Scope(Action.SEARCH, frozenset(RULES)), Request(leaf)).total
    engine.close()
    return found == 0
