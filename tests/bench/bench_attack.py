"""Measures what one person can cost the others: each attack once, in seconds of CPU, bytes, or a bystander's time.

To add an attack, write a function that takes the `Battlefield` and gives figures, and name it in ATTACKS. `BEFORE`
holds what the same attacks came to before they were bounded.
"""

from __future__ import annotations

import http.client
import json
import multiprocessing
import os
import sqlite3
import statistics
import subprocess
import sys
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
from xml.etree import ElementTree

from asgi_client import pieces_read
from bench_latency import ask, running, sign_in
from corpus import PASSAGES, Corpus
from factories import bearer, fresh, label, take
from figures import record
from outside import reachable
from sqlalchemy import select, update

from auth import policy
from auth.audit.entries import Event, TrailError
from auth.policy import Action
from indexer.engine.contract import Phrase, Request
from indexer.extract.cage.keeper import Cage
from indexer.extract.cage.limits import Limits
from indexer.library.states import State
from indexer.library.tables import DocumentRow
from indexer.search.parse import MOST_PARTS, parse
from services.app import create_app
from services.components import Components

DOCUMENTS: Final = 4_000 // PASSAGES
SEARCHES: Final = 40  # of the bystander
ROUNDS: Final = 4  # that they are made in, alone and under attack
AT_ONCE: Final = 8  # requests of the attacker
REMOVED: Final = 100  # documents, while others search
PAUSE: Final = 0.04  # seconds between two removals, so that they last as long as the searches
ROOT: Final = Path(__file__).resolve().parents[2]
EXTRACT: Final = ROOT / "tests" / "unit" / "indexer" / "extract"
RACES: Final = (  # tests in which calls of two people, or of one and a worker, begin together
    "tests/security/test_index_races.py",
    "tests/unit/auth/changes/test_approvals.py",
    "tests/unit/indexer/handling/test_relabel.py",
    "tests/unit/indexer/handling/test_removal.py",
    "tests/unit/indexer/handling/test_sealing.py",
    "tests/unit/indexer/handling/test_tombstones.py",
)
BEFORE: Final = {  # as measured on 28 November 2026
    "longest_phrase_cpu_seconds": 17.5,
    "longest_phrase_megabytes": 427.0,
    "body_that_says_it_is_a_form_megabytes_read": 120.0,
    "locked_trail_seconds_until_all_have_failed": 600.0,
    "cage_ways_open": 5.0,
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
Attack = Callable[[], AbstractContextManager[None]]


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
        _times(port, token, queries)
        figures["bystander_alone_p95_ms"] = _p95(_times(port, token, queries))

        def ratio(attack: Attack) -> float:
            """To being alone, by turns, as other work on the machine comes and goes."""
            alone, during = list[float](), list[float]()
            for at in range(0, SEARCHES, SEARCHES // ROUNDS):
                some = queries[at : at + SEARCHES // ROUNDS]
                alone += _times(port, token, some)
                with attack():
                    during += _times(port, token, some)
                alone += _times(port, token, some)
            return _p95(during) / _p95(alone)

        for name, query in field.worst_queries().items():
            busy = partial(_busy, port, "/api/search", {"query": query, "limit": 100}, attackers)
            figures[f"bystander_during_{name}_p95_ratio"] = ratio(busy)
        figures["bystander_during_90_half_open_p95_ratio"] = ratio(partial(_half_open, port, 90))
        picture = f"/api/documents/{_hostile(field)}/pages/1/image?width=2400"
        figures["bystander_during_hostile_pictures_p95_ratio"] = ratio(partial(_busy, port, picture, None, attackers))
        figures |= removals(field, ratio)
    return figures


def _hostile(field: Battlefield) -> str:
    """A document whose page is drawn for ever, and which was taken in all the same."""
    sys.path.insert(0, str(EXTRACT))
    import pdfs

    document = take(field.components, pdfs.endless(), label(field.components, "AG0")).document_id
    with field.components.database.session() as session:
        row = update(DocumentRow).where(DocumentRow.id == document)
        session.execute(row.values(state=State.INDEXED, pages=1))
    return document


def removals(field: Battlefield, ratio: Callable[[Attack], float]) -> Figures:
    """Documents removed one after the other while somebody searches; a search that fails ends this bench."""
    removed: list[str] = []
    during = ratio(partial(_removing, field.components, removed))
    return {"bystander_during_removals_p95_ratio": during, "removals_meanwhile": len(removed)}


@contextmanager
def _removing(components: Components, removed: list[str]) -> Iterator[None]:
    """Meanwhile the operator removes documents, with a pause between two; adds them to `removed`."""
    with components.database.reading() as session:
        scope = policy.operator_scope(session, Action.REMOVE)
        there = select(DocumentRow.id).where(DocumentRow.taken_by == "bench", DocumentRow.state == State.INDEXED)
        documents = session.scalars(there.limit(REMOVED)).all()
    over = threading.Event()

    def remove() -> None:
        for document in documents:
            if over.wait(PAUSE):
                return
            components.removals.remove(scope, None, document, "An attack", Event("operator", "console", "remove"))
            removed.append(document)

    removing = threading.Thread(target=remove)
    removing.start()
    try:
        yield
    finally:
        over.set()
        removing.join()


def cages(field: Battlefield) -> Figures:
    """Every way out of the cage that a reader tries which a document has taken over."""
    with tempfile.TemporaryDirectory() as folder, reachable(Path(folder)) as (secret, port):
        os.environ["PYTHONPATH"] = str(EXTRACT / "cage")
        with closing(Cage("hostile_child")) as cage, tempfile.TemporaryFile() as paper:
            paper.write(b"%PDF-1.7 a")
            paper.flush()
            request = {"act": "try", "secret": str(secret), "port": port}
            ((_, outcomes),) = cage.answers(request, paper.fileno(), Limits())
    tried = json.loads(outcomes)
    return {"cage_ways_tried": len(tried), "cage_ways_open": sum(outcome == "done" for outcome in tried.values())}


def races(field: Battlefield) -> Figures:
    """Every test in which calls begin together, on each database and engine that is promised here."""
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.xml"
        asked = [sys.executable, "-m", "pytest", "-q", "-n", "0", f"--junitxml={report}", *RACES]
        subprocess.run(asked, cwd=ROOT, env=_of_tests(), stdout=subprocess.DEVNULL, check=False)
        told = ElementTree.parse(report).getroot()[0].attrib
    lost = int(told["failures"]) + int(told["errors"])
    return {"race_tests_run": int(told["tests"]) - int(told["skipped"]), "race_tests_lost": lost}


def _of_tests() -> dict[str, str]:
    """The environment of tests: their own import paths."""
    return {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}


def _p95(times: list[float]) -> float:
    return statistics.quantiles(times, n=20)[-1]


def _times(port: int, token: str, queries: list[str]) -> list[float]:
    """Milliseconds of each search."""
    times = []
    with closing(http.client.HTTPConnection("127.0.0.1", port)) as connection:
        for query in queries:
            began = time.perf_counter()
            ask(connection, "/api/search", {"query": query, "limit": 10}, token)
            times.append((time.perf_counter() - began) * 1_000)
    return times


@contextmanager
def _busy(port: int, path: str, body: dict[str, Any] | None, token: str) -> Iterator[None]:
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


def _attack(port: int, path: str, body: dict[str, Any] | None, token: str, begun: Any, over: Any) -> None:
    def repeat() -> None:
        headers = {"Content-Type": "application/json", "Authorization": f"Bearer {token}"}
        with closing(http.client.HTTPConnection("127.0.0.1", port)) as connection:
            while not over.is_set():
                connection.request("POST" if body else "GET", path, json.dumps(body) if body else None, headers)
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


ATTACKS: Final[tuple[Callable[[Battlefield], Figures], ...]] = (
    searches,
    bodies,
    cages,
    bystanders,
    locked_trail,
    races,
)


if __name__ == "__main__":
    main()
