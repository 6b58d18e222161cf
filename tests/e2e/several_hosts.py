"""Hosts with homes of their own over one PostgreSQL, one Elasticsearch and one store, as real processes."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import factories
import httpx2 as httpx
from elasticsearch_server import Server
from kills import Outcome
from serving import await_health, free_port

from auth import policy
from auth.audit.entries import Event
from auth.people import Role
from auth.policy import Action
from indexer.handling.lifecycle import AbsentError
from indexer.library.states import SEARCHABLE, State
from indexer.library.tables import DocumentRow, PassageRow
from services.components import Components
from services.hosts import roles
from services.hosts.roles import HostRole
from services.settings import Settings

SAMPLE = Path(__file__).resolve().parents[2] / "deploy" / "sample"
APIS, WORKERS = ("a", "b"), ("w1", "w2", "w3")
PATIENCE = 120.0  # seconds until what does not come is given up


class Hosts:
    """Two hosts that answer and three that work; the first home is made by `init`, the others by `host export`."""

    def __init__(self, folder: Path, **settings: Any) -> None:
        self._folder, self._settings = folder, settings
        self._processes: dict[str, subprocess.Popen[bytes]] = {}
        self._ports = {name: free_port() for name in APIS}
        self._clients = {name: httpx.Client(base_url=self.address(name), timeout=PATIENCE) for name in APIS}
        first = factories.fresh(folder / "a", **settings, host_name="a")
        first.close()

    def spread(self) -> None:
        """Make the homes of the other hosts, with what each needs."""
        with self.opened("a") as first:
            for name in (*APIS[1:], *WORKERS):
                roles.export(first, self.role(name), self._folder / name)
                if self._settings.get("store") != "s3":  # the folder is one that all of them have
                    first.home.files.mkdir(exist_ok=True)
                    (self.home(name) / "files").symlink_to(first.home.files)

    @staticmethod
    def role(name: str) -> HostRole:
        """What a host does."""
        return HostRole.API if name in APIS else HostRole.WORKER

    def home(self, name: str) -> Path:
        """A host's home."""
        return self._folder / name

    def address(self, name: str) -> str:
        """Where a host answers."""
        return f"http://127.0.0.1:{self._ports[name]}"

    @contextmanager
    def opened(self, name: str) -> Iterator[Components]:
        """A host's parts, as a command there has them."""
        given = {"trail_entries": 1_000_000_000, "removal_days": 0, **self._settings}
        components = Components(Settings(home=self.home(name), host_name=name, **given))
        try:
            yield components
        finally:
            components.close()

    def command(self, name: str, *arguments: str, stdin: str = "") -> subprocess.CompletedProcess[str]:
        """Run a command on a host."""
        given = {"input": stdin, "capture_output": True, "text": True, "timeout": PATIENCE}
        return subprocess.run(self._line(*arguments), env=self._environment(name), check=False, **given)

    def start(self, *names: str) -> None:
        """Start hosts, and wait for those that answer."""
        self.begin(*names)
        for name in names:
            if name in APIS:
                await_health(self._processes[name], self.address(name), self.log(name))

    def begin(self, *names: str) -> None:
        """Start hosts."""
        for name in names:
            work = ["serve", "--port", str(self._ports[name])] if name in APIS else ["worker"]
            with self.log(name).open("ab") as log:
                self._processes[name] = subprocess.Popen(self._line(*work), env=self._environment(name), stderr=log)

    def log(self, name: str) -> Path:
        """What a host said."""
        return self._folder / f"{name}.log"

    def kill(self, name: str) -> None:
        """End a host as a power cut does."""
        self._processes[name].kill()
        self._processes[name].wait()

    def memory_mb(self, name: str) -> float:
        """Megabytes that a host's process has in memory."""
        status = Path(f"/proc/{self._processes[name].pid}/status").read_text()
        return round(int(status.partition("VmRSS:")[2].split()[0]) / 1_000)

    def stop(self, name: str) -> int:
        """Ask a host to end, as an upgrade does; gives its code."""
        self._processes[name].terminate()
        return self._processes[name].wait(PATIENCE)

    def runs(self, name: str) -> bool:
        """Whether a host's process lives."""
        return name in self._processes and self._processes[name].poll() is None

    def close(self) -> None:
        """End all."""
        for process in self._processes.values():
            process.kill()
            process.wait()
        for each in self._clients.values():
            each.close()

    def ask(self, name: str, method: str, path: str, token: str = "", **more: Any) -> httpx.Response:
        """Ask one host."""
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        return self._clients[name].request(method, path, headers=headers, **more)

    def ask_any(self, order: Sequence[str], method: str, path: str, token: str, **more: Any) -> httpx.Response:
        """Ask hosts in turn until one takes the call, as a proxy in front of them does."""
        for name in order:
            with suppress(httpx.ConnectError):
                return self.ask(name, method, path, token, **more)
        raise AssertionError("no host takes calls")

    def sign_in(self, name: str, username: str) -> str:
        """A token that this host gives."""
        credentials = {"username": username, "password": factories.PASSWORD}
        answer = self.ask(name, "POST", "/api/session", json=credentials)
        assert answer.status_code == 200, answer.text
        return str(answer.json()["token"])

    def bring(
        self, token: str, paths: Iterable[Path], after: Callable[[], object] = lambda: None, **label: str
    ) -> None:
        """Upload papers, to one host after the other, each again where the answer was lost."""
        about = {"originator": "A", "level": "restricted", "releasable_to": "ALL", **label}
        about["marking_reason"] = "papers of a test"
        for at, path in enumerate(paths):
            order = APIS if at % 2 else APIS[::-1]
            after()
            with path.open("rb") as file:
                content = file.read()
            while True:
                try:
                    files = {"file": (path.name, content, "application/pdf")}
                    answer = self.ask_any(order, "POST", "/api/documents", token, data=about, files=files)
                except httpx.TransportError:  # it died before it answered: nobody knows what it did
                    continue
                assert answer.status_code in (200, 202), answer.text
                break

    def run_killing(self, kills: int, seed: int, token: str, papers: Sequence[Path]) -> Outcome:
        """Bring papers while workers and one of the two that answer are killed at random; then let all be finished."""
        chance, kept = random.Random(seed), Outcome()

        def strike() -> None:
            if kept.kills.total() < kills:
                time.sleep(chance.uniform(0.2, 2.5))
                victim = chance.choice([*WORKERS, "b"])
                self.kill(victim)
                kept.kills[victim] += 1
                self.begin(victim)

        self.bring(token, papers, strike)
        while kept.kills.total() < kills:
            self.remove_some(chance)
            self.bring(token, papers, strike)
        await_health(self._processes["b"], self.address("b"), self.log("b"))
        self.await_work()
        return self.counted(kept, papers)

    def remove_some(self, chance: random.Random) -> None:
        """Take a third of the papers out, so that there is always work: they come back with the next bringing."""
        with self.opened("a") as components:
            with components.database.reading() as session:
                rows = [row.id for row in session.query(DocumentRow) if row.state is not State.REMOVING]
                everything = policy.operator_scope(session, Action.REMOVE)
            for name in chance.sample(sorted(rows), len(rows) // 3):
                event = Event("operator", "console", Action.REMOVE, name)
                with suppress(AbsentError):
                    components.removals.remove(everything, None, name, "because", event)

    def await_work(self) -> None:
        """Return once no document waits, nor anything that pairs of them teach."""
        given_up = time.monotonic() + PATIENCE
        with self.opened("w1") as components:
            worker = components.worker()
            while time.monotonic() < given_up:
                waiting = worker.waiting()
                if not waiting:
                    worker.run()
                    return
                time.sleep(0.2)
        raise AssertionError(f"{waiting} stages are left: {self.log('w1').read_text()[-2_000:]}")

    def counted(self, kept: Outcome, papers: Sequence[Path]) -> Outcome:
        """What is left of these papers."""
        with self.opened("a") as components:
            with components.database.reading() as session:
                rows = session.query(DocumentRow).all()
                passages = set(session.scalars(PassageRow.__table__.select().with_only_columns(PassageRow.document)))
            holdings = {key: holding.rule for key, holding in components.engine.holdings().items()}
        brought = Counter(row.filename for row in rows)
        searchable = {row.id: row.rule for row in rows if row.state in SEARCHABLE}
        expected = {path.name for path in papers}
        return replace(
            kept,
            lost=sorted(expected - set(brought)),
            doubled=sorted(name for name, count in brought.items() if count > 1),
            unfinished=[row.id for row in rows if row.state not in SEARCHABLE],
            disagreeing=sorted(
                {key for key in searchable | holdings if holdings.get(key) != searchable.get(key)}
                | (set(searchable) - passages)
            ),
            states=Counter(row.state for row in rows),
        )

    def _line(self, *arguments: str) -> list[str]:
        return [sys.executable, "-m", "services.cli", *arguments]

    def _environment(self, name: str) -> dict[str, str]:
        plain = {key: value for key, value in os.environ.items() if not key.startswith("TOLMACH_")}
        given = {"home": self.home(name), "host_name": name, "trail_entries": 1_000_000_000, **self._settings}
        return plain | {f"TOLMACH_{key.upper()}": str(value) for key, value in given.items()}


def several_hosts(folder: Path, database_url: str, elasticsearch: Server, prefix: str, store: dict[str, Any]) -> Hosts:
    """Hosts over these servers, with people, none of them running yet."""
    given = {
        "database_url": database_url,
        "audit": "database",
        "engine": "elasticsearch",
        "elasticsearch_url": elasticsearch.url,
        "elasticsearch_ca": str(elasticsearch.authority),
        "elasticsearch_prefix": prefix,
        **store,
    }
    hosts = Hosts(folder, **given)
    made = hosts.command("a", "engine", "setup", "--password-stdin", stdin=elasticsearch.password + "\n")
    assert made.returncode == 0, made.stderr
    with hosts.opened("a") as components:
        for package in sorted((SAMPLE / "models").glob("*.argosmodel")):
            components.packages.install(package)
        for code in ("A", "B"):
            factories.agency(components, code)
        factories.person(components, "registrar", "A", [Role.REGISTRAR])
        factories.person(components, "expert", "A", [Role.EXPERT], "restricted")
    hosts.spread()
    return hosts
