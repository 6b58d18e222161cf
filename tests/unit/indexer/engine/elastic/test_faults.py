"""Whatever becomes of Elasticsearch: a search fails as a whole and says why, and nothing is taken for written."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest
from elasticsearch_server import Server
from servers import free_port
from worlds import KEY, RULES, World

from auth.policy import Action, Scope
from indexer.engine.contract import EVERYTHING, EngineError, EngineUnavailableError, Request, Term
from indexer.engine.elastic import client as elastic_client
from indexer.engine.elastic.client import AbsentIndexError, BusyError, Client
from indexer.engine.elastic.engine import ElasticEngine
from indexer.engine.elastic.index import IndexName, mappings, settings

SCOPE = Scope(Action.SEARCH, frozenset(RULES))
ALL = Request(EVERYTHING)
WORLD = World(1)
RECORDS = [WORLD.record(name) for name in range(6)]


@pytest.fixture
def engine(elasticsearch: Server, elastic_prefix: str) -> Iterator[ElasticEngine]:
    opened = elasticsearch.engine(elastic_prefix)
    opened.put(RECORDS[:5])
    yield opened
    opened.close()


@pytest.fixture
def administrator(elasticsearch: Server) -> Iterator[Client]:
    client = elasticsearch.client()
    yield client
    client.close()


def with_client(server: Server, prefix: str, **different: object) -> ElasticEngine:
    """An engine whose connection differs."""
    client = server.client(**different)
    return ElasticEngine(client, client, prefix, KEY)


def fails(engine: ElasticEngine, says: str) -> None:
    """Both ways of asking fail, with this in the message."""
    with pytest.raises(EngineUnavailableError, match=says):
        engine.search(SCOPE, Request(Term("s1")))
    with pytest.raises(EngineUnavailableError, match=says):
        engine.suggest(SCOPE, "s1")


def test_down(elasticsearch: Server, engine: ElasticEngine, elastic_prefix: str) -> None:
    nobody = with_client(elasticsearch, elastic_prefix, url=f"https://127.0.0.1:{free_port()}")
    fails(nobody, "cannot be reached")
    with pytest.raises(EngineUnavailableError):
        nobody.put(RECORDS)
    nobody.close()


def test_red(elasticsearch: Server, administrator: Client, elastic_prefix: str) -> None:
    name = IndexName(elastic_prefix, 1)
    shape = settings(shards=1, replicas=0) | {"routing.allocation.require._name": "no such machine"}
    body = {"settings": shape, "mappings": mappings(), "aliases": {name.alias: {}}}
    administrator.send("PUT", f"/{name}", body, wait_for_active_shards="0")
    assert administrator.get(f"/_cluster/health/{name}")["status"] == "red"
    engine = with_client(elasticsearch, elastic_prefix)
    fails(engine, "cannot answer now")
    engine.close()


def test_a_shard_that_is_nowhere(elasticsearch: Server, administrator: Client, elastic_prefix: str) -> None:
    """Elasticsearch itself would answer 200 with a part of the documents."""
    name = IndexName(elastic_prefix, 1)
    shape = settings(shards=2, replicas=0) | {"routing.allocation.total_shards_per_node": 1}
    body = {"settings": shape, "mappings": mappings(), "aliases": {name.alias: {}}}
    administrator.send("PUT", f"/{name}", body, wait_for_active_shards="0")
    for _ in range(100):
        if administrator.get(f"/_cluster/health/{name}")["active_primary_shards"] == 1:
            break
        time.sleep(0.1)
    loose = administrator.send("POST", f"/{name}/_search", {"size": 0}, allow_partial_search_results="true")
    assert loose["_shards"]["failed"] == 1
    engine = with_client(elasticsearch, elastic_prefix)
    fails(engine, "cannot answer now")
    engine.close()


def test_a_full_disk(engine: ElasticEngine, administrator: Client, elastic_prefix: str) -> None:
    index = str(IndexName(elastic_prefix, 1))
    administrator.send("PUT", f"/{index}/_settings", {"index.blocks.read_only_allow_delete": True})
    with pytest.raises(EngineUnavailableError, match="takes no writes"):
        engine.put(RECORDS[5:])
    assert engine.search(SCOPE, ALL).total == 5
    administrator.send("PUT", f"/{index}/_settings", {"index.blocks.read_only_allow_delete": None})
    engine.put(RECORDS[5:])
    assert engine.search(SCOPE, ALL).total == 6


def test_too_busy_to_write(
    engine: ElasticEngine, administrator: Client, elastic_prefix: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A request that is larger than the server lets wait to be written, which it refuses with 429."""
    monkeypatch.setattr(elastic_client, "FIRST_PAUSE", 0.01)
    monkeypatch.setattr(elastic_client, "TRIES", 1)
    source = {"document": "x", "rule": RULES[0], "whole": True, "day": "x" * 56_000_000}
    with pytest.raises(BusyError):
        administrator.bulk(IndexName(elastic_prefix).alias, [elastic_client.operation("x", "x", 1, source)])
    assert engine.search(SCOPE, ALL).total == 5


