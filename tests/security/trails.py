"""Audit trails for tests: recorded through the door, and tampered with as somebody who holds the file would."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Iterable
from contextlib import closing
from dataclasses import astuple, replace
from pathlib import Path
from typing import Any

from auth.audit import keys as sealing
from auth.audit.checkpoints import Checkpoint, signed
from auth.audit.entries import GENESIS, Entry, Event
from auth.audit.trail import SIGNING_KEY, Trail

FILE = "audit.sqlite"
COLUMNS = ("at", "actor", "origin", "action", "object", "decision", "detail", "sealed", "digest")


def trail_of(folder: Path, entries: int = 5, auditor: bool = False) -> Trail:
    """A trail with a signing key and so many entries, some of which show documents and hold something sealed."""
    keys = folder / "keys"
    keys.mkdir(parents=True)
    sealing.make_signing_key(keys / SIGNING_KEY)
    if auditor:
        sealing.make_auditor_key(folder / "auditor.key")
        sealing.install(sealing.load_sealer(folder / "auditor.key.pub"), keys / "auditor.pub")
    trail = Trail(folder / FILE, keys)
    trail.create()
    for number in range(entries):
        trail.record(event(number))
    return trail


def event(number: int) -> Event:
    """A search or a reading."""
    if number % 2:
        return Event("bob", "192.0.2.1", "read", f"document {number}", detail={"page": number})
    seen = ("document 1", f"document {number}")
    return Event("ann", "console", "search", detail={"total": number}, secret=f"query {number}", shown=seen)


def change(folder: Path, statement: str, *values: object) -> int:
    """Change the file behind the trail's back; gives how many rows were."""
    with closing(sqlite3.connect(folder / FILE)) as connection:
        changed = connection.execute(statement, values).rowcount
        connection.commit()
    return changed


def ask(folder: Path, statement: str) -> list[tuple[Any, ...]]:
    """Read the file behind the trail's back."""
    with closing(sqlite3.connect(folder / FILE)) as connection:
        return connection.execute(statement).fetchall()


def rechained(entries: Iterable[Entry], previous: str = GENESIS, first: int = 1) -> list[Entry]:
    """These entries numbered anew and with digests that fit, as a forger would who knows how it is done."""
    found = []
    for number, entry in enumerate(entries, first):
        *about, sealed, _ = astuple(replace(entry, number=number))
        text = json.dumps([*about, *([sealed] if sealed else []), previous], ensure_ascii=False)
        previous = hashlib.sha256(text.encode()).hexdigest()
        found.append(replace(entry, number=number, digest=previous))
    return found


def rewrite(folder: Path, entries: list[Entry]) -> None:
    """Put these entries in the place of all, with everything that is kept beside them made to fit."""
    change(folder, "DELETE FROM trail")
    change(folder, "DELETE FROM shown")
    for entry in entries:
        change(
            folder, f"INSERT INTO trail (number, {', '.join(COLUMNS)}) VALUES (?,?,?,?,?,?,?,?,?,?)", *astuple(entry)
        )
        for name in json.loads(entry.detail).get("shown", ()):
            change(folder, "INSERT OR IGNORE INTO shown VALUES (?,?)", name, entry.number)
    change(folder, "UPDATE sqlite_sequence SET seq = ? WHERE name = 'trail'", len(entries))


def forged(entry: Entry, folder: Path) -> Checkpoint:
    """A checkpoint of this entry by a key of the forger's own."""
    path = folder / "forger.key"
    if not path.exists():
        sealing.make_signing_key(path)
    return signed(sealing.load_signing_key(path), entry.number, entry.digest, entry.at)


def keep(folder: Path, checkpoints: Iterable[Checkpoint]) -> None:
    """Put these checkpoints in the place of all that are stored."""
    change(folder, "DELETE FROM checkpoints")
    for item in checkpoints:
        change(folder, "INSERT INTO checkpoints VALUES (?,?,?,?,?)", *astuple(item))
