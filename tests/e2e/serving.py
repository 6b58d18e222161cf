"""Serves a Tolmach in a home of its own, for tests and benchmarks that use it as a browser does."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import uvicorn

from services.app import create_app
from services.components import Components

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 120.0  # seconds until a server that neither answers nor ends is given up


@contextmanager
def served(folder: Path, *making: str, worker: bool = False) -> Iterator[tuple[str, dict[str, Any]]]:
    """A home made by a command and served on a free port: the address, and what the command said."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("TOLMACH_")}
    environment["TOLMACH_HOME"] = str(folder / "home")
    port = free_port()
    environment["TOLMACH_PAGE"] = f"http://localhost:{port}/"
    environment["TOLMACH_TRUSTED_PROXIES"] = "127.0.0.1"  # the proxy of test_proxy
    command = [sys.executable, "-m", "services.cli"]
    made = subprocess.run([*command, *making, "--json"], cwd=ROOT, env=environment, capture_output=True, text=True)
    assert made.returncode == 0, made.stderr
    with (folder / "serve.log").open("w") as log:
        beside = ["--with-worker"] if worker else []
        server = subprocess.Popen(
            [*command, "serve", "--port", str(port), *beside], cwd=ROOT, env=environment, stderr=log
        )
        try:
            address = f"http://127.0.0.1:{port}"
            await_health(server, address, folder / "serve.log")
            yield address, json.loads(made.stdout)
        finally:
            server.terminate()
            server.wait()


@contextmanager
def serving(components: Components, port: int, **tls: str) -> Iterator[None]:
    """These parts served on a port, by a thread of this process."""
    config = uvicorn.Config(
        create_app(components), host="127.0.0.1", port=port, log_level="error", lifespan="off", **tls
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        time.sleep(0.02)
    try:
        yield
    finally:
        server.should_exit = True
        thread.join()


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def await_health(server: subprocess.Popen[bytes], address: str, log: Path) -> None:
    """Return once the server answers."""
    given_up = time.monotonic() + PATIENCE
    while server.poll() is None and time.monotonic() < given_up:
        try:
            with urllib.request.urlopen(f"{address}/api/health"):
                return
        except urllib.error.URLError:
            time.sleep(0.1)
    raise AssertionError(f"the server did not come up: {log.read_text()}")
