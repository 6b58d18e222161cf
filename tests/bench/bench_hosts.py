"""Kills workers and an API host at random, two hundred times, over one database; and measures what hosts add.

Counts what was lost or doubled, and how many searches a second one and two API hosts answer, and stages one and three
workers do.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
import threading
import time
from pathlib import Path

from elasticsearch_server import server
from figures import record
from s3_server import s3_server
from servers import private_postgresql
from several_hosts import APIS, SAMPLE, WORKERS, Hosts, several_hosts

KILLS = int(sys.argv[1]) if len(sys.argv) > 1 else 200
SECONDS = 10.0
STARTING = 20.0  # seconds that workers have until they are asked for work
PREFIX = "bench-hosts"
PAPERS = sorted((SAMPLE / "pdf").glob("202[1-4]*.pdf"))
LATER = sorted((SAMPLE / "pdf").glob("2025*.pdf"))


def main() -> None:
    programs = sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    with (
        tempfile.TemporaryDirectory() as folder,
        private_postgresql(programs[0] if programs else Path(shutil.which("initdb") or "").parent) as url,
        server(may_fetch=True) as elasticsearch,
        s3_server(may_build=True) as s3,
    ):
        elasticsearch.delete(PREFIX)
        hosts = several_hosts(Path(folder), url, elasticsearch, PREFIX, s3.settings("hosts"))
        try:
            record("hosts", "make bench-hosts", measured(hosts))
        finally:
            hosts.close()
            elasticsearch.delete(PREFIX)


def measured(hosts: Hosts) -> dict[str, float]:
    """All figures."""
    hosts.start(*APIS, *WORKERS)
    token, expert = hosts.sign_in("a", "registrar"), hosts.sign_in("a", "expert")
    kept = hosts.run_killing(KILLS, 1, token, PAPERS)
    print(kept)
    figures: dict[str, float] = {
        "kills": kept.kills.total(),
        "documents": kept.states.total(),
        "lost": len(kept.lost),
        "doubled": len(kept.doubled),
        "unfinished": len(kept.unfinished),
        "disagreeing": len(kept.disagreeing),
    }
    with hosts.opened("a") as components:
        figures["trail_entries_proven"] = components.trail.verify()
    for count in (1, 2):
        figures[f"searches_a_second_{count}_api_hosts"] = round(searches(hosts, APIS[:count], expert), 1)
    for name in WORKERS[1:]:
        hosts.stop(name)
    half = len(LATER) // 2
    figures["documents_a_minute_1_worker"] = round(through(hosts, token, LATER[:half]), 1)
    hosts.start(*WORKERS[1:])
    time.sleep(STARTING)
    figures["documents_a_minute_3_workers"] = round(through(hosts, token, LATER[half:]), 1)
    for name in ("a", "w1"):
        figures[f"memory_mb_{'api' if name == 'a' else 'worker'}"] = hosts.memory_mb(name)
    return figures


def searches(hosts: Hosts, names: tuple[str, ...], token: str) -> float:
    """Searches a second that these hosts answer to four at once on each: more of one person's are refused."""
    done, until = [], time.monotonic() + SECONDS

    def ask(name: str) -> None:
        while time.monotonic() < until:
            hosts.ask(name, "POST", "/api/search", token, json={"query": "return of families"}).raise_for_status()
            done.append(name)

    threads = [threading.Thread(target=ask, args=(names[at % len(names)],)) for at in range(4 * len(names))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return len(done) / SECONDS


def through(hosts: Hosts, token: str, papers: list[Path]) -> float:
    """Documents a minute from upload until they are translated."""
    began = time.monotonic()
    hosts.bring(token, papers)
    hosts.await_work()
    return 60 * len(papers) / (time.monotonic() - began)


if __name__ == "__main__":
    main()
