"""People, agencies and grants: clear names, dates that count, nobody who administers and reads."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from auth import passwords, people
from auth.database import Base, Database, now
from auth.passwords import WeakPasswordError
from auth.people import READING_ROLES, Grant, PeopleError, Role, UnknownError
from auth.tables import AgencyRow, GrantRow, PersonRow, SessionRow

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
    ],
)
def test_a_grant_holds_from_its_first_moment_until_its_end(
    session: Session, somebody: PersonRow, starts: int, ends: int | None, holds: bool
) -> None:
    until = None if ends is None else NOON + timedelta(days=ends)
    people.add_grant(session, somebody, Role.EXPERT, 10, starts=NOON + timedelta(days=starts), ends=until)
    assert bool(people.principal(session, somebody.id, at=NOON).grants) == holds


@pytest.mark.parametrize(("starts", "ends"), [(1, -1), (1, 1), (-1, -1), (None, -1)])
def test_a_grant_that_ends_before_it_starts_is_refused(
    session: Session, somebody: PersonRow, starts: int | None, ends: int
) -> None:
    begins = None if starts is None else NOON + timedelta(days=starts)
    with pytest.raises(PeopleError, match="end after it starts"):
        people.add_grant(session, somebody, Role.EXPERT, 10, starts=begins, ends=NOON + timedelta(days=ends))
    assert people.grants(session) == []


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


def test_nobody_is_called_as_the_trail_calls_whoever_holds_the_machine(session: Session) -> None:
    with pytest.raises(PeopleError, match="operator"):
        people.add_person(session, people.OPERATOR, "Name", "A", PASSWORD)


def test_a_person_without_a_password_is_signed_in_by_none(session: Session) -> None:
    row = people.add_person(session, "ann", "Ann", "A", None)
    assert row.password == people.NO_PASSWORD
    assert not any(passwords.matches(tried, row.password) for tried in ("", people.NO_PASSWORD, PASSWORD))


def test_a_password_made_of_ones_own_name_is_refused(session: Session) -> None:
    with pytest.raises(WeakPasswordError):
        people.add_person(session, "alexandra.ivanova", "Name", "A", "alexandra.ivanova")


def test_what_is_there_is_found_and_what_is_not_is_said_so(session: Session, somebody: PersonRow) -> None:
    people.add_grant(session, somebody, Role.EXPERT, 10)
    [(grant, person)] = people.grants(session)
    assert people.the_person(session, "somebody") is somebody is person
    assert people.the_grant(session, grant.id) is grant
    assert people.the_agency(session, "A").code == "A"
    for find, name in (
        (people.the_person, "nobody"),
        (people.the_person, ""),
        (people.the_agency, "B"),
        (people.the_agency, ""),
        (people.the_grant, "0" * 32),
    ):
        with pytest.raises(UnknownError, match="There is no"):
            find(session, name)


def test_lists_are_in_order_and_hold_those_who_left_too(session: Session) -> None:
    people.add_agency(session, "AA", "x", "x", 10)
    session.flush()
    for name, agency in (("cyd", "A"), ("ann", "AA"), ("ben", "A")):
        row = people.add_person(session, name, name, agency, None)
        for at in (2, 1):
            people.add_grant(session, row, Role.EXPERT, at, starts=NOON + at * timedelta(days=1))
    people.disable(session, people.the_person(session, "ben"))
    session.get_one(AgencyRow, "AA").active = False
    assert [row.code for row in people.agencies(session)] == ["A", "AA"]
    assert [row.username for row in people.people(session)] == ["ann", "ben", "cyd"]
    clearances = [(person.username, grant.clearance) for grant, person in people.grants(session)]
    assert clearances == [("ann", 1), ("ann", 2), ("ben", 1), ("ben", 2), ("cyd", 1), ("cyd", 2)]
    assert [who.username for who in people.everybody(session)] == ["cyd"]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    drawn=st.lists(
        st.tuples(
            st.booleans(),
            st.sampled_from("AB"),
            st.lists(
                st.tuples(st.sampled_from([-2, -1, 0, 1]), st.sampled_from([None, -1, 0, 1, 2]), st.sampled_from(Role)),
                max_size=3,
            ),
        ),
        max_size=4,
    ),
    takes_part=st.booleans(),
    days=st.sampled_from([-1, 0, 1]),
)
def test_everybody_at_once_is_each_one_by_one(session: Session, drawn, takes_part: bool, days: int) -> None:
    """With people who left, an agency that did, and grants that are over or to come."""
    savepoint = session.begin_nested()
    session.add(AgencyRow(code="B", name_en="", name_ru="", ceiling=20, active=takes_part))
    session.flush()
    for at, (active, agency, grants) in enumerate(drawn):
        session.add(PersonRow(id=str(at), username=f"p{at}", name="", agency=agency, password="", active=active))
        session.flush()
        for starts, ends, role in grants:
            until = None if ends is None else NOON + timedelta(days=ends)
            begins = NOON + timedelta(days=starts)
            session.add(GrantRow(person=str(at), role=role, clearance=30, words="x", starts=begins, ends=until))
    session.flush()
    moment = NOON + timedelta(days=days)
    one_by_one = [people.principal(session, str(at), moment) for at in range(len(drawn))]
    assert people.everybody(session, moment) == [who for who in one_by_one if who is not None]
    savepoint.rollback()


def test_disabling_ends_sessions_and_nobody_elses(session: Session, somebody: PersonRow) -> None:
    other = people.add_person(session, "other", "Other", "A", None)
    for row in (somebody, other):
        session.add(SessionRow(id=row.username, person=row.id, expires=NOON + timedelta(days=1)))
    session.flush()
    people.disable(session, somebody)
    session.expire_all()
    assert session.get_one(SessionRow, "somebody").ended
    assert not session.get_one(SessionRow, "other").ended
