"""Changing what becomes of a document: label, times, legal hold, removal. What may not be read is not there."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from fastapi import Response

from auth import policy
from auth.policy import Action, Scope
from indexer.handling.lifecycle import AbsentError, HeldError
from indexer.handling.relabel import Handling, handling_of
from indexer.library import documents
from indexer.library.documents import Times
from indexer.library.intake import LabelError
from services.labelling import relabelled
from services.routes.authentication import Caller, CurrentUser, guarded_router
from services.schemas.handling import Because, HandlingOutcome, Hold, Relabel

router = guarded_router("/documents")


@router.patch("/{document_id}/label")
def relabel(document_id: str, body: Relabel, caller: CurrentUser) -> HandlingOutcome:
    """Change a document's label or times. When it is done, no search under the old ones shows the document."""
    with _within(caller, Action.LABEL, document_id) as scope:
        new = _handling(caller, scope, document_id, body)
        event = caller.event(Action.LABEL, document_id)
        proposal = caller.components.relabeller.relabel(scope, caller.principal, document_id, new, body.reason, event)
    return _outcome(proposal)


@router.post("/{document_id}/hold", responses={202: {"model": HandlingOutcome}})
def hold(document_id: str, body: Hold, caller: CurrentUser, response: Response) -> HandlingOutcome:
    """Forbid removing a document, which is done at once; or propose that a second registrar ends that (202)."""
    removals, proposal = caller.components.removals, ""
    with _within(caller, Action.LABEL, document_id) as scope:
        if body.held:
            removals.hold(scope, caller.principal, document_id, body.reason, caller.event("hold", document_id))
        else:
            event = caller.event("release", document_id)
            proposal = removals.release(scope, caller.principal, document_id, body.reason, event)
    response.status_code = 202 if proposal else 200
    return _outcome(proposal)


@router.post("/{document_id}/removal", status_code=202)
def remove(document_id: str, body: Because, caller: CurrentUser) -> HandlingOutcome:
    """Propose to take a document out for good. A second registrar decides."""
    with _within(caller, Action.REMOVE, document_id) as scope:
        event = caller.event(Action.REMOVE, document_id)
        proposal = caller.components.removals.remove(scope, caller.principal, document_id, body.reason, event)
    return _outcome(proposal)


def _outcome(proposal: str) -> HandlingOutcome:
    return HandlingOutcome(state="waiting" if proposal else "done", proposal_id=proposal or None)


@contextmanager
def _within(caller: Caller, action: Action, document_id: str) -> Iterator[Scope]:
    """The scope to act in; a document that proves to be outside it is refused, and the trail says why."""
    caller.require(action)
    with caller.components.database.reading() as session:
        scope = policy.scope_for(session, caller.principal, action)
    try:
        yield scope
    except AbsentError:
        with caller.components.database.reading() as session:
            caller.record(action, document_id[:64], "refused", documents.why_refused(session, document_id))
        raise
    except HeldError:
        caller.record(action, document_id, "refused", {"rule": "hold"})
        raise
    except LabelError as error:
        caller.record(action, document_id, "refused", {"rule": error.code})
        raise


def _handling(caller: Caller, scope: Scope, document_id: str, body: Relabel) -> Handling:
    """What the document's label and times would become. Raises AbsentError, and what `relabelled` raises."""
    with caller.components.database.reading() as session:
        row = documents.get(session, scope, document_id)
        if row is None:
            raise AbsentError
        old = handling_of(session, row)
        label = relabelled(
            session, caller.components.scheme, old.label, body.level, body.releasable_to, body.need_to_know
        )
    named = body.model_fields_set & set(Times.__dataclass_fields__)
    return Handling(label, replace(old.times, **{name: getattr(body, name) for name in named}))
