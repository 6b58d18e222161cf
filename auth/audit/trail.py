"""The audit trail: who did what to which object, chained by hashes in a file of its own. Refuses to lose an entry.

Each entry's digest is SHA-256 over the entry and the digest before it, so that an entry changed, inserted or taken
out anywhere breaks the chain from there on; how many were written is kept beside them, and every thousandth is signed.
Holds identifiers and decisions: never titles or text, and search terms only sealed to the auditor's key.
"""

from __future__ import annotations

import hashlib
import json
import os
import sqlite3
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime
from operator import attrgetter
from pathlib import Path
from typing import Final

from auth.audit import checkpoints, keys
from auth.audit.allowance import Allowance, TooManyEntriesError
from auth.audit.checkpoints import EVERY, Checkpoint, CheckpointError
from auth.audit.keys import AuditKeyError, Sealer
from auth.audit.query import AuditQuery, in_text
from auth.database import now
from auth.errors import ErrorKind, TolmachError

GENESIS: Final = "0" * 64
MODULUS: Final = 2**256
SIGNING_KEY: Final = "checkpoint.key"
AUDITOR_KEY: Final = "auditor.pub"
PATIENCE: Final = 3.0  # seconds for a turn, and for the file; then nobody waits for the next few
CONSOLE: Final = "console"  # the origin of what commands do
ENDINGS: Final = frozenset({"sign_out", "sign_out_everywhere"})  # each ends a session, whose beginning was counted
FIXED: Final = 400  # bytes of an entry besides what it tells: digest, time, indexes
LONGEST_NAME: Final = 300  # characters of anything that an entry names
MOST_SEALED: Final = 16_000  # bytes of one entry; a query of the longest has as many

_TABLES: Final = (
    "CREATE TABLE IF NOT EXISTS trail (number INTEGER PRIMARY KEY AUTOINCREMENT, at TEXT, actor TEXT, origin TEXT,"
    " action TEXT, object TEXT, decision TEXT, detail TEXT, digest TEXT, sealed TEXT NOT NULL DEFAULT '')",
    # which entries say that a document was shown: taken from their detail, so that they can be looked up
    "CREATE TABLE IF NOT EXISTS shown (object TEXT, number INTEGER, PRIMARY KEY (object, number)) WITHOUT ROWID",
    "CREATE TABLE IF NOT EXISTS checkpoints (number INTEGER PRIMARY KEY, digest TEXT, at TEXT, key TEXT,"
    " signature TEXT)",
    *(
        f"CREATE INDEX IF NOT EXISTS trail_{name} ON trail ({name})"
        for name in ("at", "actor", "action", "object", "decision")
    ),
)


class TrailError(TolmachError):
    """The trail cannot be written or read, or is broken. Whatever was to be recorded must not happen."""

    kind = ErrorKind.UNAVAILABLE
    code = "trail_unavailable"
    sentence = "The service cannot keep its audit trail at the moment, so nothing can be shown."


class SecretError(TolmachError, ValueError):
    """What was asked is longer than the trail keeps of it; so it is not answered."""

    kind = ErrorKind.INVALID
    code = "too_much_to_record"

    def __init__(self, most: int) -> None:
        super().__init__("What you search for and its filters may have at most {most} bytes together.", most=most)


