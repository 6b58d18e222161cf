"""What an entry holds, and that it is kept: secrets sealed or dropped, files replaced, processes forked, disks full."""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import product
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from trails import ask, change, event, fill_up, keeper_of, make_room, trail_of

from auth.audit import export as exporting
from auth.audit import keys as sealing
from auth.audit import trail as audit
from auth.audit.entries import Entry, Event, TrailError, shown
from auth.audit.query import AuditQuery
from auth.audit.trail import AUDITOR_KEY, Trail
from auth.database import now

pytestmark = pytest.mark.usefixtures("kept")


def only(trail: Trail) -> Entry:
    [entry] = trail.entries()
    return entry


def test_an_entry_says_who_what_when_from_where_and_why(tmp_path: Path) -> None:
    trail, before = trail_of(tmp_path, 0), now()
    trail.record(Event("ann", "192.0.2.1", "read", "0" * 32, "refused", {"rule": "label", "page": 3}))
    entry = only(trail)
    assert (entry.number, entry.actor, entry.origin, entry.action) == (1, "ann", "192.0.2.1", "read")
    assert (entry.object, entry.decision, entry.sealed) == ("0" * 32, "refused", "")
    assert json.loads(entry.detail) == {"rule": "label", "page": 3}
    assert before <= datetime.fromisoformat(entry.at) <= now()
    assert entry.at.endswith("+00:00")


def test_a_secret_is_sealed_to_the_auditor(tmp_path: Path) -> None:
    trail = trail_of(tmp_path, 0, auditor=True)
    trail.record(Event("ann", "console", "search", secret="кракозябра and zeppelin"))
    opener = sealing.load_opener(tmp_path / "auditor.key")
    assert exporting.opening(only(trail), opener) == "кракозябра and zeppelin"
    trail.copy(tmp_path / "copy.sqlite")
    written = b"".join(file.read_bytes() for file in tmp_path.glob("*.sqlite*"))
    assert "кракозябра".encode() not in written and b"zeppelin" not in written
    assert b"ann" in written


def test_without_an_auditors_key_a_secret_is_dropped(tmp_path: Path) -> None:
    (tmp_path / "no keys").mkdir()
    for at, trail in enumerate((trail_of(tmp_path / "keys but no auditor", 0), Trail(keeper_of(tmp_path / "no keys")))):
        trail.create()
        trail.record(Event("ann", "console", "search", secret="zeppelin"))
        assert only(trail).sealed == ""
        trail.copy(tmp_path / f"copy {at}.sqlite")
    assert not [file for file in tmp_path.rglob("*sqlite*") if b"zeppelin" in file.read_bytes()]


def test_nothing_is_sealed_where_nothing_is_secret(tmp_path: Path) -> None:
    trail = trail_of(tmp_path, 0, auditor=True)
    trail.record(Event("ann", "console", "status"))
    assert only(trail).sealed == ""


def test_a_damaged_auditors_key_stops_what_would_be_sealed(tmp_path: Path) -> None:
    trail = trail_of(tmp_path, 0, auditor=True)
    (tmp_path / "keys" / AUDITOR_KEY).write_text("nonsense")
    with pytest.raises(TrailError, match="cannot be sealed"):
        trail.record(Event("ann", "console", "search", secret="zeppelin"))
    trail.record(Event("ann", "console", "status"))
    assert trail.count() == 1


def test_a_new_auditors_key_holds_from_the_next_entry(tmp_path: Path) -> None:
    trail = trail_of(tmp_path, 1, auditor=True)
    sealing.make_auditor_key(tmp_path / "second.key")
    sealing.install(sealing.load_sealer(tmp_path / "second.key.pub"), tmp_path / "keys" / AUDITOR_KEY)
    trail.record(event(2))
    openers = [sealing.load_opener(tmp_path / name) for name in ("auditor.key", "second.key")]
    opened = [[exporting.opening(entry, opener) for entry in trail.entries()] for opener in openers]
    assert opened == [["query 0", None], [None, "query 2"]]


def test_no_secret_is_shown_by_an_event() -> None:
    assert "zeppelin" not in repr(Event("ann", "console", "search", secret="zeppelin"))


def test_half_a_character_and_nothingness_are_recorded(tmp_path: Path) -> None:
    trail = trail_of(tmp_path, 0, auditor=True)
    trail.record(Event("a\ud800", "\udfff", "s\0", "\ud800", "x", {"\ud800": "\ud800"}, "\ud800", ("d\ud800",)))
    assert trail.verify() == 1
    assert (only(trail).actor, only(trail).action) == ("a?", "s\0")


