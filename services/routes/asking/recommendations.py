"""What papers recommend, conclude and decide, and what later papers make of it: of both, what one may search alone."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Annotated

from fastapi import Query
from sqlalchemy import select
from sqlalchemy.orm import Session

from auth.labels import Label
from auth.policy import Action, Scope
from indexer.handling.lifecycle import AbsentError
from indexer.library import documents
from indexer.library.tables import DocumentRow, MeetingRow
from indexer.lineage.threads import points_of, taken_up
from services.routes.authentication import Caller, CurrentUser, guarded_router
from services.routes.documents import opened_document
from services.routes.search import asking_of, on_budget
from services.schemas.asking.recommendations import RecommendationsAnswer, RecommendationSchema, ThreadAnswer

router = guarded_router("/documents/{document_id}/recommendations")

LIST, FOLLOW = "list_recommendations", "follow_recommendation"  # what the trail calls it


@router.get("")
def recommended(
    document_id: str,
    caller: CurrentUser,
    offset: Annotated[int, Query(ge=0, le=10_000)] = 0,
    limit: Annotated[int, Query(ge=1, le=200)] = 100,
) -> RecommendationsAnswer:
    """What a paper recommends, concludes or decides, as far as that is recognised in its text."""
    with caller.components.database.reading() as session:
        row, label, scope = _opened(caller, session, LIST, document_id)
        points, sentences = points_of(session, scope, row)
        answer = RecommendationsAnswer.of(row.id, points, sentences, offset, limit)
    caller.record(LIST, document_id, detail={"total": len(points), "label": label.rule.as_text()})
    return answer


@router.get("/{place}")
def thread(document_id: str, place: int, caller: CurrentUser) -> ThreadAnswer:
    """One of them, and the sentences of later papers that take it up: by name, by quotation, or by what they say.

    Later is what has its date or a later one. Papers without a date are no part of it.
    """
    with caller.components.database.reading() as session:
        row, label, scope = _opened(caller, session, FOLLOW, document_id)
        points, sentences = points_of(session, scope, row)
        session.expunge(row)
    point = next((each for each in points if each.first == place), None)
    if point is None:
        caller.record(FOLLOW, document_id, "refused", {"rule": "absent"})
        raise AbsentError
    with on_budget(caller, FOLLOW, row.symbol):
        taken = taken_up(asking_of(caller), row, point)
    with caller.components.database.reading() as session:
        meetings = meetings_of(session, (each.row for each in taken))
        answer = ThreadAnswer.of(RecommendationSchema.of(row.id, point, sentences), taken, meetings)
    detail: dict[str, str | int] = {"total": len(taken), "place": place, "label": label.rule.as_text()}
    seen = tuple(dict.fromkeys(each.row.id for each in taken))
    caller.components.trail.record(replace(caller.event(FOLLOW, document_id, detail=detail), shown=seen))
    return answer


def _opened(caller: Caller, session: Session, action: str, document_id: str) -> tuple[DocumentRow, Label, Scope]:
    """A paper that one may search. Raises AbsentError, and the trail has it by then."""
    caller.require(Action.SEARCH)
    opened = opened_document(caller, session, Action.SEARCH, document_id)
    if opened is None:
        caller.record(action, document_id[:64], "refused", documents.why_refused(session, document_id))
        raise AbsentError
    return opened


def meetings_of(session: Session, rows: Iterable[DocumentRow]) -> dict[str, MeetingRow]:
    """The meetings of papers that are shown."""
    codes = {row.meeting for row in rows}
    return {row.code: row for row in session.scalars(select(MeetingRow).where(MeetingRow.code.in_(codes)))}
