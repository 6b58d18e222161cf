"""Entries of the audit trail and checkpoints as JSON."""

from __future__ import annotations

import json
from typing import Annotated, Any

from pydantic import BaseModel, StringConstraints

from auth.audit.checkpoints import Checkpoint
from auth.audit.entries import Entry
from auth.audit.keeping.statements import Archive
from services.schemas.fields import Strict

Short = Annotated[str, StringConstraints(max_length=200)]


class EntrySchema(BaseModel):
    """An entry of the trail. `sealed` is for the auditor's private key: see `tolmach audit open`."""

    number: int
    at: str
    person: str
    origin: str
    action: str
    object: str
    decision: str
    detail: dict[str, Any]
    sealed: str
    digest: str

    @staticmethod
    def of(entry: Entry) -> EntrySchema:
        """From an entry."""
        return EntrySchema(
            number=entry.number,
            at=entry.at,
            person=entry.actor,
            origin=entry.origin,
            action=entry.action,
            object=entry.object,
            decision=entry.decision,
            detail=json.loads(entry.detail),
            sealed=entry.sealed,
            digest=entry.digest,
        )


class ArchiveSchema(BaseModel):
    """An archive of the trail: its first and last entry. `here`: it can be looked into by its `name`."""

    name: str
    first: int
    last: int
    here: bool

    @staticmethod
    def of(archive: Archive, here: bool) -> ArchiveSchema:
        """From an archive."""
        return ArchiveSchema(name=archive.name, first=archive.first, last=archive.last, here=here)


class TrailPage(BaseModel):
    """Entries, newest first. `next_before` asks for those that follow; null after the last.

    Older entries may be in `archives`, oldest first, which are looked into one at a time.
    """

    entries: list[EntrySchema]
    next_before: int | None
    archives: list[ArchiveSchema]


class CheckpointSchema(BaseModel):
    """How far the trail has come, signed by the service (Ed25519). To be kept elsewhere as it is."""

    format: Short
    number: int
    digest: Short
    at: Short
    key: Short
    signature: Short

    def as_value(self) -> Checkpoint:
        """As the trail compares it."""
        return Checkpoint(self.number, self.digest, self.at, self.key, self.signature)


class Proving(Strict):
    """What the trail is to be compared with besides itself: a checkpoint that was kept elsewhere, or nothing."""

    checkpoint: CheckpointSchema | None = None


class ProofSchema(BaseModel):
    """Whether the trail is whole; else `broken` says where. Archives that lie `elsewhere` were believed."""

    whole: bool
    entries: int
    broken: str
    elsewhere: list[str]
