"""Measures searches under 5, 35 and 500 reading rules, on every engine and its peers; start-up, memory, index size."""

from __future__ import annotations

import http.client
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from pathlib import Path
from types import MappingProxyType

from corpus import PASSAGES, PASSWORD, USERNAME, Corpus
from elasticsearch_server import Server, UnavailableError, server
from figures import record
from peers import PREFIX, Peers, compare
from servers import free_port

from indexer.engine.contract import Request
from indexer.search.parse import parse
from services.components import Components
from services.settings import Settings
from services.setup import set_up

USUAL = 20_000
MANY = 50
RULES = (5, 35, 500)
SEARCHES = 220


def main() -> None:
    passages = 200_000 if "--large" in sys.argv else USUAL
    figures: dict[str, float] = {"passages": passages}
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        settings = Settings(home=Path(folder) / "home")
        set_up(settings)
        components = Components(settings)
        corpus = Corpus(components)
        corpus.make(passages // PASSAGES, RULES)
        elasticsearch = reachable(stack)
        peers = Peers(elasticsearch, corpus) if elasticsearch else None
        if peers:
            figures |= peers.fill()
        for rules in RULES:
            measure_embedded(components, corpus, rules, figures)
            if peers:
                figures |= measure_peers(peers, components, corpus, rules)
        figures["index_bytes_per_passage"] = components.home.index.stat().st_size / passages
        if peers and elasticsearch:
            figures["elastic_index_bytes_per_passage"], figures["flat_index_bytes_per_passage"] = (
                size / passages for size in peers.bytes()
            )
            measure_many(elasticsearch, settings.home, corpus, figures)
            peers.close()
        components.close()
    figures["rules_500_to_5_ratio"] = figures["rules_500_p50_ms"] / figures["rules_5_p50_ms"]
    if passages == USUAL:
        record("latency", "make bench-latency", figures)
    else:
        record("latency_large", "make bench-latency ARGS=--large", figures)


def reachable(stack: ExitStack) -> Server | None:
    """An Elasticsearch to compare with, if there is one without fetching it."""
    try:
        return stack.enter_context(server(may_fetch=False))
    except UnavailableError as error:
        print(f"Without Elasticsearch: {error}", file=sys.stderr)
        return None


def measure_embedded(components: Components, corpus: Corpus, rules: int, figures: dict[str, float]) -> None:
    """The embedded engine behind the running server."""
    before = os.times()
    corpus.spread(rules)
    after = os.times()
    spent = after.user - before.user + after.system - before.system
    figures["index_passages_per_cpu_second"] = figures["passages"] / spent
    with running(components.settings.home, figures) as (connection, process):
        measured = measure(connection, [corpus.query() for _ in range(SEARCHES)])
        figures[f"rules_{rules}_p50_ms"] = statistics.median(measured)
        figures[f"rules_{rules}_p95_ms"] = statistics.quantiles(measured, n=20)[-1]
        figures["server_memory_mb"] = memory(process.pid)


def measure_peers(peers: Peers, components: Components, corpus: Corpus, rules: int) -> dict[str, float]:
    """The engines side by side, without the server in front of them."""
    requests = [Request(parse(corpus.query()).query) for _ in range(SEARCHES)]
    compared = compare(peers.ways(corpus.scope(rules), components.engine), requests)
    return {f"rules_{rules}_{name}": value for name, value in compared.items()}


def measure_many(elasticsearch: Server, home: Path, corpus: Corpus, figures: dict[str, float]) -> None:
    """The service over Elasticsearch while many search at once."""
    given = elasticsearch.settings(home, PREFIX)
    environment = {f"TOLMACH_{name.upper()}": str(value) for name, value in given.items()}
    with running(home, {}, environment) as (connection, process), ThreadPoolExecutor(MANY) as pool:
        queries = [[corpus.query() for _ in range(4)] for _ in range(MANY)]
        figures[f"elastic_server_memory_mb_{MANY}_before"] = memory(process.pid)
        tokens = [sign_in(connection, name) for name in corpus.more_people(MANY)]
        asked = pool.map(lambda token, some: ask_all(connection.port, token, some), tokens, queries)
        figures[f"elastic_server_{MANY}_callers_p50_ms"] = statistics.median(ms for times in asked for ms in times)
        figures[f"elastic_server_memory_mb_{MANY}_callers"] = memory(process.pid)


def ask_all(port: int, token: str, queries: list[str]) -> list[float]:
    """Milliseconds of each search, over a connection of its own."""
    connection, times = http.client.HTTPConnection("127.0.0.1", port), []
    for query in queries:
        began = time.perf_counter()
        ask(connection, "/api/search", {"query": query, "limit": 10}, token)
        times.append((time.perf_counter() - began) * 1_000)
    connection.close()
    return times


@contextmanager
def running(
    home: Path, figures: dict[str, float], environment: Mapping[str, str] = MappingProxyType({})
) -> Iterator[tuple[http.client.HTTPConnection, subprocess.Popen[bytes]]]:
    """A server of its own process, and a connection to it."""
    port, began = free_port(), time.perf_counter()
    command = [sys.executable, "-m", "services.cli", "serve", "--port", str(port)]
    process = subprocess.Popen(command, env=os.environ | {"TOLMACH_HOME": str(home), **environment})
    try:
        while not alive(port):
            time.sleep(0.02)
        figures["startup_seconds"] = time.perf_counter() - began
        yield http.client.HTTPConnection("127.0.0.1", port), process
    finally:
        process.terminate()
        process.wait()


def alive(port: int) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port)
    try:
        connection.request("GET", "/api/health")
        return connection.getresponse().status == 200
    except OSError:
        return False
    finally:
        connection.close()


def measure(connection: http.client.HTTPConnection, queries: list[str]) -> list[float]:
    """Milliseconds of each search, after a few that warm the caches."""
    token = sign_in(connection)
    times = []
    for query in [*queries[:20], *queries]:
        began = time.perf_counter()
        ask(connection, "/api/search", {"query": query, "limit": 10}, token)
        times.append((time.perf_counter() - began) * 1_000)
    return times[20:]


def sign_in(connection: http.client.HTTPConnection, username: str = USERNAME) -> str:
    """A token."""
    return ask(connection, "/api/session", {"username": username, "password": PASSWORD}, "")["token"]


def ask(connection: http.client.HTTPConnection, path: str, body: dict[str, object], token: str) -> dict[str, str]:
    headers = {"Content-Type": "application/json", "Authorization": f"Bearer {token}"}
    connection.request("POST", path, json.dumps(body), headers)
    answer = connection.getresponse()
    content = answer.read()
    if answer.status != 200:
        raise SystemExit(f"{path}: {answer.status} {content!r}")
    return dict(json.loads(content))


def memory(process: int) -> float:
    """Megabytes of resident memory."""
    pages = int(Path(f"/proc/{process}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1_000_000


if __name__ == "__main__":
    main()
