"""Whatever is done to a trail or to an export of it behind its back is found, as far as SECURITY.md promises."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from trails import (
    COLUMNS,
    ask,
    change,
    close_keepers,
    emptied_tables,
    forged,
    keep,
    keeper_of,
    rechained,
    rewrite,
    tell_written,
    trail_of,
)

from auth.audit import export as exporting
from auth.audit import trail as audit
from auth.audit.checkpoints import Checkpoint
from auth.audit.entries import Entry, Event, TrailError
from auth.audit.trail import SIGNING_KEY, Trail
from deploy import verify_audit
from deploy.verify_audit import BrokenError

pytestmark = pytest.mark.usefixtures("kept")

EVERY = 4  # entries between checkpoints in this file
Draw = Callable[[st.SearchStrategy[Any]], Any]

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
events = st.builds(
    Event,
    texts,
    texts,
    texts,
    texts,
    st.sampled_from(["allowed", "refused"]),
    st.dictionaries(texts, texts | st.integers(-9, 99), max_size=3),
    texts,
    st.lists(texts, max_size=3).map(tuple),
)


@pytest.fixture(scope="module", autouse=True)
def often() -> Iterator[None]:
    with patch.object(audit, "EVERY", EVERY):
        yield


@pytest.fixture(scope="module")
def empty(kept: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A trail with keys and no entry, which each example copies."""
    folder = tmp_path_factory.mktemp("empty")
    trail_of(folder, 0, auditor=True).close()
    return folder


def trail_with(empty: Path, folder: Path, recorded: list[Event]) -> tuple[Path, Trail]:
    where = folder / "trail"
    shutil.rmtree(where, ignore_errors=True)
    shutil.copytree(empty, where)
    close_keepers()
    trail = Trail(keeper_of(where), where / "keys")
    trail.create()
    emptied_tables(where)
    for event in recorded:
        trail.record(event)
    return where, trail


def scratch(factory: pytest.TempPathFactory) -> Path:
    return factory.getbasetemp() / "tampering"


# -- The file


def edit(where: Path, entries: list[Entry], draw: Draw) -> None:
    """One column of one entry says something else."""
    column = draw(st.sampled_from(COLUMNS))
    entry = draw(st.sampled_from(entries))
    other = draw((texts | st.just("null") | st.just("0" * 64)).filter(lambda text: text != getattr(entry, column)))
    change(where, f"UPDATE trail SET {column} = ? WHERE number = ?", other, entry.number)


def retype(where: Path, entries: list[Entry], draw: Draw) -> None:
    """One column of one entry is no text any more."""
    column, entry = draw(st.sampled_from(COLUMNS)), draw(st.sampled_from(entries))
    value = b"\xff" if column == "sealed" else draw(st.sampled_from([None, b"", b"\xff\xfe"]))
    change(where, f"UPDATE trail SET {column} = ? WHERE number = ?", value, entry.number)


def number(where: Path, entries: list[Entry], draw: Draw) -> None:
    """One entry has a number of its own."""
    entry = draw(st.sampled_from(entries))
    other = draw(st.sampled_from([-1, 0, len(entries) + 1, 10**9]))
    change(where, "UPDATE trail SET number = ? WHERE number = ?", other, entry.number)


def delete(where: Path, entries: list[Entry], draw: Draw) -> None:
    """One entry is gone; those after it close up, or do not."""
    gone = draw(st.sampled_from(entries)).number
    change(where, "DELETE FROM trail WHERE number = ?", gone)
    if draw(st.booleans()) and gone < len(entries):
        for entry in entries[gone:]:
            change(where, "UPDATE trail SET number = number - 1 WHERE number = ?", entry.number)
        tell_written(where, len(entries) - 1)


def insert(where: Path, entries: list[Entry], draw: Draw) -> None:
    """A copy of one entry stands at some other place, and those after it make room."""
    copied, at = draw(st.sampled_from(entries)), draw(st.integers(1, len(entries) + 1))
    for entry in reversed(entries[at - 1 :]):
        change(where, "UPDATE trail SET number = number + 1 WHERE number = ?", entry.number)
    columns = ", ".join(COLUMNS)
    values = [getattr(copied, column) for column in COLUMNS]
    change(where, f"INSERT INTO trail (number, {columns}) VALUES (?,?,?,?,?,?,?,?,?,?)", at, *values)


def swap(where: Path, entries: list[Entry], draw: Draw) -> None:
    """Two entries have each other's number, or where there is but one, it has another."""
    one, two = draw(st.sampled_from(entries)).number, draw(st.sampled_from(entries)).number
    two = two if one != two else one % len(entries) + 1
    for old, new in ((one, -5), (two, one), (-5, two)):
        change(where, "UPDATE trail SET number = ? WHERE number = ?", new, old)
    if one == two:
        number(where, entries, draw)


