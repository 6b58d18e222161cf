"""Sealing: what a database holds weaker than the trail tells is nobody's until two people decide."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from factories import agency, decider, fresh, label, pdf, person, principal, take
from races import together
from sqlalchemy import select, update

from auth import policy
from auth.audit.entries import Event
from auth.changes.proposals import NoProposalError, ProposalError
from auth.database import now
from auth.expression import ALWAYS
from auth.labels import ALL, SEALED, ReadingRule
from auth.policy import Action
from indexer.handling import sealing
from indexer.handling.lifecycle import AbsentError
from indexer.handling.relabel import Handling, handling_of
from indexer.handling.unsealing import UnsealProposals
from indexer.library.documents import Times
from indexer.library.intake import LabelError
from indexer.library.tables import DocumentRow, SealedDocumentRow

OPEN = ReadingRule(10, ALL, ALWAYS)
COLUMNS = ("rule", "embargo_until", "expires_at", "legal_hold", "state", "sha256")


@pytest.fixture
def components(database_url, tmp_path):
    opened = fresh(tmp_path / "home", database_url=database_url)
    for code in ("KZ", "KG"):
        agency(opened, code)
    for username, code in (("kz1", "KZ"), ("kz2", "KZ"), ("kg1", "KG")):
        person(opened, username, code, ["registrar"])
    person(opened, "low", "KZ", ["registrar"], clearance="unclassified")
    person(opened, "expert", "KZ", ["expert"])
    yield opened
    opened.close()


@pytest.fixture
def document(components) -> str:
    return take(components, pdf("About zeppelins."), label(components, "KZ", "unclassified", "ALL")).document_id


def scope(components, action):
    with components.database.reading() as session:
        return policy.operator_scope(session, action)


def tighten(components, document_id, level="confidential", times=None) -> None:
    new = label(components, "KZ", level, "KZ,KG")
    event = Event("kz1", "test", Action.LABEL, document_id)
    components.relabeller.relabel(
        scope(components, Action.LABEL), None, document_id, Handling(new, times or Times()), "a name", event
    )


def remove(components, document_id) -> None:
    event = Event("kz1", "test", Action.REMOVE, document_id)
    components.removals.remove(scope(components, Action.REMOVE), None, document_id, "a mistake", event)


def row_of(components, document_id) -> DocumentRow:
    with components.database.reading() as session:
        return session.get_one(DocumentRow, document_id)


def put_back(components, document_id, change) -> None:
    """What an older database does: the row as it was before the change."""
    before = {name: getattr(row_of(components, document_id), name) for name in COLUMNS}
    change()
    with components.database.session() as session:
        session.execute(update(DocumentRow).where(DocumentRow.id == document_id).values(**before))


def seal(components) -> list[str]:
    return sealing.seal(components.database, components.trail)


def unsealing(components) -> UnsealProposals:
    return UnsealProposals(components.database, components.engine, components.trail)


def test_what_is_as_strict_as_the_trail_stays_open(components, document):
    tighten(components, document)
    tighten(components, document, "restricted")
    assert sealing.weaker_than_trail(components.database, components.trail) == []
    assert seal(components) == []


WEAKENINGS = {
    "a label": tighten,
    "an embargo": lambda c, d: tighten(c, d, "unclassified", Times(embargo_until=now() + timedelta(days=9))),
    "an end": lambda c, d: tighten(c, d, "unclassified", Times(expires_at=now() + timedelta(days=9))),
    "a removal": remove,
}


@pytest.mark.parametrize("change", WEAKENINGS.values(), ids=WEAKENINGS)
def test_what_is_weaker_is_sealed_once(components, document, change):
    put_back(components, document, lambda: change(components, document))
    assert seal(components) == [document]
    assert seal(components) == []
    assert sealing.weaker_than_trail(components.database, components.trail) == []
    row = row_of(components, document)
    assert (row.rule, row.due_at is not None) == (SEALED.rule.digest, True)
    for username in ("kz1", "expert"):
        with components.database.reading() as session:
            for action in Action:
                assert not policy.scope_for(session, principal(components, username), action).covers(row.rule)


def test_an_entry_that_cannot_be_read_seals(components, document):
    components.trail.record(Event("kz1", "test", Action.LABEL, document, detail={"label": "not a rule"}))
    assert seal(components) == [document]


def test_what_was_only_proposed_or_refused_seals_nothing(components, document):
    for decision in ("proposed", "refused"):
        detail = {"label": SEALED.rule.as_text()}
        components.trail.record(Event("kz1", "test", Action.LABEL, document, decision, detail))
    assert seal(components) == []


def test_a_change_that_is_being_made_is_waited_for(components, document):
    """A label is told to the trail before its transaction ends: comparing meanwhile seals nothing."""
    for level in ("confidential", "restricted", "confidential", "restricted"):
        relabels, seals = (lambda level=level: tighten(components, document, level)), (lambda: seal(components))
        together(relabels, seals, refusals=())
        assert row_of(components, document).rule != SEALED.rule.digest


def test_a_lost_hold_is_put_back(components, document):
    event = Event("kz1", "test", "hold", document)

    within, removals = scope(components, Action.LABEL), components.removals
    put_back(components, document, lambda: removals.hold(within, None, document, "a case", event))
    assert sealing.hold_again(components.database, components.trail) == [document]
    assert row_of(components, document).legal_hold
    removals.release(within, None, document, "closed", replace(event, action="release"))
    assert sealing.hold_again(components.database, components.trail) == []


@pytest.fixture
def sealed(components, document) -> str:
    put_back(components, document, lambda: tighten(components, document))
    seal(components)
    return document


def test_two_registrars_open_it_with_the_label_of_the_trail(components, sealed):
    components.worker().run()
    kind = unsealing(components)
    (told,) = kind.sealed(decider(components, "kg1"))
    assert (told.document_id, told.database.label.rule, told.removed) == (sealed, OPEN, False)
    proposal = kind.propose(decider(components, "kg1"), sealed, "trail", "as it was")
    with pytest.raises(ProposalError, match="Somebody else"):
        kind.approve(decider(components, "kg1"), proposal)
    assert [one.proposal_id for one in kind.waiting(decider(components, "kz1"))] == [proposal]
    assert row_of(components, sealed).rule == SEALED.rule.digest
    kind.approve(decider(components, "kz1"), proposal)
    with components.database.reading() as session:
        row = session.get_one(DocumentRow, sealed)
        assert handling_of(session, row) == told.trail
        assert row.sha256 != f"sealed {sealed}" and row.indexed_rule == row.rule
        assert not session.scalars(select(SealedDocumentRow)).all()
    assert seal(components) == []


def test_the_label_of_the_database_needs_the_originator(components, sealed):
    kind = unsealing(components)
    with pytest.raises(LabelError, match="Only a registrar of an agency"):
        kind.propose(decider(components, "kg1"), sealed, "database", "it was a mistake")
    proposal = kind.propose(decider(components, "kz1"), sealed, "database", "it was a mistake")
    kind.approve(decider(components, "kg1"), proposal)
    assert row_of(components, sealed).rule == OPEN.digest
    assert seal(components) == []


def test_who_may_not_read_it_either_way_does_not_know_of_it(components, sealed):
    kind = unsealing(components)
    proposal = kind.propose(decider(components, "kz1"), sealed, "database", "it was a mistake")
    for username in ("low", "expert"):
        who = decider(components, username)
        assert kind.sealed(who) == kind.waiting(who) == []
        with pytest.raises(AbsentError):
            kind.propose(who, sealed, "trail", "me")
        for decide in (lambda who=who: kind.approve(who, proposal), lambda who=who: kind.refuse(who, proposal, "no")):
            with pytest.raises(NoProposalError):
                decide()


def test_a_refusal_leaves_it_sealed(components, sealed):
    kind = unsealing(components)
    proposal = kind.propose(decider(components, "kz1"), sealed, "trail", "as it was")
    kind.refuse(decider(components, "kz2"), proposal, "no")
    assert row_of(components, sealed).rule == SEALED.rule.digest
    with pytest.raises(NoProposalError):
        kind.approve(decider(components, "kz2"), proposal)


def test_not_even_the_operator_relabels_a_sealed_document(components, sealed):
    with pytest.raises(LabelError, match="sealed"):
        tighten(components, sealed)


def test_what_was_removed_is_removed_again_or_kept_by_two(components, document):
    put_back(components, document, lambda: remove(components, document))
    seal(components)
    kind = unsealing(components)
    proposal = kind.propose(decider(components, "kz1"), document, "trail", "it is needed")
    kind.approve(decider(components, "kz2"), proposal)
    assert seal(components) == []
    put_back(components, document, lambda: remove(components, document))
    seal(components)
    remove(components, document)
    components.worker().run()
    assert seal(components) == []
    assert sealing.removed_documents(components.database, components.trail) == [document]


def test_the_same_file_under_two_labels_is_sealed_twice(components, document):
    other = take(components, pdf("Others"), label(components, "KZ", "restricted", "ALL")).document_id
    with components.database.session() as session:
        session.get_one(DocumentRow, other).sha256 = session.get_one(DocumentRow, document).sha256
    put_back(components, document, lambda: tighten(components, document, "strictly-confidential"))
    put_back(components, other, lambda: tighten(components, other))
    assert sorted(seal(components)) == sorted([document, other])
    kind = unsealing(components)
    first, second = (kind.propose(decider(components, "kz1"), name, "trail", "so") for name in (document, other))
    kind.approve(decider(components, "kz2"), first)
    kind.approve(decider(components, "kz2"), second)
    assert row_of(components, document).sha256 == row_of(components, other).sha256
