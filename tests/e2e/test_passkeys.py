"""Passkeys at the page, with an authenticator that Chromium plays: added, signed in with, refused, removed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from typing import Any

import pyotp
import pytest
from factories import PASSWORD, agency, fresh, person
from playwright.sync_api import APIResponse, Browser, CDPSession, Page, Route, expect
from serving import free_port, serving
from visitor import Visitor

from auth.tables import PasskeyRow
from services.components import Components

KEY = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}
STATUS = """() => fetch("/api/status", { headers: { "X-Tolmach": "1" } }).then((answer) => answer.status)"""


@dataclass
class Authenticator:
    """What Chromium plays of somebody's phone or key."""

    cdp: CDPSession
    name: str

    def set(self, verified: bool) -> None:
        """Whether its owner shows a finger."""
        self.cdp.send("WebAuthn.setUserVerified", {"authenticatorId": self.name, "isUserVerified": verified})

    def credentials(self) -> list[dict[str, Any]]:
        """The passkeys that it holds."""
        return list(self.cdp.send("WebAuthn.getCredentials", {"authenticatorId": self.name})["credentials"])


@dataclass
class Place:
    """A served Tolmach, as visitors know it."""

    address: str
    components: Components


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    """A Tolmach at http://localhost, which is a secure origin to a browser."""
    port = free_port()
    address = f"http://localhost:{port}"
    with closing(fresh(tmp_path_factory.mktemp("passkeys") / "home", page=f"{address}/")) as components:
        agency(components, "A")
        for name in ("root", "chief"):
            person(components, name, "A", ["administrator", "auditor"])
        for name in ("ann", "eve", "zoe"):
            person(components, name, "A", ["expert"])
        with serving(components, port):
            yield Place(address, components)


@pytest.fixture
def page(browser: Browser, place: Place) -> Iterator[Page]:
    """A page whose scripts must not complain."""
    context = browser.new_context(viewport={"width": 1400, "height": 900}, locale="en-GB")
    visitor = Visitor(context.new_page(), place)
    yield visitor.page
    context.close()
    assert visitor.complaints == []


def authenticator(page: Page) -> Authenticator:
    """One with a finger's reader, at this page."""
    cdp = page.context.new_cdp_session(page)
    cdp.send("WebAuthn.enable", {"enableUI": False})
    return Authenticator(cdp, cdp.send("WebAuthn.addVirtualAuthenticator", {"options": KEY})["authenticatorId"])


def fill_in(page: Page, place: Place, username: str, language: str = "en") -> None:
    """Open the page and send name and password."""
    page.add_init_script(f"localStorage.setItem('tolmach.language', '{language}')")
    page.goto(f"{place.address}/")
    page.fill("#username", username)
    page.fill("#password", PASSWORD)
    page.press("#password", "Enter")


def add_at_account(page: Page, place: Place, name: str) -> None:
    """Add a passkey on the account page."""
    page.goto(f"{place.address}/#/account")
    page.fill("#passkey-name", name)
    page.fill("#passkey-password", PASSWORD)
    with page.expect_response("**/api/me/passkeys") as answer:
        page.press("#passkey-password", "Enter")
    assert answer.value.status == 201
    page.get_by_role("row", name=name).wait_for()


def sign_out(page: Page) -> None:
    with page.expect_response("**/api/session"):
        page.click("#sign-out")
    page.wait_for_selector("#username:focus")


def leave_before_the_answer(page: Page) -> None:
    """Go on, and sign out before the service has said again who one is: that answer shows nobody's page any more."""
    held: list[tuple[Route, APIResponse]] = []
    page.route("**/api/me", lambda route: held.append((route, route.fetch())))
    page.keyboard.press("Enter")
    with page.expect_response("**/api/session"):
        page.click("#sign-out")
    page.wait_for_selector("#username:focus")
    for route, answer in held:
        route.fulfill(response=answer)
    page.unroute("**/api/me")
    assert held and page.evaluate("() => fetch('/api/health').then((answer) => answer.status)") == 200
    assert page.locator("#username").count() == 1 and page.locator("#sign-out").count() == 0


def test_an_administrator_takes_a_passkey_in_place_of_digits(page: Page, place: Place) -> None:
    held = authenticator(page)
    fill_in(page, place, "root")
    page.wait_for_selector("#factor-password:focus")
    assert page.evaluate(STATUS) == 403
    page.click("#passkey-instead")
    page.wait_for_selector("#passkey-name:focus")
    page.keyboard.type("Phone")
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_selector("#home-title:focus")
    assert page.evaluate(STATUS) == 200
    assert len(held.credentials()) == 1

    sign_out(page)
    page.fill("#username", "root")
    page.fill("#password", PASSWORD)
    page.press("#password", "Enter")
    page.wait_for_selector("#use-passkey:focus")
    assert page.evaluate(STATUS) == 401  # name and password alone let nobody in
    assert page.locator("#otp").count() == 0  # there are no digits
    page.keyboard.press("Enter")
    page.wait_for_selector("#home-title:focus")
    assert page.evaluate(STATUS) == 200
    assert held.credentials()[0]["signCount"] == 2


