"""What is left of removed documents, and how two people bring one back. To all who could not read it, it is absent.

A tombstone lies under the label that the document had, and says nothing to anybody outside it: no search, list or
refusal knows of it. A registrar of the originator proposes to bring the document back, a second registrar approves.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import ClassVar, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from auth import policy
from auth.audit.entries import Event
from auth.audit.trail import CONSOLE, Trail
from auth.changes import proposals
from auth.changes.kinds import Decider, Proposal
from auth.changes.proposals import NoProposalError
from auth.database import Database, now
from auth.labels import Label
from auth.people import Principal
from auth.policy import Action, Scope
from auth.signin import vault
from auth.tables import PersonRow, ProposalRow
from indexer.engine.contract import Engine
from indexer.handling import relabel
from indexer.handling.document_proposals import refusals_recorded, require_originator, require_proposer
from indexer.handling.lifecycle import AbsentError
from indexer.handling.retention.certificates import DESTROY
from indexer.library import documents
from indexer.library.intake import LabelError
from indexer.library.states import State
from indexer.library.tables import DocumentRow, TombstoneRow
from indexer.pairs import seeking
from indexer.pipeline import index_sync

RETURN: Final = "return"  # the kind of proposals, and what the trail calls it
MOST_LISTED: Final = 1_000


@dataclass(frozen=True, slots=True)
class RemovalDecision:
    """Who removed a document, who proposed that ("": nobody had to), and why; by which schedule, if it was due."""

    removed_by: str
    proposed_by: str
    reason: str
    schedule: str = ""


@dataclass(frozen=True, slots=True)
class Tombstone:
    """A removed document. `deletes_at` is until when it can be brought back; None: it is deleted.

    While it is on legal hold (`held`) that day does not come.
    """

    document_id: str
    label: Label
    sha256: str
    removed_at: datetime
    decision: RemovalDecision
    deletes_at: datetime | None
    held: bool = False


@dataclass(frozen=True, slots=True)
class ReturnChange:
    """That a removed document is to be there again."""

    document_id: str


@dataclass(frozen=True, slots=True)
class Returns:
    """The kind of proposals by which removed documents come back, and the way to propose. `by` None is the operator."""

    database: Database
    engine: Engine
    trail: Trail
    name: ClassVar[str] = RETURN
    action: ClassVar[Action] = Action.REMOVE

    def listed(self, scope: Scope, event: Event) -> list[Tombstone]:
        """The tombstones inside a scope, the latest first; the trail says that they were shown."""
        with self.database.reading() as session:
            tombstones = listed(session, scope)
        shown = tuple(tombstone.document_id for tombstone in tombstones)
        self.trail.record(replace(event, detail={"total": len(shown)}, shown=shown))
        return tombstones

    def bring_back(self, scope: Scope, by: Principal | None, document_id: str, reason: str, event: Event) -> str:
        """Bring a removed document back, or propose it; gives the proposal's identifier, or "" where it is done.

        Raises AbsentError, LabelError, EngineError.
        """
        with self.database.session() as session:
            row = removed(session, scope, document_id)
            if row is None:
                raise AbsentError(document_id)
            label = documents.label_of(session, row)
            if by is not None:
                require_originator(by, Action.REMOVE, label)
                proposal = proposals.propose(session, RETURN, "{}", reason, by, document_id)
                self.trail.record(_told(session, row, replace(event, decision="proposed"), reason, proposal.id))
                return proposal.id
            _bring_back(session, row)
            self.trail.record(_told(session, row, event, reason))
        index_sync.sync_documents(self.database, self.engine, [document_id])
        return ""

    def waiting(self, decider: Decider) -> list[Proposal]:
        """Those about documents that this person could read."""
        with self.database.reading() as session:
            scope = decider.scope(session, Action.REMOVE)
            rows = [
                row for row in proposals.waiting(session, {RETURN}) if removed(session, scope, row.subject, lock=False)
            ]
            return [
                Proposal.of(row, ReturnChange(row.subject), session.get_one(PersonRow, row.proposed_by).username)
                for row in rows
            ]

    def approve(self, decider: Decider, proposal_id: str) -> str:
        """Bring the document back. Raises NoProposalError, ProposalError, LabelError, EngineError."""
        with (
            refusals_recorded(self.trail, decider, "approve_proposal", proposal_id),
            self.database.session() as session,
        ):
            row, document = _find(session, decider, proposal_id)
            proposals.decide(row, decider.principal, "approved")
            require_proposer(session, row, Action.REMOVE, documents.label_of(session, document))
            _bring_back(session, document)
            event = decider.event(RETURN, document.id)
            self.trail.record(_told(session, document, event, row.reason, proposal_id))
        index_sync.sync_documents(self.database, self.engine, [document.id])
        return ""

    def refuse(self, decider: Decider, proposal_id: str, reason: str) -> None:
        """Leave the document removed. Raises NoProposalError."""
        with refusals_recorded(self.trail, decider, "refuse_proposal", proposal_id), self.database.session() as session:
            row, document = _find(session, decider, proposal_id)
            proposals.decide(row, decider.principal, "refused")
            event = decider.event(RETURN, document.id, "refused")
            self.trail.record(_told(session, document, event, reason, proposal_id))


def bury(session: Session, row: DocumentRow, decision: RemovalDecision) -> None:
    """Leave a tombstone of a locked document that is about to be removed."""
    about = {**asdict(decision), "sha256": row.sha256, "state": row.state.value}
    sealed = vault.seal(session, json.dumps(about, ensure_ascii=False), _bound_to(row.id))
    session.merge(
        TombstoneRow(document=row.id, rule=row.rule, originators=row.originators, removed_at=now(), about=sealed)
    )


def tell_of_disposal(trail: Trail, session: Session, document_id: str) -> None:
    """Tell the trail that a document is deleted for good, if it was disposed of by a schedule. Raises TrailError."""
    row = session.get(TombstoneRow, document_id)
    about = _about(session, row) if row else {}
    if about.get("schedule"):
        trail.record(Event("", CONSOLE, DESTROY, document_id, detail={"sha256": about["sha256"]}))


def listed(session: Session, scope: Scope) -> list[Tombstone]:
    """The tombstones inside a scope, the latest first."""
    query = select(TombstoneRow).where(TombstoneRow.rule.in_(scope.rules))
    rows = session.scalars(query.order_by(TombstoneRow.removed_at.desc(), TombstoneRow.document).limit(MOST_LISTED))
    tombstones = [_tombstone(session, row) for row in rows]
    return [tombstone for tombstone in tombstones if tombstone is not None]


def _tombstone(session: Session, row: TombstoneRow) -> Tombstone | None:
    """A tombstone; None where its document is there again."""
    document = session.get(DocumentRow, row.document)
    if document is not None and document.state is not State.REMOVING:
        return None
    about = _about(session, row)
    label = Label(policy.rule_of(session, row.rule), frozenset(documents.split(row.originators)))
    decision = RemovalDecision(about["removed_by"], about["proposed_by"], about["reason"], about.get("schedule", ""))
    left = document if document is not None and _can_return(document) else None
    deletes_at, held = (left.deletes_at, left.legal_hold) if left else (None, False)
    return Tombstone(row.document, label, about["sha256"], row.removed_at, decision, deletes_at, held)


def removed(session: Session, scope: Scope, document_id: str, lock: bool = True) -> DocumentRow | None:
    """A removed document inside the scope that can still be brought back, else None."""
    row = index_sync.locked(session, document_id) if lock else session.get(DocumentRow, document_id)
    inside = row is not None and row.state is State.REMOVING and scope.covers(row.rule)
    return row if row is not None and inside and _can_return(row) else None


def _can_return(row: DocumentRow) -> bool:
    """Whether its file is there for certain: no worker takes it before its time."""
    return row.deletes_at is not None and (row.legal_hold or row.deletes_at > now())


def _find(session: Session, decider: Decider, proposal_id: str) -> tuple[ProposalRow, DocumentRow]:
    """A waiting proposal that this person may decide on; the document is locked before it."""
    document = removed(session, decider.scope(session, Action.REMOVE), proposals.subject_of(session, proposal_id))
    row = proposals.find(session, proposal_id, {RETURN})
    if row is None or document is None:
        raise NoProposalError
    return row, document


def _bring_back(session: Session, row: DocumentRow) -> None:
    """Make a locked document what it was before it was removed. Raises LabelError."""
    about = _about(session, session.get_one(TombstoneRow, row.id))
    same = select(DocumentRow.id).where(DocumentRow.sha256 == about["sha256"], DocumentRow.rule == row.rule)
    if other := session.scalar(same):
        raise LabelError(
            "The same file is here already under that label, as document {document_id}.",
            code="same_file",
            document_id=other,
        )
    row.state, row.sha256, row.deletes_at = State(about["state"]), about["sha256"], None
    seeking.seek_again(session, row.id)
    index_sync.due_now(row)


def _about(session: Session, row: TombstoneRow) -> dict[str, str]:
    return dict(json.loads(vault.unseal(session, row.about, _bound_to(row.document))))


def _bound_to(document_id: str) -> str:
    return f"tombstone of {document_id}"


def _told(session: Session, row: DocumentRow, event: Event, reason: str, proposal: str = "") -> Event:
    decided = {"reason": reason, "proposal": proposal} if proposal else {"reason": reason}
    return replace(event, detail={**decided, **relabel.handling_of(session, row).as_words()})
