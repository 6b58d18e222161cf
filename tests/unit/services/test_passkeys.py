"""Passkeys through the API, with a device in software: added, signed in with, removed; and every way to cheat."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pyotp
import pytest
from factories import PASSWORD, agency, client, fresh, person
from fastapi.testclient import TestClient
from passkey_device import Device
from races import together
from sqlalchemy import event, func, select

from auth.database import now
from auth.signin import one_time_codes, passkeys, sign_in, totp
from auth.tables import ChallengeRow, PasskeyRow, PersonRow, SessionRow
from services import doctor
from services.components import Components

ORIGIN = "https://tolmach.example"


@pytest.fixture
def components(tmp_path: Path):
    with closing(fresh(tmp_path / "home", page=f"{ORIGIN}/")) as opened:
        agency(opened, "A")
        for name, roles in {"root": ["administrator", "auditor"], "ann": ["expert"], "bob": ["expert"]}.items():
            person(opened, name, "A", roles)
        yield opened


def post(components: Components, username: str, **more: Any) -> Any:
    return client(components).post("/api/session", json={"username": username, "password": PASSWORD, **more})


def api_of(components: Components, answer: Any) -> TestClient:
    api = client(components)
    api.headers["Authorization"] = f"Bearer {answer.json()['token']}"
    return api


def offered(api: TestClient, **more: Any) -> dict[str, Any]:
    answer = api.post("/api/me/passkeys/offer", json={"password": PASSWORD, **more})
    assert answer.status_code == 200, answer.text
    return answer.json()["options"]


def add(api: TestClient, device: Device, name: str = "Key", **more: Any) -> Any:
    return api.post("/api/me/passkeys", json={"name": name, "passkey": device.make(offered(api, **more))})


def enrolled(components: Components, username: str = "ann", **about: Any) -> tuple[TestClient, Device]:
    """Somebody with a passkey: their session, and the device."""
    device = Device(ORIGIN, **about)
    api = api_of(components, post(components, username))
    answer = add(api, device)
    assert answer.status_code == 201, answer.text
    return api, device


def wanted(answer: Any) -> dict[str, Any]:
    """What a passkey is asked to sign."""
    assert (answer.status_code, answer.json()["code"]) == (403, "passkey_wanted"), answer.text
    return answer.json()["passkey"]["options"]


def entered(components: Components, device: Device, username: str = "ann") -> Any:
    """The answer to a whole sign-in with a passkey."""
    return post(components, username, passkey=device.sign(wanted(post(components, username))))


def rules(components: Components, action: str = "sign_in") -> list[str]:
    """Of every act in the trail: what was wrong, or the decision."""
    entries = [entry for entry in components.trail.entries() if entry.action == action]
    return [
        entry.detail.split('"rule": "')[-1].rstrip('"}') if entry.decision == "refused" else entry.decision
        for entry in entries
    ]


# -- As it should go


def test_an_administrator_adds_a_passkey_and_signs_in_with_it(components: Components) -> None:
    api = api_of(components, post(components, "root"))
    other = api_of(components, post(components, "root"))
    assert api.get("/api/me").json()["must"] == ["otp"]
    device = Device(ORIGIN)
    added = add(api, device, " Key in the safe ")
    assert added.json() | {"passkey_id": "", "added": ""} == {
        "passkey_id": "", "name": "Key in the safe", "added": "", "last_used": None,
    }  # fmt: skip
    assert api.get("/api/me").json()["must"] == []  # in this session at once
    assert other.get("/api/me").status_code == 401  # begun without it
    asked = post(components, "root")
    assert asked.json()["passkey"]["or_code"] is False
    options = wanted(asked)
    assert (options["rpId"], options["userVerification"]) == ("tolmach.example", "required")
    assert [each["id"] for each in options["allowCredentials"]] == [device.name]
    entered_by = post(components, "root", passkey=device.sign(options))
    assert entered_by.status_code == 200
    me = api_of(components, entered_by).get("/api/me").json()
    assert (me["roles"], me["must"], me["second_factor"]) == (["administrator", "auditor"], [], True)
    own = api.get("/api/me/passkeys").json()
    assert (own["origin"], own["code"], own["most"]) == (ORIGIN, False, passkeys.MOST)
    assert own["passkeys"][0]["last_used"] is not None
    people = {row["username"]: row["second_factor"] for row in api.get("/api/people").json()}
    assert people["root"] and not people["ann"]
    assert rules(components, "ask_for_passkey") == ["allowed"]
    last = [entry for entry in components.trail.entries() if entry.action == "sign_in"][-1]
    assert (last.actor, last.decision, last.detail) == ("root", "allowed", '{"by": "passkey"}')


def test_digits_do_as_well_where_there_are_both(components: Components) -> None:
    api, device = enrolled(components)
    secret = api.put("/api/me/otp", json={"password": PASSWORD}).json()["secret"]
    shown = {"password": PASSWORD, "secret": secret, "code": pyotp.TOTP(secret).now()}
    options = wanted(api.put("/api/me/otp", json=shown))
    assert api.put("/api/me/otp", json=shown | {"passkey": device.sign(options)}).status_code == 200
    with components.database.session() as session:
        session.scalars(select(PersonRow).where(PersonRow.username == "ann")).one().otp_step = 0
    asked = post(components, "ann")
    assert asked.json()["passkey"]["or_code"] is True
    assert post(components, "ann", otp=pyotp.TOTP(secret).now()).status_code == 200
    assert entered(components, device).status_code == 200


def test_one_more_and_one_less_need_password_and_factor(components: Components) -> None:
    api, device = enrolled(components)
    spare = Device(ORIGIN)
    options = wanted(api.post("/api/me/passkeys/offer", json={"password": PASSWORD}))
    assert add(api, spare, "Spare", passkey=device.sign(options)).status_code == 201
    listed = api.get("/api/me/passkeys").json()["passkeys"]
    assert [each["name"] for each in listed] == ["Key", "Spare"]
    removal = f"/api/me/passkeys/{listed[0]['passkey_id']}/removal"
    assert api.post(removal, json={"password": "wrong"}).json()["code"] == "password"
    options = wanted(api.post(removal, json={"password": PASSWORD}))
    assert api.post(removal, json={"password": PASSWORD, "passkey": spare.sign(options)}).status_code == 204
    assert post(components, "ann", passkey=device.sign(wanted(post(components, "ann")))).status_code == 401
    assert entered(components, spare).status_code == 200
    last = f"/api/me/passkeys/{listed[1]['passkey_id']}/removal"
    options = wanted(api.post(last, json={"password": PASSWORD}))
    refused = api.post(last, json={"password": PASSWORD, "passkey": spare.sign(options)})
    assert (refused.status_code, refused.json()["code"]) == (422, "passkey_last")
    assert rules(components, "remove_passkey") == ["password", "allowed", "last factor"]


def test_a_passkey_of_somebody_else_is_not_removed(components: Components) -> None:
    api, device = enrolled(components)
    other, _ = enrolled(components, "bob")
    theirs = other.get("/api/me/passkeys").json()["passkeys"][0]["passkey_id"]
    for passkey_id in (theirs, "0" * 32):
        removal = f"/api/me/passkeys/{passkey_id}/removal"
        options = wanted(api.post(removal, json={"password": PASSWORD}))
        refused = api.post(removal, json={"password": PASSWORD, "passkey": device.sign(options)})
        assert (refused.status_code, refused.json()["code"]) == (422, "no_passkey")


def test_a_renewal_takes_passkeys_away(components: Components) -> None:
    _, device = enrolled(components)
    options = wanted(post(components, "ann"))
    with components.database.session() as session:
        row = session.scalars(select(PersonRow).where(PersonRow.username == "ann")).one()
        one_time_codes.renew(session, row, one_time_codes.hashed("0" * 20))
        assert session.scalars(select(PasskeyRow)).all() == session.scalars(select(ChallengeRow)).all() == []
    answer = client(components).post("/api/session", json={"username": "ann", "password": "0" * 20})
    assert api_of(components, answer).get("/api/me").json()["must"] == ["password"]
    refused = api_of(components, answer).post("/api/me/passkeys/offer", json={"password": "0" * 20})
    assert refused.json()["code"] == "password_first"
    assert post(components, "ann", passkey=device.sign(options)).status_code == 401


# -- As it must not


def changed(answer: dict[str, Any], **parts: str) -> dict[str, Any]:
    return answer | {"response": answer["response"] | parts}


CHEATS: dict[str, Callable[[Device, dict[str, Any]], dict[str, Any]]] = {
    "another origin": lambda device, options: replace(device, origin="https://tolmach.example.evil").sign(options),
    "another port": lambda device, options: replace(device, origin=f"{ORIGIN}:8443").sign(options),
    "not over TLS": lambda device, options: replace(device, origin="http://tolmach.example").sign(options),
    "another host": lambda device, options: replace(device, host="example").sign(options),
    "nobody verified": lambda device, options: replace(device, verifies=False).sign(options),
    "another key": lambda device, options: replace(device, key=Device(ORIGIN).key).sign(options),
    "no signature": lambda device, options: changed(device.sign(options), signature=""),
    "no data": lambda device, options: changed(device.sign(options), authenticatorData="AA"),
    "an unknown passkey": lambda device, options: Device(ORIGIN).sign(options),
    "another challenge": lambda device, options: device.sign(options | {"challenge": "A" * 43}),
    "no challenge": lambda device, options: device.sign(options | {"challenge": ""}),
    "no client data": lambda device, options: changed(device.sign(options), clientDataJSON="AA"),
    "a making": lambda device, options: device.make(options | {"rp": {"id": options["rpId"]}}),
}


@pytest.mark.parametrize("cheat", CHEATS)
def test_a_cheat_is_the_answer_to_a_wrong_password_and_uses_the_challenge_up(components: Components, cheat) -> None:
    _, device = enrolled(components)
    refused = client(components).post("/api/session", json={"username": "ann", "password": "wrong"})
    options = wanted(post(components, "ann"))
    answer = post(components, "ann", passkey=CHEATS[cheat](device, options))
    assert (answer.status_code, answer.content) == (401, refused.content)
    assert rules(components)[-1] in ("passkey", "challenge")
    again = post(components, "ann", passkey=device.sign(options))
    assert again.status_code == (200 if "challenge" in cheat or "client" in cheat else 401)


def test_an_answer_counts_once(components: Components) -> None:
    _, device = enrolled(components)
    answer = device.sign(wanted(post(components, "ann")))
    assert post(components, "ann", passkey=answer).status_code == 200
    assert post(components, "ann", passkey=answer).status_code == 401
    assert rules(components)[-1] == "challenge"


def test_an_answer_without_the_password_is_nothing(components: Components) -> None:
    _, device = enrolled(components)
    answer = device.sign(wanted(post(components, "ann")))
    for password in ("wrong", ""):
        body = {"username": "ann", "password": password, "passkey": answer}
        assert client(components).post("/api/session", json=body).status_code == 401
    assert rules(components)[-1] == "password"
    assert post(components, "ann", passkey=answer).status_code == 200  # nobody else used it up


def test_a_passkey_of_somebody_else_signs_nobody_in(components: Components) -> None:
    _, anns = enrolled(components)
    _, bobs = enrolled(components, "bob")
    assert post(components, "ann", passkey=bobs.sign(wanted(post(components, "ann")))).status_code == 401
    assert post(components, "ann", passkey=anns.sign(wanted(post(components, "bob")))).status_code == 401
    assert rules(components)[-2:] == ["passkey", "challenge"]


def test_a_count_that_does_not_grow_is_refused_and_told(components: Components, unthrottled: None) -> None:
    _, device = enrolled(components, count=7)
    assert entered(components, device).status_code == 200
    copy = replace(device, count=6)
    for _ in range(2):  # behind, and level
        assert entered(components, copy).status_code == 401
        assert rules(components)[-1] == "passkey that was copied"
    assert entered(components, replace(device, count=-1)).status_code == 401  # it no longer counts at all
    assert rules(components)[-1] == "passkey that was copied"
    assert entered(components, device).status_code == 200


def test_a_passkey_that_does_not_count_signs_in_again_and_again(components: Components) -> None:
    _, device = enrolled(components, count=None)
    assert [entered(components, device).status_code for _ in range(3)] == [200] * 3


def test_a_challenge_is_for_one_purpose_and_session(components: Components, unthrottled: None) -> None:
    api, device = enrolled(components)
    answer = device.sign(wanted(post(components, "ann")))
    offer = {"password": PASSWORD, "passkey": answer}
    assert api.post("/api/me/passkeys/offer", json=offer).json()["code"] == "second_factor_wrong"
    options = wanted(api.post("/api/me/passkeys/offer", json={"password": PASSWORD}))
    assert post(components, "ann", passkey=device.sign(options)).status_code == 401
    other = api_of(components, entered(components, device))
    options = wanted(api.post("/api/me/passkeys/offer", json={"password": PASSWORD}))
    offer = {"password": PASSWORD, "passkey": device.sign(options)}
    assert other.post("/api/me/passkeys/offer", json=offer).json()["code"] == "second_factor_wrong"
    options = offered(api, passkey=device.sign(options))
    made = {"name": "Key", "passkey": Device(ORIGIN).make(options)}
    assert other.post("/api/me/passkeys", json=made).json()["code"] == "passkey_not_added"
    assert api.post("/api/me/passkeys", json=made).status_code == 201
    assert api.post("/api/me/passkeys", json=made).json()["code"] == "passkey_not_added"


def test_a_challenge_ends(components: Components, monkeypatch: pytest.MonkeyPatch) -> None:
    _, device = enrolled(components)
    options = wanted(post(components, "ann"))
    monkeypatch.setattr(passkeys, "now", lambda: now() + passkeys.LASTS)
    assert post(components, "ann", passkey=device.sign(options)).status_code == 401
    wanted(post(components, "ann"))
    with components.database.reading() as session:
        assert session.scalar(select(func.count()).select_from(ChallengeRow)) == 1  # what was over is gone


def test_challenges_and_passkeys_of_a_person_are_bounded(components: Components, unthrottled: None) -> None:
    api, device = enrolled(components)
    first = wanted(post(components, "ann"))
    for _ in range(passkeys.MOST_WAITING):
        last = wanted(post(components, "ann"))
    with components.database.reading() as session:
        assert session.scalar(select(func.count()).select_from(ChallengeRow)) == passkeys.MOST_WAITING
    assert post(components, "ann", passkey=device.sign(first)).status_code == 401
    assert post(components, "ann", passkey=device.sign(last)).status_code == 200

    def confirmed() -> dict[str, Any]:
        return device.sign(wanted(api.post("/api/me/passkeys/offer", json={"password": PASSWORD})))

    for _ in range(passkeys.MOST - 1):
        assert add(api, Device(ORIGIN), passkey=confirmed()).status_code == 201
    refused = api.post("/api/me/passkeys/offer", json={"password": PASSWORD, "passkey": confirmed()})
    assert (refused.json()["code"], refused.json()["parameters"]) == ("passkeys_many", {"most": passkeys.MOST})


@pytest.fixture
def unthrottled(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sign_in.throttle, "wait_after", lambda failures: timedelta())


@pytest.mark.parametrize(
    "about",
    [{"origin": "https://evil.example"}, {"host": "example"}, {"verifies": False}],
    ids=lambda about: str(about),
)
def test_a_passkey_made_elsewhere_is_not_added(components: Components, about: dict[str, Any]) -> None:
    api = api_of(components, post(components, "ann"))
    refused = add(api, Device(**{"origin": ORIGIN, **about}))
    assert (refused.status_code, refused.json()["code"]) == (422, "passkey_not_added")
    assert post(components, "ann").status_code == 200


def test_one_device_is_one_persons(components: Components) -> None:
    _, device = enrolled(components)
    api = api_of(components, post(components, "bob"))
    assert add(api, device).json()["code"] == "passkey_not_added"
    assert post(components, "bob").status_code == 200


def test_wrong_answers_are_slowed_down_as_wrong_codes_are(components: Components) -> None:
    _, device = enrolled(components)
    options = wanted(post(components, "ann"))
    for _ in range(sign_in.throttle.FREE + 1):
        assert post(components, "ann", passkey=device.sign(options | {"challenge": "AA"})).status_code == 401
    assert post(components, "ann").status_code == 401
    assert post(components, "ann", passkey=device.sign(options)).status_code == 401
    assert rules(components)[-3:] == ["challenge", "throttled", "throttled"]


def test_the_password_alone_clears_no_count_of_wrong_factors(components: Components) -> None:
    """Whoever has a session and the password of another must not guess at their digits without end."""
    api, device = enrolled(components)
    options = wanted(post(components, "ann"))
    for _ in range(sign_in.throttle.FREE + 1):
        wrong = {"password": PASSWORD, "passkey": device.sign(options | {"challenge": "AA"})}
        assert api.post("/api/me/passkeys/offer", json=wrong).json()["code"] == "second_factor_wrong"
        api.put("/api/me/otp", json={"password": PASSWORD})
        for old, new in ((PASSWORD, f"{PASSWORD}!"), (f"{PASSWORD}!", PASSWORD)):
            api.put("/api/me/password", json={"old": old, "new": new})
    assert api.post("/api/me/passkeys/offer", json=wrong).json()["code"] == "password"  # slowed down
    assert "allowed" in rules(components, "change_password") and "throttled" in rules(components, "offer_passkey")


def test_being_asked_is_no_failure(components: Components) -> None:
    _, device = enrolled(components)
    for _ in range(sign_in.throttle.FREE):
        assert client(components).post("/api/session", json={"username": "ann", "password": "x"}).status_code == 401
    for _ in range(3):  # the prompt was closed
        options = wanted(post(components, "ann"))
    assert post(components, "ann", passkey=device.sign(options)).status_code == 200


def test_a_try_that_others_followed_is_not_taken_back(components: Components) -> None:
    with components.database.session() as session:
        first, _ = (sign_in.throttle.admit(session, "ann") for _ in "12")
        sign_in.throttle.take_back(session, "ann", first)
        assert sign_in.throttle.admit(session, "ann") == 3


def test_whoever_is_disabled_is_not_asked(components: Components) -> None:
    enrolled(components)
    with components.database.session() as session:
        session.scalars(select(PersonRow).where(PersonRow.username == "ann")).one().active = False
    assert post(components, "ann").status_code == 401


def work(components: Components, username: str, password: str, passkey: Any) -> Counter[str]:
    """What a refused sign-in asks of the database, the first under its name."""
    statements: Counter[str] = Counter()
    with components.database.session() as session:
        sign_in.throttle.clear(session, username)

    def count(_c: Any, _u: Any, statement: str, *_: Any) -> None:
        statements[" ".join(statement.split()[:3])] += 1

    event.listen(components.database.engine, "before_cursor_execute", count)
    body = {"username": username, "password": password, "passkey": passkey}
    answer = client(components).post("/api/session", json=body)
    event.remove(components.database.engine, "before_cursor_execute", count)
    assert answer.status_code == 401
    return statements


def test_before_the_password_is_right_a_passkey_is_not_told_of(components: Components) -> None:
    _, device = enrolled(components)
    options = wanted(post(components, "ann"))
    for passkey in (None, device.sign(options), Device(ORIGIN).sign(options)):
        usual = work(components, "nobody", "wrong", passkey)
        assert work(components, "ann", "wrong", passkey) == work(components, "bob", "wrong", passkey) == usual
    assert post(components, "ann", passkey=device.sign(options)).status_code == 200  # nothing was used up
    assert work(components, "ann", PASSWORD, Device(ORIGIN).sign(options)) == work(components, "nobody", "x", passkey)


# -- Where passkeys can be


def test_without_an_address_there_are_none(tmp_path: Path) -> None:
    for at, more in enumerate([{}, {"oidc_page": "https://192.0.2.1/"}]):
        with closing(fresh(tmp_path / f"home{at}", **more)) as components:
            agency(components, "A")
            person(components, "ann", "A", ["expert"])
            api = api_of(components, post(components, "ann"))
            assert api.get("/api/me/passkeys").json()["origin"] == ""
            refused = api.post("/api/me/passkeys/offer", json={"password": PASSWORD})
            assert (refused.status_code, refused.json()["code"]) == (422, "passkeys_off")
            made = {"name": "Key", "passkey": Device(ORIGIN).make({"rp": {"id": "x"}, "challenge": "AA"})}
            assert api.post("/api/me/passkeys", json=made).json()["code"] == "passkeys_off"


def test_doctor_says_for_which_page_passkeys_are_made(components: Components) -> None:
    enrolled(components)
    other = Components(replace(components.settings, page=""))
    with closing(other):
        for parts, said in ((components, f"1 passkeys, made for {ORIGIN}"), (other, "none can be made or used until")):
            words = next(each.words for each in doctor.examine(parts) if each.what == "passkeys")
            assert said in words


def test_a_passkey_still_demands_itself_where_the_address_is_gone(components: Components) -> None:
    """Whoever takes the setting away does not take the second factor away."""
    _, device = enrolled(components)
    other = Components(replace(components.settings, page=""))
    with closing(other):
        assert post(other, "ann").status_code == 401
        assert (
            post(other, "ann", passkey=device.sign({"rpId": "tolmach.example", "challenge": "AA"})).status_code == 401
        )


# -- At the same moment


def enrolled_in(components: Components, device: Device) -> None:
    agency(components, "A")
    person(components, "ann", "A", ["expert"])
    assert add(api_of(components, post(components, "ann")), device).status_code == 201


def test_two_answers_to_one_challenge_are_one_sign_in(database_url: str, tmp_path: Path) -> None:
    with closing(fresh(tmp_path / "home", database_url=database_url, page=f"{ORIGIN}/")) as components:
        device = Device(ORIGIN, count=None)
        enrolled_in(components, device)
        for _ in range(5):
            options = wanted(post(components, "ann"))
            answers = [device.sign(options) for _ in "12"]
            calls = [lambda answer=answer: post(components, "ann", passkey=answer).status_code for answer in answers]
            assert sorted(together(*calls)) == [200, 401]
        with components.database.reading() as session:
            assert session.scalar(select(func.count()).select_from(SessionRow)) == 1 + 5


def test_two_removals_at_once_leave_a_second_factor(database_url: str, tmp_path: Path) -> None:
    with closing(fresh(tmp_path / "home", database_url=database_url, page=f"{ORIGIN}/")) as components:
        device, spare = Device(ORIGIN), Device(ORIGIN)
        enrolled_in(components, device)
        api = api_of(components, entered(components, device))
        confirmed = device.sign(wanted(api.post("/api/me/passkeys/offer", json={"password": PASSWORD})))
        assert add(api, spare, passkey=confirmed).status_code == 201
        calls = []
        for each in api.get("/api/me/passkeys").json()["passkeys"]:
            removal = f"/api/me/passkeys/{each['passkey_id']}/removal"
            options = wanted(api.post(removal, json={"password": PASSWORD}))
            body = {"password": PASSWORD, "passkey": (device if each["name"] == "Key" else spare).sign(options)}
            calls.append(lambda at=removal, body=body: api.post(at, json=body).status_code)
        assert sorted(together(*calls)) == [204, 422]
        assert len(api.get("/api/me/passkeys").json()["passkeys"]) == 1


def test_two_sessions_that_add_the_last_free_one_add_one(database_url: str, tmp_path: Path) -> None:
    with closing(fresh(tmp_path / "home", database_url=database_url, page=f"{ORIGIN}/")) as components:
        device = Device(ORIGIN)
        enrolled_in(components, device)
        with components.database.session() as session:
            who = session.scalars(select(PersonRow).where(PersonRow.username == "ann")).one().id
            for at in range(passkeys.MOST - 2):
                session.add(PasskeyRow(person=who, credential=f"{at:04}", public_key="", signed=0, name="Key"))
        made = []
        for _ in "12":
            api = api_of(components, entered(components, device))
            confirmed = device.sign(wanted(api.post("/api/me/passkeys/offer", json={"password": PASSWORD})))
            made.append((api, {"name": "Key", "passkey": Device(ORIGIN).make(offered(api, passkey=confirmed))}))
        calls = [lambda api=api, body=body: api.post("/api/me/passkeys", json=body).status_code for api, body in made]
        assert sorted(together(*calls)) == [201, 422]


def test_a_device_signs_what_a_clock_cannot(components: Components) -> None:
    """The secret of a clock is no passkey: a person with digits alone is never asked for one."""
    secret = totp.offer("ann").secret
    with components.database.session() as session:
        row = session.scalars(select(PersonRow).where(PersonRow.username == "ann")).one()
        totp.turn_on(session, row, secret, pyotp.TOTP(secret).now())
    assert post(components, "ann").status_code == 401
