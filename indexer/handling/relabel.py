"""Gives a document another label or other times. Refuses to weaken them without its originator and a second registrar.

A label is weaker where it does not dominate the one before, times are weaker where they publish the document at a
moment when it was not published before. To end its publication needs both people too: what nobody finds any more is as
good as removed. Any other strengthening is open to any registrar who may read the document.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from auth import policy
from auth.audit.entries import Event
from auth.audit.trail import Trail
from auth.changes import proposals
from auth.changes.kinds import Decider
from auth.changes.proposals import NoProposalError, ProposalError
from auth.database import Database, now
from auth.labels import Label, ReadingRule, dominates
from auth.people import Principal
from auth.policy import Action, Scope
from auth.tables import ProposalRow
from indexer.engine.contract import Engine
from indexer.handling import document_proposals, lifecycle
from indexer.handling.document_proposals import DocumentProposal, require_originator, require_proposer
from indexer.library import documents
from indexer.library.documents import Times, times_from_words
from indexer.library.intake import LabelError, check_label, check_times
from indexer.library.tables import DocumentRow, SealedDocumentRow
from indexer.pairs import lending
from indexer.pipeline import index_sync
from indexer.translate import translations

KIND: Final = "relabel"
ALONE: Final = timedelta(days=30)  # from now: so long one registrar may make an embargo
_NEVER: Final = datetime.min.replace(tzinfo=UTC)
_FOREVER: Final = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Handling:
    """Who may read a document, and when."""

    label: Label
    times: Times

    def at_least_as_strict_as(self, other: Handling) -> bool:
        """Whether this lets nobody read whom the other does not, nor at any moment when the other does not."""
        return dominates(self.label, other.label) and (
            (self.times.embargo_until or _NEVER) >= (other.times.embargo_until or _NEVER)
            and (self.times.expires_at or _FOREVER) <= (other.times.expires_at or _FOREVER)
        )

    def ends_publication(self, other: Handling, at: datetime) -> bool:
        """Whether this takes the document away from its readers, now or for longer than one registrar may.

        It expires sooner than the other; or is not published at that moment when the other is; or its embargo ends
        later, and later than `ALONE` from that moment.
        """
        sooner = (self.times.expires_at or _FOREVER) < (other.times.expires_at or _FOREVER)
        embargo = self.times.embargo_until or _NEVER
        longer = embargo > max(other.times.embargo_until or _NEVER, at + ALONE)
        return sooner or longer or (other.times.published(at) and not self.times.published(at))

    def as_words(self) -> dict[str, str]:
        """As the trail tells it: the reading rule and the times, in words."""
        return {"label": self.label.rule.as_text(), **self.times.as_words()}


@dataclass(frozen=True, slots=True)
class Relabelling:
    """A waiting proposal about a document, and the user name of who made it."""

    row: ProposalRow
    proposed_by: str
    document: DocumentRow
    old: Handling
    new: Handling


@dataclass(frozen=True, slots=True)
class Relabeller:
    """What relabelling works with."""

    database: Database
    engine: Engine
    trail: Trail

    def relabel(
        self, scope: Scope, by: Principal | None, document_id: str, new: Handling, reason: str, event: Event
    ) -> str:
        """Give a document this handling, or propose it; gives the proposal's identifier, or "" where it is done.

        `scope` is what may be relabelled, `by` None the operator. When this answers "", no search under the old
        handling shows the document.
        Raises AbsentError, LabelError, EngineError.
        """
        with self.database.session() as session:
            row = lifecycle.inside(session, scope, document_id)
            old = handling_of(session, row)
            if session.get(SealedDocumentRow, document_id) is not None:
                raise LabelError(
                    "This document is sealed until two people decide. See: tolmach sealed list", code="sealed"
                )
            check_handling(session, by, row, new)
            waits = not new.at_least_as_strict_as(old) or new.ends_publication(old, now())
            if by is not None and waits:
                return self._propose(session, by, row, old, new, reason, event)
            apply_handling(session, row, new)
            self.trail.record(telling(event, old, new, reason))
        index_sync.sync_documents(self.database, self.engine, [document_id])
        return ""

    def approve(self, decider: Decider, proposal_id: str) -> None:
        """Let a proposal pass, as its second registrar. Raises NoProposalError, ProposalError, LabelError."""
        with self.database.session() as session:
            relabelling = _find(session, decider, proposal_id)
            proposals.decide(relabelling.row, decider.principal, "approved")
            if handling_of(session, relabelling.document) != relabelling.old:
                raise ProposalError(
                    "The document's label has changed since. Refuse this, and propose anew.", code="label_changed"
                )
            require_proposer(session, relabelling.row, Action.LABEL, relabelling.old.label)
            check_handling(session, decider.principal, relabelling.document, relabelling.new)
            apply_handling(session, relabelling.document, relabelling.new)
            event = decider.event(Action.LABEL, relabelling.document.id)
            self.trail.record(telling(event, relabelling.old, relabelling.new, relabelling.row.reason, proposal_id))
        index_sync.sync_documents(self.database, self.engine, [relabelling.document.id])

    def refuse(self, decider: Decider, proposal_id: str, reason: str) -> None:
        """Refuse a proposal, or take one's own back. Raises NoProposalError."""
        with self.database.session() as session:
            relabelling = _find(session, decider, proposal_id)
            proposals.decide(relabelling.row, decider.principal, "refused")
            event = decider.event(Action.LABEL, relabelling.document.id, "refused")
            self.trail.record(telling(event, relabelling.old, relabelling.new, reason, proposal_id))

    def _propose(
        self, session: Session, by: Principal, row: DocumentRow, old: Handling, new: Handling, reason: str, event: Event
    ) -> str:
        require_originator(by, Action.LABEL, old.label)
        change = json.dumps({"old": handling_as_json(old), "new": handling_as_json(new)}, ensure_ascii=False)
        proposal = proposals.propose(session, KIND, change, reason, by, row.id)
        self.trail.record(telling(replace(event, decision="proposed"), old, new, reason, proposal.id))
        return proposal.id


