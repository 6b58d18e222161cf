"""The termbase: terms are looked up, proposed, decided on, imported. A term that one may not read is not there."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from typing import Annotated, Final

from fastapi import File, Form, UploadFile
from pydantic import StringConstraints
from sqlalchemy.orm import Session

from auth import policy
from auth.labels import Label
from auth.policy import Action
from indexer.lexicon.termbase import proposals
from indexer.lexicon.termbase.concept_rows import APPROVED
from indexer.lexicon.termbase.formats import registry
from indexer.lexicon.termbase.proposals import NoTermError, ShownTerm, TermDecisionError, Verdict
from indexer.lexicon.termbase.vocabularies import Vocabularies, VocabularyAbout
from indexer.library.intake import LabelError, check_label
from services.labelling import label_from
from services.routes.authentication import SMALL_BODY, Caller, CurrentUser, GuardedRoute, guarded_router
from services.schemas.bitext.terms import (
    ProposedTerm,
    TermReceipt,
    TermsAnswer,
    TermSchema,
    TermSearch,
    VocabularySchema,
)
from services.schemas.handling import Because

LARGEST_IMPORT: Final = 4_000_000  # bytes; what is larger is for the command

Text = Annotated[str, StringConstraints(max_length=2_000), Form()]


class ImportRoute(GuardedRoute):
    """A route that takes a file of terms, from whoever may approve terms alone."""

    def largest_body(self, caller: Caller) -> int:
        """As large as a file of terms and the form around it."""
        caller.require(Action.APPROVE)
        return SMALL_BODY + LARGEST_IMPORT


router = guarded_router("/terms")
uploads = guarded_router("/terms", ImportRoute)


@router.post("/search")
def search_terms(body: TermSearch, caller: CurrentUser) -> TermsAnswer:
    """The approved terms that one may read, those that ship among them; other states are for who works on terms."""
    action = Action.SEARCH if body.state == APPROVED else _working(caller)
    caller.require(action)
    with caller.components.database.reading() as session:
        scope = policy.scope_for(session, caller.principal, action)
        result = proposals.search(session, scope, body.terms())
    event = caller.event("search_terms", detail={"total": result.total})
    caller.components.trail.record(replace(event, secret=body.query))
    return TermsAnswer.of(result, caller.components.scheme)


@router.get("/{term_id}")
def read_term(term_id: str, caller: CurrentUser) -> TermSchema:
    """A term; to translators and reviewers with its history, and in every state."""
    caller.require(Action.SEARCH)
    with caller.components.database.reading() as session:
        shown = _seen(session, caller, term_id)
    if shown is None:
        caller.record("read_term", term_id[:64], "refused", {"rule": "absent"})
        raise NoTermError
    caller.record("read_term", shown.concept_id)
    return TermSchema.of(shown, caller.components.scheme)


@router.post("", status_code=201)
def propose_term(body: ProposedTerm, caller: CurrentUser) -> TermReceipt:
    """Propose a term under a label that lets one read it oneself; a reviewer who is somebody else decides."""
    caller.require(Action.EDIT)
    label = _label(
        caller, Action.EDIT, (body.originator, body.level, body.releasable_to, body.need_to_know), "propose_term"
    )
    with _refusals_told(caller, "propose_term", body.replaces), caller.components.database.session() as session:
        scope = policy.scope_for(session, caller.principal, Action.EDIT)
        term_id = proposals.propose(session, scope, caller.principal, body.concept(), label, body.reason, body.replaces)
        detail = {"label": label.rule.as_text(), "replaces": body.replaces}
        caller.record("propose_term", term_id, detail={name: text for name, text in detail.items() if text})
    return TermReceipt(term_id=term_id)


@router.post("/{term_id}/approval", status_code=204)
def approve_term(term_id: str, body: Because, caller: CurrentUser) -> None:
    """Let a term that somebody else proposed be seen by all who may read it."""
    _decide(caller, term_id, "approved", body.reason)


@router.post("/{term_id}/rejection", status_code=204)
def reject_term(term_id: str, body: Because, caller: CurrentUser) -> None:
    """Reject a term that somebody else proposed."""
    _decide(caller, term_id, "rejected", body.reason)


@router.post("/{term_id}/withdrawal", status_code=204)
def withdraw_term(term_id: str, body: Because, caller: CurrentUser) -> None:
    """Take back a term that one proposed oneself."""
    caller.require(Action.EDIT)
    with _refusals_told(caller, "withdraw_term", term_id), caller.components.database.session() as session:
        scope = policy.scope_for(session, caller.principal, Action.EDIT)
        proposals.withdraw(session, scope, caller.principal, term_id, body.reason)
        caller.record("withdraw_term", term_id)


@uploads.post("/import", status_code=201)
def import_terms(
    caller: CurrentUser,
    file: Annotated[UploadFile, File()],
    form: Text,
    originator: Text,
    level: Text,
    releasable_to: Text = "",
    need_to_know: Text = "",
    name: Text = "",
    licence: Text = "",
) -> VocabularySchema:
    """Take a file of terms in (tbx, tsv, skos) under a label that lets one read it oneself; bad entries are named."""
    caller.require(Action.APPROVE)
    label = _label(caller, Action.APPROVE, (originator, level, releasable_to, need_to_know), "import_terms")
    read = registry.reader("terms", form)
    about = VocabularyAbout("terms", (name or file.filename or "")[:300], licence, form, label)
    vocabularies = Vocabularies(caller.components.database, caller.components.trail)
    vocabulary = vocabularies.take_in(about, read(file.file), caller.event("import_terms"))
    return VocabularySchema.of(vocabulary, caller.components.scheme)


def _decide(caller: Caller, term_id: str, verdict: Verdict, reason: str) -> None:
    caller.require(Action.APPROVE)
    act = "approve_term" if verdict == APPROVED else "reject_term"
    with _refusals_told(caller, act, term_id), caller.components.database.session() as session:
        scope = policy.scope_for(session, caller.principal, Action.APPROVE)
        proposals.decide(session, scope, caller.principal, term_id, verdict, reason)
        caller.record(act, term_id)


@contextmanager
def _refusals_told(caller: Caller, act: str, term_id: str) -> Iterator[None]:
    """Tell the trail what of this is refused."""
    try:
        yield
    except (NoTermError, TermDecisionError) as error:
        caller.record(act, term_id[:64], "refused", {"rule": error.code})
        raise


def _seen(session: Session, caller: Caller, term_id: str) -> ShownTerm | None:
    """A term as the person sees it: with its history and in every state, where they work on it; None if not at all."""
    for action in (Action.APPROVE, Action.EDIT, Action.SEARCH):
        scope = policy.scope_for(session, caller.principal, action)
        with suppress(NoTermError):
            shown = proposals.get(session, scope, term_id)
            if action != Action.SEARCH:
                return shown
            return replace(shown, history=()) if shown.state == APPROVED else None
    return None


def _working(caller: Caller) -> Action:
    """The action in whose scope somebody sees terms of every state: a reviewer's, a translator's, or none."""
    ways = (Action.APPROVE, Action.EDIT)
    return next((action for action in ways if policy.allows(caller.principal, action)), Action.SEARCH)


def _label(caller: Caller, action: Action, parts: tuple[str, str, str, str], act: str) -> Label:
    """A label of these parts, which lets the person read it. Raises LabelError, and what `label_from` raises."""
    components = caller.components
    with components.database.reading() as session:
        label = label_from(session, components.scheme, *parts)
    check_label(label)
    if not policy.permits(caller.principal, action, label):
        caller.record(act, decision="refused", detail={"rule": "label"})
        raise LabelError(
            "You may give a term only a label that lets you read it yourself.", code="term_label_above_you"
        )
    return label
