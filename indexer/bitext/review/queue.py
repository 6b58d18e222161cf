"""What waits for translators: what was asked for, what is due, what the machine is doubted on. Looks inside a scope.

The order depends on documents inside the scope alone, and on what people did to these: on how doubtful the machine's
text is, times how many read the document, as far as those people know of nothing else (openings.py), both in steps.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from sqlalchemy import ColumnElement, and_, case, exists, func, or_, select
from sqlalchemy.orm import Session

from auth.audit.entries import Event
from auth.database import now
from auth.errors import ErrorKind, TolmachError
from auth.people import Principal, find_person, principal
from auth.policy import Action, Scope, permits
from indexer.bitext.review import openings
from indexer.bitext.review.segments import target_of
from indexer.bitext.review.tables import AssignmentRow, SegmentWorkRow, TranslationRequestRow, WorkState
from indexer.bitext.review.workbench import Task, Workbench
from indexer.checks.translation_checks import GRAVITY
from indexer.handling import lifecycle
from indexer.handling.lifecycle import AbsentError
from indexer.library import documents
from indexer.library.states import SEARCHABLE
from indexer.library.tables import DocumentRow, SegmentRow, TranslationRow
from indexer.pairs import pairs

MOST_WAITING: Final = 200
_OF_WORK: Final = and_(
    SegmentWorkRow.document == SegmentRow.document,
    SegmentWorkRow.source_digest == SegmentRow.digest,
    SegmentWorkRow.source == SegmentRow.language,
)
_REQUESTED: Final = exists().where(
    TranslationRequestRow.document == SegmentRow.document,
    TranslationRequestRow.source_digest == SegmentRow.digest,
    TranslationRequestRow.source == SegmentRow.language,
)
_DOUBT: Final = (
    select(func.max(case(GRAVITY, value=TranslationRow.doubt, else_=1)))
    .where(documents.OF_SEGMENT, TranslationRow.origin == "machine", TranslationRow.doubt != "")
    .correlate(SegmentRow)
    .scalar_subquery()
)
_HOW_DOUBTFUL: Final = func.coalesce(_DOUBT, 0)


class NoTranslatorError(TolmachError):
    """Nobody of that name may translate the document."""

    kind = ErrorKind.INVALID
    code = "no_translator"
    sentence = "Nobody of that name may translate this document. Name a translator who may read it."


@dataclass(frozen=True, slots=True)
class QueueFilter:
    """What of the queue is looked at: of one document, of both papers of a pair, of one's own, where given."""

    document_id: str = ""
    assignee: str = ""
    pair_id: str = ""


@dataclass(frozen=True, slots=True)
class WaitingSegment:
    """A sentence that waits, and why: somebody asked for it, or the machine is doubted, or a reviewer is to look.

    `doubt`: how much the machine is doubted, by the step of `GRAVITY`, 0 for not at all.
    `read`: whether several people (1) or many (2) opened the document or were shown some of it.
    """

    document: DocumentRow
    ordinal: int
    page: int
    text: str
    state: WorkState
    requested: bool
    doubt: int
    read: int
    deadline: date | None
    assignee: str


def waiting(session: Session, scope: Scope, by: Principal, narrowed: QueueFilter, limit: int) -> list[WaitingSegment]:
    """What waits inside the scope, the first first: for reviewers where the scope is for approving.

    What others have open is left out.
    """
    state = SegmentWorkRow.state
    until = SegmentWorkRow.editor_until
    readers = openings.readers_before(session, by, now().date())
    read = openings.step(readers)
    open_to_them = or_(SegmentWorkRow.editor == by.person_id, until.is_(None), until <= now())
    query = (
        select(SegmentRow, DocumentRow, SegmentWorkRow, AssignmentRow, _REQUESTED, _HOW_DOUBTFUL, read)
        .join(DocumentRow, DocumentRow.id == SegmentRow.document)
        .outerjoin(SegmentWorkRow, _OF_WORK)
        .outerjoin(AssignmentRow, AssignmentRow.document == DocumentRow.id)
        .outerjoin(readers, readers.c.document == DocumentRow.id)
        .where(DocumentRow.rule.in_(scope.rules), documents.are_published(now()), DocumentRow.state.in_(SEARCHABLE))
        .where(SegmentRow.language == DocumentRow.language, open_to_them)
        .where(*_of_interest(session, scope, narrowed))
        .order_by(
            _REQUESTED.desc(),
            AssignmentRow.deadline.is_(None),
            AssignmentRow.deadline,
            (_HOW_DOUBTFUL * (1 + read)).desc(),
            _HOW_DOUBTFUL.desc(),
            read.desc(),
            case((state == WorkState.EDITED, 0), else_=1),
            DocumentRow.taken_at.desc(),
            DocumentRow.id,
            SegmentRow.ordinal,
        )
    )
    return [_waiting(row) for row in session.execute(query.limit(limit))]


def _of_interest(session: Session, scope: Scope, narrowed: QueueFilter) -> Sequence[ColumnElement[bool]]:
    """For reviewers, what was submitted; for translators what is not, and was asked for, assigned or is doubted."""
    if scope.action is Action.APPROVE:
        conditions: list[ColumnElement[bool]] = [SegmentWorkRow.state == WorkState.SUBMITTED]
    else:
        untouched = or_(SegmentWorkRow.document.is_(None), SegmentWorkRow.state == WorkState.MACHINE)
        reason = or_(_REQUESTED, _HOW_DOUBTFUL > 0, AssignmentRow.document.is_not(None))
        conditions = [or_(and_(untouched, reason), SegmentWorkRow.state == WorkState.EDITED)]
    if narrowed.document_id:
        conditions.append(DocumentRow.id == narrowed.document_id)
    if narrowed.pair_id:
        conditions.append(DocumentRow.id.in_(pairs.papers_inside(session, scope, narrowed.pair_id)))
    if narrowed.assignee:
        conditions.append(AssignmentRow.assignee == narrowed.assignee)
    return conditions


def _waiting(row: Sequence[Any]) -> WaitingSegment:
    segment, document, work, assignment, requested, doubt, read = row
    return WaitingSegment(
        document,
        segment.ordinal,
        segment.page,
        segment.text,
        WorkState(work.state) if work else WorkState.MACHINE,
        bool(requested),
        doubt,
        read,
        assignment.deadline if assignment else None,
        assignment.assignee if assignment else "",
    )


def take_next(
    bench: Workbench, scope: Scope, by: Principal, narrowed: QueueFilter, event: Event
) -> WaitingSegment | None:
    """The first that nobody else has open, which the person has from now on; None where nothing waits."""
    with bench.database.reading() as session:
        segments = waiting(session, scope, by, narrowed, MOST_WAITING)
    for segment in segments:
        try:
            if bench.lease(Task(scope, by, segment.document.id, segment.ordinal, event)):
                return segment
        except AbsentError:  # since a moment ago
            continue
    return None


def assign(bench: Workbench, task: Task, username: str, deadline: date | None) -> None:
    """Say who is to translate a document, and by when; neither ends it.

    Raises AbsentError, NotTranslatedError and NoTranslatorError.
    """
    with bench.database.session() as session:
        row = lifecycle.inside(session, task.scope, task.document_id)
        target_of(row)
        person = find_person(session, username) if username else None
        translator = principal(session, person.id) if person else None
        label = documents.label_of(session, row)
        if username and (translator is None or not permits(translator, Action.EDIT, label)):
            raise NoTranslatorError
        assignee = translator.person_id if translator else ""
        session.merge(AssignmentRow(document=row.id, assignee=assignee, deadline=deadline, by=task.by.person_id))
        bench.trail.record(task.event)
