"""The file that an audit trail is kept in, or an archive of it: its tables, what they hold, and who writes next.

Refuses to let many wait for a file that somebody else keeps locked: whoever waits fails with the first.
"""

from __future__ import annotations

import hashlib
import json
import os
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

from auth.audit.checkpoints import Checkpoint, CheckpointError
from auth.audit.entries import COLUMNS, GENESIS, Entry, TrailError, whole_entry

PATIENCE: Final = 3.0  # seconds for a turn, and for the file; then nobody waits for the next few

# Of these the latest entry about each object is taken along when older ones go into an archive: restores need them.
CARRIED: Final = ("intake", "label", "remove", "hold", "release", "return")
HAND_OVER: Final = "audit_archive"  # the first entry after an archive: it names the digest and signature that end it
LABELLED: Final = "decision = 'allowed' AND detail LIKE '%\"label\":%'"

TABLES: Final = (
    "CREATE TABLE IF NOT EXISTS trail (number INTEGER PRIMARY KEY AUTOINCREMENT, at TEXT, actor TEXT, origin TEXT,"
    " action TEXT, object TEXT, decision TEXT, detail TEXT, digest TEXT, sealed TEXT NOT NULL DEFAULT '')",
    # which entries say that a document was shown: taken from their detail, so that they can be looked up
    "CREATE TABLE IF NOT EXISTS shown (object TEXT, number INTEGER, PRIMARY KEY (object, number)) WITHOUT ROWID",
    "CREATE TABLE IF NOT EXISTS checkpoints (number INTEGER PRIMARY KEY, digest TEXT, at TEXT, key TEXT,"
    " signature TEXT)",
    "CREATE TABLE IF NOT EXISTS archives (first INTEGER, number INTEGER PRIMARY KEY, digest TEXT, at TEXT, key TEXT,"
    " signature TEXT)",
    "CREATE TABLE IF NOT EXISTS carried (number INTEGER, at TEXT, actor TEXT, origin TEXT, action TEXT, object TEXT,"
    " decision TEXT, detail TEXT, sealed TEXT, digest TEXT, PRIMARY KEY (object, action))",
    *(
        f"CREATE INDEX IF NOT EXISTS trail_{name} ON trail ({name})"
        for name in ("at", "actor", "action", "object", "decision")
    ),
)


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


def archives_of(connection: sqlite3.Connection) -> list[Archive]:
    """The archives before the file's own entries, the oldest first. Raises TrailError."""
    try:
        rows = connection.execute("SELECT * FROM archives ORDER BY number") if _has(connection, "archives") else ()
        archives = [Archive(first, Checkpoint(*end)) for first, *end in rows]
    except (CheckpointError, TypeError) as error:
        raise TrailError("The audit trail is broken: its list of archives was changed.") from error
    following = 1
    for archive in archives:
        if archive.first != following or archive.last < archive.first:
            raise TrailError("The audit trail is broken: its list of archives was changed.")
        following = archive.last + 1
    return archives


@contextmanager
def opened_archive(archive: Archive, folder: Path, connection: sqlite3.Connection) -> Iterator[sqlite3.Connection]:
    """Where an archive's entries are: in its file, or still in the trail's. Raises TrailError if it is not here."""
    path = archive.path(folder)
    if path.exists():
        with closing(connect_archive(path)) as file:
            yield file
        return
    if not is_within(archive, connection):
        raise TrailError(
            f"Entries {archive.first} to {archive.last} are in an archive that is not here."
            f" Put {path.name} back into {folder}."
        )
    yield connection


def is_here(archive: Archive, folder: Path, connection: sqlite3.Connection) -> bool:
    """Whether the entries of an archive can be read."""
    return archive.path(folder).exists() or is_within(archive, connection)


def is_within(archive: Archive, connection: sqlite3.Connection) -> bool:
    """Whether the trail's own file still has all entries of an archive that is begun."""
    return connection.execute("SELECT 1 FROM trail WHERE number = ?", (archive.first,)).fetchone() is not None


def carry(connection: sqlite3.Connection, last: int) -> None:
    """Take along what an archive up to that entry would hide from `latest`."""
    actions = ", ".join(f"'{action}'" for action in CARRIED)
    latest = f"SELECT max(number) FROM trail WHERE number <= ? AND action IN ({actions}) AND {LABELLED}"  # noqa: S608
    connection.execute(
        f"INSERT OR REPLACE INTO carried ({COLUMNS}) SELECT {COLUMNS} FROM trail"  # noqa: S608
        f" WHERE number IN ({latest} GROUP BY object, action)",
        (last,),
    )


def carried_digest(connection: sqlite3.Connection) -> str:
    """The digest of everything that was taken along, which the hand-over signs by being an entry of the chain."""
    rows = connection.execute(f"SELECT {COLUMNS} FROM carried ORDER BY object, action")  # noqa: S608
    digest = hashlib.sha256()
    for row in rows:
        digest.update(json.dumps(row, ensure_ascii=False).encode("utf-8", "surrogatepass") + b"\n")
    return digest.hexdigest()


