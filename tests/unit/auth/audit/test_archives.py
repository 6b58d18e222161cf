"""A trail with archives is one trail: nothing is lost or doubled, whoever stops where; tampering is found."""

from __future__ import annotations

import json
import shutil
import sqlite3
import subprocess
import sys
import threading
import time
from contextlib import closing
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from unittest.mock import patch

import pytest
from races import killed_after
from trails import FILE, OPENING, address_of, ask, change, event, forged, keeper_of, trail_of

from auth.audit import export as exporting
from auth.audit import trail as audit
from auth.audit.entries import Event, TrailError
from auth.audit.keeping import archives
from auth.audit.keeping.trail_file import TrailFile
from auth.audit.query import AuditQuery
from auth.audit.trail import NoArchiveError, Trail
from deploy import verify_audit

pytestmark = pytest.mark.usefixtures("kept")

CLOSE = Event("operator", "console", "audit_archive")


@pytest.fixture(autouse=True)
def small():
    """A checkpoint every five entries, and three entries deleted at a time."""
    with patch.object(audit, "EVERY", 5), patch.object(archives, "SLICE", 3):
        yield


def labelled(action: str, name: str, label: str = "x") -> Event:
    return Event("ann", "console", action, name, detail={"label": label})


def told(trail: Trail) -> list[tuple[int, str, str]]:
    return [(entry.number, entry.action, entry.digest) for entry in trail.entries()]


def archive_files(folder: Path) -> list[Path]:
    return sorted((folder / "audit-archive").glob("*.sqlite"))


def test_an_archive_ends_signed_and_the_trail_goes_on_with_an_entry_that_names_it(tmp_path: Path) -> None:
    trail = trail_of(tmp_path, 12)
    before = told(trail)
    archive = trail.archive(CLOSE)
    assert told(trail)[:12] == before
    [hand_over] = list(trail.entries(13))
    detail = json.loads(hand_over.detail)
    assert (hand_over.action, detail["number"], detail["digest"]) == ("audit_archive", 12, before[-1][2])
    assert detail["signature"] == archive.end.signature
    assert ask(tmp_path, "SELECT number FROM trail") == [(13,)]
    assert ask(tmp_path, "SELECT * FROM shown") == ask(tmp_path, "SELECT * FROM checkpoints") == []
    [path] = archive_files(tmp_path)
    assert (path.name, path.stat().st_mode & 0o777) == ("000000000001-000000000012.sqlite", 0o400)
    with closing(sqlite3.connect(path)) as file:
        assert file.execute("SELECT max(number) FROM checkpoints").fetchone() == (12,)
        assert file.execute("SELECT count(*) FROM trail").fetchone() == (12,)
    assert trail.verify() == 13


def test_archives_follow_one_another(tmp_path: Path) -> None:
    trail = trail_of(tmp_path, 7)
    first = trail.checkpoint()
    trail.archive(CLOSE)
    for number in range(7):
        trail.record(event(number))
    trail.archive(CLOSE)
    trail.record(event(3))
    assert trail.verify([first]) == 17
    assert [number for number, _, _ in told(trail)] == list(range(1, 18))
    assert [(each.first, each.last, here) for each, here in trail.archives().items()] == [(1, 7, True), (8, 15, True)]
    with pytest.raises(TrailError, match="nothing to archive"):
        trail_of(tmp_path / "empty", 0).archive(CLOSE)


def test_nothing_is_archived_twice_without_a_new_entry(tmp_path: Path) -> None:
    trail = trail_of(tmp_path, 4)
    trail.archive(CLOSE)
    with pytest.raises(TrailError, match="nothing to archive"):
        trail.archive(CLOSE)
    assert trail.count() == 5


