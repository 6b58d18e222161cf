"""The same records and searches on Elasticsearch: ours, stock BM25 on the same nested records, a peer's flat index.

The flat index is there twice: with nothing to show, and with its text, of which it shows three fragments a hit and
what matched in them. Peers are asked for the words as typed, ours for what it makes of them: neighbours and titles too.
Filled once: each record holds its rule of every spread, and a scope names the rules of one spread alone.
"""

from __future__ import annotations

import statistics
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import TypeVar

from corpus import Corpus
from elasticsearch_server import Server

from auth.policy import Scope
from indexer.engine.contract import EVIDENCE, FACETS, Engine, Exact, Leaf, Phrase, Prefix, Record, Request, Term
from indexer.engine.contract import positive_leaves as leaves_of
from indexer.engine.elastic.client import operation
from indexer.engine.elastic.counts import Counts
from indexer.engine.elastic.index import IndexName, Json, mappings, settings
from indexer.engine.elastic.records import lines_of

PREFIX = "bench"
STOCK, FLAT, SHOWN = (f"{PREFIX}-s0-a{n}" for n in (1, 2, 3))  # aliases, as what is written needs one
PEERS = ("stock", "flat", "flat_shown", "embedded")
CALLERS = 8
WARMING = 20  # searches before those that are measured
TURN = 40  # searches that several callers make one way before the next way has its turn

Search = Callable[[Request], object]
T = TypeVar("T")


class Peers:
    """Four indices of the same records, and what it takes to fill and to search them."""

    def __init__(self, server: Server, corpus: Corpus) -> None:
        server.delete(PREFIX)
        self._corpus = corpus
        self.engine = server.engine(PREFIX)
        self._client, self._server = server.client(), server
        stock = settings(1, 0) | {"similarity": {"counted": {"type": "BM25"}}}
        self._make(STOCK, {"settings": stock, "mappings": mappings()})
        plain = {"number_of_replicas": 0, "refresh_interval": -1}
        self._make(FLAT, {"settings": plain, "mappings": _flat_mappings({})})
        self._make(SHOWN, {"settings": plain, "mappings": _flat_mappings({"store": True, "index_options": "offsets"})})

    def _make(self, alias: str, body: Json) -> None:
        self._client.send("PUT", f"/{alias}-000001", {**body, "aliases": {alias: {}}})

    def fill(self) -> dict[str, float]:
        """Put every record into all; gives passages a second: analysed, put by ours, loaded in bare bulk."""
        passages, seconds = 0, defaultdict[str, float](float)
        batches = self._corpus.batches()
        while records := _timed(seconds, "analysis", lambda: next(batches, [])):
            passages += sum(len(record.passages) for record in records)
            records = [replace(record, rule=self._corpus.rules_of(record.document_id)) for record in records]
            _timed(seconds, "elastic_put", lambda records=records: self.engine.put(records))
            prepared = [line for lines in map(lines_of, records) for line in (lines.head, *lines.parts)]
            _timed(seconds, "elastic_bare", lambda prepared=prepared: self._client.bulk(STOCK, prepared))
            flat = [operation(r.document_id, r.document_id, 1, _flat(r)) for r in records]
            self._client.bulk(FLAT, flat)
            self._client.bulk(SHOWN, flat)
        for alias in (STOCK, FLAT, SHOWN):
            self._client.refresh(alias)
        self._merge()
        return {f"{name}_passages_per_second": passages / taken for name, taken in seconds.items()}

    def _merge(self) -> None:
        """Leave each index one segment: a search pays for each, and how many there are depends on how it was filled."""
        for alias in (IndexName(PREFIX).alias, STOCK, FLAT, SHOWN):
            merging = self._client.send(
                "POST", f"/{alias}/_forcemerge", max_num_segments="1", wait_for_completion="false"
            )
            while not self._client.get(f"/_tasks/{merging['task']}")["completed"]:
                time.sleep(0.5)

    def bytes(self) -> tuple[float, float]:
        """Bytes of our index and of the flat one."""
        sizes = []
        for alias in (IndexName(PREFIX).alias, FLAT):
            answer = self._client.get(f"/{alias}/_stats/store")
            sizes.append(float(answer["_all"]["primaries"]["store"]["size_in_bytes"]))
        return sizes[0], sizes[1]

    def ways(self, scope: Scope, embedded: Engine) -> dict[str, Search]:
        """How each of them answers the same request.

        The first of ours counts every word anew, the second has counted all of them before, the third begins with an
        empty memory and fills it, as people meet it.
        """
        learning = self._server.engine(PREFIX)
        return {
            "elastic_first": lambda request: self._forgetting(scope, request),
            "elastic": lambda request: self.engine.search(scope, request),
            "elastic_learning": lambda request: learning.search(scope, request),
            "stock": lambda request: self._client.ask(STOCK, _stock(scope, request)),
            "flat": lambda request: self._client.ask(FLAT, _flat_search(scope, request)),
            "flat_shown": lambda request: self._client.ask(SHOWN, _flat_search(scope, request) | _FRAGMENTS),
            "embedded": lambda request: embedded.search(scope, request),
        }

    def _forgetting(self, scope: Scope, request: Request) -> object:
        self.engine._counts = Counts()
        return self.engine.search(scope, request)

    def close(self) -> None:
        """Delete them."""
        self.engine.close()
        self._client.close()
        self._server.delete(PREFIX)


