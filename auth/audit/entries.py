"""What the audit trail is made of: events to record, entries as stored, and the chain of digests that binds them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from operator import attrgetter
from typing import Final

from auth.errors import ErrorKind, TolmachError

GENESIS: Final = "0" * 64
MODULUS: Final = 2**256


class TrailError(TolmachError):
    """The trail cannot be written or read, or is broken. Whatever was to be recorded must not happen."""

    kind = ErrorKind.UNAVAILABLE
    code = "trail_unavailable"
    sentence = "The service cannot keep its audit trail at the moment, so nothing can be shown."


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


COLUMNS: Final = ", ".join(Entry.__slots__)
VALUES: Final = attrgetter(*Entry.__slots__)


def chained(entries: Iterable[Entry], previous: str = GENESIS, first: int = 1) -> Iterator[Entry]:
    """The entries as they come, each once it proves to follow on the one before. Raises TrailError at a break."""
    for number, entry in enumerate(entries, first):
        *about, sealed, digest = VALUES(whole_entry(entry, number))
        if entry.number != number or digest != digest_of(about, sealed, previous):
            raise TrailError(broken_at(number))
        previous = digest
        yield entry


def whole_entry(entry: Entry, number: int) -> Entry:
    """The entry, if it holds text where it should: SQLite keeps anything anywhere."""
    if not all(isinstance(text, str) for text in VALUES(entry)[1:]):
        raise TrailError(broken_at(number))
    return entry


def broken_at(number: int) -> str:
    """Where the trail proves to be broken, in words."""
    return f"The audit trail is broken at entry {number}: it was changed after it was written."


def shown(entry: Entry) -> list[str]:
    """The documents whose text the entry says was shown, each once."""
    if '"shown"' not in entry.detail:
        return []
    return list(dict.fromkeys(json.loads(entry.detail).get("shown", ())))


def documents_shown(entry: Entry) -> list[str]:
    """As `shown`. Raises TrailError where the detail cannot be read."""
    try:
        return shown(entry)
    except (ValueError, TypeError, AttributeError) as error:
        raise TrailError(f"The audit trail is broken at entry {entry.number}: its detail cannot be read.") from error


def weight(pairs: Iterable[tuple[object, object]]) -> int:
    """A number by which two sets of documents shown are compared, in whichever order they come."""
    texts = (f"{number} {name}".encode("utf-8", "surrogatepass") for name, number in pairs)
    return sum(int.from_bytes(hashlib.sha256(text).digest(), "big") for text in texts)


def digest_of(about: Iterable[object], sealed: str, previous: str) -> str:
    """An entry without anything sealed is digested as those from before there was such a thing."""
    text = json.dumps([*about, *([sealed] if sealed != "" else []), previous], ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()