def test_documents_shown_are_in_the_entry_and_can_be_looked_up(tmp_path: Path) -> None:
    trail = trail_of(tmp_path, 0)
    trail.record(Event("ann", "console", "search", detail={"total": 9}, shown=("b", "a", "b")))
    assert json.loads(only(trail).detail) == {"shown": ["b", "a", "b"], "total": 9}
    assert shown(only(trail)) == ["b", "a"]
    assert ask(tmp_path, "SELECT * FROM shown ORDER BY object") == [("a", 1), ("b", 1)]
    assert trail.verify() == 1
    assert [entry.number for entry in trail.find(AuditQuery(object="b"), 9)] == [1]
    assert not trail.find(AuditQuery(object="c"), 9)


# -- The connection that is kept


def test_after_a_failure_the_next_entry_is_written(tmp_path: Path) -> None:
    trail = trail_of(tmp_path, 1)
    fill_up(tmp_path, "trail")
    with pytest.raises(TrailError, match="disk is full"):
        trail.record(event(1))
    make_room(tmp_path)
    trail.record(event(2))
    assert trail.verify() == 2


def test_a_failure_half_way_leaves_nothing(tmp_path: Path) -> None:
    trail = trail_of(tmp_path, 1)
    fill_up(tmp_path, "shown")
    with pytest.raises(TrailError):
        trail.record(event(2))
    make_room(tmp_path)
    assert (trail.count(), trail.verify()) == (1, 1)