def cut(where: Path, entries: list[Entry], draw: Draw) -> None:
    """The last entries are gone."""
    change(where, "DELETE FROM trail WHERE number > ?", draw(st.integers(0, len(entries) - 1)))


def hide(where: Path, entries: list[Entry], draw: Draw) -> None:
    """An auditor who asks for a document would not be told, or be told too much."""
    one = "SELECT object FROM shown ORDER BY object LIMIT 1"
    done = draw(st.sampled_from([f"DELETE FROM shown WHERE object = ({one})", "UPDATE shown SET number = number + 99"]))
    if not change(where, done):
        change(where, "INSERT INTO shown VALUES ('x', 1)")


FILE_TAMPERING = [edit, retype, number, delete, insert, swap, cut, hide]


@pytest.mark.parametrize("tamper", FILE_TAMPERING, ids=lambda one: one.__name__)
@given(st.lists(events, min_size=1, max_size=9), st.data())
@settings(max_examples=15)
def test_tampering_with_the_file_is_found(
    kept: str,
    tmp_path_factory: pytest.TempPathFactory,
    empty: Path,
    tamper,
    recorded: list[Event],
    data: st.DataObject,
) -> None:
    if kept == "postgresql" and tamper is retype:
        return  # its columns hold nothing but text
    where, trail = trail_with(empty, scratch(tmp_path_factory), recorded)
    assert trail.verify() == len(recorded)
    tamper(where, list(trail.entries()), data.draw)
    with pytest.raises(TrailError):
        trail.verify()


def falsified(entries: list[Entry], draw: Draw) -> list[Entry]:
    """A history that went otherwise: an entry changed, left out or put in."""
    at = draw(st.integers(0, len(entries) - 1))
    match draw(st.sampled_from(["change", "leave out", "put in"])):
        case "change":
            actor = draw(texts.filter(lambda text: text != entries[at].actor))
            return [*entries[:at], replace(entries[at], actor=actor), *entries[at + 1 :]]
        case "leave out":
            return entries[:at] + entries[at + 1 :]
        case _:
            return [*entries[:at], replace(entries[at], object="put in"), *entries[at:]]


@given(st.lists(events, min_size=2, max_size=9), st.data())
@settings(max_examples=30)
def test_a_trail_rewritten_as_a_whole_is_found_by_checkpoints(
    tmp_path_factory: pytest.TempPathFactory, empty: Path, recorded: list[Event], data: st.DataObject
) -> None:
    """With every digest made to fit. Stored checkpoints find it up to the last of them, one kept elsewhere always."""
    where, trail = trail_with(empty, scratch(tmp_path_factory), recorded)
    kept = trail.checkpoint()
    entries = list(trail.entries())
    stored = [item for item in _stored(where) if item.number % EVERY == 0]
    history = rechained(falsified(entries, data.draw))
    rewrite(where, history)
    how = data.draw(st.sampled_from(["left", "taken out", "forged", "signed"]))
    if how == "left":
        keep(where, stored)
    elif how == "taken out":
        keep(where, [])
    elif how == "forged":
        keep(where, [forged(entry, where) for entry in history if entry.number % EVERY == 0])
    else:  # by somebody who holds the service's key
        keep(where, [])
        for entry in history:
            if entry.number % EVERY == 0:
                keep(where, [*_stored(where), trail.signed(entry)])
    with pytest.raises(TrailError):
        trail.verify([kept])
    pairs = zip(entries, history, strict=False)
    same = next((n for n, (old, new) in enumerate(pairs) if old != new), min(len(entries), len(history)))
    if how in ("taken out", "forged") and len(history) >= EVERY:
        with pytest.raises(TrailError):
            trail.verify()
    if how == "left" and any(same < item.number for item in stored):
        with pytest.raises(TrailError):
            trail.verify()


def _stored(where: Path) -> list[Checkpoint]:
    return [Checkpoint(*row) for row in ask(where, "SELECT * FROM checkpoints ORDER BY number")]


# -- An export, as the stand-alone script sees it


def edit_line(lines: list[str], draw: Draw) -> list[str]:
    """One field of one line says something else."""
    at = draw(st.integers(0, len(lines) - 1))
    values = json.loads(lines[at])
    name = draw(st.sampled_from(sorted(values)))
    other = draw((texts | st.integers(0, 20) | st.none() | st.just("0" * 64)).filter(lambda v: v != values[name]))
    return [*lines[:at], json.dumps(values | {name: other}), *lines[at + 1 :]]


