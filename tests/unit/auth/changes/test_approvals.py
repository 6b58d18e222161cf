"""The second administrator: what waits for one, who may approve, what an approval tells whom, and that one wins."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from functools import partial

import pytest
import races
from sqlalchemy import select
from sqlalchemy.orm import Session

from auth import passwords, people
from auth.changes import approvals, proposals
from auth.changes.access import (
    AddAgency,
    AddGrant,
    AddPerson,
    Change,
    ChangeAgency,
    DisablePerson,
    EnablePerson,
    EndGrant,
    LinkPerson,
    RenewSignIn,
    Terms,
)
from auth.changes.approvals import KIND, ChangeOutcome
from auth.changes.proposals import NoProposalError, ProposalError
from auth.database import Base, Database, now
from auth.people import PeopleError, Principal, Role, UnknownError
from auth.signin import one_time_codes, single_sign_on
from auth.tables import AgencyRow, GrantRow, PersonRow, ProposalRow

EXPERT = Terms(Role.EXPERT, 20)
ADMINISTRATOR = Terms(Role.ADMINISTRATOR, 10)
PAST = now() - timedelta(days=1)
WIDENING = [
    AddPerson("new", "New", "A", (EXPERT,)),
    AddGrant("bob", EXPERT),
    AddGrant("bob", ADMINISTRATOR),
    ChangeAgency("A", ceiling=30),
    EnablePerson("left"),
    RenewSignIn("bob"),
    LinkPerson("bob", "https://issuer.example", "subject"),
]
NARROWING = [
    AddAgency("NEW", "New", "Новое", 10),
    ChangeAgency("A", ceiling=10),
    ChangeAgency("A", active=False),
    AddPerson("new", "New", "A"),
    DisablePerson("bob"),
    EndGrant("bob-reads"),
]


def people_of(database: Database) -> None:
    """Three administrators, a reader, an auditor, and somebody who left."""
    Base.metadata.create_all(database.engine)
    with database.session() as session:
        people.add_agency(session, "A", "A", "A", 20)
        people.add_agency(session, "ADMIN", "A", "A", 10)
        session.flush()
        for name in ("admin1", "admin2", "admin3", "bob", "left", "auditor"):
            agency = "ADMIN" if name.startswith("admin") else "A"
            session.add(
                PersonRow(id=name, username=name, name=name, agency=agency, password="a hash", active=name != "left")
            )
        session.flush()
        for name in ("admin1", "admin2", "admin3"):
            session.add(GrantRow(id=name, person=name, role="administrator", clearance=10, starts=PAST))
        session.add(GrantRow(id="bob-reads", person="bob", role="expert", clearance=10, starts=PAST))
        session.add(GrantRow(id="audits", person="auditor", role="auditor", clearance=10, starts=PAST))
        session.flush()
        session.get_one(GrantRow, "bob-reads").role = "auditor"  # so that both reading and administering can be added


@pytest.fixture
def database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    opened = Database(f"sqlite:///{tmp_path_factory.mktemp('approvals') / 'test.sqlite'}", b"k" * 32)
    people_of(opened)
    yield opened
    opened.close()


@pytest.fixture
def session(database: Database) -> Iterator[Session]:
    with database.session() as opened:
        yield opened


def who(session: Session, username: str) -> Principal:
    who_now = people.principal(session, username)
    assert who_now is not None
    return who_now


def ask(session: Session, change: Change, by: str = "admin1") -> ChangeOutcome:
    return approvals.request(session, change, "because", who(session, by))


def refuse(session: Session, proposal_id: str, by: Principal | None) -> ChangeOutcome:
    return approvals.refuse(session, proposal_id, "no", by)


def done(session: Session, change: Change) -> bool:
    """Whether the change has been made."""
    match change:
        case AddAgency(code):
            return code in people.agency_codes(session)
        case ChangeAgency(code, name_en, _, ceiling, active):
            row = people.the_agency(session, code)
            return (name_en in (None, row.name_en)) and ceiling in (None, row.ceiling) and active in (None, row.active)
        case AddPerson(username):
            return people.find_person(session, username) is not None
        case DisablePerson(username):
            return not people.the_person(session, username).active
        case EnablePerson(username):
            return people.the_person(session, username).active
        case AddGrant(username, terms):
            return terms.role in who(session, username).roles
        case EndGrant(grant_id):
            return people.the_grant(session, grant_id).ends is not None
        case LinkPerson(username, _, linked):
            person = people.the_person(session, username)
            return single_sign_on.subjects(session, [person.id]) == {person.id: linked}
    return people.the_person(session, change.username).password != "a hash"


# ----------------------------------------------------------------------------------------------- what waits


@pytest.mark.parametrize("change", NARROWING, ids=str)
def test_what_widens_nothing_is_done_at_once(session: Session, change: Change) -> None:
    outcome = ask(session, change)
    assert (outcome.waits, outcome.proposal_id, outcome.code) == (False, "", "")
    assert done(session, change)
    assert approvals.waiting(session) == []


@pytest.mark.parametrize("change", WIDENING, ids=str)
def test_what_widens_waits_and_changes_nothing_until_another_approves(session: Session, change: Change) -> None:
    outcome = ask(session, change)
    assert outcome.waits and outcome.change == change
    assert not done(session, change)
    [each] = approvals.waiting(session)
    assert (each.row.id, each.proposed_by, each.row.reason) == (outcome.proposal_id, "admin1", "because")
    session.expire_all()
    approved = approvals.approve(session, outcome.proposal_id, who(session, "admin2"))
    assert (approved.change, approved.waits) == (change, False)
    assert (approved.reason, approved.proposed_by, approved.proposal_id) == ("because", "admin1", outcome.proposal_id)
    assert done(session, change)
    assert approvals.waiting(session) == []
    row = session.get_one(ProposalRow, outcome.proposal_id)
    assert (row.state, row.decided_by) == ("approved", "admin2")


@pytest.mark.parametrize("change", WIDENING, ids=str)
def test_a_refused_change_is_never_made(session: Session, change: Change) -> None:
    outcome = ask(session, change)
    refused = approvals.refuse(session, outcome.proposal_id, "no", who(session, "admin2"))
    assert (refused.code, refused.change, refused.reason, refused.proposed_by) == ("", change, "no", "admin1")
    assert not done(session, change)
    for call in (approvals.approve, refuse):
        with pytest.raises(NoProposalError):
            call(session, outcome.proposal_id, who(session, "admin3"))
    assert session.get_one(ProposalRow, outcome.proposal_id).state == "refused"


@pytest.mark.parametrize("change", [*NARROWING, *WIDENING], ids=str)
def test_the_operator_does_everything_alone(session: Session, change: Change) -> None:
    outcome = approvals.request(session, change, "because", None)
    assert not outcome.waits and outcome.proposal_id == ""
    assert done(session, change)
    assert bool(outcome.code) == (isinstance(change, RenewSignIn) or change == WIDENING[0])


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (AddGrant("nobody", EXPERT), "no person nobody"),
        (AddPerson("new", "New", "NONE", (EXPERT,)), "no agency NONE"),
        (AddGrant("admin2", EXPERT), "administer and read"),
        (EnablePerson("bob"), "active already"),
        (RenewSignIn("left"), "is disabled"),
        (ChangeAgency("NONE", ceiling=30), "no agency"),
    ],
)
def test_what_makes_no_sense_is_refused_before_it_waits(session: Session, change: Change, says: str) -> None:
    with pytest.raises(PeopleError, match=says):
        ask(session, change)
    assert approvals.waiting(session) == []


# ----------------------------------------------------------------------------------------------- who decides


def test_nobody_approves_what_they_proposed(session: Session) -> None:
    outcome = ask(session, WIDENING[1])
    with pytest.raises(ProposalError, match="proposed yourself"):
        approvals.approve(session, outcome.proposal_id, who(session, "admin1"))
    assert not done(session, WIDENING[1])
    assert len(approvals.waiting(session)) == 1


def test_a_proposer_takes_their_own_proposal_back(session: Session) -> None:
    outcome = ask(session, WIDENING[1])
    approvals.refuse(session, outcome.proposal_id, "no", who(session, "admin1"))
    assert approvals.waiting(session) == []


@pytest.mark.parametrize("change", [AddGrant("admin2", Terms(Role.AUDITOR, 10)), RenewSignIn("admin2")], ids=str)
def test_nobody_approves_what_favours_themselves(session: Session, change: Change) -> None:
    outcome = ask(session, change)
    with pytest.raises(ProposalError, match="gives you something"):
        approvals.approve(session, outcome.proposal_id, who(session, "admin2"))
    assert len(approvals.waiting(session)) == 1
    approvals.approve(session, outcome.proposal_id, who(session, "admin3"))
    assert done(session, change)


def test_one_may_refuse_what_favours_oneself(session: Session) -> None:
    outcome = ask(session, AddGrant("admin2", Terms(Role.AUDITOR, 10)))
    approvals.refuse(session, outcome.proposal_id, "no", who(session, "admin2"))
    assert approvals.waiting(session) == []


@pytest.mark.parametrize("name", ["bob", "auditor"])
def test_who_does_not_administer_neither_asks_nor_decides(session: Session, name: str) -> None:
    outcome = ask(session, WIDENING[1])
    other = who(session, name)
    for change in (*NARROWING, *WIDENING):
        with pytest.raises(ProposalError, match="no longer hold"):
            approvals.request(session, change, "because", other)
    for call in (approvals.approve, refuse):
        with pytest.raises(ProposalError, match="no longer hold"):
            call(session, outcome.proposal_id, other)
    assert session.get_one(ProposalRow, outcome.proposal_id).state == "waiting"


def test_rights_are_those_of_now_and_not_of_when_the_request_began(session: Session) -> None:
    outcome = ask(session, WIDENING[1])
    before = {name: who(session, name) for name in ("admin2", "admin3")}
    people.disable(session, people.the_person(session, "admin2"))
    session.get_one(GrantRow, "admin3").ends = PAST
    session.flush()
    for principal in before.values():
        with pytest.raises(ProposalError, match="no longer hold"):
            approvals.approve(session, outcome.proposal_id, principal)
        with pytest.raises(ProposalError, match="no longer hold"):
            approvals.request(session, AddAgency("NEW", "N", "N", 10), "because", principal)


@pytest.mark.parametrize("how", ["disabled", "ended", "agency left"])
def test_what_somebody_proposed_who_administers_no_longer_cannot_be_approved(session: Session, how: str) -> None:
    outcome = ask(session, WIDENING[1])
    admin2 = who(session, "admin2")
    if how == "disabled":
        people.disable(session, people.the_person(session, "admin1"))
    elif how == "ended":
        session.get_one(GrantRow, "admin1").ends = PAST
    else:
        session.add(AgencyRow(code="GONE", name_en="", name_ru="", ceiling=10, active=False))
        session.flush()
        session.get_one(PersonRow, "admin1").agency = "GONE"
    session.flush()
    with pytest.raises(ProposalError, match="administers no longer"):
        approvals.approve(session, outcome.proposal_id, admin2)
    assert not done(session, WIDENING[1])
    approvals.refuse(session, outcome.proposal_id, "no", admin2)
    assert approvals.waiting(session) == []


def test_the_operator_approves_and_refuses_too(session: Session) -> None:
    first, second = ask(session, RenewSignIn("admin2")), ask(session, WIDENING[1])
    assert approvals.approve(session, first.proposal_id, None).code
    approvals.refuse(session, second.proposal_id, "no", None)
    assert {row.decided_by for row in session.scalars(select(ProposalRow))} == {None}
    assert done(session, RenewSignIn("admin2")) and not done(session, WIDENING[1])


@pytest.mark.parametrize("proposal_id", ["", "x", "0" * 32, "' OR 1"])
def test_a_proposal_that_is_not_there_is_not_found(session: Session, proposal_id: str) -> None:
    for call in (approvals.approve, refuse):
        with pytest.raises(NoProposalError):
            call(session, proposal_id, who(session, "admin2"))
    with pytest.raises(NoProposalError):
        approvals.find(session, proposal_id)


def test_a_proposal_of_another_kind_is_not_ours_to_decide(session: Session) -> None:
    row = proposals.propose(session, "relabel", "{}", "because", who(session, "admin1"), "document")
    for call in (approvals.approve, refuse):
        with pytest.raises(NoProposalError):
            call(session, row.id, who(session, "admin2"))
    assert approvals.waiting(session) == []
    assert (proposals.kind_of(session, row.id), proposals.kind_of(session, "x")) == ("relabel", "")


def test_a_proposal_is_forgotten_after_its_time(session: Session) -> None:
    outcome = ask(session, WIDENING[1])
    row = session.get_one(ProposalRow, outcome.proposal_id)
    row.proposed_at = now() - proposals.LIFETIME + timedelta(minutes=1)
    session.flush()
    assert approvals.find(session, row.id).row is row
    row.proposed_at = now() - proposals.LIFETIME
    session.flush()
    assert approvals.waiting(session) == []
    with pytest.raises(NoProposalError):
        approvals.approve(session, row.id, who(session, "admin2"))


def test_what_nobody_decided_on_in_time_is_closed_and_keeps_nothing_of_the_code(session: Session) -> None:
    late, fresh = (ask(session, RenewSignIn("bob")).proposal_id for _ in range(2))
    other = proposals.propose(session, "relabel", "{}", "because", who(session, "admin1")).id
    for proposal_id in (late, other):
        session.get_one(ProposalRow, proposal_id).proposed_at = now() - proposals.LIFETIME
    session.flush()
    ask(session, ChangeAgency("A", ceiling=10))
    states = {row.id: row.state for row in session.scalars(select(ProposalRow))}
    assert states == {late: "expired", fresh: "waiting", other: "waiting"}
    kept = {each: json.loads(session.get_one(ProposalRow, each).change) for each in (late, fresh)}
    assert (kept[late]["half"], kept[late]["code_hash"]) == ("", "")
    assert kept[fresh]["half"] and kept[fresh]["code_hash"]


# ----------------------------------------------------------------------------- what was true and is no longer


@pytest.mark.parametrize(
    ("change", "meanwhile", "says"),
    [
        (WIDENING[0], ChangeAgency("A", active=False), "no longer takes part"),
        (WIDENING[0], AddPerson("new", "Another", "A"), "already"),
        (WIDENING[1], DisablePerson("bob"), "is disabled"),
        (WIDENING[1], ChangeAgency("A", active=False), "no longer takes part"),
        (WIDENING[5], DisablePerson("bob"), "is disabled"),
        (WIDENING[3], None, "like that already"),
        (WIDENING[4], None, "active already"),
    ],
    ids=str,
)
def test_an_approval_looks_anew_and_a_proposal_that_fails_goes_on_waiting(
    database: Database, change: Change, meanwhile: Change | None, says: str
) -> None:
    with database.session() as session:
        outcome = ask(session, change)
        approvals.request(session, meanwhile or change, "because", None)
    with pytest.raises(PeopleError, match=says), database.session() as session:
        approvals.approve(session, outcome.proposal_id, who(session, "admin2"))
    with database.session() as session:
        assert [each.row.id for each in approvals.waiting(session)] == [outcome.proposal_id]
        approvals.refuse(session, outcome.proposal_id, "no", who(session, "admin2"))


def test_two_proposals_that_together_would_let_somebody_administer_and_read_are_not_both_approved(
    session: Session,
) -> None:
    each, other = ask(session, AddGrant("bob", EXPERT)), ask(session, AddGrant("bob", ADMINISTRATOR))
    approvals.approve(session, each.proposal_id, who(session, "admin2"))
    with pytest.raises(PeopleError, match="administer and read"):
        approvals.approve(session, other.proposal_id, who(session, "admin2"))
    assert who(session, "bob").roles == {Role.EXPERT, Role.AUDITOR}


# -------------------------------------------------------------------------------------------- codes in halves


@pytest.mark.parametrize("change", [WIDENING[0], RenewSignIn("bob")], ids=str)
def test_each_of_the_two_is_told_a_half_of_the_code_and_neither_the_whole(session: Session, change: Change) -> None:
    outcome = ask(session, change)
    kept = session.get_one(ProposalRow, outcome.proposal_id).change
    assert outcome.code and outcome.code not in kept
    approved = approvals.approve(session, outcome.proposal_id, who(session, "admin2"))
    assert approved.code and approved.code != outcome.code
    person = people.the_person(session, change.username)
    whole = f"{outcome.code}-{approved.code}"
    assert len(one_time_codes.canonical(whole)) == one_time_codes.LENGTH
    assert passwords.matches(one_time_codes.canonical(whole), person.password)
    assert passwords.matches(one_time_codes.canonical(whole.lower().replace("-", " ")), person.password)
    for part in (outcome.code, approved.code, f"{approved.code}-{outcome.code}", outcome.code * 2):
        assert not passwords.matches(one_time_codes.canonical(part), person.password)


@pytest.mark.parametrize("verdict", ["approved", "refused"])
@pytest.mark.parametrize("change", [WIDENING[0], RenewSignIn("bob")], ids=str)
def test_a_decided_proposal_keeps_nothing_of_the_code(session: Session, change: Change, verdict: str) -> None:
    outcome = ask(session, change)
    row = session.get_one(ProposalRow, outcome.proposal_id)
    waiting = json.loads(row.change)
    assert waiting["half"] and waiting["code_hash"].startswith("$argon2id$")
    call = approvals.approve if verdict == "approved" else refuse
    halves = call(session, outcome.proposal_id, who(session, "admin2"))
    decided = json.loads(row.change)
    assert (decided["half"], decided["code_hash"]) == ("", "")
    assert waiting["half"] not in row.change and waiting["code_hash"] not in row.change
    assert bool(halves.code) == (verdict == "approved")


@pytest.mark.parametrize("change", [WIDENING[0], RenewSignIn("bob")], ids=str)
def test_what_is_told_of_a_change_holds_no_secret_of_it(session: Session, change: Change) -> None:
    outcome = ask(session, change)
    assert outcome.change == change
    approved = approvals.approve(session, outcome.proposal_id, who(session, "admin2"))
    assert approved.change == change


def test_the_operator_is_told_the_whole_code(session: Session) -> None:
    outcome = approvals.request(session, RenewSignIn("bob"), "because", None)
    assert passwords.matches(one_time_codes.canonical(outcome.code), people.the_person(session, "bob").password)


def test_every_code_is_another(session: Session) -> None:
    halves = {approvals.request(session, RenewSignIn("bob"), "because", None).code for _ in range(3)}
    assert len(halves) == 3


# --------------------------------------------------------------------------------- the last two administrators


def leaving(session: Session, username: str) -> list[Change]:
    """Every change that ends somebody's administering."""
    agency = people.the_person(session, username).agency
    soon = now() + timedelta(days=1)
    return [DisablePerson(username), EndGrant(username), EndGrant(username, soon), ChangeAgency(agency, active=False)]


