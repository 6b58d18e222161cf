"""Signing in tells nobody why it was refused or whether the name exists: the same answer after the same work."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from datetime import datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

import pyotp
import pytest
from factories import PASSWORD, agency, client, fresh, person, principal
from fastapi.testclient import TestClient
from sqlalchemy import event, select

from auth import passwords, people
from auth.database import now
from auth.passwords import WeakPasswordError
from auth.people import Role
from auth.signin import one_time_codes, sign_in, throttle, totp, vault
from auth.signin.second_factors import FactorAnswer
from auth.signin.throttle import FREE
from auth.tables import AgencyRow, PersonRow, SessionRow, ThrottleRow
from services.components import Components

NEW = "another password entirely"


MOMENT = datetime.fromisoformat("2026-01-01T00:00:00+00:00")


@pytest.fixture(autouse=True)
def standing_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """No wait is over in the middle of a test."""
    monkeypatch.setattr(throttle, "now", lambda: MOMENT)


@pytest.fixture
def ann(components: Components) -> str:
    agency(components, "A")
    return person(components, "ann", "A", ["expert"])


@lru_cache(maxsize=1)
def nobody(components: Components) -> TestClient:
    """The API as nobody."""
    return client(components)


def fail(components: Components, username: str, times: int) -> None:
    """So many failures in a row under a name, without their work."""
    with components.database.session() as session:
        for _ in range(times):
            throttle.admit(session, username)


def factor(components: Components, person_id: str) -> str:
    """A second factor for somebody, turned on a while ago."""
    secret = totp.offer("x").secret
    with components.database.session() as session:
        row = session.get_one(PersonRow, person_id)
        assert totp.turn_on(session, row, secret, pyotp.TOTP(secret).now())
        row.otp_step = 0
    return secret


def post(components: Components, username: str, password: str, typed: str = ""):
    return nobody(components).post("/api/session", json={"username": username, "password": password, "otp": typed})


def answer(components: Components, username: str, password: str, typed: str = ""):
    response = post(components, username, password, typed)
    return response.status_code, response.content, response.headers.raw


def recorded(components: Components) -> list[tuple[str, str, str]]:
    """Of every sign-in in the trail: the actor, the decision and the detail."""
    return [(e.actor, e.decision, e.detail) for e in components.trail.entries() if e.action == "sign_in"]


def settled(components: Components, username: str, password: str, typed: str = "") -> sign_in.SignInOutcome:
    tried = sign_in.attempt(components.database, username, password)
    with components.database.session() as session:
        return sign_in.complete(session, tried, FactorAnswer(typed), frozenset())


def test_the_right_name_and_password_are_a_person(components: Components, ann: str) -> None:
    assert settled(components, "ann", PASSWORD) == sign_in.SignInOutcome("ann", "", principal(components, "ann"))


def refusals(components: Components) -> dict[str, tuple[str, str, str]]:
    """Every kind of no: what is typed as name, password and second factor."""
    gone, late, bob = (person(components, name, "A", ["expert"]) for name in ("gone", "late", "bob"))
    agency(components, "B")
    person(components, "orphan", "B", ["expert"])
    factor(components, bob)
    with components.database.session() as session:
        people.disable(session, session.get_one(PersonRow, gone))
        session.get_one(AgencyRow, "B").active = False
        one_time_codes.renew(session, session.get_one(PersonRow, late), passwords.digest("0123456789ABCDEFGHJK"))
        session.get_one(PersonRow, late).code_until = now() - timedelta(seconds=1)
    return {
        "wrong password": ("ann", "wrong", ""),
        "nobody": ("nobody", PASSWORD, ""),
        "disabled": ("gone", PASSWORD, ""),
        "inactive agency": ("orphan", PASSWORD, ""),
        "no second factor": ("bob", PASSWORD, ""),
        "wrong second factor": ("bob", PASSWORD, "000000"),
        "wrong recovery code": ("bob", PASSWORD, "00000-00000-00000"),
        "wrong code": ("late", "wrong", ""),
        "code that is over": ("late", "01234-56789-ABCDE-FGHJK", ""),
    }


def test_every_kind_of_no_is_the_same_answer(components: Components, ann: str) -> None:
    refused = answer(components, "ann", "wrong")
    assert refused[0] == 401
    for typed in [
        *refusals(components).values(),
        ("", "", ""),
        ("ANN", PASSWORD, ""),
        ("ann ", PASSWORD, ""),
        ("ann", "", ""),
        ("ann", "x" * 300, "y" * 300),
        ("ann' OR 1=1 --", PASSWORD, ""),
        ("\u0130", "\u0131", "\u0662" * 6),
    ]:
        assert answer(components, *typed) == refused, typed


def test_what_is_throttled_is_the_same_answer_for_right_passwords_too(components: Components, ann: str) -> None:
    bob = person(components, "bob", "A", ["expert"])
    secret = factor(components, bob)
    refused = answer(components, "ann", "wrong")
    for name in ("ann", "nobody", "bob"):
        fail(components, name, FREE)
        assert answer(components, name, "wrong") == refused
    assert answer(components, "ann", PASSWORD) == refused
    assert answer(components, "nobody", PASSWORD) == refused
    assert answer(components, "bob", PASSWORD, pyotp.TOTP(secret).now()) == refused


def forget_failures(components: Components) -> None:
    with components.database.session() as session:
        for row in session.scalars(select(ThrottleRow)):
            row.until = MOMENT


def test_once_the_wait_is_over_the_right_password_clears_the_count(components: Components, ann: str) -> None:
    fail(components, "ann", FREE + 1)
    assert post(components, "ann", PASSWORD).status_code == 401
    forget_failures(components)
    assert post(components, "ann", PASSWORD).status_code == 200
    fail(components, "ann", FREE)
    assert post(components, "ann", PASSWORD).status_code == 200


def test_wrong_second_factors_count_as_failures(components: Components, ann: str) -> None:
    secret = factor(components, ann)
    for _ in range(FREE + 1):
        assert post(components, "ann", PASSWORD, "000000").status_code == 401
    assert post(components, "ann", PASSWORD, pyotp.TOTP(secret).now()).status_code == 401
    forget_failures(components)
    assert post(components, "ann", PASSWORD, pyotp.TOTP(secret).now()).status_code == 200


def test_many_guesses_at_once_are_all_counted(components: Components, ann: str) -> None:
    with ThreadPoolExecutor(8) as threads:
        tried = list(threads.map(lambda n: sign_in.attempt(components.database, "ann", f"guess {n}").wrong, range(12)))
    looked_at = tried.count("password")
    assert looked_at == FREE + 1
    assert tried.count("throttled") == 12 - looked_at


@contextmanager
def counted(components: Components):
    """Counts statements by their first words, and hashes that are checked."""
    statements: Counter[str] = Counter()
    with pytest.MonkeyPatch.context() as patch:
        hasher = passwords._hasher()

        class Counting:
            def verify(self, stored_hash: str, password: str) -> bool:
                statements["hash " + stored_hash.split("$")[3]] += 1
                return hasher.verify(stored_hash, password)

        passwords._hash_of_nobody()
        patch.setattr(passwords, "_hasher", Counting)

        def count(_c: Any, _u: Any, statement: str, *_: Any) -> None:
            statements[" ".join(statement.split()[:3])] += 1

        event.listen(components.database.engine, "before_cursor_execute", count)
        yield statements
        event.remove(components.database.engine, "before_cursor_execute", count)


def work(components: Components, typed: tuple[str, str, str], failures: int = 0) -> Counter[str]:
    """What a sign-in costs, after so many failures under the name."""
    fail(components, typed[0], failures)
    with counted(components) as statements:
        assert post(components, *typed).status_code == 401
    with components.database.session() as session:
        for row in session.scalars(select(ThrottleRow)):
            session.delete(row)
    return statements


def test_every_kind_of_no_costs_one_hash_and_the_same_statements(components: Components, ann: str) -> None:
    usual = work(components, ("nobody", "wrong", ""))
    assert [count for what, count in usual.items() if what.startswith("hash")] == [1]
    for what, typed in refusals(components).items():
        assert work(components, typed) == usual, what


def test_a_throttled_try_costs_the_same_whoever_it_is(components: Components, ann: str) -> None:
    every = refusals(components) | {"right": ("ann", PASSWORD, "")}
    usual = work(components, ("nobody", "wrong", ""), FREE + 1)
    assert [count for what, count in usual.items() if what.startswith("hash")] == [1]
    for what, typed in every.items():
        assert work(components, typed, FREE + 1) == usual, what


def test_the_work_can_differ(components: Components, ann: str) -> None:
    with counted(components) as right:
        assert post(components, "ann", PASSWORD).status_code == 200
    assert right != work(components, ("ann", "wrong", ""))


def test_signing_in_works_alike_on_each_database(database_url: str, tmp_path: Path) -> None:
    with closing(fresh(tmp_path / "home", database_url=database_url)) as components:
        agency(components, "A")
        ann = person(components, "ann", "A", ["expert"])
        secret = factor(components, ann)
        assert settled(components, "ann", "wrong").wrong == "password"
        assert settled(components, "ann", PASSWORD, "000000").wrong == "second factor"
        digits = pyotp.TOTP(secret).now()
        assert settled(components, "ann", PASSWORD, digits).second_factor
        assert settled(components, "ann", PASSWORD, digits).wrong == "second factor"
        tried = sign_in.attempt(components.database, "ann", PASSWORD)
        with components.database.session() as session:
            assert sign_in.change_password(session, tried, NEW, "")
            one_time_codes.renew(session, session.get_one(PersonRow, ann), one_time_codes.hashed("0" * 20))
        assert settled(components, "ann", "o" * 20).must_set_up == ("password",)


# -- The trail


def test_the_trail_names_only_those_there_are_and_says_why(components: Components, ann: str) -> None:
    every = refusals(components)
    for typed in every.values():
        post(components, *typed)
    post(components, PASSWORD, "ann")  # a password in the field of the name
    seen = recorded(components)
    names = [typed[0] if what != "nobody" else "" for what, typed in every.items()] + [""]
    assert [(actor, decision) for actor, decision, _ in seen] == [(name, "refused") for name in names]
    assert [detail.split('"')[3] for *_, detail in seen] == [
        "password", "password", "inactive", "inactive", "second factor", "second factor", "second factor", "password",
        "password", "password",
    ]  # fmt: skip
    whole = "".join(str(entry) for entry in components.trail.entries())
    assert "nobody" not in whole
    assert PASSWORD not in whole


def test_the_trail_tells_a_right_sign_in_from_a_throttled_one(components: Components, ann: str) -> None:
    post(components, "ann", PASSWORD)
    fail(components, "ann", FREE + 1)
    post(components, "ann", PASSWORD)
    seen = recorded(components)
    assert seen[0] == ("ann", "allowed", "{}")
    assert seen[-1] == ("ann", "refused", '{"rule": "throttled"}')


# -- Sessions


def test_a_refused_sign_in_begins_no_session(components: Components, ann: str) -> None:
    answer(components, "ann", "wrong")
    with components.database.reading() as session:
        assert session.scalars(select(SessionRow)).all() == []


def test_a_sign_in_that_the_trail_cannot_hold_begins_no_session(components: Components, ann: str, monkeypatch) -> None:
    monkeypatch.setattr(components.trail, "record", lambda event: 1 / 0)
    assert post(components, "ann", PASSWORD).status_code == 500
    with components.database.reading() as session:
        assert session.scalars(select(SessionRow)).all() == []


def test_the_session_that_begins_is_the_one_that_is_present(components: Components, ann: str) -> None:
    with components.database.session() as session:
        begun = sign_in.begin(session, components.signer, principal(components, "ann"))
        row = session.scalars(select(SessionRow)).one()
        statements = sign_in.authenticate(session, components.token_keys, begun.token)
    assert row.expires == begun.expires
    assert statements == sign_in.AuthenticatedSession(begun.principal, row.id)


@pytest.mark.parametrize("meanwhile", ["password", "disabled", "renewed"])
def test_what_changes_between_the_two_steps_of_a_sign_in_counts(
    components: Components, ann: str, meanwhile: str
) -> None:
    tried = sign_in.attempt(components.database, "ann", PASSWORD)
    with components.database.session() as session:
        row = session.get_one(PersonRow, ann)
        if meanwhile == "password":
            row.password = passwords.digest(NEW)
        elif meanwhile == "disabled":
            people.disable(session, row)
        else:
            one_time_codes.renew(session, row, one_time_codes.hashed(one_time_codes.generated()))
    with components.database.session() as session:
        assert sign_in.complete(session, tried, FactorAnswer(), frozenset()).principal is None


# -- The second factor, and who needs one


@pytest.fixture
def admin(components: Components) -> str:
    agency(components, "A")
    return person(components, "root", "A", ["administrator", "auditor"])


def signed_in(components: Components, username: str, password: str = PASSWORD, typed: str = ""):
    api = client(components)
    api.headers["Authorization"] = f"Bearer {post(components, username, password, typed).json()['token']}"
    return api


def test_without_a_second_factor_an_administrators_role_does_not_hold(components: Components, admin: str) -> None:
    api = signed_in(components, "root")
    me = api.get("/api/me").json()
    assert (me["must"], me["roles"], me["actions"], me["second_factor"]) == (["otp"], ["auditor"], ["audit"], False)
    refused = api.get("/api/status")
    assert (refused.status_code, refused.json()["code"]) == (403, "second_factor_to_set_up")
    assert api.post("/api/search", json={}).json()["code"] == "forbidden"  # which a second factor would not open
    assert settled(components, "root", PASSWORD).principal.roles == {Role.AUDITOR}


def test_with_one_it_does(components: Components, admin: str) -> None:
    secret = factor(components, admin)
    api = signed_in(components, "root", typed=pyotp.TOTP(secret).now())
    me = api.get("/api/me").json()
    assert (me["must"], me["roles"], me["second_factor"]) == ([], ["administrator", "auditor"], True)
    assert api.get("/api/status").status_code == 200


@pytest.mark.parametrize("role", [role for role in Role if role not in sign_in.NEEDS_SECOND_FACTOR])
def test_no_other_role_waits_for_it(components: Components, ann: str, role: Role) -> None:
    person(components, "one", "A", [role])
    me = signed_in(components, "one").get("/api/me").json()
    assert (me["must"], me["roles"]) == ([], [role])


def test_the_roles_that_wait_for_it_are_named_in_one_place() -> None:
    assert {Role.ADMINISTRATOR} == sign_in.NEEDS_SECOND_FACTOR


def test_setting_it_up_raises_this_session_and_ends_the_others(components: Components, admin: str) -> None:
    api, other = signed_in(components, "root"), signed_in(components, "root")
    offered = api.put("/api/me/otp", json={"password": PASSWORD}).json()
    assert offered["uri"].startswith("otpauth://totp/Tolmach:root?")
    assert offered["picture"].startswith("<svg")
    assert offered["recovery_codes"] == []
    assert api.get("/api/me").json()["must"] == ["otp"]  # an offer turns nothing on
    shown = {"password": PASSWORD, "secret": offered["secret"], "code": pyotp.TOTP(offered["secret"]).now()}
    done = api.put("/api/me/otp", json=shown)
    assert done.status_code == 200
    assert (done.json()["secret"], len(done.json()["recovery_codes"])) == ("", 10)
    assert api.get("/api/me").json()["must"] == []
    assert other.get("/api/me").status_code == 401
    assert post(components, "root", PASSWORD).status_code == 401
    assert post(components, "root", PASSWORD, shown["code"]).status_code == 401  # used up
    assert post(components, "root", PASSWORD, done.json()["recovery_codes"][3]).status_code == 200
    assert post(components, "root", PASSWORD, done.json()["recovery_codes"][3]).status_code == 401
    taken = [(e.action, e.decision) for e in components.trail.entries() if "second_factor" in e.action]
    assert taken == [("offer_second_factor", "allowed"), ("set_up_second_factor", "allowed")]


def test_setting_it_up_needs_the_password_and_the_digits(components: Components, admin: str) -> None:
    api = signed_in(components, "root")
    secret = api.put("/api/me/otp", json={"password": PASSWORD}).json()["secret"]
    for body, says in [
        ({"password": "wrong"}, "password is not right"),
        ({"password": "wrong", "secret": secret, "code": pyotp.TOTP(secret).now()}, "password is not right"),
        ({"password": PASSWORD, "secret": secret, "code": "000000"}, "digits"),
        ({"password": PASSWORD, "secret": "A" * 32, "code": pyotp.TOTP("A" * 32).now()}, "digits"),
    ]:
        refused = api.put("/api/me/otp", json=body)
        assert refused.status_code == 422
        assert says in refused.json()["detail"]
    assert api.get("/api/me").json()["must"] == ["otp"]
    assert post(components, "root", PASSWORD).status_code == 200


def test_it_is_not_set_up_twice(components: Components, admin: str) -> None:
    secret = factor(components, admin)
    api = signed_in(components, "root", typed=pyotp.TOTP(secret).now())
    other = totp.offer("root").secret
    for body in ({"password": PASSWORD}, {"password": PASSWORD, "secret": other, "code": pyotp.TOTP(other).now()}):
        refused = api.put("/api/me/otp", json=body)
        assert (refused.status_code, "already" in refused.json()["detail"]) == (422, True)
    with components.database.reading() as session:
        sealed = session.get_one(PersonRow, admin).otp_secret
        assert vault.unseal(session, sealed, vault.of_person(admin)) == secret


# -- A new password


def test_a_new_password_replaces_the_old_one_and_ends_the_other_sessions(components: Components, ann: str) -> None:
    api, other = client(components, "ann"), client(components, "ann")
    assert api.put("/api/me/password", json={"old": PASSWORD, "new": NEW}).status_code == 204
    assert api.get("/api/me").status_code == 200
    assert other.get("/api/me").status_code == 401
    assert answer(components, "ann", PASSWORD)[0] == 401
    assert answer(components, "ann", NEW)[0] == 200


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("wrong", NEW, "old password"),
        ("", NEW, "old password"),
        (PASSWORD, "short", "12 to 256"),
        (PASSWORD, "ann and password1234", ""),
        (PASSWORD, "password1234", "tried first"),
        (PASSWORD, PASSWORD, "another"),
        ("wrong", "short", "12 to 256"),
    ],
)
def test_a_refused_change_leaves_the_password_as_it_was(
    components: Components, ann: str, old: str, new: str, says: str
) -> None:
    refused = client(components, "ann").put("/api/me/password", json={"old": old, "new": new})
    if not says:
        assert refused.status_code == 204
        return
    assert refused.status_code == 422
    assert says in refused.json()["detail"]
    assert answer(components, "ann", PASSWORD)[0] == 200


def test_a_weak_new_password_is_no_failure(components: Components, ann: str) -> None:
    api = client(components, "ann")
    for _ in range(FREE + 2):
        assert api.put("/api/me/password", json={"old": PASSWORD, "new": "short"}).status_code == 422
    assert api.put("/api/me/password", json={"old": PASSWORD, "new": NEW}).status_code == 204


@pytest.mark.parametrize("path", ["/api/me/password", "/api/me/otp"])
def test_guessing_the_password_in_a_session_is_slowed_down_too(components: Components, ann: str, path: str) -> None:
    api = client(components, "ann")
    for _ in range(FREE + 1):
        assert api.put(path, json={"old": "wrong", "new": NEW, "password": "wrong"}).status_code == 422
    refused = api.put(path, json={"old": PASSWORD, "new": NEW, "password": PASSWORD})
    assert (refused.status_code, "not right" in refused.json()["detail"]) == (422, True)
    assert post(components, "ann", PASSWORD).status_code == 401
    forget_failures(components)
    assert post(components, "ann", PASSWORD).status_code == 200


def test_a_password_that_holds_ones_name_is_refused(components: Components, ann: str) -> None:
    person(components, "aigerim", "A", ["expert"])
    refused = client(components, "aigerim").put(
        "/api/me/password", json={"old": PASSWORD, "new": "I am Aigerim and so"}
    )
    assert (refused.status_code, "user name" in refused.json()["detail"]) == (422, True)


def test_refusing_a_new_password_needs_no_attempt(components: Components, ann: str) -> None:
    with pytest.raises(WeakPasswordError):
        sign_in.refuse_new("ann", PASSWORD, "short")
    with components.database.reading() as session:
        assert session.scalars(select(ThrottleRow)).all() == []


def test_somebody_who_is_gone_changes_nothing(components: Components, ann: str) -> None:
    tried = sign_in.attempt(components.database, "nobody", PASSWORD)
    with components.database.session() as session:
        assert not sign_in.change_password(session, tried, NEW, "")
        assert sign_in.set_up_second_factor(session, tried, "", "", FactorAnswer()).wrong == "password"