def add_field(lines: list[str], draw: Draw) -> list[str]:
    """One line has a field more, or one of its fields twice."""
    at = draw(st.integers(0, len(lines) - 1))
    name = draw(st.sampled_from([*json.loads(lines[at]), "more"]))
    return [*lines[:at], lines[at][:-1] + f', "{name}": "x"}}', *lines[at + 1 :]]


def drop_line(lines: list[str], draw: Draw) -> list[str]:
    """One line is gone."""
    at = draw(st.integers(0, len(lines) - 1))
    return lines[:at] + lines[at + 1 :]


def repeat_line(lines: list[str], draw: Draw) -> list[str]:
    """One line stands somewhere else as well."""
    at = draw(st.integers(0, len(lines)))
    return [*lines[:at], draw(st.sampled_from(lines)), *lines[at:]]


def swap_lines(lines: list[str], draw: Draw) -> list[str]:
    """Two lines that follow on one another have changed places."""
    at = draw(st.integers(0, len(lines) - 2))
    return [*lines[:at], lines[at + 1], lines[at], *lines[at + 2 :]]


def cut_lines(lines: list[str], draw: Draw) -> list[str]:
    """The end is gone, in the middle of a line perhaps."""
    text = "\n".join(lines)
    return text[: draw(st.integers(0, len(text) - 2))].split("\n")


def keep_the_end(lines: list[str], draw: Draw) -> list[str]:
    """The last entries are gone, the checkpoint is not."""
    return [*lines[: draw(st.integers(1, len(lines) - 2))], lines[-1]]


EXPORT_TAMPERING = [edit_line, add_field, drop_line, repeat_line, swap_lines, cut_lines, keep_the_end]


@pytest.mark.parametrize("tamper", EXPORT_TAMPERING, ids=lambda one: one.__name__)
@given(st.lists(events, min_size=1, max_size=6), st.data())
@settings(max_examples=15)
def test_tampering_with_an_export_is_found_by_the_script(
    tmp_path_factory: pytest.TempPathFactory, empty: Path, tamper, recorded: list[Event], data: st.DataObject
) -> None:
    where, trail = trail_with(empty, scratch(tmp_path_factory), recorded)
    exporting.export(trail, where / "export")
    key = trail.own_key() or ""
    assert verify_audit.verify(where / "export", [], key)["number"] == len(recorded)
    lines = (where / "export").read_text(encoding="utf-8").removesuffix("\n").split("\n")
    other = tamper(list(lines), data.draw)
    if other == lines:
        return
    (where / "export").write_text("\n".join(other), encoding="utf-8")
    with pytest.raises(BrokenError):
        verify_audit.verify(where / "export", [], key)


@given(st.lists(events, min_size=2, max_size=6), st.data())
@settings(max_examples=20)
def test_an_export_rewritten_as_a_whole_is_found_by_the_key_or_a_checkpoint(
    tmp_path_factory: pytest.TempPathFactory, empty: Path, recorded: list[Event], data: st.DataObject
) -> None:
    where, trail = trail_with(empty, scratch(tmp_path_factory), recorded)
    key = trail.own_key() or ""
    (where / "kept").write_text(trail.checkpoint().as_line())
    history = rechained(falsified(list(trail.entries()), data.draw))
    rewrite(where, history)
    keep(where, [])
    exporting.export(trail, where / "by the operator")
    with pytest.raises(BrokenError):
        verify_audit.verify(where / "by the operator", [where / "kept"], key)
    forged(history[0], where)
    shutil.copy(where / "forger.key", where / "keys" / SIGNING_KEY)
    exporting.export(trail, where / "by a stranger")
    for kept, given_key in (([], key), ([where / "kept"], ""), ([where / "kept"], key)):
        with pytest.raises(BrokenError, match="another key"):
            verify_audit.verify(where / "by a stranger", kept, given_key)


def test_what_is_not_promised(tmp_path: Path) -> None:
    """Who holds the keys can rewrite what no checkpoint elsewhere has seen, and who holds the file cut off its end.

    SECURITY.md says so.
    """
    trail = trail_of(tmp_path, 6)
    rewrite(tmp_path, rechained([replace(entry, actor="mallory") for entry in trail.entries()]))
    keep(tmp_path, [trail.signed(entry) for entry in trail.entries() if entry.number % EVERY == 0])
    assert trail.verify() == 6
    exporting.export(trail, tmp_path / "export")
    assert verify_audit.verify(tmp_path / "export", [], trail.own_key() or "")["number"] == 6
    rewrite(tmp_path, list(trail.entries())[:5])
    assert trail.verify() == 5
