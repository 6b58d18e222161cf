"""Somebody signs in with their agency's account: from the page's button to Keycloak's form and back."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator

import pytest
import uvicorn
from factories import PASSWORD, agency, fresh, person
from keycloak_server import Keycloak
from playwright.sync_api import Browser, Page
from servers import certificate
from serving import free_port

from auth import people
from auth.signin import single_sign_on
from services.app import create_app
from services.components import Components

NAMES = ("ann", "eve")


@pytest.fixture(scope="module")
def components(keycloak: Keycloak, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Components]:
    """A Tolmach served over TLS, where ann is linked and eve is not; `oidc_page` is its address."""
    folder, port = tmp_path_factory.mktemp("sign-on"), free_port()
    address = f"https://127.0.0.1:{port}/"
    user = {"enabled": True, "firstName": "A", "lastName": "B"}
    password = {"type": "password", "value": PASSWORD, "temporary": False}
    subjects = keycloak.make_realm(
        "browsers",
        [{"clientId": "tolmach", "publicClient": True, "redirectUris": [address]}],
        [{**user, "username": name, "email": f"{name}@a.example", "credentials": [password]} for name in NAMES],
    )
    authority, key = certificate(folder)
    issuer = keycloak.issuer("browsers")
    opened = fresh(folder / "home", oidc_issuer=issuer, oidc_ca=str(keycloak.authority), oidc_page=address)
    agency(opened, "A")
    person(opened, "ann", "A", ["expert"])
    with opened.database.session() as session:
        single_sign_on.link(session, people.the_person(session, "ann"), issuer, subjects["ann"])
    server = uvicorn.Server(
        uvicorn.Config(
            create_app(opened), host="127.0.0.1", port=port, log_level="error", lifespan="off",
            ssl_certfile=str(authority), ssl_keyfile=str(key),
        )
    )  # fmt: skip
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        time.sleep(0.02)
    yield opened
    server.should_exit = True
    thread.join()
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