@pytest.mark.parametrize("at", range(4))
def test_an_administrator_leaves_at_least_two(database: Database, at: int) -> None:
    with database.session() as session:
        people.disable(session, people.the_person(session, "admin3"))
    for target in ("admin1", "admin2"):
        with pytest.raises(PeopleError, match="fewer than two"), database.session() as session:
            ask(session, leaving(session, target)[at])
    with database.reading() as session:
        assert people.administrators(session) == 2


@pytest.mark.parametrize("at", range(3))
def test_of_three_administrators_one_may_leave(session: Session, at: int) -> None:
    ask(session, leaving(session, "admin3")[at])
    assert people.administrators(session) == 2


def test_the_operator_may_leave_fewer_and_then_the_rest_goes_on(session: Session) -> None:
    for name in ("admin2", "admin3"):
        approvals.request(session, DisablePerson(name), "because", None)
    assert people.administrators(session) == 1
    ask(session, DisablePerson("bob"))  # what does not touch administrators is still done
    with pytest.raises(PeopleError, match="fewer than two"):
        ask(session, DisablePerson("admin1"))


def test_only_those_count_who_can_administer_for_good(session: Session) -> None:
    assert people.administrators(session) == 3
    soon = now() + timedelta(days=1)
    session.get_one(GrantRow, "admin3").ends = soon
    session.flush()
    assert people.administrators(session) == 2
    session.get_one(GrantRow, "admin3").ends, session.get_one(GrantRow, "admin2").starts = None, soon
    session.flush()
    assert people.administrators(session) == 2
    session.get_one(PersonRow, "admin1").code_until = soon  # has yet to choose a password
    session.flush()
    assert people.administrators(session) == 1
    session.get_one(PersonRow, "admin3").password = people.NO_PASSWORD
    session.flush()
    assert people.administrators(session) == 0


