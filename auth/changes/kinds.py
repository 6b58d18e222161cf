"""The kinds of changes that wait for a second person. Refuses a proposal to whoever may not decide on it, as absent.

Each layer has kinds of its own, which one registry knows; the API and the commands decide through it alone.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from sqlalchemy.orm import Session

from auth import policy
from auth.audit.entries import Event
from auth.audit.trail import Trail
from auth.changes import proposals
from auth.changes.proposals import NoProposalError
from auth.database import Database
from auth.people import OPERATOR, Principal
from auth.policy import Action, Scope
from auth.tables import ProposalRow


@dataclass(frozen=True, slots=True)
class Decider:
    """Who decides (None: the operator), where they speak from, and what scope they have for an action."""

    principal: Principal | None
    origin: str
    scope: Callable[[Session, Action], Scope]

    def may(self, action: Action) -> bool:
        """Whether some role of theirs opens the action; to the operator all are open."""
        return self.principal is None or policy.allows(self.principal, action)

    def event(
        self, action: str, object_id: str = "", decision: str = "allowed", detail: Mapping[str, str | int] | None = None
    ) -> Event:
        """What the trail says of something they do."""
        name = OPERATOR if self.principal is None else self.principal.username
        return Event(name, self.origin, action, object_id, decision, detail or {})


@dataclass(frozen=True, slots=True)
class Proposal:
    """A change that waits: a value of its kind, who proposed it when, and why."""

    proposal_id: str
    kind: str
    change: object
    reason: str
    proposed_by: str
    proposed_at: datetime

    @staticmethod
    def of(row: ProposalRow, change: object, proposed_by: str) -> Proposal:
        """From a row, the change that it holds, and the user name of who proposed it."""
        return Proposal(row.id, row.kind, change, row.reason, proposed_by, row.proposed_at)


class ProposalKind(Protocol):
    """How proposals of a kind are seen and decided on, by those to whom `action` is open."""

    @property
    def name(self) -> str:
        """What its rows are marked with."""

    @property
    def action(self) -> Action:
        """What a role must open."""

    def waiting(self, decider: Decider) -> list[Proposal]:
        """Those that this person may decide on, the oldest first."""

    def approve(self, decider: Decider, proposal_id: str) -> str:
        """Make the change, and tell the trail; gives the half of a one-time code that is told to the approver, or "".

        Raises NoProposalError where it is not theirs, ProposalError, and what making the change raises.
        """

    def refuse(self, decider: Decider, proposal_id: str, reason: str) -> None:
        """Close the proposal without making its change, and tell the trail. Raises as `approve` does."""


@dataclass(frozen=True, slots=True)
class ProposalKinds:
    """All kinds there are, and the way to each proposal's own."""

    database: Database
    trail: Trail
    kinds: Sequence[ProposalKind]

    def open_to(self, decider: Decider) -> list[ProposalKind]:
        """The kinds that some role of theirs opens."""
        return [kind for kind in self.kinds if decider.may(kind.action)]

    def waiting(self, decider: Decider) -> list[Proposal]:
        """What waits and they may decide on, by kind, the oldest first; the trail says that it was shown."""
        proposals_shown = [proposal for kind in self.open_to(decider) for proposal in kind.waiting(decider)]
        self.trail.record(decider.event("list_proposals", detail={"total": len(proposals_shown)}))
        return proposals_shown

    def approve(self, decider: Decider, proposal_id: str) -> str:
        """Let a change be made; gives what the approver is told. Raises as its kind does."""
        return self._kind(decider, "approve_proposal", proposal_id).approve(decider, proposal_id)

    def refuse(self, decider: Decider, proposal_id: str, reason: str) -> None:
        """Refuse a change, or take one's own back. Raises as its kind does."""
        self._kind(decider, "refuse_proposal", proposal_id).refuse(decider, proposal_id, reason)

    def _kind(self, decider: Decider, action: str, proposal_id: str) -> ProposalKind:
        """The kind of this proposal. Raises NoProposalError where it is not open to them, and the trail says so."""
        with self.database.reading() as session:
            name = proposals.kind_of(session, proposal_id)
        kind = next((kind for kind in self.open_to(decider) if kind.name == name), None)
        if kind is None:
            self.trail.record(decider.event(action, proposal_id[:64], "refused", {"rule": "absent"}))
            raise NoProposalError
        return kind
