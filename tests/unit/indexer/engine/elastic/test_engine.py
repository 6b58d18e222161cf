"""What is Elasticsearch's own: names, long documents, wide scopes, keys that may do little, and generations."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

import oracle
import pytest
from elasticsearch_server import Server
from worlds import KEY, RULES, World, after, relabelled

from auth.policy import Action, Scope
from indexer.analysis.tokens import Token
from indexer.engine.contract import (
    EVERYTHING,
    And,
    EngineError,
    EngineUnavailableError,
    Exact,
    Holding,
    Leaf,
    Not,
    NotPermittedError,
    Or,
    PassageTokens,
    Phrase,
    Prefix,
    Query,
    Record,
    Request,
    StaleIndexError,
    SuggestedForms,
    Term,
)
from indexer.engine.elastic import engine as elastic
from indexer.engine.elastic import records as elastic_records
from indexer.engine.elastic.client import Client
from indexer.engine.elastic.engine import ElasticEngine
from indexer.engine.elastic.generations import Generations
from indexer.engine.elastic.index import IndexName, Json, parse_name
from indexer.engine.elastic.query import inside
from indexer.engine.elastic.setup import renew_keys

SCOPE = Scope(Action.SEARCH, frozenset(RULES))
ALL = Request(EVERYTHING)


@pytest.fixture
def engine(elasticsearch: Server, elastic_prefix: str) -> Iterator[ElasticEngine]:
    opened = elasticsearch.engine(elastic_prefix)
    yield opened
    opened.close()


# -- Names and filters


@pytest.mark.parametrize(
    "name", [IndexName("tolmach", 7), IndexName("a-s1-a2", 123456, 3, 40), IndexName("x", 1, 0, 9)]
)
def test_a_name_is_read_as_it_was_written(name: IndexName) -> None:
    assert parse_name(str(name)) == name
    assert str(name.successor) > str(name)


@pytest.mark.parametrize("text", ["tolmach", "tolmach-s1-a1", "tolmach-s1-a1-next", "tolmach-s1-a1-0001", "x-000001"])
def test_other_names_are_nobodys(text: str) -> None:
    assert parse_name(text) is None


def test_no_filter_is_made_of_an_empty_scope() -> None:
    with pytest.raises(ValueError, match="never reaches"):
        inside(Scope(Action.SEARCH, frozenset()), frozenset())


def test_an_empty_scope_reaches_no_server() -> None:
    nowhere: Client = None  # type: ignore[assignment]
    engine = ElasticEngine(nowhere, nowhere, "x", KEY)
    nobody = Scope(Action.SEARCH, frozenset())
    assert engine.search(nobody, ALL).total == 0
    assert engine.suggest(nobody, "s") == SuggestedForms()


# -- Sizes


def test_a_document_of_more_than_ten_thousand_passages(engine: ElasticEngine) -> None:
    words = ["alpha", "beta", "gamma", "delta"]
    texts = [[*words[at % 4 :], f"n{at % 97}"] for at in range(10_500)]
    passages = [
        PassageTokens(at, {"original": [Token(word, word, 0, 1) for word in text]}) for at, text in enumerate(texts)
    ]
    long = Record("d" * 32, 1, 77, RULES[0], "2024-01-01", {"kind": ["report"]}, passages)
    records = [long, *(World(4).record(name) for name in range(5))]
    engine.put(records)
    queries = [
        Term("n13"),
        And((Term("n96"), Exact("alpha"))),
        Phrase(("gamma", "delta")),
        Prefix("n9"),
        And((Phrase(("alpha", "beta")), Term("n5"), Term("n7"))),  # no single part need hold all of these
    ]
    for query in queries:
        assert engine.search(SCOPE, Request(query)) == oracle.search(records, SCOPE, Request(query)), query
    engine.remove(after([long]))
    assert engine.search(SCOPE, Request(Term("n13"))).total == 0


def test_a_document_that_needs_fewer_parts_than_before(engine: ElasticEngine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(elastic_records, "MOST_PASSAGES", 2)
    world = World(4)
    others = [world.record(name) for name in range(10)]
    before = next(record for record in (world.record(name) for name in range(100, 200)) if len(record.passages) == 9)
    requests = [world.request() for _ in range(12)]
    for version, some in enumerate((before.passages, before.passages[:3], before.passages[:1], before.passages[:5])):
        records = [*others, replace(before, passages=some, version=version)]
        engine.put(records)
        for request in requests:
            assert engine.search(SCOPE, request) == oracle.search(records, SCOPE, request), (len(some), request)


def test_parts_that_arrive_after_a_removal_are_taken_back(
    elasticsearch: Server, elastic_prefix: str, engine: ElasticEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its head was taken before the removal; nothing of the document is left all the same."""
    monkeypatch.setattr(elastic_records, "MOST_PASSAGES", 2)
    record = next(record for record in map(World(4).record, range(200)) if len(record.passages) == 9)
    other = elasticsearch.engine(elastic_prefix)
    bulk, calls = Client.bulk, []

    def overtaken(self: Client, alias: str, lines: Sequence[bytes]) -> list[bool]:
        calls.append(lines)
        if len(calls) == 2:  # the parts
            other.remove(after([record]))
        return bulk(self, alias, lines)

    monkeypatch.setattr(Client, "bulk", overtaken)
    engine.put([record])
    administrator = elasticsearch.client()
    left = administrator.ask(IndexName(elastic_prefix).alias, {"query": {"exists": {"field": "rule"}}})
    assert left["hits"]["hits"] == []
    administrator.close()
    other.close()


