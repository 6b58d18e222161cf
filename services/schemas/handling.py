"""What a registrar does to a document, as JSON."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import BaseModel, Field, StringConstraints

from services.schemas.fields import Reason, Strict, When

Part = Annotated[str, StringConstraints(max_length=2_000)]


class Because(Strict):
    """Why something is done; kept in the audit trail."""

    reason: Reason


class Relabel(Because):
    """Parts of a label, and times, to change. What is not named stays; a time of null is taken away."""

    level: Part | None = None
    releasable_to: Literal["ALL"] | Annotated[list[Part], Field(max_length=1_000)] | None = None
    need_to_know: Part | None = None
    embargo_until: When | None = None
    expires_at: When | None = None
    review_on: date | None = None


class HandlingOutcome(BaseModel):
    """What became of it: done, or waiting for a second registrar."""

    state: Literal["done", "waiting"]
    proposal_id: str | None


class Hold(Because):
    """A legal hold, or the end of one."""

    held: bool
