"""`tolmach serve` and `tolmach worker`: the two processes of a running Tolmach."""

from __future__ import annotations

import logging
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated, Final

import typer
import uvicorn

from auth.audit.entries import TrailError
from auth.database import DatabaseError
from indexer.engine.contract import EngineError
from indexer.library.files import StoreError
from services import settings
from services.app import create_app
from services.cli.console import opened, say
from services.components import Components
from services.http.connections import protocol
from services.installation.reconciling import reconcile

IDLE: Final = 1.0  # seconds between two looks for work
COMPARED: Final = 600.0  # seconds between two comparisons of the index with the database
TROUBLED: Final = 10.0  # seconds until the next try after something did not answer
STOPPING: Final = 30  # seconds that what was begun may go on when the server is to stop

_log = logging.getLogger(__name__)


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command()(serve)
    app.command()(worker)


def serve(
    host: Annotated[str | None, typer.Option(help="Address to listen on (TOLMACH_HOST)")] = None,
    port: Annotated[int | None, typer.Option(help="Port to listen on (TOLMACH_PORT)")] = None,
    with_worker: Annotated[bool, typer.Option(help="Run a worker beside the server")] = False,
) -> None:
    """Serve the API and the browser pages until interrupted."""
    for number in (signal.SIGTERM, signal.SIGHUP):  # uvicorn stops in order, then raises it anew
        signal.signal(number, lambda *_: sys.exit(0))
    current, components = settings.load(), opened()
    components.signer, components.scheme, components.engine  # noqa: B018  # fail now rather than at the first request
    _compare(components)
    with _worker_beside(with_worker):
        uvicorn.run(
            create_app(components),
            host=host or current.host,
            port=current.port if port is None else port,
            log_level="warning",
            access_log=False,  # addresses and documents belong in the audit trail alone
            server_header=False,
            proxy_headers=False,  # whom to believe is a setting: see services/proxies.py
            http=protocol(current.proxies),
            ws="none",
            timeout_graceful_shutdown=STOPPING,
        )


def worker(
    once: Annotated[bool, typer.Option(help="Stop when nothing is left to do")] = False,
    until_input_ends: Annotated[
        bool, typer.Option(help="Stop when standard input ends, as that of a server's own worker does")
    ] = False,
) -> None:
    """Take documents through the pipeline: extract, index."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(message)s")
    stopping = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopping.set())
    if until_input_ends:
        threading.Thread(target=_set_when_input_ends, args=(stopping,), daemon=True).start()
    components = opened()
    try:
        components.store.tidy()
        if once:
            reconcile(components)
            say(f"Done: {components.worker().run()} stages.")
            return
        working, compare_at = components.worker(), time.monotonic()
        while not stopping.is_set():
            try:
                if time.monotonic() >= compare_at:  # a restored backup, or an index that somebody wrote to
                    reconcile(components)
                    compare_at = time.monotonic() + COMPARED
                if not working.step() and not components.engine.tidy():
                    stopping.wait(IDLE)
            except (DatabaseError, EngineError, StoreError, TrailError) as error:
                _log.error("%s; trying again in %.0f seconds", error, TROUBLED)
                stopping.wait(TROUBLED)
            except Exception:  # one document brought out a fault of ours: it is counted against it, the rest goes on
                _log.exception("a stage failed")
                stopping.wait(IDLE)
    finally:
        components.close()


def _compare(components: Components) -> None:
    """Compare all parts before the first answer; an index that cannot be put right now, the worker puts right."""
    try:
        reconcile(components)
    except EngineError as error:
        _log.error("the index could not be compared with the database: %s", error.operator_answer)


def _set_when_input_ends(stopping: threading.Event) -> None:
    sys.stdin.buffer.read()
    stopping.set()


@contextmanager
def _worker_beside(with_worker: bool) -> Iterator[None]:
    if not with_worker:
        yield
        return
    stopping, current = threading.Event(), [_start_worker()]

    def watch() -> None:
        """Start a worker again that has died."""
        while not stopping.wait(IDLE):
            if current[0].poll() is not None:
                _log.error("the worker ended with code %d and is started again", current[0].returncode)
                if not stopping.wait(TROUBLED):
                    _end(current[0])
                    current[0] = _start_worker()

    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        yield
    finally:
        stopping.set()
        watcher.join()
        _end(current[0])


def _start_worker() -> subprocess.Popen[bytes]:
    """A worker that ends when this process does, however it ends: nobody else holds the other end of its input."""
    return subprocess.Popen(
        [sys.executable, "-m", "services.cli", "worker", "--until-input-ends"], stdin=subprocess.PIPE
    )


def _end(worker: subprocess.Popen[bytes]) -> None:
    """Let a worker finish what it does, for a while; a document that it leaves is taken up by the next."""
    worker.terminate()
    try:
        worker.wait(STOPPING)
    except subprocess.TimeoutExpired:
        worker.kill()
        worker.wait()
    if worker.stdin:
        worker.stdin.close()
