"""Certificates of disposal, made of the trail alone: what was destroyed, by which schedule, by whom and when.

A certificate holds the trail's entries whole, each with the digest of the one before, so that whoever has it can count
the digests again without the trail, and compare them with it. Nobody's own words are in it: no title, text or reason.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Final

from auth.audit.entries import VALUES, Entry, digest_of
from auth.audit.query import AuditQuery
from auth.audit.trail import Trail
from auth.errors import ErrorKind, TolmachError
from auth.policy import Action

DESTROY: Final = "delete"  # what the trail calls it when a worker has deleted the rest
MOST_ENTRIES: Final = 1_000  # about one document that are looked at


class NoCertificateError(TolmachError, LookupError):
    """No document of that identifier was disposed of by a schedule."""

    kind = ErrorKind.ABSENT
    code = "no_certificate"
    sentence = "The trail here tells of no disposal of such a document. It may be in an archive."


class CertificateError(TolmachError, ValueError):
    """A certificate is not what the trail tells; the message says where they differ."""

    kind = ErrorKind.INVALID
    code = "certificate"


@dataclass(frozen=True, slots=True)
class ProvenEntry:
    """An entry of the trail, and the digest of the one before it."""

    entry: Entry
    previous: str

    def holds(self) -> bool:
        """Whether the entry's digest is the one that its parts and the entry before give."""
        *about, sealed, digest = VALUES(self.entry)
        return bool(digest == digest_of(about, sealed, self.previous))


@dataclass(frozen=True, slots=True)
class Certificate:
    """Of a document that was disposed of. `destroyed` is None while two people can still bring it back."""

    decided: ProvenEntry
    destroyed: ProvenEntry | None

    def as_json(self) -> dict[str, Any]:
        """For auditors and programs."""
        entry, detail = self.decided.entry, json.loads(self.decided.entry.detail)
        return {
            "document_id": entry.object,
            "sha256": detail["sha256"],
            "label": detail["label"],
            "schedule": json.loads(detail["schedule"]),
            "kept_since": detail["kept_since"],
            "proposal_id": detail["proposal"],
            "proposed_by": detail["proposed_by"],
            "approved_by": entry.actor,
            "decided_at": entry.at,
            "destroyed_at": self.destroyed.entry.at if self.destroyed else None,
            "entries": [
                {**asdict(proven.entry), "previous": proven.previous}
                for proven in (self.decided, self.destroyed)
                if proven
            ],
        }


def certificate(trail: Trail, document_id: str, archive: str = "") -> Certificate:
    """The certificate of a document, from the entries here or in an archive. Raises NoCertificateError, TrailError.

    A document that was brought back and disposed of again has that of the last time.
    """
    about = trail.find(AuditQuery(object=document_id, decision="allowed"), MOST_ENTRIES, archive)
    about = [entry for entry in about if entry.object == document_id]
    decided = next((entry for entry in about if entry.action == Action.REMOVE), None)
    brought_back = next((entry.number for entry in about if entry.action == "return"), 0)
    if decided is None or brought_back > decided.number or "schedule" not in json.loads(decided.detail):
        raise NoCertificateError
    later = [entry for entry in about if entry.action == DESTROY and entry.number > decided.number]
    return Certificate(_proven(trail, decided), _proven(trail, later[0]) if later else None)


def check(trail: Trail, content: Mapping[str, Any]) -> None:
    """Compare a certificate with itself and with the trail. Raises CertificateError, TrailError."""
    try:
        fields = Entry.__slots__
        entries = [
            ProvenEntry(Entry(**{name: each[name] for name in fields}), each["previous"]) for each in content["entries"]
        ]
        decided, *rest = entries
        same = Certificate(decided, rest[0] if rest else None).as_json() == content
    except (KeyError, TypeError, ValueError) as error:
        raise CertificateError("This is no certificate of disposal.", code="no_such_certificate") from error
    if not same:
        raise CertificateError("What the certificate says is not what its own entries say.", code="contradiction")
    for proven in entries:
        if not proven.holds() or trail.lacks(proven.entry.number, proven.entry.digest):
            raise CertificateError(
                "The trail has another entry {number} than the certificate.",
                code="other_entry",
                number=proven.entry.number,
            )


def _proven(trail: Trail, entry: Entry) -> ProvenEntry:
    return ProvenEntry(entry, trail.digest(entry.number - 1))
