"""The contract of every search engine. An engine joins with one line in ENGINES and passes all of this."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import checks
import oracle
import pytest
from elasticsearch_server import Server
from worlds import KEY, RULES, World, after, relabelled

from auth.policy import Action, Scope
from indexer.engine.contract import EVERYTHING, NOTHING, Engine, Holding, Request, SuggestedForms, Term
from indexer.engine.elastic import records as elastic_records
from indexer.engine.embedded import segments
from indexer.engine.embedded.engine import EmbeddedEngine


def embedded(request: pytest.FixtureRequest) -> Open:
    folder: Path = request.getfixturevalue("tmp_path")
    return lambda: EmbeddedEngine(folder / "index.sqlite", KEY)


def elastic(request: pytest.FixtureRequest) -> Open:
    running: Server = request.getfixturevalue("elasticsearch")
    prefix: str = request.getfixturevalue("elastic_prefix")
    return lambda: running.engine(prefix)


Open = Callable[[], Engine]  # gives the same index each time
ENGINES: dict[str, Callable[[pytest.FixtureRequest], Open]] = {"embedded": embedded, "elastic": elastic}
SEEDS = [("embedded", seed) for seed in range(12)] + [("elastic", seed) for seed in range(4)]


@pytest.fixture(params=ENGINES)
def reopen(request: pytest.FixtureRequest) -> Open:
    return ENGINES[request.param](request)


@pytest.fixture
def engine(reopen: Open) -> Iterator[Engine]:
    opened = reopen()
    yield opened
    opened.close()


@pytest.mark.parametrize(("reopen", "seed"), SEEDS, indirect=["reopen"])
@pytest.mark.parametrize("check", checks.ALL, ids=lambda check: check.__name__)
def test_keeps_the_promise(engine: Engine, check: checks.Check, seed: int) -> None:
    check(engine, World(seed))


@pytest.mark.parametrize(("reopen", "seed"), [("elastic", 20)], indirect=["reopen"])
@pytest.mark.parametrize("check", checks.ALL, ids=lambda check: check.__name__)
def test_keeps_the_promise_for_documents_in_parts(
    engine: Engine, check: checks.Check, seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(elastic_records, "MOST_PASSAGES", 2)
    check(engine, World(seed))


@pytest.mark.parametrize(("reopen", "seed"), [("embedded", 40)], indirect=["reopen"])
@pytest.mark.parametrize("check", checks.ALL, ids=lambda check: check.__name__)
def test_keeps_the_promise_for_documents_over_many_segments(
    engine: Engine, check: checks.Check, seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(segments, "FULL", 4)
    check(engine, World(seed))


@pytest.mark.parametrize(("shards", "seed"), [(3, 30)])
@pytest.mark.parametrize("check", checks.ALL, ids=lambda check: check.__name__)
def test_keeps_the_promise_on_several_shards(
    elasticsearch: Server, elastic_prefix: str, check: checks.Check, shards: int, seed: int
) -> None:
    engine = elasticsearch.engine(elastic_prefix, shards)
    check(engine, World(seed))
    engine.close()


def test_an_empty_scope_finds_nothing(engine: Engine) -> None:
    engine.put([World(1).record(1)])
    nobody = Scope(Action.SEARCH, frozenset())
    assert engine.search(nobody, Request(EVERYTHING)) == NOTHING
    assert engine.suggest(nobody, "s") == SuggestedForms()


def test_a_scope_of_unknown_rules_finds_nothing(engine: Engine) -> None:
    engine.put([World(1).record(1)])
    answer = engine.search(Scope(Action.SEARCH, frozenset({"unknown"})), Request(EVERYTHING))
    assert answer.total == 0
    assert all(counts == () for counts in answer.facets.values())


def test_holdings_name_every_document_once(engine: Engine) -> None:
    records = [World(3).record(name) for name in range(9)]
    engine.put(records)
    engine.put([relabelled(records[0], RULES[0])])
    engine.remove({**after([records[1]]), "never there": 1})
    expected = {record.document_id: Holding(record.rule, 1, record.stamp) for record in records[2:]}
    expected[records[0].document_id] = Holding(RULES[0], 2, records[0].stamp)
    assert dict(engine.holdings()) == expected


def test_the_index_outlives_the_process(reopen: Open) -> None:
    first = reopen()
    first.put([World(5).record(1)])
    first.close()
    second = reopen()
    assert second.search(Scope(Action.SEARCH, frozenset(RULES)), Request(EVERYTHING)).total == 1
    second.close()


def test_several_processes_see_what_each_of_them_does(reopen: Open) -> None:
    """What one process remembers is of no use to it once another has written."""
    world = World(6)
    first, second = reopen(), reopen()
    records = [world.record(name) for name in range(30)]
    first.put(records[:20])
    requests = [world.request() for _ in range(8)]
    scope = Scope(Action.SEARCH, frozenset(RULES))
    for some in (records[:20], records, records[5:]):
        assert [first.search(scope, r) for r in requests] == [oracle.search(some, scope, r) for r in requests]
        second.put(records[20:])
        if some is records:
            second.remove(after(records[:5]))
    first.close()
    second.close()


def test_a_removed_word_is_no_longer_in_the_file(tmp_path: Path) -> None:
    world = World(5)
    record = world.record(1)
    unusual = record.passages[0].texts["original"][0]
    engine = EmbeddedEngine(tmp_path / "index.sqlite", KEY)
    engine.put([record, world.record(2)])
    engine.remove(after([record, world.record(2)]))
    while engine.tidy():
        pass
    engine.close()
    assert unusual.exact.encode() not in (tmp_path / "index.sqlite").read_bytes()
    assert engine_is_empty(tmp_path, Term(unusual.stem))


def engine_is_empty(folder: Path, leaf: Term) -> bool:
    engine = EmbeddedEngine(folder / "index.sqlite", KEY)
    total = engine.search(Scope(Action.SEARCH, frozenset(RULES)), Request(leaf)).total
    engine.close()
    return total == 0
