"""Makes archives of the audit trail: files of entries that nobody writes to any more. Refuses to part with an entry
before its archive is on the disk and proven.
"""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Final

from auth.audit.keeping.contract import TrailConnection
from auth.audit.keeping.pouring import pour
from auth.audit.keeping.statements import Archive
from auth.audit.keeping.trail_file import new_file
from auth.durable import sync

SLICE: Final = 2_000  # entries that leave the trail in one transaction, so that nobody waits long to write theirs
_UNFINISHED: Final = ".unfinished"


def write(connection: TrailConnection, archive: Archive, folder: Path) -> Path:
    """Copy the entries of an archive to a file that is not yet its own; others may go on writing the trail."""
    path = folder / f"{archive.name}{_UNFINISHED}"
    for rest in folder.glob(f"*{_UNFINISHED}*"):  # of somebody who was interrupted
        rest.unlink()
    span = "number BETWEEN ? AND ?"
    with new_file(path, archive.last) as copy:
        for table in ("trail", "shown", "checkpoints"):
            pour(connection, copy, table, span, (archive.first, archive.last))
        pour(connection, copy, "archives", "number < ?", (archive.first,))
    return path


def publish(unfinished: Path, path: Path) -> None:
    """Give a proven archive its name, once it is on the disk."""
    unfinished.chmod(0o400)
    sync(unfinished)
    unfinished.rename(path)
    sync(path.parent)


def part_with_some(connection: TrailConnection, archive: Archive) -> bool:
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
