"""Relabelling: who may strengthen, who may weaken, who must agree, and that every search follows."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from drawn import labels
from factories import agency, decider, fresh, label, pdf, person, principal, take
from hypothesis import given
from hypothesis import strategies as st
from races import together
from sqlalchemy import delete, insert

from auth import people, policy
from auth.audit.entries import Event, TrailError
from auth.changes.proposals import NoProposalError, ProposalError
from auth.database import now
from auth.labels import dominates
from auth.policy import Action
from auth.tables import ProposalRow
from indexer.engine.contract import EngineUnavailableError, Request, Term
from indexer.handling import relabel
from indexer.handling.lifecycle import AbsentError
from indexer.handling.relabel import ALONE, Handling
from indexer.library.documents import ALWAYS, Times
from indexer.library.intake import LabelError
from indexer.library.tables import DocumentRow
from indexer.search.find import find

HOUR = timedelta(hours=1)
REASON = "Names of witnesses on page 3"
moments = st.datetimes(datetime(2020, 1, 1), datetime(2021, 1, 1), timezones=st.just(UTC))
handlings = st.builds(Handling, labels, st.builds(Times, st.none() | moments, st.none() | moments))


@pytest.fixture
def components(tmp_path):
    opened = peopled(fresh(tmp_path / "home"))
    yield opened
    opened.close()


@pytest.fixture
def on_each_database(database_url: str, tmp_path):
    opened = peopled(fresh(tmp_path / "home", database_url=database_url))
    yield opened
    opened.close()


def peopled(components):
    """With registrars of three agencies and two readers."""
    for code in ("KZ", "KG", "UN"):
        agency(components, code)
    for username, code in (("kz1", "KZ"), ("kz2", "KZ"), ("kg1", "KG"), ("un1", "UN")):
        person(components, username, code, ["registrar"], words=["courts"])
    person(components, "kz3", "KZ", ["registrar"])
    person(components, "low", "KZ", ["registrar"], clearance="restricted")
    person(components, "expert", "KZ", ["expert"])
    person(components, "foreigner", "UN", ["expert"])
    return components


@pytest.fixture
def document(components) -> str:
    return indexed(components)


def indexed(components) -> str:
    """A confidential paper of KZ, released to KZ and KG."""
    document_id = take(
        components, pdf("A paper about zeppelins."), label(components, "KZ", "confidential", "KZ,KG")
    ).document_id
    components.worker().run()
    return document_id


def handling(
    components, level: str = "confidential", to: str = "KZ,KG", need: str = "", when: Times = ALWAYS
) -> Handling:
    return Handling(label(components, "KZ", level, to, need), when)


def relabelled(components, by: str | None, document_id: str, new: Handling, reason: str = REASON) -> str:
    who = principal(components, by) if by else None
    return components.relabeller.relabel(
        scope(components, by), who, document_id, new, reason, event(by or "operator", document_id)
    )


def scope(components, by: str | None) -> policy.Scope:
    with components.database.reading() as session:
        if by is None:
            return policy.operator_scope(session, Action.LABEL)
        return policy.scope_for(session, principal(components, by), Action.LABEL)


def event(actor: str, document_id: str = "") -> Event:
    return Event(actor, "test", "label", document_id)


def search_total(components, username: str) -> int:
    who, counts = principal(components, username), components.place_counts
    return find(components.database, components.engine, who, Request(Term("zeppelin")), counts).answer.total


def now_labelled(components, document_id: str) -> Handling:
    with components.database.reading() as session:
        return relabel.handling_of(session, session.get_one(DocumentRow, document_id))


@given(handlings, handlings, moments)
def test_what_confines_lets_nobody_read_at_any_moment_when_they_could_not_before(new, old, at):
    if new.at_least_as_strict_as(old):
        assert dominates(new.label, old.label)
        assert old.times.published(at) or not new.times.published(at)


@given(handlings)
def test_every_handling_confines_itself(one):
    assert one.at_least_as_strict_as(one)


@given(handlings)
def test_a_handling_survives_being_kept(one):
    assert (
        relabel.handling_from_json(json.loads(json.dumps(relabel.handling_as_json(one))), one.label.originators) == one
    )


@pytest.mark.parametrize("registrar", ["kz1", "kg1"])
def test_any_registrar_who_may_read_it_strengthens_at_once(components, document, registrar):
    assert search_total(components, "expert") == 1
    stronger = handling(components, "strictly-confidential")
    assert relabelled(components, registrar, document, stronger) == ""
    assert now_labelled(components, document) == stronger
    assert search_total(components, "expert") == 1  # cleared that far
    assert (
        relabelled(components, registrar, document, handling(components, "strictly-confidential", need="courts")) == ""
    )
    assert search_total(components, "expert") == 0
    labelled = now_labelled(components, document).label.rule.digest
    assert [holding.rule for holding in components.engine.holdings().values()] == [labelled]


def test_to_end_publication_needs_the_originator_and_a_second_registrar(components, document):
    expiring = handling(components, when=Times(expires_at=now() + HOUR))
    sooner = handling(components, when=Times(expires_at=now() + HOUR / 2))
    embargoed = handling(components, when=Times(now() + HOUR / 4, now() + HOUR / 2))
    for ending in (expiring, sooner, embargoed):
        with pytest.raises(LabelError, match="Only a registrar of KZ, which the document comes from"):
            relabelled(components, "kg1", document, ending)
        proposal = relabelled(components, "kz1", document, ending)
        assert proposal and now_labelled(components, document) != ending and search_total(components, "expert") == 1
        components.relabeller.approve(decider(components, "kg1"), proposal)
        assert now_labelled(components, document) == ending
    assert search_total(components, "expert") == 0
    assert dict(components.engine.holdings()) == {}


def test_a_longer_embargo_strengthens_and_the_operator_ends_publication_alone(components, document):
    under_embargo = handling(components, when=Times(now() + HOUR))
    assert relabelled(components, None, document, under_embargo) == ""
    longer = handling(components, when=Times(now() + 2 * HOUR))
    assert relabelled(components, "kg1", document, longer) == ""
    assert now_labelled(components, document) == longer
    assert relabelled(components, None, document, handling(components, when=Times(expires_at=now() + HOUR))) == ""


def test_one_registrar_makes_an_embargo_a_month_long_at_most(components, document):
    assert relabelled(components, None, document, handling(components, when=Times(now() + HOUR))) == ""
    alone = handling(components, when=Times(now() + ALONE - HOUR))
    assert relabelled(components, "kg1", document, alone) == ""
    for_years = handling(components, when=Times(now() + ALONE + HOUR))
    with pytest.raises(LabelError, match="Only a registrar of KZ"):
        relabelled(components, "kg1", document, for_years)
    proposal = relabelled(components, "kz1", document, for_years)
    assert proposal and now_labelled(components, document) == alone
    components.relabeller.approve(decider(components, "kg1"), proposal)
    assert now_labelled(components, document) == for_years
    assert relabelled(components, "kg1", document, replace(for_years, times=for_years.times)) == ""  # as it is


@given(handlings, handlings, moments)
def test_what_does_not_end_publication_publishes_now_what_was_published(new, old, at):
    if not new.ends_publication(old, at):
        assert new.times.published(at) or not old.times.published(at)
        assert old.times.expires_at or not new.times.expires_at


def test_weakening_waits_for_a_second_registrar(components, document):
    weaker = handling(components, to="ALL")
    proposal = relabelled(components, "kz1", document, weaker)
    assert proposal
    assert search_total(components, "foreigner") == 0
    components.relabeller.approve(decider(components, "kz2"), proposal)
    assert search_total(components, "foreigner") == 1
    assert now_labelled(components, document) == weaker


@pytest.mark.parametrize(
    "weaker",
    [
        {"level": "unclassified"},
        {"to": "KZ,KG,UN"},
        {"level": "strictly-confidential", "to": "ALL"},  # stronger in one part, weaker in another
        {"need": "courts", "to": "KZ,KG,UN"},
    ],
)
def test_only_the_originator_weakens(components, document, weaker):
    with pytest.raises(LabelError, match="comes from"):
        relabelled(components, "kg1", document, handling(components, **weaker))
    assert relabelled(components, "kz1", document, handling(components, **weaker))
    assert now_labelled(components, document) == handling(components)


def test_ending_an_embargo_sooner_or_expiring_later_weakens(components, document):
    assert (
        relabelled(components, None, document, handling(components, when=Times(now() + HOUR, now() + 2 * HOUR))) == ""
    )
    for when in (ALWAYS, Times(now() + HOUR, now() + 3 * HOUR), Times(now(), now() + 2 * HOUR)):
        assert relabelled(components, "kz1", document, handling(components, when=when))
        with pytest.raises(LabelError, match="comes from"):
            relabelled(components, "kg1", document, handling(components, when=when))


def test_the_second_registrar_may_be_of_another_agency_that_reads_it(components, document):
    proposal = relabelled(components, "kz1", document, handling(components, "restricted"))
    components.relabeller.approve(decider(components, "kg1"), proposal)
    assert now_labelled(components, document) == handling(components, "restricted")


def test_nobody_approves_what_they_proposed(components, document):
    proposal = relabelled(components, "kz1", document, handling(components, to="ALL"))
    with pytest.raises(ProposalError, match="Somebody else"):
        components.relabeller.approve(decider(components, "kz1"), proposal)
    assert now_labelled(components, document) == handling(components)


@pytest.mark.parametrize("stranger", ["un1", "low", "expert"])
def test_whoever_may_not_relabel_the_document_knows_of_no_proposal(components, document, stranger):
    proposal = relabelled(components, "kz1", document, handling(components, to="ALL"))
    who = decider(components, stranger)
    with components.database.reading() as session:
        assert relabel.waiting(session, scope(components, stranger)) == []
        assert [one.row.id for one in relabel.waiting(session, scope(components, "kg1"))] == [proposal]
    for identifier in (proposal, "0" * 32):
        with pytest.raises(NoProposalError):
            components.relabeller.approve(who, identifier)
        with pytest.raises(NoProposalError):
            components.relabeller.refuse(who, identifier, REASON)


def test_a_refused_proposal_changes_nothing_and_is_over(components, document):
    proposal = relabelled(components, "kz1", document, handling(components, to="ALL"))
    components.relabeller.refuse(decider(components, "kg1"), proposal, "No")
    with pytest.raises(NoProposalError):
        components.relabeller.approve(decider(components, "kz2"), proposal)
    assert now_labelled(components, document) == handling(components)


def test_its_proposer_may_take_it_back(components, document):
    proposal = relabelled(components, "kz1", document, handling(components, to="ALL"))
    components.relabeller.refuse(decider(components, "kz1"), proposal, "A mistake")
    with components.database.reading() as session:
        assert relabel.waiting(session, scope(components, "kz2")) == []


def test_an_approval_is_of_what_was_proposed_and_of_nothing_since(components, document):
    proposal = relabelled(components, "kz1", document, handling(components, to="ALL"))
    relabelled(components, "kg1", document, handling(components, "strictly-confidential"))
    with pytest.raises(ProposalError, match="changed since"):
        components.relabeller.approve(decider(components, "kz2"), proposal)
    assert now_labelled(components, document) == handling(components, "strictly-confidential")


def test_a_proposal_dies_with_its_proposers_rights(components, document):
    proposal = relabelled(components, "kz1", document, handling(components, to="ALL"))
    with components.database.session() as session:
        people.disable(session, people.find_person(session, "kz1"))
    with pytest.raises(ProposalError, match="no longer a registrar"):
        components.relabeller.approve(decider(components, "kz2"), proposal)
    assert now_labelled(components, document) == handling(components)


def test_nobody_gives_a_label_that_keeps_them_out(components, document):
    for new in (handling(components, need="finance"), handling(components, to="KZ")):
        with pytest.raises(LabelError, match="lets you read it yourself"):
            relabelled(components, "kg1", document, new)


def test_the_approver_too_must_be_able_to_read_what_comes_of_it(components, document):
    proposal = relabelled(components, "kz1", document, handling(components, "unclassified", "KZ,UN"))
    with pytest.raises(LabelError, match="lets you read it yourself"):
        components.relabeller.approve(decider(components, "kg1"), proposal)


def test_a_document_stays_releasable_to_its_originators(components, document):
    for to in ("KG", "UN"):
        with pytest.raises(LabelError, match="its originators"):
            relabelled(components, None, document, handling(components, to=to))


def test_a_document_must_not_expire_before_its_embargo_ends(components, document):
    with pytest.raises(LabelError, match="after its embargo"):
        relabelled(components, None, document, handling(components, when=Times(now() + HOUR, now())))


def test_the_same_file_is_not_put_twice_under_one_label(components, document):
    other = take(
        components, pdf("A paper about zeppelins."), label(components, "KZ", "confidential", "KZ,KG", "courts")
    )
    assert other.duplicate  # the operator knows them all
    with components.database.session() as session:
        copy = {c.name: getattr(session.get_one(DocumentRow, document), c.name) for c in columns()}
        rule = policy.keep_rule(session, handling(components, need="courts").label.rule)
        session.execute(insert(DocumentRow).values({**copy, "id": "f" * 32, "rule": rule}))
    with pytest.raises(LabelError, match="as document " + "f" * 32):
        relabelled(components, "kz1", document, handling(components, need="courts"))


def columns():
    return DocumentRow.__table__.columns


@pytest.mark.parametrize("outsider", ["un1", "low", "expert", "foreigner"])
def test_a_document_that_one_may_not_relabel_is_absent(components, document, outsider):
    for identifier in (document, "0" * 32):
        with pytest.raises(AbsentError):
            relabelled(components, outsider, identifier, handling(components))


def test_the_operator_weakens_alone_and_the_trail_says_so(components, document):
    assert relabelled(components, None, document, handling(components, to="ALL")) == ""
    assert search_total(components, "foreigner") == 1
    *_, entry = components.trail.entries()
    assert (entry.actor, entry.action, entry.object, entry.decision) == ("operator", "label", document, "allowed")
    detail = json.loads(entry.detail)
    assert detail["reason"] == REASON
    assert (json.loads(detail["old_label"])[1], json.loads(detail["label"])[1]) == (["KG", "KZ"], "ALL")


def test_the_trail_tells_a_proposal_from_a_change(components, document):
    proposal = relabelled(components, "kz1", document, handling(components, to="ALL"))
    components.relabeller.approve(decider(components, "kz2"), proposal)
    first, second = list(components.trail.entries())[-2:]
    assert [(e.actor, e.decision) for e in (first, second)] == [("kz1", "proposed"), ("kz2", "allowed")]
    assert all(json.loads(e.detail)["proposal"] == proposal for e in (first, second))
    assert json.loads(second.detail)["reason"] == REASON


def test_without_a_trail_nothing_is_changed(components, document, monkeypatch):
    def broken(_):
        raise TrailError("full")

    monkeypatch.setattr(type(components.trail), "record", lambda self, event: broken(event))
    for new in (handling(components, "strictly-confidential"), handling(components, to="ALL")):
        with pytest.raises(TrailError):
            relabelled(components, "kz1", document, new)
    assert now_labelled(components, document) == handling(components)
    with components.database.reading() as session:
        assert session.query(ProposalRow).count() == 0


def test_when_the_index_fails_nobody_sees_it_under_the_old_label_and_it_is_made_good(components, document, monkeypatch):
    def down(records):
        raise EngineUnavailableError("down")

    with monkeypatch.context() as broken:
        broken.setattr(components.engine, "put", down)
        with pytest.raises(EngineUnavailableError):
            relabelled(components, "kz1", document, handling(components, need="courts"))
        assert search_total(components, "expert") == 0  # who read it before
    components.worker().run()
    assert search_total(components, "expert") == 0
    assert components.engine.holdings()[document].rule == handling(components, need="courts").label.rule.digest


def test_an_approval_happens_once(components, document):
    proposal = relabelled(components, "kz1", document, handling(components, to="ALL"))
    components.relabeller.approve(decider(components, "kz2"), proposal)
    with pytest.raises(NoProposalError):
        components.relabeller.approve(decider(components, "kg1"), proposal)


def test_a_proposal_of_another_month_is_over(components, document):
    proposal = relabelled(components, "kz1", document, handling(components, to="ALL"))
    with components.database.session() as session:
        session.get_one(ProposalRow, proposal).proposed_at = now() - timedelta(days=31)
    with pytest.raises(NoProposalError):
        components.relabeller.approve(decider(components, "kz2"), proposal)


def test_a_review_day_is_set_by_anybody_who_may_relabel(components, document):
    when = replace(ALWAYS, review_on=now().date())
    assert relabelled(components, "kg1", document, handling(components, when=when)) == ""
    assert now_labelled(components, document).times == when
    assert search_total(components, "expert") == 1


ROUNDS = 20


def decided_and_relabelled(components, document_id: str, weaker: Handling, stricter: Handling, by: str) -> list[object]:
    """What came of an approval of `weaker` by this person and of another's relabelling at the same moment."""
    relabelled(components, None, document_id, handling(components))
    proposal_id = relabelled(components, "kz1", document_id, weaker)
    approver = decider(components, by)
    outcomes = together(
        lambda: components.relabeller.approve(approver, proposal_id),
        lambda: relabelled(components, "kz2", document_id, stricter),
        refusals=(ProposalError, NoProposalError),
    )
    with components.database.session() as session:
        session.execute(delete(ProposalRow))
    return outcomes


