"""People sign in by a real Keycloak: who they are comes from there, whom that is here an administrator says."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import pytest
import uvicorn
from factories import PASSWORD, agency, client, fresh, person
from fastapi.testclient import TestClient
from keycloak_server import Keycloak, sign_in_at
from servers import free_port

from auth import people
from auth.changes.access import LinkPerson, UnlinkPerson
from auth.database import now
from auth.signin import one_time_codes, single_sign_on, throttle, totp, vault
from services import doctor
from services.app import create_app
from services.components import Components
from services.routes.access import signing_on
from services.signon import under_way
from services.signon.under_way import UnderWay

REALM, PAGE, SECRET = "agency", "https://tolmach.example/", "a secret of the tests, as good as random"
NAMES = ("ann", "adm", "aud", "unlinked", "left", "new")
HERE = {"X-Tolmach": "1"}


@dataclass(frozen=True)
class Realm:
    """A realm of Keycloak with everybody in it, and the port that it announces logouts to."""

    keycloak: Keycloak
    subjects: dict[str, str]
    port: int

    @property
    def issuer(self) -> str:
        return self.keycloak.issuer(REALM)


@pytest.fixture(scope="module")
def realm(keycloak: Keycloak) -> Realm:
    port = free_port()
    usual = {"redirectUris": [PAGE], "standardFlowEnabled": True, "directAccessGrantsEnabled": False}
    told = {
        "pkce.code.challenge.method": "S256",
        "backchannel.logout.url": f"http://127.0.0.1:{port}/api/session/oidc/logout",
        "backchannel.logout.session.required": "true",
    }
    clients = [
        {**usual, "clientId": "tolmach", "secret": SECRET, "attributes": told},
        {**usual, "clientId": "open", "publicClient": True, "attributes": {"pkce.code.challenge.method": "S256"}},
        {**usual, "clientId": "elliptic", "secret": SECRET, "attributes": {"id.token.signed.response.alg": "ES256"}},
    ]
    users = [
        {
            "username": name,
            "enabled": True,
            "email": f"{name}@agency.example",
            "firstName": name,
            "lastName": name,
            "credentials": [{"type": "password", "value": PASSWORD, "temporary": False}],
        }
        for name in NAMES
    ]
    return Realm(keycloak, keycloak.make_realm(REALM, clients, users), port)


@contextmanager
def opened(realm: Realm, tmp_path: Path, **settings: Any) -> Iterator[Components]:
    """A Tolmach whose issuer is the realm; everybody but one is linked."""
    secret = tmp_path / "client-secret"
    secret.write_text(SECRET, encoding="utf-8")
    usual = {
        "oidc_issuer": realm.issuer,
        "oidc_ca": str(realm.keycloak.authority),
        "oidc_client_secret_file": str(secret),
        "oidc_page": PAGE,
    }
    components = fresh(tmp_path / "home", **{**usual, **settings})
    agency(components, "A")
    for name, role in (("ann", "expert"), ("adm", "administrator"), ("aud", "auditor"), ("left", "expert")):
        person(components, name, "A", [role])
    person(components, "new", "A", ["expert"])
    person(components, "unlinked", "A", ["expert"])
    with components.database.session() as session:
        for name in NAMES:
            if name != "unlinked":
                row = people.the_person(session, name)
                single_sign_on.link(session, row, realm.issuer, realm.subjects[name])
        people.the_person(session, "left").active = False
    yield components
    components.close()


@pytest.fixture
def components(realm: Realm, tmp_path: Path) -> Iterator[Components]:
    with opened(realm, tmp_path) as each:
        yield each


def page(components: Components) -> TestClient:
    """Our page in a browser of its own."""
    app = create_app(components)
    return TestClient(app, base_url="https://testserver", headers=HERE, raise_server_exceptions=False)


def brought_back(realm: Realm, address: str, username: str) -> dict[str, str]:
    """What Keycloak sends back with a browser of this person's, who typed a password there."""
    with realm.keycloak.browser() as browser:
        location = sign_in_at(browser, address, username, PASSWORD)
    assert str(location).startswith(f"{PAGE}#") and not location.query
    answer = {name: values[0] for name, values in parse_qs(location.fragment).items()}
    return {name: answer[name] for name in ("code", "state", "iss")}


def begun(browser: TestClient) -> str:
    answer = browser.post("/api/session/oidc/start")
    assert answer.status_code == 200, answer.text
    return str(answer.json()["address"])


