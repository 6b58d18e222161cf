"""People at work on one machine: PostgreSQL, Elasticsearch, nginx over TLS and `tolmach serve` with two processes.

`ARGS="1000 10"`: so many documents, and minutes of two hundred people who think between two calls. Then eight callers
and fifty who do not think, and a hundred removals meanwhile; each of these as ratios, taken in turn in one run.
"""

from __future__ import annotations

import http.client
import json
import multiprocessing
import os
import random
import shutil
import ssl
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from multiprocessing.synchronize import Event
from pathlib import Path
from statistics import median, quantiles

import elasticsearch_server
from corpus import PASSWORD, USERNAME, Corpus
from factories import fresh
from figures import ROOT, record
from proxying import proxied_by_nginx
from servers import free_port, private_postgresql
from serving import await_health
from sqlalchemy import select

from auth import policy
from auth.audit.entries import Event as AuditEvent
from auth.policy import Action
from indexer.library.tables import DocumentRow
from services.components import Components
from services.settings import Settings

DOCUMENTS = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000
MINUTES = float(sys.argv[2]) if len(sys.argv) > 2 else 10.0
PEOPLE, THINKING = 200, 5.0  # seconds, on average
FEW, MANY, SECONDS, TURNS = 8, 50, 20.0, 3
REMOVED, RULES, PROCESSES = 100, 100, 2
PREFIX = "bench-load"
IDLE = 20.0  # seconds; the proxy waits for thirty

Milliseconds = list[float]


@dataclass
class Calls:
    """What calls came to: milliseconds of those that succeeded, and what went wrong with the others."""

    times: Milliseconds = field(default_factory=list)
    failed: list[str] = field(default_factory=list)

    @property
    def p95(self) -> float:
        """The time that one call in twenty takes longer than."""
        return quantiles(self.times, n=20)[-1]


class Person:
    """Somebody signed in, who comes to the proxy from an address of their own, over one connection."""

    def __init__(self, port: int, trust: ssl.SSLContext, number: int, name: str, corpus: Corpus) -> None:
        here = f"127.0.{1 + number // 250}.{1 + number % 250}"
        self._connect = partial(http.client.HTTPSConnection, "localhost", port, context=trust, source_address=(here, 0))
        self._connection, self._chance, self._corpus = self._connect(), random.Random(number), corpus
        self._token, self._hits, self._asked = "", list[str](), 0.0
        self._token = self._ask("POST", "/api/session", {"username": name, "password": PASSWORD})["token"]

    def act(self, calls: Calls) -> None:
        """Search, or open what was found last, look for words in it, or go on typing: as a day's work mixes them."""
        chance = self._chance.random()
        document = self._chance.choice(self._hits) if self._hits else ""
        if chance < 0.2 and document:
            self._timed(calls, "GET", f"/api/documents/{document}")
        elif chance < 0.4 and document:
            self._timed(calls, "POST", f"/api/documents/{document}/find", {"query": self._corpus.query()})
        elif chance < 0.5:
            self._timed(calls, "POST", "/api/suggest", {"prefix": self._corpus.query()[:3]})
        else:
            self.search(calls)

    def search(self, calls: Calls) -> None:
        """Search for what people type."""
        answer = self._timed(calls, "POST", "/api/search", {"query": self._corpus.query(), "limit": 10})
        self._hits = [hit["document_id"] for hit in answer.get("hits", [])]

    def _timed(self, calls: Calls, method: str, path: str, body: object = None) -> dict[str, object]:
        began = time.perf_counter()
        try:
            answer = self._ask(method, path, body)
        except (OSError, http.client.HTTPException, RuntimeError) as error:
            calls.failed.append(f"{path}: {error!r}")
            return {}
        calls.times.append(1_000 * (time.perf_counter() - began))
        return answer

    def _ask(self, method: str, path: str, body: object = None) -> dict[str, object]:
        headers = {"Content-Type": "application/json"}
        if self._token:
            headers["Authorization"] = f"Bearer {self._token}"
        if time.monotonic() > self._asked + IDLE:  # the proxy closes a connection that lies idle, as browsers know
            self._connection.close()
        self._asked = time.monotonic()
        try:
            self._connection.request(method, path, json.dumps(body) if body is not None else None, headers)
            answer = self._connection.getresponse()
        except (OSError, http.client.HTTPException):
            self._connection.close()
            raise
        text = answer.read()
        if answer.status >= 400:
            raise RuntimeError(f"{answer.status} {text[:200]!r}")
        return dict(json.loads(text))


def main() -> None:
    programs = sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    with (
        tempfile.TemporaryDirectory() as folder,
        private_postgresql(programs[0] if programs else Path(shutil.which("initdb") or "").parent) as url,
        elasticsearch_server.server(may_fetch=True) as elasticsearch,
    ):
        place = Path(folder)
        elasticsearch.delete(PREFIX)
        engine = elasticsearch.engine(PREFIX)
        given = {"database_url": url, "audit": "database", **elasticsearch.settings(place / "home", PREFIX)}
        components = fresh(place / "home", **given)
        components.__dict__["engine"] = engine
        corpus = Corpus(components)
        corpus.make(DOCUMENTS, [RULES])
        corpus.spread(RULES)
        names = [USERNAME, *corpus.more_people(PEOPLE - 1)]
        subprocess.run([ROOT / "deploy" / "make-secrets", place / "secrets"], check=True, capture_output=True)
        try:
            with serving(place, given) as (server, address), proxied_by_nginx(address, place / "secrets") as (port, _):
                trust = ssl.create_default_context(cafile=place / "secrets" / "ca.crt")
                await_proxy(port, trust)
                people = [Person(port, trust, number, name, corpus) for number, name in enumerate(names)]
                record("load", "make bench-load", measured(components, server, people))
        finally:
            components.close()
            elasticsearch.delete(PREFIX)


