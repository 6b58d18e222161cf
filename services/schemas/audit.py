"""Entries of the audit trail and checkpoints as JSON."""

from __future__ import annotations

import json
from typing import Any

from pydantic import BaseModel

from auth.audit.trail import Entry


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


class TrailPage(BaseModel):
    """Entries, newest first. `next_before` asks for those that follow; null after the last."""

    entries: list[EntrySchema]
    next_before: int | None


class CheckpointSchema(BaseModel):
    """How far the trail has come, signed by the service (Ed25519). To be kept elsewhere as it is."""

    format: str
    number: int
    digest: str
    at: str
    key: str
    signature: str