def signed_on(realm: Realm, browser: TestClient, username: str, **different: str) -> Any:
    answer = brought_back(realm, begun(browser), username)
    return browser.post("/api/session/oidc", json={**answer, **different})


def recorded(components: Components) -> list[tuple[str, str, dict[str, Any]]]:
    """What the trail says of every sign-in: whose, whether, and what more."""
    return [(e.actor, e.decision, json.loads(e.detail)) for e in components.trail.entries() if e.action == "sign_in"]


def refused(components: Components, answer: Any, rule: str) -> None:
    """As any failed sign-in to whoever asks, and in a word to the trail."""
    other = page(components).post("/api/session", json={"username": "ann", "password": "wrong"})
    assert (answer.status_code, answer.content) == (401, other.content) and "set-cookie" not in answer.headers
    assert recorded(components)[-2][1:2] == ("refused",) and recorded(components)[-2][2]["rule"] == rule


@pytest.mark.parametrize(
    "kind", [{}, {"oidc_client": "open", "oidc_client_secret_file": ""}, {"oidc_client": "elliptic"}]
)
def test_somebody_who_is_linked_is_who_an_administrator_said(
    realm: Realm, tmp_path: Path, kind: dict[str, str]
) -> None:
    with opened(realm, tmp_path, **kind) as components, page(components) as browser:
        answer = signed_on(realm, browser, "ann")
        assert answer.status_code == 200 and answer.json()["token"] == ""
        assert {"__Host-tolmach"} == set(browser.cookies.keys())
        session_cookie = next(c for c in answer.headers.get_list("set-cookie") if c.startswith("__Host-tolmach="))
        assert all(word in session_cookie for word in ("HttpOnly", "Secure", "SameSite=strict"))
        me = browser.get("/api/me").json()
        assert (me["username"], me["roles"], me["second_factor"], me["must"]) == ("ann", ["expert"], False, [])
        assert recorded(components) == [("ann", "allowed", {"by": "issuer", "subject": realm.subjects["ann"]})]


def test_a_sign_in_under_way_lies_in_a_cookie_that_no_script_reads(realm: Realm, components: Components) -> None:
    with page(components) as browser:
        answer = browser.post("/api/session/oidc/start")
        cookie = answer.headers["set-cookie"]
        assert all(word in cookie for word in ("__Host-tolmach-sign-on=", "HttpOnly", "Secure", "SameSite=strict"))
        assert "Max-Age=600" in cookie
        query = parse_qs(answer.json()["address"].partition("?")[2])
        assert not any(query[name][0] in cookie for name in ("state", "nonce"))
        assert recorded(components) == []


def test_a_code_serves_once(realm: Realm, components: Components) -> None:
    with page(components) as browser:
        address = begun(browser)
        kept = dict(browser.cookies)
        answer = brought_back(realm, address, "ann")
        assert browser.post("/api/session/oidc", json=answer).status_code == 200
        refused(components, browser.post("/api/session/oidc", json=answer), "state")  # the cookie is gone
        browser.cookies.update(kept)
        refused(components, browser.post("/api/session/oidc", json=answer), "code")


def test_nobody_is_signed_in_by_what_another_began(realm: Realm, components: Components) -> None:
    """Neither as the one who made a link for them, nor with a code that was taken elsewhere."""
    with page(components) as mine, page(components) as theirs:
        stolen = brought_back(realm, begun(theirs), "ann")
        refused(components, page(components).post("/api/session/oidc", json=stolen), "state")
        own = parse_qs(begun(mine).partition("?")[2])["state"][0]
        refused(components, mine.post("/api/session/oidc", json=stolen), "state")
        refused(components, mine.post("/api/session/oidc", json={**stolen, "state": own}), "code")
        assert len(recorded(components)) == 6


def test_what_comes_from_another_issuer_or_another_page_is_refused(realm: Realm, components: Components) -> None:
    with page(components) as browser:
        refused(components, signed_on(realm, browser, "ann", iss="https://issuer.example"), "issuer")
        answer = brought_back(realm, begun(browser), "ann")
        for headers in ({"X-Tolmach": "2"}, {"Sec-Fetch-Site": "cross-site"}):
            assert browser.post("/api/session/oidc/start", headers=headers).status_code == 401
            refused(components, browser.post("/api/session/oidc", json=answer, headers=headers), "page")
        assert browser.post("/api/session/oidc", json=answer).status_code == 200


