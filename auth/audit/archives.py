"""Makes archives of the audit trail: files of entries that nobody writes to any more. Refuses to part with an entry
before its archive is on the disk and proven.
"""

from __future__ import annotations

import fcntl
import json
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Final

from auth.audit.entries import TrailError
from auth.audit.trail_file import Archive
from auth.durable import sync

SLICE: Final = 2_000  # entries that leave the trail in one transaction, so that nobody waits long to write theirs
_UNFINISHED: Final = ".unfinished"


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Let one process at a time make archives. Raises TrailError where another is at it."""
    folder.mkdir(mode=0o700, exist_ok=True)
    with (folder / ".lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise TrailError("Somebody is making an archive of the audit trail at this moment.") from error
        yield


def write(connection: sqlite3.Connection, archive: Archive, folder: Path) -> Path:
    """Copy the entries of an archive to a file that is not yet its own; others may go on writing the trail."""
    path = folder / f"{archive.name}{_UNFINISHED}"
    for rest in folder.glob(f"*{_UNFINISHED}*"):  # of somebody who was interrupted
        rest.unlink()
    path.touch(0o600)
    connection.execute("VACUUM INTO ?", (str(path),))
    with closing(sqlite3.connect(path, isolation_level=None)) as copy:
        copy.execute("PRAGMA journal_mode=DELETE")
        copy.execute("BEGIN")
        for table in ("trail", "shown", "checkpoints"):
            copy.execute(f"DELETE FROM {table} WHERE number NOT BETWEEN ? AND ?", (archive.first, archive.last))  # noqa: S608
        copy.execute("DELETE FROM archives WHERE number >= ?", (archive.last,))
        copy.execute("DELETE FROM carried")
        copy.execute("UPDATE sqlite_sequence SET seq = ? WHERE name = 'trail'", (archive.last,))
        copy.execute("COMMIT")
    return path


def publish(unfinished: Path, path: Path) -> None:
    """Give a proven archive its name, once it is on the disk."""
    unfinished.chmod(0o400)
    sync(unfinished)
    unfinished.rename(path)
    sync(path.parent)


def part_with_some(connection: sqlite3.Connection, archive: Archive) -> bool:
    """Delete the first entries that an archive holds from the trail; whether any are left. In one's transaction."""
    first = int(connection.execute("SELECT min(number) FROM trail").fetchone()[0])
    until = min(first + SLICE - 1, archive.last)
    if first <= until:
        rows = connection.execute(
            "SELECT number, detail FROM trail WHERE number <= ? AND detail LIKE '%\"shown\"%'", (until,)
        ).fetchall()
        shown = [(name, number) for number, detail in rows for name in json.loads(detail).get("shown", ())]
        connection.executemany("DELETE FROM shown WHERE object = ? AND number = ?", shown)
        connection.execute("DELETE FROM checkpoints WHERE number <= ?", (until,))
        connection.execute("DELETE FROM trail WHERE number <= ?", (until,))
    return until < archive.last


def copy_files(source: Path, target: Path, archives: list[Archive]) -> None:
    """Copy those of these archives that are here and not there yet."""
    for archive in archives:
        path = archive.path(target)
        if archive.path(source).exists() and not path.exists():
            target.mkdir(mode=0o700, exist_ok=True)
            shutil.copyfile(archive.path(source), path)
            path.chmod(0o400)
