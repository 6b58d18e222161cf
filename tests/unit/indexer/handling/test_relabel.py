"""Relabelling: who may strengthen, who may weaken, who must agree, and that every search follows."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from drawn import labels
from factories import agency, fresh, label, pdf, person, principal, take
from hypothesis import given
from hypothesis import strategies as st

from auth import people, policy
from auth.audit.trail import Event, TrailError
from auth.changes.proposals import NoProposalError, ProposalError
from auth.database import now
from auth.labels import dominates
from auth.policy import Action
from auth.tables import ProposalRow
from indexer.engine.contract import EngineUnavailableError, Request, Term
from indexer.handling import relabel
from indexer.handling.lifecycle import AbsentError
from indexer.handling.relabel import Handling
from indexer.library.documents import ALWAYS, Times
from indexer.library.intake import LabelError
from indexer.library.tables import DocumentRow
from indexer.search.find import find

HOUR = timedelta(hours=1)
REASON = "Names of witnesses on page 3"
moments = st.datetimes(datetime(2020, 1, 1), datetime(2021, 1, 1), timezones=st.just(UTC))
handlings = st.builds(Handling, labels, st.builds(Times, st.none() | moments, st.none() | moments))


@pytest.fixture
def parts(tmp_path):
    made = fresh(tmp_path / "home")
    for code in ("KZ", "KG", "UN"):
        agency(made, code)
    for username, code in (("kz1", "KZ"), ("kz2", "KZ"), ("kg1", "KG"), ("un1", "UN")):
        person(made, username, code, ["registrar"], words=["courts"])
    person(made, "low", "KZ", ["registrar"], clearance="restricted")
    person(made, "expert", "KZ", ["expert"])
    person(made, "foreigner", "UN", ["expert"])
    yield made
    made.close()


@pytest.fixture
def document(parts) -> str:
    """A confidential paper of KZ, released to KZ and KG."""
    document_id = take(parts, pdf("A paper about zeppelins."), label(parts, "KZ", "confidential", "KZ,KG")).document_id
    parts.worker().run()
    return document_id


def handling(parts, level: str = "confidential", to: str = "KZ,KG", need: str = "", when: Times = ALWAYS) -> Handling:
    return Handling(label(parts, "KZ", level, to, need), when)


def relabelled(parts, by: str | None, document_id: str, new: Handling, reason: str = REASON) -> str:
    who = principal(parts, by) if by else None
    return parts.relabeller.relabel(
        scope(parts, by), who, document_id, new, reason, event(by or "operator", document_id)
    )


def scope(parts, by: str | None) -> policy.Scope:
    with parts.database.reading() as session:
        if by is None:
            return policy.operator_scope(session, Action.LABEL)
        return policy.scope_for(session, principal(parts, by), Action.LABEL)


def event(actor: str, document_id: str = "") -> Event:
    return Event(actor, "test", "label", document_id)


def found(parts, username: str) -> int:
    return find(parts.database, parts.engine, principal(parts, username), Request(Term("zeppelin"))).answer.total


def now_labelled(parts, document_id: str) -> Handling:
    with parts.database.reading() as session:
        return relabel.handling_of(session, session.get_one(DocumentRow, document_id))


@given(handlings, handlings, moments)
def test_what_confines_lets_nobody_read_at_any_moment_when_they_could_not_before(new, old, at):
    if new.confines(old):
        assert dominates(new.label, old.label)
        assert old.times.published(at) or not new.times.published(at)


@given(handlings)
def test_every_handling_confines_itself(one):
    assert one.confines(one)


@given(handlings)
def test_a_handling_survives_being_kept(one):
    assert relabel._from_json(json.loads(json.dumps(relabel._as_json(one))), one.label.originators) == one


@pytest.mark.parametrize("registrar", ["kz1", "kg1"])
def test_any_registrar_who_may_read_it_strengthens_at_once(parts, document, registrar):
    assert found(parts, "expert") == 1
    stronger = handling(parts, "strictly-confidential")
    assert relabelled(parts, registrar, document, stronger) == ""
    assert now_labelled(parts, document) == stronger
    assert found(parts, "expert") == 1  # cleared that far
    assert relabelled(parts, registrar, document, handling(parts, "strictly-confidential", need="courts")) == ""
    assert found(parts, "expert") == 0
    assert list(parts.engine.holdings().values()) == [now_labelled(parts, document).label.rule.digest]


def test_an_embargo_or_an_earlier_expiry_strengthens(parts, document):
    assert relabelled(parts, "kg1", document, handling(parts, when=Times(expires_at=now() + HOUR))) == ""
    assert found(parts, "expert") == 1
    assert relabelled(parts, "kg1", document, handling(parts, when=Times(now() + HOUR / 2, now() + HOUR / 1.5))) == ""
    assert found(parts, "expert") == 0
    assert dict(parts.engine.holdings()) == {}


def test_weakening_waits_for_a_second_registrar(parts, document):
    weaker = handling(parts, to="ALL")
    proposal = relabelled(parts, "kz1", document, weaker)
    assert proposal
    assert found(parts, "foreigner") == 0
    parts.relabeller.approve(principal(parts, "kz2"), proposal, event("kz2", document))
    assert found(parts, "foreigner") == 1
    assert now_labelled(parts, document) == weaker


@pytest.mark.parametrize(
    "weaker",
    [
        {"level": "unclassified"},
        {"to": "KZ,KG,UN"},
        {"level": "strictly-confidential", "to": "ALL"},  # stronger in one part, weaker in another
        {"need": "courts", "to": "KZ,KG,UN"},
    ],
)
def test_only_the_originator_weakens(parts, document, weaker):
    with pytest.raises(LabelError, match="comes from"):
        relabelled(parts, "kg1", document, handling(parts, **weaker))
    assert relabelled(parts, "kz1", document, handling(parts, **weaker))
    assert now_labelled(parts, document) == handling(parts)


def test_ending_an_embargo_sooner_or_expiring_later_weakens(parts, document):
    assert relabelled(parts, None, document, handling(parts, when=Times(now() + HOUR, now() + 2 * HOUR))) == ""
    for when in (ALWAYS, Times(now() + HOUR, now() + 3 * HOUR), Times(now(), now() + 2 * HOUR)):
        assert relabelled(parts, "kz1", document, handling(parts, when=when))
        with pytest.raises(LabelError, match="comes from"):
            relabelled(parts, "kg1", document, handling(parts, when=when))


def test_the_second_registrar_may_be_of_another_agency_that_reads_it(parts, document):
    proposal = relabelled(parts, "kz1", document, handling(parts, "restricted"))
    parts.relabeller.approve(principal(parts, "kg1"), proposal, event("kg1", document))
    assert now_labelled(parts, document) == handling(parts, "restricted")


def test_nobody_approves_what_they_proposed(parts, document):
    proposal = relabelled(parts, "kz1", document, handling(parts, to="ALL"))
    with pytest.raises(ProposalError, match="Somebody else"):
        parts.relabeller.approve(principal(parts, "kz1"), proposal, event("kz1", document))
    assert now_labelled(parts, document) == handling(parts)


@pytest.mark.parametrize("stranger", ["un1", "low", "expert"])
def test_whoever_may_not_relabel_the_document_knows_of_no_proposal(parts, document, stranger):
    proposal = relabelled(parts, "kz1", document, handling(parts, to="ALL"))
    who = principal(parts, stranger)
    with parts.database.reading() as session:
        assert relabel.waiting(session, scope(parts, stranger)) == []
        assert [one.row.id for one in relabel.waiting(session, scope(parts, "kg1"))] == [proposal]
    for identifier in (proposal, "0" * 32):
        with pytest.raises(NoProposalError):
            parts.relabeller.approve(who, identifier, event(stranger))
        with pytest.raises(NoProposalError):
            parts.relabeller.refuse(who, identifier, REASON, event(stranger))


def test_a_refused_proposal_changes_nothing_and_is_over(parts, document):
    proposal = relabelled(parts, "kz1", document, handling(parts, to="ALL"))
    parts.relabeller.refuse(principal(parts, "kg1"), proposal, "No", event("kg1", document))
    with pytest.raises(NoProposalError):
        parts.relabeller.approve(principal(parts, "kz2"), proposal, event("kz2", document))
    assert now_labelled(parts, document) == handling(parts)


def test_its_proposer_may_take_it_back(parts, document):
    proposal = relabelled(parts, "kz1", document, handling(parts, to="ALL"))
    parts.relabeller.refuse(principal(parts, "kz1"), proposal, "A mistake", event("kz1", document))
    with parts.database.reading() as session:
        assert relabel.waiting(session, scope(parts, "kz2")) == []


def test_an_approval_is_of_what_was_proposed_and_of_nothing_since(parts, document):
    proposal = relabelled(parts, "kz1", document, handling(parts, to="ALL"))
    relabelled(parts, "kg1", document, handling(parts, "strictly-confidential"))
    with pytest.raises(ProposalError, match="changed since"):
        parts.relabeller.approve(principal(parts, "kz2"), proposal, event("kz2", document))
    assert now_labelled(parts, document) == handling(parts, "strictly-confidential")


def test_a_proposal_dies_with_its_proposers_rights(parts, document):
    proposal = relabelled(parts, "kz1", document, handling(parts, to="ALL"))
    with parts.database.session() as session:
        people.disable(session, people.find_person(session, "kz1"))
    with pytest.raises(ProposalError, match="no longer a registrar"):
        parts.relabeller.approve(principal(parts, "kz2"), proposal, event("kz2", document))
    assert now_labelled(parts, document) == handling(parts)


def test_nobody_gives_a_label_that_keeps_them_out(parts, document):
    for new in (handling(parts, need="finance"), handling(parts, to="KZ")):
        with pytest.raises(LabelError, match="lets you read it yourself"):
            relabelled(parts, "kg1", document, new)


def test_the_approver_too_must_be_able_to_read_what_comes_of_it(parts, document):
    proposal = relabelled(parts, "kz1", document, handling(parts, "unclassified", "KZ,UN"))
    with pytest.raises(LabelError, match="lets you read it yourself"):
        parts.relabeller.approve(principal(parts, "kg1"), proposal, event("kg1", document))


def test_a_document_stays_releasable_to_its_originators(parts, document):
    for to in ("KG", "UN"):
        with pytest.raises(LabelError, match="its originators"):
            relabelled(parts, None, document, handling(parts, to=to))


def test_a_document_must_not_expire_before_its_embargo_ends(parts, document):
    with pytest.raises(LabelError, match="after its embargo"):
        relabelled(parts, None, document, handling(parts, when=Times(now() + HOUR, now())))


def test_the_same_file_is_not_put_twice_under_one_label(parts, document):
    other = take(parts, pdf("A paper about zeppelins."), label(parts, "KZ", "confidential", "KZ,KG", "courts"))
    assert other.duplicate  # the operator knows them all
    with parts.database.session() as session:
        copy = DocumentRow(**{c.name: getattr(session.get_one(DocumentRow, document), c.name) for c in columns()})
        copy.id, copy.rule = "f" * 32, policy.keep_rule(session, handling(parts, need="courts").label.rule)
        session.add(copy)
    with pytest.raises(LabelError, match="as document " + "f" * 32):
        relabelled(parts, "kz1", document, handling(parts, need="courts"))


def columns():
    return DocumentRow.__table__.columns


@pytest.mark.parametrize("outsider", ["un1", "low", "expert", "foreigner"])
def test_a_document_that_one_may_not_relabel_is_absent(parts, document, outsider):
    for identifier in (document, "0" * 32):
        with pytest.raises(AbsentError):
            relabelled(parts, outsider, identifier, handling(parts))


def test_the_operator_weakens_alone_and_the_trail_says_so(parts, document):
    assert relabelled(parts, None, document, handling(parts, to="ALL")) == ""
    assert found(parts, "foreigner") == 1
    *_, entry = parts.trail.entries()
    assert (entry.actor, entry.action, entry.object, entry.decision) == ("operator", "label", document, "allowed")
    detail = json.loads(entry.detail)
    assert detail["reason"] == REASON
    assert (json.loads(detail["old_label"])[1], json.loads(detail["label"])[1]) == (["KG", "KZ"], "ALL")


def test_the_trail_tells_a_proposal_from_a_change(parts, document):
    proposal = relabelled(parts, "kz1", document, handling(parts, to="ALL"))
    parts.relabeller.approve(principal(parts, "kz2"), proposal, event("kz2", document))
    first, second = list(parts.trail.entries())[-2:]
    assert [(e.actor, e.decision) for e in (first, second)] == [("kz1", "proposed"), ("kz2", "allowed")]
    assert all(json.loads(e.detail)["proposal"] == proposal for e in (first, second))
    assert json.loads(second.detail)["reason"] == REASON


def test_without_a_trail_nothing_is_changed(parts, document, monkeypatch):
    def broken(_):
        raise TrailError("full")

    monkeypatch.setattr(type(parts.trail), "record", lambda self, event: broken(event))
    for new in (handling(parts, "strictly-confidential"), handling(parts, to="ALL")):
        with pytest.raises(TrailError):
            relabelled(parts, "kz1", document, new)
    assert now_labelled(parts, document) == handling(parts)
    with parts.database.reading() as session:
        assert session.query(ProposalRow).count() == 0


def test_when_the_index_fails_nobody_sees_it_under_the_old_label_and_it_is_made_good(parts, document, monkeypatch):
    def down(records):
        raise EngineUnavailableError("down")

    with monkeypatch.context() as broken:
        broken.setattr(parts.engine, "put", down)
        with pytest.raises(EngineUnavailableError):
            relabelled(parts, "kz1", document, handling(parts, need="courts"))
        with pytest.raises(EngineUnavailableError):  # whoever read it before is answered by nothing, not by the old
            found(parts, "expert")
    assert found(parts, "expert") == 0
    assert parts.engine.holdings()[document] == handling(parts, need="courts").label.rule.digest


def test_an_approval_happens_once(parts, document):
    proposal = relabelled(parts, "kz1", document, handling(parts, to="ALL"))
    parts.relabeller.approve(principal(parts, "kz2"), proposal, event("kz2", document))
    with pytest.raises(NoProposalError):
        parts.relabeller.approve(principal(parts, "kg1"), proposal, event("kg1", document))


def test_a_proposal_of_another_month_is_over(parts, document):
    proposal = relabelled(parts, "kz1", document, handling(parts, to="ALL"))
    with parts.database.session() as session:
        session.get_one(ProposalRow, proposal).proposed_at = now() - timedelta(days=31)
    with pytest.raises(NoProposalError):
        parts.relabeller.approve(principal(parts, "kz2"), proposal, event("kz2", document))


def test_a_review_day_is_set_by_anybody_who_may_relabel(parts, document):
    when = replace(ALWAYS, review_on=now().date())
    assert relabelled(parts, "kg1", document, handling(parts, when=when)) == ""
    assert now_labelled(parts, document).times == when
    assert found(parts, "expert") == 1