def test_what_restores_are_measured_by_is_taken_along_even_without_the_archives(tmp_path: Path) -> None:
    trail = trail_of(tmp_path, 0)
    for item in (labelled("intake", "a"), labelled("label", "a", "y"), labelled("hold", "a"), labelled("intake", "b")):
        trail.record(item)
    trail.record(replace(labelled("label", "b", "z"), decision="refused"))
    trail.record(labelled("read", "a"))
    trail.archive(CLOSE)
    trail.record(labelled("remove", "b"))
    trail.archive(CLOSE)
    trail.record(labelled("label", "c"))
    before = [list(trail.latest(actions)) for actions in (("intake", "label", "remove"), ("hold", "release"))]
    shutil.rmtree(tmp_path / "audit-archive")
    after = [list(trail.latest(actions)) for actions in (("intake", "label", "remove"), ("hold", "release"))]
    assert before == after
    assert [(item.object, item.action) for item in after[0]] == [("a", "label"), ("b", "remove"), ("c", "label")]
    assert [item.number for item in trail.latest(("hold", "release"), "a")] == [3]
    assert list(trail.latest(("hold",), "b")) == []
    with pytest.raises(TrailError, match="hide these"):
        next(trail.latest(("read",)))


# -- Without the archives


def test_archives_that_lie_elsewhere_are_believed_and_asked_for_when_needed(tmp_path: Path) -> None:
    trail = trail_of(tmp_path, 7)
    inside, at_end = trail.checkpoint(), None
    trail.record(event(7))
    archive = trail.archive(CLOSE)
    at_end = archive.end
    trail.record(event(1))
    mark = trail.head()
    [path] = archive_files(tmp_path)
    path.rename(tmp_path / "elsewhere")
    assert trail.verify([at_end]) == 10
    assert not trail.lacks(3, "unknown")
    assert not trail.lacks(8, at_end.digest)
    assert trail.lacks(8, "other")
    assert not trail.lacks(*mark)
    assert trail.lacks(mark[0] + 1, mark[1])
    with pytest.raises(TrailError, match="needs the archive 000000000001-000000000008"):
        trail.verify([inside])
    with pytest.raises(TrailError, match=r"1 to 8 .* not here. Put 000000000001-000000000008.sqlite back"):
        list(trail.entries())
    with pytest.raises(TrailError, match="not here"):
        exporting.export(trail, tmp_path / "all", None, None)
    with pytest.raises(NoArchiveError):
        trail.find(AuditQuery(), 9, archive.name)
    since = datetime.fromisoformat(next(trail.entries(10)).at)
    exporting.export(trail, tmp_path / "part", since)
    (tmp_path / "end").write_text(at_end.as_line())
    assert verify_audit.main([str(tmp_path / "part"), "--key", at_end.key]) == 0
    (tmp_path / "elsewhere").rename(path)
    assert trail.verify([inside, at_end]) == 10


def test_an_export_across_archives_is_checked_by_the_script_and_the_hand_over_with_it(tmp_path: Path) -> None:
    trail = trail_of(tmp_path, 7)
    kept = tmp_path / "kept"
    kept.write_text(trail.checkpoint().as_line())
    trail.archive(CLOSE)
    trail.record(event(1))
    exporting.export(trail, tmp_path / "export")
    assert verify_audit.main([str(tmp_path / "export"), "--checkpoint", str(kept), "--key", trail.own_key() or ""]) == 0
    lines = (tmp_path / "export").read_text().splitlines()
    assert len(lines) == 1 + 9 + 1
    hand_over = json.loads(lines[8])
    detail = json.loads(hand_over["detail"])
    for name, value in (("digest", "0" * 64), ("number", 3), ("signature", "0" * 128)):
        with pytest.raises(verify_audit.BrokenError, match=r"hand-over at entry 8"):
            verify_audit.handed_over(
                hand_over | {"detail": json.dumps(detail | {name: value})}, detail["digest"] if name != "number" else ""
            )


def test_entries_are_found_in_the_archive_that_is_named(tmp_path: Path) -> None:
    trail = trail_of(tmp_path, 6)
    archive = trail.archive(CLOSE)
    trail.record(event(1))
    assert [item.number for item in trail.find(AuditQuery(), 9)] == [8, 7]
    assert [item.number for item in trail.find(AuditQuery(person="bob"), 9, archive.name)] == [6, 4, 2]
    assert [item.number for item in trail.find(AuditQuery(object="document 1"), 9, archive.name)] == [5, 3, 2, 1]
    with pytest.raises(NoArchiveError):
        trail.find(AuditQuery(), 9, "../audit")


