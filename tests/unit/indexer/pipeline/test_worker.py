"""One worker a document; what is lost is forgotten, what breaks thrice gives way, what is removed is gone."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from factories import agency, client, fresh, label, pdf, person, take
from sqlalchemy import select, update

from auth import policy
from auth.database import now
from auth.policy import Action, Scope
from indexer.engine.contract import EVERYTHING, EngineUnavailableError, Request
from indexer.engine.embedded.engine import EmbeddedEngine
from indexer.extract.pages import ExtractError
from indexer.extract.reader import Reader
from indexer.handling import lifecycle
from indexer.handling.lifecycle import AbsentError
from indexer.library.states import State
from indexer.library.tables import DocumentRow, PageRow, PassageRow, SegmentRow
from indexer.pipeline import lease
from indexer.pipeline.lease import LENGTH as LEASE
from indexer.pipeline.stages.index import Index
from indexer.pipeline.worker import Worker
from indexer.store.contract import StoreError
from services.cli.console import event
from services.components import Components


@pytest.fixture
def components(tmp_path: Path) -> Iterator[Components]:
    yield from _opened(fresh(tmp_path / "home"))


@pytest.fixture
def shared(database_url: str, tmp_path: Path) -> Iterator[Components]:
    """A Tolmach on each database."""
    yield from _opened(fresh(tmp_path / "home", database_url=database_url))


def _opened(components: Components) -> Iterator[Components]:
    agency(components, "A")
    yield components
    components.close()


def bring(components: Components, text: str = "A paper about water.", pages: int = 1) -> str:
    return take(components, pdf(text, pages=pages), label(components, "A")).document_id


def row_of(components: Components, document: str) -> DocumentRow | None:
    with components.database.reading() as session:
        return session.get(DocumentRow, document)


def change(components: Components, document: str, **values: object) -> None:
    """Change a document's row behind everybody's back."""
    with components.database.session() as session:
        session.execute(update(DocumentRow).where(DocumentRow.id == document).values(**values))


def scope(components: Components, action: Action = Action.REMOVE) -> Scope:
    with components.database.reading() as session:
        return policy.operator_scope(session, action)


def remove(components: Components, document: str) -> None:
    components.removals.remove(scope(components), None, document, "because", event("remove", document))


def document_hits(components: Components) -> set[str]:
    answer = components.engine.search(scope(components), Request(EVERYTHING))
    return {hit.document_id for hit in answer.hits}


def once(act: Callable[[], object]) -> Callable[[int, int], None]:
    """Calls back the first time that a page was read."""
    left = [act]
    return lambda done, total: left.pop()() if left else None


def with_engine(components: Components, kind: type[EmbeddedEngine]) -> EmbeddedEngine:
    """Put another engine in the place of ours, on the same file."""
    components.__dict__["engine"] = kind(components.home.index, components.engine.stamp_key)
    return components.__dict__["engine"]


# -- Stages and leases


def test_a_document_goes_through_the_stages_one_step_at_a_time(components: Components) -> None:
    document = bring(components)
    states = [row_of(components, document).state]
    while components.worker().step():
        states.append(row_of(components, document).state)
    assert states == ["received", "extracted", "indexed"]
    assert document_hits(components) == {document}
    row = row_of(components, document)
    assert (row.lease_until, row.lease_owner, row.pages, row.language) == (None, "", 1, "en")


def test_the_one_that_has_waited_longest_comes_first(components: Components) -> None:
    first, second = bring(components, "First."), bring(components, "Second.")
    change(components, first, taken_at=now() + timedelta(seconds=5))
    components.worker().step()
    assert (row_of(components, first).state, row_of(components, second).state) == ("received", "extracted")


def test_a_leased_document_is_left_alone_by_others(shared: Components) -> None:
    document, seen = bring(shared), []

    def look() -> None:
        row = row_of(shared, document)
        seen.append((row.lease_until > now() + LEASE / 2, bool(row.lease_owner)))
        seen.append(shared.worker().step())

    shared.worker().step(once(look))
    assert seen == [(True, True), False]


def test_a_lease_is_renewed_while_work_goes_on(components: Components, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lease, "RENEWED_AFTER", timedelta(0))
    document, ends = bring(components, pages=3), []

    def shorten(done: int, total: int) -> None:
        ends.append(row_of(components, document).lease_until)
        change(components, document, lease_until=now() + timedelta(seconds=5))

    components.worker().step(shorten)
    assert len(ends) == 3
    assert all(end > now() + LEASE / 2 for end in ends)


def test_whoever_lost_a_lease_stops_reading_at_the_next_renewal(
    components: Components, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lease, "RENEWED_AFTER", timedelta(0))
    document, read = bring(components, pages=5), []

    def lose(done: int, total: int) -> None:
        read.append((done, total))
        change(components, document, lease_owner="somebody else")

    assert components.worker().step(lose)
    assert read == [(1, 5)]
    row = row_of(components, document)
    assert (row.state, row.lease_owner, row.pages) == ("received", "somebody else", 0)


def test_an_expired_lease_is_taken_over_and_what_its_holder_did_is_forgotten(shared: Components) -> None:
    document = bring(shared)
    slow, quick = (
        shared.worker(),
        Worker(replace(shared.context, reader=Components(shared.settings).reader)),
    )

    def overtake() -> None:
        change(shared, document, lease_until=now() - timedelta(seconds=1))
        assert quick.run() == 2
        change(shared, document, title_en="by the quick one")

    assert slow.step(once(overtake))
    row = row_of(shared, document)
    assert (row.state, row.title_en, row.broken_leases) == ("indexed", "by the quick one", 0)
    assert document_hits(shared) == {document}
    quick._stages[State.RECEIVED]._context.reader.close()


@pytest.mark.parametrize(
    ("broken", "state", "code"), [(0, "indexed", ""), (1, "indexed", ""), (2, "quarantined", "gave_up")]
)
def test_the_third_broken_lease_quarantines(shared: Components, broken: int, state: str, code: str) -> None:
    document, other = bring(shared), bring(shared, "Another.")
    change(shared, document, broken_leases=broken, lease_until=now() - timedelta(seconds=1), lease_owner="the dead")
    shared.worker().run()
    row = row_of(shared, document)
    assert (row.state, row.code, row.stage) == (state, code, "received" if code else "")
    assert (row.lease_until, row.lease_owner) == (None, "")
    assert code == "" or "tolmach retry" in row.message
    assert row_of(shared, other).state == "indexed"


def test_each_death_counts_until_the_document_gives_way(components: Components) -> None:
    document = bring(components)
    for died in range(3):
        assert row_of(components, document).state == "received"
        _, leased = components.worker()._claim()  # and its worker dies
        assert leased.document_id == document
        assert row_of(components, document).broken_leases == died
        change(components, document, lease_until=now() - timedelta(seconds=1))
    assert not components.worker().step()
    assert row_of(components, document).code == "gave_up"


class Watching(Worker):
    """A worker that notes which documents are worked on at the same time as itself."""

    busy: list[str]
    overlaps: list[str]
    lock: threading.Lock

    def _work(self, stage, leased, progress):
        with self.lock:
            if leased.document_id in self.busy:
                self.overlaps.append(leased.document_id)
            self.busy.append(leased.document_id)
        time.sleep(0.005)
        return super()._work(stage, leased, progress)

    def _finish(self, leased, change):
        with self.lock:
            self.busy.remove(leased.document_id)
        super()._finish(leased, change)


def test_workers_at_once_never_work_on_the_same_document(shared: Components) -> None:
    documents = {bring(shared, f"Paper {number}.") for number in range(8)}
    watched = {"busy": [], "overlaps": [], "lock": threading.Lock()}
    workers = [Watching(shared.context) for _ in range(3)]
    done: list[int] = []
    for one in workers:
        vars(one).update(watched)
    threads = [threading.Thread(target=lambda one=one: done.append(one.run())) for one in workers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert watched["overlaps"] == []
    assert sum(done) == 2 * len(documents)
    assert len(done) == 3
    assert {row_of(shared, document).state for document in documents} == {"indexed"}
    assert document_hits(shared) == documents


# -- What fails


def test_while_the_engine_fails_a_document_waits_and_is_indexed_later(components: Components) -> None:
    class Failing(EmbeddedEngine):
        def put(self, records):
            raise EngineUnavailableError("no answer")

    document = bring(components)
    failing = with_engine(components, Failing)
    for _ in range(4):  # more often than a lease may break
        with pytest.raises(EngineUnavailableError):
            components.worker().run()
    row = row_of(components, document)
    assert (row.state, row.lease_until, row.lease_owner, row.broken_leases) == ("extracted", None, "", 0)
    failing.close()
    with_engine(components, EmbeddedEngine)
    assert components.worker().run() == 1
    assert row_of(components, document).state == "indexed"


def test_a_document_that_brings_a_fault_of_ours_out_gives_way_to_others(components: Components) -> None:
    poison, other = bring(components, "Poison."), bring(components, "Other.")

    class Faulty(EmbeddedEngine):
        def put(self, records):
            records = list(records)
            if records[0].document_id == poison:
                raise RuntimeError("a fault of ours")
            super().put(records)

    with_engine(components, Faulty)
    for _ in range(3):
        with pytest.raises(RuntimeError):
            components.worker().run()
    components.worker().run()
    assert (row_of(components, poison).state, row_of(components, poison).code) == ("quarantined", "gave_up")
    assert row_of(components, other).state == "indexed"


def test_an_original_that_is_gone_fails_without_changing_anything(components: Components) -> None:
    document = bring(components)
    components.store.remove(document)
    with pytest.raises(StoreError, match=document):
        components.worker().run()
    row = row_of(components, document)
    assert (row.state, row.lease_until, row.broken_leases) == ("received", None, 0)


def test_an_original_that_is_gone_does_not_keep_others_waiting(components: Components) -> None:
    gone, other = bring(components), bring(components, "Another.")
    components.store.remove(gone)
    worker = components.worker()
    with pytest.raises(StoreError):
        worker.step()
    worker.run()
    assert [row_of(components, each).state for each in (gone, other)] == ["received", "indexed"]


# -- Removing


def removed_without_a_trace(components: Components, document: str) -> bool:
    components.worker().run()
    with components.database.reading() as session:
        left = [t for t in (PageRow, SegmentRow, PassageRow) if session.scalar(select(t).where(t.document == document))]
    files = [path for path in components.home.files.rglob("*") if path.is_file()]
    return (row_of(components, document), dict(components.engine.holdings()), left, files) == (None, {}, [], [])


def test_a_removed_document_is_in_no_search_at_once_and_soon_nowhere(shared: Components) -> None:
    document = bring(shared)
    shared.worker().run()
    remove(shared, document)
    assert document_hits(shared) == set()
    assert removed_without_a_trace(shared, document)


def test_no_word_of_a_removed_document_stays_on_the_disk(components: Components) -> None:
    document = bring(components, "Zygomorphic zeppelins.")
    components.worker().run()
    remove(components, document)
    components.worker().run()
    components.close()
    for file in components.home.path.rglob("*"):
        assert not file.is_file() or b"zygomorphic" not in file.read_bytes().lower(), file


def test_a_document_removed_while_it_is_read_leaves_nothing(shared: Components) -> None:
    document = bring(shared)
    shared.worker().step(once(lambda: remove(shared, document)))
    assert row_of(shared, document).state == "removing"
    assert removed_without_a_trace(shared, document)


def test_a_document_removed_while_it_is_indexed_leaves_nothing(shared: Components) -> None:
    document = bring(shared)

    class Racing(EmbeddedEngine):
        def put(self, records):
            remove(shared, document)
            super().put(records)

    with_engine(shared, Racing)
    worker = shared.worker()
    assert [worker.step(), worker.step()] == [True, True]
    assert dict(shared.engine.holdings()) == {}
    assert removed_without_a_trace(shared, document)


def test_a_removal_that_the_engine_does_not_answer_is_finished_by_the_worker(components: Components) -> None:
    class Failing(EmbeddedEngine):
        def remove(self, document_ids):
            raise EngineUnavailableError("no answer")

    document = bring(components)
    components.worker().run()
    failing = with_engine(components, Failing)
    with pytest.raises(EngineUnavailableError):
        remove(components, document)
    assert row_of(components, document).state == "removing"
    with pytest.raises(EngineUnavailableError):
        components.worker().run()
    assert row_of(components, document).state == "removing"
    failing.close()
    with_engine(components, EmbeddedEngine)
    assert removed_without_a_trace(components, document)


def test_a_removal_is_never_given_up(components: Components) -> None:
    document = bring(components)
    components.worker().run()
    remove(components, document)
    change(components, document, broken_leases=9, lease_until=now() - timedelta(seconds=1), lease_owner="the dead")
    assert removed_without_a_trace(components, document)


def test_what_is_outside_the_scope_is_neither_removed_nor_tried_again(components: Components) -> None:
    document = bring(components)
    change(components, document, state="quarantined", stage="received", code="gave_up")
    before = len([*components.trail.entries()])
    for scope_of in (Scope(Action.REMOVE, frozenset()), Scope(Action.REMOVE, frozenset({"0" * 32}))):
        with pytest.raises(AbsentError):
            components.removals.remove(scope_of, None, document, "because", event("remove"))
        with pytest.raises(AbsentError):
            lifecycle.retry(components.database, components.trail, scope_of, document, event("retry"))
    assert row_of(components, document).state == "quarantined"
    assert len([*components.trail.entries()]) == before


def test_a_document_cannot_be_removed_twice(components: Components) -> None:
    document = bring(components)
    remove(components, document)
    with pytest.raises(AbsentError):
        remove(components, document)


# -- Trying again


def retry(components: Components, document: str) -> bool:
    return lifecycle.retry(components.database, components.trail, scope(components), document, event("retry", document))


def test_a_quarantined_document_can_be_tried_again(components: Components) -> None:
    document = bring(components)
    change(components, document, state="quarantined", stage="received", code="gave_up", message="x", broken_leases=3)
    assert not components.worker().step()
    retry(components, document)
    row = row_of(components, document)
    assert (row.state, row.stage, row.code, row.message, row.broken_leases) == ("received", "", "", "", 0)
    assert components.worker().run() == 2
    assert row_of(components, document).state == "indexed"
    assert "retry" in {entry.action for entry in components.trail.entries()}


def test_a_file_that_was_bad_at_intake_stays_in_quarantine(components: Components) -> None:
    document = take(components, b"no PDF", label(components, "A")).document_id
    retry(components, document)
    assert row_of(components, document).code == "not_pdf"


def test_trying_an_indexed_document_again_changes_nothing(components: Components) -> None:
    document = bring(components)
    components.worker().run()
    retry(components, document)
    assert row_of(components, document).state == "indexed"


def test_a_document_that_is_read_again_replaces_what_was_read_before(components: Components) -> None:
    document = bring(components, "Once upon a time.", pages=2)
    components.worker().run()
    change(components, document, state="received")
    components.worker().run()
    person(components, "ann", "A", ["expert"])
    page = client(components, "ann").get(f"/api/documents/{document}/pages/2").json()
    assert [segment["text"] for segment in page["segments"]] == ["Once upon a time."]
    assert document_hits(components) == {document}


def test_the_lease_of_a_dead_process_is_over_at_once(components: Components) -> None:
    document = bring(components)
    code = "import sys; from indexer.pipeline import lease; print(lease.new_holder())"
    dead = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip()
    change(components, document, lease_until=now() + LEASE, lease_owner=dead)
    assert components.worker().step()
    assert row_of(components, document).state == "extracted"


def test_the_lease_of_a_live_process_or_another_machine_stands(components: Components) -> None:
    document = bring(components)
    for holder in (lease.new_holder(), "elsewhere/boot/pid:[1] 1 1 abcdef"):
        change(components, document, lease_until=now() + LEASE, lease_owner=holder)
        assert not components.worker().step()


def test_a_reader_that_dies_once_costs_nothing(components: Components, monkeypatch: pytest.MonkeyPatch) -> None:
    document, died = bring(components), []
    pages = Reader.pages

    def dying(self, file, progress=None, unread=False):
        if not died:
            died.append(1)
            raise ExtractError("reader_crashed")
        return pages(self, file, progress)

    monkeypatch.setattr(Reader, "pages", dying)
    components.worker().run()
    assert row_of(components, document).state == "indexed"


def test_a_document_that_kills_every_reader_is_quarantined(
    components: Components, monkeypatch: pytest.MonkeyPatch
) -> None:
    document, other = bring(components), bring(components, "Another.")

    def dying(self, file, progress=None, unread=False):
        raise ExtractError("reader_crashed")

    monkeypatch.setattr(Reader, "pages", dying)
    components.worker().run()
    assert [row_of(components, each).code for each in (document, other)] == ["gave_up", "gave_up"]


def test_retry_says_when_there_is_nothing_to_try(components: Components) -> None:
    sound = bring(components)
    refused = take(components, b"no PDF at all", label(components, "A")).document_id
    failed = bring(components, "Another.")
    change(components, failed, state="quarantined", stage="received", code="too_slow")
    assert [retry(components, document) for document in (sound, refused, failed)] == [False, False, True]


def test_a_searchable_document_that_is_quarantined_leaves_the_index(components: Components) -> None:
    document = bring(components)
    components.worker().run()
    assert document in components.engine.holdings()
    with components.database.session() as session:
        row = session.get_one(DocumentRow, document)
        row.state = State.TRANSLATING
        Index(components.context, State.TRANSLATING).failure("gave_up", "Why")(session, row)
    components.worker().run()
    assert document not in components.engine.holdings()
