"""Moves originals from one store to another. Refuses to delete one before its copy was read back and is the same.

Where it is broken off, the next run goes on: what lies in the first store still is what is left to do.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import select

from auth.database import Database
from indexer.library.tables import DocumentRow
from indexer.store.arriving import sha256_of
from indexer.store.contract import BrokenError, GoneError, Store
from services.installation.reconciling import SHA256_DIGITS


@dataclass(frozen=True, slots=True)
class Moved:
    """How many originals are in the second store now, and which are broken in the first, and stay there."""

    documents: int
    broken: tuple[str, ...]


def move(database: Database, source: Store, target: Store, delete: bool, progress: Callable[[int, int], None]) -> Moved:
    """Move every original, or with `delete` false copy it. Raises StoreError where a store does not answer."""
    with database.reading() as session:
        digests = {row.id: row.sha256 for row in session.execute(select(DocumentRow.id, DocumentRow.sha256))}
    names, there, broken = sorted(source.names()), target.names(), []
    for done, name in enumerate(names, 1):
        try:
            _copy(source, target, name, digests.get(name, ""), name in there)
        except GoneError:  # removed just now, or moved by another run
            continue
        except BrokenError:
            broken.append(name)
            continue
        if delete:
            source.remove(name)
        progress(done, len(names))
    return Moved(len(names) - len(broken), tuple(broken))


def _copy(source: Store, target: Store, name: str, expected: str, there: bool) -> None:
    """Copy an original, unless it is there already. Raises BrokenError where it is not what was taken in."""
    with source.as_file(name) as path, path.open("rb") as file:
        digest, size = sha256_of(file), path.stat().st_size
        if len(expected) == SHA256_DIGITS and digest != expected:
            raise BrokenError(f"The original of document {name} is not what was taken in.")
        if there and _holds(target, name, digest):
            return
        file.seek(0)
        with target.arriving(file, size) as arrival:
            times = path.stat()
            os.utime(arrival.path, ns=(times.st_atime_ns, times.st_mtime_ns))
            target.keep(arrival, name)
    if not _holds(target, name, digest):
        target.remove(name)
        raise BrokenError(f"The original of document {name} came back as another from where it was put.")


def _holds(store: Store, name: str, digest: str) -> bool:
    try:
        with store.open(name) as file:
            return sha256_of(file) == digest
    except (BrokenError, GoneError):
        return False