DEEPER: dict[str, Callable[[Leaf, Query], Query]] = {
    "all": lambda leaf, query: And((leaf, query)),
    "some": lambda leaf, query: Or((leaf, query)),
    "some of all": lambda leaf, query: Or((leaf, And((leaf, query)))),
    "not": lambda leaf, query: And((leaf, Not(query))),
    "some or not": lambda leaf, query: Or((leaf, Not(And((leaf, query))))),
}


@pytest.mark.parametrize("shape", DEEPER)
def test_a_query_as_deep_as_people_may_write(engine: ElasticEngine, shape: str) -> None:
    """Elasticsearch itself takes 30 levels; people may write 50 parentheses around 64 words."""
    world = World(8)
    records = [world.record(name) for name in range(20)]
    engine.put(records)
    query: Query = Phrase(("s0", "s1"))
    for at in range(50):
        query = DEEPER[shape](Term(f"s{at % 30}"), query)
    assert engine.search(SCOPE, Request(query)) == oracle.search(records, SCOPE, Request(query))


def test_a_scope_of_five_thousand_rules(engine: ElasticEngine) -> None:
    world = World(7)
    wide = Scope(Action.SEARCH, frozenset(f"{at:032x}" for at in range(5, 5_005)))
    records = [relabelled(world.record(name), f"{name * 61:032x}") for name in range(90)]
    engine.put(records)
    for _ in range(6):
        request = world.request()
        assert engine.search(wide, request) == oracle.search(records, wide, request), request
    assert engine.suggest(wide, "s1", 7) == oracle.suggest(records, wide, "s1", 7)


def test_what_is_remembered_saves_a_request(engine: ElasticEngine, monkeypatch: pytest.MonkeyPatch) -> None:
    engine.put([World(1).record(name) for name in range(5)])
    asked = []
    ask = Client.ask
    monkeypatch.setattr(Client, "ask", lambda self, *arguments: asked.append(1) or ask(self, *arguments))
    for expected in (2, 1, 1):
        asked.clear()
        engine.search(SCOPE, Request(Term("s1")))
        assert len(asked) == expected


