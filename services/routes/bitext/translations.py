"""The translators' workbench: sentences, and what people make of them. What one may not read is not there.

Translators see and edit what their scope for editing holds, reviewers see and judge what theirs for approving holds.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Annotated

from fastapi import Query, Response
from sqlalchemy.orm import Session

from auth import policy
from auth.policy import Action, Scope
from indexer.bitext.review import segments
from indexer.bitext.review.findings import checked
from indexer.bitext.review.queue import NoTranslatorError
from indexer.bitext.review.segments import NotTranslatedError, SegmentAct, Window, WorkSegment
from indexer.bitext.review.tables import ActKind, WorkState
from indexer.bitext.review.workbench import StaleVersionError, Task, Workbench, WorkError
from indexer.handling.lifecycle import AbsentError
from indexer.library import documents
from indexer.library.tables import DocumentRow
from indexer.memory import matches as memory
from indexer.memory.matches import MemoryMatch, Wanted
from services.routes.authentication import Caller, CurrentUser, guarded_router
from services.schemas.bitext.translations import (
    CommentBody,
    DraftBody,
    LeaseSchema,
    OneSegmentSchema,
    PersonNameSchema,
    RejectBody,
    RequestBody,
    SaveBody,
    SeenBody,
    WaiverBody,
    WorkSchema,
)

router = guarded_router("/translations")

WORKING = (Action.EDIT, Action.APPROVE)  # either opens the workbench
ONE = "/{document_id}/segments/{number}"


@router.get("/{document_id}")
def translation_work(
    document_id: str,
    caller: CurrentUser,
    offset: Annotated[int, Query(ge=0, le=1_000_000)] = 0,
    limit: Annotated[int, Query(ge=1, le=200)] = 100,
    page: Annotated[int | None, Query(ge=1, le=1_000_000)] = None,
    state: WorkState | None = None,
) -> WorkSchema:
    """A document's sentences with what the machine and people made of them; of one page or state, where given."""
    window = Window(offset, limit, page, state)
    with caller.components.database.reading() as session:
        row, _, _ = opened_for_work(caller, session, document_id)
        counts, total = segments.counted(session, row), segments.total(session, row, window)
        listed, gone = segments.listed(session, row, window), segments.left_behind(session, row)
    return WorkSchema.of(row, counts, total, listed, gone)


@router.get(ONE)
def translated_segment(document_id: str, number: int, caller: CurrentUser, matches: bool = True) -> OneSegmentSchema:
    """One sentence with its history, checks and what the memory offers; without that, where `matches` is false."""
    with caller.components.database.reading() as session:
        row, scope, _ = opened_for_work(caller, session, document_id, number)
        return _segment_schema(caller, session, scope, row, number, matches)


@router.put(ONE)
def save_translation(document_id: str, number: int, body: SaveBody, caller: CurrentUser) -> OneSegmentSchema:
    """Keep a text as the next version. 409 `stale_version` holds what stands now, and keeps the text as one's draft."""
    return _done(caller, Action.EDIT, document_id, number, lambda bench, task: bench.save(task, body.seen, body.text))


@router.put(f"{ONE}/draft", status_code=204, response_class=Response)
def keep_draft(document_id: str, number: int, body: DraftBody, caller: CurrentUser) -> None:
    """Keep what one is typing, for oneself alone."""
    with task_on(caller, Action.EDIT, document_id, number) as task:
        bench_of(caller).draft(task, body.seen, body.text)


@router.put(f"{ONE}/lease")
def take_lease(document_id: str, number: int, caller: CurrentUser) -> LeaseSchema:
    """Say that one has the sentence open; again while one types. It ends by itself after two minutes."""
    with task_on(caller, Action.EDIT, document_id, number) as task:
        mine = bench_of(caller).lease(task)
    with caller.components.database.reading() as session:
        row = documents.get(session, task.scope, document_id)
        segment = segments.segment_of(session, row, number) if row else None
    return LeaseSchema(mine=mine, editing=PersonNameSchema.of(segment.work.editor if segment else None))


@router.delete(f"{ONE}/lease", status_code=204, response_class=Response)
def end_lease(document_id: str, number: int, caller: CurrentUser) -> None:
    """Say that one has the sentence open no more."""
    with task_on(caller, Action.EDIT, document_id, number) as task:
        bench_of(caller).release(task)


@router.post(f"{ONE}/submission")
def submit_translation(document_id: str, number: int, body: SeenBody, caller: CurrentUser) -> OneSegmentSchema:
    """Hand the text to the reviewers; what the checks find must be put right or waived first."""
    return _done(caller, Action.EDIT, document_id, number, lambda bench, task: bench.submit(task, body.seen))


@router.post(f"{ONE}/approval")
def approve_translation(document_id: str, number: int, body: SeenBody, caller: CurrentUser) -> OneSegmentSchema:
    """Let a text pass that one wrote no version of: readers see it, and searches find it."""
    return _done(caller, Action.APPROVE, document_id, number, lambda bench, task: bench.approve(task, body.seen))


@router.post(f"{ONE}/rejection")
def reject_translation(document_id: str, number: int, body: RejectBody, caller: CurrentUser) -> OneSegmentSchema:
    """Send a text back to the translators, with a reason."""
    return _done(
        caller, Action.APPROVE, document_id, number, lambda bench, task: bench.reject(task, body.seen, body.reason)
    )


