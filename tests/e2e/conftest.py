"""A served demonstration, a browser, and a visitor who uses the page as a person would."""

from __future__ import annotations

import json
import shutil
import urllib.request
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Playwright, sync_playwright
from serving import served
from visitor import SWITCHES, Demo, Visitor, visiting


def pytest_addoption(parser: pytest.Parser) -> None:
    """`make shots` takes pictures in all settings; `make shots ARGS=--approve` approves the page as it is."""
    parser.addoption("--all-settings", action="store_true", help="pictures in all eight settings, not in four")
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


@pytest.fixture(scope="session")
def ask(demo: Demo) -> Callable[..., Any]:
    """Calls the API as the expert who may read most: `ask(path)`, or `ask(path, body)`."""
    person = demo.expert("strictly-confidential")
    about = {"username": person["username"], "password": person["password"]}

    def sent(path: str, body: Any, token: str) -> Any:
        headers = {"Content-Type": "application/json"} | ({"Authorization": f"Bearer {token}"} if token else {})
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(f"{demo.address}/api{path}", data, headers)
        with urllib.request.urlopen(request) as answer:
            return json.load(answer)

    def call(path: str, body: Any = None) -> Any:  # a session each: some tests end all of a person's
        return sent(path, body, sent("/session", about, "")["token"])

    return call


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


@pytest.fixture
def expert(visitor: Visitor, demo: Demo) -> Visitor:
    """The visitor, signed in as the expert who may read most."""
    visitor.arrive()
    visitor.sign_in(demo.expert("strictly-confidential"))
    return visitor


@pytest.fixture(scope="session")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """A demonstration of its own: these people change it."""
    with served(tmp_path_factory.mktemp("office"), "demo", "--no-serve", worker=True) as (address, made):
        yield Demo(address, made["sign_ins"])


@pytest.fixture
def somebody(browser: Browser, office: Demo) -> Iterator[Callable[..., Visitor]]:
    """Makes visitors of that demonstration, signed in by user name; their pages must not complain."""
    opened = []

    def enter(username: str, language: str = "en") -> Visitor:
        context = visiting(browser, office)
        visitor = context.__enter__()
        opened.append(context)
        visitor.page.add_init_script(f"localStorage.setItem('tolmach.language', '{language}')")
        visitor.arrive()
        person = office.person(username)
        visitor.sign_in(person, office.code_of(person))
        return visitor

    yield enter
    for context in opened:
        context.__exit__(None, None, None)