@contextmanager
def serving(place: Path, given: dict[str, object]) -> Iterator[tuple[subprocess.Popen[bytes], str]]:
    """The service with two processes, and its address."""
    port = free_port()
    plain = {key: value for key, value in os.environ.items() if not key.startswith("TOLMACH_")}
    settings = {"home": place / "home", "trusted_proxies": "127.0.0.1", **given}
    environment = plain | {f"TOLMACH_{key.upper()}": str(value) for key, value in settings.items()}
    command = [sys.executable, "-m", "services.cli", "serve", "--port", str(port), "--workers", str(PROCESSES)]
    with (place / "serve.log").open("wb") as log:
        server = subprocess.Popen(command, env=environment, stderr=log)
        try:
            await_health(server, f"http://127.0.0.1:{port}", place / "serve.log")
            yield server, f"http://127.0.0.1:{port}"
        finally:
            server.terminate()
            server.wait()


def await_proxy(port: int, trust: ssl.SSLContext) -> None:
    """Return once the proxy answers."""
    while True:
        try:
            connection = http.client.HTTPSConnection("localhost", port, context=trust)
            connection.request("GET", "/api/health")
            connection.getresponse().read()
            return
        except ConnectionRefusedError:
            time.sleep(0.05)


def measured(components: Components, server: subprocess.Popen[bytes], people: list[Person]) -> dict[str, float]:
    """All figures."""
    figures: dict[str, float] = {"documents": DOCUMENTS, "people": PEOPLE, "minutes": MINUTES}
    first = work(people[:FEW], SECONDS, Person.search)  # what a process learns once
    assert not first.failed, first.failed[:5]
    alone = memory(server.pid)
    thinking = work(people, 60 * MINUTES, Person.act, THINKING)
    figures |= {
        "people.calls": len(thinking.times),
        "people.errors": len(thinking.failed),
        "people.p50_ms": round(median(thinking.times), 1),
        "people.p95_ms": round(thinking.p95, 1),
    }
    turns = [[work(people[:count], SECONDS, Person.search) for count in (1, FEW, MANY)] for _ in range(TURNS)]
    _, few, many = (merged([turn[at] for turn in turns]) for at in range(3))
    figures |= {
        "callers_50.errors": len(many.failed),
        "callers_50.throughput_to_8": round(len(many.times) / len(few.times), 2),
        "callers_50.p95_to_p50": round(many.p95 / median(many.times), 2),
        "callers_50.memory_to_1": round(memory(server.pid) / alone, 2),
        "callers_8.searches_a_second": round(len(few.times) / SECONDS / TURNS, 1),
    }
    before, removed = work(people[:FEW], SECONDS, Person.search), list[str]()
    with removing(components, removed):
        during = work(people[:FEW], SECONDS, Person.search)
    after = work(people[:FEW], SECONDS, Person.search)
    figures |= {
        "removals": len(removed),
        "removals.errors": len(during.failed),
        "removals.p95_ratio": round(during.p95 / merged([before, after]).p95, 2),
    }
    print(*dict.fromkeys(text for calls in (thinking, many, during) for text in calls.failed[:5]), sep="\n")
    return figures


def merged(some: list[Calls]) -> Calls:
    """All of these calls."""
    return Calls([ms for calls in some for ms in calls.times], [text for calls in some for text in calls.failed])


def work(people: list[Person], seconds: float, act: Callable[[Person, Calls], None], thinking: float = 0.0) -> Calls:
    """What so many people come to who act for so long, each with pauses of so many seconds on average."""
    calls, until = Calls(), time.monotonic() + seconds

    def one(person: Person, chance: random.Random) -> None:
        time.sleep(chance.uniform(0, thinking))
        while time.monotonic() < until:
            act(person, calls)
            if thinking:
                time.sleep(min(chance.expovariate(1 / thinking), max(0.0, until - time.monotonic())))

    threads = [threading.Thread(target=one, args=(person, random.Random(at))) for at, person in enumerate(people)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return calls


@contextmanager
def removing(components: Components, removed: list[str]) -> Iterator[None]:
    """Meanwhile the operator, a process of their own, removes documents; adds them to `removed` afterwards."""
    with components.database.reading() as session:
        documents = session.scalars(select(DocumentRow.id).limit(REMOVED)).all()
    context = multiprocessing.get_context("spawn")
    ready = context.Event()
    remover = context.Process(target=remove_all, args=(components.settings, list(documents), ready))
    remover.start()
    while not ready.wait(1):
        assert remover.is_alive(), "the remover failed"
    try:
        yield
    finally:
        remover.join()
        assert remover.exitcode == 0, "the remover failed"
        removed += documents


def remove_all(settings: Settings, documents: list[str], ready: Event) -> None:
    """Remove these documents, spread over the time that others search."""
    components = Components(settings)
    with components.database.reading() as session:
        everything = policy.operator_scope(session, Action.REMOVE)
    components.engine.count(everything, ())  # connected
    ready.set()
    for document in documents:
        event = AuditEvent("operator", "console", Action.REMOVE, document)
        components.removals.remove(everything, None, document, "measured", event)
        time.sleep(SECONDS / REMOVED / 2)
    components.close()


def memory(process: int) -> float:
    """Megabytes that a process and its children have in memory."""
    children = Path(f"/proc/{process}/task/{process}/children").read_text().split()
    pages = int(Path(f"/proc/{process}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1_000_000 + sum(memory(int(child)) for child in children)


if __name__ == "__main__":
    main()
