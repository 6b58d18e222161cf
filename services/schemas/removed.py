"""Removed documents as JSON."""

from __future__ import annotations

from datetime import datetime

from pydantic import BaseModel

from auth.scheme import Scheme
from indexer.handling.tombstones import Tombstone
from services.schemas.labels import LabelSchema


class TombstoneSchema(BaseModel):
    """What is left of a removed document. `deletes_at`: until when it can be brought back; null: it is deleted.

    `legal_hold`: it is not deleted on that day either. `by_schedule`: it was disposed of because its schedule said that
    it was due.
    """

    document_id: str
    label: LabelSchema
    sha256: str
    removed_at: datetime
    removed_by: str
    proposed_by: str
    reason: str
    by_schedule: bool
    deletes_at: datetime | None
    legal_hold: bool

    @staticmethod
    def of(tombstone: Tombstone, scheme: Scheme) -> TombstoneSchema:
        """From a tombstone."""
        decision = tombstone.decision
        return TombstoneSchema(
            document_id=tombstone.document_id,
            label=LabelSchema.of(tombstone.label, scheme),
            sha256=tombstone.sha256,
            removed_at=tombstone.removed_at,
            removed_by=decision.removed_by,
            proposed_by=decision.proposed_by,
            reason=decision.reason,
            by_schedule=bool(decision.schedule),
            deletes_at=tombstone.deletes_at,
            legal_hold=tombstone.held,
        )
