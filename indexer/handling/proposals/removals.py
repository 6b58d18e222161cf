"""Removals, disposals and ends of legal holds that wait. About an unreadable document there is none."""

from __future__ import annotations

from dataclasses import dataclass

from auth.changes.kinds import Decider, Proposal
from auth.policy import Action
from indexer.handling import document_proposals
from indexer.handling.document_proposals import refusals_recorded
from indexer.handling.removal import ACTIONS, Removals, looked_up


@dataclass(frozen=True, slots=True)
class RemovalChange:
    """What is to happen, `remove`, `dispose` or `release`, and to which document."""

    kind: str
    document_id: str


@dataclass(frozen=True, slots=True)
class RemovalProposals:
    """One of the kinds, `remove`, `dispose` or `release`. Registrars decide who may read the document."""

    removals: Removals
    name: str

    @property
    def action(self) -> Action:
        """What a role must open."""
        return ACTIONS[self.name]

    def waiting(self, decider: Decider) -> list[Proposal]:
        """Those about documents that this person may remove, or hold."""
        with self.removals.database.reading() as session:
            scope, find = decider.scope(session, self.action), looked_up(self.name)
            return [
                Proposal.of(proposal.row, RemovalChange(self.name, proposal.document.id), proposal.proposed_by)
                for proposal in document_proposals.waiting(session, scope, {self.name}, find)
            ]

    def approve(self, decider: Decider, proposal_id: str) -> str:
        """Let it happen. Raises NoProposalError, ProposalError, HeldError, NotDueError, EngineError."""
        with refusals_recorded(self.removals.trail, decider, "approve_proposal", proposal_id):
            self.removals.approve(decider, self.name, proposal_id)
        return ""

    def refuse(self, decider: Decider, proposal_id: str, reason: str) -> None:
        """Leave the document as it is. Raises NoProposalError."""
        with refusals_recorded(self.removals.trail, decider, "refuse_proposal", proposal_id):
            self.removals.refuse(decider, self.name, proposal_id, reason)
