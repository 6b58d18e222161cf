"""Guessing is slowed down by name, taken or not: after four failures in a row each costs a wait, twice the last."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from auth.database import Base, Database, now
from auth.signin import throttle
from auth.signin.throttle import FORGOTTEN, FREE, LONGEST_WAIT, admit, clear, key, wait_after
from auth.tables import ThrottleRow

START = datetime.fromisoformat("2026-01-01T00:00:00+00:00")


@pytest.fixture
def database(database_url: str):
    opened = Database(database_url)
    Base.metadata.create_all(opened.engine)
    yield opened
    opened.close()


def tries(database: Database, count: int, at: datetime = START, name: str = "ann") -> list[bool]:
    """So many tries at one moment, each in a transaction of its own: whether each was looked at."""
    answers = []
    for _ in range(count):
        with database.session() as session:
            answers.append(admit(session, name, at) > 0)
    return answers


def rows(session: Session) -> dict[str, int]:
    return {row.name: row.failures for row in session.scalars(select(ThrottleRow))}


def test_the_first_failures_cost_nothing_and_the_fifth_a_wait(database: Database) -> None:
    assert tries(database, 7) == [True] * (FREE + 1) + [False] * 2
    assert tries(database, 1, START + timedelta(milliseconds=999)) == [False]
    assert tries(database, 2, START + timedelta(seconds=1)) == [True, False]


def test_the_wait_doubles_from_a_second_to_a_quarter_of_an_hour() -> None:
    waits = [wait_after(failures).total_seconds() for failures in range(1, 18)]
    assert waits[:FREE] == [0] * FREE
    assert waits[FREE:] == [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900, 900]


@given(st.integers(0, 10**9))
def test_no_number_of_failures_waits_longer_or_shorter_than_the_one_before(failures: int) -> None:
    assert timedelta() <= wait_after(failures) <= wait_after(failures + 1) <= LONGEST_WAIT


def test_a_try_that_was_not_looked_at_does_not_make_the_wait_longer(database: Database) -> None:
    tries(database, 100)
    assert tries(database, 1, START + timedelta(seconds=1)) == [True]


def test_a_right_sign_in_clears_the_count(database: Database) -> None:
    tries(database, FREE)
    with database.session() as session:
        clear(session, "ann")
    assert tries(database, FREE) == [True] * FREE
    with database.reading() as session:
        assert rows(session) == {key("ann"): FREE}


def test_clearing_one_name_leaves_the_others(database: Database) -> None:
    tries(database, 2)
    tries(database, 3, name="bob")
    with database.session() as session:
        clear(session, "ann")
        assert rows(session) == {key("bob"): 3}


def test_names_are_counted_apart_and_whatever_their_case(database: Database) -> None:
    tries(database, 10)
    assert tries(database, 1, name="bob") == [True]
    assert tries(database, 1, name="ANN") == [False]
    assert key("straße") == key("STRASSE")
    assert key("\udc80") != key("")


def test_the_table_holds_no_name(database: Database) -> None:
    tries(database, 1, name="my password, typed into the wrong field")
    with database.reading() as session:
        assert [(len(name), int(name, 16) > 0) for name in rows(session)] == [(64, True)]


@pytest.mark.parametrize("failures", [1, 5, 30])
def test_the_failures_are_forgotten_an_hour_after_the_wait(database: Database, failures: int) -> None:
    moment = START
    for number in range(failures):
        tries(database, 1, moment)
        moment += wait_after(number + 1)
    tries(database, 1, moment + FORGOTTEN, "somebody else")
    with database.reading() as session:
        assert rows(session)[key("ann")] == failures
    tries(database, 1, moment + FORGOTTEN + timedelta(seconds=1), "somebody else")
    with database.reading() as session:
        assert set(rows(session)) == {key("somebody else")}


def test_many_at_once_are_all_counted_and_no_more_than_a_few_are_looked_at(database: Database) -> None:
    with ThreadPoolExecutor(8) as threads:
        looked_at = list(threads.map(lambda _: tries(database, 1, now())[0], range(40)))
    assert FREE < sum(looked_at) <= FREE + 5  # the waits of 1, 2, 4 … seconds may be over before all have come
    with database.reading() as session:
        assert rows(session) == {key("ann"): sum(looked_at)}


def test_a_try_counts_though_what_follows_it_breaks_off(database: Database) -> None:
    tries(database, FREE)
    with pytest.raises(ZeroDivisionError), database.session() as session:
        clear(session, "ann")
        _ = 1 / 0
    assert tries(database, 2) == [True, False]


def test_somebody_who_was_first_is_counted_with(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    """The row comes to be between looking for it and making it."""
    tries(database, 1)
    with database.session() as session:
        answers = iter([None])
        real = session.scalar
        monkeypatch.setattr(session, "scalar", lambda query: next(answers, real(query)) if answers else real(query))
        row = throttle._locked_count(session, key("ann"), START)
        assert row.failures == 1
