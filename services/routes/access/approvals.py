"""Changes that wait for a second person: to access or to a document. A proposal not theirs is not there."""

from __future__ import annotations

from auth import policy
from auth.changes.kinds import Decider, ProposalKinds
from auth.policy import Action
from services.proposals import proposal_kinds
from services.routes.authentication import Caller, CurrentUser, guarded_router
from services.schemas.people import Why
from services.schemas.proposals import Approved, ProposalSchema

router = guarded_router("/proposals")


@router.get("")
def list_proposals(caller: CurrentUser) -> list[ProposalSchema]:
    """The changes that wait and that one may decide on, the oldest first."""
    kinds, decider = _deciding(caller)
    return [ProposalSchema.of(proposal, caller.components.scheme) for proposal in kinds.waiting(decider)]


@router.post("/{proposal_id}/approval")
def approve(proposal_id: str, caller: CurrentUser) -> Approved:
    """Let somebody else's change be made."""
    kinds, decider = _deciding(caller)
    return Approved(code=kinds.approve(decider, proposal_id) or None)


@router.post("/{proposal_id}/refusal", status_code=204)
def refuse(proposal_id: str, body: Why, caller: CurrentUser) -> None:
    """Refuse somebody else's change, or take one's own back."""
    kinds, decider = _deciding(caller)
    kinds.refuse(decider, proposal_id, body.reason)


def _deciding(caller: Caller) -> tuple[ProposalKinds, Decider]:
    """The kinds of proposals, and the caller as who decides. Raises ForbiddenError where no role opens any kind."""
    decider = Decider(
        caller.principal,
        caller.origin,
        lambda session, action: policy.scope_for(session, caller.principal, action),
    )
    kinds = proposal_kinds(caller.components)
    if not kinds.open_to(decider):
        caller.require(Action.ADMINISTER)
    return kinds, decider
