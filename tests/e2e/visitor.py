"""Somebody who uses the page as a person would, and the demonstration that they visit."""

from __future__ import annotations

import json
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote

import pyotp
from playwright.sync_api import Browser, Locator, Page

SWITCHES = [
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
EXPECTED = "Failed to load resource: the server responded with a status of 4"  # the browser's note on a 4xx answer
REPORT_VIOLATIONS = """
document.addEventListener("securitypolicyviolation", (event) =>
    console.error(`content policy: ${event.effectiveDirective} ${event.blockedURI}`));
"""
EMPTY = """async () => {
    const about = { headers: { "X-Tolmach": "1", "Content-Type": "application/json" } };
    const { version } = await (await fetch("/api/dossier/kept", about)).json();
    await fetch("/api/dossier/kept", { ...about, method: "PUT", body: JSON.stringify({ version, passages: [] }) });
}"""


@dataclass(frozen=True)
class Demo:
    """A demonstration that is being served."""

    address: str
    sign_ins: list[dict[str, Any]]
    codes: dict[str, list[str]] = field(default_factory=dict)  # recovery codes that are left, by user name

    def code_of(self, person: dict[str, Any]) -> str:
        """What this person signs in with besides the password: an administrator a recovery code, others nothing."""
        if "administrator" not in person["roles"]:
            return ""
        if person["username"] not in self.codes:
            self.codes[person["username"]] = recovery_codes(self.address, person)
        return self.codes[person["username"]].pop()

    def person(self, username: str) -> dict[str, Any]:
        """Somebody's sign-in."""
        return next(row for row in self.sign_ins if row["username"] == username)

    def expert(self, clearance: str) -> dict[str, Any]:
        """An expert who searches and reads up to this level; of several, the one who needs to know most."""
        cleared = [row for row in self.sign_ins if "expert" in row["roles"] and row["clearance"] == clearance]
        return max(cleared, key=lambda row: len(row["need_to_know"]))


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

    def sign_in(self, person: dict[str, Any], code: str = "") -> None:
        """Fill in the form; whatever the address asks for appears."""
        self.page.fill("#username", person["username"])
        self.page.fill("#password", person["password"])
        self.page.fill("#otp", code)
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

    def empty_dossier(self) -> None:
        """Begin with nothing collected, whatever this person kept before."""
        self.page.evaluate(EMPTY)

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
                && document.querySelector(".panes[aria-busy=false] .sheet.current img")?.naturalWidth > 0""",
            arg=number,
        )


@contextmanager
def visiting(browser: Browser, demo: Demo) -> Iterator[Visitor]:
    """A visitor with a browser profile of their own."""
    context = browser.new_context(viewport={"width": 1400, "height": 900}, locale="en-GB")
    somebody = Visitor(context.new_page(), demo)
    yield somebody
    context.close()
    assert somebody.complaints == []


def recovery_codes(address: str, person: dict[str, Any]) -> list[str]:
    """Turn a person's second factor on, as a program would; gives what replaces its digits, each once."""
    password = {"password": person["password"]}
    token = ask(address, "POST", "/session", password | {"username": person["username"]})["token"]
    secret = ask(address, "PUT", "/me/otp", password, token)["secret"]
    digits = {"secret": secret, "code": pyotp.TOTP(secret).now()}
    return list(ask(address, "PUT", "/me/otp", password | digits, token)["recovery_codes"])


def ask(address: str, method: str, path: str, body: Any, token: str = "") -> Any:
    """Call the API."""
    headers = {"Content-Type": "application/json"} | ({"Authorization": f"Bearer {token}"} if token else {})
    request = urllib.request.Request(f"{address}/api{path}", json.dumps(body).encode(), headers, method=method)
    with urllib.request.urlopen(request) as answer:
        return json.load(answer)
