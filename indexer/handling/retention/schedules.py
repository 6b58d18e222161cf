"""How long papers of a kind and a level are kept. Refuses to let one administrator shorten that, or begin to end it.

A schedule destroys nothing: it says which papers are due, and two registrars decide on each. Papers without a schedule
are kept for good.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import ClassVar, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from auth import people, policy
from auth.audit.entries import Event
from auth.audit.trail import Trail
from auth.changes import proposals
from auth.changes.kinds import Decider, Proposal
from auth.changes.proposals import NoProposalError, ProposalError
from auth.database import Database, locking
from auth.errors import ErrorKind, TolmachError
from auth.people import Principal
from auth.policy import Action
from auth.tables import PersonRow, ProposalRow
from indexer.handling.document_proposals import refusals_recorded
from indexer.handling.retention.tables import RetentionRow
from indexer.library.intake import KINDS

SCHEDULE: Final = "schedule"  # the kind of proposals, and what the trail calls them
MOST_YEARS: Final = 200


class ScheduleError(TolmachError, ValueError):
    """There is no such kind of papers, or so many years are not kept; the message says what there is."""

    kind = ErrorKind.INVALID
    code = "schedule"


@dataclass(frozen=True, slots=True)
class Schedule:
    """Papers of a kind and a level are kept for so many years from their date; None: for good."""

    kind: str
    level: int
    years: int | None

    def as_text(self) -> str:
        """As the trail and certificates have it."""
        return json.dumps({"kind": self.kind, "level": self.level, "years": self.years})


@dataclass(frozen=True, slots=True)
class ScheduleChange:
    """Another schedule in place of an old one of the same kind and level."""

    old: Schedule
    new: Schedule

    @property
    def shortens(self) -> bool:
        """Whether any paper could be due earlier than it was."""
        return self.new.years is not None and (self.old.years is None or self.new.years < self.old.years)


@dataclass(frozen=True, slots=True)
class Schedules:
    """The kind of proposals by which schedules are shortened, and the way to propose. `by` None is the operator."""

    database: Database
    trail: Trail
    name: ClassVar[str] = SCHEDULE
    action: ClassVar[Action] = Action.ADMINISTER

    def put(self, new: Schedule, by: Principal | None, reason: str, event: Event) -> str:
        """Set a schedule, or propose it where it shortens; gives the proposal's identifier, or "" where it is done.

        Raises ScheduleError.
        """
        _check(new)
        with self.database.session() as session:
            change = ScheduleChange(_present(session, new), new)
            if by is not None and change.shortens:
                proposal = proposals.propose(session, SCHEDULE, _as_json(change), reason, by)
                self.trail.record(_told(change, replace(event, decision="proposed"), reason, proposal.id))
                return proposal.id
            _apply(session, new)
            self.trail.record(_told(change, event, reason))
        return ""

    def waiting(self, decider: Decider) -> list[Proposal]:
        """All that wait."""
        with self.database.reading() as session:
            return [
                Proposal.of(row, _change(row), session.get_one(PersonRow, row.proposed_by).username)
                for row in proposals.waiting(session, {SCHEDULE})
            ]

    def approve(self, decider: Decider, proposal_id: str) -> str:
        """Set the schedule. Raises NoProposalError, ProposalError."""
        with (
            refusals_recorded(self.trail, decider, "approve_proposal", proposal_id),
            self.database.session() as session,
        ):
            row = _find(session, proposal_id)
            change = _change(row)
            if _present(session, change.new) != change.old:
                raise ProposalError(
                    "The schedule has changed since. Refuse this, and propose anew.", code="schedule_changed"
                )
            proposer = people.principal(session, row.proposed_by)
            if proposer is None or not policy.allows(proposer, Action.ADMINISTER):
                raise ProposalError(
                    "Whoever proposed this administers no longer. Refuse it, and propose it anew.", code="proposer_gone"
                )
            proposals.decide(row, decider.principal, "approved")
            _apply(session, change.new)
            self.trail.record(_told(change, decider.event(SCHEDULE), row.reason, proposal_id))
        return ""

    def refuse(self, decider: Decider, proposal_id: str, reason: str) -> None:
        """Leave the schedule as it is. Raises NoProposalError, ProposalError."""
        with refusals_recorded(self.trail, decider, "refuse_proposal", proposal_id), self.database.session() as session:
            row = _find(session, proposal_id)
            proposals.decide(row, decider.principal, "refused")
            event = decider.event(SCHEDULE, decision="refused")
            self.trail.record(_told(_change(row), event, reason, proposal_id))


def all_schedules(session: Session) -> list[Schedule]:
    """Every schedule there is, by level and kind."""
    rows = session.scalars(select(RetentionRow).order_by(RetentionRow.level, RetentionRow.kind))
    return [Schedule(row.kind, row.level, row.years) for row in rows]


def _check(new: Schedule) -> None:
    if new.kind not in KINDS:
        raise ScheduleError(
            "There is no kind {kind!r}. The kinds are: {kinds}.",
            code="no_kind_to_keep",
            kind=new.kind,
            kinds=", ".join(KINDS),
        )
    if new.years is not None and not 1 <= new.years <= MOST_YEARS:
        raise ScheduleError("Papers are kept for 1 to {most} years, or for good.", code="years", most=MOST_YEARS)


def _present(session: Session, like: Schedule) -> Schedule:
    """The schedule of the same kind and level as it is now, locked where there is one."""
    query = select(RetentionRow).where(RetentionRow.kind == like.kind, RetentionRow.level == like.level)
    row = session.scalar(locking(query))
    return Schedule(like.kind, like.level, row.years if row else None)


def _apply(session: Session, new: Schedule) -> None:
    if new.years is not None:
        session.merge(RetentionRow(kind=new.kind, level=new.level, years=new.years))
    elif (row := session.get(RetentionRow, (new.kind, new.level))) is not None:
        session.delete(row)


def _find(session: Session, proposal_id: str) -> ProposalRow:
    row = proposals.find(session, proposal_id, {SCHEDULE})
    if row is None:
        raise NoProposalError
    return row


def _as_json(change: ScheduleChange) -> str:
    return json.dumps({"old": change.old.years, **json.loads(change.new.as_text())})


def _change(row: ProposalRow) -> ScheduleChange:
    kept = json.loads(row.change)
    old, new = (Schedule(kept["kind"], kept["level"], years) for years in (kept["old"], kept["years"]))
    return ScheduleChange(old, new)


def _told(change: ScheduleChange, event: Event, reason: str, proposal: str = "") -> Event:
    detail: dict[str, str | int] = {"reason": reason, "kind": change.new.kind, "level": change.new.level}
    detail |= {"before": change.old.years or "", "years": change.new.years or ""}
    return replace(event, detail=detail | ({"proposal": proposal} if proposal else {}))