def test_a_partial_failure_is_tried_again_by_item(elasticsearch: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    sent: list[list[bytes]] = []
    monkeypatch.setattr(elastic_client, "FIRST_PAUSE", 0.001)
    client = elasticsearch.client()

    def call(method: str, path: str, parameters: object, body: list[bytes], *more: object) -> dict[str, object]:
        sent.append(list(body))
        refused = {"index": {"status": 429, "error": {"type": "es_rejected_execution_exception"}}}
        first = len(sent) == 1
        return {"items": [refused if first and b"2" in line else {"index": {"status": 201}} for line in body]}

    monkeypatch.setattr(client, "_call", call)
    client.bulk("x", [b"1", b"2", b"3"])
    assert sent == [[b"1", b"2", b"3"], [b"2"]]
    client.close()


def test_an_item_that_can_never_be_written_is_not_tried_again(
    engine: ElasticEngine, administrator: Client, elastic_prefix: str
) -> None:
    with pytest.raises(EngineError) as caught:
        administrator.bulk(IndexName(elastic_prefix).alias, [elastic_client.operation("x", "x", 1, {"no": 1})])
    assert not isinstance(caught.value, EngineUnavailableError)
    assert "no" not in str(caught.value).split()


def test_a_certificate_of_somebody_else(elasticsearch: Server, engine: ElasticEngine, elastic_prefix: str) -> None:
    stranger = with_client(elasticsearch, elastic_prefix, authority=None)
    fails(stranger, "certificate")
    stranger.close()


def test_another_name_than_the_certificates(elasticsearch: Server, engine: ElasticEngine, elastic_prefix: str) -> None:
    elsewhere = elasticsearch.url.replace("127.0.0.1", "127.0.0.2")
    stranger = with_client(elasticsearch, elastic_prefix, url=elsewhere)
    with pytest.raises(EngineUnavailableError):
        stranger.search(SCOPE, ALL)
    stranger.close()


@pytest.mark.parametrize("how", ["expired", "withdrawn", "invented"])
def test_a_key_that_is_not_valid(
    elasticsearch: Server, engine: ElasticEngine, administrator: Client, elastic_prefix: str, how: str
) -> None:
    life = {"expiration": "1ms"} if how == "expired" else {}
    answer = administrator.send("POST", "/_security/api_key", {"name": elastic_prefix, **life})
    if how == "withdrawn":
        administrator.send("DELETE", "/_security/api_key", {"ids": [answer["id"]]})
    key = "aW52ZW50ZWQ6aW52ZW50ZWQ=" if how == "invented" else answer["encoded"]
    late = with_client(elasticsearch, elastic_prefix, api_key=key, username="", password="")
    time.sleep(0.1)
    fails(late, "wrong, expired or withdrawn")
    late.close()


def test_another_version(engine: ElasticEngine, monkeypatch: pytest.MonkeyPatch) -> None:
    spoken = "application/vnd.elasticsearch+json; compatible-with=7"
    monkeypatch.setattr(elastic_client, "_JSON", spoken)
    fails(engine, "another version")


def test_an_index_deleted_behind_our_back(engine: ElasticEngine, administrator: Client, elastic_prefix: str) -> None:
    administrator.send("DELETE", f"/{IndexName(elastic_prefix, 1)}")
    fails(engine, "engine reindex")
    with pytest.raises(EngineUnavailableError):
        engine.put(RECORDS)
    with pytest.raises(AbsentIndexError):
        administrator.bulk(IndexName(elastic_prefix).alias, [elastic_client.operation("x", "x", 1, {"document": "x"})])
    assert administrator.get(f"/{elastic_prefix}-*/_alias") == {}, "a write must not make an index of its own"


def test_no_message_quotes_the_query(engine: ElasticEngine, administrator: Client, elastic_prefix: str) -> None:
    body = {"query": {"no such query": {"field": "a secret word"}}}
    with pytest.raises(EngineError) as caught:
        administrator.ask(IndexName(elastic_prefix).alias, body)
    assert "secret" not in str(caught.value)
    assert caught.value.__cause__ is None


@pytest.mark.parametrize(
    ("url", "plain"),
    [("http://127.0.0.1:1", False), ("http://192.0.2.1:1", True), ("https://a:b@127.0.0.1:1", False), ("x", True)],
)
def test_an_unsafe_address_is_refused(url: str, plain: bool) -> None:
    with pytest.raises(EngineError):
        Client(elastic_client.Access(url, plain_http=plain))


def test_plain_http_on_loopback_when_asked_for() -> None:
    client = Client(elastic_client.Access(f"http://127.0.0.1:{free_port()}", plain_http=True))
    with pytest.raises(EngineUnavailableError, match="reached"):
        client.get("/")
    client.close()