def test_a_token_of_another_sign_in_is_refused(realm: Realm, components: Components) -> None:
    """The code is right, and redeemed; what it stands for was asked for with another nonce."""
    with page(components) as browser:
        address = begun(browser)
        with components.database.reading() as session:
            cookie = browser.cookies[signing_on.COOKIE].strip('"')
            state = parse_qs(address.partition("?")[2])["state"][0]
            began = under_way.unsealed(session, cookie, state)
            assert began
            browser.cookies.clear()
            browser.cookies.set(signing_on.COOKIE, UnderWay(state, "another", began.verifier).sealed(session))
        answer = brought_back(realm, address, "ann")
        refused(components, browser.post("/api/session/oidc", json=answer), "token")


def test_a_sign_in_lasts_ten_minutes_under_way(components: Components, monkeypatch: pytest.MonkeyPatch) -> None:
    with components.database.reading() as session:
        began = under_way.begun()
        sealed = began.sealed(session)
        assert under_way.unsealed(session, sealed, began.state) == began
        others = vault.seal(session, json.dumps(["s", "n", "v", 4e9]), "something else")
        for text, state in (
            (sealed, "x"),
            (sealed, ""),
            (sealed, "\ud800"),
            ("", ""),
            ("sealed1.AA", ""),
            (others, "s"),
        ):
            assert under_way.unsealed(session, text, state) is None
        later = now() + under_way.LASTS
        monkeypatch.setattr(under_way, "now", lambda: later)
        assert under_way.unsealed(session, sealed, began.state) is None


def test_whoever_is_linked_to_nobody_is_refused_and_slowed_down(realm: Realm, components: Components) -> None:
    with page(components) as browser:
        refused(components, signed_on(realm, browser, "unlinked"), "unlinked")
        assert recorded(components)[-2] == (
            "", "refused", {"by": "issuer", "rule": "unlinked", "subject": realm.subjects["unlinked"]}
        )  # fmt: skip
        with components.database.session() as session:
            for _ in range(throttle.FREE + 5):
                throttle.admit(session, f"{realm.issuer} {realm.subjects['unlinked']}", now() + timedelta(days=1))
        refused(components, signed_on(realm, browser, "unlinked"), "throttled")
        refused(components, signed_on(realm, browser, "left"), "inactive")
        assert signed_on(realm, browser, "ann").status_code == 200


def test_a_person_needs_no_password_of_their_own(realm: Realm, components: Components) -> None:
    with components.database.session() as session:
        one_time_codes.renew(session, people.the_person(session, "new"), one_time_codes.hashed("code"))
    with page(components) as browser:
        assert signed_on(realm, browser, "new").status_code == 200
        assert browser.get("/api/me").json()["roles"] == ["expert"]


@pytest.mark.parametrize("name", ["adm", "aud"])
def test_administrators_and_auditors_need_a_second_factor_of_the_issuers(
    realm: Realm, tmp_path: Path, name: str
) -> None:
    for at, acr in enumerate(("", "gold", "1")):  # 1 is what Keycloak says of whoever typed a password just now
        folder = tmp_path / str(at)
        folder.mkdir()
        with opened(realm, folder, oidc_acr=acr) as components, page(components) as browser:
            if acr != "1":
                refused(components, signed_on(realm, browser, name), "second factor")
                continue
            assert signed_on(realm, browser, name).status_code == 200
            me = browser.get("/api/me").json()
            assert me["second_factor"] and me["roles"] and me["must"] == []


def test_a_role_that_is_given_later_does_not_hold_without_a_second_factor(realm: Realm, components: Components) -> None:
    with page(components) as browser:
        signed_on(realm, browser, "ann")
        with components.database.session() as session:
            people.add_grant(session, people.the_person(session, "ann"), people.Role.AUDITOR, 1)
        me = browser.get("/api/me").json()
        assert (me["roles"], me["must"]) == (["expert"], [])
        secret = browser.put("/api/me/otp", json={"password": PASSWORD}).json()["secret"]
        body = {"password": PASSWORD, "secret": secret, "code": totp.pyotp.TOTP(secret).now()}
        assert browser.put("/api/me/otp", json=body).status_code == 200  # of use when they sign in with a password
        assert browser.get("/api/audit").status_code == 403


