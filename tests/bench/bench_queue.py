"""How fast workers find their next document, by how many wait, and whether four find them faster than one.

PostgreSQL waits for its disk, as in earnest. The work itself is left out: it would hide what finding costs.
"""

from __future__ import annotations

import multiprocessing
import shutil
import tempfile
import time
from multiprocessing.synchronize import Barrier
from pathlib import Path

from factories import fresh
from figures import record
from servers import private_postgresql
from sqlalchemy import insert, update

from auth import policy
from auth.database import now
from auth.labels import SEALED
from indexer.library.states import State
from indexer.library.tables import DocumentRow
from services.components import Components
from services.settings import Settings

SIZES = (1_000, 10_000, 50_000)
CLAIMS = 1_000  # no more than wait at the smallest size


def main() -> None:
    figures: dict[str, float] = {}
    known = sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    programs = known[0] if known else Path(shutil.which("initdb") or "").parent
    with tempfile.TemporaryDirectory() as folder:
        measure(figures, "sqlite", Path(folder) / "sqlite", "")
        with private_postgresql(programs, durable=True) as url:
            measure(figures, "postgresql", Path(folder) / "postgresql", url)
    record("queue", "make bench-queue", figures)


def measure(figures: dict[str, float], name: str, home: Path, url: str) -> None:
    """Claims a second with so many waiting, as ratios to the fewest; four workers as a ratio to one."""
    components = fresh(home, database_url=url)
    waiting, rates = 0, {}
    for size in SIZES:
        _bring(components, waiting, size)
        waiting = size
        rates[size] = CLAIMS / _seconds(home, url, 1)
        _bring(components, size, size)
        four = CLAIMS / _seconds(home, url, 4)
        _bring(components, size, size)
        figures[f"{name}_{size}_to_{SIZES[0]}"] = round(rates[size] / rates[SIZES[0]], 2)
        figures[f"{name}_{size}_four_to_one"] = round(four / rates[size], 2)
        figures[f"{name}_{size}_a_second"] = round(rates[size])
    components.close()


def _bring(components: Components, first: int, end: int) -> None:
    """Rows of waiting documents from `first` on; those there are wait again."""
    with components.database.session() as session:
        session.execute(update(DocumentRow).values(state=State.RECEIVED, lease_until=None, lease_owner=""))
        rule = policy.keep_rule(session, SEALED.rule)
        common = {
            "rule": rule,
            "originators": "A",
            "filename": "a.pdf",
            "size": 1,
            "taken_by": "",
            "state": State.RECEIVED,
        }
        rows = [{**common, "id": f"{n:032}", "sha256": str(n), "taken_at": now()} for n in range(first, end)]
        if rows:
            session.execute(insert(DocumentRow), rows)


def _seconds(home: Path, url: str, workers: int) -> float:
    """Seconds until these workers have claimed and finished CLAIMS documents together."""
    context = multiprocessing.get_context("spawn")
    gate = context.Barrier(workers + 1)
    share = CLAIMS // workers
    processes = [context.Process(target=_work, args=(home, url, share, gate)) for _ in range(workers)]
    for process in processes:
        process.start()
    gate.wait()
    begun = time.perf_counter()
    gate.wait()  # all have done their share: what ending a process takes is no part of it
    seconds = time.perf_counter() - begun
    for process in processes:
        process.join()
    return seconds


def _work(home: Path, url: str, claims: int, gate: Barrier) -> None:
    try:
        components = Components(Settings(home=home, database_url=url))
        worker = components.worker()
        gate.wait()
        for _ in range(claims):
            claimed = worker._claim()
            assert claimed is not None
            worker._finish(claimed[1], lambda _, row: setattr(row, "state", State.QUARANTINED))
        gate.wait()
    except BaseException:
        gate.abort()  # whoever waits for this worker fails too: that is no figure
        raise
    components.close()


if __name__ == "__main__":
    main()
