"""The audit trail: who did what to which object, chained by hashes, apart from all else. Refuses to lose an entry.

Each entry's digest is SHA-256 over the entry and the digest before it, so that an entry changed, inserted or taken
out anywhere breaks the chain from there on; how many were written is kept beside them, and every thousandth is signed.
Holds identifiers and decisions: never titles or text, and search terms only sealed to the auditor's key.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import AbstractContextManager, nullcontext
from dataclasses import astuple, replace
from datetime import datetime
from pathlib import Path
from typing import Final

from auth.audit import checkpoints, keys
from auth.audit.allowance import Allowance, TooManyEntriesError
from auth.audit.checkpoints import EVERY, Checkpoint
from auth.audit.entries import COLUMNS, GENESIS, Entry, Event, TrailError, digest_of, whole_entry
from auth.audit.keeping import archives
from auth.audit.keeping.contract import Keeper, TrailConnection
from auth.audit.keeping.statements import (
    CARRIED,
    HAND_OVER,
    Archive,
    archives_of,
    carried_digest,
    carry,
    checkpoints_of,
    entries_of,
    head_of,
    inserting,
    latest_of,
)
from auth.audit.keeping.trail_file import TrailFile, close_for_good, is_here, opened_archive, opened_archive_file
from auth.audit.keys import AuditKeyError, Sealer
from auth.audit.proof import Proof
from auth.audit.query import AuditQuery, in_text
from auth.database import now
from auth.errors import ErrorKind, TolmachError

SIGNING_KEY: Final = "checkpoint.key"
AUDITOR_KEY: Final = "auditor.pub"
CONSOLE: Final = "console"  # the origin of what commands do
ENDINGS: Final = frozenset({"sign_out", "sign_out_everywhere"})  # each ends a session, whose beginning was counted
FIXED: Final = 400  # bytes of an entry besides what it tells: digest, time, indexes
LONGEST_NAME: Final = 300  # characters of anything that an entry names
MOST_SEALED: Final = 16_000  # bytes of one entry; a query of the longest has as many
MOST_ENTRIES: Final = 2**62
_ADDING: Final = f"INSERT INTO trail ({COLUMNS}) VALUES (?,?,?,?,?,?,?,?,?,?)"  # noqa: S608


class SecretError(TolmachError, ValueError):
    """What was asked is longer than the trail keeps of it; so it is not answered."""

    kind = ErrorKind.INVALID
    code = "too_much_to_record"

    def __init__(self, most: int) -> None:
        super().__init__("What you search for and its filters may have at most {most} bytes together.", most=most)


class NoArchiveError(TolmachError, LookupError):
    """There is no archive of the audit trail of that name, or it lies elsewhere."""

    kind = ErrorKind.ABSENT
    code = "no_archive"
    sentence = "There is no archive of that name here. Those that are here are listed with the entries."


class Trail:
    """The audit trail, wherever it is kept; any number of processes and threads may write it.

    `keys` is the folder of the keys. Without one no checkpoint is signed, and secrets are dropped. With an `allowance`,
    nobody but the operator fills more of it in a minute.
    """

    def __init__(self, keeper: Keeper, keys: Path | None = None, allowance: Allowance | None = None) -> None:
        self._keeper = keeper
        self._allowance = allowance
        self._keys = keys

    def create(self) -> None:
        """Make what it is kept in if it is not there, and bring one of an earlier version to this one."""
        self._keeper.create()
        with self._keeper.reading() as connection:
            begun, signed = head_of(connection)[0], checkpoints_of(connection)
        if self._keys and begun and not signed:  # from before there were checkpoints
            self.checkpoint()

    def close(self) -> None:
        """Let go of what it is kept in."""
        self._keeper.close()

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
        check_secret(event.secret)
        sealed = self._sealed(event.secret)
        with self._keeper.transaction() as connection:
            self._add(connection, event, sealed)

    def _add(self, connection: TrailConnection, event: Event, sealed: str = "") -> None:
        complete = {**event.detail, "shown": event.shown} if event.shown else event.detail
        detail = json.dumps(complete, sort_keys=True, ensure_ascii=False)
        texts = [event.actor, event.origin, event.action, event.object, event.decision, detail]
        about = [_keepable(text) for text in texts]
        about[:-1] = [text[:LONGEST_NAME] for text in about[:-1]]  # an address may name anything as an object
        number, previous = head_of(connection)
        number, at = number + 1, now().isoformat(timespec="microseconds")
        digest = digest_of((number, at, *about), sealed, previous)
        connection.execute(_ADDING, (number, at, *about, sealed, digest))
        if event.shown:
            connection.executemany(inserting("shown"), [(_keepable(name), number) for name in event.shown])
        if self._keys and number % EVERY == 0:
            self._sign(connection, number, digest)

    def checkpoint(self) -> Checkpoint:
        """Sign the last entry. Raises TrailError, also where there is none yet or no key."""
        with self._keeper.transaction() as connection:
            number, digest = head_of(connection)
            if not number:
                raise TrailError("The audit trail is empty: there is nothing to sign yet.")
            return self._sign(connection, number, digest)

    def end(self, event: Event) -> None:
        """Add the last entry of a file, sign it, and let the file refuse every other. Raises TrailError."""
        with self._keeper.transaction() as connection:
            self._add(connection, event)
            if self._keys:
                self._sign(connection, *head_of(connection))
            close_for_good(connection)

    def looked_at(self) -> AbstractContextManager[TrailConnection]:
        """What it is kept in, as it is at one moment, for whoever copies it. Raises TrailError."""
        return self._keeper.reading()

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

    @property
    def archives_folder(self) -> Path:
        """Where archives lie."""
        return self._keeper.archives_folder

    def archives(self) -> dict[Archive, bool]:
        """All archives, the oldest first, each with whether it can be read here."""
        with self._keeper.reading() as connection:
            return {archive: is_here(archive, self.archives_folder, connection) for archive in archives_of(connection)}

    def archive(self, event: Event, keys: Collection[str] = ()) -> Archive:
        """Move all entries so far into an archive; finishes one that was interrupted. Raises TrailError, OSError.

        `keys` are public keys to trust besides one's own: of checkpoints from before the signing key was made anew.
        """
        *_, archive = self.archiving(event, keys)
        return archive

    def archiving(self, event: Event, keys: Collection[str] = ()) -> Iterator[Archive]:
        """As `archive`, one step after the other; whoever stops between two loses nothing, and the next goes on."""
        folder = self.archives_folder
        self.create()
        with self._keeper.alone():
            archive, before = self._hand_over(event)
            yield archive
            if not archive.path(folder).exists():
                with self._keeper.reading() as connection, opened_archive(archive, folder, connection):
                    unfinished = archives.write(connection, archive, folder)
                yield archive
                self._prove_archive(unfinished, archive, before, keys)
                archives.publish(unfinished, archive.path(folder))
                yield archive
            self._prove_archive(archive.path(folder), archive, before, keys)
            more = True
            while more:
                with self._keeper.transaction() as connection:
                    more = archives.part_with_some(connection, archive)
                yield archive
            self._keeper.shrink()

    def entries(self, first: int = 1, last: int | None = None) -> Iterator[Entry]:
        """The entries from one number to another, oldest first, of one moment; also out of archives.

        Raises TrailError where some are in an archive that is not here.
        """
        with self._keeper.reading() as connection:
            own = 1
            for archive in archives_of(connection):
                own = archive.last + 1
                if first <= archive.last and (last is None or archive.first <= last):
                    with opened_archive(archive, self.archives_folder, connection) as file:
                        until = archive.last if last is None else min(last, archive.last)
                        yield from entries_of(file, max(first, archive.first), until)
            yield from entries_of(connection, max(first, own), last)

    def find(self, query: AuditQuery, limit: int, archive_name: str = "") -> list[Entry]:
        """The latest entries that are wanted, newest first; of an archive, or those in none. Raises NoArchiveError."""
        where, values = query.condition()
        with self._keeper.reading() as connection:
            done = archives_of(connection)
            archive = next((each for each in done if each.name == archive_name), None)
            if archive_name and (archive is None or not is_here(archive, self.archives_folder, connection)):
                raise NoArchiveError
            first = archive.first if archive else done[-1].last + 1 if done else 1
            last = archive.last if archive else MOST_ENTRIES
            with (
                opened_archive(archive, self.archives_folder, connection)
                if archive
                else nullcontext(connection) as file
            ):
                rows = file.execute(
                    f"SELECT {COLUMNS} FROM trail WHERE {where} AND {query.bounds}"  # noqa: S608
                    " ORDER BY number DESC LIMIT ?",
                    (*values, first, last, limit),
                )
                return [whole_entry(Entry(*row), row[0]) for row in rows]

    def latest(self, actions: Collection[str], object_id: str = "") -> Iterator[Entry]:
        """Of each object, or of one, the latest entry that allowed one of these actions and tells a label.

        Archives need not be here: what is asked for so was taken along. Raises TrailError.
        """
        if not set(actions) <= set(CARRIED):
            raise TrailError(f"Archives of the audit trail hide these: {sorted(set(actions) - set(CARRIED))}")
        with self._keeper.reading() as connection:
            entries = latest_of(connection, tuple(actions), object_id)
        yield from entries

    def digest(self, number: int) -> str:
        """The digest of an entry: zeros for 0, "" where there is none or it is in an archive that is not here."""
        if number < 1:
            return GENESIS
        for archive, here in self.archives().items():
            if archive.last == number:
                return archive.end.digest
            if archive.first <= number <= archive.last and not here:
                return ""
        return next((entry.digest for entry in self.entries(number, number)), "")

    def lacks(self, number: int, digest: str) -> bool:
        """Whether it has no entry of that number, or another one; an archive that is not here is believed."""
        absent = [archive for archive, here in self.archives().items() if not here]
        elsewhere = any(archive.first <= number < archive.last for archive in absent)
        return not elsewhere and self.digest(number) != digest

    def head(self) -> tuple[int, str]:
        """The number and the digest of the last entry; 0 and zeros where there is none."""
        with self._keeper.reading() as connection:
            return head_of(connection)

    def copy(self, path: Path) -> None:
        """Write all of it, as it is at one moment, to a new file, and its archives beside that; others may go on.

        Raises TrailError.
        """
        self._keeper.copy(path)
        self.copy_archives(TrailFile(path).archives_folder, Trail(TrailFile(path)).archives())

    def copy_archives(self, folder: Path, these: Iterable[Archive]) -> None:
        """Put archives into a folder that lacks them, as far as they are here."""
        archives.copy_files(self.archives_folder, folder, list(these))

    def span(self, since: datetime | None = None, until: datetime | None = None) -> tuple[int, int] | None:
        """The first and the last number of a time, `until` not included; None if there was nothing.

        Raises TrailError where an archive that is not here may have entries of that time.
        """
        bounds = (in_text(since), in_text(until) or "~")
        numbers: list[int] = []
        with self._keeper.reading() as connection:
            for archive in archives_of(connection):
                if numbers or archive.end.at >= bounds[0]:
                    with opened_archive(archive, self.archives_folder, connection) as file:
                        numbers += _span(file, bounds, archive.first, archive.last)
                if archive.end.at >= bounds[1]:  # what follows is later
                    break
            numbers += _span(connection, bounds, 1, MOST_ENTRIES)
        return (min(numbers), max(numbers)) if numbers else None

    def size_and_share(self, since: datetime) -> tuple[int, float]:
        """How many bytes the trail takes on the disk with its archives, and which share of its entries came since."""
        bounds, added, entries = (in_text(since), "~"), 0, 0
        size = self._keeper.size()
        with self._keeper.reading() as connection:
            for archive in archives_of(connection):
                if archive.path(self.archives_folder).exists():
                    size += archive.path(self.archives_folder).stat().st_size
                    with opened_archive(archive, self.archives_folder, connection) as file:
                        added += _extent(_span(file, bounds, archive.first, archive.last))
                        entries += archive.last - archive.first + 1
            added += _extent(_span(connection, bounds, 1, MOST_ENTRIES))
            entries += connection.execute("SELECT count(*) FROM trail").fetchone()[0]
        return size, added / entries if entries else 0.0

    def count(self) -> int:
        """How many entries there are, those in archives included."""
        with self._keeper.reading() as connection:
            return head_of(connection)[0]

    def last_checkpoint(self, before: int = MOST_ENTRIES) -> Checkpoint | None:
        """The last checkpoint in the trail's own file that signs an entry up to that number."""
        with self._keeper.reading() as connection:
            return next((each for each in reversed(checkpoints_of(connection)) if each.number <= before), None)

    def verify_since(self, seen: Checkpoint, step: Callable[[int], object] = lambda _: None) -> int | None:
        """As `verify`, of the entries after a checkpoint that was proven before; None where all must be looked at.

        Raises TrailError.
        """
        with self._keeper.reading() as connection:
            return self._proof((), step).prove_since(connection, seen)

    def verify(
        self,
        kept: Collection[Checkpoint] = (),
        keys: Collection[str] = (),
        step: Callable[[int], object] = lambda _: None,
    ) -> int:
        """The number of entries, once they prove to be one unbroken chain that fits every checkpoint.

        `kept` are checkpoints from elsewhere, `keys` public keys to trust besides one's own. `step` is told now and
        then how many entries were looked at. Archives that are not here are believed. Raises TrailError at the first
        break.
        """
        with self._keeper.reading() as connection:
            return self._proof(keys, step).prove(connection, kept)

    def _proof(self, keys: Collection[str] = (), step: Callable[[int], object] = lambda _: None) -> Proof:
        own = self._own_key()
        return Proof(self.archives_folder, {*keys, own} if own else set(keys), bool(self._keys), EVERY, step)

    def _prove_archive(self, path: Path, archive: Archive, before: Archive | None, keys: Collection[str]) -> None:
        with opened_archive_file(path) as file:
            self._proof(keys).prove_archive(file, archive, before)

    def _hand_over(self, event: Event) -> tuple[Archive, Archive | None]:
        """The archive to make and the one before it: begun with a checkpoint and the entry that names it, if none is.

        From here on, whatever looks for entries takes those before as archived, wherever they are.
        """
        with self._keeper.transaction() as connection:
            done: list[Archive | None] = [None, *archives_of(connection)]
            last = done[-1]
            first = last.last + 1 if last else 1
            if last and connection.execute("SELECT 1 FROM trail WHERE number <= ?", (last.last,)).fetchone():
                return last, done[-2]
            number, digest = head_of(connection)
            if number <= first:
                raise TrailError("There is nothing to archive: the audit trail was archived a moment ago.")
            archive = Archive(first, self._sign(connection, number, digest))
            carry(connection, number)
            detail = archive.as_detail() | {"carried": carried_digest(connection)}
            connection.execute(inserting("archives"), (first, *astuple(archive.end)))
            self._add(connection, replace(event, action=HAND_OVER, detail=detail))
        return archive, last

    def _sealed(self, secret: str) -> str:
        try:
            sealer = self.sealer() if secret else None
            return sealer.seal(secret) if sealer else ""
        except (AuditKeyError, OSError) as error:
            raise TrailError(f"Search terms cannot be sealed: {error}") from error

    def _sign(self, connection: TrailConnection, number: int, digest: str) -> Checkpoint:
        checkpoint = self._signed(number, digest)
        connection.execute(inserting("checkpoints"), astuple(checkpoint))
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


def _span(file: TrailConnection, bounds: tuple[str, str], first: int, last: int) -> list[int]:
    """The first and the last number of a time among some entries of a file; nothing where there is none."""
    between = "number BETWEEN ? AND ?"
    since = file.execute(f"SELECT min(number) FROM trail WHERE at >= ? AND {between}", (bounds[0], first, last))  # noqa: S608
    until = file.execute(f"SELECT max(number) FROM trail WHERE at < ? AND {between}", (bounds[1], first, last))  # noqa: S608
    begin, end = since.fetchone()[0], until.fetchone()[0]
    return [begin, end] if begin and end and begin <= end else []


def _extent(span: list[int]) -> int:
    return span[1] - span[0] + 1 if span else 0


def _keepable(text: str) -> str:
    """The text without halves of characters, which no file can keep."""
    return text.encode("utf-8", "replace").decode()
