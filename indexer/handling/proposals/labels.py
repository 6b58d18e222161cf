"""Labels and times that wait for a second registrar: a kind of proposal. About an unreadable document there is none."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from auth.changes.kinds import Decider, Proposal
from auth.policy import Action
from indexer.handling import relabel
from indexer.handling.document_proposals import refusals_recorded
from indexer.handling.relabel import Handling, Relabeller


@dataclass(frozen=True, slots=True)
class LabelChange:
    """Another label, or other times, for a document."""

    document_id: str
    old: Handling
    new: Handling


@dataclass(frozen=True, slots=True)
class LabelProposals:
    """The kind. Registrars decide who may read the document."""

    relabeller: Relabeller
    name: ClassVar[str] = relabel.KIND
    action: ClassVar[Action] = Action.LABEL

    def waiting(self, decider: Decider) -> list[Proposal]:
        """Those about documents that this person may relabel."""
        with self.relabeller.database.reading() as session:
            return [
                Proposal.of(one.row, LabelChange(one.document.id, one.old, one.new), one.proposed_by)
                for one in relabel.waiting(session, decider.scope(session, self.action))
            ]

    def approve(self, decider: Decider, proposal_id: str) -> str:
        """Give the document its label. Raises NoProposalError, ProposalError, LabelError."""
        with refusals_recorded(self.relabeller.trail, decider, "approve_proposal", proposal_id):
            self.relabeller.approve(decider, proposal_id)
        return ""

    def refuse(self, decider: Decider, proposal_id: str, reason: str) -> None:
        """Leave the document its label. Raises NoProposalError."""
        with refusals_recorded(self.relabeller.trail, decider, "refuse_proposal", proposal_id):
            self.relabeller.refuse(decider, proposal_id, reason)
