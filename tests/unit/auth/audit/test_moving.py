"""A trail is moved into PostgreSQL whole, whoever is killed or writes meanwhile; then its file is closed for good."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from unittest.mock import patch

import pytest
from races import killed_after
from trails import FILE, address_of, event, keeper_of, kept_in, trail_of

from auth.audit import moving
from auth.audit import trail as audit
from auth.audit.entries import Event, TrailError
from auth.audit.keeping.statements import TABLES
from auth.audit.keeping.trail_file import TrailFile, is_moved
from auth.audit.keeping.trail_tables import TablesState, TrailTables
from auth.audit.moving import Moving
from auth.audit.query import AuditQuery
from auth.audit.trail import Trail

CLOSE = Event("operator", "console", "audit_archive")
MOVE = Event("operator", "console", "audit_move")


@pytest.fixture(scope="module", autouse=True)
def server(postgresql: str) -> Iterator[None]:
    with kept_in(postgresql):
        yield


@pytest.fixture(autouse=True)
def small() -> Iterator[None]:
    """A checkpoint every five entries, and five entries copied at a time."""
    with patch.object(audit, "EVERY", 5), patch.object(moving, "SLICE", 5):
        yield


def file_of(folder: Path, entries: int = 13) -> Trail:
    """A trail in a file, with an archive, and so many entries behind it."""
    with kept_in(""):
        trail = trail_of(folder, 4)
        trail.record(Event("ann", "console", "label", "a", detail={"label": "x"}))
        trail.record(Event("\0", "\uf8ff0", "read", "\uf8ff\0"))  # what PostgreSQL does not keep as it is
        trail.archive(CLOSE)
        for number in range(entries):
            trail.record(event(number))
    return trail


def to_tables(folder: Path) -> Moving:
    keeper = keeper_of(folder)
    assert isinstance(keeper, TrailTables)
    return Moving(folder / FILE, keeper, folder / "keys")


def rows(keeper: TrailFile | TrailTables) -> dict[str, list[object]]:
    with keeper.reading() as connection:
        return {
            table: sorted(connection.execute(f"SELECT {columns} FROM {table}").fetchall())
            for table, columns in TABLES.items()
        }


def test_everything_comes_along_and_the_chain_goes_on(tmp_path: Path) -> None:
    file = file_of(tmp_path)
    kept, before = file.checkpoint(), list(file.entries())
    own = to_tables(tmp_path)
    assert own.move(MOVE) == 21
    tables = Trail(own.tables, tmp_path / "keys")
    assert rows(own.tables) == rows(TrailFile(tmp_path / FILE))
    assert list(tables.entries())[:-1] == before
    assert list(tables.entries())[-1].action == "audit_move"
    assert tables.last_checkpoint().number == 21
    tables.record(event(1))
    assert tables.verify([kept]) == 22
    assert [entry.number for entry in tables.latest(("label",))] == [5]
    assert [entry.number for entry in tables.find(AuditQuery(object="document 1"), 2)] == [22, 20]
    assert tables.archive(CLOSE).first == 7
    assert tables.verify([kept]) == 23
    assert [entry.number for entry in tables.entries()] == list(range(1, 24))


def test_a_file_that_was_moved_takes_nothing_from_anybody(tmp_path: Path) -> None:
    file = file_of(tmp_path)  # of a process that has it open, with the old setting
    file.record(event(1))
    to_tables(tmp_path).move(MOVE)
    acts = (
        lambda: file.record(event(1)),
        lambda: Trail(TrailFile(tmp_path / FILE), tmp_path / "keys").record(event(1)),
        lambda: file.archive(CLOSE),
    )
    for act in acts:
        with pytest.raises(TrailError, match=r"moved to the database\. Set TOLMACH_AUDIT=database"):
            act()
    with closing(sqlite3.connect(tmp_path / FILE)) as other:
        for table in TABLES:
            for statement in (f"DELETE FROM {table}", f"INSERT INTO {table} SELECT * FROM {table}"):
                with pytest.raises(sqlite3.IntegrityError, match="moved to the database"):
                    other.execute(statement)
    assert file.verify() == 22  # it stays a proof


def test_a_second_run_changes_nothing(tmp_path: Path) -> None:
    file_of(tmp_path)
    own = to_tables(tmp_path)
    assert own.move(MOVE) == own.move(MOVE) == to_tables(tmp_path).move(MOVE) == 21
    Trail(own.tables).record(event(1))
    assert own.move(MOVE) == 22


LAST_OF_FILE, LAST = 3, 6  # steps, after which the file takes nothing, and the tables everything


@pytest.mark.parametrize("steps", range(1, LAST + 1))
def test_whoever_is_killed_after_any_step_loses_nothing_and_the_next_goes_on(tmp_path: Path, steps: int) -> None:
    file = file_of(tmp_path)
    before = list(file.entries())
    address_of(tmp_path)
    file.close()
    killed_after(steps, lambda: to_tables(tmp_path).moving(MOVE))
    own = to_tables(tmp_path)
    tables, whole = Trail(own.tables, tmp_path / "keys"), own.tables.state() is TablesState.BEGUN
    assert whole == (steps == LAST)
    assert is_moved(tmp_path / FILE) == (steps > LAST_OF_FILE)
    assert list(file.entries())[:20] == before
    taken = []
    for trail in (file, tables):  # people go on, at most in one place
        try:
            trail.record(event(2))
            taken.append(trail)
        except TrailError:
            continue
    assert taken == ([file] if steps <= LAST_OF_FILE else [tables] if whole else [])
    count = 22 if taken else 21
    assert own.move(MOVE) == tables.verify() == count
    assert list(tables.entries())[:20] == before
    if not whole:
        assert rows(own.tables) == rows(TrailFile(tmp_path / FILE))
    tables.record(event(3))
    assert tables.verify() == count + 1


def test_what_was_archived_between_two_runs_is_read_from_the_archive(tmp_path: Path) -> None:
    file = file_of(tmp_path)
    own = to_tables(tmp_path)
    going = own.moving(MOVE)
    next(going)
    next(going)  # the first five
    going.close()
    file.archive(CLOSE)
    assert own.move(MOVE) == 22
    tables = Trail(own.tables, tmp_path / "keys")
    assert [entry.number for entry in tables.entries()] == list(range(1, 23))
    assert tables.verify() == 22
    assert (tables.archive(CLOSE).first, tables.verify()) == (7, 22)  # goes on with the one that was begun
    tables.record(event(1))
    assert tables.archive(CLOSE).first == 21


MOVING = """
import sys
from pathlib import Path
from auth.audit import moving
from auth.audit.entries import Event
from auth.audit.keeping.trail_tables import TrailTables
moving.SLICE = 20
folder = Path(sys.argv[2])
tables = TrailTables(sys.argv[1], folder / "audit-archive")
print("begun", flush=True)
moving.Moving(folder / "audit.sqlite", tables, folder / "keys").move(Event("operator", "console", "audit_move"))
"""


def test_kills_at_any_moment_while_others_write(tmp_path: Path) -> None:
    """Whoever writes to the file is refused in the end, and what was taken before is in the database, each once."""
    with patch.object(audit, "EVERY", 1_000):
        file = file_of(tmp_path, 0)
        with file._keeper.transaction() as connection:
            for number in range(1_000):
                file._add(connection, event(number))
        command, written, refusals = [sys.executable, "-c", MOVING, address_of(tmp_path), str(tmp_path)], [], []

        def go_on() -> None:
            while not refusals:
                try:
                    file.record(Event("carl", "console", "read", f"extra {len(written)}"))
                    written.append(len(written))
                except TrailError as error:
                    refusals.append(error)

        thread = threading.Thread(target=go_on)
        thread.start()
        for wait in (0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6):
            with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
                assert process.stdout
                process.stdout.readline()
                time.sleep(wait)
                process.kill()
        done = subprocess.run(command, check=False, capture_output=True, text=True)
        assert not done.returncode, done.stderr
        thread.join()
        assert "moved to the database" in str(refusals[0])
        tables = Trail(keeper_of(tmp_path), tmp_path / "keys")
        entries = list(tables.entries())
        assert [entry.object for entry in entries if entry.actor == "carl"] == [f"extra {n}" for n in written]
        assert sum(entry.action == "audit_move" for entry in entries) == 1
        assert tables.verify() == len(entries)


# -- Refusals


def test_a_broken_trail_is_not_moved(tmp_path: Path) -> None:
    file_of(tmp_path)
    with closing(sqlite3.connect(tmp_path / FILE)) as other:
        other.execute("UPDATE trail SET actor = 'eve' WHERE number = 9")
        other.commit()
    own = to_tables(tmp_path)
    with pytest.raises(TrailError, match="broken at entry 9"):
        own.move(MOVE)
    assert own.tables.state() is TablesState.EMPTY
    assert not is_moved(tmp_path / FILE)


def test_a_trail_is_not_moved_into_another_ones_tables(tmp_path: Path) -> None:
    file_of(tmp_path)
    trail_of(tmp_path / "other", 3)
    own = to_tables(tmp_path / "other")
    with pytest.raises(TrailError, match="holds an audit trail already"):
        Moving(tmp_path / FILE, own.tables, tmp_path / "keys").move(MOVE)
    assert not is_moved(tmp_path / FILE)


def test_a_trail_that_is_another_than_when_it_was_begun_is_not_moved(tmp_path: Path) -> None:
    file_of(tmp_path / "one")
    own = to_tables(tmp_path / "one")
    going = own.moving(MOVE)
    next(going)
    next(going)
    going.close()
    file_of(tmp_path / "two")
    with pytest.raises(TrailError, match="another audit trail: entry 11 differs"):
        Moving(tmp_path / "two" / FILE, own.tables, tmp_path / "two" / "keys").move(MOVE)
    assert own.move(MOVE) == 21
