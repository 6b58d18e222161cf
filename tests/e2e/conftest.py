"""A served demonstration, a browser, and a visitor who uses the page as a person would."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Playwright, sync_playwright
from visitor import SWITCHES, Demo, Visitor

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 120.0  # seconds until a server that neither answers nor ends is given up


def pytest_addoption(parser: pytest.Parser) -> None:
    """`make shots ARGS=--approve` approves the pictures of the page as they are."""
    parser.addoption("--approve", action="store_true", help="approve the pictures of the page as they are")


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """The sample corpus in a home of its own, served on a free port."""
    with served(tmp_path_factory.mktemp("demo"), "demo", "--no-serve") as (address, made):
        yield Demo(address, made["sign_ins"])


@pytest.fixture(scope="session")
def first_day(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """A Tolmach that was just set up: two administrators with one-time codes, and nothing else."""
    with served(tmp_path_factory.mktemp("first"), "init") as (address, made):
        yield Demo(address, made["administrators"])


@pytest.fixture(scope="session")
def untouched(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """A first day on which nobody has signed in yet: each code is good for one time, whatever other tests do."""
    with served(tmp_path_factory.mktemp("untouched"), "init") as (address, made):
        yield Demo(address, made["administrators"])


@contextmanager
def served(folder: Path, *making: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """A home made by a command and served on a free port: the address, and what the command said."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("TOLMACH_")}
    environment["TOLMACH_HOME"] = str(folder / "home")
    environment["TOLMACH_TRUSTED_PROXIES"] = "127.0.0.1"  # the proxy of test_proxy
    command = [sys.executable, "-m", "services.cli"]
    made = subprocess.run([*command, *making, "--json"], cwd=ROOT, env=environment, capture_output=True, text=True)
    assert made.returncode == 0, made.stderr
    port = free_port()
    with (folder / "serve.log").open("w") as log:
        server = subprocess.Popen([*command, "serve", "--port", str(port)], cwd=ROOT, env=environment, stderr=log)
        try:
            address = f"http://127.0.0.1:{port}"
            await_health(server, address, folder / "serve.log")
            yield address, json.loads(made.stdout)
        finally:
            server.terminate()
            server.wait()


@pytest.fixture(scope="session")
def ask(demo: Demo) -> Callable[..., Any]:
    """Calls the API as the expert who may read most: `ask(path)`, or `ask(path, body)`."""
    person = demo.expert("strictly-confidential")
    token = ""

    def call(path: str, body: Any = None) -> Any:
        headers = {"Content-Type": "application/json"} | ({"Authorization": f"Bearer {token}"} if token else {})
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(f"{demo.address}/api{path}", data, headers)
        with urllib.request.urlopen(request) as answer:
            return json.load(answer)

    token = call("/session", {"username": person["username"], "password": person["password"]})["token"]
    return call


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
    pytest.fail(f"the server did not come up: {log.read_text()}")


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    """What drives every browser here: a process can have it only once."""
    with sync_playwright() as driver:
        yield driver


@pytest.fixture(scope="session")
def browser(playwright: Playwright, promised: Callable[[str, bool, str], None]) -> Iterator[Browser]:
    """Chromium, without a window."""
    program = shutil.which("chromium")
    promised("chromium", program is not None, "install Debian's package chromium")
    started = playwright.chromium.launch(executable_path=program, args=SWITCHES)
    yield started
    started.close()


@pytest.fixture
def visitor(browser: Browser, demo: Demo) -> Iterator[Visitor]:
    """A visitor with a fresh browser profile, whose page must not complain."""
    with visiting(browser, demo) as somebody:
        yield somebody


@pytest.fixture
def newcomer(browser: Browser, first_day: Demo) -> Iterator[Visitor]:
    """The same, on the first day."""
    with visiting(browser, first_day) as somebody:
        yield somebody


@contextmanager
def visiting(browser: Browser, demo: Demo) -> Iterator[Visitor]:
    """A visitor with a browser profile of their own."""
    context = browser.new_context(viewport={"width": 1400, "height": 900}, locale="en-GB")
    somebody = Visitor(context.new_page(), demo)
    yield somebody
    context.close()
    assert somebody.complaints == []


@pytest.fixture
def expert(visitor: Visitor, demo: Demo) -> Visitor:
    """The visitor, signed in as the expert who may read most."""
    visitor.arrive()
    visitor.sign_in(demo.expert("strictly-confidential"))
    return visitor
