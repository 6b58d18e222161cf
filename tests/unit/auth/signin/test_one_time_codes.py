"""A one-time code is random, is the same however it is typed, and opens nothing but choosing a password for a week."""

from __future__ import annotations

from datetime import timedelta

import pytest
from factories import PASSWORD, agency, client, person
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from auth import passwords
from auth.database import now
from auth.signin import one_time_codes, throttle, totp, vault
from auth.signin.one_time_codes import ALPHABET, LIFETIME, canonical, generated, hashed
from auth.tables import PersonRow, RecoveryRow, SessionRow, ThrottleRow
from services.components import Components

NEW = "another password entirely"


def test_codes_have_a_hundred_random_bits_in_groups_that_can_be_read_aloud() -> None:
    codes = {generated() for _ in range(500)}
    assert len(codes) == 500
    assert {tuple(map(len, code.split("-"))) for code in codes} == {(5, 5, 5, 5)}
    assert set("".join(codes)) - {"-"} == set(ALPHABET)  # every letter turns up, no other
    assert len(ALPHABET) == len(set(ALPHABET)) == 32
    assert not set("ILOU") & set(ALPHABET)


@given(st.text(alphabet=ALPHABET, min_size=1, max_size=20), st.data())
def test_however_a_code_is_typed_it_is_the_same(code: str, data: st.DataObject) -> None:
    looks = {"0": "0oO", "1": "1iIlL"}
    typed = "".join(
        data.draw(st.sampled_from(looks.get(letter, letter + letter.lower())))
        + data.draw(st.sampled_from(["", "-", " ", " - "]))
        for letter in code
    )
    assert canonical(typed) == code
    assert canonical(canonical(typed)) == code


@given(st.text(max_size=60))
def test_any_text_has_a_canonical_form(text: str) -> None:
    assert not set(canonical(text)) & {"-", " "}


def test_another_code_is_another() -> None:
    stored_hash = hashed("ABCDE-FGHJK")
    assert passwords.matches(canonical("abcde fghjk"), stored_hash)
    assert not passwords.matches(canonical("abcde-fghjm"), stored_hash)


@pytest.fixture
def ann(components: Components) -> str:
    agency(components, "A")
    return person(components, "ann", "A", ["expert"])


@pytest.fixture
def code(components: Components, ann: str) -> str:
    """Her sign-in was renewed, after she had signed in, set up a second factor and failed a few times."""
    codes = generated()
    client(components, "ann")
    with components.database.session() as session:
        row = session.get_one(PersonRow, ann)
        secret = totp.offer("ann").secret
        assert totp.turn_on(session, row, secret, totp.pyotp.TOTP(secret).now())
        throttle.admit(session, "ann")
        one_time_codes.renew(session, row, hashed(codes))
    return codes


def sign_in(components: Components, password: str):
    return client(components).post("/api/session", json={"username": "ann", "password": password})


def with_token(components: Components, password: str):
    api = client(components)
    api.headers["Authorization"] = f"Bearer {sign_in(components, password).json()['token']}"
    return api


def test_renewing_forgets_the_password_the_second_factor_the_sessions_and_the_failures(
    components: Components, ann: str, code: str
) -> None:
    with components.database.reading() as session:
        row = session.get_one(PersonRow, ann)
        assert (row.otp_secret, row.otp_step) == ("", 0)
        assert timedelta() < row.code_until - now() <= LIFETIME
        assert session.scalars(select(RecoveryRow)).all() == []
        assert session.scalars(select(ThrottleRow)).all() == []
        assert [one.ended for one in session.scalars(select(SessionRow))] == [True]
    assert sign_in(components, PASSWORD).status_code == 401
    assert sign_in(components, code).status_code == 200


def test_renewing_one_person_leaves_the_others_alone(components: Components, ann: str) -> None:
    bob = person(components, "bob", "A", ["expert"])
    secret = totp.offer("bob").secret
    api = client(components, "bob")
    with components.database.session() as session:
        totp.turn_on(session, session.get_one(PersonRow, bob), secret, totp.pyotp.TOTP(secret).now())
        one_time_codes.renew(session, session.get_one(PersonRow, ann), hashed(generated()))
    with components.database.reading() as session:
        sealed = session.get_one(PersonRow, bob).otp_secret
        assert vault.unseal(session, sealed, vault.of_person(bob)) == secret
        assert len(session.scalars(select(RecoveryRow)).all()) == totp.RECOVERY_CODES
    assert api.get("/api/me").status_code == 200


@pytest.mark.parametrize("typed", [str.lower, lambda code: code.replace("-", ""), lambda code: code.replace("-", " ")])
def test_a_code_signs_in_however_it_is_typed_and_holds_no_grant(components: Components, code: str, typed) -> None:
    api = with_token(components, typed(code))
    me = api.get("/api/me").json()
    assert (me["must"], me["roles"], me["actions"]) == (["password"], [], [])
    assert api.post("/api/search", json={"query": "x"}).status_code == 403
    refused = api.get("/api/documents")
    assert (refused.status_code, refused.json()["code"]) == (403, "password_to_choose")
    entry = list(components.trail.entries())[-1]
    assert (entry.decision, entry.detail) == ("refused", '{"rule": "password to choose"}')


def test_with_a_password_of_their_own_the_person_holds_what_they_are_granted(components: Components, code: str) -> None:
    api, other = with_token(components, code), with_token(components, code)
    assert api.put("/api/me/password", json={"old": code.lower(), "new": NEW}).status_code == 204
    me = api.get("/api/me").json()
    assert (me["must"], me["roles"]) == ([], ["expert"])
    assert other.get("/api/me").status_code == 401
    assert sign_in(components, code).status_code == 401
    assert sign_in(components, NEW).status_code == 200


def test_a_code_is_not_the_new_password(components: Components, code: str) -> None:
    api = with_token(components, code)
    for new in (code, code.lower(), code.replace("-", "")):
        refused = api.put("/api/me/password", json={"old": code, "new": new})
        assert (refused.status_code, refused.json()["detail"]) == (422, "The new password must be another one.")
    assert api.get("/api/me").json()["must"] == ["password"]


def test_a_code_sets_up_no_second_factor(components: Components, code: str) -> None:
    refused = with_token(components, code).put("/api/me/otp", json={"password": code})
    assert (refused.status_code, refused.json()["detail"]) == (422, "Choose a password first.")


def test_an_expired_code_is_a_wrong_password(components: Components, ann: str, code: str) -> None:
    api = with_token(components, code)
    with components.database.session() as session:
        session.get_one(PersonRow, ann).code_until = now() - timedelta(seconds=1)
    wrong = sign_in(components, "wrong")
    late = sign_in(components, code)
    assert (late.status_code, late.content, late.headers) == (401, wrong.content, wrong.headers)
    assert api.get("/api/me").json()["must"] == ["password"]
    assert api.put("/api/me/password", json={"old": code, "new": NEW}).status_code == 422


def test_a_password_of_ones_own_is_typed_as_it_is(components: Components, ann: str) -> None:
    assert sign_in(components, PASSWORD.upper()).status_code == 401
    assert sign_in(components, PASSWORD.replace(" ", "")).status_code == 401
