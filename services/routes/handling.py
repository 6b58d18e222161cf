"""Changing what becomes of a document: label, times, legal hold, removal. What may not be read is not there."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from typing import Annotated, Literal

from pydantic import BaseModel, Field, StringConstraints

from auth import policy
from auth.policy import Action, Scope
from indexer.handling import lifecycle
from indexer.handling.lifecycle import AbsentError, HeldError
from indexer.handling.relabel import Handling, handling_of
from indexer.library import documents
from indexer.library.documents import Times
from services.labelling import relabelled
from services.routes.authentication import Asking, Caller, guarded_router
from services.schemas.changes import Reason, Strict, When

router = guarded_router("/documents")

Short = Annotated[str, StringConstraints(max_length=2_000)]


class Because(Strict):
    """Why something is done; kept in the audit trail."""

    reason: Reason


class Relabel(Because):
    """Parts of a label, and times, to change. What is not named stays; a time of null is taken away."""

    level: Short | None = None
    releasable_to: Literal["ALL"] | Annotated[list[Short], Field(max_length=1_000)] | None = None
    need_to_know: Short | None = None
    embargo_until: When | None = None
    expires_at: When | None = None
    review_on: date | None = None


class Relabelled(BaseModel):
    """What became of it: done, or waiting for a second registrar."""

    state: Literal["done", "waiting"]
    proposal_id: str | None


class Hold(Because):
    """A legal hold, or the end of one."""

    held: bool


@router.patch("/{document_id}/label")
def relabel(document_id: str, body: Relabel, asking: Asking) -> Relabelled:
    """Change a document's label or times. When it is done, no search under the old ones shows the document."""
    with _within(asking, Action.LABEL, document_id) as scope:
        new = _handling(asking, scope, document_id, body)
        event = asking.event(Action.LABEL, document_id)
        proposal = asking.parts.relabeller.relabel(scope, asking.principal, document_id, new, body.reason, event)
    return Relabelled(state="waiting" if proposal else "done", proposal_id=proposal or None)


@router.post("/{document_id}/hold", status_code=204)
def hold(document_id: str, body: Hold, asking: Asking) -> None:
    """Forbid removing a document, or no longer."""
    parts = asking.parts
    with _within(asking, Action.LABEL, document_id) as scope:
        event = asking.event("hold" if body.held else "release", document_id, detail={"reason": body.reason})
        lifecycle.hold(parts.database, parts.trail, scope, document_id, body.held, event)


@router.post("/{document_id}/removal", status_code=204)
def remove(document_id: str, body: Because, asking: Asking) -> None:
    """Take a document out for good. When this answers, no search shows it any more."""
    parts = asking.parts
    with _within(asking, Action.REMOVE, document_id) as scope:
        event = asking.event(Action.REMOVE, document_id, detail={"reason": body.reason})
        lifecycle.remove(parts.database, parts.engine, parts.trail, scope, document_id, event)


@contextmanager
def _within(asking: Caller, action: Action, document_id: str) -> Iterator[Scope]:
    """The scope to act in; a document that proves to be outside it is refused, and the trail says why."""
    asking.must(action)
    with asking.parts.database.reading() as session:
        scope = policy.scope_for(session, asking.principal, action)
    try:
        yield scope
    except AbsentError:
        with asking.parts.database.reading() as session:
            asking.record(action, document_id[:64], "refused", documents.why_refused(session, document_id))
        raise
    except HeldError:
        asking.record(action, document_id, "refused", {"rule": "hold"})
        raise


def _handling(asking: Caller, scope: Scope, document_id: str, body: Relabel) -> Handling:
    """What the document's label and times would become. Raises AbsentError, and what `relabelled` raises."""
    with asking.parts.database.reading() as session:
        row = documents.get(session, scope, document_id)
        if row is None:
            raise AbsentError
        old = handling_of(session, row)
        label = relabelled(session, asking.parts.scheme, old.label, body.level, body.releasable_to, body.need_to_know)
    named = body.model_fields_set & set(Times.__dataclass_fields__)
    return Handling(label, replace(old.times, **{name: getattr(body, name) for name in named}))