def handled(components, document_id: str) -> Handling:
    with components.database.reading() as session:
        return relabel.handling_of(session, session.get_one(DocumentRow, document_id))


def test_a_strengthening_survives_a_weakening_that_is_approved_at_the_same_moment(on_each_database) -> None:
    """Lost in 45 of 120 rounds on PostgreSQL while the row was read before it was locked."""
    components = on_each_database
    document_id = indexed(components)
    weak = handling(components, "unclassified", "ALL")
    strong = handling(components, "strictly-confidential", "KZ")
    for known in (weak, strong):  # whoever asks for their scope knows both rules from the first round on
        relabelled(components, None, document_id, known)
    for _ in range(ROUNDS):
        outcomes = decided_and_relabelled(components, document_id, weak, strong, "kz3")
        assert outcomes[1] == "" and handled(components, document_id) == strong, outcomes


def test_a_registrar_who_may_no_longer_read_does_not_approve_at_the_same_moment(on_each_database) -> None:
    components = on_each_database
    document_id = indexed(components)
    other, hidden = handling(components, to="KZ,KG,UN"), handling(components, to="KZ", need="courts")
    for known in (other, hidden):
        relabelled(components, None, document_id, known)
    for _ in range(ROUNDS):
        outcomes = decided_and_relabelled(components, document_id, other, hidden, "kz3")
        assert outcomes[1] == "" and handled(components, document_id) == hidden, outcomes
