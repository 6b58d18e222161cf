"""Kills workers, their PDF readers, the server and the one that takes files in, at random; then counts what is left."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from servers import free_port

from auth import policy
from auth.audit.entries import Event
from auth.policy import Action
from indexer.handling.lifecycle import AbsentError
from indexer.library.states import State
from indexer.library.tables import DocumentRow, PassageRow
from services.components import Components
from services.settings import Settings
from services.setup import set_up

SAMPLE = Path(__file__).resolve().parents[2] / "deploy" / "sample"
WORKERS = 2


@dataclass
class Outcome:
    """What a run of kills left behind."""

    kills: Counter[str] = field(default_factory=Counter)
    lost: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)
    unfinished: list[str] = field(default_factory=list)
    disagreeing: list[str] = field(default_factory=list)
    leftover_processes: list[int] = field(default_factory=list)
    states: Counter[str] = field(default_factory=Counter)

    @property
    def clean(self) -> bool:
        """Whether nothing was lost, doubled or left behind."""
        return not (self.lost or self.doubled or self.unfinished or self.disagreeing or self.leftover_processes)


class Harness:
    """A home on one database, and the processes that work on it."""

    def __init__(self, home: Path, database_url: str, seed: int) -> None:
        self._environment = {k: v for k, v in os.environ.items() if not k.startswith("TOLMACH_")} | {
            "TOLMACH_HOME": str(home),
            "TOLMACH_DATABASE_URL": database_url,
        }
        self._settings = Settings(home=home, database_url=database_url, removal_days=0)
        self._random = random.Random(seed)
        self._processes: dict[str, subprocess.Popen[bytes]] = {}
        set_up(self._settings, SAMPLE / "scheme.toml")
        components = Components(self._settings)
        for package in sorted((SAMPLE / "models").glob("*.argosmodel")):
            components.packages.install(package)
        components.close()

    def run(self, kills: int, folder: Path, agencies: Sequence[str] = ("A",)) -> Outcome:
        """Kill that many times while the files of a folder are taken in again and again; then let all be finished."""
        outcome = Outcome()
        self._command(
            "agency", "add", *agencies, "--name-en", "A", "--name-ru", "А", "--ceiling", "confidential"
        ).wait()
        names = ["ingest", "serve", *(f"worker{at}" for at in range(WORKERS))]
        while outcome.kills.total() < kills:
            for name in names:
                self._ensure(name, folder)
            time.sleep(self._random.uniform(0.05, 1.2))
            victim = self._random.choice([*names, "reader", "reader"])
            outcome.kills[victim.rstrip("0123456789")] += self._kill(victim)
            if outcome.kills.total() % 5 == 0:
                self._remove_some()
        self._finish(folder)
        self._count(outcome, folder)
        return outcome

    def _command(self, *arguments: str) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "services.cli", *arguments]
        return subprocess.Popen(
            command, env=self._environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
        )

    def _ensure(self, name: str, folder: Path) -> None:
        """Start a process that is not running; the one that takes files in begins anew when it is done."""
        if name in self._processes and self._processes[name].poll() is None:
            return
        if name == "ingest":
            self._processes[name] = self._ingest(folder)
        elif name == "serve":
            self._processes[name] = self._command("serve", "--port", str(free_port()))
        else:
            self._processes[name] = self._command("worker")

    def _ingest(self, folder: Path) -> subprocess.Popen[bytes]:
        label = ("--originator", "A", "--level", "unclassified")
        return self._command("ingest", str(folder), *label, "--marking-reason", "Papers of a test")

    def _kill(self, victim: str) -> int:
        """kill -9; gives 1 if there was something to kill."""
        if victim == "reader":
            readers = [pid for pid in _children_of([p.pid for p in self._processes.values()]) if _is_reader(pid)]
            pid = self._random.choice(readers) if readers else 0
        else:
            pid = self._processes[victim].pid
        if pid == 0:
            return 0
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
        if victim != "reader":
            self._processes[victim].wait()
        return 1

    def _remove_some(self) -> None:
        """Take a third of the documents out, so that there is always work: they come back with the next taking in."""
        components = Components(self._settings)
        with components.database.reading() as session:
            rows = [row.id for row in session.query(DocumentRow) if row.state is not State.REMOVING]
            everything = policy.operator_scope(session, Action.REMOVE)
        for document_id in self._random.sample(rows, len(rows) // 3):
            with suppress(AbsentError):
                event = Event("operator", "console", Action.REMOVE, document_id)
                components.removals.remove(everything, None, document_id, "because", event)
        components.close()

    def _finish(self, folder: Path) -> None:
        for process in self._processes.values():
            process.kill()
            process.wait()
        self._ingest(folder).wait()
        self._command("worker", "--once").wait()

    def _count(self, outcome: Outcome, folder: Path) -> None:
        components = Components(self._settings)
        with components.database.reading() as session:
            rows = session.query(DocumentRow).all()
            passages = Counter(session.scalars(PassageRow.__table__.select().with_only_columns(PassageRow.document)))
        holdings = {key: holding.rule for key, holding in components.engine.holdings().items()}
        components.close()
        files = Counter(row.filename for row in rows)
        expected = {path.name for path in folder.rglob("*.pdf")}
        outcome.states = Counter(row.state for row in rows)
        outcome.lost = sorted(expected - set(files))
        outcome.doubled = sorted(name for name, count in files.items() if count > 1)
        finished = (State.INDEXED, State.TRANSLATED, State.QUARANTINED)
        outcome.unfinished = [row.id for row in rows if row.state not in finished]
        searchable = {row.id: row.rule for row in rows if row.state in (State.INDEXED, State.TRANSLATED)}
        outcome.disagreeing = sorted(
            {key for key, rule in searchable.items() if holdings.get(key) != rule or not passages[key]}
            | (set(holdings) - set(searchable))
        )
        time.sleep(0.5)  # the kernel tells readers of their parents' death at once, but not in no time
        outcome.leftover_processes = [pid for pid in _all_processes() if _is_reader(pid) and _parent(pid) == 1]


def _all_processes() -> list[int]:
    return [int(path.name) for path in Path("/proc").iterdir() if path.name.isdigit()]


def _parent(pid: int) -> int:
    with suppress(OSError):
        return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])
    return 0


def _children_of(parents: Sequence[int]) -> list[int]:
    return [pid for pid in _all_processes() if _parent(pid) in parents]


def _is_reader(pid: int) -> bool:
    with suppress(OSError):
        return b"indexer.extract.children.pdfium_child" in Path(f"/proc/{pid}/cmdline").read_bytes()
    return False
