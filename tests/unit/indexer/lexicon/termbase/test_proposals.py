"""Terms are proposed by one person and decided on by another; what lies outside a scope is not there."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from factories import label, principal
from races import together

from auth import policy
from auth.labels import Label
from auth.people import Principal
from auth.policy import Action, Scope
from indexer.lexicon.termbase import proposals
from indexer.lexicon.termbase.proposals import NoTermError, TermDecisionError, TermQuery
from indexer.lexicon.termbase.terms import Concept, TermError, TermWord
from services.components import Components

POST = Concept((TermWord("en", "border post"), TermWord("ru", "пограничный пост")), source="Treaty")
GATE = Concept((TermWord("en", "border gate"), TermWord("ru", "пограничные ворота")))


class Desk:
    """What people do with terms, each call a transaction of its own."""

    def __init__(self, components: Components) -> None:
        self.components = components

    def who(self, name: str) -> Principal:
        found = principal(self.components, name)
        assert found is not None
        return found

    def scope(self, name: str, action: Action) -> Scope:
        with self.components.database.reading() as session:
            return policy.scope_for(session, self.who(name), action)

    def propose(self, name: str, concept: Concept, under: Label, replaces: str = "") -> str:
        with self.components.database.session() as session:
            scope = policy.scope_for(session, self.who(name), Action.EDIT)
            return proposals.propose(session, scope, self.who(name), concept, under, "it is so", replaces)

    def decide(self, name: str, term: str, verdict: proposals.Verdict = "approved") -> None:
        with self.components.database.session() as session:
            scope = policy.scope_for(session, self.who(name), Action.APPROVE)
            proposals.decide(session, scope, self.who(name), term, verdict, "well said")

    def withdraw(self, name: str, term: str) -> None:
        with self.components.database.session() as session:
            scope = policy.scope_for(session, self.who(name), Action.EDIT)
            proposals.withdraw(session, scope, self.who(name), term, "never mind")

    def found(self, name: str, text: str, state: proposals.TermState = "approved") -> list[str]:
        """The own terms that somebody finds; those that ship left out."""
        with self.components.database.reading() as session:
            scope = policy.scope_for(session, self.who(name), Action.SEARCH)
            result = proposals.search(session, scope, TermQuery(text, state, limit=100))
        return [term.concept_id for term in result.terms if term.label]


@pytest.fixture
def desk(components: Components) -> Desk:
    return Desk(components)


@pytest.fixture
def open_label(components: Components) -> Label:
    return label(components, "A")


def test_a_term_is_seen_once_somebody_else_approved_it(desk: Desk, open_label: Label) -> None:
    term = desk.propose("tina", POST, open_label)
    assert desk.found("rita", "border post") == []
    desk.decide("rita", term)
    assert desk.found("rita", "пограничными постами") == [term]
    assert desk.found("rita", "posts") == [term]
    assert desk.found("rita", "post gate") == []
    with desk.components.database.reading() as session:
        shown = proposals.get(session, desk.scope("rita", Action.SEARCH), term)
    assert shown.concept == POST and shown.label == open_label
    assert [(each.act, each.by, each.reason) for each in shown.history] == [
        ("proposed", "tina", "it is so"),
        ("approved", "rita", "well said"),
    ]


def test_nobody_decides_on_their_own_term(desk: Desk, open_label: Label) -> None:
    term = desk.propose("both", POST, open_label)
    with pytest.raises(TermDecisionError) as refusal:
        desk.decide("both", term)
    assert refusal.value.code == "own_term"
    desk.decide("rita", term, "rejected")
    assert desk.found("rita", "", "rejected") == [term]
    with pytest.raises(TermDecisionError):
        desk.decide("rita", term)


def test_only_who_proposed_takes_back(desk: Desk, open_label: Label) -> None:
    term = desk.propose("tina", POST, open_label)
    with pytest.raises(TermDecisionError):
        desk.withdraw("toby", term)
    desk.withdraw("tina", term)
    with pytest.raises(TermDecisionError):
        desk.decide("rita", term)
    assert desk.found("rita", "border post") == []


def test_a_replacement_takes_the_place_of_the_old_term_at_its_approval(desk: Desk, open_label: Label) -> None:
    old = desk.propose("tina", POST, open_label)
    desk.decide("rita", old)
    new, late = (desk.propose(name, GATE, open_label, replaces=old) for name in ("toby", "tina"))
    assert desk.found("rita", "border") == [old]
    desk.decide("rita", new)
    assert desk.found("rita", "border") == [new]
    assert desk.found("rita", "", "replaced") == [old]
    with pytest.raises(TermDecisionError) as refusal:
        desk.decide("rita", late)
    assert refusal.value.code == "term_replaced"
    desk.decide("rita", late, "rejected")


def test_a_replacement_keeps_the_label(desk: Desk, components: Components, open_label: Label) -> None:
    old = desk.propose("tina", POST, label(components, "A", releasable_to="A"))
    desk.decide("rita", old)
    with pytest.raises(TermDecisionError) as refusal:
        desk.propose("tina", GATE, open_label, replaces=old)
    assert refusal.value.code == "term_label_kept"


def test_what_lies_outside_the_scope_is_not_there(desk: Desk, components: Components) -> None:
    term = desk.propose("tina", POST, label(components, "A", releasable_to="A"))
    with pytest.raises(NoTermError):
        desk.decide("rolf", term)
    desk.decide("rita", term)
    assert desk.found("rita", "border post") == [term]
    assert desk.found("rolf", "border post") == []
    with components.database.reading() as session, pytest.raises(NoTermError):
        proposals.get(session, desk.scope("rolf", Action.SEARCH), term)


def test_what_is_no_term_is_not_proposed(desk: Desk, open_label: Label) -> None:
    with pytest.raises(TermError):
        desk.propose("tina", Concept((TermWord("en", "post"),)), open_label)
    with pytest.raises(NoTermError):
        desk.propose("tina", POST, open_label, replaces="shipped-1")


def test_too_many_waiting_proposals_of_one_person_are_refused(
    desk: Desk, open_label: Label, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(proposals, "MOST_WAITING", 2)
    for _ in range(2):
        desk.propose("tina", POST, open_label)
    with pytest.raises(TermDecisionError) as refusal:
        desk.propose("tina", POST, open_label)
    assert refusal.value.code == "term_waiting"
    desk.propose("toby", POST, open_label)


def test_of_two_who_decide_at_once_one_comes_too_late(desk: Desk, open_label: Label) -> None:
    term = desk.propose("tina", POST, open_label)

    def deciding(name: str, verdict: proposals.Verdict) -> Callable[[], None]:
        return lambda: desk.decide(name, term, verdict)

    outcomes = together(deciding("rita", "approved"), deciding("both", "rejected"), refusals=(TermDecisionError,))
    assert sum(isinstance(each, TermDecisionError) for each in outcomes) == 1
    with desk.components.database.reading() as session:
        history = proposals.get(session, desk.scope("rita", Action.SEARCH), term).history
    assert len(history) == 2


def test_terms_that_ship_stand_among_ones_own_in_order(desk: Desk, open_label: Label) -> None:
    own = desk.propose("tina", Concept((TermWord("en", "accession zone"), TermWord("ru", "зона"))), open_label)
    desk.decide("rita", own)
    with desk.components.database.reading() as session:
        scope = desk.scope("rita", Action.SEARCH)
        whole = proposals.search(session, scope, TermQuery(limit=100))
        paged = [proposals.search(session, scope, TermQuery(offset=at, limit=7)).terms for at in range(0, 98, 7)]
    headings = [term.concept.heading for term in whole.terms]
    assert headings == sorted(headings) and own in {term.concept_id for term in whole.terms}
    assert [term for page in paged for term in page] == list(whole.terms)[:98]
    assert whole.total > 1_000
