"""Changing what becomes of a document: label, times, legal hold, removal. What may not be read is not there."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from auth import policy
from auth.policy import Action, Scope
from indexer.handling import lifecycle
from indexer.handling.lifecycle import AbsentError, HeldError
from indexer.handling.relabel import Handling, handling_of
from indexer.library import documents
from indexer.library.documents import Times
from services.labelling import relabelled
from services.routes.authentication import Caller, CurrentUser, guarded_router
from services.schemas.handling import Because, Hold, Relabel, RelabelOutcome

router = guarded_router("/documents")


@router.patch("/{document_id}/label")
def relabel(document_id: str, body: Relabel, caller: CurrentUser) -> RelabelOutcome:
    """Change a document's label or times. When it is done, no search under the old ones shows the document."""
    with _within(caller, Action.LABEL, document_id) as scope:
        new = _handling(caller, scope, document_id, body)
        event = caller.event(Action.LABEL, document_id)
        proposal = caller.components.relabeller.relabel(scope, caller.principal, document_id, new, body.reason, event)
    return RelabelOutcome(state="waiting" if proposal else "done", proposal_id=proposal or None)


@router.post("/{document_id}/hold", status_code=204)
def hold(document_id: str, body: Hold, caller: CurrentUser) -> None:
    """Forbid removing a document, or no longer."""
    components = caller.components
    with _within(caller, Action.LABEL, document_id) as scope:
        event = caller.event("hold" if body.held else "release", document_id, detail={"reason": body.reason})
        lifecycle.hold(components.database, components.trail, scope, document_id, body.held, event)


@router.post("/{document_id}/removal", status_code=204)
def remove(document_id: str, body: Because, caller: CurrentUser) -> None:
    """Take a document out for good. When this answers, no search shows it any more."""
    components = caller.components
    with _within(caller, Action.REMOVE, document_id) as scope:
        event = caller.event(Action.REMOVE, document_id, detail={"reason": body.reason})
        lifecycle.remove(components.database, components.engine, components.trail, scope, document_id, event)


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
