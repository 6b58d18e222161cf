"""Legal holds and removals. Refuses to lift a hold or remove a document without its originator and a second registrar.

Any registrar who may read a document places a hold. The operator at the console does all of it alone, but for disposal:
a document that is due by its schedule is disposed of by two people, and the trail keeps what a certificate is made of.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Final

from sqlalchemy.orm import Session

from auth.audit.entries import Event
from auth.audit.trail import Trail
from auth.changes import proposals
from auth.changes.kinds import Decider
from auth.changes.proposals import NoProposalError, ProposalError
from auth.database import Database, now
from auth.people import Principal
from auth.policy import Action, Scope
from indexer.engine.contract import Engine
from indexer.handling import lifecycle, tombstones
from indexer.handling.document_proposals import DocumentProposal, require_originator, require_proposer
from indexer.handling.lifecycle import HeldError
from indexer.handling.retention import due
from indexer.handling.tombstones import RemovalDecision
from indexer.library import documents
from indexer.library.states import State
from indexer.library.tables import DocumentRow
from indexer.pairs import lending, seeking
from indexer.pipeline import index_sync

REMOVE: Final = "remove"  # the kinds of proposals, and what the trail calls them
RELEASE: Final = "release"
DISPOSE: Final = "dispose"
ACTIONS: Final[Mapping[str, Action]] = {REMOVE: Action.REMOVE, RELEASE: Action.LABEL, DISPOSE: Action.REMOVE}


@dataclass(frozen=True, slots=True)
class Removals:
    """What holds and removals work with. `by` None is the operator; `scope` is what may be held or removed."""

    database: Database
    engine: Engine
    trail: Trail
    kept_for: timedelta = timedelta(0)  # until a removed document is deleted for good

    def hold(self, scope: Scope, by: Principal | None, document_id: str, reason: str, event: Event) -> None:
        """Forbid removing a document; who proposed to lift an earlier hold must propose anew. Raises AbsentError.

        One that was removed is not deleted then, and stays unseen until two people bring it back.
        """
        with self.database.session() as session:
            row = _to_hold(session, scope, document_id)
            row.legal_hold = True
            for proposal in proposals.about(session, document_id, {RELEASE}):
                proposals.decide(proposal, by, "refused")
            self.trail.record(_told(session, row, event, reason))

    def release(self, scope: Scope, by: Principal | None, document_id: str, reason: str, event: Event) -> str:
        """Lift a legal hold, or propose it; gives the proposal's identifier, or "" where none is needed.

        Where there is no hold, nothing needs deciding. A removed document has all its days again, to be brought back
        in. Raises AbsentError, LabelError.
        """
        with self.database.session() as session:
            row = _to_hold(session, scope, document_id)
            if by is not None and row.legal_hold:
                return self._propose(session, RELEASE, by, row, reason, event)
            self._release(row)
            self.trail.record(_told(session, row, event, reason))
        return ""

    def remove(
        self,
        scope: Scope,
        by: Principal | None,
        document_id: str,
        reason: str,
        event: Event,
        at_once: bool = False,
    ) -> str:
        """Remove a document, or propose it; gives the proposal's identifier, or "" where it is done.

        When this answers "", no search that begins afterwards shows the document. A worker deletes it once it can no
        longer be brought back: `at_once`, which only the operator may want, it never can.
        Raises AbsentError, LabelError, HeldError, EngineError; on the last a worker will finish what was begun.
        """
        with self.database.session() as session:
            row = lifecycle.inside(session, scope, document_id)
            if by is not None:
                return self._propose(session, REMOVE, by, row, reason, event)
            self._remove(
                session, row, RemovalDecision(event.actor, "", reason), timedelta(0) if at_once else self.kept_for
            )
            self.trail.record(_told(session, row, event, reason))
        index_sync.sync_documents(self.database, self.engine, [document_id])
        return ""

    def dispose(self, scope: Scope, by: Principal, document_id: str, reason: str, event: Event) -> str:
        """Propose to dispose of a document that is due; gives the proposal's identifier.

        Raises AbsentError, LabelError, HeldError, NotDueError.
        """
        with self.database.session() as session:
            row = lifecycle.inside(session, scope, document_id)
            return self._propose(session, DISPOSE, by, row, reason, event)

    def approve(self, decider: Decider, kind: str, proposal_id: str) -> None:
        """Let a removal, a disposal or the end of a hold happen.

        Raises NoProposalError, ProposalError, HeldError, NotDueError, EngineError.
        """
        with self.database.session() as session:
            proposal = _find(session, decider, kind, proposal_id)
            document = proposal.document
            proposals.decide(proposal.row, decider.principal, "approved")
            require_proposer(session, proposal.row, ACTIONS[kind], documents.label_of(session, document))
            event = _told(session, document, decider.event(kind, document.id), proposal.row.reason, proposal_id)
            decision = RemovalDecision(event.actor, proposal.proposed_by, proposal.row.reason)
            if kind == RELEASE:
                if not document.legal_hold:
                    raise ProposalError("There is no legal hold on the document any more. Refuse this.", code="no_hold")
                self._release(document)
            elif kind == DISPOSE:
                event = self._dispose(session, document, decision, event)
            else:
                self._remove(session, document, decision, self.kept_for)
            self.trail.record(event)
        index_sync.sync_documents(self.database, self.engine, [] if kind == RELEASE else [document.id])

    def refuse(self, decider: Decider, kind: str, proposal_id: str, reason: str) -> None:
        """Refuse a proposal, or take one's own back. Raises NoProposalError."""
        with self.database.session() as session:
            proposal = _find(session, decider, kind, proposal_id)
            proposals.decide(proposal.row, decider.principal, "refused")
            event = decider.event(kind, proposal.document.id, "refused")
            self.trail.record(_told(session, proposal.document, event, reason, proposal_id))

    def _release(self, row: DocumentRow) -> None:
        if row.legal_hold and row.state is State.REMOVING:
            row.deletes_at = now() + self.kept_for
        row.legal_hold = False

    def _remove(self, session: Session, row: DocumentRow, decision: RemovalDecision, kept_for: timedelta) -> None:
        if row.legal_hold:
            raise HeldError
        tombstones.bury(session, row, decision)
        lending.withdraw(session, row.id)
        seeking.seek_again(session, row.id)
        row.state, row.sha256 = State.REMOVING, f"removed {row.id}"  # the same file may be brought again at once
        row.deletes_at = now() + kept_for
        index_sync.due_now(row)

    def _dispose(self, session: Session, row: DocumentRow, decision: RemovalDecision, event: Event) -> Event:
        """Remove a locked document that is due; gives what the trail is told of it: no word that anybody wrote."""
        if row.legal_hold:  # said as such, though what is held is never due
            raise HeldError
        schedule = due.schedule_of(session, row).as_text()
        detail = {name: event.detail[name] for name in ("proposal", "label")}
        detail |= {"schedule": schedule, "kept_since": due.kept_since(row).isoformat(), "sha256": row.sha256}
        detail |= {"proposed_by": decision.proposed_by}
        self._remove(session, row, replace(decision, schedule=schedule), self.kept_for)
        return replace(event, action=Action.REMOVE, detail=detail)  # by which restores know what was removed

    def _propose(self, session: Session, kind: str, by: Principal, row: DocumentRow, reason: str, event: Event) -> str:
        require_originator(by, ACTIONS[kind], documents.label_of(session, row))
        if kind != RELEASE and row.legal_hold:
            raise HeldError
        if kind == DISPOSE:
            due.schedule_of(session, row)
        proposal = proposals.propose(session, kind, "{}", reason, by, row.id)
        self.trail.record(_told(session, row, replace(event, decision="proposed"), reason, proposal.id))
        return proposal.id


