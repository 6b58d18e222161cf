"""The file that an audit trail is kept in, or an archive of it: its tables, and who writes next."""

from __future__ import annotations

import fcntl
import os
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, closing, contextmanager, suppress
from pathlib import Path
from typing import Any, Final

from auth.audit.entries import TrailError
from auth.audit.keeping import contract
from auth.audit.keeping.contract import TrailConnection, WritersTurn
from auth.audit.keeping.statements import TABLES, Archive, is_within

FILE_TABLES: Final = (
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
_MOVED: Final = "moved_trail_INSERT"
_LOCKED: Final = (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)


class FileConnection(sqlite3.Connection):
    """A connection to a file. See TrailConnection."""

    def stream(self, statement: str, values: Sequence[Any] = ()) -> Iterator[Any]:
        """See TrailConnection: SQLite reads a row when it is asked for it."""
        return self.execute(statement, values)

    def written(self) -> int:
        """See TrailConnection."""
        row = self.execute("SELECT seq FROM sqlite_sequence WHERE name = 'trail'").fetchone()
        return int(row[0]) if row else 0

    def has_archives(self) -> bool:
        """See TrailConnection."""
        named = "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'archives'"
        return self.execute(named).fetchone() is not None


class TrailFile:
    """A trail in one SQLite file; any number of processes and threads of one machine may write it. See Keeper."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._writer = FileWriter(path)

    @property
    def archives_folder(self) -> Path:
        """See Keeper: beside the file."""
        return self._path.with_name(f"{self._path.stem}-archive")

    def create(self) -> None:
        """See Keeper."""
        with opened_file(self._path) as connection:
            for statement in FILE_TABLES:
                connection.execute(statement)
            if "sealed" not in {row[1] for row in connection.execute("PRAGMA table_info(trail)")}:
                connection.execute("ALTER TABLE trail ADD COLUMN sealed TEXT NOT NULL DEFAULT ''")

    def transaction(self) -> AbstractContextManager[TrailConnection]:
        """See Keeper."""
        return self._writer.transaction()

    @contextmanager
    def reading(self) -> Iterator[TrailConnection]:
        """See Keeper."""
        with opened_file(self._path) as connection:
            connection.execute("BEGIN")
            yield connection

    @contextmanager
    def alone(self) -> Iterator[None]:
        """See Keeper."""
        with folder_locked(self.archives_folder):
            yield

    def copy(self, path: Path) -> None:
        """See Keeper."""
        with opened_file(self._path) as connection:
            path.touch(0o600, exist_ok=False)
            connection.execute("VACUUM INTO ?", (str(path),))

    def size(self) -> int:
        """See Keeper."""
        return self._path.stat().st_size

    def shrink(self) -> None:
        """See Keeper: if somebody reads just now, the room is used again anyway."""
        with suppress(TrailError), opened_file(self._path) as connection:
            connection.execute("VACUUM")
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def close(self) -> None:
        """See Keeper."""
        self._writer.close()


@contextmanager
def opened_file(path: Path) -> Iterator[FileConnection]:
    """The file that is written to, or a new one. Raises TrailError."""
    try:
        with closing(_connect(path)) as connection:
            yield connection
    except sqlite3.Error as error:
        raise _unusable(path, error) from error


def close_for_good(connection: TrailConnection) -> None:
    """Let the file itself refuse every change from the end of this transaction on, whichever process asks."""
    for table in TABLES:
        for verb in ("INSERT", "UPDATE", "DELETE"):
            connection.execute(
                f"CREATE TRIGGER moved_{table}_{verb} BEFORE {verb} ON {table} BEGIN SELECT"
                " raise(ABORT, 'it was moved to the database. Set TOLMACH_AUDIT=database, and start again'); END"
            )


def is_moved(path: Path) -> bool:
    """Whether the trail of a file goes on in the database; the file is only a proof then. Raises TrailError."""
    if not path.is_file():
        return False
    with opened_file(path) as connection:
        return connection.execute("SELECT 1 FROM sqlite_master WHERE name = ?", (_MOVED,)).fetchone() is not None


@contextmanager
def new_file(path: Path, written: int) -> Iterator[FileConnection]:
    """A file of empty tables that somebody fills, in which so many entries were written; not of a trail in use.

    Raises TrailError.
    """
    path.touch(0o600, exist_ok=False)
    try:
        with closing(sqlite3.connect(path, isolation_level=None, factory=FileConnection)) as connection:
            connection.execute("BEGIN")
            for statement in FILE_TABLES:
                connection.execute(statement)
            yield connection
            connection.execute("DELETE FROM sqlite_sequence WHERE name = 'trail'")
            connection.execute("INSERT INTO sqlite_sequence VALUES ('trail', ?)", (written,))
            connection.execute("COMMIT")
    except sqlite3.Error as error:
        raise _unusable(path, error) from error


@contextmanager
def opened_archive_file(path: Path) -> Iterator[FileConnection]:
    """An archive, which nobody writes to any more. Raises TrailError."""
    address = f"{path.resolve().as_uri()}?mode=ro&immutable=1"
    try:
        with closing(sqlite3.connect(address, uri=True, isolation_level=None, factory=FileConnection)) as file:
            yield file
    except sqlite3.Error as error:
        raise TrailError(f"The archive {path} of the audit trail cannot be read: {error}") from error


@contextmanager
def opened_archive(archive: Archive, folder: Path, connection: TrailConnection) -> Iterator[TrailConnection]:
    """Where an archive's entries are: in its file, or still in the trail. Raises TrailError if it is not here."""
    path = archive.path(folder)
    if path.exists():
        with opened_archive_file(path) as file:
            yield file
        return
    if not is_within(archive, connection):
        raise TrailError(
            f"Entries {archive.first} to {archive.last} are in an archive that is not here."
            f" Put {path.name} back into {folder}."
        )
    yield connection


def is_here(archive: Archive, folder: Path, connection: TrailConnection) -> bool:
    """Whether the entries of an archive can be read."""
    return archive.path(folder).exists() or is_within(archive, connection)


@contextmanager
def folder_locked(folder: Path) -> Iterator[None]:
    """Let one process of this machine make archives in a folder. Raises TrailError where another is at it."""
    folder.mkdir(mode=0o700, exist_ok=True)
    with (folder / ".lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise TrailError("Somebody is making an archive of the audit trail at this moment.") from error
        yield


def _connect(path: Path) -> FileConnection:
    connection = sqlite3.connect(
        path, timeout=contract.PATIENCE, isolation_level=None, check_same_thread=False, factory=FileConnection
    )
    try:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=FULL")
    except BaseException:
        connection.close()
        raise
    return connection


class FileWriter:
    """The transactions of one process; any number of its threads may ask for one."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._turn = WritersTurn(str(path))
        self._kept: tuple[tuple[int, int, int], FileConnection] | None = None
        self._parents: list[FileConnection] = []

    def close(self) -> None:
        """Let go of the file."""
        with self._turn.lock:
            self._let_go()

    @contextmanager
    def transaction(self) -> Iterator[TrailConnection]:
        """A transaction on a connection that is kept for the next one, as long as it is this file and this process.

        Raises TrailError.
        """
        with self._turn.taken():
            try:
                connection = self._connection()
                connection.execute("BEGIN IMMEDIATE")
                yield connection
                connection.execute("COMMIT")
            except BaseException as error:
                self._let_go()  # with whatever was begun
                if isinstance(error, sqlite3.OperationalError) and error.sqlite_errorcode & 0xFF in _LOCKED:
                    self._turn.waited_in_vain()
                if isinstance(error, sqlite3.Error | OSError):
                    raise _unusable(self._path, error) from error
                raise

    def _connection(self) -> FileConnection:
        if self._kept and self._kept[0] != self._identity():
            self._let_go()
        if self._kept is None:
            connection = _connect(self._path)
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


def _unusable(path: Path, error: Exception) -> TrailError:
    """What is said where the file cannot be used."""
    return TrailError(f"The audit trail {path} cannot be written or read: {error}")