def test_a_forked_process_writes_through_a_connection_of_its_own(tmp_path: Path) -> None:
    trail = trail_of(tmp_path, 1)
    child = os.fork()
    if child == 0:
        try:
            trail.record(event(1))
            os._exit(0)
        except BaseException:
            os._exit(1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    trail.record(event(2))
    assert trail.verify() == 3


def test_threads_share_one_trail(tmp_path: Path) -> None:
    trail = trail_of(tmp_path, 0)
    threads = [threading.Thread(target=lambda: [trail.record(event(n)) for n in range(10)]) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert trail.verify() == 40


def test_a_closed_trail_opens_again(tmp_path: Path) -> None:
    trail = trail_of(tmp_path, 1)
    trail.close()
    trail.close()
    trail.record(event(1))
    assert trail.verify() == 2


def test_entries_can_be_read_while_others_are_written(tmp_path: Path) -> None:
    trail = trail_of(tmp_path, 3)
    seen = []
    for entry in trail.entries():
        seen.append(entry.number)
        trail.record(event(9))
    assert seen == [1, 2, 3]
    assert trail.count() == 6


# -- Looking entries up


@pytest.fixture(scope="module")
def many(kept: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Trail]:
    trail = trail_of(tmp_path_factory.mktemp("many"), 0)
    for number in range(60):
        who, action = ("ann", "bob", "eve")[number % 3], ("search", "read")[number % 2]
        objects = f"d{number % 5}" if action == "read" else ""
        seen = (f"d{number % 4}", f"d{number % 7}") if action == "search" else ()
        trail.record(Event(who, "", action, objects, ("allowed", "refused")[number % 4 == 3], shown=seen))
    yield trail
    trail.close()


people = st.sampled_from(["", "ann", "bob", "nobody"])
wanteds = st.builds(
    AuditQuery,
    people,
    st.sampled_from(["", "search", "read", "other"]),
    st.sampled_from(["", "d0", "d3", "d6", "d9"]),
    st.sampled_from(["", "allowed", "refused"]),
    before=st.none() | st.integers(0, 70),
)


@given(wanteds, st.none() | st.integers(-1, 61), st.none() | st.integers(-1, 61), st.integers(1, 70))
def test_what_is_found_is_what_was_wanted(many: Trail, query: AuditQuery, since, until, limit: int) -> None:
    entries = list(many.entries())

    def moment(at: int | None) -> datetime | None:
        if at is None:
            return None
        near = datetime.fromisoformat(entries[min(max(at, 0), 59)].at)
        return near + timedelta(days=(at > 59) - (at < 0))

    query = AuditQuery(
        query.person, query.action, query.object, query.decision, moment(since), moment(until), query.before
    )

    def suits(entry: Entry) -> bool:
        at = datetime.fromisoformat(entry.at)
        return (
            query.person in ("", entry.actor)
            and query.action in ("", entry.action)
            and query.object in ("", entry.object, *shown(entry))
            and query.decision in ("", entry.decision)
            and (query.since is None or at >= query.since)
            and (query.until is None or at < query.until)
            and (query.before is None or entry.number < query.before)
        )

    assert many.find(query, limit) == [entry for entry in reversed(entries) if suits(entry)][:limit]


def test_entries_of_a_clock_that_went_back_are_found_by_their_times(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun = datetime(2026, 1, 1, tzinfo=UTC)
    moments = [begun + timedelta(minutes=minute) for minute in (3, 4, 9, 1, 2, 3, 8, 7, 5, 6)]
    trail = trail_of(tmp_path, 0)
    for moment in moments:
        monkeypatch.setattr("auth.audit.trail.now", lambda moment=moment: moment)
        trail.record(event(0))
    bounds = [None, *(begun + timedelta(minutes=minute) for minute in range(11))]
    for since, until in product(bounds, bounds):
        inside = [(since or moment) <= moment < (until or now()) for moment in moments]
        wanted = [number for number, it_is in enumerate(inside, 1) if it_is]
        assert [entry.number for entry in trail.find(AuditQuery(since=since, until=until), 10)] == wanted[::-1]


def test_a_time_is_a_span_of_numbers(many: Trail) -> None:
    moments = [datetime.fromisoformat(entry.at) for entry in many.entries()]
    day = timedelta(days=1)
    assert many.span() == (1, 60)
    assert many.span(moments[9]) == (10, 60)
    assert many.span(None, moments[9]) == (1, 9)
    assert many.span(moments[4], moments[9]) == (5, 9)
    assert many.span(moments[-1] + day) is None
    assert many.span(None, moments[0]) is None
    assert many.span(moments[5], moments[5]) is None


def test_verifying_tells_how_far_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(audit, "EVERY", 5)
    numbers: list[int] = []
    assert trail_of(tmp_path, 12).verify(step=numbers.append) == 12
    assert numbers == [5, 10]


def test_verifying_does_not_hold_the_trail_in_memory(tmp_path: Path) -> None:
    import tracemalloc

    trail = trail_of(tmp_path, 1)
    entry = only(trail)
    from trails import rechained, rewrite

    rewrite(tmp_path, rechained([entry] * 600))
    tracemalloc.start()
    try:
        assert trail.verify() == 600
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 300_000  # bytes; the entries alone are more


# -- Exports


def test_an_export_is_whole_or_not_there(tmp_path: Path) -> None:
    trail = trail_of(tmp_path, 4)
    change(tmp_path, "UPDATE trail SET actor = 'eve' WHERE number = 3")
    with pytest.raises(TrailError, match="broken at entry 3"):
        exporting.export(trail, tmp_path / "export")
    assert not (tmp_path / "export").exists()
    change(tmp_path, "DELETE FROM trail WHERE number >= 3")
    change(tmp_path, "DELETE FROM trail WHERE number = 2")
    change(tmp_path, "INSERT INTO trail VALUES (9, '9', '', '', '', '', '', '', '', '')")
    with pytest.raises(TrailError):
        exporting.export(trail, tmp_path / "export")


def test_an_export_overwrites_nothing_and_is_for_its_owner(tmp_path: Path) -> None:
    trail = trail_of(tmp_path, 4)
    assert exporting.export(trail, tmp_path / "export").number == 4
    assert (tmp_path / "export").stat().st_mode & 0o777 == 0o600
    before = (tmp_path / "export").read_bytes()
    with pytest.raises(FileExistsError):
        exporting.export(trail, tmp_path / "export")
    assert (tmp_path / "export").read_bytes() == before


def test_an_export_of_no_time_is_refused(tmp_path: Path) -> None:
    trail = trail_of(tmp_path, 2)
    with pytest.raises(TrailError, match="no entry of that time"):
        exporting.export(trail, tmp_path / "export", now() + timedelta(days=1))
    assert not (tmp_path / "export").exists()


def test_an_export_without_a_key_to_sign_with_is_refused(tmp_path: Path) -> None:
    trail = Trail(keeper_of(tmp_path))
    trail.create()
    trail.record(event(1))
    with pytest.raises(TrailError, match="no keys"):
        exporting.export(trail, tmp_path / "export")
    assert not (tmp_path / "export").exists()


def test_what_is_sealed_is_opened_from_an_export(tmp_path: Path) -> None:
    trail = trail_of(tmp_path, 4, auditor=True)
    exporting.export(trail, tmp_path / "export")
    opener = sealing.load_opener(tmp_path / "auditor.key")
    secrets = {entry.number: secret for entry, secret in exporting.opened(tmp_path / "export", opener)}
    assert secrets == {1: "query 0", 3: "query 2"}


def test_what_is_no_export_is_not_opened(tmp_path: Path) -> None:
    trail = trail_of(tmp_path, 1, auditor=True)
    exporting.export(trail, tmp_path / "export")
    opener = sealing.load_opener(tmp_path / "auditor.key")
    text = (tmp_path / "export").read_text(encoding="utf-8")
    damaged = only(trail).sealed[:-8] + "AAAAAAA="
    wrong = {
        "": "no export",
        "nonsense": "no export",
        text.replace(only(trail).sealed, damaged): "changed since",
        text.replace('"actor"', '"author"'): "damaged",
        text + "\nnonsense": "damaged",
    }
    for content, words in wrong.items():
        (tmp_path / "other").write_text(content, encoding="utf-8")
        with pytest.raises(TrailError, match=words):
            list(exporting.opened(tmp_path / "other", opener))
