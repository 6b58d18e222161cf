"""Checkpoints are signed by the thousand, show what was cut off or rewritten, and cannot be forged or taken out."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict, replace
from pathlib import Path
from unittest.mock import patch

import pytest
from trails import ask, change, event, forged, keep, keeper_of, rechained, rewrite, trail_of

from auth.audit import checkpoints
from auth.audit import keys as sealing
from auth.audit import trail as audit
from auth.audit.checkpoints import Checkpoint, CheckpointError
from auth.audit.entries import Event, TrailError
from auth.audit.trail import SIGNING_KEY, Trail

pytestmark = pytest.mark.usefixtures("kept")


@pytest.fixture
def often() -> Iterator[None]:
    """A checkpoint every five entries."""
    with patch.object(audit, "EVERY", 5):
        yield


def stored(folder: Path) -> list[int]:
    return [row[0] for row in ask(folder, "SELECT number FROM checkpoints ORDER BY number")]


@pytest.fixture(scope="module")
def key(tmp_path_factory: pytest.TempPathFactory) -> sealing.SigningKey:
    path = tmp_path_factory.mktemp("key") / "key"
    sealing.make_signing_key(path)
    return sealing.load_signing_key(path)


def test_every_thousandth_entry_is_signed() -> None:
    assert checkpoints.EVERY == 1_000


def test_checkpoints_are_written_with_the_entries(tmp_path: Path, often: None) -> None:
    trail = trail_of(tmp_path, 12)
    assert stored(tmp_path) == [5, 10]
    assert trail.verify() == 12


def test_the_end_can_be_signed_at_any_time(tmp_path: Path) -> None:
    trail = trail_of(tmp_path, 3)
    checkpoint = trail.checkpoint()
    last = list(trail.entries())[-1]
    assert (checkpoint.number, checkpoint.digest, checkpoint.key) == (3, last.digest, trail.own_key())
    assert stored(tmp_path) == [3]
    assert trail.checkpoint().number == 3  # again: nothing is doubled
    assert stored(tmp_path) == [3]
    assert trail.verify([checkpoint]) == 3


def test_an_empty_trail_has_nothing_to_sign(tmp_path: Path) -> None:
    with pytest.raises(TrailError, match="empty"):
        trail_of(tmp_path, 0).checkpoint()


def test_without_keys_nothing_is_signed_and_the_chain_holds(tmp_path: Path, often: None) -> None:
    trail = Trail(keeper_of(tmp_path))
    trail.create()
    for number in range(6):
        trail.record(event(number))
    assert trail.verify() == 6
    assert not stored(tmp_path)
    with pytest.raises(TrailError, match="no keys"):
        trail.checkpoint()


def test_a_lost_key_stops_the_trail_where_a_checkpoint_is_due(tmp_path: Path, often: None) -> None:
    trail = trail_of(tmp_path, 4)
    (tmp_path / "keys" / SIGNING_KEY).unlink()
    with pytest.raises(TrailError, match="tolmach init"):
        trail.record(event(4))
    assert trail.count() == 4  # the entry is not there without its checkpoint
    for act in (trail.checkpoint, trail.verify):
        with pytest.raises(TrailError, match="tolmach init"):
            act()


def test_a_trail_from_before_there_were_checkpoints_is_signed_when_it_is_brought_up(tmp_path: Path) -> None:
    Trail(keeper_of(tmp_path)).create()
    for number in range(3):
        Trail(keeper_of(tmp_path)).record(event(number))
    (tmp_path / "keys").mkdir()
    sealing.make_signing_key(tmp_path / "keys" / SIGNING_KEY)
    trail = Trail(keeper_of(tmp_path), tmp_path / "keys")
    trail.create()
    trail.create()
    assert stored(tmp_path) == [3]
    assert trail.verify() == 3


# -- Against one kept elsewhere


def test_what_was_cut_off_is_found_by_a_checkpoint_kept_elsewhere(tmp_path: Path) -> None:
    trail = trail_of(tmp_path, 9)
    checkpoint = trail.checkpoint()
    rewrite(tmp_path, list(trail.entries())[:7])
    keep(tmp_path, [])
    assert trail.verify() == 7  # by itself it looks whole: this is what checkpoints are kept elsewhere for
    with pytest.raises(TrailError, match="broken after entry 7: a checkpoint has seen entry 9"):
        trail.verify([checkpoint])


def test_a_rewriting_by_those_who_hold_the_key_is_found_by_a_checkpoint_kept_elsewhere(tmp_path: Path) -> None:
    trail = trail_of(tmp_path, 9)
    checkpoint = trail.checkpoint()
    entries = list(trail.entries())
    entries[3] = replace(entries[3], actor="mallory")
    rewrite(tmp_path, rechained(entries))
    keep(tmp_path, [])
    trail.checkpoint()
    assert trail.verify() == 9
    with pytest.raises(TrailError, match="at or before entry 9"):
        trail.verify([checkpoint])


def test_checkpoints_kept_elsewhere_fit_as_the_trail_grows(tmp_path: Path) -> None:
    trail = trail_of(tmp_path, 2)
    kept = [trail.checkpoint()]
    for number in range(3):
        trail.record(event(number))
        kept.append(trail.checkpoint())
    trail.record(event(9))
    assert trail.verify(kept + kept) == 6


# -- Those that are stored


def test_a_checkpoint_taken_out_is_found(tmp_path: Path, often: None) -> None:
    trail = trail_of(tmp_path, 21)
    assert stored(tmp_path) == [5, 10, 15, 20]
    for number in (10, 15, 20):
        row = next(Checkpoint(*row) for row in ask(tmp_path, "SELECT * FROM checkpoints") if row[0] == number)
        change(tmp_path, "DELETE FROM checkpoints WHERE number = ?", number)
        with pytest.raises(TrailError, match=f"checkpoint at entry {number} was taken out"):
            trail.verify()
        change(tmp_path, "INSERT INTO checkpoints VALUES (?,?,?,?,?)", *asdict(row).values())
    assert trail.verify() == 21
    keep(tmp_path, [])
    with pytest.raises(TrailError, match="checkpoint at entry 20 was taken out"):
        trail.verify()


def test_a_rewriting_without_the_key_is_found_by_the_stored_ones(tmp_path: Path, often: None) -> None:
    trail = trail_of(tmp_path, 12)
    kept = ask(tmp_path, "SELECT * FROM checkpoints")
    entries = list(trail.entries())
    entries[8] = replace(entries[8], object="another document")
    rewrite(tmp_path, rechained(entries))
    with pytest.raises(TrailError, match="at or before entry 10"):
        trail.verify()
    keep(tmp_path, [Checkpoint(*kept[0])])
    with pytest.raises(TrailError, match="taken out"):
        trail.verify()
    keep(tmp_path, [forged(entry, tmp_path) for entry in trail.entries() if entry.number % 5 == 0])
    with pytest.raises(TrailError, match="signed by another key"):
        trail.verify()


@pytest.mark.parametrize("column", ["digest", "at", "key", "signature"])
def test_a_stored_checkpoint_that_was_changed_is_found(tmp_path: Path, often: None, column: str) -> None:
    trail = trail_of(tmp_path, 6)
    assert change(tmp_path, f"UPDATE checkpoints SET {column} = {column} || '0'")
    with pytest.raises(TrailError, match=r"forged|another key"):
        trail.verify()


def test_a_key_that_was_replaced_is_trusted_only_when_named(tmp_path: Path, often: None) -> None:
    trail = trail_of(tmp_path, 6)
    old = trail.own_key()
    assert old is not None
    (tmp_path / "keys" / SIGNING_KEY).unlink()
    sealing.make_signing_key(tmp_path / "keys" / SIGNING_KEY)
    for number in range(4):
        trail.record(event(number))
    with pytest.raises(TrailError, match=f"signed by another key: {old}"):
        trail.verify()
    assert trail.verify(keys=[old]) == 10


# -- As a value


def test_a_checkpoint_comes_back_from_its_line(key: sealing.SigningKey, tmp_path: Path) -> None:
    checkpoint = checkpoints.signed(key, 7, "ab" * 32, "2026-11-24T00:00:00.000000+00:00")
    checkpoint.check({key.public})
    assert checkpoints.from_line(checkpoint.as_line()) == checkpoint
    (tmp_path / "file").write_text("some line before\n" + checkpoint.as_line() + "\n\n", encoding="utf-8")
    assert checkpoints.read(tmp_path / "file") == checkpoint


@pytest.mark.parametrize("field", ["number", "digest", "at", "key", "signature"])
def test_no_field_of_a_checkpoint_can_be_changed(key: sealing.SigningKey, field: str) -> None:
    checkpoint = checkpoints.signed(key, 7, "ab" * 32, "2026-11-24T00:00:00.000000+00:00")
    changed = {"number": 8, "digest": "ab" * 31 + "ac", "at": "2025", "key": "00" * 32, "signature": "00" * 64}
    other = replace(checkpoint, **{field: changed[field]})
    with pytest.raises(CheckpointError):
        other.check({key.public, other.key})
    with pytest.raises(CheckpointError, match="another key"):
        checkpoint.check(set())


@pytest.mark.parametrize(
    "line",
    [
        "",
        "nonsense",
        "[]",
        "7",
        "{}",
        '{"format": "tolmach-audit-checkpoint-2"}',
        '{"format": "tolmach-audit-checkpoint-1"}',
        '{"format": "tolmach-audit-checkpoint-1", "number": "7", "digest": "", "at": "", "key": "", "signature": ""}',
        '{"format": "tolmach-audit-checkpoint-1", "number": true, "digest": "", "at": "", "key": "", "signature": ""}',
        '{"format": "tolmach-audit-checkpoint-1", "number": 7, "digest": 1, "at": "", "key": "", "signature": ""}',
        '{"format": "tolmach-audit-checkpoint-1", "number": 7, "digest": "", "at": "", "key": "", "signature": "", "x": 1}',  # noqa: E501
    ],
)
def test_what_is_no_checkpoint_is_refused(line: str, tmp_path: Path) -> None:
    with pytest.raises(CheckpointError, match="no checkpoint"):
        checkpoints.from_line(line)
    (tmp_path / "file").write_bytes(line.encode() + b"\xff")
    with pytest.raises(CheckpointError, match="no checkpoint"):
        checkpoints.read(tmp_path / "file")


def test_its_line_says_what_it_is(key: sealing.SigningKey) -> None:
    checkpoint = checkpoints.signed(key, 7, "ab" * 32, "2026")
    assert json.loads(checkpoint.as_line()) == {"format": "tolmach-audit-checkpoint-1"} | asdict(checkpoint)


def test_a_public_key_is_written_in_one_way(key: sealing.SigningKey) -> None:
    assert checkpoints.is_key(key.public)
    for text in ("", key.public[:-1], key.public + "0", key.public.upper() + "Z", key.public + "\n"):
        assert not checkpoints.is_key(text)


def test_the_signing_key_is_never_in_the_trail(tmp_path: Path, often: None) -> None:
    trail = trail_of(tmp_path, 6)
    trail.record(Event("ann", "console", "search"))
    pem = (tmp_path / "keys" / SIGNING_KEY).read_text().splitlines()[1]
    trail.copy(tmp_path / "copy.sqlite")
    written = b"".join(file.read_bytes() for file in tmp_path.glob("*.sqlite*"))
    assert pem.encode() not in written
