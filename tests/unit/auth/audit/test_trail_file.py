"""What is so of a trail in a file alone: replaced files, files of the first version, locks, and values of no type."""

from __future__ import annotations

import shutil
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from trails import FILE, change, event, rechained, trail_of

from auth.audit import keys as sealing
from auth.audit import trail as audit
from auth.audit.entries import TrailError
from auth.audit.keeping import contract
from auth.audit.keeping.contract import TrailConnection
from auth.audit.keeping.trail_file import FileWriter, TrailFile
from auth.audit.query import AuditQuery
from auth.audit.trail import SIGNING_KEY, Trail


def test_a_file_that_was_replaced_is_not_written_to_any_more(tmp_path: Path) -> None:
    trail = trail_of(tmp_path, 3)
    shutil.copytree(tmp_path, tmp_path / "backup")
    trail.record(event(3))
    for file in tmp_path.glob("audit.sqlite*"):
        file.unlink()
    for file in (tmp_path / "backup").glob("audit.sqlite*"):
        shutil.copy(file, tmp_path / file.name)
    trail.record(event(4))
    assert Trail(TrailFile(tmp_path / FILE)).count() == 4
    assert [entry.object for entry in trail.entries()][-1] == event(4).object


def test_what_was_recorded_is_on_the_disk_at_once(tmp_path: Path) -> None:
    """Another process sees it; a copy of the files as they lie there holds it."""
    trail = trail_of(tmp_path, 3)
    shutil.copytree(tmp_path, tmp_path / "copy")
    assert Trail(TrailFile(tmp_path / "copy" / FILE)).verify() == 3
    assert trail.verify() == 3


def test_a_trail_of_the_first_version_goes_on(tmp_path: Path) -> None:
    """Its table lacked what is sealed; its entries keep their digests, and the new ones follow on."""
    first = (
        "CREATE TABLE trail (number INTEGER PRIMARY KEY AUTOINCREMENT, at TEXT, actor TEXT, origin TEXT, action TEXT,"
        " object TEXT, decision TEXT, detail TEXT, digest TEXT)"
    )
    change(tmp_path, first)
    at, digest = "2026-11-01T00:00:00.000000+00:00", "7f6b2b2d3a0e9c15e1f6f0a6ad5fd3cf5ef5ad6d8cdd33c1ba8c7b5df2f4cd49"
    values = (1, at, "ann", "console", "search", "", "allowed", '{"total": 3}')
    digest = rechained([audit.Entry(*values, "", digest)])[0].digest
    change(tmp_path, "INSERT INTO trail VALUES (?,?,?,?,?,?,?,?,?)", *values, digest)
    (tmp_path / "keys").mkdir()
    sealing.make_signing_key(tmp_path / "keys" / SIGNING_KEY)
    trail = Trail(TrailFile(tmp_path / FILE), tmp_path / "keys")
    with pytest.raises(TrailError):
        trail.record(event(2))  # not before `tolmach init` has brought it to this version
    trail.create()
    trail.record(event(2))
    assert trail.verify() == 2
    assert [entry.number for entry in trail.find(AuditQuery(person="ann"), 10)] == [2, 1]


@pytest.mark.parametrize("value", [None, b"\xff", 7])
def test_a_stored_checkpoint_that_is_no_text_is_found(tmp_path: Path, value: object, monkeypatch) -> None:
    monkeypatch.setattr(audit, "EVERY", 5)
    trail = trail_of(tmp_path, 6)
    assert change(tmp_path, "UPDATE checkpoints SET signature = ?", value)
    with pytest.raises(TrailError, match=r"changed|forged"):
        trail.verify()


@pytest.mark.parametrize("value", [None, b"\xff", b""])
def test_an_entry_that_holds_no_text_is_not_shown(tmp_path: Path, value: object) -> None:
    trail = trail_of(tmp_path, 3)
    change(tmp_path, "UPDATE trail SET actor = ? WHERE number = 2", value)
    with pytest.raises(TrailError, match="broken at entry 2"):
        trail.find(AuditQuery(), 10)


def test_where_the_file_is_locked_whoever_waits_fails_with_the_first(tmp_path: Path, monkeypatch) -> None:
    """Twenty at once make a few tries together, not one each in a row; once it is free, entries are written again."""
    monkeypatch.setattr(contract, "PATIENCE", 0.5)
    trail, tries, failures = trail_of(tmp_path), [], []
    connection_of = FileWriter._connection
    monkeypatch.setattr(FileWriter, "_connection", lambda own: (tries.append(1), connection_of(own))[1])
    trail.close()  # a connection that was kept has the patience of before
    began = threading.Barrier(20)

    def record() -> None:
        began.wait()
        try:
            trail.record(event(1))
        except TrailError as error:
            failures.append(error)

    with closing(sqlite3.connect(tmp_path / FILE, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        threads = [threading.Thread(target=record) for _ in range(20)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(failures) == 20 and len(tries) <= 5
    trail._keeper._writer._turn.try_again()
    trail.record(event(2))
    assert trail.verify() == 6


# -- What a longer trail costs


def test_what_filters_read_does_not_grow_with_the_trail(tmp_path: Path) -> None:
    """Counted in instructions of SQLite, for windows that hold as many entries."""

    def steps(entries: int) -> list[int]:
        folder = tmp_path / str(entries)
        folder.mkdir()
        trail = trail_of(folder, entries)
        late = [datetime.fromisoformat(entry.at) for entry in trail.find(AuditQuery(), 20)]
        after = late[0] + timedelta(seconds=1)
        queries = [
            AuditQuery(since=late[-1]),
            AuditQuery(since=late[4]),  # fewer than are asked for
            AuditQuery(since=after),
            AuditQuery(until=late[-1]),
            AuditQuery(since=late[-1], until=late[0]),
            AuditQuery(since=late[4], until=late[2]),
            AuditQuery(person="nobody"),
            AuditQuery(object=event(entries - 1).object),
        ]
        counted, reading = [], trail._keeper.reading

        @contextmanager
        def counting() -> Iterator[TrailConnection]:
            with reading() as connection:
                connection.set_progress_handler(lambda: passed.append(None), 1)
                yield connection

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(trail._keeper, "reading", counting)
            for query in queries:
                passed: list[None] = []
                trail.find(query, 10)
                counted.append(len(passed))
        return counted

    few, many = steps(200), steps(2_000)
    assert all(more <= 1.5 * less for less, more in zip(few, many, strict=True)), (few, many)
