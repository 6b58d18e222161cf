"""Exports of the audit trail, which `deploy/verify_audit.py` can check alone. Refuses to export a broken one.

They are JSON lines. The first is the head: format, number of the first entry, digest of the one before it, public key
of the service. Then come the entries, one a line, and at the end a checkpoint of the last of them.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Final

from auth.audit import checkpoints
from auth.audit.checkpoints import EVERY, Checkpoint
from auth.audit.entries import Entry, TrailError, chained
from auth.audit.keys import AuditKeyError, Opener
from auth.audit.trail import Trail

FORMAT: Final = "tolmach-audit-1"


def export(
    trail: Trail,
    path: Path,
    since: datetime | None = None,
    until: datetime | None = None,
    step: Callable[[int], object] = lambda _: None,
) -> Checkpoint:
    """Write the entries of a time to a new file, whole or not at all; gives its checkpoint.

    `step` is told now and then which entry was written. Raises TrailError and OSError (FileExistsError as well).
    """
    span = trail.span(since, until)
    if span is None:
        raise TrailError("The audit trail has no entry of that time.")
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            for line in _lines(trail, *span, step):
                file.write(line + "\n")
            file.flush()
            os.fsync(file.fileno())
    except BaseException:
        path.unlink()
        raise
    return checkpoints.from_line(line)


def opened(path: Path, opener: Opener) -> Iterator[tuple[Entry, str | None]]:
    """The entries of an export that hold something sealed, and what it says: None where it is not for this key.

    Raises TrailError where this is no export or something sealed was changed. Does not check the chain.
    """
    with path.open(encoding="utf-8") as file:
        if '"format": "' + FORMAT + '"' not in file.readline():
            raise TrailError(f"{path} is no export of an audit trail.")
        for line in file:
            entry = _entry(line)
            if entry and entry.sealed:
                yield entry, opening(entry, opener)


def opening(entry: Entry, opener: Opener) -> str | None:
    """What an entry holds sealed; None if not for this key. Raises TrailError where it was changed."""
    try:
        return opener.open(entry.sealed)
    except AuditKeyError as error:
        raise TrailError(f"Entry {entry.number}: {error}") from error


def _lines(trail: Trail, first: int, last: int, step: Callable[[int], object]) -> Iterator[str]:
    previous = trail.digest(first - 1)
    yield json.dumps({"format": FORMAT, "first": first, "previous": previous, "key": trail.own_key() or ""})
    entry = None
    for entry in chained(trail.entries(first, last), previous, first):
        yield json.dumps(asdict(entry), ensure_ascii=False)
        if entry.number % EVERY == 0:
            step(entry.number)
    if entry is None or entry.number != last:
        raise TrailError("The audit trail is broken: entries are gone. See: tolmach audit verify")
    yield trail.signed(entry).as_line()


def _entry(line: str) -> Entry | None:
    """The entry of a line; None where it is the checkpoint."""
    try:
        values = json.loads(line)
        return None if "signature" in values else Entry(**values)
    except (ValueError, TypeError) as error:
        raise TrailError("This export was damaged. See what deploy/verify_audit.py says of it.") from error
