"""An Elasticsearch that stands still, has too little memory, or is killed: on a server that no other test uses."""

from __future__ import annotations

import secrets
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

import oracle
import pytest
from elasticsearch_server import Server, UnavailableError, server_of_its_own
from elasticsearch_world import PERSON, differs, take_in, unfinished, world_on
from paired_worlds import sample_items
from worlds import RULES
from worlds import World as Records

from auth.policy import Action, Scope
from indexer.engine.contract import EVERYTHING, EngineUnavailableError, Holding, Request, Term
from indexer.engine.elastic import client as elastic_client
from indexer.engine.elastic import records as elastic_records
from indexer.engine.elastic.client import Client
from indexer.engine.elastic.engine import ElasticEngine

SCOPE = Scope(Action.SEARCH, frozenset(RULES))
ALL = Request(EVERYTHING)


@pytest.fixture(scope="module")
def own(elasticsearch: Server, promised: Callable[[str, bool, str], None]) -> Iterator[Server]:
    if elasticsearch.folder is None:
        pytest.skip("the server is not ours to break")
    with ExitStack() as stack:
        try:
            running = stack.enter_context(server_of_its_own(may_fetch=True))
        except UnavailableError as error:
            promised("elasticsearch", False, str(error))
            raise
        yield running


@pytest.fixture
def prefix() -> str:
    return f"test-{secrets.token_hex(6)}"


@pytest.fixture
def engine(own: Server, prefix: str) -> Iterator[ElasticEngine]:
    opened = own.engine(prefix)
    opened.put([Records(1).record(name) for name in range(5)])
    yield opened
    opened.close()


def test_it_runs_no_script_that_a_search_brings(engine: ElasticEngine) -> None:
    assert not engine.runs_scripts()


def test_started_anew_it_still_takes_nothing_older(own: Server, engine: ElasticEngine, monkeypatch) -> None:
    """The server forgets the versions of what was deleted, so nothing may be left to them."""
    monkeypatch.setattr(elastic_records, "MOST_PASSAGES", 2)
    records = [Records(1).record(name) for name in range(5)]
    longest = max(records, key=lambda record: len(record.passages))
    relabelled = replace(records[0], rule=RULES[0], version=3)
    engine.put([relabelled])
    engine.remove({longest.document_id: 2})
    own.kill()
    own.start()
    engine.put(records)
    holdings = engine.holdings()
    assert holdings[relabelled.document_id] == Holding(RULES[0], 3, relabelled.stamp)
    assert longest.document_id not in holdings and len(holdings) == 4
    live = [relabelled, *(r for r in records[1:] if r is not longest)]
    for request in (ALL, Request(Term("s1")), Request(Term("s3"))):
        assert engine.search(SCOPE, request) == oracle.search(live, SCOPE, request)


def fails(engine: ElasticEngine, says: str) -> None:
    """Both ways of asking fail, with this in the message."""
    with pytest.raises(EngineUnavailableError, match=says):
        engine.search(SCOPE, Request(Term("s1")))
    with pytest.raises(EngineUnavailableError, match=says):
        engine.suggest(SCOPE, "s1")


def test_slow(own: Server, engine: ElasticEngine, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch, own.paused():
        patch.setattr(elastic_client, "READ_SECONDS", 0.5)
        fails(engine, "in time")
    assert engine.search(SCOPE, ALL).total == 5


def test_too_busy_to_search(own: Server, engine: ElasticEngine) -> None:
    """The server refuses every search that needs memory, with 429."""
    administrator, limit = own.client(), "indices.breaker.request.limit"
    administrator.send("PUT", "/_cluster/settings", {"persistent": {limit: "1b"}})
    fails(engine, "cannot answer now")
    administrator.send("PUT", "/_cluster/settings", {"persistent": {limit: None}})
    administrator.close()
    assert engine.search(SCOPE, ALL).total == 5


def test_killed_while_documents_are_written(
    own: Server, prefix: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bulk, pulled = Client.bulk, []

    def pull_the_plug(self: Client, alias: str, operations: list[bytes]) -> None:
        if not pulled:
            pulled.append(threading.Timer(0.005, own.kill))
            pulled[0].start()
        bulk(self, alias, operations)
        pulled[0].join()

    with world_on(own, prefix, tmp_path) as world:
        world.fill(sample_items()[:2])
        take_in(world, 2, 5)
        with monkeypatch.context() as patch:
            patch.setattr(Client, "bulk", pull_the_plug)
            with pytest.raises(EngineUnavailableError):
                world.components.worker().run()
        assert unfinished(world) == 3
        status, headers, body = world.ask(PERSON, "POST", "/api/search", {"query": "court"})
        assert status == 503 and dict(headers)[b"retry-after"] and b"Search does not answer" in body
        assert world.ask(PERSON, "GET", "/api/health")[0] == 200
        take_in(world, 7, 9)  # intake goes on
        with pytest.raises(EngineUnavailableError):
            world.components.worker().run()
        own.start()
        world.components.worker().run()
        assert unfinished(world) == 0
        assert differs(world) == {}
        assert world.ask(PERSON, "POST", "/api/search", {"query": "court"})[0] == 200
