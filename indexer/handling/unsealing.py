"""Opens sealed documents again, by two registrars: a kind of proposal. Refuses whoever may not read them either way.

Whoever decides may read the document under the label that the trail tells and under the one that the database had.
To take the latter, where it is the weaker, needs a registrar of the originator, as any weakening does.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import ClassVar, Final, Literal

from sqlalchemy import select
from sqlalchemy.orm import Session

from auth import people, policy
from auth.audit.trail import Trail
from auth.changes import proposals
from auth.changes.kinds import Decider, Proposal
from auth.changes.proposals import NoProposalError, ProposalError
from auth.database import Database
from auth.labels import Label, join
from auth.people import Principal
from auth.policy import Action
from auth.tables import PersonRow, ProposalRow
from indexer.engine.contract import Engine
from indexer.handling import relabel
from indexer.handling.document_proposals import refusals_recorded
from indexer.handling.lifecycle import AbsentError
from indexer.handling.proposals.labels import LabelChange
from indexer.handling.relabel import Handling, handling_as_json, handling_from_json
from indexer.library import documents
from indexer.library.intake import LabelError
from indexer.library.tables import DocumentRow, SealedDocumentRow
from indexer.pipeline import index_sync

KIND: Final = "unseal"
Choice = Literal["trail", "database"]


@dataclass(frozen=True, slots=True)
class SealedDocument:
    """A sealed document: how the database had it, how the trail tells it in which entry, and whether as removed."""

    document_id: str
    database: Handling
    trail: Handling
    entry: int
    removed: bool

    def label(self) -> Label:
        """What lets somebody read only what they may read either way."""
        return join(self.database.label, self.trail.label)

    def handling(self, choice: Choice) -> Handling:
        """What the document becomes."""
        return self.trail if choice == "trail" else self.database


@dataclass(frozen=True, slots=True)
class UnsealProposals:
    """The kind, and the way to propose."""

    database: Database
    engine: Engine
    trail: Trail
    name: ClassVar[str] = KIND
    action: ClassVar[Action] = Action.LABEL

    def sealed(self, decider: Decider) -> list[SealedDocument]:
        """The sealed documents on which this person may decide."""
        with self.database.reading() as session:
            rows = session.scalars(select(SealedDocumentRow).order_by(SealedDocumentRow.document))
            told = [_sealed_document(session, row) for row in rows]
        return [document for document in told if _may_decide(decider.principal, document)]

    def propose(self, decider: Decider, document_id: str, choice: Choice, reason: str) -> str:
        """Propose to open a document as the trail or the database has it; gives the proposal's identifier.

        Raises AbsentError, LabelError.
        """
        by = decider.principal
        with self.database.session() as session:
            row = session.get(SealedDocumentRow, document_id)
            document = _sealed_document(session, row) if row is not None else None
            if by is None or document is None or not _may_decide(by, document):
                raise AbsentError(document_id)
            new = document.handling(choice)
            _check_originator(by, document, new)
            change = {"old": handling_as_json(document.database), "new": handling_as_json(new)}
            proposal = proposals.propose(session, KIND, json.dumps(change, ensure_ascii=False), reason, by, document_id)
            event = replace(decider.event(Action.LABEL, document_id), decision="proposed")
            self.trail.record(relabel.telling(event, document.database, new, reason, proposal.id))
        return proposal.id

    def waiting(self, decider: Decider) -> list[Proposal]:
        """Those about sealed documents on which this person may decide."""
        with self.database.reading() as session:
            told = [(row, _subject(session, decider, row)) for row in proposals.waiting(session, {KIND})]
            return [
                Proposal.of(row, _change(row, document), session.get_one(PersonRow, row.proposed_by).username)
                for row, document in told
                if document is not None
            ]

    def approve(self, decider: Decider, proposal_id: str) -> str:
        """Open the document. Raises NoProposalError, ProposalError, LabelError."""
        with (
            refusals_recorded(self.trail, decider, "approve_proposal", proposal_id),
            self.database.session() as session,
        ):
            row, document = _find(session, decider, proposal_id)
            proposals.decide(row, decider.principal, "approved")
            new = _change(row, document).new
            proposer = people.principal(session, row.proposed_by)
            if proposer is None or not _may_decide(proposer, document):
                raise ProposalError(
                    "Whoever proposed this may not decide on the document any more.", code="proposer_may_not_decide"
                )
            _check_originator(proposer, document, new)
            _open(session, decider.principal, document, new)
            event = decider.event(Action.LABEL, document.document_id)
            self.trail.record(relabel.telling(event, document.database, new, row.reason, proposal_id))
        index_sync.sync_documents(self.database, self.engine, [document.document_id])
        return ""

    def refuse(self, decider: Decider, proposal_id: str, reason: str) -> None:
        """Leave the document sealed. Raises NoProposalError."""
        with refusals_recorded(self.trail, decider, "refuse_proposal", proposal_id), self.database.session() as session:
            row, document = _find(session, decider, proposal_id)
            proposals.decide(row, decider.principal, "refused")
            event = decider.event(Action.LABEL, document.document_id, "refused")
            new = _change(row, document).new
            self.trail.record(relabel.telling(event, document.database, new, reason, proposal_id))


def _sealed_document(session: Session, row: SealedDocumentRow) -> SealedDocument:
    document = session.get_one(DocumentRow, row.document)
    originators = frozenset(documents.split(document.originators))
    database = Handling(Label(policy.rule_of(session, row.rule), originators), documents.times_of(document))
    return SealedDocument(
        row.document, database, handling_from_json(json.loads(row.told), originators), row.entry, row.removed
    )


def _may_decide(by: Principal | None, document: SealedDocument) -> bool:
    return by is None or policy.permits(by, Action.LABEL, document.label())


def _check_originator(by: Principal, document: SealedDocument, new: Handling) -> None:
    if not new.at_least_as_strict_as(document.trail) and by.agency not in document.database.label.originators:
        raise LabelError(
            "Only a registrar of an agency that the document comes from may open it weaker than the trail tells.",
            code="weaker_than_trail",
        )


def _subject(session: Session, decider: Decider, row: ProposalRow) -> SealedDocument | None:
    """The document that a proposal is about, if it is sealed still and this person may decide on it."""
    sealed = session.get(SealedDocumentRow, row.subject)
    document = _sealed_document(session, sealed) if sealed is not None else None
    return document if document is not None and _may_decide(decider.principal, document) else None


def _find(session: Session, decider: Decider, proposal_id: str) -> tuple[ProposalRow, SealedDocument]:
    row = proposals.find(session, proposal_id, {KIND})
    if row is None or index_sync.locked(session, row.subject) is None:
        raise NoProposalError
    document = _subject(session, decider, row)
    if document is None:
        raise NoProposalError
    return row, document


def _change(row: ProposalRow, document: SealedDocument) -> LabelChange:
    kept = json.loads(row.change)
    old, new = (handling_from_json(kept[name], document.database.label.originators) for name in ("old", "new"))
    return LabelChange(document.document_id, old, new)


def _open(session: Session, by: Principal | None, document: SealedDocument, new: Handling) -> None:
    row = session.get_one(DocumentRow, document.document_id)
    sealed = session.get_one(SealedDocumentRow, document.document_id)
    row.sha256 = sealed.sha256
    relabel.check_handling(session, by, row, new)
    relabel.apply_handling(session, row, new)
    session.delete(sealed)
