"""Changing what becomes of a document: label, times, words, hold, removal. What may not be read is not there."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Final

from fastapi import Response

from auth import policy
from auth.policy import Action, Scope
from indexer.handling import lifecycle, questions
from indexer.handling.attaching import AttachmentError, Confirmed
from indexer.handling.lifecycle import AbsentError, HeldError
from indexer.handling.questions import QuestionError
from indexer.handling.relabel import Handling, handling_of
from indexer.library import documents
from indexer.library.description import DescriptionError
from indexer.library.documents import Times
from indexer.library.intake import AlikeError, Attached, ChangedError, LabelError, MarkingError
from services.errors import WrongError
from services.labelling import relabelled
from services.routes.authentication import Caller, CurrentUser, guarded_router
from services.schemas.documents import IntakeSchema
from services.schemas.handling import Answering, Because, Confirming, Description, HandlingOutcome, Hold, Relabel

router = guarded_router("/documents")

_REFUSALS: Final = (
    LabelError,
    DescriptionError,
    QuestionError,
    AttachmentError,
    AlikeError,
    MarkingError,
    ChangedError,
)


@router.patch("/{document_id}/label")
def relabel(document_id: str, body: Relabel, caller: CurrentUser) -> HandlingOutcome:
    """Change a document's label or times. When it is done, no search under the old ones shows the document."""
    with _within(caller, Action.LABEL, document_id) as scope:
        new = _handling(caller, scope, document_id, body)
        event = caller.event(Action.LABEL, document_id)
        proposal = caller.components.relabeller.relabel(scope, caller.principal, document_id, new, body.reason, event)
    return _outcome(proposal)


@router.post("/{document_id}/hold", responses={202: {"model": HandlingOutcome}})
def hold(document_id: str, body: Hold, caller: CurrentUser, response: Response) -> HandlingOutcome:
    """Forbid removing a document, which is done at once; or propose that a second registrar ends that (202)."""
    removals, proposal = caller.components.removals, ""
    with _within(caller, Action.LABEL, document_id) as scope:
        if body.held:
            removals.hold(scope, caller.principal, document_id, body.reason, caller.event("hold", document_id))
        else:
            event = caller.event("release", document_id)
            proposal = removals.release(scope, caller.principal, document_id, body.reason, event)
    response.status_code = 202 if proposal else 200
    return _outcome(proposal)


@router.post("/{document_id}/answer")
def answer(document_id: str, body: Answering, caller: CurrentUser) -> HandlingOutcome:
    """Answer what is asked of a paper that one may take in: of text that it hides, or of its own marking."""
    with _within(caller, Action.INTAKE, document_id) as scope:
        event = caller.event("answer", document_id, detail={"reason": body.reason})
        database, trail = caller.components.database, caller.components.trail
        questions.answer(database, trail, scope, document_id, body.question, body.answer, event)
    return _outcome("")


@router.post("/{document_id}/attachments/{number}", status_code=202)
def take_attachment(document_id: str, number: int, body: Confirming, caller: CurrentUser) -> IntakeSchema:
    """Take a file inside a document in as a document of its own, under the same label: PDFs alone. Safe to repeat.

    `number` counts the names of the document's `attachments` from 1. The reasons are those of taking a file in.
    """
    with _within(caller, Action.INTAKE, document_id) as scope:
        confirmed = Confirmed(body.alike_reason.strip(), body.marking_reason.strip())
        attached = Attached(document_id, number)
        receipt = caller.components.attaching.take(scope, attached, confirmed, caller.event(Action.INTAKE))
    if receipt.duplicate:
        detail: dict[str, str | int] = {"duplicate": 1, "inside": document_id, "number": number}
        caller.record(Action.INTAKE, receipt.document_id, detail=detail)
    return IntakeSchema.of(receipt)


@router.post("/{document_id}/removal", status_code=202)
def remove(document_id: str, body: Because, caller: CurrentUser) -> HandlingOutcome:
    """Propose to take a document out for good. A second registrar decides."""
    with _within(caller, Action.REMOVE, document_id) as scope:
        event = caller.event(Action.REMOVE, document_id)
        proposal = caller.components.removals.remove(scope, caller.principal, document_id, body.reason, event)
    return _outcome(proposal)


@router.post("/{document_id}/retry")
def retry(document_id: str, body: Because, caller: CurrentUser) -> HandlingOutcome:
    """Send a document that failed through the pipeline again, unless its file itself was refused."""
    components = caller.components
    with _within(caller, Action.INTAKE, document_id, "retry") as scope:
        event = caller.event("retry", document_id, detail={"reason": body.reason})
        if not lifecycle.retry(components.database, components.trail, scope, document_id, event):
            raise WrongError(
                "There is nothing to try again: it did not fail, or its file was refused. Then bring a good copy.",
                code="nothing_to_retry",
            )
    return _outcome("")


@router.patch("/{document_id}/description")
def describe(document_id: str, body: Description, caller: CurrentUser) -> HandlingOutcome:
    """Correct what a document is described by. When it is done, searches find it by the new words alone."""
    with _within(caller, Action.INTAKE, document_id, "describe") as scope:
        event = caller.event("describe", document_id)
        caller.components.describer.describe(scope, document_id, body.change(), body.reason, event)
    return _outcome("")


def _outcome(proposal: str) -> HandlingOutcome:
    return HandlingOutcome(state="waiting" if proposal else "done", proposal_id=proposal or None)


@contextmanager
def _within(caller: Caller, action: Action, document_id: str, recorded_as: str = "") -> Iterator[Scope]:
    """The scope to act in; a document that proves to be outside it is refused, and the trail says why."""
    caller.require(action)
    with caller.components.database.reading() as session:
        scope = policy.scope_for(session, caller.principal, action)
    try:
        yield scope
    except AbsentError:
        with caller.components.database.reading() as session:
            caller.record(
                recorded_as or action, document_id[:64], "refused", documents.why_refused(session, document_id)
            )
        raise
    except HeldError:
        caller.record(recorded_as or action, document_id, "refused", {"rule": "hold"})
        raise
    except _REFUSALS as error:
        caller.record(recorded_as or action, document_id, "refused", {"rule": error.code})
        raise


def _handling(caller: Caller, scope: Scope, document_id: str, body: Relabel) -> Handling:
    """What the document's label and times would become. Raises AbsentError, and what `relabelled` raises."""
    with caller.components.database.reading() as session:
        row = documents.get(session, scope, document_id)
        if row is None:
            raise AbsentError
        old = handling_of(session, row)
        label = relabelled(
            session, caller.components.scheme, old.label, body.level, body.releasable_to, body.need_to_know
        )
    named = body.model_fields_set & set(Times.__dataclass_fields__)
    return Handling(label, replace(old.times, **{name: getattr(body, name) for name in named}))
