"""Changes that wait for a second person: to access or to a document's label. A proposal not theirs is not there."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal

from pydantic import BaseModel

from auth import policy
from auth.changes import approvals, proposals
from auth.changes.proposals import NoProposalError, ProposalError
from auth.policy import Action
from auth.scheme import Scheme
from indexer.handling import relabel
from indexer.handling.relabel import Handling
from indexer.library.intake import LabelError
from services.routes.administration import Why, administration
from services.routes.authentication import Asking, Caller, guarded_router
from services.schemas.changes import AnyChange, shape_of
from services.schemas.schemas import LabelShape, TimesShape

router = guarded_router("/proposals")


class HandlingShape(BaseModel):
    """Who may read a document, and when."""

    label: LabelShape
    times: TimesShape

    @staticmethod
    def of(handling: Handling, scheme: Scheme) -> HandlingShape:
        """From a handling."""
        return HandlingShape(label=LabelShape.of(handling.label, scheme), times=TimesShape.of(handling.times))


class RelabelShape(BaseModel):
    """Another label or other times for a document."""

    kind: Literal["relabel"] = "relabel"
    document_id: str
    old: HandlingShape
    new: HandlingShape


class ProposalShape(BaseModel):
    """A change that waits, who proposed it, and why. `change` to access is as a preview takes it."""

    proposal_id: str
    kind: Literal["access", "relabel"]
    change: AnyChange | RelabelShape
    reason: str
    proposed_by: str
    proposed_at: datetime


class Approved(BaseModel):
    """The change was made. `code`: the second half of the person's one-time code, shown this once."""

    state: Literal["done"] = "done"
    code: str | None


@dataclass(frozen=True, slots=True)
class Kind:
    """How proposals of a kind are seen and decided on, by those to whom `action` is open.

    `waiting` gives those that this person may decide on, `approve` what they are told, `refuse` takes a reason; the
    last two raise NoProposalError for all others.
    """

    action: Action
    waiting: Callable[[Caller], list[ProposalShape]]
    approve: Callable[[Caller, str], str]
    refuse: Callable[[Caller, str, str], object]


def _waiting(asking: Caller) -> list[ProposalShape]:
    return [
        ProposalShape(
            proposal_id=one.row.id,
            kind="access",
            change=shape_of(one.change, asking.parts.scheme),
            reason=one.row.reason,
            proposed_by=one.proposed_by,
            proposed_at=one.row.proposed_at,
        )
        for one in administration(asking).waiting()
    ]


def _waiting_relabels(asking: Caller) -> list[ProposalShape]:
    scheme = asking.parts.scheme
    with asking.parts.database.reading() as session:
        found = relabel.waiting(session, policy.scope_for(session, asking.principal, Action.LABEL))
        shapes = [
            ProposalShape(
                proposal_id=one.row.id,
                kind="relabel",
                change=RelabelShape(
                    document_id=one.document.id,
                    old=HandlingShape.of(one.old, scheme),
                    new=HandlingShape.of(one.new, scheme),
                ),
                reason=one.row.reason,
                proposed_by=one.proposed_by,
                proposed_at=one.row.proposed_at,
            )
            for one in found
        ]
    asking.record("list_proposals", detail={"total": len(shapes)})
    return shapes


def _approve_relabel(asking: Caller, proposal_id: str) -> str:
    with _deciding(asking, "approve_proposal", proposal_id):
        asking.parts.relabeller.approve(asking.principal, proposal_id, asking.event(Action.LABEL))
    return ""


def _refuse_relabel(asking: Caller, proposal_id: str, reason: str) -> None:
    with _deciding(asking, "refuse_proposal", proposal_id):
        asking.parts.relabeller.refuse(asking.principal, proposal_id, reason, asking.event(Action.LABEL))


@contextmanager
def _deciding(asking: Caller, action: str, proposal_id: str) -> Iterator[None]:
    """What is refused here, the trail tells."""
    try:
        yield
    except (LabelError, NoProposalError, ProposalError) as error:
        rule = {ProposalError: "proposal", NoProposalError: "absent"}.get(type(error), "label")
        asking.record(action, proposal_id[:64], "refused", {"rule": rule})
        raise


KINDS: Final[Mapping[str, Kind]] = {
    approvals.KIND: Kind(
        Action.ADMINISTER,
        _waiting,
        lambda asking, proposal_id: administration(asking).approve(proposal_id).code,
        lambda asking, proposal_id, reason: administration(asking).refuse(proposal_id, reason),
    ),
    relabel.KIND: Kind(Action.LABEL, _waiting_relabels, _approve_relabel, _refuse_relabel),
}


@router.get("")
def list_proposals(asking: Asking) -> list[ProposalShape]:
    """The changes that wait and that one may decide on, the oldest first."""
    return [shape for kind in _open(asking).values() for shape in kind.waiting(asking)]


@router.post("/{proposal_id}/approval")
def approve(proposal_id: str, asking: Asking) -> Approved:
    """Let somebody else's change be made."""
    return Approved(code=_kind(asking, "approve_proposal", proposal_id).approve(asking, proposal_id) or None)


@router.post("/{proposal_id}/refusal", status_code=204)
def refuse(proposal_id: str, body: Why, asking: Asking) -> None:
    """Refuse somebody else's change, or take one's own back."""
    _kind(asking, "refuse_proposal", proposal_id).refuse(asking, proposal_id, body.reason)


def _open(asking: Caller) -> dict[str, Kind]:
    """The kinds that some role of theirs opens. Raises ForbiddenError where there is none."""
    found = {name: kind for name, kind in KINDS.items() if policy.allows(asking.principal, kind.action)}
    if not found:
        asking.must(Action.ADMINISTER)
    return found


def _kind(asking: Caller, action: str, proposal_id: str) -> Kind:
    """How to decide on this proposal. Raises ForbiddenError, and NoProposalError where its kind is not theirs."""
    found = _open(asking)
    with asking.parts.database.reading() as session:
        kind = found.get(proposals.kind_of(session, proposal_id))
    if kind is None:
        asking.record(action, proposal_id[:64], decision="refused", detail={"rule": "absent"})
        raise NoProposalError
    return kind
