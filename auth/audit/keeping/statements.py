"""What the tables of a trail hold, in SQL that SQLite and PostgreSQL both understand."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

from auth.audit.checkpoints import Checkpoint, CheckpointError
from auth.audit.entries import COLUMNS, GENESIS, Entry, TrailError, whole_entry
from auth.audit.keeping.contract import TrailConnection

# Of these the latest entry about each object is taken along when older ones go into an archive: restores need them.
CARRIED: Final = ("intake", "label", "remove", "hold", "release", "return")
HAND_OVER: Final = "audit_archive"  # the first entry after an archive: it names the digest and signature that end it
LABELLED: Final = "decision = 'allowed' AND detail LIKE '%\"label\":%'"
LAST: Final = (1 << 63) - 1  # no entry has a higher number

_END: Final = "number, digest, at, key, signature"
TABLES: Final = {
    "trail": COLUMNS,
    "shown": "object, number",
    "checkpoints": _END,
    "archives": f"first, {_END}",
    "carried": COLUMNS,
}  # and their columns


def inserting(table: str) -> str:
    """The statement that puts a row into a table, where its like is not there yet."""
    columns = TABLES[table]
    marks = ", ".join("?" for _ in columns.split(","))
    return f"INSERT INTO {table} ({columns}) VALUES ({marks}) ON CONFLICT DO NOTHING"  # noqa: S608


@dataclass(frozen=True, slots=True)
class Archive:
    """Entries that were moved into a file of their own: the first, and a checkpoint of the last of them."""

    first: int
    end: Checkpoint

    @property
    def last(self) -> int:
        """The number of its last entry."""
        return self.end.number

    @property
    def name(self) -> str:
        """What it is called: the numbers of its first and its last entry."""
        return f"{self.first:012}-{self.last:012}"

    def path(self, folder: Path) -> Path:
        """Its file among the archives."""
        return folder / f"{self.name}.sqlite"

    def as_detail(self) -> dict[str, str | int]:
        """What the hand-over says of it."""
        return {"first": self.first, **asdict(self.end)}


def archives_of(connection: TrailConnection) -> list[Archive]:
    """The archives before the trail's own entries, the oldest first. Raises TrailError."""
    columns = TABLES["archives"]
    try:
        rows = (
            connection.execute(f"SELECT {columns} FROM archives ORDER BY number")  # noqa: S608
            if connection.has_archives()
            else ()
        )
        archives = [Archive(first, Checkpoint(*end)) for first, *end in rows]
    except (CheckpointError, TypeError) as error:
        raise TrailError("The audit trail is broken: its list of archives was changed.") from error
    following = 1
    for archive in archives:
        if archive.first != following or archive.last < archive.first:
            raise TrailError("The audit trail is broken: its list of archives was changed.")
        following = archive.last + 1
    return archives


def is_within(archive: Archive, connection: TrailConnection) -> bool:
    """Whether the trail itself still has all entries of an archive that is begun."""
    return connection.execute("SELECT 1 FROM trail WHERE number = ?", (archive.first,)).fetchone() is not None


def carry(connection: TrailConnection, last: int) -> None:
    """Take along what an archive up to that entry would hide from `latest`."""
    actions = ", ".join(f"'{action}'" for action in CARRIED)
    latest = f"SELECT max(number) FROM trail WHERE number <= ? AND action IN ({actions}) AND {LABELLED}"  # noqa: S608
    newer = ", ".join(f"{name} = excluded.{name}" for name in Entry.__slots__ if name not in ("object", "action"))
    connection.execute(
        f"INSERT INTO carried ({COLUMNS}) SELECT {COLUMNS} FROM trail"  # noqa: S608
        f" WHERE number IN ({latest} GROUP BY object, action) ON CONFLICT (object, action) DO UPDATE SET {newer}",
        (last,),
    )


def carried_digest(connection: TrailConnection) -> str:
    """The digest of everything that was taken along, which the hand-over signs by being an entry of the chain."""
    digest = hashlib.sha256()
    for row in connection.stream(f"SELECT {COLUMNS} FROM carried ORDER BY object, action"):  # noqa: S608
        digest.update(json.dumps(row, ensure_ascii=False).encode("utf-8", "surrogatepass") + b"\n")
    return digest.hexdigest()


def latest_of(connection: TrailConnection, actions: tuple[str, ...], object_id: str) -> list[Entry]:
    """Of each object, or of one, the latest entry of these actions, whether it is here or was taken along."""
    archives = archives_of(connection)
    some = f"number > ? AND action IN ({', '.join('?' * len(actions))}) AND {LABELLED}"
    some += " AND object = ?" if object_id else ""
    values = [*actions, *([object_id] if object_id else [])]
    union = f"SELECT {COLUMNS} FROM trail WHERE {some}"  # noqa: S608
    bound: list[str | int] = [archives[-1].last if archives else 0, *values]
    if archives:
        union += f" UNION ALL SELECT {COLUMNS} FROM carried WHERE {some}"  # noqa: S608
        bound += [0, *values]
    ranked = f"SELECT {COLUMNS}, row_number() OVER (PARTITION BY object ORDER BY number DESC) AS age"
    rows = connection.execute(
        f"SELECT {COLUMNS} FROM ({ranked} FROM ({union}) AS those) AS ranked WHERE age = 1 ORDER BY number",  # noqa: S608
        bound,
    )
    return [whole_entry(Entry(*row), row[0]) for row in rows]


def checkpoints_of(connection: TrailConnection) -> list[Checkpoint]:
    """The checkpoints that a trail holds. Raises TrailError."""
    try:
        rows = connection.execute(f"SELECT {_END} FROM checkpoints ORDER BY number")  # noqa: S608
        return [Checkpoint(*row) for row in rows]
    except CheckpointError as error:
        raise TrailError("The audit trail is broken: a checkpoint in it was changed.") from error


def entries_of(connection: TrailConnection, first: int = 1, last: int | None = None) -> Iterator[Entry]:
    """The entries of a trail from one number to another, oldest first."""
    rows = connection.stream(
        f"SELECT {COLUMNS} FROM trail WHERE number BETWEEN ? AND ? ORDER BY number",  # noqa: S608
        (first, LAST if last is None else last),
    )
    return (Entry(*row) for row in rows)


def head_of(connection: TrailConnection) -> tuple[int, str]:
    """The number and the digest of the last entry; 0 and zeros where there is none."""
    row = connection.execute("SELECT number, digest FROM trail ORDER BY number DESC LIMIT 1").fetchone()
    return (row[0], row[1]) if row else (0, GENESIS)
