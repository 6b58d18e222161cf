"""Changes to access: what each does, what it refuses, what widens; text and rehearsal lose and keep nothing."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from drawn import AGENCIES, LEVELS, WORDS
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from auth import passwords, people
from auth.changes import access as changes
from auth.changes.access import (
    AddAgency,
    AddGrant,
    AddPerson,
    Change,
    ChangeAgency,
    ChangeError,
    DisablePerson,
    EnablePerson,
    EndGrant,
    LinkPerson,
    RenewSignIn,
    Terms,
    UnlinkPerson,
    dry_run,
    favours,
    from_json,
    has_code,
    subject,
    to_json,
    widens,
    with_code,
)
from auth.database import Base, Database, now
from auth.expression import parse
from auth.labels import Label
from auth.people import PeopleError, Role, UnknownError
from auth.policy import Action, permits
from auth.signin import one_time_codes
from auth.tables import AgencyRow, GrantRow, PersonRow, RecoveryRow, SessionRow

DAY = timedelta(days=1)
SOON = now() + DAY
LATER = now() + 9 * DAY
PAST = now() - DAY
EXPERT = Terms(Role.EXPERT, 20, frozenset({"x"}))
ISSUER = "https://issuer.example"


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    opened = Database(f"sqlite:///{tmp_path_factory.mktemp('changes') / 'test.sqlite'}", b"k" * 32)
    Base.metadata.create_all(opened.engine)
    with opened.session() as session:
        for code in AGENCIES:
            people.add_agency(session, code, code, code, 20)
        people.add_agency(session, "GONE", "Gone", "Ушло", 20)
        session.flush()
        session.get_one(AgencyRow, "GONE").active = False
        for name, agency in (("ann", "A"), ("bob", "B"), ("left", "A"), ("gone", "GONE")):
            session.add(PersonRow(username=name, name=name, agency=agency, password="a hash", active=name != "left"))
        session.flush()
        ann = people.the_person(session, "ann")
        session.add(GrantRow(id="1", person=ann.id, role="expert", clearance=20, words="x", starts=PAST))
        session.add(GrantRow(id="2", person=ann.id, role="auditor", clearance=10, starts=PAST, ends=LATER))
        session.add(GrantRow(id="3", person=ann.id, role="registrar", clearance=10, starts=PAST - DAY, ends=PAST))
        session.add(GrantRow(id="4", person=ann.id, role="reviewer", clearance=10, starts=SOON))
    yield opened
    opened.close()


@pytest.fixture
def session(database: Database) -> Iterator[Session]:
    """A transaction that is rolled back, so that every test begins in the same world."""
    with database.session() as opened:
        yield opened
        opened.rollback()


def row(session: Session, username: str) -> PersonRow:
    return people.the_person(session, username)


def roles(session: Session, username: str) -> set[Role]:
    who = people.principal(session, row(session, username).id)
    return set(who.roles) if who else set()


# ---------------------------------------------------------------------------------------------------- what each does


def test_an_agency_is_added_and_renamed_and_goes(session: Session) -> None:
    AddAgency("NEW", "New", "Новое", 10).apply(session)
    session.flush()
    ChangeAgency("NEW", name_ru="Новейшее", ceiling=30).apply(session)
    added = people.the_agency(session, "NEW")
    assert (added.name_en, added.name_ru, added.ceiling, added.active) == ("New", "Новейшее", 30, True)
    ChangeAgency("NEW", active=False).apply(session)
    assert not people.the_agency(session, "NEW").active


@pytest.mark.parametrize(
    "change",
    [
        ChangeAgency("A"),
        ChangeAgency("A", name_en="A"),
        ChangeAgency("A", ceiling=20, active=True),
        ChangeAgency("GONE", active=False, name_ru="Ушло"),
    ],
)
def test_a_change_that_changes_nothing_is_refused(session: Session, change: Change) -> None:
    with pytest.raises(PeopleError, match="like that already"):
        change.apply(session)


def test_a_change_of_one_thing_leaves_the_others(session: Session) -> None:
    ChangeAgency("A", name_en="Other", ceiling=20).apply(session)
    changed = people.the_agency(session, "A")
    assert (changed.name_en, changed.name_ru, changed.ceiling, changed.active) == ("Other", "A", 20, True)


def test_a_person_comes_with_grants_and_a_code(session: Session) -> None:
    code = one_time_codes.generated()
    terms = (EXPERT, Terms(Role.REGISTRAR, 10, starts=SOON, ends=LATER))
    AddPerson("new", "New Person", "A", terms, one_time_codes.hashed(code), "half").apply(session)
    new = row(session, "new")
    assert (new.name, new.agency, new.active) == ("New Person", "A", True)
    assert passwords.matches(one_time_codes.canonical(code), new.password)
    assert new.code_until is not None and new.code_until > now()
    grants = {grant.role: grant for grant, person in people.grants(session) if person.id == new.id}
    assert (grants["expert"].clearance, grants["expert"].words, grants["expert"].ends) == (20, "x", None)
    assert (grants["registrar"].starts, grants["registrar"].ends) == (SOON, LATER)
    assert roles(session, "new") == {Role.EXPERT}


def test_a_person_without_a_code_is_signed_in_by_nothing(session: Session) -> None:
    AddPerson("new", "New", "A").apply(session)
    new = row(session, "new")
    assert (new.password, new.code_until) == (people.NO_PASSWORD, None)
    for tried in ("", people.NO_PASSWORD, "password", new.password):
        assert not passwords.matches(tried, new.password)


def test_disabling_ends_every_session_and_enabling_revives_none(session: Session) -> None:
    ann = row(session, "ann")
    session.add(SessionRow(id="s", person=ann.id, expires=LATER))
    session.flush()
    DisablePerson("ann").apply(session)
    session.expire_all()
    assert session.get_one(SessionRow, "s").ended and people.principal(session, ann.id) is None
    DisablePerson("ann").apply(session)  # again: it stays so
    EnablePerson("ann").apply(session)
    assert session.get_one(SessionRow, "s").ended and people.principal(session, ann.id) is not None
    with pytest.raises(PeopleError, match="active already"):
        EnablePerson("ann").apply(session)


def test_a_renewal_takes_away_password_second_factor_and_sessions(session: Session) -> None:
    ann = row(session, "ann")
    ann.otp_secret, ann.otp_step = "SECRET", 7
    session.add_all([SessionRow(id="s", person=ann.id, expires=LATER), RecoveryRow(person=ann.id, digest="d")])
    session.flush()
    code = one_time_codes.generated()
    RenewSignIn("ann", one_time_codes.hashed(code)).apply(session)
    session.expire_all()
    ann = row(session, "ann")
    assert (ann.otp_secret, ann.otp_step) == ("", 0) and ann.code_until is not None
    assert passwords.matches(one_time_codes.canonical(code), ann.password)
    assert session.get_one(SessionRow, "s").ended
    assert session.scalars(select(RecoveryRow)).all() == []


def test_a_grant_is_added_with_its_time(session: Session) -> None:
    AddGrant("bob", Terms(Role.TRANSLATOR, 30, frozenset({"x", "y"}), ends=SOON)).apply(session)
    [(grant, _)] = [pair for pair in people.grants(session) if pair[1].username == "bob"]
    assert (grant.role, grant.clearance, grant.words, grant.ends) == ("translator", 30, "x\ny", SOON)
    assert grant.starts <= now()
    who = people.principal(session, grant.person)
    assert who is not None and who.grants[0].clearance == 20  # the agency's ceiling


@pytest.mark.parametrize(("grant_id", "ends"), [("1", None), ("1", SOON), ("2", None), ("2", SOON), ("4", None)])
def test_a_grant_is_ended_now_or_at_a_moment_to_come(session: Session, grant_id: str, ends: datetime | None) -> None:
    before = now()
    EndGrant(grant_id, ends).apply(session)
    ended = people.the_grant(session, grant_id).ends
    assert ended is not None and (ended == ends or before <= ended <= now())
    holds = {"1": Role.EXPERT, "2": Role.AUDITOR, "4": Role.REVIEWER}[grant_id] in roles(session, "ann")
    assert holds == (ends is not None)


def test_a_grant_that_was_ended_before_it_began_never_holds(session: Session) -> None:
    EndGrant("4").apply(session)
    session.flush()
    ann = row(session, "ann")
    for moment in (now(), SOON, SOON + DAY, LATER):
        who = people.principal(session, ann.id, moment)
        assert who is not None and Role.REVIEWER not in who.roles


# ------------------------------------------------------------------------------------------------ what it refuses


@pytest.mark.parametrize(
    "change",
    [
        ChangeAgency("NONE", ceiling=10),
        AddPerson("new", "New", "NONE"),
        DisablePerson("nobody"),
        EnablePerson("nobody"),
        AddGrant("nobody", EXPERT),
        EndGrant("9"),
        RenewSignIn("nobody"),
    ],
)
def test_what_is_not_there_is_refused(session: Session, change: Change) -> None:
    with pytest.raises(UnknownError, match="There is no"):
        change.apply(session)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (AddAgency("A", "A", "A", 10), "already"),
        (AddAgency("ALL", "A", "A", 10), "not ALL"),
        (AddPerson("ann", "Ann", "A"), "already"),
        (AddPerson("New", "New", "A"), "user name"),
        (AddPerson("operator", "New", "A"), "called operator"),
        (AddPerson("new", "New", "GONE"), "no longer takes part"),
        (AddPerson("new", "N", "A", (EXPERT, Terms(Role.ADMINISTRATOR, 10))), "administer and read"),
        (AddPerson("new", "N", "A", (replace(EXPERT, ends=PAST),)), "in the future"),
        (AddGrant("left", EXPERT), "is disabled"),
        (AddGrant("gone", EXPERT), "no longer takes part"),
        (AddGrant("ann", Terms(Role.ADMINISTRATOR, 10)), "administer and read"),
        (AddGrant("bob", replace(EXPERT, ends=PAST)), "in the future"),
        (AddGrant("bob", replace(EXPERT, starts=LATER, ends=SOON)), "end after it starts"),
        (AddGrant("bob", replace(EXPERT, words=frozenset({"a\nb"}))), "need-to-know word"),
        (RenewSignIn("left", "hash"), "is disabled"),
        (RenewSignIn("gone", "hash"), "no longer takes part"),
        (EndGrant("3"), "over already"),
        (EndGrant("1", PAST), "not in the past"),
        (EndGrant("2", LATER), "only be ended earlier"),
        (EndGrant("2", LATER + DAY), "only be ended earlier"),
    ],
)
def test_what_makes_no_sense_is_refused_with_what_to_do(session: Session, change: Change, says: str) -> None:
    with pytest.raises(PeopleError, match=says) as refused:
        change.apply(session)
    assert str(refused.value).endswith((".", "…", "list"))


# --------------------------------------------------------------------------------------------------- what widens


@pytest.mark.parametrize(
    ("change", "wider"),
    [
        (AddAgency("NEW", "New", "Новое", 40), True),
        (AddAgency("NEW", "New", "Новое", 10), False),
        (ChangeAgency("A", name_en="Other"), True),
        (ChangeAgency("A", name_ru="Other", active=False), True),
        (ChangeAgency("A", ceiling=10), False),
        (ChangeAgency("A", ceiling=20), False),
        (ChangeAgency("A", ceiling=21), True),
        (ChangeAgency("A", active=False), False),
        (ChangeAgency("A", active=True), False),
        (ChangeAgency("GONE", active=True), True),
        (ChangeAgency("GONE", name_en="Other", ceiling=10, active=True), True),
        (ChangeAgency("A", name_en="Other", ceiling=30), True),
        (AddPerson("new", "New", "A"), False),
        (AddPerson("new", "New", "A", (), "hash"), True),
        (DisablePerson("ann"), False),
        (EnablePerson("left"), True),
        (EndGrant("1"), False),
        (EndGrant("1", SOON), False),
        (RenewSignIn("ann"), True),
        (LinkPerson("ann", ISSUER, "subject"), True),
        (UnlinkPerson("ann"), False),
        *((AddPerson("new", "New", "A", (Terms(role, 0),)), True) for role in Role),
        *((AddGrant("bob", Terms(role, 0)), True) for role in Role),
    ],
)
def test_what_lets_anybody_do_more_is_told_from_what_does_not(session: Session, change: Change, wider: bool) -> None:
    assert widens(session, change) is wider


terms = st.builds(
    Terms,
    st.sampled_from(Role),
    st.sampled_from((0, *LEVELS)),
    st.frozensets(st.sampled_from(WORDS)),
    st.sampled_from([None, PAST, SOON]),
    st.sampled_from([None, SOON + DAY, LATER]),
)
known = st.sampled_from(["ann", "bob", "left", "gone", "nobody", "new"])
agencies = st.sampled_from([*AGENCIES, "GONE", "NEW"])
maybe_level = st.sampled_from([None, *LEVELS])
texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
every_change = st.one_of(
    st.builds(AddAgency, agencies, texts, texts, st.sampled_from(LEVELS)),
    st.builds(
        ChangeAgency, agencies, st.none() | texts, st.none() | texts, maybe_level, st.sampled_from([None, True, False])
    ),
    st.builds(AddPerson, known, texts, agencies, st.lists(terms, max_size=3).map(tuple), st.just(""), st.just("")),
    st.builds(DisablePerson, known),
    st.builds(EnablePerson, known),
    st.builds(AddGrant, known, terms),
    st.builds(EndGrant, st.sampled_from(["1", "2", "3", "4", "9"]), st.sampled_from([None, SOON, LATER])),
    st.builds(RenewSignIn, known, st.just("hash"), st.just("")),
    st.builds(LinkPerson, known, st.just(ISSUER), texts),
    st.builds(UnlinkPerson, known),
)
shared = settings(suppress_health_check=[HealthCheck.function_scoped_fixture])


def powers(session: Session, at: datetime) -> dict[str, set[Any]]:
    """What each active person may do at a moment: their roles, and what they may do under a choice of labels."""
    changes = [
        Label.of(level, frozenset({code}), parse(word), "A")
        for level in LEVELS
        for code in "ABC"
        for word in ("", *WORDS)
    ]
    return {
        who.username: {
            *who.roles,
            *(
                (action, label)
                for action in (Action.READ, Action.SEARCH, Action.REMOVE)
                for label in changes
                if permits(who, action, label)
            ),
        }
        for who in people.everybody(session, at)
    }


@shared
@given(change=every_change)
def test_what_does_not_widen_gives_nobody_anything_at_any_time(database: Database, change: Change) -> None:
    """Conservative: whatever gives anybody a role or a label, now or later, was said to widen."""
    moments = [now() + 2 * timedelta(seconds=1), SOON + timedelta(hours=1), LATER + DAY]
    with database.session() as session:
        before = [powers(session, at) for at in moments]
        try:
            wider = widens(session, change)
            with dry_run(session, change):
                after = [powers(session, at) for at in moments]
                hashes = {row.username: row.password for row in people.people(session) if row.password}
        except PeopleError:
            return
        assert {row.username: row.password for row in people.people(session)} == dict.fromkeys(
            ("ann", "bob", "left", "gone"), "a hash"
        )
    if not wider:
        for earlier, later in zip(before, after, strict=True):
            for username, grants in later.items():
                assert grants <= earlier.get(username, set()), (change, username)
        assert set(hashes.values()) == {"a hash"}  # nor anybody a way to sign in as somebody else


@shared
@given(change=every_change)
def test_a_rehearsal_leaves_everything_as_it_was(database: Database, change: Change) -> None:
    def everything(session: Session) -> list[Any]:
        tables = (AgencyRow, PersonRow, GrantRow, SessionRow)
        return [
            tuple(row)
            for table in tables
            for row in session.execute(select(*table.__table__.c).order_by(*table.__table__.primary_key))
        ]

    with database.session() as session:
        before = everything(session)
        try:
            with dry_run(session, change):
                pass
        except PeopleError:
            pass
        assert everything(session) == before
        session.expunge_all()
        assert everything(session) == before


def test_inside_a_rehearsal_the_change_is_made_and_an_error_ends_it_as_well(session: Session) -> None:
    with dry_run(session, DisablePerson("ann")):
        assert not row(session, "ann").active
    assert row(session, "ann").active
    with pytest.raises(RuntimeError), dry_run(session, DisablePerson("ann")):
        raise RuntimeError
    assert row(session, "ann").active


# -------------------------------------------------------------------------------------------------- text and back


@given(every_change)
def test_a_change_comes_back_from_its_text(change: Change) -> None:
    assert from_json(to_json(change)) == change


@given(every_change, st.sampled_from(["hash", ""]), st.sampled_from(["HALF", ""]))
def test_a_code_is_kept_only_where_there_is_one(change: Change, hashed: str, half: str) -> None:
    kept = with_code(change, hashed, half)
    assert from_json(to_json(kept)) == kept
    assert with_code(kept, "", "") == with_code(change, "", "")
    if isinstance(change, AddPerson | RenewSignIn):
        assert (kept.code_hash, kept.half) == (hashed, half)
    else:
        assert kept == change


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "null",
        "{}",
        '{"kind": "fly"}',
        '{"kind": null}',
        '{"kind": ["add_grant"]}',
        '{"kind": "disable_person"}',
        '{"kind": "disable_person", "username": "ann", "more": 1}',
        '{"kind": "add_grant", "username": "ann", "terms": {"role": "king", "clearance": 1}}',
        '{"kind": "add_grant", "username": "ann", "terms": 7}',
        '{"kind": "end_grant", "grant_id": "1", "ends": "tomorrow"}',
    ],
)
def test_a_text_that_is_no_change_is_refused(text: str) -> None:
    with pytest.raises(ChangeError):
        from_json(text)


def test_every_kind_of_change_is_known_by_its_own_name() -> None:
    assert {kind.kind for kind in Change.__args__} == set(changes.KINDS)
    assert len(changes.KINDS) == len(Change.__args__)
    assert json.loads(to_json(DisablePerson("ann"))) == {"kind": "disable_person", "username": "ann"}


# ------------------------------------------------------------------------------------------ whom it is about


@pytest.mark.parametrize(
    ("change", "about", "favoured", "code"),
    [
        (AddAgency("A", "A", "A", 10), "A", "", False),
        (ChangeAgency("A", ceiling=30), "A", "", False),
        (AddPerson("new", "New", "A"), "new", "new", False),
        (AddPerson("new", "New", "A", (EXPERT,)), "new", "new", True),
        (DisablePerson("ann"), "ann", "", False),
        (EnablePerson("left"), "left", "left", False),
        (AddGrant("bob", EXPERT), "bob", "bob", False),
        (EndGrant("1"), "ann", "", False),
        (RenewSignIn("ann"), "ann", "ann", True),
        (LinkPerson("ann", ISSUER, "subject"), "ann", "ann", False),
        (UnlinkPerson("ann"), "ann", "", False),
    ],
)
def test_whom_a_change_is_about_and_whom_it_favours(
    session: Session, change: Change, about: str, favoured: str, code: bool
) -> None:
    assert (subject(session, change), favours(change), has_code(change)) == (about, favoured, code)


def test_a_grant_that_is_not_there_is_about_nobody(session: Session) -> None:
    with pytest.raises(UnknownError):
        subject(session, EndGrant("9"))
