"""A preview counts what each person would gain and lose now, agrees with the policy, and leaves nothing behind."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from drawn import AGENCIES, LEVELS, WORDS, labels
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import event, insert, select

from auth import people, policy
from auth.changes.access import (
    AddAgency,
    AddGrant,
    AddPerson,
    Change,
    ChangeAgency,
    DisablePerson,
    EnablePerson,
    EndGrant,
    RenewSignIn,
    Terms,
)
from auth.database import Base, Database, now
from auth.expression import parse
from auth.labels import ALL, SEALED, Label
from auth.people import PeopleError, Role
from auth.policy import Action
from auth.tables import AgencyRow, GrantRow, PersonRow
from indexer.handling.access_preview import Difference, Effect, preview
from indexer.library.states import State
from indexer.library.tables import DocumentRow

PAST, SOON = now() - timedelta(days=1), now() + timedelta(days=1)
OPEN = Label.of(10, ALL, parse(""), "A")
SECRET = Label.of(20, frozenset({"A"}), parse("x"), "A")
SHARED = Label.of(20, ALL, parse(""), "AB")


def hold(database: Database, *counted_labels: tuple[Label, int], **more: object) -> None:
    """Documents under these labels, so many of each."""
    with database.session() as session:
        for label, count in counted_labels:
            for _ in range(count):
                rule = policy.keep_rule(session, label.rule)
                number = len(session.scalars(select(DocumentRow.id)).all())
                about = {"filename": "", "size": 0, "taken_by": "", "sha256": str(number), "state": "indexed", **more}
                about = {"originators": ",".join(sorted(label.originators)), **about}
                session.execute(insert(DocumentRow).values(rule=rule, **about))
                session.flush()


def grant(database: Database, username: str, role: str, clearance: int, words: str = "", **time: object) -> None:
    with database.session() as session:
        grant = {"starts": PAST, "ends": None, **time}
        session.add(
            GrantRow(id=f"{username}-{role}", person=username, role=role, clearance=clearance, words=words, **grant)
        )


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    opened = Database(f"sqlite:///{tmp_path / 'preview.sqlite'}", b"k" * 32)
    Base.metadata.create_all(opened.engine)
    with opened.session() as session:
        for code in AGENCIES:
            people.add_agency(session, code, code, code, 20)
        session.flush()
        for name, agency in (("ann", "A"), ("ben", "B"), ("cyd", "C"), ("left", "A")):
            active = name != "left"
            session.add(PersonRow(id=name, username=name, name=name, agency=agency, password="hash", active=active))
    grant(opened, "ann", "expert", 20, "x")
    grant(opened, "ben", "registrar", 10)
    grant(opened, "left", "expert", 20, "x")
    yield opened
    opened.close()


@pytest.fixture
def filled(database: Database) -> Database:
    """Three open documents, two that only A reads with a word, and one that A and B made together."""
    hold(database, (OPEN, 3), (SECRET, 2), (SHARED, 1))
    return database


def shown(
    database: Database, change: Change
) -> dict[str, tuple[dict[tuple[int, str], int], dict[tuple[int, str], int]]]:
    """What each person would gain and lose."""
    with database.session() as session:
        effect = preview(session, change)
    return {one.username: (dict(one.gains), dict(one.losses)) for one in effect.people}


ALL_OF_ANNS = {(10, "A"): 3, (20, "A"): 3, (20, "B"): 1}


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (DisablePerson("ann"), {"ann": ({}, ALL_OF_ANNS)}),
        (EndGrant("ann-expert"), {"ann": ({}, ALL_OF_ANNS)}),
        (ChangeAgency("A", active=False), {"ann": ({}, ALL_OF_ANNS)}),
        (ChangeAgency("A", ceiling=10), {"ann": ({}, {(20, "A"): 3, (20, "B"): 1})}),
        (ChangeAgency("B", ceiling=10), {}),
        (EnablePerson("left"), {"left": (ALL_OF_ANNS, {})}),
        (AddGrant("ben", Terms(Role.EXPERT, 20)), {"ben": ({(20, "A"): 1, (20, "B"): 1}, {})}),
        (AddGrant("ben", Terms(Role.EXPERT, 10)), {}),
        (AddGrant("cyd", Terms(Role.REVIEWER, 10)), {"cyd": ({(10, "A"): 3}, {})}),
        (  # the grants of ann, in another agency
            AddGrant("cyd", Terms(Role.EXPERT, 20, frozenset("x"))),
            {"cyd": ({(10, "A"): 3, (20, "A"): 1, (20, "B"): 1}, {})},
        ),
        (AddGrant("cyd", Terms(Role.AUDITOR, 20)), {}),
        (AddGrant("cyd", Terms(Role.ADMINISTRATOR, 20)), {}),
        (AddGrant("cyd", Terms(Role.EXPERT, 20, starts=SOON)), {}),
        (AddPerson("new", "New", "A", (Terms(Role.EXPERT, 20, frozenset("x")),)), {"new": (ALL_OF_ANNS, {})}),
        (AddPerson("new", "New", "A"), {}),
        (AddAgency("NEW", "New", "Новое", 40), {}),
        (RenewSignIn("ann", "hash"), {}),
        (EndGrant("ann-expert", SOON), {}),
    ],
    ids=lambda value: value.kind if hasattr(value, "kind") else "",
)
def test_who_gains_and_loses_what_is_counted_by_level_and_originator(
    filled: Database, change: Change, expected
) -> None:
    assert shown(filled, change) == expected


def test_a_raised_ceiling_is_counted_for_everybody_of_the_agency(filled: Database) -> None:
    hold(filled, (Label.of(30, ALL, parse(""), "C"), 4))
    grant(filled, "left", "reviewer", 30)
    with filled.session() as session:
        session.get_one(PersonRow, "left").active = True
        session.get_one(GrantRow, "ann-expert").clearance = 30
    gains = {(30, "C"): 4}
    assert shown(filled, ChangeAgency("A", ceiling=30)) == {"ann": (gains, {}), "left": (gains, {})}
    with filled.session() as session:
        effect = preview(session, ChangeAgency("A", ceiling=30))
    assert effect.gains == {(30, "C"): 8} and effect.losses == Counter()  # summed over persons


def test_the_sums_are_of_all_people() -> None:
    def one(gain: int, loss: int) -> Difference:
        return Difference("p", "A", Counter({(10, "A"): gain}), Counter({(20, "B"): loss}))

    effect = Effect((one(1, 2), one(3, 4)))
    assert (effect.gains, effect.losses) == ({(10, "A"): 4}, {(20, "B"): 6})
    assert Effect(()).gains == Counter()


def test_documents_that_nobody_reads_now_are_not_counted(database: Database) -> None:
    hold(database, (OPEN, 1))
    hold(database, (OPEN, 1), state=State.REMOVING)
    hold(database, (OPEN, 1), embargo_until=SOON)
    hold(database, (OPEN, 1), expires_at=PAST)
    hold(database, (SEALED, 1), originators="A")
    hold(database, (OPEN, 1), embargo_until=PAST, expires_at=SOON)
    assert shown(database, DisablePerson("ann")) == {"ann": ({}, {(10, "A"): 2})}


def test_a_change_that_makes_no_sense_is_refused_and_nothing_is_kept(filled: Database) -> None:
    for change in (DisablePerson("nobody"), EnablePerson("ann"), ChangeAgency("A", ceiling=20)):
        with pytest.raises(PeopleError), filled.session() as session:
            preview(session, change)


def test_nothing_of_a_preview_is_kept(filled: Database) -> None:
    def everything() -> list[tuple[object, ...]]:
        with filled.reading() as session:
            tables = (AgencyRow, PersonRow, GrantRow)
            return [tuple(row) for table in tables for row in session.execute(select(*table.__table__.c))]

    before = everything()
    for change in (
        DisablePerson("ann"),
        AddPerson("new", "N", "A"),
        AddAgency("N", "N", "N", 10),
        EndGrant("ann-expert"),
    ):
        shown(filled, change)
    assert everything() == before


terms = st.builds(Terms, st.sampled_from(Role), st.sampled_from((0, *LEVELS)), st.frozensets(st.sampled_from(WORDS)))
drawn_changes = st.one_of(
    st.builds(
        ChangeAgency,
        st.sampled_from("ABC"),
        st.none(),
        st.none(),
        st.sampled_from([None, *LEVELS]),
        st.sampled_from([None, False]),
    ),
    st.builds(AddGrant, st.sampled_from(["ann", "ben", "cyd"]), terms),
    st.builds(EndGrant, st.sampled_from(["ann-expert", "ben-registrar", "left-expert"])),
    st.sampled_from([DisablePerson("ann"), EnablePerson("left"), DisablePerson("cyd")]),
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(change=drawn_changes, under=st.lists(labels, max_size=5))
def test_a_preview_says_what_the_change_does(database: Database, change: Change, under: list[Label]) -> None:
    """Against the policy, person by person and document by document, before and after the change is really made."""

    def readable(session) -> dict[str, set[str]]:
        return {
            who.username: {
                row.id
                for row in session.scalars(select(DocumentRow))
                if policy.permits(who, Action.READ, Label(policy.rule_of(session, row.rule), frozenset()))
            }
            for who in people.everybody(session)
        }

    with database.session() as session:
        for number, label in enumerate(under):
            about = {"filename": "", "size": 0, "taken_by": "", "sha256": f"drawn {number}", "state": "indexed"}
            rule = policy.keep_rule(session, label.rule)
            session.execute(insert(DocumentRow).values(id=str(number), rule=rule, originators="C", **about))
        session.flush()
        try:
            effect = preview(session, change)
        except PeopleError:
            session.rollback()
            return
        before = readable(session)
        change.apply(session)
        session.flush()
        after = readable(session)
        counts = {one.username: (one.gains.total(), one.losses.total()) for one in effect.people}
        for username in {*before, *after}:
            had, has = before.get(username, set()), after.get(username, set())
            assert counts.get(username, (0, 0)) == (len(has - had), len(had - has))
        session.rollback()


def test_only_whom_a_change_touches_is_judged_and_only_by_what_it_gives(filled: Database, monkeypatch) -> None:
    judged: list[tuple[str, tuple[people.Grant, ...]]] = []
    permits = policy.permits

    def noted(who: people.Principal, action: Action, label: Label) -> bool:
        judged.append((who.username, who.grants))
        return permits(who, action, label)

    monkeypatch.setattr(policy, "permits", noted)
    shown(filled, AddGrant("ben", Terms(Role.EXPERT, 20)))
    assert {username for username, _ in judged} == {"ben"}
    assert {len(grants) for _, grants in judged} == {1}  # the old ones, and the new one: never all together
    judged.clear()
    shown(filled, RenewSignIn("ann", "hash"))
    shown(filled, AddAgency("NEW", "New", "Новое", 40))
    assert judged == []


def test_hundreds_of_people_and_rules_are_quick(database: Database) -> None:
    with database.session() as session:
        for at in range(300):
            session.add(PersonRow(id=str(at), username=f"p{at}", name="", agency="ABC"[at % 3], password="hash"))
        session.flush()
        for at in range(300):
            words = "\n".join(WORDS[: at % 4])
            session.add(
                GrantRow(person=str(at), role="expert", clearance=LEVELS[at // 3 % 3], words=words, starts=PAST)
            )
        for at in range(300):
            label = Label.of(10 + at % 20, frozenset("ABC"[: 1 + at % 3]), parse("|".join([f"w{at}", *WORDS])), "A")
            rule = policy.keep_rule(session, label.rule)
            about = {"filename": "", "size": 0, "taken_by": "", "sha256": str(at), "state": "indexed"}
            session.execute(insert(DocumentRow).values(rule=rule, originators="A", **about))
    statements: list[str] = []
    event.listen(database.engine, "before_cursor_execute", lambda *given: statements.append(given[2]))
    begun = time.perf_counter()
    with database.session() as session:
        effect = preview(session, ChangeAgency("A", ceiling=10))
    assert time.perf_counter() - begun < 5  # some hundredths of a second where nothing else runs
    assert len(effect.people) > 30
    assert len(statements) < 30  # however many people there are
