"""Signing in tells nobody whether a name exists, and a new password needs the old one."""

from __future__ import annotations

import pytest
from cast import PASSWORD, agency, client, person, principal
from sqlalchemy import select

from auth import people, signin
from auth.passwords import WeakPasswordError
from auth.tables import AgencyRow, PersonRow, SessionRow
from services.parts import Parts


@pytest.fixture
def ann(parts: Parts) -> str:
    agency(parts, "A")
    return person(parts, "ann", "A", ["expert"])


def answer(parts: Parts, username: str, password: str):
    response = client(parts).post("/api/session", json={"username": username, "password": password})
    return response.status_code, response.content, response.headers.raw


def test_the_right_name_and_password_are_a_person(parts: Parts, ann: str) -> None:
    with parts.database.reading() as session:
        assert signin.check(session, "ann", PASSWORD) == principal(parts, "ann")


def test_every_kind_of_no_is_the_same_answer(parts: Parts, ann: str) -> None:
    gone = person(parts, "gone", "A", ["expert"])
    agency(parts, "B")
    person(parts, "orphan", "B", ["expert"])
    with parts.database.session() as session:
        people.disable(session, session.get_one(PersonRow, gone))
        session.get_one(AgencyRow, "B").active = False
    refusal = answer(parts, "ann", "wrong")
    assert refusal[0] == 401
    for username, password in [
        ("nobody", PASSWORD),
        ("gone", PASSWORD),
        ("orphan", PASSWORD),
        ("", ""),
        ("ANN", PASSWORD),
        ("ann ", PASSWORD),
        ("ann", ""),
        ("ann", "x" * 300),
        ("ann' OR 1=1 --", PASSWORD),
    ]:
        assert answer(parts, username, password) == refusal


def test_a_refused_sign_in_begins_no_session(parts: Parts, ann: str) -> None:
    answer(parts, "ann", "wrong")
    with parts.database.reading() as session:
        assert session.scalars(select(SessionRow)).all() == []


def test_a_session_lasts_one_working_day(parts: Parts, ann: str) -> None:
    with parts.database.session() as session:
        begun = signin.begin(session, parts.signer, signin.check(session, "ann", PASSWORD))
        row = session.scalars(select(SessionRow)).one()
        found = signin.present(session, parts.signer, begun.token)
    assert row.expires == begun.expires
    assert found == signin.Presence(begun.principal, row.id)


def test_signing_out_of_a_session_that_is_none_does_nothing(parts: Parts, ann: str) -> None:
    with parts.database.session() as session:
        signin.begin(session, parts.signer, signin.check(session, "ann", PASSWORD))
        signin.sign_out(session, "0" * 32)
        assert [row.ended for row in session.scalars(select(SessionRow))] == [False]


def test_a_new_password_replaces_the_old_one(parts: Parts, ann: str) -> None:
    api = client(parts, "ann")
    new = "another password entirely"
    assert api.put("/api/me/password", json={"old": PASSWORD, "new": new}).status_code == 204
    assert answer(parts, "ann", PASSWORD)[0] == 401
    assert answer(parts, "ann", new)[0] == 200


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [("wrong", "another password entirely", "old password"), (PASSWORD, "short", "12 to 256"), ("", "", "old")],
)
def test_a_refused_change_leaves_the_password_as_it_was(parts: Parts, ann: str, old: str, new: str, says: str) -> None:
    refused = client(parts, "ann").put("/api/me/password", json={"old": old, "new": new})
    assert refused.status_code == 422
    assert says in refused.json()["detail"]
    assert answer(parts, "ann", PASSWORD)[0] == 200


def test_a_weak_password_is_refused_before_anything_is_changed(parts: Parts, ann: str) -> None:
    with pytest.raises(WeakPasswordError), parts.database.session() as session:
        signin.change_password(session, principal(parts, "ann"), PASSWORD, "short")
    assert answer(parts, "ann", PASSWORD)[0] == 200


def test_somebody_who_is_gone_changes_nothing(parts: Parts, ann: str) -> None:
    who = principal(parts, "ann")
    ghost = people.Principal("0" * 32, who.username, who.name, who.agency, who.grants)
    with parts.database.session() as session:
        assert not signin.change_password(session, ghost, PASSWORD, "another password entirely")
