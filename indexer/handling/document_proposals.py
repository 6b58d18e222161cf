"""What all proposals about documents share: who may make them, and who sees them. Refuses those of other agencies.

What weakens a document's label, ends its publication, lifts its legal hold or removes it is proposed by a registrar of
an agency that it comes from, and decided on by another registrar who may read it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from sqlalchemy.orm import Session

from auth import people, policy
from auth.audit.trail import Trail
from auth.changes import proposals
from auth.changes.kinds import Decider
from auth.changes.proposals import NoProposalError, ProposalError
from auth.labels import Label
from auth.people import Principal
from auth.policy import Action, Scope
from auth.tables import PersonRow, ProposalRow
from indexer.handling.lifecycle import HeldError, NotDueError
from indexer.library import documents
from indexer.library.intake import LabelError
from indexer.library.tables import DocumentRow

_RULES = {ProposalError: "proposal", NoProposalError: "absent", HeldError: "hold", NotDueError: "due"}


@dataclass(frozen=True, slots=True)
class DocumentProposal:
    """A waiting proposal about a document, and the user name of who proposed it."""

    row: ProposalRow
    proposed_by: str
    document: DocumentRow

    @staticmethod
    def of(session: Session, row: ProposalRow, document: DocumentRow) -> DocumentProposal:
        """With the name of who proposed it."""
        return DocumentProposal(row, session.get_one(PersonRow, row.proposed_by).username, document)


def waiting(
    session: Session,
    scope: Scope,
    kinds: Collection[str],
    looked_up: Callable[[Session, Scope, str], DocumentRow | None] = documents.get,
) -> list[DocumentProposal]:
    """The proposals of these kinds about documents inside the scope, the oldest first."""
    pairs = [(row, looked_up(session, scope, row.subject)) for row in proposals.waiting(session, kinds)]
    return [DocumentProposal.of(session, row, document) for row, document in pairs if document is not None]


def require_originator(by: Principal, action: Action, label: Label) -> None:
    """Raise LabelError unless the person is a registrar of an agency that a document of this label comes from."""
    if not _is_originator(by, action, label):
        raise LabelError(
            "Only a registrar of {originators}, which the document comes from, may propose this,"
            " and a second registrar decides.",
            code="not_the_originator",
            originators=", ".join(sorted(label.originators)),
        )


def require_proposer(session: Session, row: ProposalRow, action: Action, label: Label) -> None:
    """Raise ProposalError unless whoever made the proposal still is such a registrar."""
    proposer = people.principal(session, row.proposed_by)
    if proposer is None or not _is_originator(proposer, action, label):
        raise ProposalError(
            "Whoever proposed this is no longer a registrar of its originator.", code="proposer_no_registrar"
        )


@contextmanager
def refusals_recorded(trail: Trail, decider: Decider, action: str, proposal_id: str) -> Iterator[None]:
    """What is refused in this block, the trail tells."""
    try:
        yield
    except (LabelError, NoProposalError, ProposalError, HeldError, NotDueError) as error:
        rule = _RULES.get(type(error), "label")
        trail.record(decider.event(action, proposal_id[:64], "refused", {"rule": rule}))
        raise


def _is_originator(by: Principal, action: Action, label: Label) -> bool:
    return by.agency in label.originators and policy.permits(by, action, label)
