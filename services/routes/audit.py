"""The audit trail, to an auditor: who did what to which object. Refuses everybody else, and opens nothing sealed."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Annotated, Any, Literal

from fastapi import Query
from pydantic import BaseModel, StringConstraints

from auth.audit.query import Wanted
from auth.audit.trail import Entry
from auth.policy import Action
from services.errors import WrongError
from services.routes.authentication import Asking, guarded_router

router = guarded_router("/audit")

Name = Annotated[str, StringConstraints(max_length=300), Query()]
Moment = Annotated[datetime | None, Query()]


class EntryShape(BaseModel):
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
    def of(entry: Entry) -> EntryShape:
        """From an entry."""
        return EntryShape(
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

    entries: list[EntryShape]
    next_before: int | None


class CheckpointShape(BaseModel):
    """How far the trail has come, signed by the service (Ed25519). To be kept elsewhere as it is."""

    format: str
    number: int
    digest: str
    at: str
    key: str
    signature: str


@router.get("")
def trail(
    asking: Asking,
    person: Name = "",
    action: Name = "",
    object: Name = "",
    decision: Literal["", "allowed", "proposed", "refused"] = "",
    since: Moment = None,
    until: Moment = None,
    before: Annotated[int | None, Query(ge=1, le=2**62)] = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> TrailPage:
    """Entries of the trail, newest first. `object` finds what was shown by a search as well."""
    asking.must(Action.AUDIT)
    wanted = Wanted(person, action, object, decision, _utc(since), _utc(until), before)
    found = asking.parts.trail.find(wanted, limit)
    asking.record(Action.AUDIT, detail=_asked(wanted) | {"total": len(found)})
    following = found[-1].number if len(found) == limit else None
    return TrailPage(entries=[EntryShape.of(entry) for entry in found], next_before=following)


@router.get("/checkpoint")
def checkpoint(asking: Asking) -> CheckpointShape:
    """How far the trail has come, signed. Kept elsewhere, it shows later whether the trail was cut off or rewritten."""
    asking.must(Action.AUDIT)
    asking.record("audit_checkpoint")
    made = asking.parts.trail.checkpoint()
    return CheckpointShape.model_validate_json(made.as_line())


def _asked(wanted: Wanted) -> dict[str, str | int]:
    """What was looked for, for the trail."""
    given = {name: getattr(wanted, name) for name in Wanted.__slots__}
    texts = {name: value.isoformat() if isinstance(value, datetime) else value for name, value in given.items()}
    return {name: value for name, value in texts.items() if value}


def _utc(moment: datetime | None) -> datetime | None:
    try:
        return moment if moment is None else moment.replace(tzinfo=moment.tzinfo or UTC).astimezone(UTC)
    except OverflowError as error:
        raise WrongError("This moment is outside the calendar.") from error