def test_a_time_is_found_across_archives(tmp_path: Path) -> None:
    trail = trail_of(tmp_path, 6)
    trail.archive(CLOSE)
    trail.record(event(1))
    moments = [datetime.fromisoformat(item.at) for item in trail.entries()]
    for first in range(8):
        for last in range(first + 1, 8):
            assert trail.span(moments[first], moments[last]) == (first + 1, last)
    assert trail.span() == (1, 8)
    assert trail.span(None, moments[0]) is None
    assert trail.size_and_share(moments[0])[1] == 1.0


# -- Crashes


@pytest.mark.parametrize("steps", range(1, 9))
def test_whoever_is_killed_after_any_step_loses_nothing_and_the_next_goes_on(tmp_path: Path, steps: int) -> None:
    trail = trail_of(tmp_path, 13)
    trail.record(labelled("label", "a"))
    before = told(trail)
    trail.close()
    killed_after(steps, lambda: Trail(keeper_of(tmp_path), tmp_path / "keys").archiving(CLOSE))
    assert told(trail)[:14] == before
    assert [item.number for item in trail.latest(("label",))] == [14]
    assert trail.verify() == 15  # the hand-over is there from the first step on
    trail.record(event(2))  # people go on
    copied = tmp_path / "copy" / FILE
    copied.parent.mkdir()
    trail.copy(copied)  # and so do backups
    assert told(Trail(TrailFile(copied))) == told(trail)
    assert Trail(TrailFile(copied), tmp_path / "keys").verify() == 16
    if ask(tmp_path, "SELECT min(number) FROM trail") == [(15,)]:  # it was done but for the room on the disk
        return
    archive = trail.archive(CLOSE)
    assert (archive.first, archive.last, trail.count()) == (1, 14, 16)
    assert told(trail)[:14] == before
    assert ask(tmp_path, "SELECT min(number) FROM trail") == [(15,)]
    assert [path.name for path in archive_files(tmp_path)] == [f"{archive.name}.sqlite"]
    assert not list((tmp_path / "audit-archive").glob("*unfinished*"))


MANY = 3_000
ARCHIVE = """
from auth.audit.keeping import archives
archives.SLICE = 50
print("begun", flush=True)
Trail(keeper, folder / "keys").archive(Event("operator", "console", "audit_archive"))
"""


def test_kills_at_any_moment_while_others_write(tmp_path: Path) -> None:
    with patch.object(audit, "EVERY", 1_000):
        trail = trail_of(tmp_path, 0)
        with trail._keeper.transaction() as connection:  # in one transaction, which takes seconds less
            for number in range(MANY):
                trail._add(connection, event(number))
        stop, written = threading.Event(), []
        command = [sys.executable, "-c", OPENING + ARCHIVE, address_of(tmp_path), str(tmp_path)]

        def go_on() -> None:
            writer = Trail(keeper_of(tmp_path), tmp_path / "keys")
            while not stop.is_set():
                writer.record(Event("carl", "console", "read", f"extra {len(written)}"))
                written.append(len(written))
                stop.wait(0.002)  # whoever waits for SQLite's lock has no place in a queue: leave them a chance

        thread = threading.Thread(target=go_on)
        thread.start()
        try:
            for wait in (0.0, 0.02, 0.05, 0.1, 0.2, 0.3, 0.5):
                with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
                    assert process.stdout
                    process.stdout.readline()
                    time.sleep(wait)
                    process.kill()
            done = subprocess.run(command, check=False, capture_output=True)
            assert not done.returncode, done.stderr
        finally:
            stop.set()
            thread.join()
        entries = list(trail.entries())
        assert [item.number for item in entries] == list(range(1, len(entries) + 1))
        assert [item.object for item in entries if item.actor == "carl"] == [f"extra {number}" for number in written]
        assert sum(item.actor in ("ann", "bob") for item in entries) == MANY
        assert trail.verify() == len(entries)


