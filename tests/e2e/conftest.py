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
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
from playwright.sync_api import Browser, Locator, Page, sync_playwright

ROOT = Path(__file__).resolve().parents[2]
SWITCHES = [
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PATIENCE = 120.0  # seconds until a server that neither answers nor ends is given up
EXPECTED = "Failed to load resource: the server responded with a status of 4"  # the browser's note on a 4xx answer
REPORT_VIOLATIONS = """
document.addEventListener("securitypolicyviolation", (event) =>
    console.error(`content policy: ${event.effectiveDirective} ${event.blockedURI}`));
"""


@dataclass(frozen=True)
class Demo:
    """A demonstration that is being served."""

    address: str
    sign_ins: list[dict[str, Any]]

    def expert(self, clearance: str) -> dict[str, Any]:
        """An expert who searches and reads up to this level; of several, the one who needs to know most."""
        cleared = [row for row in self.sign_ins if "expert" in row["roles"] and row["clearance"] == clearance]
        return max(cleared, key=lambda row: len(row["need_to_know"]))


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


@contextmanager
def served(folder: Path, *making: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """A home made by a command and served on a free port: the address, and what the command said."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("TOLMACH_")}
    environment["TOLMACH_HOME"] = str(folder / "home")
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
def browser(promised: Callable[[str, bool, str], None]) -> Iterator[Browser]:
    """Chromium, without a window."""
    program = shutil.which("chromium")
    promised("chromium", program is not None, "install Debian's package chromium")
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=program, args=SWITCHES)
        yield started
        started.close()


class Visitor:
    """Somebody at the page. `complaints` are the errors of its scripts and of the content policy."""

    def __init__(self, page: Page, demo: Demo) -> None:
        self.page = page
        self.demo = demo
        self.complaints: list[str] = []
        self.addresses: list[str] = []
        page.add_init_script(REPORT_VIOLATIONS)
        page.on("console", lambda said: self._heed(said.type, said.text))
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("request", lambda request: self.addresses.append(unquote(request.url)))

    def _heed(self, kind: str, text: str) -> None:
        if kind in ("error", "warning") and not text.startswith(EXPECTED):
            self.complaints.append(text)

    def arrive(self, route: str = "") -> None:
        """Open the page at an address."""
        self.page.goto(f"{self.demo.address}/{route}")

    def sign_in(self, person: dict[str, Any]) -> None:
        """Fill in the form; whatever the address asks for appears."""
        self.page.fill("#username", person["username"])
        self.page.fill("#password", person["password"])
        self.page.click("form button")
        self.page.wait_for_selector("#sign-out")

    def search(self, query: str) -> int:
        """Search, and read how many documents are found."""
        self.page.fill("#query", query)
        with self.page.expect_response("**/api/search") as answer:
            self.page.press("#query", "Enter")
        total = answer.value.json().get("total")
        self.page.wait_for_selector(".columns[aria-busy=false]")
        return int(total)

    def hit(self, number: int) -> Locator:
        """The title of a hit, counted from 0."""
        return self.page.locator(".hit-title").nth(number)

    def speak(self, language: str) -> None:
        """Switch the interface to a language."""
        self.page.click(f"[data-key=speak-{language}]")

    def open(self, document_id: str, number: int = 1) -> None:
        """Open a page of a document by its address."""
        self.arrive(f"#/document/{document_id}/{number}")
        self.await_page(number)

    def await_page(self, number: int) -> None:
        """Return once the reader shows a page in full."""
        self.page.wait_for_function(
            """(number) => document.querySelector("#page-number")?.value === String(number)
                && document.querySelector(".panes[aria-busy=false] .sheet img")?.naturalWidth > 0""",
            arg=number,
        )


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