def test_a_second_grant_of_the_role_counts_its_holder_once(session: Session) -> None:
    session.add(GrantRow(person="admin1", role="administrator", clearance=10, starts=PAST))
    session.flush()
    assert people.administrators(session) == 3
    ask(session, EndGrant("admin1"))
    assert people.administrators(session) == 3


# ------------------------------------------------------------------------------------------- two at the same time


together = partial(races.together, refusals=(ProposalError, NoProposalError, PeopleError))


@pytest.fixture
def real(database_url: str) -> Iterator[Database]:
    """SQLite, and PostgreSQL where there is one."""
    opened = Database(database_url, b"k" * 32)
    people_of(opened)
    yield opened
    opened.close()


def test_of_two_approvals_at_once_one_wins(real: Database) -> None:
    with real.session() as session:
        outcome = ask(session, RenewSignIn("bob"))

    def approve(by: str) -> str:
        with real.session() as session:
            return approvals.approve(session, outcome.proposal_id, who(session, by)).code

    results = together(lambda: approve("admin2"), lambda: approve("admin3"))
    assert sorted(type(each).__name__ for each in results) == ["NoProposalError", "str"]
    [half] = [each for each in results if isinstance(each, str)]
    with real.reading() as session:
        whole = one_time_codes.canonical(f"{outcome.code}-{half}")
        assert passwords.matches(whole, people.the_person(session, "bob").password)


