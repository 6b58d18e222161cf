"""`tolmach serve` and `tolmach worker`: the processes of a running Tolmach."""

from __future__ import annotations

import logging
import os
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import ExitStack, closing, suppress
from dataclasses import dataclass
from functools import cache
from typing import Annotated, Final

import typer

from auth import policy
from auth.audit.entries import TrailError
from auth.database import DatabaseError
from auth.errors import TolmachError
from auth.policy import Action
from indexer.engine.contract import EngineError
from indexer.search.query.bridge import read_ahead
from indexer.store.contract import StoreError
from services import settings
from services.cli.console import fail, opened, say
from services.components import Components
from services.hosts import agreement, announcing
from services.hosts.roles import HostRole
from services.installation.processes import STOPPING, kept_running
from services.installation.reconciling import reconcile
from services.installation.tidying import tidy
from services.measuring import metrics
from services.observing import logs
from services.settings import Settings

IDLE: Final = 1.0  # seconds between two looks for work
COMPARED: Final = 600.0  # seconds between two comparisons of the index with the database
TROUBLED: Final = 10.0  # seconds until the next try after something did not answer
UNTIL_INPUT_ENDS: Final = "--until-input-ends"
MOST_WORKERS: Final = 64
WAITING: Final = 2_048  # connections that wait to be taken up
SWITCH: Final = 0.001  # seconds that one thread works while another waits for Python: a short answer is given soon

_log = logging.getLogger(__name__)


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command()(serve)
    app.command()(worker)


def serve(
    host: Annotated[str | None, typer.Option(help="Address to listen on (TOLMACH_HOST)")] = None,
    port: Annotated[int | None, typer.Option(help="Port to listen on (TOLMACH_PORT)")] = None,
    with_worker: Annotated[bool, typer.Option(help="Run a worker beside the server")] = False,
    workers: Annotated[
        int, typer.Option(min=1, max=MOST_WORKERS, help="Processes that answer, on one address: one a processor")
    ] = 1,
    on: Annotated[int | None, typer.Option(hidden=True, help="Answer on a socket that was handed over")] = None,
) -> None:
    """Serve the API and the browser pages until interrupted."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))  # uvicorn stops in order, then raises it anew
    signal.signal(signal.SIGHUP, lambda *_: signal.raise_signal(signal.SIGTERM))  # which uvicorn does not know
    sys.setswitchinterval(SWITCH)
    current = settings.load()
    logs.install(current.log, logging.WARNING)
    with metrics.gathered(current) as meter:
        _serve(current, opened(meter), _Ways(host, port, with_worker, workers, on))


@dataclass(frozen=True, slots=True)
class _Ways:
    """How to serve, as the command was told."""

    host: str | None
    port: int | None
    with_worker: bool
    workers: int
    on: int | None


def _serve(current: Settings, components: Components, ways: _Ways) -> None:
    components.signer, components.scheme, components.engine, components.store  # noqa: B018  # fail now, not later
    if ways.on is not None:
        threading.Thread(target=_when_input_ends, args=(_stop,), daemon=True).start()
        _answer(components, socket.socket(fileno=ways.on))
        return
    agreement.check(components, HostRole.API)
    _compare(components)
    beside = [["worker", UNTIL_INPUT_ENDS]] if ways.with_worker else []
    listening = _listening(ways.host or current.host, current.port if ways.port is None else ways.port)
    with (
        listening as address,
        metrics.served(current, _waiting(current)),
        announcing.announced(current, [HostRole.API], _stop),
    ):
        if ways.workers == 1:
            with kept_running(beside):
                _answer(components, address)
            return
        components.close()
        answering = [["serve", "--on", str(address.fileno())]] * ways.workers
        with kept_running([*beside, *answering], [address.fileno()]):
            threading.Event().wait()


def _waiting(current: Settings) -> Callable[[], Mapping[str, int]]:
    """What counts the queues, over parts of its own: those that answer may be closed, or another process's."""
    worker = cache(lambda: Components(current).worker())
    return lambda: worker().waiting_by_stage()


