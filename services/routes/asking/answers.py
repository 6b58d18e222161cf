"""Questions, answered by sentences of papers that one may search. Composes nothing."""

from __future__ import annotations

from dataclasses import replace

from auth.audit.trail import check_secret
from auth.policy import Action
from indexer.search.answering import answer
from services.routes.asking.recommendations import meetings_of
from services.routes.authentication import CurrentUser, guarded_router
from services.routes.search import asked_of, asking_of, note_shown, on_budget, sealed_words
from services.schemas.asking.answers import QuestionAnswer, QuestionBody
from services.schemas.search import SearchBody

router = guarded_router()

ANSWER = "answer"  # what the trail calls it


@router.post("/answer")
def ask(body: QuestionBody, caller: CurrentUser) -> QuestionAnswer:
    """The sentences that answer a question, in both languages, with page and place; each as it stands in its paper."""
    caller.require(Action.SEARCH)
    narrowed = {name: getattr(body, name) for name in ("query_language", "switch_off", "filters")}
    search = SearchBody(query=body.question, **narrowed)
    words = sealed_words(body.question, search)
    check_secret(words)
    with on_budget(caller, ANSWER, words):
        asking = asking_of(caller)
        outcome = answer(asking, *asked_of(caller, asking, search))
        seen = tuple(dict.fromkeys(proof.row.id for proof in outcome.proofs))
        detail: dict[str, str | int] = {"total": len(outcome.proofs)}
        caller.components.trail.record(replace(caller.event(ANSWER, detail=detail), secret=words, shown=seen))
        note_shown(caller, outcome.parsed, seen)
        with caller.components.database.reading() as session:
            return QuestionAnswer.of(outcome, meetings_of(session, (proof.row for proof in outcome.proofs)))
