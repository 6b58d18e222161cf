"""A real Elasticsearch for tests, with users and HTTPS: one that is running already, or one that is started here.

What is unpacked stays in a cache folder between runs, and several runs may share the server; the last one stops it.
Whoever wants to kill, to stop or to break one takes a server of their own.
"""

from __future__ import annotations

import fcntl
import os
import secrets
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO, Any

from servers import free_port

from indexer.engine.elastic.client import Access, Client
from indexer.engine.elastic.engine import ElasticEngine
from indexer.engine.elastic.setup import prepare
from indexer.engine.stamps import StampKey

TOOL = Path(__file__).resolve().parents[2] / "shared" / "tools" / "elasticsearch-from-maven"
HEAP = "512m"
NODE_SETTINGS = "script.allowed_types: inline\nscript.allowed_contexts: similarity"
STAMP_KEY = StampKey(b"the key of the tests")


class UnavailableError(Exception):
    """No server, and why."""


@dataclass(frozen=True)
class Server:
    """A server, and its administrator. `folder` is where it lives if it was started here."""

    url: str
    password: str
    authority: Path
    folder: Path | None = None
    username: str = "elastic"

    @property
    def access(self) -> Access:
        """The administrator's."""
        return Access(self.url, self.authority, username=self.username, password=self.password)

    def client(self, **different: Any) -> Client:
        """A connection; with other values where they are given."""
        return Client(replace(self.access, **different))

    def engine(self, prefix: str, shards: int = 1) -> ElasticEngine:
        """An engine on indices of this prefix, which are made if they are absent."""
        client = self.client()
        prepare(client, prefix, shards, replicas=0)
        return ElasticEngine(client, client, prefix, STAMP_KEY)

    def delete(self, prefix: str) -> None:
        """Delete all indices of a prefix."""
        client = self.client()
        for index in client.get(f"/{prefix}-s*/_alias"):
            client.send("DELETE", f"/{index}")
        client.close()

    def settings(self, home: Path, prefix: str) -> dict[str, Any]:
        """Settings of a Tolmach that uses this server as its administrator."""
        file = home.parent / "elasticsearch.password"
        file.write_text(self.password, encoding="utf-8")
        return {
            "engine": "elasticsearch",
            "elasticsearch_url": self.url,
            "elasticsearch_ca": str(self.authority),
            "elasticsearch_username": self.username,
            "elasticsearch_password_file": str(file),
            "elasticsearch_prefix": prefix,
        }

    @property
    def process(self) -> int:
        """The number of its process."""
        assert self.folder is not None
        return int((self.folder / "es.pid").read_text())

    @contextmanager
    def paused(self) -> Iterator[None]:
        """The server takes connections and answers nothing."""
        processes = [self.process, *_children(self.process)]
        for process in processes:
            os.kill(process, signal.SIGSTOP)
        try:
            yield
        finally:
            for process in processes:
                os.kill(process, signal.SIGCONT)

    def kill(self) -> None:
        """End it as a power cut does."""
        for process in [*_children(self.process), self.process]:
            os.kill(process, signal.SIGKILL)
        while Path(f"/proc/{self.process}").exists():
            time.sleep(0.05)

    def start(self) -> None:
        """Start it again, on the same port."""
        assert self.folder is not None
        _run_tool(self.folder, self.url.rsplit(":", 1)[1], self.password)


@contextmanager
def server(may_fetch: bool) -> Iterator[Server]:
    """The server that the environment names, else one of our own. Raises UnavailableError.

    It is some 950 MB to fetch the first time, so without `may_fetch` that is not begun.
    """
    url = os.environ.get("TOLMACH_TEST_ELASTICSEARCH_URL")
    if url:
        named = [os.environ.get(f"TOLMACH_TEST_ELASTICSEARCH_{name}", "") for name in ("PASSWORD", "CA")]
        yield Server(url, named[0], Path(named[1]))
        return
    cache = _cache(may_fetch)
    with (cache / "elasticsearch.used").open("w") as used:
        with _alone(cache):
            ours = _started(cache / "elasticsearch")
            fcntl.flock(used, fcntl.LOCK_SH)
        try:
            yield ours
        finally:
            _stop_if_last(cache, used)


