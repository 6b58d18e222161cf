"""Proving the audit trail and taking it away, for an auditor. Refuses what one request should not take as long as."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from fastapi import Response
from fastapi.responses import FileResponse
from starlette.background import BackgroundTask

from auth.audit import export as exporting
from auth.audit.checkpoints import CheckpointError
from auth.audit.entries import TrailError
from auth.errors import ErrorKind, TolmachError
from auth.policy import Action
from services.errors import WrongError
from services.routes.audit import Moment, in_utc
from services.routes.authentication import Caller, CurrentUser, guarded_router
from services.schemas.audit import ProofSchema, Proving

MOST_PROVEN: Final = 1_000_000  # entries in one request: some twenty seconds' work
MOST_EXPORTED: Final = 200_000

router = guarded_router("/audit")


class ProvingBusyError(TolmachError):
    """Somebody else has the trail proven or exported just now."""

    kind = ErrorKind.BUSY
    code = "proving_busy"
    sentence = "The audit trail is being proven or exported for somebody else. Try again in a minute."


@router.post("/proof")
def prove(body: Proving, caller: CurrentUser) -> ProofSchema:
    """Look at every entry: whether the chain is whole, and fits a checkpoint that was kept elsewhere."""
    caller.require(Action.AUDIT)
    trail = caller.components.trail
    with _turn_to_prove(caller):
        caller.record("audit_verify", detail={"checkpoint": body.checkpoint.number} if body.checkpoint else {})
        _check_number(trail.count(), MOST_PROVEN, "tolmach audit verify")
        elsewhere = [archive.name for archive, here in trail.archives().items() if not here]
        try:
            entries = trail.verify([body.checkpoint.as_value()] if body.checkpoint else [])
        except (TrailError, CheckpointError) as error:
            return ProofSchema(whole=False, entries=0, broken=str(error), elsewhere=elsewhere)
    return ProofSchema(whole=True, entries=entries, broken="", elsewhere=elsewhere)


@router.get("/export", response_class=FileResponse)
def export(caller: CurrentUser, since: Moment = None, until: Moment = None) -> Response:
    """The trail of a time as JSON lines that `deploy/verify_audit.py` proves alone: docs/audit.md."""
    caller.require(Action.AUDIT)
    since, until = in_utc(since), in_utc(until)
    named = {name: moment.isoformat() for name, moment in (("since", since), ("until", until)) if moment}
    trail = caller.components.trail
    with _turn_to_prove(caller):
        caller.record("audit_export", detail=named)
        span = trail.span(since, until)
        if span is None:
            raise WrongError("The audit trail has no entry of that time.", code="no_entries")
        _check_number(span[1] - span[0] + 1, MOST_EXPORTED, "tolmach audit export")
        folder = TemporaryDirectory(prefix="tolmach-export-")
        try:
            exporting.export(trail, Path(folder.name, "trail"), since, until)
        except BaseException:
            folder.cleanup()
            raise
    name = f"audit-{span[0]}-{span[1]}.jsonl"
    return FileResponse(
        Path(folder.name, "trail"),
        media_type="application/jsonl",
        headers={"Content-Disposition": f"attachment; filename=\"{name}\"; filename*=UTF-8''{name}"},
        background=BackgroundTask(folder.cleanup),
    )


@contextmanager
def _turn_to_prove(caller: Caller) -> Iterator[None]:
    """One at a time: either reads the whole trail. Raises ProvingBusyError."""
    turn = caller.components.proving
    if not turn.acquire(blocking=False):
        raise ProvingBusyError
    try:
        yield
    finally:
        turn.release()


def _check_number(entries: int, most: int, command: str) -> None:
    if entries > most:
        raise WrongError(
            "That is {entries} entries, and {most} are the most here. Take a shorter time, or ask for: {command}",
            code="too_long_a_trail",
            entries=entries,
            most=most,
            command=command,
        )