def test_passwords_can_be_switched_off_but_for_an_administrator(realm: Realm, tmp_path: Path) -> None:
    with opened(realm, tmp_path, password_for="adm,ann") as components, page(components) as browser:
        assert browser.get("/api/session/ways").json() == {"single_sign_on": True, "password": False}
        with components.database.session() as session:
            row = people.the_person(session, "adm")
            secret = totp.offer("adm").secret
            row.otp_secret = vault.seal(session, secret, vault.of_person(row.id))
        digits = totp.pyotp.TOTP(secret).now()
        for name in ("new", "ann"):  # she is named, and administers nothing
            answer = browser.post("/api/session", json={"username": name, "password": PASSWORD})
            wrong = browser.post("/api/session", json={"username": name, "password": "wrong"})
            assert (answer.status_code, answer.content) == (401, wrong.content)
            assert recorded(components)[-2] == (name, "refused", {"rule": "password sign-in is off"})
        answer = browser.post("/api/session", json={"username": "adm", "password": PASSWORD, "otp": digits})
        assert answer.status_code == 200
        assert signed_on(realm, browser, "ann").status_code == 200
        looks = {finding.what: finding for finding in doctor.examine(components)}
        finding = looks["sign-in with a password"]
        assert not finding.well and "names ann, who cannot administer" in finding.words
        finding = looks["single sign-on"]
        assert finding.well and "client with a secret tolmach" in finding.words and SECRET not in finding.words
        assert f"single sign-on: {realm.issuer}" in doctor.connections(components)


def test_without_an_issuer_there_is_nothing_to_sign_on_to(tmp_path: Path) -> None:
    components = fresh(tmp_path / "home")
    with page(components) as browser:
        assert browser.get("/api/session/ways").json() == {"single_sign_on": False, "password": True}
        assert browser.post("/api/session/oidc/start").status_code == 401
        answer = browser.post("/api/session/oidc", json={"code": "c", "state": "s"})
        refused(components, answer, "no single sign-on")
        assert browser.post("/api/session/oidc/logout", data={"logout_token": "a.b.c"}).status_code == 400
        looks = {finding.what: finding.words for finding in doctor.examine(components)}
        assert looks["single sign-on"].startswith("off")
        assert looks["sign-in with a password"] == "open to everybody who has a password"
    components.close()


def test_an_issuer_that_does_not_know_us_is_the_operators_matter(realm: Realm, tmp_path: Path) -> None:
    other = tmp_path / "another-secret"
    other.write_text("another secret, which is of no use", encoding="utf-8")
    with opened(realm, tmp_path, oidc_client_secret_file=str(other)) as components, page(components) as browser:
        answer = signed_on(realm, browser, "ann")
        assert (answer.status_code, answer.json()["code"]) == (503, "issuer_unavailable")
        assert realm.issuer not in answer.text and "secret" not in answer.text
    (tmp_path / "absent").mkdir()
    with opened(realm, tmp_path / "absent", oidc_issuer="https://127.0.0.1:9/x") as components:
        answer = page(components).post("/api/session/oidc/start")
        assert (answer.status_code, answer.json()["code"]) == (503, "issuer_unavailable")
        finding = next(each for each in doctor.examine(components) if each.what == "single sign-on")
        assert not finding.well and "does not answer" in finding.words
        assert page(components).get("/api/health").status_code == 200


# -- Links


def test_a_link_waits_for_a_second_administrator_and_ends_at_once(realm: Realm, components: Components) -> None:
    for name in ("adm1", "adm2"):
        person(components, name, "A", ["administrator"])
    first, second = client(components, "adm1"), client(components, "adm2")
    body = {"subject": realm.subjects["unlinked"], "reason": "they come from the agency"}
    asked = first.post("/api/people/unlinked/link", json=body).json()
    assert asked["state"] == "waiting"
    shown = second.get("/api/proposals").json()[0]["change"]
    assert shown == {
        "kind": "link_person", "username": "unlinked", "issuer": realm.issuer, "subject": body["subject"]
    }  # fmt: skip
    with page(components) as browser:
        refused(components, signed_on(realm, browser, "unlinked"), "unlinked")
        assert second.post(f"/api/proposals/{asked['proposal_id']}/approval").status_code == 200
        assert signed_on(realm, browser, "unlinked").status_code == 200
        listed = {row["username"]: row["subject"] for row in first.get("/api/people").json()}
        assert listed["unlinked"] == body["subject"] and listed["adm1"] == ""
        done = first.post("/api/people/unlinked/unlink", json={"reason": "they left the agency"}).json()
        assert done["state"] == "done" and browser.get("/api/me").status_code == 401
        refused(components, signed_on(realm, browser, "unlinked"), "unlinked")
    acts = {e.action: e for e in components.trail.entries() if e.action.endswith("link_person")}
    assert acts["link_person"].object == acts["unlink_person"].object == "unlinked"
    assert json.loads(acts["link_person"].detail)["subject"] == body["subject"] and acts["link_person"].actor == "adm2"


