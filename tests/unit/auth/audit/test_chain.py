"""The trail is one chain that no entry can be taken from, put into or changed in unnoticed, and that tells no text."""

from __future__ import annotations

import subprocess
import sys
import threading
from pathlib import Path

import pytest
import trails
from hypothesis import given
from hypothesis import strategies as st
from trails import OPENING, address_of, keeper_of, tell_written

from auth.audit.entries import GENESIS, Event, TrailError
from auth.audit.trail import Trail

pytestmark = pytest.mark.usefixtures("kept")

COLUMNS = ("at", "actor", "origin", "action", "object", "decision", "detail", "digest", "sealed")


def trail_of(folder: Path, entries: int = 5) -> Trail:
    trail = Trail(keeper_of(folder))
    trail.create()
    for number in range(entries):
        trail.record(Event("ann", "console", "search", f"object {number}", detail={"total": number}))
    return trail


def change(folder: Path, statement: str, *values: object) -> None:
    assert trails.change(folder, statement, *values) == 1


def test_what_is_recorded_comes_back_in_order(tmp_path: Path) -> None:
    trail = trail_of(tmp_path)
    trail.create()  # again: nothing happens
    assert [entry.object for entry in trail.entries()] == [f"object {number}" for number in range(5)]
    assert [entry.number for entry in trail.entries()] == [1, 2, 3, 4, 5]
    assert len({entry.digest for entry in trail.entries()} | {GENESIS}) == 6
    assert trail.verify() == 5


def test_an_empty_trail_is_whole(tmp_path: Path) -> None:
    assert trail_of(tmp_path, 0).verify() == 0


@pytest.mark.parametrize("column", COLUMNS)
@pytest.mark.parametrize("number", [1, 3, 5])
def test_a_changed_entry_is_found(tmp_path: Path, column: str, number: int) -> None:
    trail = trail_of(tmp_path)
    change(tmp_path, f"UPDATE trail SET {column} = {column} || '0' WHERE number = ?", number)
    with pytest.raises(TrailError, match=f"broken at entry {number}:"):
        trail.verify()


@pytest.mark.parametrize("number", [1, 2, 5])
def test_an_entry_taken_out_is_found_be_it_the_last(tmp_path: Path, number: int) -> None:
    trail = trail_of(tmp_path)
    change(tmp_path, "DELETE FROM trail WHERE number = ?", number)
    with pytest.raises(TrailError, match="broken"):
        trail.verify()


def test_an_entry_taken_out_is_found_though_the_others_close_up(tmp_path: Path) -> None:
    trail = trail_of(tmp_path)
    change(tmp_path, "DELETE FROM trail WHERE number = 5")
    tell_written(tmp_path, 4)
    change(tmp_path, "DELETE FROM trail WHERE number = 3")
    change(tmp_path, "UPDATE trail SET number = 3 WHERE number = 4")
    with pytest.raises(TrailError, match="broken at entry 3"):
        trail.verify()


def test_a_trail_that_was_emptied_is_found(tmp_path: Path) -> None:
    trail = trail_of(tmp_path, 1)
    change(tmp_path, "DELETE FROM trail")
    with pytest.raises(TrailError, match="broken after entry 0"):
        trail.verify()


def test_an_inserted_entry_is_found(tmp_path: Path) -> None:
    trail = trail_of(tmp_path)
    row = next(entry for entry in trail.entries() if entry.number == 5)
    change(
        tmp_path,
        "INSERT INTO trail VALUES (6,?,?,?,?,?,?,?,?,?)",
        *(getattr(row, name) for name in COLUMNS),
    )
    with pytest.raises(TrailError, match="broken at entry 6"):
        trail.verify()


def test_two_entries_that_change_places_are_found(tmp_path: Path) -> None:
    trail = trail_of(tmp_path)
    for old, new in ((2, 99), (3, 2), (99, 3)):
        change(tmp_path, "UPDATE trail SET number = ? WHERE number = ?", new, old)
    with pytest.raises(TrailError, match="broken at entry 2"):
        trail.verify()


texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)


@given(
    st.lists(st.builds(Event, texts, texts, texts, texts, texts, st.dictionaries(texts, texts | st.integers(0, 99))))
)
def test_whatever_is_recorded_the_chain_holds(tmp_path_factory, events: list[Event]) -> None:
    trail = trail_of(tmp_path_factory.mktemp("trail"), 0)
    for event in events[:4]:
        trail.record(event)
    assert trail.verify() == len(events[:4])


WRITE = """
for number in range(30):
    Trail(keeper).record(Event(sys.argv[3], "console", "search", str(number)))
"""


def test_processes_and_threads_that_write_at_once_leave_one_chain(tmp_path: Path) -> None:
    trail = trail_of(tmp_path, 0)

    def write(name: str) -> None:
        for number in range(30):
            trail.record(Event(name, "console", "search", str(number)))

    command = [sys.executable, "-c", OPENING + WRITE, address_of(tmp_path), str(tmp_path)]
    processes = [subprocess.Popen([*command, f"process {number}"]) for number in range(2)]
    threads = [threading.Thread(target=write, args=(f"thread {number}",)) for number in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [process.wait() for process in processes] == [0, 0]
    assert trail.verify() == 150
    writers = {entry.actor for entry in trail.entries()}
    assert len(writers) == 5
    for writer in writers:
        numbers = [int(entry.object) for entry in trail.entries() if entry.actor == writer]
        assert numbers == list(range(30))
