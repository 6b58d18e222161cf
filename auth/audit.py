"""The audit trail: who did what to which object, chained by hashes in a file of its own. Refuses to lose an entry.

Each entry's digest is SHA-256 over the entry and the digest before it, so that an entry changed, inserted or taken
out anywhere breaks the chain from there on; how many were written is kept beside them, so that none can be cut off the
end. Holds identifiers and decisions: never titles, text or search terms.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import astuple, dataclass, field
from pathlib import Path

from auth.database import now

GENESIS = "0" * 64


class TrailError(Exception):
    """The trail cannot be written or read. Whatever was to be recorded must not happen."""


@dataclass(frozen=True, slots=True)
class Event:
    """What is to be recorded. `actor` is a user name, "operator" or empty; `origin` an address or "console"."""

    actor: str
    origin: str
    action: str
    object: str = ""
    decision: str = "allowed"
    detail: Mapping[str, str | int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the trail, as stored; `detail` is JSON, `at` UTC in ISO 8601."""

    number: int
    at: str
    actor: str
    origin: str
    action: str
    object: str
    decision: str
    detail: str
    digest: str


class Trail:
    """The audit trail in one SQLite file; any number of processes may write it."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def create(self) -> None:
        """Make the file if it is not there."""
        with self._open() as connection:
            connection.execute(
                "CREATE TABLE IF NOT EXISTS trail (number INTEGER PRIMARY KEY AUTOINCREMENT, at TEXT, actor TEXT,"
                " origin TEXT, action TEXT, object TEXT, decision TEXT, detail TEXT, digest TEXT)"
            )

    def record(self, event: Event) -> None:
        """Write one entry to the disk before returning. Raises TrailError if it could not be."""
        detail = json.dumps(event.detail, sort_keys=True, ensure_ascii=False)
        with self._open() as connection:
            connection.execute("BEGIN IMMEDIATE")
            last = connection.execute("SELECT number, digest FROM trail ORDER BY number DESC LIMIT 1").fetchone()
            number, previous = last or (0, GENESIS)
            values = (
                number + 1,
                now().isoformat(timespec="microseconds"),
                event.actor,
                event.origin,
                event.action,
                event.object,
                event.decision,
                detail,
            )
            connection.execute("INSERT INTO trail VALUES (?,?,?,?,?,?,?,?,?)", (*values, _digest(values, previous)))
            connection.execute("COMMIT")

    def entries(self) -> Iterator[Entry]:
        """Every entry, oldest first."""
        with self._open() as connection:
            for row in connection.execute("SELECT * FROM trail ORDER BY number"):
                yield Entry(*row)

    def verify(self) -> int:
        """The number of entries, once they prove to be one unbroken chain. Raises TrailError at the first break."""
        previous, count = GENESIS, 0
        for entry in self.entries():
            *values, digest = astuple(entry)
            count += 1
            if entry.number != count or digest != _digest(values, previous):
                raise TrailError(f"The audit trail is broken at entry {count}: it was changed after it was written.")
            previous = digest
        with self._open() as connection:
            written = connection.execute("SELECT seq FROM sqlite_sequence WHERE name = 'trail'").fetchone() or (0,)
        if count < written[0]:
            raise TrailError(f"The audit trail is broken after entry {count}: {written[0]} entries were written.")
        return count

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        try:
            with closing(sqlite3.connect(self._path, timeout=30, isolation_level=None)) as connection:
                connection.execute("PRAGMA journal_mode=WAL")
                connection.execute("PRAGMA synchronous=FULL")
                yield connection
        except sqlite3.Error as error:
            raise TrailError(f"The audit trail {self._path} cannot be written or read: {error}") from error


def _digest(values: Iterable[object], previous: str) -> str:
    text = json.dumps([*values, previous], ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()
