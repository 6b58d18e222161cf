"""People, agencies and grants: clear names, dates that count, nobody who administers and reads."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from auth import people
from auth.database import Base, Database, now
from auth.passwords import WeakPasswordError
from auth.people import READING_ROLES, Grant, PeopleError, Role
from auth.tables import AgencyRow, PersonRow

PASSWORD = "one password for all"
NOON = now()


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    database = Database(f"sqlite:///{tmp_path / 'people.sqlite'}")
    Base.metadata.create_all(database.engine)
    with database.session() as opened:
        people.add_agency(opened, "A", "Agency", "Агентство", 30)
        opened.flush()
        yield opened
    database.close()


@pytest.fixture
def somebody(session: Session) -> PersonRow:
    row = PersonRow(username="somebody", name="Some Body", agency="A", password="no hash")
    session.add(row)
    session.flush()
    return row


@pytest.mark.parametrize("code", ["", "a", "kz-mia", "ALL", "-A", "A B", "A,B", "А", "A" * 33, "A\n", "A_B"])
def test_a_code_that_no_agency_may_have_is_refused(session: Session, code: str) -> None:
    with pytest.raises(PeopleError, match="agency's code"):
        people.add_agency(session, code, "x", "x", 10)


@pytest.mark.parametrize("code", ["B", "KZ-MIA", "2B", "A" * 32])
def test_a_well_formed_code_is_taken_once(session: Session, code: str) -> None:
    people.add_agency(session, code, "x", "x", 10)
    session.flush()
    with pytest.raises(PeopleError, match="already"):
        people.add_agency(session, code, "x", "x", 10)
    assert code in people.agency_codes(session)


@pytest.mark.parametrize("name", ["", "Ann", "ann b", ".ann", "анна", "a" * 65, "ann\n", "ann@b", "operator/x"])
def test_a_name_that_nobody_may_have_is_refused(session: Session, name: str) -> None:
    with pytest.raises(PeopleError, match="user name"):
        people.add_person(session, name, "Name", "A", PASSWORD)


def test_a_name_is_taken_once(session: Session, somebody: PersonRow) -> None:
    with pytest.raises(PeopleError, match="already"):
        people.add_person(session, "somebody", "Name", "A", PASSWORD)


def test_a_person_of_no_agency_or_with_a_weak_password_is_refused(session: Session) -> None:
    with pytest.raises(PeopleError, match="no agency B"):
        people.add_person(session, "ann", "Ann", "B", PASSWORD)
    with pytest.raises(WeakPasswordError):
        people.add_person(session, "ann", "Ann", "A", "short")
    assert people.find_person(session, "ann") is None


def test_a_new_person_holds_nothing(session: Session) -> None:
    row = people.add_person(session, "ann", "Ann", "A", PASSWORD)
    assert PASSWORD not in row.password
    assert people.principal(session, row.id) == people.Principal(row.id, "ann", "Ann", "A", ())


@pytest.mark.parametrize("role", sorted(READING_ROLES))
@pytest.mark.parametrize("administrator_first", [True, False])
def test_nobody_administers_and_reads(
    session: Session, somebody: PersonRow, role: Role, administrator_first: bool
) -> None:
    first, second = (Role.ADMINISTRATOR, role) if administrator_first else (role, Role.ADMINISTRATOR)
    people.add_grant(session, somebody, first, 10)
    with pytest.raises(PeopleError, match="administer and read"):
        people.add_grant(session, somebody, second, 10)
    assert people.principal(session, somebody.id).roles == {first}


def test_a_reading_grant_that_is_over_or_to_come_still_bars_from_administering(
    session: Session, somebody: PersonRow
) -> None:
    people.add_grant(session, somebody, Role.EXPERT, 10, starts=NOON + timedelta(days=9))
    with pytest.raises(PeopleError):
        people.add_grant(session, somebody, Role.ADMINISTRATOR, 10)


def test_the_reading_roles_are_those_that_open_a_document() -> None:
    from auth.policy import TABLE, UNLABELLED

    opening = {role for action, roles in TABLE.items() if action not in UNLABELLED for role in roles}
    assert opening == READING_ROLES


@pytest.mark.parametrize("words", [{""}, {"a\nb"}, {"a", "\n"}])
def test_a_word_that_is_none_is_refused(session: Session, somebody: PersonRow, words: set[str]) -> None:
    with pytest.raises(PeopleError, match="word"):
        people.add_grant(session, somebody, Role.EXPERT, 10, frozenset(words))


def test_words_come_back_as_they_were_given(session: Session, somebody: PersonRow) -> None:
    words = frozenset({"finance", "два слова", "a,b", 'quo"te'})
    people.add_grant(session, somebody, Role.EXPERT, 10, words)
    assert people.principal(session, somebody.id).grants == (Grant(Role.EXPERT, 10, words),)


@pytest.mark.parametrize(("clearance", "counts"), [(10, 10), (30, 30), (40, 30)])
def test_a_clearance_never_passes_the_agencys_ceiling(
    session: Session, somebody: PersonRow, clearance: int, counts: int
) -> None:
    people.add_grant(session, somebody, Role.EXPERT, clearance)
    assert people.principal(session, somebody.id).grants[0].clearance == counts


def test_a_lowered_ceiling_lowers_everybody_at_once(session: Session, somebody: PersonRow) -> None:
    people.add_grant(session, somebody, Role.EXPERT, 30)
    session.get_one(AgencyRow, "A").ceiling = 20
    assert people.principal(session, somebody.id).grants[0].clearance == 20


@pytest.mark.parametrize(
    ("starts", "ends", "holds"),
    [
        (-1, None, True),
        (0, None, True),
        (1, None, False),
        (-2, -1, False),
        (-2, 0, False),
        (-2, 1, True),
        (1, 2, False),
        (1, -1, False),
    ],
)
def test_a_grant_holds_from_its_first_moment_until_its_end(
    session: Session, somebody: PersonRow, starts: int, ends: int | None, holds: bool
) -> None:
    until = None if ends is None else NOON + timedelta(days=ends)
    people.add_grant(session, somebody, Role.EXPERT, 10, starts=NOON + timedelta(days=starts), ends=until)
    assert bool(people.principal(session, somebody.id, at=NOON).grants) == holds


def test_a_grant_without_dates_holds_from_now_on(session: Session, somebody: PersonRow) -> None:
    before = now()
    people.add_grant(session, somebody, Role.EXPERT, 10)
    assert people.principal(session, somebody.id).grants
    assert not people.principal(session, somebody.id, at=before - timedelta(seconds=1)).grants


def test_an_inactive_person_or_agency_is_nobody(session: Session, somebody: PersonRow) -> None:
    people.add_grant(session, somebody, Role.EXPERT, 10)
    somebody.active = False
    assert people.principal(session, somebody.id) is None
    somebody.active = True
    session.get_one(AgencyRow, "A").active = False
    assert people.principal(session, somebody.id) is None
    assert people.principal(session, "0" * 32) is None
