"""Measures what one person can cost the others: each attack once, in seconds of CPU, bytes, or a bystander's time.

To add an attack, write a function that takes the `Battlefield` and gives figures, and name it in ATTACKS. `BEFORE`
holds what the same attacks came to before they were bounded.
"""

from __future__ import annotations

import http.client
import json
import multiprocessing
import sqlite3
import statistics
import tempfile
import threading
import time
import tracemalloc
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, closing, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Final

from asgi_client import pieces_read
from bench_latency import ask, running, sign_in
from corpus import PASSAGES, Corpus
from factories import bearer, fresh
from figures import record

from auth.audit.entries import Event, TrailError
from indexer.engine.contract import Phrase, Request
from indexer.search.parse import MOST_PARTS, parse
from services.app import create_app
from services.components import Components

DOCUMENTS: Final = 4_000 // PASSAGES
SEARCHES: Final = 40  # of the bystander
AT_ONCE: Final = 8  # requests of the attacker
BEFORE: Final = {  # as measured on 28 November 2026
    "longest_phrase_cpu_seconds": 17.5,
    "longest_phrase_megabytes": 427.0,
    "body_that_says_it_is_a_form_megabytes_read": 120.0,
    "locked_trail_seconds_until_all_have_failed": 600.0,
}


@dataclass(frozen=True)
class Battlefield:
    """A Tolmach of 4,000 passages, with an attacker and a bystander who are both experts."""

    components: Components
    corpus: Corpus
    attacker: str

    def worst_queries(self) -> dict[str, str]:
        """Of each kind the query that costs most, as long as a query may be."""
        words = [word for word in self.corpus.words if word.isascii() and word.isalpha()]
        starts = [start for start, _ in Counter(word[:2].lower() for word in words if len(word) > 1).most_common()]
        return {
            "longest_phrase": f'"{" ".join(words[:1] * MOST_PARTS)}"',
            "phrase_of_common_words": f'"{" ".join(words[:MOST_PARTS])}"',
            "most_beginnings": " ".join(f"{start}*" for start in starts[:MOST_PARTS]),
            "most_words": " ".join(words[:MOST_PARTS]),
        }


Figures = Mapping[str, float]


def main() -> None:
    figures: dict[str, float] = {"passages": DOCUMENTS * PASSAGES}
    with tempfile.TemporaryDirectory() as folder:
        components = fresh(Path(folder) / "home")
        corpus = Corpus(components)
        corpus.make(DOCUMENTS, (5,))
        corpus.spread(5)
        (attacker,) = corpus.more_people(1)
        field = Battlefield(components, corpus, attacker)
        for attack in ATTACKS:
            figures |= attack(field)
        components.close()
    record("attack", "make bench-attack", figures | {f"{name}_before": value for name, value in BEFORE.items()})


def searches(field: Battlefield) -> Figures:
    """Each of the worst queries, alone."""
    figures = {}
    for name, query in field.worst_queries().items():
        asked = partial(field.components.engine.search, field.corpus.scope(5), Request(parse(query).query))
        asked()  # the catalogue is read once
        began = time.thread_time()
        asked()
        figures[f"{name}_cpu_seconds"] = time.thread_time() - began
        tracemalloc.start()
        asked()
        figures[f"{name}_megabytes"] = tracemalloc.get_traced_memory()[1] / 1_000_000
        tracemalloc.stop()
    figures["phrase_of_999_words_refused"] = float(_refused(f'"{" ".join("в" * 999)}"'))
    return figures


def _refused(query: str) -> bool:
    """Whether the words of a long phrase are not looked for one after the other."""
    return not any(isinstance(leaf, Phrase) for leaf in parse(query).leaves)


def bodies(field: Battlefield) -> Figures:
    """120 MB that say they are a form, sent to where none is taken."""
    headers = {"content-type": "multipart/form-data; boundary=x", **bearer(field.components, field.attacker)}
    app = create_app(field.components)
    _, pieces = pieces_read(app, "POST", "/api/search", headers, 120)
    return {"body_that_says_it_is_a_form_megabytes_read": float(pieces)}