def test_an_approval_and_a_refusal_at_once_are_not_both_done(real: Database) -> None:
    with real.session() as session:
        outcome = ask(session, WIDENING[1])

    def decide(call: object, by: str) -> object:
        with real.session() as session:
            return call(session, outcome.proposal_id, who(session, by))  # type: ignore[operator]

    results = together(lambda: decide(approvals.approve, "admin2"), lambda: decide(refuse, "admin3"))
    assert sorted(type(each).__name__ for each in results) == ["ChangeOutcome", "NoProposalError"]
    with real.reading() as session:
        state = session.get_one(ProposalRow, outcome.proposal_id).state
        assert done(session, WIDENING[1]) == (state == "approved")


def test_of_two_grants_at_once_that_do_not_go_together_one_is_made(real: Database) -> None:
    with real.session() as session:
        waiting = [ask(session, AddGrant("bob", terms)).proposal_id for terms in (EXPERT, ADMINISTRATOR)]

    def approve(proposal_id: str, by: str) -> object:
        with real.session() as session:
            return approvals.approve(session, proposal_id, who(session, by))

    results = together(lambda: approve(waiting[0], "admin2"), lambda: approve(waiting[1], "admin3"))
    assert sorted(type(each).__name__ for each in results) == ["ChangeOutcome", "PeopleError"]
    with real.reading() as session:
        assert len(who(session, "bob").roles & {Role.EXPERT, Role.ADMINISTRATOR}) == 1


def test_two_administrators_who_disable_each_other_at_once_do_not_both_succeed(real: Database) -> None:
    with real.session() as session:
        approvals.request(session, DisablePerson("admin3"), "because", None)
        session.add(PersonRow(id="admin4", username="admin4", name="", agency="ADMIN", password="a hash"))
        session.flush()
        session.add(GrantRow(person="admin4", role="administrator", clearance=10, starts=PAST))

    with real.reading() as session:
        acting = {name: who(session, name) for name in ("admin1", "admin2")}

    def disable(target: str, by: str) -> object:
        with real.session() as session:
            return approvals.request(session, DisablePerson(target), "because", acting[by])

    results = together(lambda: disable("admin2", "admin1"), lambda: disable("admin1", "admin2"))
    assert sorted(type(each).__name__ for each in results) == ["ChangeOutcome", "ProposalError"]
    with real.reading() as session:
        assert people.administrators(session) == 2


def test_a_code_is_kept_by_kind(session: Session) -> None:
    outcome = ask(session, RenewSignIn("bob"))
    assert session.get_one(ProposalRow, outcome.proposal_id).kind == KIND


def test_unknown_people_are_an_error_of_people() -> None:
    assert issubclass(UnknownError, PeopleError)
