"""Labels and times that wait for a second registrar: a kind of proposal. About an unreadable document there is none."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import ClassVar

from auth.changes.kinds import Decider, Proposal
from auth.changes.proposals import NoProposalError, ProposalError
from auth.policy import Action
from indexer.handling import relabel
from indexer.handling.relabel import Handling, Relabeller
from indexer.library.intake import LabelError


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
        with self._deciding(decider, "approve_proposal", proposal_id):
            self.relabeller.approve(decider, proposal_id)
        return ""

    def refuse(self, decider: Decider, proposal_id: str, reason: str) -> None:
        """Leave the document its label. Raises NoProposalError."""
        with self._deciding(decider, "refuse_proposal", proposal_id):
            self.relabeller.refuse(decider, proposal_id, reason)

    @contextmanager
    def _deciding(self, decider: Decider, action: str, proposal_id: str) -> Iterator[None]:
        """What is refused here, the trail tells."""
        try:
            yield
        except (LabelError, NoProposalError, ProposalError) as error:
            rule = {ProposalError: "proposal", NoProposalError: "absent"}.get(type(error), "label")
            self.relabeller.trail.record(decider.event(action, proposal_id[:64], "refused", {"rule": rule}))
            raise
