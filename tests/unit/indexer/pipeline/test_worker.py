"""One worker a document; what is lost is forgotten, what breaks thrice gives way, what is removed is gone."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from factories import agency, client, fresh, label, pdf, person, take
from sqlalchemy import select

from auth import policy
from auth.database import now
from auth.policy import Action, Scope
from indexer.engine.contract import EVERYTHING, EngineUnavailableError, Request
from indexer.engine.embedded.engine import EmbeddedEngine
from indexer.extract.pages import ExtractError
from indexer.extract.reader import Reader
from indexer.handling import lifecycle
from indexer.handling.lifecycle import AbsentError
from indexer.library.files import StoreError
from indexer.library.tables import DocumentRow, PageRow, PassageRow, SegmentRow
from indexer.pipeline import lease
from indexer.pipeline.lease import LENGTH as LEASE
from indexer.pipeline.worker import Worker
from services.cli.console import event
from services.components import Parts
from services.settings import Settings
from services.setup import set_up


@pytest.fixture
def parts(tmp_path: Path) -> Iterator[Parts]:
    yield from _opened(fresh(tmp_path / "home"))


@pytest.fixture
def shared(database_url: str, tmp_path: Path) -> Iterator[Parts]:
    """A Tolmach on each database."""
    settings = Settings(home=tmp_path / "home", database_url=database_url)
    set_up(settings)
    yield from _opened(Parts(settings))


def _opened(parts: Parts) -> Iterator[Parts]:
    agency(parts, "A")
    yield parts
    parts.close()


def bring(parts: Parts, text: str = "A paper about water.", pages: int = 1) -> str:
    return take(parts, pdf(text, pages=pages), label(parts, "A")).document_id


def row_of(parts: Parts, document: str) -> DocumentRow | None:
    with parts.database.reading() as session:
        return session.get(DocumentRow, document)


def change(parts: Parts, document: str, **values: object) -> None:
    with parts.database.session() as session:
        for name, value in values.items():
            setattr(session.get_one(DocumentRow, document), name, value)


def scope(parts: Parts, action: Action = Action.REMOVE) -> Scope:
    with parts.database.reading() as session:
        return policy.operator_scope(session, action)


def remove(parts: Parts, document: str) -> None:
    lifecycle.remove(parts.database, parts.engine, parts.trail, scope(parts), document, event("remove", document))


def found(parts: Parts) -> set[str]:
    answer = parts.engine.search(scope(parts), Request(EVERYTHING))
    return {hit.document_id for hit in answer.hits}


def once(act: Callable[[], object]) -> Callable[[int, int], None]:
    """Calls back the first time that a page was read."""
    left = [act]
    return lambda done, total: left.pop()() if left else None


def with_engine(parts: Parts, kind: type[EmbeddedEngine]) -> EmbeddedEngine:
    """Put another engine in the place of ours, on the same file."""
    parts.__dict__["engine"] = kind(parts.home.index)
    return parts.__dict__["engine"]


# -- Stages and leases


def test_a_document_goes_through_the_stages_one_step_at_a_time(parts: Parts) -> None:
    document = bring(parts)
    states = [row_of(parts, document).state]
    while parts.worker().step():
        states.append(row_of(parts, document).state)
    assert states == ["received", "extracted", "indexed"]
    assert found(parts) == {document}
    row = row_of(parts, document)
    assert (row.lease_until, row.lease_owner, row.pages, row.language) == (None, "", 1, "en")


def test_the_one_that_has_waited_longest_comes_first(parts: Parts) -> None:
    first, second = bring(parts, "First."), bring(parts, "Second.")
    change(parts, first, taken_at=now() + timedelta(seconds=5))
    parts.worker().step()
    assert (row_of(parts, first).state, row_of(parts, second).state) == ("received", "extracted")


def test_a_leased_document_is_left_alone_by_others(shared: Parts) -> None:
    document, seen = bring(shared), []

    def look() -> None:
        row = row_of(shared, document)
        seen.append((row.lease_until > now() + LEASE / 2, bool(row.lease_owner)))
        seen.append(shared.worker().step())

    shared.worker().step(once(look))
    assert seen == [(True, True), False]


def test_a_lease_is_renewed_while_work_goes_on(parts: Parts, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lease, "RENEWED_AFTER", timedelta(0))
    document, ends = bring(parts, pages=3), []

    def shorten(done: int, total: int) -> None:
        ends.append(row_of(parts, document).lease_until)
        change(parts, document, lease_until=now() + timedelta(seconds=5))

    parts.worker().step(shorten)
    assert len(ends) == 3
    assert all(end > now() + LEASE / 2 for end in ends)


def test_whoever_lost_a_lease_stops_reading_at_the_next_renewal(parts: Parts, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lease, "RENEWED_AFTER", timedelta(0))
    document, read = bring(parts, pages=5), []

    def lose(done: int, total: int) -> None:
        read.append((done, total))
        change(parts, document, lease_owner="somebody else")

    assert parts.worker().step(lose)
    assert read == [(1, 5)]
    row = row_of(parts, document)
    assert (row.state, row.lease_owner, row.pages) == ("received", "somebody else", 0)


def test_an_expired_lease_is_taken_over_and_what_its_holder_did_is_forgotten(shared: Parts) -> None:
    document = bring(shared)
    slow, quick = (
        shared.worker(),
        Worker(
            shared.database,
            shared.store,
            shared.engine,
            Parts(shared.settings).reader,
            shared.packages,
            shared.home.paused,
        ),
    )

    def overtake() -> None:
        change(shared, document, lease_until=now() - timedelta(seconds=1))
        assert quick.run() == 2
        change(shared, document, title_en="by the quick one")

    assert slow.step(once(overtake))
    row = row_of(shared, document)
    assert (row.state, row.title_en, row.broken_leases) == ("indexed", "by the quick one", 0)
    assert found(shared) == {document}
    quick._stages["received"].__self__._reader.close()


@pytest.mark.parametrize(
    ("broken", "state", "code"), [(0, "indexed", ""), (1, "indexed", ""), (2, "quarantined", "gave_up")]
)
def test_the_third_broken_lease_quarantines(shared: Parts, broken: int, state: str, code: str) -> None:
    document, other = bring(shared), bring(shared, "Another.")
    change(shared, document, broken_leases=broken, lease_until=now() - timedelta(seconds=1), lease_owner="the dead")
    shared.worker().run()
    row = row_of(shared, document)
    assert (row.state, row.code, row.stage) == (state, code, "received" if code else "")
    assert (row.lease_until, row.lease_owner) == (None, "")
    assert code == "" or "tolmach retry" in row.message
    assert row_of(shared, other).state == "indexed"


def test_each_death_counts_until_the_document_gives_way(parts: Parts) -> None:
    document = bring(parts)
    for died in range(3):
        assert row_of(parts, document).state == "received"
        claimed = parts.worker()._claim()  # and its worker dies
        assert claimed.document_id == document
        assert row_of(parts, document).broken_leases == died
        change(parts, document, lease_until=now() - timedelta(seconds=1))
    assert not parts.worker().step()
    assert row_of(parts, document).code == "gave_up"


class Watching(Worker):
    """A worker that notes which documents are worked on at the same time as itself."""

    busy: list[str]
    overlaps: list[str]
    lock: threading.Lock

    def _work(self, leased, progress):
        with self.lock:
            if leased.document_id in self.busy:
                self.overlaps.append(leased.document_id)
            self.busy.append(leased.document_id)
        time.sleep(0.005)
        return super()._work(leased, progress)

    def _finish(self, leased, change):
        with self.lock:
            self.busy.remove(leased.document_id)
        super()._finish(leased, change)


def test_workers_at_once_never_work_on_the_same_document(shared: Parts) -> None:
    documents = {bring(shared, f"Paper {number}.") for number in range(8)}
    watched = {"busy": [], "overlaps": [], "lock": threading.Lock()}
    workers = [
        Watching(shared.database, shared.store, shared.engine, shared.reader, shared.packages, shared.home.paused)
        for _ in range(3)
    ]
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
    assert found(shared) == documents


# -- What fails


def test_while_the_engine_fails_a_document_waits_and_is_indexed_later(parts: Parts) -> None:
    class Failing(EmbeddedEngine):
        def put(self, records):
            raise EngineUnavailableError("no answer")

    document = bring(parts)
    failing = with_engine(parts, Failing)
    for _ in range(4):  # more often than a lease may break
        with pytest.raises(EngineUnavailableError):
            parts.worker().run()
    row = row_of(parts, document)
    assert (row.state, row.lease_until, row.lease_owner, row.broken_leases) == ("extracted", None, "", 0)
    failing.close()
    with_engine(parts, EmbeddedEngine)
    assert parts.worker().run() == 1
    assert row_of(parts, document).state == "indexed"


def test_a_document_that_brings_a_fault_of_ours_out_gives_way_to_others(parts: Parts) -> None:
    poison, other = bring(parts, "Poison."), bring(parts, "Other.")

    class Faulty(EmbeddedEngine):
        def put(self, records):
            records = list(records)
            if records[0].document_id == poison:
                raise RuntimeError("a fault of ours")
            super().put(records)

    with_engine(parts, Faulty)
    for _ in range(3):
        with pytest.raises(RuntimeError):
            parts.worker().run()
    parts.worker().run()
    assert (row_of(parts, poison).state, row_of(parts, poison).code) == ("quarantined", "gave_up")
    assert row_of(parts, other).state == "indexed"


def test_an_original_that_is_gone_fails_without_changing_anything(parts: Parts) -> None:
    document = bring(parts)
    parts.store.remove(document)
    with pytest.raises(StoreError, match=document):
        parts.worker().run()
    row = row_of(parts, document)
    assert (row.state, row.lease_until, row.broken_leases) == ("received", None, 0)


def test_an_original_that_is_gone_does_not_keep_others_waiting(parts: Parts) -> None:
    gone, other = bring(parts), bring(parts, "Another.")
    parts.store.remove(gone)
    worker = parts.worker()
    with pytest.raises(StoreError):
        worker.step()
    worker.run()
    assert [row_of(parts, each).state for each in (gone, other)] == ["received", "indexed"]


# -- Removing


def removed_without_a_trace(parts: Parts, document: str) -> bool:
    parts.worker().run()
    with parts.database.reading() as session:
        left = [t for t in (PageRow, SegmentRow, PassageRow) if session.scalar(select(t).where(t.document == document))]
    files = [path for path in parts.home.files.rglob("*") if path.is_file()]
    return (row_of(parts, document), dict(parts.engine.holdings()), left, files) == (None, {}, [], [])


def test_a_removed_document_is_in_no_search_at_once_and_soon_nowhere(shared: Parts) -> None:
    document = bring(shared)
    shared.worker().run()
    remove(shared, document)
    assert found(shared) == set()
    assert removed_without_a_trace(shared, document)


def test_no_word_of_a_removed_document_stays_on_the_disk(parts: Parts) -> None:
    document = bring(parts, "Zygomorphic zeppelins.")
    parts.worker().run()
    remove(parts, document)
    parts.worker().run()
    parts.close()
    for file in parts.home.path.rglob("*"):
        assert not file.is_file() or b"zygomorphic" not in file.read_bytes().lower(), file


def test_a_document_removed_while_it_is_read_leaves_nothing(shared: Parts) -> None:
    document = bring(shared)
    shared.worker().step(once(lambda: remove(shared, document)))
    assert row_of(shared, document).state == "removing"
    assert removed_without_a_trace(shared, document)


def test_a_document_removed_while_it_is_indexed_leaves_nothing(shared: Parts) -> None:
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


def test_a_removal_that_the_engine_does_not_answer_is_finished_by_the_worker(parts: Parts) -> None:
    class Failing(EmbeddedEngine):
        def remove(self, document_ids):
            raise EngineUnavailableError("no answer")

    document = bring(parts)
    parts.worker().run()
    failing = with_engine(parts, Failing)
    with pytest.raises(EngineUnavailableError):
        remove(parts, document)
    assert row_of(parts, document).state == "removing"
    with pytest.raises(EngineUnavailableError):
        parts.worker().run()
    assert row_of(parts, document).state == "removing"
    failing.close()
    with_engine(parts, EmbeddedEngine)
    assert removed_without_a_trace(parts, document)


def test_a_removal_is_never_given_up(parts: Parts) -> None:
    document = bring(parts)
    parts.worker().run()
    remove(parts, document)
    change(parts, document, broken_leases=9, lease_until=now() - timedelta(seconds=1), lease_owner="the dead")
    assert removed_without_a_trace(parts, document)


def test_what_is_outside_the_scope_is_neither_removed_nor_tried_again(parts: Parts) -> None:
    document = bring(parts)
    change(parts, document, state="quarantined", stage="received", code="gave_up")
    before = len([*parts.trail.entries()])
    for scope_of in (Scope(Action.REMOVE, frozenset()), Scope(Action.REMOVE, frozenset({"0" * 32}))):
        with pytest.raises(AbsentError):
            lifecycle.remove(parts.database, parts.engine, parts.trail, scope_of, document, event("remove"))
        with pytest.raises(AbsentError):
            lifecycle.retry(parts.database, parts.trail, scope_of, document, event("retry"))
    assert row_of(parts, document).state == "quarantined"
    assert len([*parts.trail.entries()]) == before


def test_a_document_cannot_be_removed_twice(parts: Parts) -> None:
    document = bring(parts)
    remove(parts, document)
    with pytest.raises(AbsentError):
        remove(parts, document)


# -- Trying again


def retry(parts: Parts, document: str) -> bool:
    return lifecycle.retry(parts.database, parts.trail, scope(parts), document, event("retry", document))


def test_a_quarantined_document_can_be_tried_again(parts: Parts) -> None:
    document = bring(parts)
    change(parts, document, state="quarantined", stage="received", code="gave_up", message="x", broken_leases=3)
    assert not parts.worker().step()
    retry(parts, document)
    row = row_of(parts, document)
    assert (row.state, row.stage, row.code, row.message, row.broken_leases) == ("received", "", "", "", 0)
    assert parts.worker().run() == 2
    assert row_of(parts, document).state == "indexed"
    assert "retry" in {entry.action for entry in parts.trail.entries()}


def test_a_file_that_was_bad_at_intake_stays_in_quarantine(parts: Parts) -> None:
    document = take(parts, b"no PDF", label(parts, "A")).document_id
    retry(parts, document)
    assert row_of(parts, document).code == "not_pdf"


def test_trying_an_indexed_document_again_changes_nothing(parts: Parts) -> None:
    document = bring(parts)
    parts.worker().run()
    retry(parts, document)
    assert row_of(parts, document).state == "indexed"


def test_a_document_that_is_read_again_replaces_what_was_read_before(parts: Parts) -> None:
    document = bring(parts, "Once upon a time.", pages=2)
    parts.worker().run()
    change(parts, document, state="received")
    parts.worker().run()
    person(parts, "ann", "A", ["expert"])
    page = client(parts, "ann").get(f"/api/documents/{document}/pages/2").json()
    assert [segment["text"] for segment in page["segments"]] == ["Once upon a time."]
    assert found(parts) == {document}


def test_the_lease_of_a_dead_process_is_over_at_once(parts: Parts) -> None:
    document = bring(parts)
    code = "import sys; from indexer import lease; print(lease.new_holder())"
    dead = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip()
    change(parts, document, lease_until=now() + LEASE, lease_owner=dead)
    assert parts.worker().step()
    assert row_of(parts, document).state == "extracted"


def test_the_lease_of_a_live_process_or_another_machine_stands(parts: Parts) -> None:
    document = bring(parts)
    for holder in (lease.new_holder(), "elsewhere/boot/pid:[1] 1 1 abcdef"):
        change(parts, document, lease_until=now() + LEASE, lease_owner=holder)
        assert not parts.worker().step()


def test_a_reader_that_dies_once_costs_nothing(parts: Parts, monkeypatch: pytest.MonkeyPatch) -> None:
    document, died = bring(parts), []
    pages = Reader.pages

    def dying(self, file, progress=None):
        if not died:
            died.append(1)
            raise ExtractError("reader_crashed")
        return pages(self, file, progress)

    monkeypatch.setattr(Reader, "pages", dying)
    parts.worker().run()
    assert row_of(parts, document).state == "indexed"


def test_a_document_that_kills_every_reader_is_quarantined(parts: Parts, monkeypatch: pytest.MonkeyPatch) -> None:
    document, other = bring(parts), bring(parts, "Another.")

    def dying(self, file, progress=None):
        raise ExtractError("reader_crashed")

    monkeypatch.setattr(Reader, "pages", dying)
    parts.worker().run()
    assert [row_of(parts, each).code for each in (document, other)] == ["gave_up", "gave_up"]


def test_retry_says_when_there_is_nothing_to_try(parts: Parts) -> None:
    sound = bring(parts)
    refused = take(parts, b"no PDF at all", label(parts, "A")).document_id
    failed = bring(parts, "Another.")
    change(parts, failed, state="quarantined", stage="received", code="too_slow")
    assert [retry(parts, document) for document in (sound, refused, failed)] == [False, False, True]