def test_only_what_is_not_remembered_is_counted(engine: ElasticEngine, monkeypatch: pytest.MonkeyPatch) -> None:
    """And a change that comes between two counts is noticed."""
    records = [World(1).record(name) for name in range(5)]
    engine.put(records)
    counted: list[tuple[Leaf, ...]] = []
    counting = elastic.queries.counting

    def meanwhile(scope: Scope, leaves: tuple[Leaf, ...], without: frozenset[str]) -> Json:
        counted.append(leaves)
        if len(counted) == 3:
            records.append(World(1).record(5))
            engine.put(records[-1:])
        return counting(scope, leaves, without)

    monkeypatch.setattr(elastic.queries, "counting", meanwhile)
    first, second, third = Term("s1"), Term("s2"), Term("s3")
    for leaves in ((first,), (first, second), (first, second, third)):
        request = Request(Or(leaves))
        assert engine.search(SCOPE, request) == oracle.search(records, SCOPE, request)
    assert counted == [(first,), (second,), (third,), (first, second)]


# -- Keys


@pytest.fixture
def keyed(elasticsearch: Server, elastic_prefix: str, engine: ElasticEngine) -> Iterator[tuple[Client, Client]]:
    """A connection with the reader's key, and one with the writer's, as they are used every day."""
    administrator = elasticsearch.client()
    keys = renew_keys(administrator, elastic_prefix)
    clients = [elasticsearch.client(api_key=key, username="", password="") for key in (keys.reader, keys.writer)]
    yield clients[0], clients[1]
    for client in (administrator, *clients):
        client.close()


def test_the_readers_key_reads_ours_and_changes_nothing(
    elasticsearch: Server, elastic_prefix: str, engine: ElasticEngine, keyed: tuple[Client, Client]
) -> None:
    reader, writer = keyed
    record = World(1).record(1)
    both = ElasticEngine(reader, writer, elastic_prefix, KEY)
    both.put([record])
    assert both.search(SCOPE, ALL).total == 1
    alone = ElasticEngine(reader, reader, elastic_prefix, KEY)
    assert alone.search(SCOPE, ALL).total == 1
    alone.check()
    for change in (
        lambda: alone.put([record]),
        lambda: alone.remove(after([record])),
        lambda: reader.send("DELETE", f"/{IndexName(elastic_prefix, 1)}"),
    ):
        with pytest.raises(NotPermittedError):
            change()
    for client in (reader, writer):
        for other in (f"{elastic_prefix}x-s1-a1", ".security", f"{elastic_prefix}-s1-a1-other"):
            with pytest.raises(EngineError):
                client.ask(other, {"size": 0})
        with pytest.raises(NotPermittedError):
            client.get("/_cluster/settings")
        with pytest.raises(NotPermittedError):
            client.send("POST", "/_security/api_key", {"name": "more"})


def test_the_everyday_writers_key_changes_documents_and_nothing_else(
    elastic_prefix: str, engine: ElasticEngine, keyed: tuple[Client, Client]
) -> None:
    _, writer = keyed
    name = IndexName(elastic_prefix, 1)
    alone = ElasticEngine(writer, writer, elastic_prefix, KEY)
    alone.put([World(1).record(1)])
    alone.remove(after([World(1).record(1)]))
    for method, path, body in (
        ("POST", f"/{name}/_close", None),
        ("PUT", f"/{name}/_mapping", {"properties": {"more": {"type": "keyword"}}}),
        ("PUT", f"/{name}/_settings", {"index.refresh_interval": "1s"}),
        ("POST", "/_aliases", {"actions": [{"remove": {"index": str(name), "alias": name.alias}}]}),
        ("PUT", f"/{name.successor}", {}),
        ("DELETE", f"/{name}", None),
        ("DELETE", f"/{name}/_doc/{World(1).record(1).document_id}", None),
    ):
        with pytest.raises(NotPermittedError):
            writer.send(method, path, body)
    with pytest.raises(NotPermittedError), alone.renewal():
        pass
    assert alone.search(SCOPE, ALL).total == 0


