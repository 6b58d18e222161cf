"""Hosts write one chain in PostgreSQL: none is lost or doubled, whoever dies; the database itself refuses changes."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from unittest.mock import patch

import psycopg
import pytest
from races import together
from trails import OPENING, address_of, event, keeper_of, kept_in, plain, trail_of

from auth.audit.entries import Event, TrailError
from auth.audit.keeping import contract, trail_tables
from auth.audit.keeping.statements import head_of
from auth.audit.trail import Trail

CLOSE = Event("operator", "console", "audit_archive")


@pytest.fixture(scope="module", autouse=True)
def server(postgresql: str) -> Iterator[None]:
    with kept_in(postgresql):
        yield


def host_of(folder: Path) -> Trail:
    """The trail as another host has it: with connections of its own."""
    return Trail(keeper_of(folder), folder / "keys")


WRITE = """
trail, number = Trail(keeper, folder / "keys"), 0
while True:
    number += 1
    trail.record(Event(sys.argv[3], "console", "read", str(number)))
    print(number, flush=True)
"""


def test_writers_that_are_killed_leave_one_whole_chain_with_all_that_they_were_told_is_kept(tmp_path: Path) -> None:
    trail = trail_of(tmp_path, 0)
    names = [f"host {number}" for number in range(4)]
    told = dict.fromkeys(names, 0)
    with ExitStack() as stack:
        writers = {}
        for name in names:
            command = [sys.executable, "-c", OPENING + WRITE, address_of(tmp_path), str(tmp_path), name]
            writers[name] = stack.enter_context(subprocess.Popen(command, stdout=subprocess.PIPE, text=True))
        for at, (name, writer) in enumerate(writers.items()):
            assert writer.stdout
            for _ in range(20 + 15 * at):
                told[name] = int(writer.stdout.readline())
            writer.kill()
            told[name] = max([told[name], *map(int, writer.stdout.read().split())])
    entries = list(trail.entries())
    for name in names:
        numbers = [int(entry.object) for entry in entries if entry.actor == name]
        assert numbers == list(range(1, len(numbers) + 1))  # none lost, none doubled, none out of turn
        assert told[name] <= len(numbers) <= told[name] + 1  # the last may be kept though nobody was told so
    assert trail.verify() == len(entries)
    trail.record(event(1))  # nobody who died keeps others waiting
    assert trail.verify() == len(entries) + 1


def test_hosts_and_threads_that_write_at_once_wait_for_one_another(tmp_path: Path) -> None:
    trail_of(tmp_path, 0)
    hosts = [host_of(tmp_path) for _ in range(4)]

    def write(at: int) -> None:
        for number in range(25):
            hosts[at % 4].record(Event(f"writer {at}", "console", "read", str(number), shown=("a", f"{at}")))

    together(*[lambda at=at: write(at) for at in range(8)])
    assert hosts[0].verify() == 200
    entries = list(hosts[1].entries())
    for at in range(8):
        assert [int(each.object) for each in entries if each.actor == f"writer {at}"] == list(range(25))


def test_two_that_archive_on_two_hosts_do_not_meet(tmp_path: Path) -> None:
    trail = trail_of(tmp_path, 7)
    going = trail.archiving(CLOSE)
    next(going)
    (tmp_path / "other home").mkdir()
    other = Trail(
        trail_tables.TrailTables(address_of(tmp_path), tmp_path / "other home" / "audit-archive"), tmp_path / "keys"
    )
    with pytest.raises(TrailError, match="on another host"):
        other.archive(CLOSE)
    for _ in going:
        pass
    other.record(event(1))
    assert other.verify() == 9  # the archive is not in its home, and is believed
    with pytest.raises(TrailError, match="not here"):
        list(other.entries())
    other.close()


def test_an_archive_that_another_host_has_begun_to_part_with_is_not_written_anew(tmp_path: Path) -> None:
    trail = trail_of(tmp_path, 7)
    with patch("auth.audit.keeping.archives.SLICE", 3):
        going = trail.archiving(CLOSE)
        for _ in range(4):  # handed over, written, published, and some deleted
            next(going)
        going.close()
        (tmp_path / "other home").mkdir()
        keeper = trail_tables.TrailTables(address_of(tmp_path), tmp_path / "other home" / "audit-archive")
        with pytest.raises(TrailError, match=r"not here. Put 000000000001-000000000007.sqlite back"):
            Trail(keeper, tmp_path / "keys").archive(CLOSE)
        keeper.close()
        assert trail.archive(CLOSE).last == 7
    assert trail.verify() == 8


# -- Locks


def test_whoever_waits_for_the_head_fails_with_the_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(contract, "PATIENCE", 0.5)
    trail, other = trail_of(tmp_path, 5), host_of(tmp_path)
    tries = []
    connected = trail_tables.TrailTables._connected
    monkeypatch.setattr(trail_tables.TrailTables, "_connected", lambda own: (tries.append(1), connected(own))[1])
    with other._keeper.transaction() as connection:
        head_of(connection)
        tries.clear()
        outcomes = together(*[lambda: trail.record(event(1))] * 20, refusals=(TrailError,))
    assert all(isinstance(outcome, TrailError) for outcome in outcomes)
    assert len(tries) <= 5
    trail._keeper._turn.try_again()
    trail.record(event(2))
    assert trail.verify() == 6


def test_a_writer_that_says_nothing_any_more_is_given_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As when its host lost its power: its connection stays, and nobody is there."""
    monkeypatch.setattr(trail_tables, "IDLE", 1)
    trail, gone = trail_of(tmp_path, 3), host_of(tmp_path)
    silent, over = threading.Event(), threading.Event()
    failures: list[Exception] = []

    def hold() -> None:
        try:
            with gone._keeper.transaction() as connection:
                head_of(connection)
                silent.set()
                over.wait()
                gone._add(connection, event(9))
        except TrailError as error:
            failures.append(error)

    thread = threading.Thread(target=hold)
    thread.start()
    silent.wait()
    trail.record(event(3))
    over.set()
    thread.join()
    assert len(failures) == 1  # it learns that nothing of it was kept
    assert [entry.object for entry in trail.entries()][-1] == event(3).object
    assert trail.verify() == 4


