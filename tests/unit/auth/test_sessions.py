"""A session lasts ten hours at most, one hour without use, and ends for good when it is ended."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from factories import agency, client, person
from sqlalchemy import event, select

from auth import people, sessions
from auth.database import now
from auth.sessions import IDLE, LIFETIME, MOST_LISTED, NOTED
from auth.signin.token_keys import SEALED
from auth.tables import SessionRow
from services.components import Components


@pytest.fixture
def ann(components: Components) -> str:
    agency(components, "A")
    return person(components, "ann", "A", ["expert"])


@pytest.fixture
def row(components: Components, ann: str) -> str:
    with components.database.session() as session:
        return sessions.begin(session, ann, now(), False).id


def alter(components: Components, session_id: str, **values) -> None:
    with components.database.session() as session:
        for name, value in values.items():
            setattr(session.get_one(SessionRow, session_id), name, value)


def current(components: Components, session_id: str, person_id: str) -> bool:
    with components.database.reading() as session:
        found = people.whose_session(session, session_id, SEALED)
        return found is not None and found[1].id == person_id and sessions.lasts(found[2])


def test_a_session_lasts_one_working_day_and_one_hour_without_use() -> None:
    assert (timedelta(hours=10), timedelta(hours=1), timedelta(minutes=1)) == (LIFETIME, IDLE, NOTED)


@pytest.mark.parametrize(
    ("ago", "lasts"), [(timedelta(), True), (IDLE - NOTED, True), (IDLE, False), (LIFETIME, False)]
)
def test_a_session_that_lay_idle_is_over(
    components: Components, ann: str, row: str, ago: timedelta, lasts: bool
) -> None:
    alter(components, row, seen=now() - ago)
    assert current(components, row, ann) == lasts


@pytest.mark.parametrize(("left", "lasts"), [(timedelta(seconds=5), True), (timedelta(), False), (-IDLE, False)])
def test_a_session_is_over_at_its_end_though_it_is_in_use(
    components: Components, ann: str, row: str, left, lasts: bool
) -> None:
    alter(components, row, expires=now() + left, seen=now())
    assert current(components, row, ann) == lasts


def test_a_session_is_its_persons_alone(components: Components, ann: str, row: str) -> None:
    other = person(components, "other", "A")
    assert not current(components, row, other)
    assert not current(components, row, "")
    assert not current(components, "0" * 32, ann)


def test_use_keeps_a_session_up_to_its_end(components: Components, ann: str, row: str) -> None:
    alter(components, row, seen=now() - IDLE + NOTED)
    with components.database.session() as session:
        sessions.note(session, row)
    with components.database.reading() as session:
        current_row = session.get_one(SessionRow, row)
        assert now() - current_row.seen < NOTED
        assert current_row.expires < now() + LIFETIME


def test_ending_all_but_one(components: Components, ann: str, row: str) -> None:
    other = person(components, "other", "A")
    with components.database.session() as session:
        second = sessions.begin(session, ann, now(), False).id
        theirs = sessions.begin(session, other, now(), False).id
        sessions.end_all(session, ann, but=second)
    assert [
        current(components, listed_row, who) for listed_row, who in ((row, ann), (second, ann), (theirs, other))
    ] == [
        False,
        True,
        True,
    ]
    with components.database.session() as session:
        sessions.end_all(session, ann)
    assert not current(components, second, ann)


def test_ending_one_that_is_none_does_nothing(components: Components, ann: str, row: str) -> None:
    with components.database.session() as session:
        sessions.end(session, "0" * 32)
    assert current(components, row, ann)
    with components.database.session() as session:
        sessions.end(session, row)
    assert not current(components, row, ann)


def test_raising_one_session_to_a_second_factor_raises_no_other(components: Components, ann: str, row: str) -> None:
    with components.database.session() as session:
        second = sessions.begin(session, ann, now(), False).id
        sessions.raise_to_second_factor(session, second)
    with components.database.reading() as session:
        raised = {listed_row.id: listed_row.second_factor for listed_row in session.scalars(select(SessionRow))}
    assert raised == {row: False, second: True}


def test_use_is_noted_once_a_minute_and_reading_writes_nothing_else(components: Components, ann: str) -> None:
    api = client(components, "ann")
    written = []
    event.listen(
        components.database.engine,
        "before_cursor_execute",
        lambda _c, _u, statement, *_: written.append(statement) if "UPDATE sessions" in statement else None,
    )
    for _ in range(5):
        assert api.get("/api/me").status_code == 200
    assert written == []
    with components.database.reading() as session:
        row = session.scalars(select(SessionRow)).one().id
    alter(components, row, seen=now() - NOTED)
    written.clear()
    for _ in range(5):
        assert api.get("/api/me").status_code == 200
    assert len(written) == 1
    alter(components, row, seen=now() - IDLE)
    assert api.get("/api/me").status_code == 401
    alter(components, row, seen=now())
    assert api.get("/api/me").status_code == 200


def test_signing_out_everywhere_ends_this_session_and_the_others(components: Components, ann: str) -> None:
    person(components, "bob", "A", ["expert"])
    first, second, bob = client(components, "ann"), client(components, "ann"), client(components, "bob")
    assert first.delete("/api/me/sessions").status_code == 204
    assert [api.get("/api/me").status_code for api in (first, second, bob)] == [401, 401, 200]
    assert client(components, "ann").get("/api/me").status_code == 200
    assert [entry.actor for entry in components.trail.entries() if entry.action == "sign_out_everywhere"] == ["ann"]


def test_ones_own_sessions_are_listed_as_long_as_they_last(components: Components, ann: str) -> None:
    person(components, "bob", "A", ["expert"])
    with components.database.session() as session:
        idle, over, ended, lasting = (sessions.begin(session, ann, now().replace(microsecond=0), False) for _ in "1234")
        idle.seen = now() - IDLE
        over.expires = now()
        ended.ended = True
        lasting.expires -= timedelta(hours=2)
    client(components, "bob")
    listed = client(components, "ann").get("/api/me/sessions").json()
    assert [(row["this"], row["second_factor"]) for row in listed] == [(True, True), (False, False)]
    assert datetime.fromisoformat(listed[1]["begun"]) == lasting.seen - timedelta(hours=2)
    assert datetime.fromisoformat(listed[1]["expires_at"]) == lasting.expires
    assert datetime.fromisoformat(listed[1]["last_used"]) == lasting.seen
    assert lasting.id not in str(listed)  # an identifier is half of a token
    [entry] = [entry for entry in components.trail.entries() if entry.action == "list_sessions"]
    assert (entry.actor, entry.detail) == ("ann", '{"total": 2}')


def test_no_more_sessions_are_listed_than_fit_a_page(components: Components, ann: str) -> None:
    with components.database.session() as session:
        for _ in range(MOST_LISTED + 1):
            sessions.begin(session, ann, now(), False)
    assert len(client(components, "ann").get("/api/me/sessions").json()) == MOST_LISTED