@dataclass(frozen=True, slots=True)
class Event:
    """What is to be recorded. `actor` is a user name, "operator" or empty; `origin` an address or "console".

    `secret` is what only the auditor may read, such as search terms; `shown` the documents whose text was shown.
    """

    actor: str
    origin: str
    action: str
    object: str = ""
    decision: str = "allowed"
    detail: Mapping[str, str | int] = field(default_factory=dict)
    secret: str = field(default="", repr=False)
    shown: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the trail, as stored; `detail` is JSON, `at` UTC in ISO 8601, `sealed` for the auditor alone."""

    number: int
    at: str
    actor: str
    origin: str
    action: str
    object: str
    decision: str
    detail: str
    sealed: str
    digest: str


_LOCKED: Final = (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)
_COLUMNS: Final = ", ".join(Entry.__slots__)
_VALUES: Final = attrgetter(*Entry.__slots__)


class Trail:
    """The audit trail in one SQLite file; any number of processes and threads may write it.

    `keys` is the folder of the keys. Without one no checkpoint is signed, and secrets are dropped. With an `allowance`,
    nobody but the operator fills more of it in a minute.
    """

    def __init__(self, path: Path, keys: Path | None = None, allowance: Allowance | None = None) -> None:
        self._path = path
        self._allowance = allowance
        self._keys = keys
        self._turn = threading.Lock()
        self._locked_until = 0.0  # of the clock that never goes back: until then nobody tries
        self._kept: tuple[tuple[int, int, int], sqlite3.Connection] | None = None
        self._parents: list[sqlite3.Connection] = []

    def create(self) -> None:
        """Make the file if it is not there, and bring one of an earlier version to this one."""
        with self._open() as connection:
            for statement in _TABLES:
                connection.execute(statement)
            if "sealed" not in {row[1] for row in connection.execute("PRAGMA table_info(trail)")}:
                connection.execute("ALTER TABLE trail ADD COLUMN sealed TEXT NOT NULL DEFAULT ''")
            begun = connection.execute("SELECT 1 FROM trail LIMIT 1").fetchone()
            signed = connection.execute("SELECT 1 FROM checkpoints LIMIT 1").fetchone()
        if self._keys and begun and not signed:  # from before there were checkpoints
            self.checkpoint()

    def close(self) -> None:
        """Let go of the file."""
        with self._turn:
            self._let_go()

    def record(self, event: Event) -> None:
        """Write one entry to the disk before returning.

        Raises TrailError if it could not be, SecretError, and TooManyEntriesError, the first of which is recorded.
        """
        try:
            if self._allowance and event.origin != CONSOLE and event.action not in ENDINGS:
                self._allowance.take(*_burden(event))
        except TooManyEntriesError as error:
            if error.first:
                self._write(Event(event.actor, event.origin, event.action, "", "refused", {"rule": "allowance"}))
            raise
        self._write(event)

    def _write(self, event: Event) -> None:
        complete = {**event.detail, "shown": event.shown} if event.shown else event.detail
        detail = json.dumps(complete, sort_keys=True, ensure_ascii=False)
        check_secret(event.secret)
        texts = [event.actor, event.origin, event.action, event.object, event.decision, detail]
        about = [_keepable(text) for text in texts]
        about[:-1] = [text[:LONGEST_NAME] for text in about[:-1]]  # an address may name anything as an object
        sealed = self._sealed(event.secret)
        with self._writing() as connection:
            number, previous = _last(connection)
            number, at = number + 1, now().isoformat(timespec="microseconds")
            digest = _digest((number, at, *about), sealed, previous)
            values = (number, at, *about, sealed, digest)
            connection.execute(f"INSERT INTO trail ({_COLUMNS}) VALUES (?,?,?,?,?,?,?,?,?,?)", values)  # noqa: S608
            connection.executemany(
                "INSERT OR IGNORE INTO shown VALUES (?,?)", [(_keepable(name), number) for name in event.shown]
            )
            if self._keys and number % EVERY == 0:
                self._sign(connection, number, digest)

    def checkpoint(self) -> Checkpoint:
        """Sign the last entry. Raises TrailError, also where there is none yet or no key."""
        with self._writing() as connection:
            number, digest = _last(connection)
            if not number:
                raise TrailError("The audit trail is empty: there is nothing to sign yet.")
            return self._sign(connection, number, digest)

    def signed(self, entry: Entry) -> Checkpoint:
        """Sign some entry. Raises TrailError."""
        return self._signed(entry.number, entry.digest)

    def sealer(self) -> Sealer | None:
        """What seals to the auditor; None where no auditor's key is installed. Raises AuditKeyError."""
        path = self._keys / AUDITOR_KEY if self._keys else None
        return keys.load_sealer(path) if path and path.exists() else None

    def own_key(self) -> str | None:
        """The public key of what signs checkpoints here; None without a folder of keys. Raises AuditKeyError."""
        return keys.load_signing_key(self._keys / SIGNING_KEY).public if self._keys else None

    def entries(self, first: int = 1, last: int | None = None) -> Iterator[Entry]:
        """The entries from one number to another, oldest first, of one moment."""
        with self._open() as connection:
            yield from _entries(connection, first, last)

    def find(self, query: AuditQuery, limit: int) -> list[Entry]:
        """The latest entries that are wanted, newest first."""
        where, values = query.condition()
        with self._open() as connection:
            rows = connection.execute(
                f"SELECT {_COLUMNS} FROM trail WHERE {where} ORDER BY number DESC LIMIT ?",  # noqa: S608
                (*values, limit),
            )
            return [_whole(Entry(*row), row[0]) for row in rows]

    def latest(self, actions: Collection[str], object_id: str = "") -> Iterator[Entry]:
        """Of each object, or of one, the latest entry that allowed one of these actions and tells a label."""
        some = f"action IN ({', '.join('?' * len(actions))}) AND decision = 'allowed' AND detail LIKE '%\"label\":%'"
        about = "object = ? AND " if object_id else ""
        last = f"SELECT max(number) FROM trail WHERE {about}{some} GROUP BY object"  # noqa: S608
        values = [object_id, *actions] if object_id else [*actions]
        with self._open() as connection:
            rows = connection.execute(
                f"SELECT {_COLUMNS} FROM trail WHERE number IN ({last}) ORDER BY number",  # noqa: S608
                values,
            )
            yield from (_whole(Entry(*row), row[0]) for row in rows)

    def head(self) -> tuple[int, str]:
        """The number and the digest of the last entry; 0 and zeros where there is none."""
        with self._open() as connection:
            return _last(connection)

    def copy(self, path: Path) -> None:
        """Write all of it, as it is at one moment, to a new file; others may go on writing. Raises TrailError."""
        with self._open() as connection:
            path.touch(0o600, exist_ok=False)
            connection.execute("VACUUM INTO ?", (str(path),))

    def span(self, since: datetime | None = None, until: datetime | None = None) -> tuple[int, int] | None:
        """The first and the last number of a time, `until` not included; None if there was nothing."""
        with self._open() as connection:
            bounds = (in_text(since), in_text(until) or "~")
            first = connection.execute("SELECT min(number) FROM trail WHERE at >= ?", bounds[:1]).fetchone()[0]
            last = connection.execute("SELECT max(number) FROM trail WHERE at < ?", bounds[1:]).fetchone()[0]
        return (first, last) if first and last and first <= last else None

    def size_and_share(self, since: datetime) -> tuple[int, float]:
        """How many bytes the trail takes on the disk, and which share of its entries came since then."""
        recent = self.span(since)
        entries, added = self.count(), recent[1] - recent[0] + 1 if recent else 0
        return self._path.stat().st_size, added / entries if entries else 0.0

    def count(self) -> int:
        """How many entries there are."""
        with self._open() as connection:
            return _last(connection)[0]

    def verify(
        self,
        kept: Collection[Checkpoint] = (),
        keys: Collection[str] = (),
        step: Callable[[int], object] = lambda _: None,
    ) -> int:
        """The number of entries, once they prove to be one unbroken chain that fits every checkpoint.

        `kept` are checkpoints from elsewhere, `keys` public keys to trust besides one's own. `step` is told now and
        then how many entries were looked at. Raises TrailError at the first break.
        """
        with self._open() as connection:
            connection.execute("BEGIN")
            stored = _stored(connection)
            due = self._due([*stored, *kept], keys)
            count = shown_weight = 0
            for entry in chained(_entries(connection)):
                count = entry.number
                shown_weight += _weight((name, count) for name in _shown(entry))
                for checkpoint in due.pop(count, ()):
                    if checkpoint.digest != entry.digest:
                        raise TrailError(f"The audit trail is broken at or before entry {count}: a checkpoint says so.")
                if count % EVERY == 0:
                    step(count)
            if due:
                raise TrailError(
                    f"The audit trail is broken after entry {count}: a checkpoint has seen entry {max(due)}."
                )
            self._check_counts(connection, count, shown_weight, [checkpoint.number for checkpoint in stored])
        return count

    def _due(self, checkpoints: Iterable[Checkpoint], keys: Collection[str]) -> dict[int, list[Checkpoint]]:
        """Checkpoints by their number, once each proves to be genuine."""
        own = self._own_key()
        trusted = {*keys, own} if own else set(keys)
        due: dict[int, list[Checkpoint]] = defaultdict(list)
        for checkpoint in checkpoints:
            try:
                checkpoint.check(trusted or {checkpoint.key})
            except CheckpointError as error:
                raise TrailError(str(error)) from error
            due[checkpoint.number].append(checkpoint)
        return due

    def _check_counts(self, connection: sqlite3.Connection, count: int, shown_weight: int, signed: list[int]) -> None:
        written = connection.execute("SELECT seq FROM sqlite_sequence WHERE name = 'trail'").fetchone() or (0,)
        if count < written[0]:
            raise TrailError(f"The audit trail is broken after entry {count}: {written[0]} entries were written.")
        if shown_weight % MODULUS != _weight(connection.execute("SELECT object, number FROM shown")) % MODULUS:
            raise TrailError("The audit trail is whole, but its list of documents shown was changed.")
        first = min(signed, default=0)
        absent = set(range(EVERY, count + 1, EVERY)) - set(signed) if self._keys else set()
        if any(number > first for number in absent):
            raise TrailError(f"The audit trail is broken: the checkpoint at entry {max(absent)} was taken out.")

    def _sealed(self, secret: str) -> str:
        try:
            sealer = self.sealer() if secret else None
            return sealer.seal(secret) if sealer else ""
        except (AuditKeyError, OSError) as error:
            raise TrailError(f"Search terms cannot be sealed: {error}") from error

    def _sign(self, connection: sqlite3.Connection, number: int, digest: str) -> Checkpoint:
        checkpoint = self._signed(number, digest)
        values = (checkpoint.number, checkpoint.digest, checkpoint.at, checkpoint.key, checkpoint.signature)
        connection.execute("INSERT OR REPLACE INTO checkpoints VALUES (?,?,?,?,?)", values)
        return checkpoint

    def _signed(self, number: int, digest: str) -> Checkpoint:
        if self._keys is None:
            raise TrailError("This audit trail has no keys to sign with.")
        try:
            key = keys.load_signing_key(self._keys / SIGNING_KEY)
        except AuditKeyError as error:
            raise TrailError(f"No checkpoint can be signed: {error}") from error
        return checkpoints.signed(key, number, digest, now().isoformat(timespec="microseconds"))

    def _own_key(self) -> str | None:
        try:
            return self.own_key()
        except AuditKeyError as error:
            raise TrailError(f"Checkpoints cannot be checked: {error}") from error

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        """A transaction on a connection that is kept for the next one, as long as it is this file and this process.

        Where somebody else keeps the file locked, whoever waits fails with the first: not each after a wait of its own.
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
                    raise self._unusable(error) from error
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

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        try:
            with closing(_connect(self._path)) as connection:
                yield connection
        except sqlite3.Error as error:
            raise self._unusable(error) from error

    def _unusable(self, error: Exception) -> TrailError:
        return TrailError(f"The audit trail {self._path} cannot be written or read: {error}")


def _burden(event: Event) -> tuple[str, bool, int]:
    """Whom an entry is counted against, whether that is an address, and roughly how many bytes it takes.

    A sign-in that fails is counted against where it comes from: otherwise anybody could use up another's allowance.
    """
    failed = event.action == "sign_in" and event.decision == "refused"
    is_address = failed or not event.actor
    detail = sum(len(str(value)) for value in event.detail.values())
    size = FIXED + detail + 2 * len(event.secret) + 100 * len(event.shown)
    return event.origin if is_address else event.actor, is_address, size


def check_secret(secret: str) -> None:
    """Raise SecretError unless the trail keeps as much; ask it before any work is done."""
    if len(secret.encode("utf-8", "replace")) > MOST_SEALED:
        raise SecretError(MOST_SEALED)


def chained(entries: Iterable[Entry], previous: str = GENESIS, first: int = 1) -> Iterator[Entry]:
    """The entries as they come, each once it proves to follow on the one before. Raises TrailError at a break."""
    for number, entry in enumerate(entries, first):
        *about, sealed, digest = _VALUES(_whole(entry, number))
        if entry.number != number or digest != _digest(about, sealed, previous):
            raise TrailError(_broken(number))
        previous = digest
        yield entry


def _whole(entry: Entry, number: int) -> Entry:
    """The entry, if it holds text where it should: SQLite keeps anything anywhere."""
    if not all(isinstance(text, str) for text in _VALUES(entry)[1:]):
        raise TrailError(_broken(number))
    return entry


def _broken(number: int) -> str:
    return f"The audit trail is broken at entry {number}: it was changed after it was written."


def shown(entry: Entry) -> list[str]:
    """The documents whose text the entry says was shown, each once."""
    if '"shown"' not in entry.detail:
        return []
    return list(dict.fromkeys(json.loads(entry.detail).get("shown", ())))


def _stored(connection: sqlite3.Connection) -> list[Checkpoint]:
    try:
        return [Checkpoint(*row) for row in connection.execute("SELECT * FROM checkpoints ORDER BY number")]
    except CheckpointError as error:
        raise TrailError("The audit trail is broken: a checkpoint in it was changed.") from error


def _shown(entry: Entry) -> list[str]:
    try:
        return shown(entry)
    except (ValueError, TypeError, AttributeError) as error:
        raise TrailError(f"The audit trail is broken at entry {entry.number}: its detail cannot be read.") from error


def _weight(pairs: Iterable[tuple[object, object]]) -> int:
    """A number by which two sets of documents shown are compared, in whichever order they come."""
    texts = (f"{number} {name}".encode("utf-8", "surrogatepass") for name, number in pairs)
    return sum(int.from_bytes(hashlib.sha256(text).digest(), "big") for text in texts)


def _entries(connection: sqlite3.Connection, first: int = 1, last: int | None = None) -> Iterator[Entry]:
    until = (1 << 63) - 1 if last is None else last
    rows = connection.execute(
        f"SELECT {_COLUMNS} FROM trail WHERE number BETWEEN ? AND ? ORDER BY number",  # noqa: S608
        (first, until),
    )
    return (Entry(*row) for row in rows)


def _last(connection: sqlite3.Connection) -> tuple[int, str]:
    row = connection.execute("SELECT number, digest FROM trail ORDER BY number DESC LIMIT 1").fetchone()
    return (row[0], row[1]) if row else (0, GENESIS)


def _connect(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, timeout=PATIENCE, isolation_level=None, check_same_thread=False)
    try:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=FULL")
    except BaseException:
        connection.close()
        raise
    return connection


def _keepable(text: str) -> str:
    """The text without halves of characters, which no file can keep."""
    return text.encode("utf-8", "replace").decode()


def _digest(about: Iterable[object], sealed: str, previous: str) -> str:
    """An entry without anything sealed is digested as those from before there was such a thing."""
    text = json.dumps([*about, *([sealed] if sealed != "" else []), previous], ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()