def test_after_connections_were_cut_entries_are_written_again(tmp_path: Path) -> None:
    trail = trail_of(tmp_path, 2)
    others = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database()"
    with psycopg.connect(plain(address_of(tmp_path)), autocommit=True) as connection:
        connection.execute(f"{others} AND pid <> pg_backend_pid()")
    with pytest.raises(TrailError, match="cannot be written or read"):
        trail.record(event(2))
    trail.record(event(3))
    assert trail.verify() == 3


# -- What the database refuses, even a superuser

REFUSED = [
    "UPDATE trail SET actor = 'eve' WHERE number = 6",
    "UPDATE trail SET number = 99 WHERE number = 8",
    "DELETE FROM trail WHERE number = 8",
    "DELETE FROM trail",
    "TRUNCATE trail",
    "TRUNCATE shown, checkpoints",
    "DELETE FROM shown",
    "UPDATE shown SET object = 'other'",
    "DELETE FROM checkpoints",
    "UPDATE checkpoints SET signature = ''",
    "DELETE FROM archives",
    "UPDATE archives SET digest = ''",
    "TRUNCATE archives",
    "DELETE FROM carried",
    "UPDATE carried SET detail = 'other'",
    "UPDATE carried SET number = number - 1",
    "TRUNCATE carried",
    "INSERT INTO trail SELECT 8, at, actor, origin, action, object, decision, detail, digest, sealed FROM trail",
    "INSERT INTO trail SELECT 11, at, actor, origin, action, object, decision, detail, digest, sealed FROM trail"
    " WHERE number = 8",
    "UPDATE head SET number = NULL",
]


@pytest.fixture(scope="module")
def archived(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("refusals")
    trail = trail_of(folder, 3)
    trail.record(Event("ann", "console", "label", "a", detail={"label": "x"}))
    trail.archive(CLOSE)  # which is entry 5
    for number in range(4):
        trail.record(event(number))
    trail.checkpoint()
    return folder


@pytest.mark.parametrize("statement", REFUSED)
def test_the_database_refuses_what_is_not_adding(archived: Path, statement: str) -> None:
    with psycopg.connect(plain(address_of(archived))) as connection:
        connection.execute("SET search_path = tolmach_audit")
        with pytest.raises(psycopg.Error, match=r"only added to|does not follow|null value|duplicate key"):
            connection.execute(statement)
    assert host_of(archived).verify() == 9


def test_without_its_tables_it_says_what_to_do(tmp_path: Path) -> None:
    trail = host_of(tmp_path)
    with pytest.raises(TrailError, match="Run: tolmach init"):
        trail.record(event(1))
    with psycopg.connect(plain(address_of(tmp_path)), autocommit=True) as connection:
        connection.execute("DROP ROLE IF EXISTS visitor")
        connection.execute("CREATE ROLE visitor LOGIN")
    other = Trail(
        trail_tables.TrailTables(address_of(tmp_path).replace("postgres@", "visitor@"), tmp_path / "audit-archive")
    )
    with pytest.raises(TrailError, match="permission denied for database"):
        other.create()
    other.close()
