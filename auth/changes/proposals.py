"""Changes that wait for a second person. Refuses to let anybody decide on what they proposed themselves."""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta
from typing import Final, Literal

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from auth.database import MOST_PROPOSALS, locking, now
from auth.errors import ErrorKind, TolmachError
from auth.people import Principal
from auth.tables import PersonRow, ProposalRow

WAITING: Final = "waiting"
EXPIRED: Final = "expired"
MOST_WAITING: Final = 100  # proposals of one person, where no setting says otherwise
LIFETIME: Final = timedelta(days=30)  # after which nobody can approve any more

Verdict = Literal["approved", "refused"]


class ProposalError(TolmachError, ValueError):
    """The proposal cannot be decided on by this person or at this time; the message says why."""

    kind = ErrorKind.CONFLICT
    code = "proposal"


class TooManyProposalsError(TolmachError):
    """So many changes that this person proposed wait already that others could not find theirs."""

    kind = ErrorKind.CONFLICT
    code = "too_many_proposals"

    def __init__(self, most: int) -> None:
        super().__init__(
            "{most} changes that you proposed wait for a second person. Let them be decided on, or take some back.",
            most=most,
        )


class NoProposalError(TolmachError, LookupError):
    """No proposal of that identifier waits for this person."""

    kind = ErrorKind.ABSENT
    code = "no_proposal"
    sentence = "There is no such proposal, or it is not for you to decide on."
    operator_sentence = "No such proposal waits. Those that do: tolmach proposal list"


def propose(session: Session, kind: str, change: str, reason: str, by: Principal, subject: str = "") -> ProposalRow:
    """Keep a change for a second person to decide on. `change` is JSON, `subject` the document it is about.

    Raises TooManyProposalsError; a person's proposals are counted one after the other.
    """
    session.scalar(locking(select(PersonRow.id).where(PersonRow.id == by.person_id)))
    most = session.info.get(MOST_PROPOSALS) or MOST_WAITING
    theirs = select(func.count()).select_from(ProposalRow).where(ProposalRow.proposed_by == by.person_id)
    theirs = theirs.where(ProposalRow.state == WAITING, ProposalRow.proposed_at > now() - LIFETIME)
    if (session.scalar(theirs) or 0) >= most:
        raise TooManyProposalsError(most)
    row = ProposalRow(kind=kind, change=change, reason=reason, proposed_by=by.person_id, subject=subject)
    session.add(row)
    session.flush()
    return row


def waiting(session: Session, kinds: Collection[str]) -> list[ProposalRow]:
    """Proposals of these kinds that can still be decided on, the oldest first."""
    query = select(ProposalRow).where(ProposalRow.kind.in_(kinds), ProposalRow.state == WAITING)
    query = query.where(ProposalRow.proposed_at > now() - LIFETIME).order_by(ProposalRow.proposed_at, ProposalRow.id)
    return list(session.scalars(query))


def find(session: Session, proposal_id: str, kinds: Collection[str]) -> ProposalRow | None:
    """The waiting proposal of that identifier, locked until the transaction ends; None if there is none."""
    row = session.scalar(locking(select(ProposalRow).where(ProposalRow.id == proposal_id)))
    if row is None or row.kind not in kinds or row.state != WAITING or row.proposed_at <= now() - LIFETIME:
        return None
    return row


def about(session: Session, subject: str, kinds: Collection[str]) -> list[ProposalRow]:
    """The proposals of these kinds about a document that wait, locked until the transaction ends."""
    query = select(ProposalRow).where(ProposalRow.subject == subject, ProposalRow.kind.in_(kinds))
    return list(session.scalars(locking(query.where(ProposalRow.state == WAITING).order_by(ProposalRow.id))))


def expire(session: Session, kinds: Collection[str]) -> list[ProposalRow]:
    """Close the proposals of these kinds that nobody decided on in time; gives those that were closed now."""
    query = select(ProposalRow).where(ProposalRow.kind.in_(kinds), ProposalRow.state == WAITING)
    late = list(session.scalars(locking(query.where(ProposalRow.proposed_at <= now() - LIFETIME))))
    for row in late:
        row.state, row.decided_at = EXPIRED, now()
    return late


def kind_of(session: Session, proposal_id: str) -> str:
    """The kind of the proposal of that identifier, or ""."""
    return session.scalar(select(ProposalRow.kind).where(ProposalRow.id == proposal_id)) or ""


def subject_of(session: Session, proposal_id: str) -> str:
    """The document that the proposal of that identifier is about, which never changes, or ""."""
    return session.scalar(select(ProposalRow.subject).where(ProposalRow.id == proposal_id)) or ""


def decide(row: ProposalRow, by: Principal | None, verdict: Verdict) -> None:
    """Close a proposal; None stands for the operator at the console.

    Its proposer may refuse it, that is take it back, but not approve. Raises ProposalError.
    """
    if verdict == "approved" and by is not None and row.proposed_by == by.person_id:
        raise ProposalError("Somebody else must approve what you proposed yourself.", code="own_proposal")
    row.state, row.decided_at = verdict, now()
    row.decided_by = by.person_id if by else None
