"""Rehearses a restore in a place of its own: what would come back, what would be lost, how long it takes.

Nothing that people work with is changed. Refuses a place, or a database, that holds anything.
"""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from auth.audit.entries import Event
from auth.errors import TolmachError
from auth.people import OPERATOR
from services.components import Components
from services.installation import database_copies
from services.installation.backup import TRAIL, BackupError, Restored, must_be_apart, restore
from services.settings import Settings

ACTION: Final = "restore_drill"

TroublesOf = Callable[[Components], Sequence[str]]  # what an installation finds wrong with itself, in words


@dataclass(frozen=True, slots=True)
class Rehearsed:
    """What a restore at this moment would come to.

    `entries` are those of the trail that came after the backup, `troubles` what a restored installation finds wrong
    with itself, `seconds` what the restore took.
    """

    restored: Restored
    entries: int
    troubles: tuple[str, ...]
    seconds: float


def rehearse(components: Components, folder: Path, place: Path, troubles_of: TroublesOf) -> Rehearsed:
    """Restore a backup into a new or empty folder, which is deleted afterwards, with the trail as it is now.

    A backup of PostgreSQL goes into the database of the setting `drill_database_url`, which is emptied afterwards.
    Raises BackupError, CopyError, TrailError and others; the trail tells of both.
    """
    try:
        outcome = _rehearsed(components, folder, place, troubles_of)
    except TolmachError as error:
        components.trail.record(Event(OPERATOR, "console", ACTION, decision="refused", detail={"rule": error.code}))
        raise
    detail = {"documents": outcome.restored.documents, "lost": outcome.restored.lost, "broken": len(outcome.troubles)}
    components.trail.record(Event(OPERATOR, "console", ACTION, detail=detail))
    return outcome


def _rehearsed(components: Components, folder: Path, place: Path, troubles_of: TroublesOf) -> Rehearsed:
    must_be_apart(components, place)
    url = _database_url(components)
    with _emptied_afterwards(place, url) as own:
        settings = Settings(home=own / "home", database_url=url)  # files, trail and index all in that home
        components.trail.copy(own / TRAIL)
        began = time.monotonic()
        restored = restore(settings, folder, own / TRAIL)
        seconds = time.monotonic() - began
        again = Components(settings)
        try:
            troubles = tuple(troubles_of(again))
            entries = components.trail.head()[0] - restored.entry
        finally:
            again.close()
    return Rehearsed(restored, entries, troubles, seconds)


def _database_url(components: Components) -> str:
    """The database that is restored into; "" for a file in the place. Raises BackupError."""
    if components.database.engine.dialect.name == "sqlite":
        return ""
    url = components.settings.drill_database_url
    if not url:
        raise BackupError("Name an empty PostgreSQL database in TOLMACH_DRILL_DATABASE_URL: it is emptied afterwards.")
    return url


@contextmanager
def _emptied_afterwards(place: Path, url: str) -> Iterator[Path]:
    """A folder of this drill's own in the place; nothing else is deleted. Raises BackupError where another drill is."""
    if url:
        database_copies.must_be_empty(url)
    place.mkdir(parents=True, exist_ok=True, mode=0o700)
    own = place / "drill"
    try:
        own.mkdir(mode=0o700)
    except FileExistsError:
        raise BackupError(f"Another drill is at work in {place}. Give another folder.") from None
    try:
        yield own
    finally:
        shutil.rmtree(own)
        with suppress(OSError):  # somebody has put something there meanwhile
            place.rmdir()
        if url:
            database_copies.empty(url)
