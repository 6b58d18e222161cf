"""What a registrar does to a document, as JSON."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import BaseModel, Field, StringConstraints

from services.schemas.fields import Reason, Strict, When

Day = date  # by a name that no field has
Part = Annotated[str, StringConstraints(max_length=2_000)]


class Because(Strict):
    """Why something is done; kept in the audit trail."""

    reason: Reason


class Confirming(Strict):
    """Why a file is right under the label that it is given, where that is asked: see taking a file in."""

    alike_reason: Part = ""
    marking_reason: Part = ""


class Relabel(Because):
    """Parts of a label, and times, to change. What is not named stays; a time of null is taken away."""

    level: Part | None = None
    releasable_to: Literal["ALL"] | Annotated[list[Part], Field(max_length=1_000)] | None = None
    need_to_know: Part | None = None
    embargo_until: When | None = None
    expires_at: When | None = None
    review_on: Day | None = None


class Description(Because):
    """What a document is described by; what is not named stays, a date of null is taken away. Lists have commas."""

    language: Part | None = None
    title_en: Part | None = None
    title_ru: Part | None = None
    date: Day | None = None
    kind: Part | None = None
    symbol: Part | None = None
    meeting: Part | None = None
    body: Part | None = None
    countries: Part | None = None
    keywords: Part | None = None

    def change(self) -> dict[str, str | Day | None]:
        """The fields that were named, as they are kept: a text of null is none."""
        named = {name: getattr(self, name) for name in self.model_fields_set - {"reason"}}
        return {name: "" if value is None and name != "date" else value for name, value in named.items()}


class HandlingOutcome(BaseModel):
    """What became of it: done, or waiting for a second registrar."""

    state: Literal["done", "waiting"]
    proposal_id: str | None


class Answering(Because):
    """The answer to a question of a document: to `hidden` keep_out, picture or take_in; to `marking` confirm."""

    question: Part
    answer: Part


class Hold(Because):
    """A legal hold, or the end of one."""

    held: bool
