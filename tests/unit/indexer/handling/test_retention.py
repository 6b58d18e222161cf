"""Schedules, what is due by them, its disposal by two people, and the certificate; a legal hold is above all."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from factories import agency, decider, fresh, label, pdf, person, principal, take
from races import together
from sqlalchemy import select

from auth.audit.entries import Entry
from auth.changes.proposals import NoProposalError, ProposalError
from auth.database import now
from auth.policy import Action
from indexer.handling.lifecycle import AbsentError, HeldError, NotDueError
from indexer.handling.removal import DISPOSE, RELEASE
from indexer.handling.retention import certificates, due
from indexer.handling.retention.certificates import CertificateError, NoCertificateError
from indexer.handling.retention.schedules import SCHEDULE, Schedule, ScheduleError, all_schedules
from indexer.handling.sealing import weaker_than_trail
from indexer.handling.tombstones import Tombstone
from indexer.library.intake import LabelError
from indexer.library.states import State
from indexer.library.tables import DocumentRow
from services.components import Components
from services.proposals import proposal_kinds

REASON = "Because of the zeppelins"
OLD = date(2001, 2, 3)
ROUNDS = 10


def peopled(components: Components) -> Components:
    """With registrars of two agencies, two administrators, and ten years for reports of the lowest level."""
    for code in ("KZ", "KG"):
        agency(components, code)
    for username, code in (("kz1", "KZ"), ("kz2", "KZ"), ("kg1", "KG")):
        person(components, username, code, ["registrar"])
    person(components, "low", "KZ", ["registrar"], "unclassified")
    for username in ("boss1", "boss2"):
        person(components, username, "KZ", ["administrator"])
    put(components, None, 10)
    return components


@pytest.fixture
def components(tmp_path: Path) -> Iterator[Components]:
    opened = peopled(fresh(tmp_path / "home"))
    yield opened
    opened.close()


@pytest.fixture
def on_each_database(database_url: str, tmp_path: Path) -> Iterator[Components]:
    opened = peopled(fresh(tmp_path / "home", database_url=database_url))
    yield opened
    opened.close()


def put(components: Components, by: str | None, years: int | None, kind: str = "report", level: str = "confidential"):
    who = decider(components, by)
    schedule = Schedule(kind, components.scheme.rank(level), years)
    return components.schedules.put(schedule, who.principal, REASON, who.event(SCHEDULE))


def years(components: Components) -> list[int | None]:
    with components.database.reading() as session:
        return [each.years for each in all_schedules(session)]


def paper(components: Components, text: str = "A paper about zeppelins.", level: str = "confidential", **about) -> str:
    """A report of KZ, of old, released to KZ and KG."""
    described: dict[str, Any] = {"kind": "report", "date": OLD, "title_en": "Zeppelins", **about}
    return take(components, pdf(text), label(components, "KZ", level, "KZ,KG"), **described).document_id


def listed(components: Components, username: str | None) -> list[str]:
    who = decider(components, username)
    with components.database.reading() as session:
        scope = who.scope(session, Action.REMOVE)
    event = who.event("list_due")
    return [each.document_id for each in due.listed(components.database, components.trail, scope, who.principal, event)]


def dispose(components: Components, username: str, document_id: str) -> str:
    who = decider(components, username)
    with components.database.reading() as session:
        scope = who.scope(session, Action.REMOVE)
    by = principal(components, username)
    return components.removals.dispose(scope, by, document_id, REASON, who.event(DISPOSE, document_id))


def hold(components: Components, username: str | None, document_id: str) -> None:
    who = decider(components, username)
    with components.database.reading() as session:
        scope = who.scope(session, Action.LABEL)
    components.removals.hold(scope, who.principal, document_id, REASON, who.event("hold", document_id))


def change(components: Components, document_id: str, **columns: Any) -> None:
    with components.database.session() as session:
        for name, value in columns.items():
            setattr(session.get_one(DocumentRow, document_id), name, value)


def disposed(components: Components, document_id: str) -> None:
    proposal = dispose(components, "kz1", document_id)
    components.removals.approve(decider(components, "kg1"), DISPOSE, proposal)


def test_a_shorter_time_waits_for_a_second_administrator_and_a_longer_one_does_not(components: Components) -> None:
    proposal = put(components, "boss1", 5)
    assert proposal and years(components) == [10]
    with pytest.raises(ProposalError):
        components.schedules.approve(decider(components, "boss1"), proposal)
    (waiting,) = components.schedules.waiting(decider(components, "boss2"))
    assert waiting.change.old.years == 10 and waiting.change.new.years == 5
    components.schedules.approve(decider(components, "boss2"), proposal)
    assert years(components) == [5]
    assert put(components, "boss1", 20) == "" and years(components) == [20]
    assert put(components, "boss1", None) == "" and years(components) == []
    assert put(components, "boss1", 30), "a first schedule makes papers due that were kept for good"
    told = [(entry.actor, entry.decision) for entry in components.trail.entries() if entry.action == SCHEDULE]
    assert told[1:3] == [("boss1", "proposed"), ("boss2", "allowed")]


def test_a_proposal_over_a_schedule_that_changed_meanwhile_is_not_approved(components: Components) -> None:
    proposal = put(components, "boss1", 5)
    put(components, "boss2", 20)
    with pytest.raises(ProposalError, match="changed"):
        components.schedules.approve(decider(components, "boss2"), proposal)
    components.schedules.refuse(decider(components, "boss2"), proposal, REASON)
    with pytest.raises(NoProposalError):
        components.schedules.approve(decider(components, "boss2"), proposal)
    assert years(components) == [20]


@pytest.mark.parametrize(("kind", "many"), [("novel", 5), ("report", 0), ("report", 201)])
def test_a_schedule_that_makes_no_sense_is_refused(components: Components, kind: str, many: int) -> None:
    with pytest.raises(ScheduleError):
        put(components, None, many, kind)


def test_a_paper_is_due_on_the_day_and_not_before_it(components: Components) -> None:
    today = now().date()
    ten_years_ago = today.replace(year=today.year - 10, day=min(today.day, 28))
    document = paper(components, date=ten_years_ago)
    assert listed(components, "kz1") == [document]
    change(components, document, date=ten_years_ago + timedelta(days=4))
    assert listed(components, "kz1") == []
    change(components, document, date=None)  # kept from the day on which it was taken in
    assert listed(components, "kz1") == []
    change(components, document, taken_at=now() - timedelta(days=3_700))
    assert listed(components, "kz1") == [document]


def test_what_is_held_or_reviewed_later_or_of_another_kind_or_level_is_not_due(components: Components) -> None:
    document = paper(components)
    paper(components, "An agenda.", kind="agenda")
    paper(components, "A lower one.", level="unclassified")
    assert listed(components, "kz1") == [document]
    change(components, document, review_on=now().date() + timedelta(days=1))
    assert listed(components, "kz1") == []
    change(components, document, review_on=now().date())
    assert listed(components, "kz1") == [document]
    hold(components, "kz1", document)
    assert listed(components, "kz1") == []


def test_registrars_see_what_is_due_of_their_agency_and_what_they_may_read(components: Components) -> None:
    document = paper(components)
    assert listed(components, "kz1") == listed(components, None) == [document]
    assert listed(components, "kg1") == [], "it comes from another agency"
    assert listed(components, "low") == [], "it is above them"
    for username, error in (("kg1", LabelError), ("low", AbsentError)):
        with pytest.raises(error):
            dispose(components, username, document)
    (entry,) = [entry for entry in components.trail.entries() if entry.action == "list_due" and entry.actor == "kz1"]
    assert json.loads(entry.detail)["shown"] == [document]


def test_what_is_not_due_is_not_disposed_of_when_proposed_nor_when_approved(components: Components) -> None:
    young = paper(components, "A new one.", date=now().date())
    with pytest.raises(NotDueError):
        dispose(components, "kz1", young)
    document = paper(components)
    proposal = dispose(components, "kz1", document)
    put(components, "boss1", None)
    with pytest.raises(NotDueError):
        components.removals.approve(decider(components, "kz2"), DISPOSE, proposal)
    assert row_state(components, document) is State.RECEIVED


def test_two_people_dispose_of_a_document_and_a_held_one_nobody(components: Components) -> None:
    document = paper(components)
    proposal = dispose(components, "kz1", document)
    with pytest.raises(ProposalError):
        components.removals.approve(decider(components, "kz1"), DISPOSE, proposal)
    hold(components, "kg1", document)
    for act in (
        lambda: components.removals.approve(decider(components, "kz2"), DISPOSE, proposal),
        lambda: dispose(components, "kz2", document),
    ):
        with pytest.raises(HeldError):
            act()
    assert row_state(components, document) is State.RECEIVED


def row_state(components: Components, document_id: str) -> State | None:
    with components.database.reading() as session:
        row = session.get(DocumentRow, document_id)
        return row.state if row else None


def meet(components: Components, number: int) -> tuple[str, list[type]]:
    """One disposes of a paper at the moment at which another puts it on hold: which, and what became of both calls."""
    document_id = paper(components, f"A paper about zeppelins, number {number}.")
    components.worker().run()
    proposal, second = dispose(components, "kz1", document_id), decider(components, "kz2")
    outcomes = together(
        lambda: components.removals.approve(second, DISPOSE, proposal),
        lambda: hold(components, "kg1", document_id),
        refusals=(AbsentError, HeldError),
    )
    return document_id, [type(outcome) for outcome in outcomes]


def found_by(components: Components) -> set[str]:
    return set(components.engine.holdings())


@pytest.fixture(params=["embedded", "elasticsearch"])
def on_each_engine(request: pytest.FixtureRequest, database_url: str, tmp_path: Path) -> Iterator[Components]:
    """On each database, with each engine."""
    given: dict[str, Any] = {"database_url": database_url}
    prefix = f"test-{tmp_path.parent.name}-{tmp_path.name}".lower()
    if request.param == "elasticsearch":
        server = request.getfixturevalue("elasticsearch")
        server.delete(prefix)
        server.engine(prefix).close()
        given |= server.settings(tmp_path / "home", prefix)
    opened = peopled(fresh(tmp_path / "home", **given))
    yield opened
    opened.close()
    if request.param == "elasticsearch":
        server.delete(prefix)


def test_a_disposal_and_a_hold_at_the_same_moment_are_never_both_done(on_each_engine: Components) -> None:
    components = on_each_engine
    held = set()
    for number in range(ROUNDS):
        document_id, outcomes = meet(components, number)
        with components.database.reading() as session:
            row = session.get_one(DocumentRow, document_id)
        assert row.legal_hold == (row.state is not State.REMOVING)
        assert outcomes == ([HeldError, type(None)] if row.legal_hold else [type(None), AbsentError])
        held |= {document_id} if row.legal_hold else set()
        assert found_by(components) == held
    components.worker().run()
    told = [entry.object for entry in components.trail.entries() if entry.action == certificates.DESTROY]
    with components.database.reading() as session:
        assert set(session.scalars(select(DocumentRow.id))) == held == found_by(components)
    assert len(told) == ROUNDS - len(held)


def test_where_it_can_come_back_a_hold_is_placed_whoever_was_first_and_nothing_is_destroyed(
    on_each_engine: Components,
) -> None:
    components = on_each_engine
    object.__setattr__(components.removals, "kept_for", timedelta(days=30))
    for number in range(ROUNDS):
        document_id, outcomes = meet(components, number)
        assert outcomes[1] is type(None)
        removed = outcomes[0] is type(None)
        assert (row_state(components, document_id) is State.REMOVING) == removed
        assert (document_id in found_by(components)) != removed
        change(components, document_id, deletes_at=now() - timedelta(days=1) if removed else None)
    components.worker().run()
    with components.database.reading() as session:
        rows = session.scalars(select(DocumentRow)).all()
    assert len(rows) == ROUNDS and all(row.legal_hold for row in rows)


def test_a_hold_on_what_was_disposed_of_stops_its_deletion_until_two_lift_it(components: Components) -> None:
    """It is unseen until two people bring it back; whoever could not read it is told that there is none."""
    object.__setattr__(components.removals, "kept_for", timedelta(days=30))
    document = paper(components)
    components.worker().run()
    disposed(components, document)
    with pytest.raises(AbsentError):
        hold(components, "low", document)
    hold(components, "kg1", document)
    change(components, document, deletes_at=now() - timedelta(days=1))
    components.worker().run()
    (tombstone,) = tombstones(components, "kz1")
    assert tombstone.held and tombstone.deletes_at is not None
    assert found_by(components) == set() and row_state(components, document) is State.REMOVING
    proposal = release(components, "kz1", document)
    assert proposal and tombstones(components, "kz1")[0].held
    (waiting,) = proposal_kinds(components).waiting(decider(components, "kz2"))
    assert (waiting.kind, waiting.proposal_id) == (RELEASE, proposal)
    assert proposal_kinds(components).waiting(decider(components, "low")) == []
    with pytest.raises(ProposalError):
        components.removals.approve(decider(components, "kz1"), RELEASE, proposal)
    components.removals.approve(decider(components, "kz2"), RELEASE, proposal)
    (tombstone,) = tombstones(components, "kz1")
    assert not tombstone.held and tombstone.deletes_at is not None
    assert timedelta(days=29) < tombstone.deletes_at - now() <= timedelta(days=30)
    change(components, document, deletes_at=now() - timedelta(days=1))
    components.worker().run()
    assert row_state(components, document) is None
    with pytest.raises(AbsentError):
        hold(components, "kg1", document)


def test_what_is_held_comes_back_held(components: Components) -> None:
    object.__setattr__(components.removals, "kept_for", timedelta(days=30))
    document = paper(components)
    components.worker().run()
    disposed(components, document)
    hold(components, "kg1", document)
    change(components, document, deletes_at=now() - timedelta(days=1))
    who = decider(components, None)
    with components.database.reading() as session:
        scope = who.scope(session, Action.REMOVE)
    components.returns.bring_back(scope, None, document, REASON, who.event("return", document))
    assert document in found_by(components)
    with pytest.raises(HeldError):
        dispose(components, "kz1", document)


@pytest.mark.parametrize("worker_first", [True, False])
def test_a_hold_and_the_worker_that_deletes_never_both_succeed(
    on_each_database: Components, worker_first: bool
) -> None:
    """At the moment at which a removed paper's time is over."""
    components = on_each_database
    for number in range(ROUNDS):
        document = paper(components, f"A paper about zeppelins, number {number}.")
        disposed(components, document)
        change(components, document, deletes_at=now() + timedelta(milliseconds=0 if worker_first else 3 * number))
        outcomes = together(
            lambda: components.worker().run(),
            lambda document=document: hold(components, "kg1", document),
            refusals=(AbsentError,),
        )
        components.worker().run()
        held = not isinstance(outcomes[1], AbsentError)
        assert (row_state(components, document) is not None) == held


