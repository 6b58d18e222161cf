"""A removed document leaves a tombstone, and its file for a while; two people bring it back, as it was."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from factories import agency, client, decider, fresh, label, pdf, person, principal, take
from races import together
from sqlalchemy import text, update

from auth.changes.proposals import NoProposalError, ProposalError, TooManyProposalsError
from auth.database import now
from auth.errors import TolmachError
from auth.policy import Action
from indexer.engine.contract import Term
from indexer.handling.lifecycle import AbsentError
from indexer.handling.tombstones import Tombstone
from indexer.library.intake import LabelError
from indexer.library.states import State
from indexer.library.tables import DocumentRow, TombstoneRow
from indexer.search.find import Request, find
from services.components import Components
from services.installation.reconciling import file_differences, reconcile

REASON = "Brought by mistake"


@pytest.fixture
def components(database_url: str, tmp_path: Path) -> Iterator[Components]:
    opened = fresh(
        tmp_path / "home", database_url=database_url if database_url.startswith("post") else "", removal_days=30
    )
    for code in ("KZ", "KG", "UN"):
        agency(opened, code)
    for username, code in (("kz1", "KZ"), ("kz2", "KZ"), ("kg1", "KG"), ("un1", "UN")):
        person(opened, username, code, ["registrar"])
    person(opened, "expert", "KZ", ["expert"])
    yield opened
    opened.close()


@pytest.fixture
def document(components: Components) -> str:
    taken = take(components, pdf("A paper about zeppelins."), label(components, "KZ", "confidential", "KZ,KG"))
    components.worker().run()
    return taken.document_id


def act(components: Components, by: str | None, what: str, document_id: str) -> str:
    who = decider(components, by)
    with components.database.reading() as session:
        scope = who.scope(session, Action.REMOVE)
    method = components.removals.remove if what == "remove" else components.returns.bring_back
    return method(scope, who.principal, document_id, REASON, who.event(what, document_id))


def seen(components: Components, by: str | None) -> list[Tombstone]:
    who = decider(components, by)
    with components.database.reading() as session:
        scope = who.scope(session, Action.REMOVE)
    return components.returns.listed(scope, who.event("list_removed"))


def row_of(components: Components, document_id: str) -> DocumentRow | None:
    with components.database.reading() as session:
        return session.get(DocumentRow, document_id)


def total(components: Components) -> int:
    expert, request = principal(components, "expert"), Request(Term("zeppelin"))
    return find(components.database, components.engine, expert, request, components.place_counts).answer.total


def time_passes(components: Components) -> None:
    with components.database.session() as session:
        session.execute(update(DocumentRow).values(deletes_at=now() - timedelta(seconds=1)))


def removed_by_two(components: Components, document: str) -> None:
    proposal = act(components, "kz1", "remove", document)
    components.removals.approve(decider(components, "kz2"), "remove", proposal)
    components.worker().run()


def test_it_is_brought_back_as_it_was_by_two(components: Components, document: str) -> None:
    before = row_of(components, document)
    assert before and total(components) == 1
    removed_by_two(components, document)
    assert total(components) == 0 and document in components.store.names()
    [tombstone] = seen(components, "kg1")
    assert (tombstone.decision.removed_by, tombstone.decision.proposed_by) == ("kz2", "kz1")
    assert (tombstone.decision.reason, tombstone.sha256) == (REASON, before.sha256)
    assert tombstone.deletes_at and timedelta(days=29) < tombstone.deletes_at - now() <= timedelta(days=30)
    proposal = act(components, "kz2", "return", document)
    assert total(components) == 0
    with pytest.raises(TolmachError):
        components.returns.approve(decider(components, "kz2"), proposal)  # one's own
    components.returns.approve(decider(components, "kg1"), proposal)
    after = row_of(components, document)
    assert after and (after.state, after.sha256, after.deletes_at) == (before.state, before.sha256, None)
    assert total(components) == 1 and seen(components, None) == []
    components.worker().run()
    assert document in components.store.names() and not file_differences(components).gone
    reconcile(components)  # what the trail tells of it is what the database has
    assert total(components) == 1


def test_after_its_time_it_is_deleted_for_good_and_the_tombstone_stays(components: Components, document: str) -> None:
    removed_by_two(components, document)
    proposal = act(components, "kz1", "return", document)
    time_passes(components)
    with pytest.raises(NoProposalError):
        components.returns.approve(decider(components, "kz2"), proposal)
    components.worker().run()
    assert row_of(components, document) is None and document not in components.store.names()
    [tombstone] = seen(components, "kz1")
    assert tombstone.deletes_at is None and tombstone.decision.reason == REASON
    with pytest.raises(AbsentError):
        act(components, None, "return", document)


def test_to_others_there_is_none(components: Components, document: str) -> None:
    removed_by_two(components, document)
    assert seen(components, "un1") == []
    for by in ("un1", "expert"):
        with pytest.raises(AbsentError):
            act(components, by, "return", document)
    with pytest.raises(LabelError, match="Only a registrar of KZ"):
        act(components, "kg1", "return", document)
    proposal = act(components, "kz1", "return", document)
    assert components.returns.waiting(decider(components, "un1")) == []
    assert len(components.returns.waiting(decider(components, "kg1"))) == 1
    with pytest.raises(NoProposalError):
        components.returns.approve(decider(components, "un1"), proposal)
    components.returns.refuse(decider(components, "kg1"), proposal, "no")
    with pytest.raises(NoProposalError):
        components.returns.approve(decider(components, "kz2"), proposal)


def test_what_it_says_is_sealed(components: Components, document: str) -> None:
    digest = getattr(row_of(components, document), "sha256", "")
    removed_by_two(components, document)
    with components.database.reading() as session:
        kept = session.execute(text("SELECT * FROM tombstones")).all()
        session.get_one(TombstoneRow, document)
    assert digest and not any(word in str(kept) for word in (digest, REASON, "kz1", "kz2"))


def test_the_same_file_brought_again_meanwhile_stands_in_the_way(components: Components, document: str) -> None:
    removed_by_two(components, document)
    again = take(components, pdf("A paper about zeppelins."), label(components, "KZ", "confidential", "KZ,KG"))
    assert not again.duplicate
    with pytest.raises(LabelError, match="same file"):
        act(components, None, "return", document)


def test_whoever_proposed_it_must_still_be_a_registrar(components: Components, document: str) -> None:
    removed_by_two(components, document)
    proposal = act(components, "kz1", "return", document)
    with components.database.session() as session:
        session.execute(text("UPDATE people SET active = false WHERE username = 'kz1'"))
    with pytest.raises(ProposalError):
        components.returns.approve(decider(components, "kz2"), proposal)
    assert getattr(row_of(components, document), "state", None) is State.REMOVING


def test_the_operator_may_delete_at_once(components: Components, document: str) -> None:
    who = decider(components, None)
    with components.database.reading() as session:
        scope = who.scope(session, Action.REMOVE)
    components.removals.remove(scope, None, document, REASON, who.event("remove", document), at_once=True)
    with pytest.raises(AbsentError):
        act(components, None, "return", document)
    components.worker().run()
    assert row_of(components, document) is None


def test_it_comes_back_or_is_deleted_whoever_is_first(components: Components, document: str) -> None:
    """A worker and whoever approves meet when its time is over: never is the document there without its file."""
    for _ in range(8):
        act(components, None, "remove", document)
        proposal = act(components, "kz1", "return", document)
        soon = now() + timedelta(milliseconds=40)
        with components.database.session() as session:
            session.execute(update(DocumentRow).values(deletes_at=soon))
        approver = threading.Thread(target=attempt, args=(components, proposal))
        worker = components.worker()
        approver.start()
        while now() < soon + timedelta(milliseconds=20):
            worker.run()
        approver.join()
        worker.run()
        row = row_of(components, document)
        assert (row is not None) == (document in components.store.names())
        if row is None:
            document = take(
                components, pdf("A paper about zeppelins."), label(components, "KZ", "confidential", "KZ,KG")
            ).document_id
        else:
            assert row.state is not State.REMOVING
        components.worker().run()


def attempt(components: Components, proposal: str) -> None:
    with suppress(NoProposalError):
        components.returns.approve(decider(components, "kz2"), proposal)


def test_nobody_buries_the_proposals_of_others_under_their_own(components: Components, document: str) -> None:
    """Not even by asking in many places at once."""
    components.close()
    few = Components(replace(components.settings, waiting_proposals=3))
    try:
        calls = [lambda: act(few, "kz1", "remove", document)] * 6
        results = together(*calls, refusals=(TooManyProposalsError,))
        assert sum(isinstance(each, str) for each in results) == 3
        refused = [each for each in results if not isinstance(each, str)]
        assert all("3 changes that you proposed" in str(each) for each in refused)
        assert act(few, "kz2", "remove", document)
        few.removals.refuse(
            decider(few, "kz1"), "remove", next(each for each in results if isinstance(each, str)), "no"
        )
        answer = client(few, "kz1").post(f"/api/documents/{document}/removal", json={"reason": REASON})
        assert answer.status_code == 202
        answer = client(few, "kz1").post(f"/api/documents/{document}/removal", json={"reason": REASON})
        assert (answer.status_code, answer.json()["code"]) == (409, "too_many_proposals")
    finally:
        few.close()


def test_over_the_api(components: Components, document: str) -> None:
    first, second, other = (client(components, name) for name in ("kz1", "kz2", "un1"))
    removal = first.post(f"/api/documents/{document}/removal", json={"reason": REASON}).json()["proposal_id"]
    assert second.post(f"/api/proposals/{removal}/approval").status_code == 200
    [row] = first.get("/api/removed").json()
    assert (row["document_id"], row["removed_by"], row["reason"]) == (document, "kz2", REASON)
    assert other.get("/api/removed").json() == []
    assert client(components, "expert").get("/api/removed").status_code == 403
    answers = [other.post(f"/api/removed/{name}/return", json={"reason": REASON}) for name in (document, "0" * 32)]
    assert [each.status_code for each in answers] == [404, 404] and answers[0].content == answers[1].content
    asked = first.post(f"/api/removed/{document}/return", json={"reason": "It was right"})
    assert asked.status_code == 202
    [waiting] = second.get("/api/proposals").json()
    assert (waiting["kind"], waiting["change"]["document_id"]) == ("return", document)
    assert second.post(f"/api/proposals/{asked.json()['proposal_id']}/approval").status_code == 200
    assert first.get(f"/api/documents/{document}").status_code == 200
    entries = [entry for entry in components.trail.entries() if entry.action == "return"]
    assert [entry.decision for entry in entries] == ["refused", "refused", "proposed", "allowed"]
    assert json.loads(entries[-1].detail)["reason"] == "It was right"
