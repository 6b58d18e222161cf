"""Removed documents: what is left of them, and bringing one back. What one could not read is not there."""

from __future__ import annotations

from auth import policy
from auth.policy import Action
from indexer.handling.lifecycle import AbsentError
from indexer.handling.tombstones import RETURN
from indexer.library import documents
from indexer.library.intake import LabelError
from services.routes.authentication import CurrentUser, guarded_router
from services.schemas.handling import Because, HandlingOutcome
from services.schemas.removed import TombstoneSchema

router = guarded_router("/removed")


@router.get("")
def removed(caller: CurrentUser) -> list[TombstoneSchema]:
    """The removed documents that one could read: who removed them when and why, and until when they can come back."""
    caller.require(Action.REMOVE)
    components = caller.components
    with components.database.reading() as session:
        scope = policy.scope_for(session, caller.principal, Action.REMOVE)
    return [
        TombstoneSchema.of(tombstone, components.scheme)
        for tombstone in components.returns.listed(scope, caller.event("list_removed"))
    ]


@router.post("/{document_id}/return", status_code=202)
def bring_back(document_id: str, body: Because, caller: CurrentUser) -> HandlingOutcome:
    """Propose to bring a removed document back as it was. A second registrar decides."""
    caller.require(Action.REMOVE)
    components = caller.components
    with components.database.reading() as session:
        scope = policy.scope_for(session, caller.principal, Action.REMOVE)
    event = caller.event(RETURN, document_id)
    try:
        proposal = components.returns.bring_back(scope, caller.principal, document_id, body.reason, event)
    except AbsentError:
        with components.database.reading() as session:
            caller.record(RETURN, document_id[:64], "refused", documents.why_refused(session, document_id))
        raise
    except LabelError as error:
        caller.record(RETURN, document_id, "refused", {"rule": error.code})
        raise
    return HandlingOutcome(state="waiting" if proposal else "done", proposal_id=proposal or None)