def tombstones(components: Components, username: str) -> list[Tombstone]:
    who = decider(components, username)
    with components.database.reading() as session:
        scope = who.scope(session, Action.REMOVE)
    return components.returns.listed(scope, who.event("list_removed"))


def release(components: Components, username: str, document_id: str) -> str:
    who = decider(components, username)
    with components.database.reading() as session:
        scope = who.scope(session, Action.LABEL)
    event = who.event("release", document_id)
    return components.removals.release(scope, who.principal, document_id, REASON, event)


def test_a_certificate_says_what_was_destroyed_by_whom_and_when_and_nothing_of_its_text(components: Components) -> None:
    removals = replace(components.removals, kept_for=timedelta(0))
    document = paper(components)
    with components.database.reading() as session:
        digest = session.get_one(DocumentRow, document).sha256
    proposal = dispose(components, "kz1", document)
    removals.approve(decider(components, "kg1"), DISPOSE, proposal)
    before = certificates.certificate(components.trail, document)
    assert before.destroyed is None
    components.worker().run()
    assert row_state(components, document) is None
    made = certificates.certificate(components.trail, document).as_json()
    level = components.scheme.rank("confidential")
    assert made["schedule"] == {"kind": "report", "level": level, "years": 10}
    assert (made["sha256"], made["kept_since"], made["proposal_id"]) == (digest, OLD.isoformat(), proposal)
    assert (made["proposed_by"], made["approved_by"]) == ("kz1", "kg1")
    assert made["decided_at"] < made["destroyed_at"]
    text = json.dumps(made).lower()
    assert "zeppelin" not in text and REASON.lower() not in text
    certificates.check(components.trail, json.loads(json.dumps(made)))
    certificates.check(components.trail, json.loads(json.dumps(before.as_json())))


