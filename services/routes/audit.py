"""The audit trail, to an auditor: who did what to which object. Refuses everybody else, and opens nothing sealed."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Literal

from fastapi import Query
from pydantic import StringConstraints

from auth.audit.query import AuditQuery
from auth.policy import Action
from services.errors import WrongError
from services.routes.authentication import CurrentUser, guarded_router
from services.schemas.audit import ArchiveSchema, CheckpointSchema, EntrySchema, TrailPage

router = guarded_router("/audit")

Name = Annotated[str, StringConstraints(max_length=300), Query()]
Moment = Annotated[datetime | None, Query()]


@router.get("")
def trail(
    caller: CurrentUser,
    person: Name = "",
    action: Name = "",
    object: Name = "",
    decision: Literal["", "allowed", "proposed", "refused"] = "",
    since: Moment = None,
    until: Moment = None,
    before: Annotated[int | None, Query(ge=1, le=2**62)] = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
    archive: Annotated[str, StringConstraints(max_length=40), Query()] = "",
) -> TrailPage:
    """Entries of the trail, newest first. `object` finds what was shown by a search as well.

    What was archived is looked for only in the `archive` of that name; all are listed.
    """
    caller.require(Action.AUDIT)
    query = AuditQuery(person, action, object, decision, in_utc(since), in_utc(until), before)
    looked_in: dict[str, str | int] = {"archive": archive} if archive else {}
    entries = caller.components.trail.find(query, limit, archive)
    caller.record(Action.AUDIT, detail=_query_detail(query) | looked_in | {"total": len(entries)})
    archives = [ArchiveSchema.of(each, here) for each, here in caller.components.trail.archives().items()]
    following = entries[-1].number if len(entries) == limit else None
    return TrailPage(entries=[EntrySchema.of(entry) for entry in entries], next_before=following, archives=archives)


@router.get("/checkpoint")
def checkpoint(caller: CurrentUser) -> CheckpointSchema:
    """How far the trail has come, signed. Kept elsewhere, it shows later whether the trail was cut off or rewritten."""
    caller.require(Action.AUDIT)
    caller.record("audit_checkpoint")
    signed = caller.components.trail.checkpoint()
    return CheckpointSchema.model_validate_json(signed.as_line())


def _query_detail(query: AuditQuery) -> dict[str, str | int]:
    """What was looked for, for the trail."""
    fields = {name: getattr(query, name) for name in AuditQuery.__slots__}
    texts = {name: value.isoformat() if isinstance(value, datetime) else value for name, value in fields.items()}
    return {name: value for name, value in texts.items() if value}


def in_utc(moment: datetime | None) -> datetime | None:
    """A moment in UTC, which it is without a zone. Raises WrongError."""
    try:
        return moment if moment is None else moment.replace(tzinfo=moment.tzinfo or UTC).astimezone(UTC)
    except OverflowError as error:
        raise WrongError("This moment is outside the calendar.", code="outside_the_calendar") from error