def test_two_do_not_archive_at_once(tmp_path: Path) -> None:
    trail = trail_of(tmp_path, 7)
    first, second = trail.archiving(CLOSE), Trail(keeper_of(tmp_path), tmp_path / "keys")
    next(first)
    with pytest.raises(TrailError, match="at this moment"):
        second.archive(CLOSE)
    for _ in first:
        pass
    assert trail.verify() == 8


def test_nothing_is_deleted_when_the_archive_cannot_be_written_or_was_changed(tmp_path: Path) -> None:
    trail = trail_of(tmp_path, 7)
    going = trail.archiving(CLOSE)
    next(going)
    next(going)  # copied
    [unfinished] = (tmp_path / "audit-archive").glob("*.unfinished")
    with closing(sqlite3.connect(unfinished)) as file:
        file.execute("UPDATE trail SET actor = 'eve' WHERE number = 3")
        file.commit()
    with pytest.raises(TrailError, match="broken at entry 3"):
        next(going)
    assert len(ask(tmp_path, "SELECT number FROM trail")) == 8
    assert trail.archive(CLOSE).last == 7
    assert trail.verify() == 8


# -- Tampering


@pytest.fixture
def archived(tmp_path: Path) -> Trail:
    trail = trail_of(tmp_path, 11)
    trail.record(labelled("label", "a"))
    trail.archive(CLOSE)
    for number in range(4):
        trail.record(event(number))
    return trail


def in_archive(folder: Path, statement: str, *values: object) -> None:
    [path] = archive_files(folder)
    path.chmod(0o600)
    with closing(sqlite3.connect(path)) as file:
        assert file.execute(statement, values).rowcount
        file.commit()


@pytest.mark.parametrize(
    ("statement", "words"),
    [
        ("UPDATE trail SET actor = 'eve' WHERE number = 2", "broken at entry 2"),
        ("DELETE FROM trail WHERE number = 2", "broken at entry 2"),
        ("DELETE FROM trail WHERE number > 5", "was cut off"),
        ("DELETE FROM checkpoints WHERE number = 10", "was taken out"),
        ("UPDATE checkpoints SET digest = '0' WHERE number = 5", "forged"),
        ("DELETE FROM shown WHERE number = 1", "list of documents shown"),
    ],
)
def test_an_archive_that_was_changed_is_found(tmp_path: Path, archived: Trail, statement: str, words: str) -> None:
    in_archive(tmp_path, statement)
    with pytest.raises(TrailError, match=words):
        archived.verify()


@pytest.mark.parametrize(
    ("statement", "words"),
    [
        ("UPDATE carried SET detail = replace(detail, 'x', 'y')", "took along"),
        ("DELETE FROM carried", "took along"),
        ("DELETE FROM archives", "broken at entry 1"),
        ("UPDATE archives SET digest = 'f'", "forged"),
        ("UPDATE archives SET first = 2", "list of archives"),
        ("DELETE FROM trail WHERE number = 13", "broken at entry 13"),
        ("DELETE FROM trail WHERE number > 12", "broken after entry 12"),
        ("DELETE FROM checkpoints WHERE number = 15", "was taken out"),
        ("UPDATE trail SET detail = replace(detail, 'signature', 'signed') WHERE number = 13", "entry 13"),
    ],
)
def test_a_trail_that_was_changed_behind_its_archive_is_found(
    tmp_path: Path, archived: Trail, statement: str, words: str
) -> None:
    assert change(tmp_path, statement)
    with pytest.raises(TrailError, match=words):
        archived.verify()
    shutil.rmtree(tmp_path / "audit-archive")
    with pytest.raises(TrailError, match=words):
        archived.verify()


def test_another_end_of_an_archive_is_found_by_who_kept_a_checkpoint(tmp_path: Path, archived: Trail) -> None:
    end = next(iter(archived.archives())).end
    last = next(archived.entries(12, 12))
    archive_files(tmp_path)[0].unlink()
    assert archived.verify([end]) == 17
    other = forged(replace(last, digest="0" * 64), tmp_path)
    with pytest.raises(TrailError, match="at or before entry 12"):
        archived.verify([other], [other.key])
