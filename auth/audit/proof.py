"""Proves that a trail and its archives are one chain that fits every checkpoint. Refuses it at the first break."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from auth.audit.checkpoints import Checkpoint, CheckpointError
from auth.audit.entries import GENESIS, MODULUS, Entry, TrailError, chained, documents_shown, weight
from auth.audit.keeping.contract import TrailConnection
from auth.audit.keeping.statements import (
    HAND_OVER,
    Archive,
    archives_of,
    carried_digest,
    checkpoints_of,
    entries_of,
)
from auth.audit.keeping.trail_file import is_here, opened_archive

_ENDLESS: Final = 1 << 62
_SHOWN: Final = "SELECT object, number FROM shown WHERE number BETWEEN ? AND ?"


@dataclass(slots=True)
class Proof:
    """One look at everything, with public keys that are trusted: any, where none is given.

    `signs`: one entry in `every` must be signed. `step` is told now and then how many entries were looked at.
    """

    folder: Path
    trusted: Collection[str]
    signs: bool
    every: int
    step: Callable[[int], object] = lambda _: None
    _due: dict[int, list[Checkpoint]] = field(default_factory=lambda: defaultdict(list))
    _shown_weight: int = 0  # of the documents that the entries of the last part say were shown

    def prove_since(self, connection: TrailConnection, seen: Checkpoint) -> int | None:
        """As `prove`, of the entries after a checkpoint of the trail that was proven before.

        None where that cannot be so: it is none of this trail's, or a later entry was archived. Raises TrailError.
        """
        archives = archives_of(connection)
        signed = {checkpoint.number: checkpoint for checkpoint in checkpoints_of(connection)}
        own = signed.get(seen.number)
        if own is None or own.digest != seen.digest or (archives and seen.number <= archives[-1].last):
            return None
        self._expect(checkpoint for number, checkpoint in signed.items() if number >= seen.number)
        first = next(entries_of(connection, seen.number, seen.number), None)
        if first is None or any(each.digest != first.digest for each in self._due.pop(seen.number)):
            raise TrailError(_otherwise(seen.number))
        count = self._part(connection, None, seen)
        self._check_end(connection, count)
        self._check_shown_and_signed(connection, seen, count, _ENDLESS)
        return count

    def prove(self, connection: TrailConnection, kept: Collection[Checkpoint]) -> int:
        """The number of entries, archives included; those that are not here are believed. Raises TrailError."""
        archives = archives_of(connection)
        self._expect([*checkpoints_of(connection), *kept, *(archive.end for archive in archives)])
        before: Archive | None = None
        for archive in archives:
            if is_here(archive, self.folder, connection):
                with opened_archive(archive, self.folder, connection) as file:
                    self._prove_archive(file, archive, before)
            else:
                self._believe(archive, kept)
            before = archive
        count = self._part(connection, before, before.end if before else None)
        self._check_end(connection, count)
        self._check_shown_and_signed(connection, before.end if before else None, count, _ENDLESS)
        if before:
            self._check_carried(connection, before)
        return count

    def prove_archive(self, file: TrailConnection, archive: Archive, before: Archive | None) -> None:
        """Raise TrailError unless a file holds all entries of an archive, and what lies beside them fits."""
        self._expect([archive.end])
        self._prove_archive(file, archive, before)

    def _prove_archive(self, file: TrailConnection, archive: Archive, before: Archive | None) -> None:
        self._expect(item for item in checkpoints_of(file) if archive.first <= item.number <= archive.last)
        end = before.end if before else None
        count = self._part(file, before, end, archive.last)
        if count != archive.last:
            raise TrailError(f"The audit trail is broken after entry {count}: its archive {archive.name} was cut off.")
        self._check_shown_and_signed(file, end, count, archive.last)

    def _expect(self, checkpoints: Iterable[Checkpoint]) -> None:
        """Note checkpoints by their number, once each proves to be genuine."""
        for checkpoint in checkpoints:
            try:
                checkpoint.check(self.trusted or {checkpoint.key})
            except CheckpointError as error:
                raise TrailError(str(error)) from error
            self._due[checkpoint.number].append(checkpoint)

    def _believe(self, archive: Archive, kept: Collection[Checkpoint]) -> None:
        """Go on behind an archive that is not here, unless a checkpoint that was kept elsewhere asks for it."""
        for checkpoint in kept:
            if archive.first <= checkpoint.number < archive.last:
                raise TrailError(
                    f"The checkpoint of entry {checkpoint.number} needs the archive {archive.name}, which is not here."
                )
            if checkpoint.number == archive.last and checkpoint.digest != archive.end.digest:
                raise TrailError(_otherwise(archive.last))
        for number in [number for number in self._due if archive.first <= number <= archive.last]:
            del self._due[number]

    def _part(
        self, file: TrailConnection, before: Archive | None, after: Checkpoint | None, last: int = _ENDLESS
    ) -> int:
        """The number of the last entry of a file, once those up to `last` prove to follow on what they come after.

        `before` is the archive that the first of them must name.
        """
        first, previous = (after.number + 1, after.digest) if after else (1, GENESIS)
        count, shown_weight = first - 1, 0
        for entry in chained(entries_of(file, first, last), previous, first):
            count = entry.number
            if before and count == first:
                _check_hand_over(entry, before)
            shown_weight += weight((name, count) for name in documents_shown(entry))
            if any(checkpoint.digest != entry.digest for checkpoint in self._due.pop(count, ())):
                raise TrailError(_otherwise(count))
            if count % self.every == 0:
                self.step(count)
        self._shown_weight = shown_weight
        return count

    def _check_end(self, connection: TrailConnection, count: int) -> None:
        if self._due:
            raise TrailError(
                f"The audit trail is broken after entry {count}: a checkpoint has seen entry {max(self._due)}."
            )
        written = connection.written()
        if count < written:
            raise TrailError(f"The audit trail is broken after entry {count}: {written} entries were written.")

    def _check_shown_and_signed(self, file: TrailConnection, after: Checkpoint | None, count: int, last: int) -> None:
        first = after.number + 1 if after else -_ENDLESS
        if self._shown_weight % MODULUS != weight(file.stream(_SHOWN, (first, last))) % MODULUS:
            raise TrailError("The audit trail is whole, but its list of documents shown was changed.")
        signed = {checkpoint.number for checkpoint in checkpoints_of(file)}
        begun = after.number if after else min(signed, default=0)
        absent = set(range(self.every, count + 1, self.every)) - signed if self.signs else set()
        if any(number > begun for number in absent):
            raise TrailError(f"The audit trail is broken: the checkpoint at entry {max(absent)} was taken out.")

    def _check_carried(self, connection: TrailConnection, before: Archive) -> None:
        hand_over = next(entries_of(connection, before.last + 1), None)
        if hand_over is None:
            raise TrailError(f"The audit trail is broken after entry {before.last}: its hand-over is gone.")
        if _detail(hand_over).get("carried") != carried_digest(connection):
            raise TrailError("The audit trail is whole, but what it took along from its archives was changed.")


def _check_hand_over(entry: Entry, before: Archive) -> None:
    """Raise TrailError unless an entry names the archive before it, with the digest and signature that end it."""
    detail = _detail(entry)
    if entry.action != HAND_OVER or any(detail.get(name) != value for name, value in before.as_detail().items()):
        raise TrailError(f"The audit trail is broken at entry {entry.number}: it does not name the archive before it.")


def _detail(entry: Entry) -> dict[str, Any]:
    try:
        return dict(json.loads(entry.detail))
    except (ValueError, TypeError) as error:
        raise TrailError(f"The audit trail is broken at entry {entry.number}: its detail cannot be read.") from error


def _otherwise(number: int) -> str:
    return f"The audit trail is broken at or before entry {number}: a checkpoint says so."
