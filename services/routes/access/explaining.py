"""Before and after a change: who would gain or lose what, and why somebody may do something or may not."""

from __future__ import annotations

from functools import partial

from sqlalchemy.orm import Session

from auth import policy
from auth.people import Principal
from auth.policy import Action, Scope
from services.access_changes import Administration
from services.routes.authentication import CurrentUser, guarded_router
from services.schemas.access import (
    EffectSchema,
    Explaining,
    ExplanationSchema,
    Previewing,
)

router = guarded_router("/access")


@router.post("/preview")
def preview(body: Previewing, caller: CurrentUser) -> EffectSchema:
    """Who would gain and who would lose how many documents by a change, now. Nothing is changed."""
    caller.require(Action.PREVIEW)
    scheme = caller.components.scheme
    administration = Administration(caller.components, caller.principal, caller.event)
    return EffectSchema.of(administration.preview(body.change.change(scheme)), scheme)


@router.post("/explain")
def explain_access(body: Explaining, caller: CurrentUser) -> ExplanationSchema:
    """Which rules let a person do something under a label or to a document, or do not. Documents one may see alone."""
    caller.require(Action.EXPLAIN)
    scheme, action = caller.components.scheme, Action(body.action)
    of = body.document_id if body.label is None else body.label.label(scheme)
    administration = Administration(caller.components, caller.principal, caller.event)
    explanation = administration.explain(body.username, action, of or "", partial(_reaching, caller.principal))
    return ExplanationSchema.of(body.username, action, explanation, scheme)


def _reaching(asker: Principal, session: Session) -> tuple[Scope, ...]:
    return policy.reaching(session, asker, Action.EXPLAIN)