def handling_of(session: Session, row: DocumentRow) -> Handling:
    """Who may read a document, and when."""
    return Handling(documents.label_of(session, row), documents.times_of(row))


def waiting(session: Session, scope: Scope) -> list[Relabelling]:
    """The proposals about documents inside the scope, the oldest first."""
    return [_relabelling(proposal) for proposal in document_proposals.waiting(session, scope, {KIND})]


def _find(session: Session, decider: Decider, proposal_id: str) -> Relabelling:
    row = proposals.find(session, proposal_id, {KIND})
    if row is None or index_sync.locked(session, row.subject) is None:
        raise NoProposalError
    document = documents.get(session, decider.scope(session, Action.LABEL), row.subject)
    if document is None:
        raise NoProposalError
    return _relabelling(DocumentProposal.of(session, row, document))


def _relabelling(proposal: DocumentProposal) -> Relabelling:
    change = json.loads(proposal.row.change)
    originators = frozenset(documents.split(proposal.document.originators))
    old, new = (handling_from_json(change[name], originators) for name in ("old", "new"))
    return Relabelling(proposal.row, proposal.proposed_by, proposal.document, old, new)


def check_handling(session: Session, by: Principal | None, row: DocumentRow, new: Handling) -> None:
    """Raise LabelError unless this person may give the document this handling."""
    check_label(new.label)
    check_times(new.times)
    if by is not None and not policy.permits(by, Action.LABEL, new.label):
        raise LabelError("You may give a document only a label that lets you read it yourself.", code="label_above_you")
    same = select(DocumentRow.id).where(
        DocumentRow.sha256 == row.sha256, DocumentRow.rule == new.label.rule.digest, DocumentRow.id != row.id
    )
    other = session.scalar(same)
    if other is not None:
        raise LabelError(
            "The same file is here already under that label, as document {document_id}.",
            code="same_file",
            document_id=other,
        )


def apply_handling(session: Session, row: DocumentRow, new: Handling) -> None:
    """Give a locked document this handling; the index is due."""
    if not dominates(new.label, documents.label_of(session, row)):  # the memory lent to those who could read it so far
        translations.translate_anew(session, row)
    lending.withdraw(session, row.id)
    row.rule = policy.keep_rule(session, new.label.rule)
    row.embargo_until, row.expires_at, row.review_on = (
        new.times.embargo_until,
        new.times.expires_at,
        new.times.review_on,
    )
    index_sync.due_now(row)


def telling(event: Event, old: Handling, new: Handling, reason: str, proposal: str = "") -> Event:
    """The event with what was changed and why."""
    before = {f"old_{name}": text for name, text in old.as_words().items()}
    decided = {"reason": reason, "proposal": proposal} if proposal else {"reason": reason}
    return replace(event, detail={**before, **new.as_words(), **decided})


def handling_as_json(handling: Handling) -> dict[str, str]:
    """As a proposal keeps it."""
    return {"rule": handling.label.rule.as_text(), **handling.times.as_words()}


def handling_from_json(kept: dict[str, str], originators: frozenset[str]) -> Handling:
    """What `handling_as_json` wrote, for a document of these originators."""
    return Handling(Label(ReadingRule.from_text(kept["rule"]), originators), times_from_words(kept))
