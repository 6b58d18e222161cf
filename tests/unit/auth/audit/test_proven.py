"""A proof goes on where the last one ended, and believes only what a signed checkpoint stands for."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from unittest.mock import patch

import pytest
from trails import ask, change, event, trail_of

from auth.audit import marks, proven
from auth.audit import trail as audit
from auth.audit.entries import Event, TrailError
from auth.audit.proven import Proven, prove_all, prove_on, prove_tail
from auth.audit.trail import Trail
from auth.database import Base, Database

pytestmark = pytest.mark.usefixtures("kept")

EVERY = 4  # entries between checkpoints in this file


@pytest.fixture(autouse=True)
def often() -> Iterator[None]:
    with patch.object(audit, "EVERY", EVERY), patch.object(proven, "EVERY", EVERY):
        yield


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    opened = Database(f"sqlite:///{tmp_path / 'tolmach.sqlite'}", b"k" * 32)
    Base.metadata.create_all(opened.engine)
    yield opened
    opened.close()


@pytest.fixture
def trail(tmp_path: Path) -> Iterator[Trail]:
    opened = trail_of(tmp_path / "trail", 10)
    yield opened
    opened.close()


def folder_of(tmp_path: Path) -> Path:
    return tmp_path / "trail"


def looked_at(database: Database, trail: Trail) -> list[int]:
    steps: list[int] = []
    prove_on(database, trail, steps.append)
    return steps


def test_a_second_proof_begins_behind_the_last_checkpoint_of_the_first(database: Database, trail: Trail) -> None:
    assert prove_on(database, trail) == Proven(10, 0)
    assert marks.proven(database) == (8, trail.digest(8))
    assert prove_on(database, trail) == Proven(10, 8)
    for number in range(10, 17):
        trail.record(event(number))
    assert looked_at(database, trail) == [12, 16]
    assert prove_on(database, trail) == Proven(17, 16)
    assert prove_all(database, trail) == Proven(17, 0)


def test_what_was_changed_before_it_is_left_to_a_look_at_all(database: Database, trail: Trail, tmp_path: Path) -> None:
    prove_on(database, trail)
    change(folder_of(tmp_path), "UPDATE trail SET actor = 'mallory' WHERE number = 3")
    assert prove_on(database, trail).after == 8
    with pytest.raises(TrailError, match="at entry 3"):
        prove_all(database, trail)


@pytest.mark.parametrize(
    "damage",
    [
        "UPDATE trail SET actor = 'mallory' WHERE number = 9",
        "DELETE FROM trail WHERE number = 9",
        "DELETE FROM trail WHERE number > 8",
        "DELETE FROM trail WHERE number = 8",
        "UPDATE trail SET digest = 'other' WHERE number = 8",
        "DELETE FROM shown WHERE number = 9",
        "INSERT INTO shown VALUES ('document 1', 10)",
    ],
)
def test_damage_behind_it_is_found(database: Database, trail: Trail, tmp_path: Path, damage: str) -> None:
    prove_on(database, trail)
    assert prove_on(database, trail).after == 8
    assert change(folder_of(tmp_path), damage)
    with pytest.raises(TrailError):
        prove_on(database, trail)


def test_a_checkpoint_taken_out_or_forged_lets_everything_be_looked_at(
    database: Database, trail: Trail, tmp_path: Path
) -> None:
    prove_on(database, trail)
    change(folder_of(tmp_path), "DELETE FROM checkpoints WHERE number = 8")
    with pytest.raises(TrailError, match="checkpoint at entry 8 was taken out"):
        prove_on(database, trail)
    trail.record(Event("ann", "console", "x"))
    [(signature,)] = ask(folder_of(tmp_path), "SELECT signature FROM checkpoints WHERE number = 4")
    change(
        folder_of(tmp_path),
        "INSERT INTO checkpoints SELECT 8, digest, at, 'aa', ? FROM trail WHERE number = 8",
        signature,
    )
    with pytest.raises(TrailError, match="another key"):
        prove_on(database, trail)


def test_behind_an_archive_all_is_looked_at_once(database: Database, trail: Trail) -> None:
    prove_on(database, trail)
    trail.archive(Event("operator", "console", "archive"))
    assert prove_on(database, trail).after == 0
    for number in range(8):
        trail.record(event(number))
    prove_on(database, trail)
    assert prove_on(database, trail).after == 16


def test_the_tail_is_as_many_entries_as_lie_between_checkpoints_or_more(trail: Trail, tmp_path: Path) -> None:
    assert prove_tail(trail) == Proven(10, 4)
    change(folder_of(tmp_path), "UPDATE trail SET actor = 'mallory' WHERE number = 5")
    with pytest.raises(TrailError, match="at entry 5"):
        prove_tail(trail)


def test_a_short_trail_is_looked_at_as_a_whole(tmp_path: Path, database: Database) -> None:
    short = trail_of(tmp_path / "short", 3)
    assert prove_tail(short) == prove_on(database, short) == Proven(3, 0)
    assert marks.proven(database) is None
    short.close()