def test_without_a_finger_nobody_comes_in_and_one_can_try_again(page: Page, place: Place) -> None:
    held = authenticator(page)
    fill_in(page, place, "ann")
    page.wait_for_selector("#sign-out")
    add_at_account(page, place, "Phone")
    sign_out(page)
    fill_in(page, place, "ann", "ru")
    held.set(verified=False)
    page.click("#use-passkey")
    expect(page.locator(".said")).to_contain_text("Браузер не дал ключа доступа")
    held.set(verified=True)
    page.click("#use-passkey")
    page.wait_for_selector("#sign-out")


def test_a_passkey_that_is_gone_leaves_the_way_back(page: Page, place: Place) -> None:
    held = authenticator(page)
    fill_in(page, place, "eve")
    page.wait_for_selector("#sign-out")
    add_at_account(page, place, "Phone")
    sign_out(page)
    fill_in(page, place, "eve")
    page.wait_for_selector("#use-passkey:focus")
    with place.components.database.session() as session:  # the service saw it sign later than this
        session.query(PasskeyRow).filter(PasskeyRow.credential != "").update({"signed": 1_000})
    page.click("#use-passkey")
    page.wait_for_selector("#username:focus")
    assert "do not belong together" in page.inner_text(".said")
    assert len(held.credentials()) == 1
    page.fill("#username", "eve")
    page.fill("#password", PASSWORD)
    page.press("#password", "Enter")
    page.get_by_role("button", name="Sign in as somebody else").click()
    page.wait_for_selector("#username:focus")


def test_digits_and_passkeys_stand_beside_one_another(page: Page, place: Place) -> None:
    authenticator(page)
    fill_in(page, place, "zoe")
    page.wait_for_selector("#sign-out")
    add_at_account(page, place, "Phone")
    assert page.get_by_role("row", name="Phone").get_by_role("button").count() == 0  # the only second factor
    page.fill("#factor-password", PASSWORD)
    page.press("#factor-password", "Enter")
    page.wait_for_selector("#factor-digits:focus")
    clock = pyotp.TOTP(page.inner_text("#factor-secret").replace(" ", ""))
    page.fill("#factor-digits", clock.now())
    page.press("#factor-digits", "Enter")  # which the passkey confirms
    page.wait_for_selector("#recovery-kept:focus")
    recovery = page.locator(".codes code").all_inner_texts()
    leave_before_the_answer(page)
    fill_in(page, place, "zoe")
    page.wait_for_selector("#use-passkey:focus")
    page.fill("#otp", recovery[0])
    page.press("#otp", "Enter")
    page.wait_for_selector("#sign-out")
    page.goto(f"{place.address}/#/account")
    page.get_by_role("row", name="Phone").get_by_role("button").click()
    page.fill("#removal-password", PASSWORD)
    page.fill("#removal-code", recovery[1])
    page.press("#removal-code", "Enter")
    page.get_by_role("row", name="Phone").wait_for(state="detached")
    sign_out(page)
    fill_in(page, place, "zoe")
    page.wait_for_selector(".said:not([hidden])")  # with the digits alone, as whoever has no passkey
    assert page.locator("#use-passkey").count() == 0


def test_at_another_address_the_page_says_where_passkeys_work(page: Page, place: Place) -> None:
    other = Place(place.address.replace("localhost", "127.0.0.1"), place.components)
    held = authenticator(page)
    with page.expect_response("**/api/me/passkeys") as own:
        fill_in(page, other, "chief")
    assert own.value.json()["origin"] == place.address
    page.wait_for_selector("#factor-password:focus")
    assert page.locator("#passkey-instead").count() == 0
    fill_in(page, place, "chief")
    page.click("#passkey-instead")
    page.fill("#passkey-name", "Phone")
    page.fill("#passkey-password", PASSWORD)
    page.press("#passkey-password", "Enter")
    page.wait_for_selector("#home-title:focus")
    sign_out(page)
    page.context.clear_cookies()
    fill_in(page, other, "chief")
    page.click("#use-passkey")
    expect(page.locator(".said")).to_contain_text("do not work at this address")
    assert len(held.credentials()) == 1
