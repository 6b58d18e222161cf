"""Somebody signs in with their agency's account: from the page's button to Keycloak's form and back."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from factories import PASSWORD, agency, bearer, client, fresh, person
from keycloak_server import Keycloak
from playwright.sync_api import Browser, Page, expect
from servers import certificate
from serving import free_port, serving

from auth import people
from auth.signin import single_sign_on
from services.components import Components
from services.routes.authentication import COOKIE

NAMES = ("ann", "eve", "zoe")


@pytest.fixture(scope="module")
def port() -> int:
    """Where the service listens."""
    return free_port()


@pytest.fixture(scope="module")
def subjects(keycloak: Keycloak, port: int) -> dict[str, str]:
    """What the issuer calls people, by user name."""
    user = {"enabled": True, "firstName": "A", "lastName": "B"}
    password = {"type": "password", "value": PASSWORD, "temporary": False}
    return keycloak.make_realm(
        "browsers",
        [{"clientId": "tolmach", "publicClient": True, "redirectUris": [f"https://127.0.0.1:{port}/"]}],
        [{**user, "username": name, "email": f"{name}@a.example", "credentials": [password]} for name in NAMES],
    )


@pytest.fixture(scope="module")
def components(
    keycloak: Keycloak, port: int, subjects: dict[str, str], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Components]:
    """A Tolmach served over TLS, where ann is linked and others are not; `oidc_page` is its address."""
    folder, address = tmp_path_factory.mktemp("sign-on"), f"https://127.0.0.1:{port}/"
    authority, key = certificate(folder)
    issuer = keycloak.issuer("browsers")
    opened = fresh(folder / "home", oidc_issuer=issuer, oidc_ca=str(keycloak.authority), oidc_page=address)
    agency(opened, "A")
    for name in ("ann", "zoe"):
        person(opened, name, "A", ["expert"])
    for name in ("boss1", "boss2"):
        person(opened, name, "A", ["administrator"])
    with opened.database.session() as session:
        single_sign_on.link(session, people.the_person(session, "ann"), issuer, subjects["ann"])
    with serving(opened, port, ssl_certfile=str(authority), ssl_keyfile=str(key)):
        yield opened
    opened.close()


def page_of(browser: Browser, components: Components, language: str) -> Page:
    page = browser.new_context(ignore_https_errors=True).new_page()
    page.add_init_script(f"localStorage.setItem('tolmach.language', '{language}')")
    page.goto(components.settings.oidc_page)
    return page


def sign_in_there(page: Page, button: str, username: str) -> None:
    page.get_by_role("button", name=button).click()
    page.wait_for_url("**/realms/browsers/**")
    page.fill("#username", username)
    page.fill("#password", PASSWORD)
    page.press("#password", "Enter")


def test_somebody_goes_to_their_agency_and_comes_back_signed_in(browser: Browser, components: Components) -> None:
    page = page_of(browser, components, "ru")
    addresses: list[str] = []
    page.on("request", lambda request: addresses.append(request.url))
    page.wait_for_selector("text=или с паролем этого сервиса:")
    sign_in_there(page, "Войти через своё ведомство", "ann")
    page.wait_for_selector("#query")
    assert page.url == f"{components.settings.oidc_page}#/"
    page.reload()
    page.wait_for_selector("#query")
    ours = [address for address in addresses if address.startswith(components.settings.oidc_page)]
    assert ours and not any("code=" in address.partition("#")[0] for address in ours)
    page.context.close()


def test_whoever_is_not_linked_is_told_whom_to_ask(browser: Browser, components: Components) -> None:
    page = page_of(browser, components, "en")
    sign_in_there(page, "Sign in with your agency", "eve")
    page.wait_for_selector(".said:not([hidden])")
    assert "ask your administrator" in page.inner_text(".said:not([hidden])")
    assert page.url == f"{components.settings.oidc_page}#/"
    assert page.get_by_role("button", name="Sign in with your agency").is_visible()
    page.context.close()


def as_administrator(browser: Browser, components: Components) -> Page:
    """The page of people, for an administrator who has shown a second factor."""
    page = page_of(browser, components, "en")
    token = bearer(components, "boss1")["Authorization"].partition(" ")[2]
    cookie = {"name": COOKIE, "value": token, "url": components.settings.oidc_page, "secure": True}
    page.context.add_cookies([cookie])
    page.goto(f"{components.settings.oidc_page}#/people")
    page.reload()
    page.wait_for_selector("#people tbody tr")
    return page


def approved(components: Components) -> None:
    """A second administrator lets happen what waits."""
    other = client(components, "boss2")
    (waiting,) = other.get("/api/proposals").json()
    assert other.post(f"/api/proposals/{waiting['proposal_id']}/approval").status_code == 200


def test_an_administrator_links_somebody_and_ends_that_again(
    browser: Browser, components: Components, subjects: dict[str, str]
) -> None:
    admin = as_administrator(browser, components)
    row = admin.locator("#people tbody tr", has_text="zoe")
    row.get_by_role("button", name="Link…").click()
    admin.fill("#new-subject", subjects["ann"])
    admin.fill("dialog #reason", "She works here now")
    admin.press("#new-subject", "Enter")
    expect(admin.locator("dialog .said")).to_contain_text("linked to another person already")
    admin.fill("#new-subject", subjects["zoe"])
    admin.press("#new-subject", "Enter")
    expect(admin.locator(".outcome")).to_contain_text("waits until a second person")
    approved(components)
    page = page_of(browser, components, "en")
    sign_in_there(page, "Sign in with your agency", "zoe")
    page.wait_for_selector("#query")

    admin.reload()
    expect(row).to_contain_text(f"linked as {subjects['zoe']}")
    expect(row.get_by_role("button", name=re.compile("^Link"))).to_have_count(0)
    row.get_by_role("button", name="Unlink…").click()
    admin.fill("dialog #reason", "She left")
    admin.press("dialog #reason", "Tab")
    admin.keyboard.press("Enter")
    expect(admin.locator(".outcome")).to_contain_text("Done.")
    page.reload()
    page.wait_for_selector("#username")
    page.context.close()
    admin.context.close()