def test_a_link_that_makes_no_sense_is_refused(components: Components) -> None:
    issuer = components.settings.oidc_issuer
    with components.database.session() as session:
        taken = single_sign_on.subjects(session, [people.the_person(session, "ann").id]).popitem()[1]
        for change, words in (
            (LinkPerson("ann", issuer, "other"), "is linked already"),
            (LinkPerson("unlinked", issuer, taken), "linked to another person"),
            (LinkPerson("unlinked", issuer, "a" * 256), "1 to 255"),
            (LinkPerson("unlinked", issuer, "a\n"), "1 to 255"),
            (LinkPerson("left", issuer, "other"), "is disabled"),
            (LinkPerson("nobody", issuer, "other"), "no person nobody"),
            (UnlinkPerson("unlinked"), "is not linked"),
        ):
            with pytest.raises(people.PeopleError, match=words):
                change.apply(session)


# -- Logout that the issuer announces


@contextmanager
def listening(components: Components, port: int) -> Iterator[list[tuple[int, bytes]]]:
    """Our service on a real port; gives what it was announced: each answer's status, and the body that came."""
    heard: list[tuple[int, bytes]] = []
    app = create_app(components)

    async def noting(scope: Any, receive: Any, send: Any) -> None:
        body, status = bytearray(), [0]

        async def hear() -> Any:
            message = await receive()
            body.extend(message.get("body", b""))
            return message

        async def tell(message: Any) -> None:
            if message["type"] == "http.response.start":
                status[0] = message["status"]
            await send(message)

        await app(scope, hear, tell)
        if scope["type"] == "http":
            heard.append((status[0], bytes(body)))

    server = uvicorn.Server(uvicorn.Config(noting, host="127.0.0.1", port=port, log_level="error", lifespan="off"))
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        time.sleep(0.02)
    try:
        yield heard
    finally:
        server.should_exit = True
        thread.join()


def test_the_issuer_ends_what_it_began(realm: Realm, components: Components) -> None:
    with listening(components, realm.port) as heard, page(components) as browser, page(components) as other:
        signed_on(realm, browser, "ann")
        signed_on(realm, other, "new")
        local = client(components, "ann")
        realm.keycloak.administer("POST", f"/{REALM}/users/{realm.subjects['ann']}/logout")
        until = time.monotonic() + 30
        while (not heard or browser.get("/api/me").status_code == 200) and time.monotonic() < until:
            time.sleep(0.05)
        assert browser.get("/api/me").status_code == 401
        assert other.get("/api/me").status_code == local.get("/api/me").status_code == 200
        assert {status for status, _ in heard} == {200}  # Keycloak announces each session, also those of other tests
        form = {name: values[0] for name, values in parse_qs(heard[0][1].decode()).items()}
        again = other.post("/api/session/oidc/logout", data=form)
        assert (again.status_code, again.json()["code"]) == (400, "logout_token")
    acts = [
        (e.actor, e.decision, json.loads(e.detail)) for e in components.trail.entries() if e.action == "issuer_sign_out"
    ]
    assert acts == [("ann", "allowed", {}), ("", "refused", {"rule": "token"})]


def test_an_id_token_ends_nothing_and_a_logout_token_signs_nobody_in(realm: Realm, components: Components) -> None:
    with page(components) as browser:
        address = begun(browser)
        answer = brought_back(realm, address, "ann")
        with components.database.reading() as session:
            began = under_way.unsealed(session, browser.cookies[signing_on.COOKIE].strip('"'), answer["state"])
        assert began and components.issuer
        token = components.issuer.id_token(answer["code"], began.verifier)
        assert components.issuer.claims(token)
        assert browser.post("/api/session/oidc/logout", data={"logout_token": token}).status_code == 400