@pytest.mark.parametrize("field", ["sha256", "approved_by", "destroyed_at"])
def test_a_certificate_that_was_changed_is_seen(components: Components, field: str) -> None:
    document = paper(components)
    disposed(components, document)
    components.worker().run()
    made = json.loads(json.dumps(certificates.certificate(components.trail, document).as_json()))
    with pytest.raises(CertificateError, match="own entries"):
        certificates.check(components.trail, made | {field: "another"})
    entry = {name: made["entries"][0][name] for name in Entry.__slots__}
    forged = made | {"entries": [entry | {"previous": made["entries"][0]["previous"], "actor": "kz2"}]}
    forged |= {"approved_by": "kz2", "destroyed_at": None}
    with pytest.raises(CertificateError, match="another entry"):
        certificates.check(components.trail, forged)
    with pytest.raises(CertificateError, match="no certificate"):
        certificates.check(components.trail, {"entries": []})


def test_only_a_disposal_has_a_certificate_and_what_was_brought_back_has_none(components: Components) -> None:
    removed, document = paper(components, "Another."), paper(components)
    who = decider(components, None)
    with components.database.reading() as session:
        scope = who.scope(session, Action.REMOVE)
    components.removals.remove(scope, None, removed, REASON, who.event("remove", removed))
    kept = replace(components.removals, kept_for=timedelta(days=30))
    kept.approve(decider(components, "kz2"), DISPOSE, dispose(components, "kz1", document))
    assert certificates.certificate(components.trail, document).destroyed is None
    components.returns.bring_back(scope, None, document, REASON, who.event("return", document))
    for name in (removed, document, "0" * 32):
        with pytest.raises(NoCertificateError):
            certificates.certificate(components.trail, name)
    components.worker().run()
    assert listed(components, "kz1") == [document]


def test_a_restore_takes_a_disposal_for_a_removal(components: Components) -> None:
    document = paper(components)
    disposed(components, document)
    change(components, document, state=State.RECEIVED)  # as in a database that was put back
    assert [entry.document_id for entry in weaker_than_trail(components.database, components.trail)] == [document]