def bystanders(field: Battlefield) -> Figures:
    """What becomes of somebody's searches while one person does their worst, as a ratio to being alone."""
    figures: dict[str, float] = {}
    with running(field.components.settings.home, {}) as (connection, _):
        port, token = connection.port, sign_in(connection)
        attackers = sign_in(connection, field.attacker)
        queries = [field.corpus.query() for _ in range(SEARCHES)]
        _p95(port, token, queries)
        figures["bystander_alone_p95_ms"] = _p95(port, token, queries)

        def ratio(attack: AbstractContextManager[None]) -> float:
            """To being alone just before and just after, as other work on the machine comes and goes."""
            before = _p95(port, token, queries)
            with attack:
                during = _p95(port, token, queries)
            return during / statistics.mean([before, _p95(port, token, queries)])

        for name, query in field.worst_queries().items():
            worst = {"query": query, "limit": 100}
            figures[f"bystander_during_{name}_p95_ratio"] = ratio(_busy(port, "/api/search", worst, attackers))
        figures["bystander_during_90_half_open_p95_ratio"] = ratio(_half_open(port, 90))
    return figures


def _p95(port: int, token: str, queries: list[str]) -> float:
    """Milliseconds."""
    times = []
    with closing(http.client.HTTPConnection("127.0.0.1", port)) as connection:
        for query in queries:
            began = time.perf_counter()
            ask(connection, "/api/search", {"query": query, "limit": 10}, token)
            times.append((time.perf_counter() - began) * 1_000)
    return statistics.quantiles(times, n=20)[-1]


@contextmanager
def _busy(port: int, path: str, body: dict[str, Any], token: str) -> Iterator[None]:
    """Meanwhile a process sends this again and again over several connections, whatever is answered."""
    context = multiprocessing.get_context("spawn")
    begun, over = context.Barrier(2), context.Event()
    process = context.Process(target=_attack, args=(port, path, body, token, begun, over))
    process.start()
    begun.wait()
    try:
        yield
    finally:
        over.set()
        process.join()


def _attack(port: int, path: str, body: dict[str, Any], token: str, begun: Any, over: Any) -> None:
    def repeat() -> None:
        headers = {"Content-Type": "application/json", "Authorization": f"Bearer {token}"}
        with closing(http.client.HTTPConnection("127.0.0.1", port)) as connection:
            while not over.is_set():
                connection.request("POST", path, json.dumps(body), headers)
                answer = connection.getresponse()
                answer.read()
                if answer.status == 503:
                    over.wait(0.1)  # the proxy would let pass as many as ten a second of each connection

    threads = [threading.Thread(target=repeat) for _ in range(AT_ONCE)]
    for thread in threads:
        thread.start()
    begun.wait()
    for thread in threads:
        thread.join()


@contextmanager
def _half_open(port: int, number: int) -> Iterator[None]:
    """Meanwhile so many connections have sent half a header."""
    connections = [http.client.HTTPConnection("127.0.0.1", port) for _ in range(number)]
    for connection in connections:
        connection.connect()
        connection.send(b"GET / HTTP/1.1\r\nHost: x\r\n")
    try:
        yield
    finally:
        for connection in connections:
            connection.close()


def locked_trail(field: Battlefield) -> Figures:
    """Twenty requests while somebody keeps the trail locked."""

    def write() -> None:
        try:
            field.components.trail.record(Event(field.attacker, "console", "search"))
        except TrailError:
            return
        raise AssertionError("the trail was not locked")

    with closing(sqlite3.connect(field.components.home.audit, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        threads = [threading.Thread(target=write) for _ in range(20)]
        began = time.perf_counter()
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return {"locked_trail_seconds_until_all_have_failed": time.perf_counter() - began}


ATTACKS: Final[tuple[Callable[[Battlefield], Figures], ...]] = (searches, bodies, bystanders, locked_trail)


if __name__ == "__main__":
    main()