def test_the_managers_key_makes_the_index_anew(
    elasticsearch: Server, elastic_prefix: str, engine: ElasticEngine
) -> None:
    administrator = elasticsearch.client()
    manager = elasticsearch.client(api_key=renew_keys(administrator, elastic_prefix).manager, username="", password="")
    managing = ElasticEngine(manager, manager, elastic_prefix, KEY)
    with managing.renewal() as renewed:
        renewed.put([World(1).record(1)])
    assert engine.search(SCOPE, ALL).total == 1
    for client in (administrator, manager):
        client.close()


def test_older_keys_are_withdrawn(elasticsearch: Server, elastic_prefix: str, keyed: tuple[Client, Client]) -> None:
    reader, _ = keyed
    administrator = elasticsearch.client()
    renew_keys(administrator, elastic_prefix)
    administrator.close()
    with pytest.raises(EngineUnavailableError, match="withdrawn"):
        reader.ask(IndexName(elastic_prefix).alias, {"size": 0})


# -- Generations


def test_what_is_written_meanwhile_is_in_the_new_generation(engine: ElasticEngine) -> None:
    records = [World(2).record(name) for name in range(8)]
    engine.put(records[:6])
    with engine.renewal() as renewed:
        renewed.put(records[1:3])
        engine.put([records[6], relabelled(records[1], RULES[0])])
        engine.remove(after([records[2]]))
        assert engine.search(SCOPE, ALL).total == 6
    holdings = engine.holdings()
    assert holdings == {
        records[6].document_id: Holding(records[6].rule, 1, records[6].stamp),
        records[1].document_id: Holding(RULES[0], 2, records[1].stamp),
    }


def test_a_writer_that_began_before_the_renewal_writes_again(
    elasticsearch: Server, elastic_prefix: str, engine: ElasticEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its first look shows one generation; before it is done there are two."""
    record = World(2).record(1)
    renewing = elasticsearch.engine(elastic_prefix)
    refresh, begun = Client.refresh, []

    def refresh_and_begin(self: Client, index: str) -> None:
        refresh(self, index)
        if not begun:
            begun.append(renewing._generations.begin())

    monkeypatch.setattr(Client, "refresh", refresh_and_begin)
    engine.put([record])
    with renewing.renewal():
        pass
    assert dict(engine.holdings()) == {record.document_id: Holding(record.rule, 1, record.stamp)}
    renewing.close()


def test_an_interrupted_renewal_goes_on_or_is_given_up(engine: ElasticEngine) -> None:
    records = [World(2).record(name) for name in range(4)]
    engine.put(records)
    for _ in range(2):
        with pytest.raises(KeyboardInterrupt), engine.renewal() as renewed:
            renewed.put(records[:1])
            raise KeyboardInterrupt
        assert engine.search(SCOPE, ALL).total == 4
    with engine.renewal() as renewed:
        assert dict(renewed.holdings()) == {records[0].document_id: Holding(records[0].rule, 1, records[0].stamp)}
        renewed.put(records[1:3])
    assert engine.search(SCOPE, ALL).total == 3
    with pytest.raises(KeyboardInterrupt), engine.renewal():
        raise KeyboardInterrupt
    assert engine.abandon()
    assert not engine.abandon()
    engine.put(records)
    assert engine.search(SCOPE, ALL).total == 4


def test_an_index_of_another_version_is_refused_and_made_anew(
    elasticsearch: Server, elastic_prefix: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    administrator = elasticsearch.client()
    older = Generations(administrator, elastic_prefix)
    older._name = IndexName(elastic_prefix, schema=0)
    older.create(1, 0)
    engine = elasticsearch.engine(elastic_prefix)
    with pytest.raises(StaleIndexError, match="tolmach engine reindex"):
        engine.check()
    with pytest.raises(StaleIndexError):
        engine.put([World(1).record(1)])
    with engine.renewal() as renewed:
        renewed.put([World(1).record(1)])
    engine.check()
    assert engine.search(SCOPE, ALL).total == 1
    assert list(administrator.get(f"/{elastic_prefix}-*/_alias")) == [str(IndexName(elastic_prefix, 2))]
    administrator.close()
    engine.close()