def compare(ways: dict[str, Search], requests: Sequence[Request]) -> dict[str, float]:
    """Milliseconds of each way, p50 and p95, for one caller and for several: each request goes all ways in turn."""
    figures: dict[str, float] = {}
    for request in requests[:WARMING]:
        for search in ways.values():
            search(request)
    times: dict[str, list[float]] = {name: [] for name in ways}
    for request in requests[WARMING:]:
        for name, search in ways.items():
            times[name].append(_milliseconds(search, request))
    kinds = list(map(_kind, requests[WARMING:]))
    for kind in sorted(set(kinds)):
        of_kind = {name: [ms for ms, its in zip(times[name], kinds, strict=True) if its == kind] for name in times}
        for peer in ("flat", "flat_shown"):
            ratio = statistics.median(of_kind["elastic"]) / statistics.median(of_kind[peer])
            figures[f"elastic_to_{peer}_{kind}"] = ratio
    for name, measured in times.items():
        figures[f"{name}_p50_ms"] = statistics.median(measured)
        figures[f"{name}_p95_ms"] = statistics.quantiles(measured, n=20)[-1]
    several = {name: search for name, search in ways.items() if name not in ("elastic_first", "elastic_learning")}
    times = {name: [] for name in several}
    with ThreadPoolExecutor(CALLERS) as pool:
        for at in range(0, len(requests), TURN):
            for name, search in several.items():
                some = requests[at : at + TURN]
                times[name] += pool.map(lambda request, search=search: _milliseconds(search, request), some)
    for name, measured in times.items():
        figures[f"{name}_{CALLERS}_callers_p50_ms"] = statistics.median(measured)
    for peer in PEERS:
        figures[f"elastic_to_{peer}"] = figures["elastic_p50_ms"] / figures[f"{peer}_p50_ms"]
        for name in ("elastic_first", "elastic_learning"):
            figures[f"{name}_to_{peer}"] = figures[f"{name}_p50_ms"] / figures[f"{peer}_p50_ms"]
        both = (f"{name}_{CALLERS}_callers_p50_ms" for name in ("elastic", peer))
        figures[f"elastic_to_{peer}_{CALLERS}_callers"] = figures[next(both)] / figures[next(both)]
    return figures


def _typed(request: Request) -> list[Leaf]:
    """What was typed, without what a search adds to it."""
    return [leaf for leaf in leaves_of(request.query) if isinstance(leaf, Exact | Prefix) or leaf.share == 1]


def _kind(request: Request) -> str:
    """What a search is counted as: by its phrase or beginning, or by the number of its words."""
    typed = _typed(request)
    if any(isinstance(leaf, Phrase) for leaf in typed):
        return "phrase"
    return "beginning" if any(isinstance(leaf, Prefix) for leaf in typed) else f"{len(typed)}_words"


def _milliseconds(search: Search, request: Request) -> float:
    began = time.perf_counter()
    search(request)
    return (time.perf_counter() - began) * 1_000


def _timed(seconds: dict[str, float], name: str, call: Callable[[], T]) -> T:
    """What a call gives; the seconds it took are added under a name."""
    began = time.perf_counter()
    given = call()
    seconds[name] += time.perf_counter() - began
    return given


def _flat_mappings(of_text: Json) -> Json:
    keyword = {"type": "keyword"}
    text = {"type": "text", "analyzer": "whitespace", **of_text}
    facets = {"properties": dict.fromkeys(FACETS, keyword)}
    return {"_source": {"enabled": False}, "properties": {"rule": keyword, "facets": facets, "text": text}}


def _flat(record: Record) -> Json:
    tokens = [token.stem for passage in record.passages for text in passage.texts.values() for token in text]
    facets = {facet: list(values) for facet, values in record.facets.items() if values}
    return {"rule": record.rule, "facets": facets, "text": " ".join(tokens)}


def _asked(scope: Scope, query: Json, request: Request) -> Json:
    """What both peers are asked besides: the same filter, every facet, the exact total."""
    return {
        "query": {"bool": {"filter": [{"terms": {"rule": sorted(scope.rules)}}], "must": [query]}},
        "aggs": {facet: {"terms": {"field": f"facets.{facet}", "size": 10_000}} for facet in FACETS},
        "size": request.limit,
        "track_total_hits": True,
        "_source": False,
    }


def _stock(scope: Scope, request: Request) -> Json:
    nested = {
        "path": "passages",
        "query": {"bool": {"should": [_stock_leaf(leaf) for leaf in _typed(request)]}},
        "score_mode": "max",
        "inner_hits": {"size": EVIDENCE, "_source": False, "docvalue_fields": ["passages.ordinal"]},
    }
    return _asked(scope, {"nested": nested}, request)


def _stock_leaf(leaf: Leaf) -> Json:
    match leaf:
        case Term(stem):
            return {"term": {"passages.original": stem}}
        case Exact(form):
            return {"term": {"passages.original_exact": form}}
        case Prefix(start):
            return {"prefix": {"passages.original_exact": start}}
        case Phrase(stems):
            return {"match_phrase": {"passages.original": " ".join(stems)}}


def _flat_search(scope: Scope, request: Request) -> Json:
    asked = " ".join(map(_written, _typed(request)))
    return _asked(scope, {"query_string": {"query": asked, "default_field": "text"}}, request)


_FRAGMENTS: Json = {"highlight": {"fields": {"text": {"number_of_fragments": 3, "fragment_size": 150}}}}


def _written(leaf: Leaf) -> str:
    match leaf:
        case Term(stem) | Exact(stem):
            return f'"{stem}"'
        case Prefix(start):
            return f"{start}*"
        case Phrase(stems):
            return f'"{" ".join(stems)}"'
