"""How long papers are kept: schedules, what is due, and certificates. What may not be read is in no list."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated

from fastapi import Query, Response
from pydantic import StringConstraints

from auth import policy
from auth.policy import Action
from indexer.handling.lifecycle import AbsentError, HeldError, NotDueError
from indexer.handling.removal import DISPOSE
from indexer.handling.retention import certificates, due, schedules
from indexer.handling.retention.certificates import NoCertificateError
from indexer.handling.retention.schedules import SCHEDULE, ScheduleError
from indexer.library import documents
from indexer.library.intake import LabelError
from services.routes.authentication import Caller, CurrentUser, guarded_router
from services.routes.retention.schemas import CertificateSchema, DueSchema, NewSchedule, ScheduleSchema
from services.schemas.handling import Because, HandlingOutcome

router = guarded_router("/retention")

_REFUSALS = {HeldError: "hold", NotDueError: "due", LabelError: "label"}


@router.get("/schedules")
def list_schedules(caller: CurrentUser) -> list[ScheduleSchema]:
    """For how long papers are kept, by kind and level. What is not listed is kept for good."""
    caller.require(Action.ADMINISTER)
    with caller.components.database.reading() as session:
        every = schedules.all_schedules(session)
    caller.record("list_schedules", detail={"total": len(every)})
    return [ScheduleSchema.of(schedule, caller.components.scheme) for schedule in every]


@router.put("/schedules", responses={202: {"model": HandlingOutcome}})
def put_schedule(body: NewSchedule, caller: CurrentUser, response: Response) -> HandlingOutcome:
    """Set for how long papers of a kind and a level are kept; a shorter time waits for a second administrator (202)."""
    caller.require(Action.ADMINISTER)
    new = body.schedule(caller.components.scheme)
    try:
        proposal = caller.components.schedules.put(new, caller.principal, body.reason, caller.event(SCHEDULE))
    except ScheduleError as error:
        caller.record(SCHEDULE, decision="refused", detail={"rule": error.code})
        raise
    response.status_code = 202 if proposal else 200
    return _outcome(proposal)


@router.get("/due")
def list_due(caller: CurrentUser) -> list[DueSchema]:
    """The papers of one's agency that were kept for as long as their schedule says; those on legal hold are not due."""
    caller.require(Action.REMOVE)
    components = caller.components
    with components.database.reading() as session:
        scope = policy.scope_for(session, caller.principal, Action.REMOVE)
    due_documents = due.listed(components.database, components.trail, scope, caller.principal, caller.event("list_due"))
    return [DueSchema.of(document, components.scheme) for document in due_documents]


@router.post("/due/{document_id}/disposal", status_code=202)
def dispose(document_id: str, body: Because, caller: CurrentUser) -> HandlingOutcome:
    """Propose to dispose of a document that is due. A second registrar decides; the trail keeps a certificate."""
    caller.require(Action.REMOVE)
    components = caller.components
    with components.database.reading() as session:
        scope = policy.scope_for(session, caller.principal, Action.REMOVE)
    with _refusals_recorded(caller, document_id):
        event = caller.event(DISPOSE, document_id)
        proposal = components.removals.dispose(scope, caller.principal, document_id, body.reason, event)
    return _outcome(proposal)


@router.get("/certificates/{document_id}")
def certificate(
    document_id: str,
    caller: CurrentUser,
    archive: Annotated[str, StringConstraints(max_length=40), Query()] = "",
) -> CertificateSchema:
    """The certificate of a disposal, made of the trail; of what was archived, from the `archive` of that name."""
    caller.require(Action.AUDIT)
    try:
        issued = certificates.certificate(caller.components.trail, document_id, archive)
    except NoCertificateError:
        caller.record("certificate", document_id[:64], "refused", {"rule": "absent"})
        raise
    caller.record("certificate", document_id)
    return CertificateSchema.model_validate(issued.as_json())


def _outcome(proposal: str) -> HandlingOutcome:
    return HandlingOutcome(state="waiting" if proposal else "done", proposal_id=proposal or None)


@contextmanager
def _refusals_recorded(caller: Caller, document_id: str) -> Iterator[None]:
    """What is refused in this block, the trail tells."""
    try:
        yield
    except AbsentError:
        with caller.components.database.reading() as session:
            caller.record(DISPOSE, document_id[:64], "refused", documents.why_refused(session, document_id))
        raise
    except (HeldError, NotDueError, LabelError) as error:
        caller.record(DISPOSE, document_id, "refused", {"rule": _REFUSALS[type(error)]})
        raise
