"""The queue of translators and reviewers: what waits inside their scope, and who is to do it."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated

from fastapi import Query, Response

from auth import policy
from auth.policy import Action
from indexer.bitext.review import queue, segments
from indexer.bitext.review.queue import QueueFilter, WaitingSegment
from services.routes.authentication import Caller, CurrentUser, guarded_router
from services.routes.bitext.translations import bench_of, task_on, way_of
from services.schemas.bitext.queue import AssignmentBody, QueueAnswer, QueueBody

router = guarded_router("/translations")


@router.get("/queue")
def translation_queue(
    caller: CurrentUser,
    document_id: Annotated[str, Query(max_length=64)] = "",
    pair_id: Annotated[str, Query(max_length=64)] = "",
    mine: bool = False,
    review: bool = False,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> QueueAnswer:
    """What waits to be translated, or with `review` to be judged.

    First what was asked for, then by deadline, by doubt, and by how many read the document. Of a pair, both papers.
    """
    action = Action.APPROVE if review else way_of(caller)
    caller.require(action)
    with caller.components.database.reading() as session:
        scope = policy.scope_for(session, caller.principal, action)
        waiting = queue.waiting(session, scope, caller.principal, _narrowed(caller, document_id, pair_id, mine), limit)
        names = segments.names_of(session, {each.assignee for each in waiting})
    _record(caller, waiting)
    return QueueAnswer.of(waiting, names)


@router.post("/queue/next")
def next_in_queue(body: QueueBody, caller: CurrentUser) -> QueueAnswer:
    """The first sentence that nobody else has open, which one has open from now on; none where nothing waits."""
    caller.require(Action.EDIT)
    with caller.components.database.reading() as session:
        scope = policy.scope_for(session, caller.principal, Action.EDIT)
    narrowed = _narrowed(caller, body.document_id, body.pair_id, body.mine)
    event = caller.event(Action.EDIT)
    segment = queue.take_next(bench_of(caller), scope, caller.principal, narrowed, event)
    waiting = [segment] if segment else []
    _record(caller, waiting)
    with caller.components.database.reading() as session:
        names = segments.names_of(session, {each.assignee for each in waiting})
    return QueueAnswer.of(waiting, names)


@router.put("/{document_id}/assignment", status_code=204, response_class=Response)
def assign_translation(document_id: str, body: AssignmentBody, caller: CurrentUser) -> None:
    """Say who is to translate a document, and by when: as a reviewer."""
    with task_on(caller, Action.APPROVE, document_id, 0) as task:
        event = caller.event("assign", document_id, detail={"person": body.username})
        queue.assign(bench_of(caller), replace(task, event=event), body.username, body.deadline)


def _narrowed(caller: Caller, document_id: str, pair_id: str, mine: bool) -> QueueFilter:
    return QueueFilter(document_id, caller.principal.person_id if mine else "", pair_id)


def _record(caller: Caller, waiting: list[WaitingSegment]) -> None:
    shown = tuple(dict.fromkeys(each.document.id for each in waiting))
    event = caller.event("translation_queue", detail={"total": len(waiting)})
    caller.components.trail.record(replace(event, shown=shown))
