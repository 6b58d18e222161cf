"""Measures searches through the running server: 20,000 passages under 5, 35 and 500 reading rules; start-up; memory."""

from __future__ import annotations

import http.client
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from corpus import PASSAGES, PASSWORD, USERNAME, Corpus
from figures import record
from servers import free_port

from services.parts import Parts
from services.settings import Settings
from services.setup import set_up

PASSAGES_IN_ALL = 20_000
RULES = (5, 35, 500)
SEARCHES = 200


def main() -> None:
    figures: dict[str, float] = {"passages": PASSAGES_IN_ALL}
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(home=Path(folder) / "home")
        set_up(settings)
        parts = Parts(settings)
        corpus = Corpus(parts)
        corpus.make(PASSAGES_IN_ALL // PASSAGES)
        for rules in RULES:
            before = os.times()
            corpus.spread(rules)
            after = os.times()
            figures["index_passages_per_cpu_second"] = PASSAGES_IN_ALL / (
                after.user - before.user + after.system - before.system
            )
            with running(settings.home, figures) as (connection, process):
                measured = measure(connection, [corpus.query() for _ in range(SEARCHES)])
                figures[f"rules_{rules}_p50_ms"] = statistics.median(measured)
                figures[f"rules_{rules}_p95_ms"] = statistics.quantiles(measured, n=20)[-1]
                figures["server_memory_mb"] = memory(process.pid)
        figures["index_bytes_per_passage"] = parts.home.index.stat().st_size / PASSAGES_IN_ALL
        parts.close()
    few, many = figures["rules_5_p50_ms"], figures["rules_500_p50_ms"]
    figures["rules_500_to_5_ratio"] = many / few
    record("latency", "make bench-latency", figures)


@contextmanager
def running(
    home: Path, figures: dict[str, float]
) -> Iterator[tuple[http.client.HTTPConnection, subprocess.Popen[bytes]]]:
    """A server of its own process, and a connection to it."""
    port, began = free_port(), time.perf_counter()
    command = [sys.executable, "-m", "services.cli", "serve", "--port", str(port)]
    process = subprocess.Popen(command, env=os.environ | {"TOLMACH_HOME": str(home)})
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
    token = ask(connection, "/api/session", {"username": USERNAME, "password": PASSWORD}, "")["token"]
    times = []
    for query in [*queries[:20], *queries]:
        began = time.perf_counter()
        ask(connection, "/api/search", {"query": query, "limit": 10}, token)
        times.append((time.perf_counter() - began) * 1_000)
    return times[20:]


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