@contextmanager
def server_of_its_own(may_fetch: bool) -> Iterator[Server]:
    """A server that nobody else uses, gone afterwards. Raises UnavailableError."""
    with server(may_fetch) as shared:
        if shared.folder is None:
            raise UnavailableError("the server that the environment names is not ours to break")
        folder = Path(tempfile.mkdtemp(prefix="elasticsearch-", dir=shared.folder.parent))
        try:
            folder.chmod(0o755)  # it runs as another user
            shutil.copytree(shared.folder / "home", folder / "home", symlinks=True)
            yield _started(folder)
        finally:
            subprocess.run([_tool(), "stop", str(folder)], check=False, capture_output=True)
            shutil.rmtree(folder, ignore_errors=True)
            _secret(folder).unlink(missing_ok=True)


def _cache(may_fetch: bool) -> Path:
    """The folder that is kept between runs."""
    cache = Path(os.environ.get("TOLMACH_TEST_CACHE") or Path(tempfile.gettempdir()) / "tolmach-test-cache")
    if not may_fetch and not (cache / "elasticsearch" / "home").is_dir():
        raise UnavailableError(f"it is not in {cache}; with TOLMACH_PROMISED=elasticsearch it is fetched (950 MB)")
    cache.mkdir(parents=True, exist_ok=True)
    return cache


@contextmanager
def _alone(cache: Path) -> Iterator[None]:
    """While nobody else starts or stops the server."""
    with (cache / "elasticsearch.starting").open("w") as starting:
        fcntl.flock(starting, fcntl.LOCK_EX)
        yield


def _stop_if_last(cache: Path, used: IO[str]) -> None:
    with _alone(cache):
        try:
            fcntl.flock(used, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return  # others use it still
        subprocess.run([_tool(), "stop", str(cache / "elasticsearch")], check=False, capture_output=True)


def _started(folder: Path) -> Server:
    """The server of a folder, started unless it is running."""
    secret = _secret(folder)
    if not _running(folder):
        shutil.rmtree(folder / "data", ignore_errors=True)
        secret.unlink(missing_ok=True)
    if not secret.exists():
        secret.touch(mode=0o600)
        secret.write_text(secrets.token_hex(16), encoding="utf-8")
    password = secret.read_text(encoding="utf-8")
    url = _run_tool(folder, str(free_port()), password)
    return Server(url, password, folder / "home" / "config" / "ca.crt", folder)


def _secret(folder: Path) -> Path:
    """The file with the administrator's password."""
    return folder.with_name(f"{folder.name}.password")


def _running(folder: Path) -> bool:
    file = folder / "es.pid"
    return file.exists() and Path(f"/proc/{file.read_text().strip()}").exists()


def _run_tool(folder: Path, port: str, password: str) -> str:
    """Start the server; gives its address."""
    environment = {**os.environ, "ES_PASSWORD": password, "ES_HEAP": HEAP, "ES_SETTINGS": NODE_SETTINGS}
    try:
        done = subprocess.run(
            [_tool(), "start", str(folder), port], env=environment, capture_output=True, text=True, check=False
        )
    except OSError as error:
        raise UnavailableError(f"{_tool()} cannot be run: {error.strerror}") from error
    if done.returncode:
        raise UnavailableError(done.stderr.strip()[-2_000:])
    return done.stdout.strip().splitlines()[-1]


def _tool() -> str:
    return os.environ.get("TOLMACH_ELASTICSEARCH_TOOL", str(TOOL))


def _children(process: int) -> list[int]:
    processes: list[int] = []
    for file in Path(f"/proc/{process}/task").glob("*/children"):
        processes += [int(child) for child in file.read_text().split()]
    return processes + [deeper for child in processes for deeper in _children(child)]