def _listening(host: str, port: int) -> socket.socket:
    """The socket of an address. Ends the command where it is taken or not ours.

    Its connections send at once: else the end of each answer would wait some 40 ms until its beginning is acknowledged.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        address = socket.create_server((host, port), family=family, backlog=WAITING)
    except OSError as error:
        fail(f"Cannot listen on {host}, port {port}: {error.strerror}. Choose another with --host and --port.")
    address.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)  # which connections inherit
    return address


def _answer(components: Components, address: socket.socket) -> None:
    """Answer what comes to a socket until this process is stopped."""
    import uvicorn  # only here: whoever gives another command does not wait for it, nor for the application

    from services.app import create_app
    from services.http.connections import protocol

    threading.Thread(target=_read_ahead, args=(components,), daemon=True).start()
    config = uvicorn.Config(
        create_app(components),
        log_config=None,  # as everything in this process is logged
        access_log=False,  # addresses and documents belong in the audit trail alone
        server_header=False,
        proxy_headers=False,  # whom to believe is a setting: see services/proxies.py
        http=protocol(components.settings.proxies),
        ws="none",
        timeout_graceful_shutdown=STOPPING,
    )
    with suppress(KeyboardInterrupt):
        uvicorn.Server(config).run(sockets=[address])


def _read_ahead(components: Components) -> None:
    """Read what the first search would have to wait for."""
    read_ahead()
    if components.meaning:
        components.meaning.of("")
    with suppress(TolmachError):  # whoever searches is told
        with components.database.reading() as session:
            scope = policy.operator_scope(session, Action.SEARCH)
        components.engine.count(scope, ())


def _stop() -> None:
    os.kill(os.getpid(), signal.SIGTERM)  # to the process, not to the thread that says so


def worker(
    once: Annotated[bool, typer.Option(help="Stop when nothing is left to do")] = False,
    until_input_ends: Annotated[
        bool,
        typer.Option(UNTIL_INPUT_ENDS, help="Stop when standard input ends, as that of a server's own worker does"),
    ] = False,
    ocr_only: Annotated[
        bool, typer.Option("--ocr-only", help="Recognise pages that are pictures, and do nothing else")
    ] = False,
) -> None:
    """Take documents through the pipeline: extract, index. Any number may run, on several hosts."""
    current, role = settings.load(), HostRole.OCR if ocr_only else HostRole.WORKER
    logs.install(current.log, logging.INFO)
    stopping = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopping.set())
    if until_input_ends:
        threading.Thread(target=_when_input_ends, args=(stopping.set,), daemon=True).start()
    if once:
        with closing(opened()) as components:
            agreement.check(components, role)
            _bring_into_line(components, role)
            say(f"Done: {components.worker(ocr_only).run()} stages.")
        return
    with metrics.gathered(current) as meter, closing(opened(meter)) as components, ExitStack() as stack:
        if not until_input_ends:  # else the server tells the numbers of both
            stack.enter_context(metrics.served(current, _waiting(current)))
        stack.enter_context(announcing.announced(current, [role], stopping.set))
        _work(components, role, stopping)


def _bring_into_line(components: Components, role: HostRole) -> None:
    """Compare all parts and clear away what nobody can use, where this host does more than recognise pages."""
    if role is HostRole.WORKER:
        reconcile(components)
        tidy(components)


def _work(components: Components, role: HostRole, stopping: threading.Event) -> None:
    """Do what there is to do until this is to stop."""
    components.store.tidy()
    working, compare_at = components.worker(role is HostRole.OCR), time.monotonic()
    while not stopping.is_set():
        try:
            if time.monotonic() >= compare_at:  # a restored backup, or an index that somebody wrote to
                _bring_into_line(components, role)
                compare_at = time.monotonic() + COMPARED
            if not (working.step() or working.pair() or working.tidy()):
                stopping.wait(IDLE)
        except (DatabaseError, EngineError, StoreError, TrailError) as error:
            _log.error("%s; trying again in %.0f seconds", error, TROUBLED)
            stopping.wait(TROUBLED)
        except Exception:  # one document brought out a fault of ours: it is counted against it, the rest goes on
            _log.exception("a stage failed")
            stopping.wait(IDLE)


def _compare(components: Components) -> None:
    """Compare all parts before the first answer; an index that cannot be put right now, the worker puts right."""
    try:
        reconcile(components)
    except EngineError as error:
        _log.error("the index could not be compared with the database: %s", error.operator_answer)


def _when_input_ends(act: Callable[[], object]) -> None:
    sys.stdin.buffer.read()
    act()
