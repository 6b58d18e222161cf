"""Which papers have been kept for as long as their schedule says. Refuses those on hold, and those outside a scope.

A paper is kept from its date, or from the day on which it was taken in where it has none. One whose review date is
still to come is not due: somebody wanted to look at it again first.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Final

from sqlalchemy import ColumnElement, and_, func, literal, or_, select, true
from sqlalchemy.orm import Session

from auth import policy
from auth.audit.entries import Event
from auth.audit.trail import Trail
from auth.database import Database, now
from auth.labels import Label
from auth.people import Principal
from auth.policy import Scope
from indexer.handling.lifecycle import NotDueError
from indexer.handling.retention.schedules import Schedule, all_schedules
from indexer.library import documents
from indexer.library.states import State
from indexer.library.tables import DocumentRow

MOST_LISTED: Final = 200


@dataclass(frozen=True, slots=True)
class DueDocument:
    """A paper that is due, since when, and by which schedule."""

    document_id: str
    row: DocumentRow
    label: Label
    kept_since: date
    schedule: Schedule


def listed(database: Database, trail: Trail, scope: Scope, by: Principal | None, event: Event) -> list[DueDocument]:
    """What is due inside a scope and comes from the person's agency, the oldest of each schedule first.

    `by` None is the operator, to whom that of every agency is shown. At most MOST_LISTED; the trail says which.
    """
    with database.reading() as session:
        due_documents = due(session, scope, by.agency if by else "")
    shown = tuple(document.document_id for document in due_documents)
    trail.record(replace(event, detail={"total": len(shown)}, shown=shown))
    return due_documents


def due(session: Session, scope: Scope, agency: str) -> list[DueDocument]:
    """What is due inside a scope; of one agency's papers, or of all where that is ""."""
    levels = {digest: policy.rule_of(session, digest).level for digest in scope.rules}
    due_documents: list[DueDocument] = []
    for schedule in all_schedules(session):
        inside = [digest for digest, level in levels.items() if level == schedule.level]
        query = select(DocumentRow).where(DocumentRow.rule.in_(inside), _is_due(schedule), _comes_from(agency))
        query = query.order_by(DocumentRow.date, DocumentRow.taken_at, DocumentRow.id)
        rows = session.scalars(query.limit(MOST_LISTED - len(due_documents)))
        due_documents += [
            DueDocument(row.id, row, documents.label_of(session, row), kept_since(row), schedule) for row in rows
        ]
    return due_documents


def schedule_of(session: Session, row: DocumentRow) -> Schedule:
    """The schedule by which a locked document is due now. Raises NotDueError."""
    level = policy.rule_of(session, row.rule).level
    for schedule in all_schedules(session):
        if (schedule.kind, schedule.level) == (row.kind, level):
            query = select(DocumentRow.id).where(DocumentRow.id == row.id, _is_due(schedule))
            if session.scalar(query):
                return schedule
    raise NotDueError


def kept_since(row: DocumentRow) -> date:
    """The day from which a document is kept."""
    return row.date or row.taken_at.date()


def _comes_from(agency: str) -> ColumnElement[bool]:
    """Whether a document comes from an agency; of "", all do."""
    if not agency:
        return true()
    listed_codes = literal(",").concat(DocumentRow.originators).concat(",")
    return func.replace(listed_codes, f",{agency},", "") != listed_codes  # LIKE would take no account of capitals


def _is_due(schedule: Schedule) -> ColumnElement[bool]:
    """Whether a document of the schedule's level is due by it today."""
    today = now().date()
    last = _years_before(today, schedule.years or 0)
    taken_before = datetime.combine(last + timedelta(days=1), time(), UTC)
    return and_(
        DocumentRow.kind == schedule.kind,
        or_(DocumentRow.date <= last, and_(DocumentRow.date.is_(None), DocumentRow.taken_at < taken_before)),
        or_(DocumentRow.review_on.is_(None), DocumentRow.review_on <= today),
        DocumentRow.legal_hold.is_(False),
        DocumentRow.state != State.REMOVING,
    )


def _years_before(day: date, years: int) -> date:
    """The same day so many years earlier; the day before where that year has none."""
    try:
        return day.replace(year=day.year - years)
    except ValueError:
        return day.replace(year=day.year - years, day=28)