@router.post(f"{ONE}/waivers")
def waive_finding(document_id: str, number: int, body: WaiverBody, caller: CurrentUser) -> OneSegmentSchema:
    """Say why what a check names is right."""
    return _done(
        caller,
        Action.EDIT,
        document_id,
        number,
        lambda bench, task: bench.waive(task, body.seen, body.code, body.about, body.reason),
    )


@router.post(f"{ONE}/comments")
def add_comment(document_id: str, number: int, body: CommentBody, caller: CurrentUser) -> OneSegmentSchema:
    """Remark something, for all who work on it."""
    action = way_of(caller)
    return _done(caller, action, document_id, number, lambda bench, task: bench.comment(task, body.text))


@router.post(f"{ONE}/requests", status_code=204, response_class=Response)
def request_translation(document_id: str, number: int, body: RequestBody, caller: CurrentUser) -> None:
    """Ask for the sentence to be translated by a person: it goes to the head of the queue."""
    with task_on(caller, Action.READ, document_id, number) as task:
        bench_of(caller).ask_for(task, body.note)


def bench_of(caller: Caller) -> Workbench:
    """What translating works with."""
    components = caller.components
    return Workbench(components.database, components.engine, components.trail)


def way_of(caller: Caller) -> Action:
    """By which action somebody is at the workbench. Raises ForbiddenError."""
    for action in WORKING:
        if policy.allows(caller.principal, action):
            return action
    caller.require(Action.EDIT)
    return Action.EDIT


def opened_for_work(
    caller: Caller, session: Session, document_id: str, number: int | None = None
) -> tuple[DocumentRow, Scope, Action]:
    """A document that the person may translate or review, in which scope and how; the trail has it by then.

    Raises AbsentError, NotTranslatedError, and ForbiddenError where they are neither translator nor reviewer.
    """
    first = way_of(caller)
    detail: dict[str, str | int] = {} if number is None else {"segment": min(max(number, -1), 2**31)}
    for action in WORKING:
        scope = policy.scope_for(session, caller.principal, action)
        row = documents.get(session, scope, document_id)
        if row is not None:
            label = documents.label_of(session, row).rule.as_text()
            caller.record(f"see_{action}", document_id, detail={**detail, "label": label})
            segments.target_of(row)
            return row, scope, action
    refused = documents.why_refused(session, document_id)
    caller.record(f"see_{first}", document_id[:64], "refused", {**detail, **refused})
    raise AbsentError


@contextmanager
def task_on(caller: Caller, action: Action, document_id: str, number: int) -> Iterator[Task]:
    """Something to do to a sentence; of one that proves to be outside the scope, the trail says why."""
    caller.require(action)
    with caller.components.database.reading() as session:
        scope = policy.scope_for(session, caller.principal, action)
    try:
        yield Task(scope, caller.principal, document_id, number, caller.event(action, document_id))
    except AbsentError:
        with caller.components.database.reading() as session:
            caller.record(action, document_id[:64], "refused", documents.why_refused(session, document_id))
        raise
    except (StaleVersionError, WorkError, NoTranslatorError, NotTranslatedError) as error:
        caller.record(action, document_id, "refused", {"rule": error.code})
        raise


def _done(
    caller: Caller, action: Action, document_id: str, number: int, act: Callable[[Workbench, Task], None]
) -> OneSegmentSchema:
    """The sentence after something was done to it."""
    with task_on(caller, action, document_id, number) as task:
        act(bench_of(caller), task)
    with caller.components.database.reading() as session:
        row = documents.get(session, task.scope, document_id)
        if row is None:
            raise AbsentError
        return _segment_schema(caller, session, task.scope, row, number, with_matches=False)


def _segment_schema(
    caller: Caller, session: Session, scope: Scope, row: DocumentRow, number: int, with_matches: bool
) -> OneSegmentSchema:
    segment = segments.segment_of(session, row, number)
    if segment is None:
        raise AbsentError
    source, text = segment.sentence.text, segment.work.text
    beside = memory.neighbours(session, row.id, number)
    history = segments.history(session, row, segment)
    offered = _offered(session, scope, row, Wanted(source, row.language, *beside)) if with_matches else []
    findings = checked(session, scope, row, segment.source_digest, source, text)
    draft_text = segments.draft_of(session, row, segment, caller.principal.person_id)
    judges = _may_judge(caller, segment, history)
    return OneSegmentSchema.of(row.id, segment, beside, history, findings, offered, draft_text, judges)


def _offered(
    session: Session, scope: Scope, row: DocumentRow, sentence: Wanted
) -> list[tuple[MemoryMatch, DocumentRow]]:
    offers = memory.matches(session, scope, row, sentence)
    lenders = documents.get_all(session, scope, {match.document_id for match in offers})
    return [(match, lenders[match.document_id][0]) for match in offers if match.document_id in lenders]


def _may_judge(caller: Caller, segment: WorkSegment, history: list[SegmentAct]) -> bool:
    """Whether the text waits for a judgement that the person may give, as far as their role and the history say."""
    authors = {act.by.username for act in history if act.kind is ActKind.SAVED}
    waits = segment.work.state is WorkState.SUBMITTED and policy.allows(caller.principal, Action.APPROVE)
    return waits and caller.principal.username not in authors
