"""Changes that wait for a second person: to access or to a document's label. A proposal not theirs is not there."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final

from auth import policy
from auth.changes import approvals, proposals
from auth.changes.proposals import NoProposalError, ProposalError
from auth.policy import Action
from indexer.handling import relabel
from indexer.library.intake import LabelError
from services.routes.administration import administration
from services.routes.authentication import Caller, CurrentUser, guarded_router
from services.schemas.changes import schema_of
from services.schemas.labels import HandlingSchema
from services.schemas.people import Why
from services.schemas.proposals import Approved, ProposalSchema, RelabelSchema

router = guarded_router("/proposals")


@dataclass(frozen=True, slots=True)
class Kind:
    """How proposals of a kind are seen and decided on, by those to whom `action` is open.

    `waiting` gives those that this person may decide on, `approve` what they are told, `refuse` takes a reason; the
    last two raise NoProposalError for all others.
    """

    action: Action
    waiting: Callable[[Caller], list[ProposalSchema]]
    approve: Callable[[Caller, str], str]
    refuse: Callable[[Caller, str, str], object]


def _waiting(caller: Caller) -> list[ProposalSchema]:
    return [
        ProposalSchema(
            proposal_id=one.row.id,
            kind="access",
            change=schema_of(one.change, caller.components.scheme),
            reason=one.row.reason,
            proposed_by=one.proposed_by,
            proposed_at=one.row.proposed_at,
        )
        for one in administration(caller).waiting()
    ]


def _waiting_relabels(caller: Caller) -> list[ProposalSchema]:
    scheme = caller.components.scheme
    with caller.components.database.reading() as session:
        found = relabel.waiting(session, policy.scope_for(session, caller.principal, Action.LABEL))
        shapes = [
            ProposalSchema(
                proposal_id=one.row.id,
                kind="relabel",
                change=RelabelSchema(
                    document_id=one.document.id,
                    old=HandlingSchema.of(one.old, scheme),
                    new=HandlingSchema.of(one.new, scheme),
                ),
                reason=one.row.reason,
                proposed_by=one.proposed_by,
                proposed_at=one.row.proposed_at,
            )
            for one in found
        ]
    caller.record("list_proposals", detail={"total": len(shapes)})
    return shapes


def _approve_relabel(caller: Caller, proposal_id: str) -> str:
    with _deciding(caller, "approve_proposal", proposal_id):
        caller.components.relabeller.approve(caller.principal, proposal_id, caller.event(Action.LABEL))
    return ""


def _refuse_relabel(caller: Caller, proposal_id: str, reason: str) -> None:
    with _deciding(caller, "refuse_proposal", proposal_id):
        caller.components.relabeller.refuse(caller.principal, proposal_id, reason, caller.event(Action.LABEL))


@contextmanager
def _deciding(caller: Caller, action: str, proposal_id: str) -> Iterator[None]:
    """What is refused here, the trail tells."""
    try:
        yield
    except (LabelError, NoProposalError, ProposalError) as error:
        rule = {ProposalError: "proposal", NoProposalError: "absent"}.get(type(error), "label")
        caller.record(action, proposal_id[:64], "refused", {"rule": rule})
        raise


KINDS: Final[Mapping[str, Kind]] = {
    approvals.KIND: Kind(
        Action.ADMINISTER,
        _waiting,
        lambda caller, proposal_id: administration(caller).approve(proposal_id).code,
        lambda caller, proposal_id, reason: administration(caller).refuse(proposal_id, reason),
    ),
    relabel.KIND: Kind(Action.LABEL, _waiting_relabels, _approve_relabel, _refuse_relabel),
}


@router.get("")
def list_proposals(caller: CurrentUser) -> list[ProposalSchema]:
    """The changes that wait and that one may decide on, the oldest first."""
    return [shape for kind in _open(caller).values() for shape in kind.waiting(caller)]


@router.post("/{proposal_id}/approval")
def approve(proposal_id: str, caller: CurrentUser) -> Approved:
    """Let somebody else's change be made."""
    return Approved(code=_kind(caller, "approve_proposal", proposal_id).approve(caller, proposal_id) or None)


@router.post("/{proposal_id}/refusal", status_code=204)
def refuse(proposal_id: str, body: Why, caller: CurrentUser) -> None:
    """Refuse somebody else's change, or take one's own back."""
    _kind(caller, "refuse_proposal", proposal_id).refuse(caller, proposal_id, body.reason)


def _open(caller: Caller) -> dict[str, Kind]:
    """The kinds that some role of theirs opens. Raises ForbiddenError where there is none."""
    found = {name: kind for name, kind in KINDS.items() if policy.allows(caller.principal, kind.action)}
    if not found:
        caller.require(Action.ADMINISTER)
    return found


def _kind(caller: Caller, action: str, proposal_id: str) -> Kind:
    """How to decide on this proposal. Raises ForbiddenError, and NoProposalError where its kind is not theirs."""
    found = _open(caller)
    with caller.components.database.reading() as session:
        kind = found.get(proposals.kind_of(session, proposal_id))
    if kind is None:
        caller.record(action, proposal_id[:64], decision="refused", detail={"rule": "absent"})
        raise NoProposalError
    return kind
