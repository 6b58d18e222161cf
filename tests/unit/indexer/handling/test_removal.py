"""Legal holds and removals: who may propose, who must agree, and what comes of two who act at the same moment."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
from factories import agency, decider, fresh, label, pdf, person, principal, take
from races import together

from auth import people
from auth.audit.entries import Event, TrailError
from auth.changes.proposals import NoProposalError, ProposalError
from auth.policy import Action
from indexer.engine.contract import Request, Term
from indexer.handling.lifecycle import AbsentError, HeldError
from indexer.handling.relabel import Handling, handling_of
from indexer.handling.removal import ACTIONS, RELEASE, REMOVE
from indexer.library.documents import ALWAYS
from indexer.library.intake import LabelError
from indexer.library.states import State
from indexer.library.tables import DocumentRow
from indexer.search.find import find
from services.components import Components

REASON = "Brought by mistake"
ROUNDS = 15


def peopled(components: Components) -> Components:
    """With registrars of three agencies and a reader."""
    for code in ("KZ", "KG", "UN"):
        agency(components, code)
    for username, code in (("kz1", "KZ"), ("kz2", "KZ"), ("kg1", "KG"), ("un1", "UN")):
        person(components, username, code, ["registrar"], words=["courts"])
    person(components, "plain", "KG", ["registrar"])
    person(components, "expert", "KZ", ["expert"])
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


@pytest.fixture
def document(components: Components) -> str:
    return indexed(components)


def indexed(components: Components, text: str = "A paper about zeppelins.") -> str:
    """A confidential paper of KZ, released to KZ and KG."""
    taken = take(components, pdf(text), label(components, "KZ", "confidential", "KZ,KG"))
    components.worker().run()
    return taken.document_id


def asked(components: Components, by: str | None, what: str, document_id: str) -> str | None:
    """What a hold, a release or a removal by this person gives."""
    who = decider(components, by)
    with components.database.reading() as session:
        scope = who.scope(session, ACTIONS.get(what, Action.LABEL))
    act = getattr(components.removals, what)
    given: str | None = act(scope, who.principal, document_id, REASON, who.event(what, document_id))
    return given


def row_of(components: Components, document_id: str) -> DocumentRow:
    with components.database.reading() as session:
        return session.get_one(DocumentRow, document_id)


def search_total(components: Components, username: str = "expert") -> int:
    who, counts = principal(components, username), components.place_counts
    return find(components.database, components.engine, who, Request(Term("zeppelin")), counts).answer.total


def held_or_not(components: Components, document_id: str, kind: str) -> None:
    """As that kind of proposal needs it."""
    asked(components, None, "hold" if kind == RELEASE else "release", document_id)


def is_done(components: Components, document_id: str, kind: str) -> bool:
    row = row_of(components, document_id)
    return row.state is State.REMOVING if kind == REMOVE else not row.legal_hold


@pytest.mark.parametrize("kind", (REMOVE, RELEASE))
@pytest.mark.parametrize("second", ["kz2", "kg1", None])
def test_a_registrar_of_the_originator_proposes_and_a_second_person_approves(
    components: Components, document: str, kind: str, second: str | None
) -> None:
    held_or_not(components, document, kind)
    proposal = asked(components, "kz1", kind, document)
    assert proposal and not is_done(components, document, kind) and search_total(components) == 1
    components.removals.approve(decider(components, second), kind, proposal)
    assert is_done(components, document, kind)
    assert search_total(components) == (0 if kind == REMOVE else 1)
    proposed, approved = list(components.trail.entries())[-2:]
    told = [(entry.actor, entry.action, entry.object, entry.decision) for entry in (proposed, approved)]
    assert told == [("kz1", kind, document, "proposed"), (second or "operator", kind, document, "allowed")]
    for entry in (proposed, approved):
        detail = json.loads(entry.detail)
        assert (detail["reason"], detail["proposal"]) == (REASON, proposal) and detail["label"]


@pytest.mark.parametrize("kind", (REMOVE, RELEASE))
def test_a_registrar_of_another_agency_is_refused_and_told_who_may(
    components: Components, document: str, kind: str
) -> None:
    held_or_not(components, document, kind)
    with pytest.raises(LabelError, match="Only a registrar of KZ, which the document comes from, may propose this"):
        asked(components, "kg1", kind, document)
    assert not is_done(components, document, kind)


@pytest.mark.parametrize("what", ["hold", REMOVE, RELEASE])
@pytest.mark.parametrize("outsider", ["un1", "expert"])
def test_what_one_may_not_read_is_absent(components: Components, document: str, what: str, outsider: str) -> None:
    for identifier in (document, "0" * 32):
        with pytest.raises(AbsentError):
            asked(components, outsider, what, identifier)


@pytest.mark.parametrize("kind", (REMOVE, RELEASE))
@pytest.mark.parametrize("outsider", ["un1", "expert"])
def test_whoever_may_not_read_it_knows_of_no_proposal(
    components: Components, document: str, kind: str, outsider: str
) -> None:
    held_or_not(components, document, kind)
    proposal = asked(components, "kz1", kind, document)
    for identifier in (proposal, "0" * 32):
        with pytest.raises(NoProposalError):
            components.removals.approve(decider(components, outsider), kind, str(identifier))
        with pytest.raises(NoProposalError):
            components.removals.refuse(decider(components, outsider), kind, str(identifier), REASON)
    assert not is_done(components, document, kind)


@pytest.mark.parametrize("kind", (REMOVE, RELEASE))
def test_a_proposal_is_decided_on_once_and_never_by_its_proposer_alone(
    components: Components, document: str, kind: str
) -> None:
    held_or_not(components, document, kind)
    proposal = str(asked(components, "kz1", kind, document))
    with pytest.raises(ProposalError, match="Somebody else"):
        components.removals.approve(decider(components, "kz1"), kind, proposal)
    components.removals.refuse(decider(components, "kz1"), kind, proposal, "A mistake")
    with pytest.raises(NoProposalError):
        components.removals.approve(decider(components, "kz2"), kind, proposal)
    assert not is_done(components, document, kind)


@pytest.mark.parametrize("kind", (REMOVE, RELEASE))
def test_a_proposal_of_the_other_kind_is_absent(components: Components, document: str, kind: str) -> None:
    held_or_not(components, document, kind)
    proposal = str(asked(components, "kz1", kind, document))
    [other] = {REMOVE, RELEASE} - {kind}
    with pytest.raises(NoProposalError):
        components.removals.approve(decider(components, "kz2"), other, proposal)


@pytest.mark.parametrize("kind", (REMOVE, RELEASE))
def test_a_proposal_dies_with_its_proposers_rights(components: Components, document: str, kind: str) -> None:
    held_or_not(components, document, kind)
    proposal = str(asked(components, "kz1", kind, document))
    with components.database.session() as session:
        people.disable(session, people.the_person(session, "kz1"))
    with pytest.raises(ProposalError, match="no longer a registrar"):
        components.removals.approve(decider(components, "kz2"), kind, proposal)
    assert not is_done(components, document, kind)


def test_the_operator_acts_alone_and_the_trail_says_so(components: Components, document: str) -> None:
    for what in ("hold", "release", "remove"):
        assert not asked(components, None, what, document)
        *_, entry = components.trail.entries()
        assert (entry.actor, entry.action, entry.object, entry.decision) == ("operator", what, document, "allowed")
        assert json.loads(entry.detail)["reason"] == REASON
    assert search_total(components) == 0


def test_any_registrar_who_may_read_it_places_a_hold_which_stops_a_removal(
    components: Components, document: str
) -> None:
    proposal = str(asked(components, "kz1", REMOVE, document))
    asked(components, "kg1", "hold", document)
    with pytest.raises(HeldError):
        components.removals.approve(decider(components, "kz2"), REMOVE, proposal)
    with pytest.raises(HeldError):
        asked(components, "kz1", REMOVE, document)
    with pytest.raises(HeldError):
        asked(components, None, REMOVE, document)
    assert search_total(components) == 1


def test_a_hold_that_is_placed_again_is_not_lifted_by_an_older_proposal(components: Components, document: str) -> None:
    """It was about another case; whoever approves it would lift what they never saw."""
    asked(components, "kz1", "hold", document)
    proposal = str(asked(components, "kz1", RELEASE, document))
    asked(components, "kg1", "hold", document)
    with pytest.raises(NoProposalError):
        components.removals.approve(decider(components, "kz2"), RELEASE, proposal)
    assert row_of(components, document).legal_hold


def test_a_hold_that_the_operator_lifted_is_not_lifted_twice(components: Components, document: str) -> None:
    asked(components, "kz1", "hold", document)
    proposal = str(asked(components, "kz1", RELEASE, document))
    asked(components, None, RELEASE, document)
    with pytest.raises(ProposalError, match="no legal hold"):
        components.removals.approve(decider(components, "kz2"), RELEASE, proposal)
    assert asked(components, "kg1", RELEASE, document) == ""  # where there is none, there is nothing to decide


def test_without_a_trail_nothing_is_done(
    components: Components, document: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    proposal = str(asked(components, "kz1", REMOVE, document))

    def broken(self: object, event: Event) -> None:
        raise TrailError("full")

    monkeypatch.setattr(type(components.trail), "record", broken)
    for act in (
        lambda: components.removals.approve(decider(components, "kz2"), REMOVE, proposal),
        lambda: asked(components, None, REMOVE, document),
        lambda: asked(components, "kz1", "hold", document),
    ):
        with pytest.raises(TrailError):
            act()
    assert row_of(components, document).state is not State.REMOVING
    assert not row_of(components, document).legal_hold


REFUSALS = (AbsentError, HeldError, NoProposalError, ProposalError)


def test_a_removal_and_a_hold_at_the_same_moment_are_never_both_done(on_each_database: Components) -> None:
    components = on_each_database
    for number in range(ROUNDS):
        document_id = indexed(components, f"A paper about zeppelins, number {number}.")
        proposal, second = str(asked(components, "kz1", REMOVE, document_id)), decider(components, "kz2")
        outcomes = together(
            lambda second=second, proposal=proposal: components.removals.approve(second, REMOVE, proposal),
            lambda document_id=document_id: asked(components, "kg1", "hold", document_id),
            refusals=REFUSALS,
        )
        row = row_of(components, document_id)
        assert row.legal_hold == (row.state is not State.REMOVING)
        assert [type(outcome) for outcome in outcomes] == (
            [HeldError, type(None)] if row.legal_hold else [type(None), AbsentError]
        )


def test_of_two_approvals_at_the_same_moment_one_is_done(on_each_database: Components) -> None:
    components = on_each_database
    for number in range(ROUNDS):
        document_id = indexed(components, f"A paper about zeppelins, number {number}.")
        proposal = str(asked(components, "kz1", REMOVE, document_id))
        deciders = [decider(components, username) for username in ("kz2", "kg1")]
        approvals = [partial(components.removals.approve, who, REMOVE, proposal) for who in deciders]
        outcomes = together(*approvals, refusals=REFUSALS)
        assert sorted(type(outcome).__name__ for outcome in outcomes) == ["NoProposalError", "NoneType"]
        told = [entry for entry in components.trail.entries() if entry.object == document_id and entry.action == REMOVE]
        assert [entry.decision for entry in told] == ["proposed", "allowed"]


def test_a_hold_is_not_lifted_by_whom_a_new_label_keeps_out_at_the_same_moment(on_each_database: Components) -> None:
    components = on_each_database
    document_id = indexed(components)
    openly = Handling(label(components, "KZ", "confidential", "KZ,KG"), ALWAYS)
    hidden = Handling(label(components, "KZ", "confidential", "KZ", "courts"), ALWAYS)
    for handling in (hidden, openly):
        relabel(components, None, document_id, handling)
    for _ in range(ROUNDS):
        relabel(components, None, document_id, openly)
        asked(components, None, "hold", document_id)
        proposal, second = str(asked(components, "kz1", RELEASE, document_id)), decider(components, "plain")
        outcomes = together(
            lambda second=second, proposal=proposal: components.removals.approve(second, RELEASE, proposal),
            lambda: relabel(components, "kz2", document_id, hidden),
            refusals=REFUSALS,
        )
        row = row_of(components, document_id)
        assert outcomes[1] == "" and row.legal_hold == isinstance(outcomes[0], NoProposalError), outcomes
        with components.database.reading() as session:
            assert handling_of(session, row) == hidden


def relabel(components: Components, by: str | None, document_id: str, new: Handling) -> str:
    who = decider(components, by)
    with components.database.reading() as session:
        scope = who.scope(session, Action.LABEL)
    event = who.event("label", document_id)
    return components.relabeller.relabel(scope, who.principal, document_id, new, REASON, event)