def latest_of(connection: sqlite3.Connection, actions: tuple[str, ...], object_id: str) -> list[Entry]:
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
    rows = connection.execute(
        f"SELECT {COLUMNS} FROM (SELECT {COLUMNS}, max(number) FROM ({union}) GROUP BY object)"  # noqa: S608
        " ORDER BY number",
        bound,
    )
    return [whole_entry(Entry(*row), row[0]) for row in rows]


def checkpoints_of(connection: sqlite3.Connection) -> list[Checkpoint]:
    """The checkpoints that a file holds. Raises TrailError."""
    try:
        return [Checkpoint(*row) for row in connection.execute("SELECT * FROM checkpoints ORDER BY number")]
    except CheckpointError as error:
        raise TrailError("The audit trail is broken: a checkpoint in it was changed.") from error


def entries_of(connection: sqlite3.Connection, first: int = 1, last: int | None = None) -> Iterator[Entry]:
    """The entries of a file from one number to another, oldest first."""
    until = (1 << 63) - 1 if last is None else last
    rows = connection.execute(
        f"SELECT {COLUMNS} FROM trail WHERE number BETWEEN ? AND ? ORDER BY number",  # noqa: S608
        (first, until),
    )
    return (Entry(*row) for row in rows)


def head_of(connection: sqlite3.Connection) -> tuple[int, str]:
    """The number and the digest of the last entry; 0 and zeros where there is none."""
    row = connection.execute("SELECT number, digest FROM trail ORDER BY number DESC LIMIT 1").fetchone()
    return (row[0], row[1]) if row else (0, GENESIS)


def _has(connection: sqlite3.Connection, table: str) -> bool:
    """Whether there is such a table: a file of an earlier version has fewer."""
    named = "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ?"
    return connection.execute(named, (table,)).fetchone() is not None


def connect_archive(path: Path) -> sqlite3.Connection:
    """Open an archive, which nobody writes to any more."""
    return sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro&immutable=1", uri=True, isolation_level=None)


def connect(path: Path) -> sqlite3.Connection:
    """Open the file that is written to, or make it."""
    connection = sqlite3.connect(path, timeout=PATIENCE, isolation_level=None, check_same_thread=False)
    try:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=FULL")
    except BaseException:
        connection.close()
        raise
    return connection


_LOCKED: Final = (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)


class TrailWriter:
    """The transactions of one process; any number of its threads may ask for one."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._turn = threading.Lock()
        self._locked_until = 0.0  # of the clock that never goes back: until then nobody tries
        self._kept: tuple[tuple[int, int, int], sqlite3.Connection] | None = None
        self._parents: list[sqlite3.Connection] = []

    def close(self) -> None:
        """Let go of the file."""
        with self._turn:
            self._let_go()

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """A transaction on a connection that is kept for the next one, as long as it is this file and this process.

        Raises TrailError.
        """
        with self._in_turn():
            try:
                connection = self._connection()
                connection.execute("BEGIN IMMEDIATE")
                yield connection
                connection.execute("COMMIT")
            except BaseException as error:
                self._let_go()  # with whatever was begun
                if isinstance(error, sqlite3.OperationalError) and error.sqlite_errorcode & 0xFF in _LOCKED:
                    self._locked_until = time.monotonic() + PATIENCE
                if isinstance(error, sqlite3.Error | OSError):
                    raise unusable(self._path, error) from error
                raise

    @contextmanager
    def _in_turn(self) -> Iterator[None]:
        if not self._turn.acquire(timeout=PATIENCE):
            raise TrailError(f"The audit trail {self._path} is locked.")
        try:
            if time.monotonic() < self._locked_until:
                raise TrailError(f"The audit trail {self._path} is locked.")
            yield
        finally:
            self._turn.release()

    def _connection(self) -> sqlite3.Connection:
        if self._kept and self._kept[0] != self._identity():
            self._let_go()
        if self._kept is None:
            connection = connect(self._path)
            self._kept = (self._identity(), connection)
        return self._kept[1]

    def _identity(self) -> tuple[int, int, int]:
        """This process, and the file that lies there now: one that was replaced must not be written to."""
        there = self._path.stat() if self._path.exists() else None
        return (os.getpid(), there.st_dev if there else 0, there.st_ino if there else 0)

    def _let_go(self) -> None:
        kept, self._kept = self._kept, None
        if kept and kept[0][0] != os.getpid():
            self._parents.append(kept[1])  # after a fork it is not ours to close
        elif kept:
            with suppress(sqlite3.Error):
                kept[1].close()


def unusable(path: Path, error: Exception) -> TrailError:
    """What is said where the file cannot be used."""
    return TrailError(f"The audit trail {path} cannot be written or read: {error}")
