"""Changes that wait for a second person, as JSON."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from pydantic import BaseModel

from services.schemas.changes import AnyChange
from services.schemas.labels import HandlingSchema


class RelabelSchema(BaseModel):
    """Another label or other times for a document."""

    kind: Literal["relabel"] = "relabel"
    document_id: str
    old: HandlingSchema
    new: HandlingSchema


class ProposalSchema(BaseModel):
    """A change that waits, who proposed it, and why. `change` to access is as a preview takes it."""

    proposal_id: str
    kind: Literal["access", "relabel"]
    change: AnyChange | RelabelSchema
    reason: str
    proposed_by: str
    proposed_at: datetime


class Approved(BaseModel):
    """The change was made. `code`: the second half of the person's one-time code, shown this once."""

    state: Literal["done"] = "done"
    code: str | None