def looked_up(kind: str) -> Callable[[Session, Scope, str], DocumentRow | None]:
    """What finds the document of a proposal of this kind inside a scope: a hold may lie on one that was removed."""
    return _there_or_removed if kind == RELEASE else documents.get


def _there_or_removed(session: Session, scope: Scope, document_id: str) -> DocumentRow | None:
    there = documents.get(session, scope, document_id)
    return there or tombstones.removed(session, scope, document_id, lock=False)


def _to_hold(session: Session, scope: Scope, document_id: str) -> DocumentRow:
    """A document inside the scope, locked; also one that was removed and can come back. Raises AbsentError."""
    return tombstones.removed(session, scope, document_id) or lifecycle.inside(session, scope, document_id)


def _find(session: Session, decider: Decider, kind: str, proposal_id: str) -> DocumentProposal:
    """A waiting proposal about a document that this person may decide on; the document is locked before it."""
    subject = proposals.subject_of(session, proposal_id)
    if index_sync.locked(session, subject) is None:
        raise NoProposalError
    row = proposals.find(session, proposal_id, {kind})
    scope = decider.scope(session, ACTIONS[kind])
    document = looked_up(kind)(session, scope, subject)
    if row is None or document is None:
        raise NoProposalError
    return DocumentProposal.of(session, row, document)


def _told(session: Session, row: DocumentRow, event: Event, reason: str, proposal: str = "") -> Event:
    decided = {"reason": reason, "proposal": proposal} if proposal else {"reason": reason}
    return replace(event, detail={**decided, "label": documents.label_of(session, row).rule.as_text()})
