"""An enquiry is withdrawn, closed and cleared away at one moment: one has it, and the asker never knows which."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from factories import agency, fresh, person, principal
from races import together
from sqlalchemy import func, select, update

from auth.changes import access
from auth.changes.access import DisablePerson
from auth.database import now
from indexer.enquiries import enquiries
from indexer.enquiries.enquiries import MOST, NoEnquiryError, TooManyEnquiriesError
from indexer.enquiries.tables import EnquiryRow
from services.components import Components

TIMES = 15


@pytest.fixture
def components(database_url: str, tmp_path: Path) -> Iterator[Components]:
    """An expert of A, whom nobody else races with, and the agency B."""
    opened = fresh(tmp_path / "home", database_url=database_url)
    agency(opened, "A")
    agency(opened, "B")
    person(opened, "ann", "A", ["expert"])
    yield opened
    opened.close()


def sending(components: Components) -> Callable[[], str]:
    """Sends an enquiry of Ann's; gives its identifier."""
    ann = principal(components, "ann")
    assert ann is not None

    def send() -> str:
        with components.database.session() as session:
            return enquiries.send(session, ann, "B", {"query": "border"}, "").enquiry_id

    return send


def acts(components: Components, enquiry_id: str) -> tuple[Callable[[], str], Callable[[], str]]:
    """To withdraw an enquiry, and to close it; each says what it did."""
    ann = principal(components, "ann")
    assert ann is not None

    def withdraw() -> str:
        with components.database.session() as session:
            enquiries.withdraw(session, ann.person_id, enquiry_id)
        return "withdrawn"

    def close() -> str:
        with components.database.session() as session:
            return f"closed, asked by {enquiries.close(session, 'B', enquiry_id).username}"

    return withdraw, close


def left(components: Components) -> int:
    with components.database.reading() as session:
        return session.scalar(select(func.count()).select_from(EnquiryRow)) or 0


def test_whoever_withdraws_does_so_whether_or_not_a_registrar_was_sooner(components: Components) -> None:
    for _ in range(TIMES):
        withdraw, close = acts(components, sending(components)())
        withdrawn, *closed = together(withdraw, close, close, refusals=(NoEnquiryError,))
        assert withdrawn == "withdrawn"
        assert [each for each in closed if not isinstance(each, NoEnquiryError)] in ([], ["closed, asked by ann"])
        assert left(components) == 0


def test_of_two_registrars_one_closes_it(components: Components) -> None:
    for _ in range(TIMES):
        withdraw, close = acts(components, sending(components)())
        outcomes = together(close, close, refusals=(NoEnquiryError,))
        assert sum(isinstance(each, NoEnquiryError) for each in outcomes) == 1
        assert withdraw() == "withdrawn"


def test_one_that_is_cleared_away_meanwhile_is_gone_for_all(components: Components) -> None:
    """Before its end it is there, after it it is not: a worker that comes by changes neither."""
    for past in (timedelta(0), -timedelta(days=1)) * 5:
        enquiry_id = sending(components)()
        with components.database.session() as session:
            session.execute(update(EnquiryRow).values(over_at=now() - past))
        withdraw, _ = acts(components, enquiry_id)

        def clear() -> str:
            with components.database.session() as session:
                enquiries.clear(session, 1_000)
            return "cleared"

        outcome, _ = together(withdraw, clear, refusals=(NoEnquiryError,))
        assert isinstance(outcome, NoEnquiryError) == (past == timedelta(0))
        assert left(components) == 0


def test_two_at_once_send_no_more_than_one_person_may(components: Components) -> None:
    send = sending(components)
    for _ in range(MOST - 1):
        send()
    outcomes = together(send, send, send, refusals=(TooManyEnquiriesError,))
    assert sum(isinstance(each, TooManyEnquiriesError) for each in outcomes) == 2
    assert left(components) == MOST


def test_whoever_is_disabled_while_they_ask_is_disabled_and_neither_waits_for_ever(components: Components) -> None:
    """An administrator locks the agencies, then the person; so does whoever asks."""
    for number in range(TIMES):
        name = f"p{number}"
        person(components, name, "A", ["expert"])
        asker = principal(components, name)
        assert asker is not None

        def send(asker=asker) -> str:
            with components.database.session() as session:
                return enquiries.send(session, asker, "B", {"query": "border"}, "").enquiry_id

        def disable(name: str = name) -> None:
            with components.database.session() as session:
                access.lock(session)
                DisablePerson(name).apply(session)

        enquiry_id, _ = together(send, disable)
        assert enquiry_id
        with components.database.reading() as session:
            assert enquiries.received(session, "B", 0, 100) == (0, [])
