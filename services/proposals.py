"""All that waits for a second person: what administrators propose of access and schedules, registrars of papers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from auth.changes import approvals
from auth.changes.kinds import Decider, Proposal, ProposalKind, ProposalKinds
from auth.policy import Action
from indexer.handling.proposals.labels import LabelProposals
from indexer.handling.proposals.removals import RemovalProposals
from indexer.handling.removal import ACTIONS
from indexer.handling.unsealing import UnsealProposals
from services.access_changes import Administration
from services.components import Components


def proposal_kinds(components: Components) -> ProposalKinds:
    """All kinds, over these parts. A new one is added here."""
    removals = [RemovalProposals(components.removals, name) for name in ACTIONS]
    labels = (LabelProposals(components.relabeller), unsealing(components))
    kinds: tuple[ProposalKind, ...] = (
        AccessProposals(components),
        components.schedules,
        *labels,
        *removals,
        components.returns,
    )
    return ProposalKinds(components.database, components.trail, kinds)


def unsealing(components: Components) -> UnsealProposals:
    """What opens sealed documents again, over these parts."""
    return UnsealProposals(components.database, components.engine, components.trail)


@dataclass(frozen=True, slots=True)
class AccessProposals:
    """Changes to access, on which administrators decide."""

    components: Components
    name: ClassVar[str] = approvals.KIND
    action: ClassVar[Action] = Action.ADMINISTER

    def waiting(self, decider: Decider) -> list[Proposal]:
        """The changes that wait."""
        with self.components.database.reading() as session:
            return [
                Proposal.of(waiting_change.row, waiting_change.change, waiting_change.proposed_by)
                for waiting_change in approvals.waiting(session)
            ]

    def approve(self, decider: Decider, proposal_id: str) -> str:
        """Make a change that waited. Raises NoProposalError, ProposalError, PeopleError."""
        return self._administration(decider).approve(proposal_id).code

    def refuse(self, decider: Decider, proposal_id: str, reason: str) -> None:
        """Close a proposal without making its change. Raises as `approve` does."""
        self._administration(decider).refuse(proposal_id, reason)

    def _administration(self, decider: Decider) -> Administration:
        return Administration(self.components, decider.principal, decider.event)
