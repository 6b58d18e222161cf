"""Two people and a worker write of one document at once: whichever write arrives last, the newest state stands.

With real threads, on SQLite with the embedded engine and on PostgreSQL with Elasticsearch.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest
from elasticsearch_server import Server
from factories import SCHEME, agency, label, pdf, person, principal, take
from races import emptied, together
from sqlalchemy import select

from auth import policy
from auth.audit.entries import Event
from auth.database import now
from auth.labels import Label
from auth.policy import Action
from indexer.bitext.review.tables import SegmentWorkRow, WorkState
from indexer.bitext.review.workbench import Seen, Task, Workbench
from indexer.engine.contract import Request, Term
from indexer.handling.relabel import Handling
from indexer.library.documents import ALWAYS, Times
from indexer.library.tables import DocumentRow, RemovedDocumentRow, SegmentRow, TranslationRow
from indexer.pipeline import index_sync
from indexer.pipeline.index_record import record_of
from indexer.pipeline.reindex import reindex
from indexer.search.find import find, suggestions
from services.components import Components
from services.settings import Settings
from services.setup import set_up

HOUR = timedelta(hours=1)
ROUNDS = 12


def embargo() -> Times:
    """One that begins when it is asked for: the whole suite may take longer than it lasts."""
    return Times(embargo_until=now() + HOUR)


@pytest.fixture(params=["sqlite-embedded", "postgresql-elastic"])
def components(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Components]:
    """A Tolmach with one open paper about zeppelins, and somebody who may find it while it is open."""
    settings = Settings(home=tmp_path / "home", removal_days=0)
    if request.param == "postgresql-elastic":
        server: Server = request.getfixturevalue("elasticsearch")
        prefix: str = request.getfixturevalue("elastic_prefix")
        server.engine(prefix).close()
        url = emptied(request.getfixturevalue("postgresql"))
        settings = Settings(
            home=tmp_path / "home", database_url=url, removal_days=0, **server.settings(tmp_path / "home", prefix)
        )
    set_up(settings, SCHEME)
    opened = Components(settings)
    for code in ("KZ", "UN"):
        agency(opened, code)
    person(opened, "foreigner", "UN", ["expert"])
    yield opened
    opened.close()


@pytest.fixture
def document(components: Components) -> str:
    identifier = take(components, pdf("A paper about zeppelins."), label(components, "KZ")).document_id
    components.worker().run()
    assert shown(components) == 1
    return identifier


def relabel(components: Components, document: str, under: Label, times: Times = ALWAYS) -> None:
    with components.database.reading() as session:
        scope = policy.operator_scope(session, Action.LABEL)
    components.relabeller.relabel(scope, None, document, Handling(under, times), "because", _event("label"))


def remove(components: Components, document: str) -> None:
    with components.database.reading() as session:
        scope = policy.operator_scope(session, Action.REMOVE)
    components.removals.remove(scope, None, document, "because", _event("remove"))


def _event(action: str) -> Event:
    return Event("operator", "console", action)


def shown(components: Components) -> int:
    """How many papers about zeppelins the foreigner is told of, in either way."""
    who = principal(components, "foreigner")
    total = find(
        components.database, components.engine, who, Request(Term("zeppelin")), components.place_counts
    ).answer.total
    assert len(suggestions(components.database, components.engine, who, "zepp")) == total
    return total


def held(components: Components) -> dict[str, str]:
    """The rule under which the index holds each document."""
    return {name: holding.rule for name, holding in components.engine.holdings().items()}


@contextmanager
def late(components: Components, method: str, write: Callable[[], object]) -> Iterator[None]:
    """Let a thread begin to write, and its call of the engine arrive when the block has ended."""
    reached, opened = threading.Event(), threading.Event()
    call = getattr(components.engine, method)
    failures: list[BaseException] = []

    def delayed(*arguments: object) -> None:
        if threading.current_thread() is thread and not opened.is_set():
            reached.set()
            opened.wait()
        call(*arguments)

    def run() -> None:
        try:
            write()
        except BaseException as failure:
            failures.append(failure)
        finally:
            reached.set()

    thread = threading.Thread(target=run)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(components.engine, method, delayed)
        thread.start()
        reached.wait()
        assert not failures
        try:
            yield
        finally:
            opened.set()
            thread.join()
    assert not failures


def test_a_late_write_does_not_restore_an_older_label(components: Components, document: str) -> None:
    """One registrar sets a day of review while another tightens."""
    stricter, reviewed = label(components, "KZ", releasable_to="KZ"), Times(review_on=now().date())
    with late(components, "put", lambda: relabel(components, document, label(components, "KZ"), reviewed)):
        relabel(components, document, stricter)
        assert shown(components) == 0
    assert held(components) == {document: stricter.rule.digest}
    assert shown(components) == 0


def test_a_late_write_does_not_bring_a_removed_paper_back(components: Components, document: str) -> None:
    """Not when its row is gone from the database either, nor into an index that was made anew since."""
    write = index_sync.plan_entry(components.database, components.engine, document)
    with late(components, "put", lambda: index_sync.send(components.engine, [write])):
        remove(components, document)
        components.worker().run()
    assert held(components) == {}
    reindex(components.database, components.engine, lambda done, total: None)
    index_sync.send(components.engine, [write])
    assert held(components) == {}
    assert shown(components) == 0


def test_a_worker_that_was_overtaken_does_not_bring_a_removed_paper_in(components: Components) -> None:
    take(components, pdf("A paper about zeppelins."), label(components, "KZ"))
    worker = components.worker()
    assert worker.step()  # it is read, and not in the index yet
    with components.database.reading() as session:
        document = session.query(DocumentRow).one().id
    with late(components, "put", worker.step):
        remove(components, document)
    components.worker().run()
    assert held(components) == {}
    assert shown(components) == 0


def test_a_late_write_does_not_publish_under_embargo(components: Components, document: str) -> None:
    openly = label(components, "KZ")
    with late(components, "put", lambda: relabel(components, document, openly)):
        relabel(components, document, openly, embargo())
    assert held(components) == {}
    assert shown(components) == 0


def test_a_late_removal_does_not_take_out_what_was_published_since(components: Components, document: str) -> None:
    openly = label(components, "KZ")
    with late(components, "remove", lambda: relabel(components, document, openly, embargo())):
        relabel(components, document, openly)
        assert shown(components) == 1
    assert held(components) == {document: openly.rule.digest}
    assert shown(components) == 1


def test_a_process_that_dies_before_it_writes_leaves_the_change_due(components: Components, document: str) -> None:
    """And its write, if it arrives after all, changes nothing."""
    stricter = label(components, "KZ", releasable_to="KZ")
    older = index_sync.plan_entry(components.database, components.engine, document)  # planned, and no more
    with components.database.session() as session:
        row = session.get_one(DocumentRow, document)
        row.rule = policy.keep_rule(session, stricter.rule)
        index_sync.due_now(row)
    assert shown(components) == 0
    components.worker().run()
    index_sync.send(components.engine, [older])
    assert held(components) == {document: stricter.rule.digest}
    assert shown(components) == 0


def test_an_expiry_that_passes_while_a_write_is_under_way_stands(
    components: Components, document: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    relabel(components, document, label(components, "KZ"), Times(expires_at=now() + HOUR))
    before = index_sync.plan_entry(components.database, components.engine, document)
    later = now() + HOUR
    monkeypatch.setattr(index_sync, "now", lambda: later)
    monkeypatch.setattr("indexer.library.documents.now", lambda: later)
    components.worker().run()
    index_sync.send(components.engine, [before])
    assert held(components) == {}


def test_whatever_two_registrars_do_at_once_the_index_is_as_the_database_says(
    components: Components, document: str
) -> None:
    """Nobody waits for anybody here: the two begin together, again and again."""
    openly, stricter = label(components, "KZ"), label(components, "KZ", releasable_to="KZ")
    for _ in range(ROUNDS):
        relabel(components, document, openly)
        together(
            lambda: relabel(components, document, stricter),
            lambda: _review(components, document),
            lambda: index_sync.sync_documents(components.database, components.engine, [document]),
        )
        assert held(components) == {document: stricter.rule.digest}
        assert shown(components) == 0


def test_a_translation_is_approved_while_its_paper_is_relabelled(components: Components, document: str) -> None:
    """The approved text is published under the newest label, whichever of the two comes first; none is lost."""
    for name, role in (("tom", "translator"), ("rob", "reviewer")):
        person(components, name, "KZ", [role])
    openly, stricter = label(components, "KZ"), label(components, "KZ", releasable_to="KZ")
    bench = Workbench(components.database, components.engine, components.trail)
    relabel(components, document, stricter)  # so that both rules are known from now on
    for number in range(ROUNDS):
        relabel(components, document, openly)
        writer, judge = (
            _task(components, "tom", document, Action.EDIT),
            _task(components, "rob", document, Action.APPROVE),
        )
        words = f"Дирижабль {number}."
        with components.database.reading() as session:
            segment = session.scalars(select(SegmentRow).where(SegmentRow.document == document)).one()
            work = session.get(SegmentWorkRow, (document, segment.digest, "en"))
            seen = Seen(segment.digest, work.version if work else 0)
        bench.save(writer, seen, words)
        with components.database.session() as session:
            session.scalars(select(SegmentWorkRow)).one().state = WorkState.SUBMITTED
        together(
            lambda: relabel(components, document, stricter),
            partial(bench.approve, judge, Seen(seen.source_digest, seen.version + 1)),
        )
        assert held(components) == {document: stricter.rule.digest}
        assert shown(components) == 0
        with components.database.reading() as session:
            approved = select(TranslationRow.text).where(TranslationRow.version == seen.version + 1)
            assert words in session.scalars(approved.where(TranslationRow.document == document)).all()
            assert record_of(session, session.get_one(DocumentRow, document)).rule == stricter.rule.digest


def _task(components: Components, username: str, document: str, action: Action) -> Task:
    who = principal(components, username)
    assert who is not None
    with components.database.reading() as session:
        return Task(policy.scope_for(session, who, action), who, document, 0, Event(username, "test", action, document))


def _review(components: Components, document: str) -> None:
    """Set a day of review and leave the label as it is found."""
    with components.database.session() as session:
        row = index_sync.locked(session, document)
        assert row is not None
        row.review_on = now().date()
        index_sync.due_now(row)
    index_sync.sync_documents(components.database, components.engine, [document])


def test_whatever_happens_while_it_is_removed_a_paper_is_gone(components: Components) -> None:
    for number in range(ROUNDS):
        content = pdf(f"A paper about zeppelins, number {number}.")
        document = take(components, content, label(components, "KZ")).document_id
        components.worker().run()
        together(
            lambda document=document: remove(components, document),
            lambda document=document: index_sync.sync_documents(components.database, components.engine, [document]),
            lambda document=document: _review_if_there(components, document),
        )
        assert held(components) == {}
        assert shown(components) == 0
        components.worker().run()
        with components.database.reading() as session:
            assert session.get(DocumentRow, document) is None
            assert session.get_one(RemovedDocumentRow, document).version > 1


def test_a_paper_that_is_brought_back_while_others_write_is_there_again(components: Components, document: str) -> None:
    """Removed for a time and brought back: whatever meets there, the index is as the database says."""
    rule = label(components, "KZ").rule.digest
    removals = replace(components.removals, kept_for=timedelta(days=1))
    with components.database.reading() as session:
        scope = policy.operator_scope(session, Action.REMOVE)
    for _ in range(ROUNDS):
        removals.remove(scope, None, document, "because", _event("remove"))
        assert held(components) == {}
        together(
            lambda: components.returns.bring_back(scope, None, document, "a mistake", _event("return")),
            lambda: index_sync.sync_documents(components.database, components.engine, [document]),
            lambda: _review(components, document),
            lambda: components.worker().run(),
        )
        assert held(components) == {document: rule}


def _review_if_there(components: Components, document: str) -> None:
    with components.database.session() as session:
        row = index_sync.locked(session, document)
        if row is not None:
            row.review_on = now().date()
            index_sync.due_now(row)
    index_sync.sync_documents(components.database, components.engine, [document])
