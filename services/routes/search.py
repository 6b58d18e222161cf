"""Searching, in all documents or in one: what was asked becomes a request, what was found becomes JSON."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace

from auth.audit.trail import check_secret
from auth.policy import Action
from auth.scheme import Scheme
from indexer.analysis.tokens import tokens
from indexer.engine.budget import OverBudgetError
from indexer.engine.contract import DEEPEST, EVERYTHING, FACETS, Facet, Request, positive_leaves
from indexer.handling.lifecycle import AbsentError
from indexer.library import documents
from indexer.search.asking import Asking, Outcome
from indexer.search.find import folded, suggestions
from indexer.search.parse import Parsed
from indexer.search.places import places_in
from indexer.search.query.leaves import SHORTEST_PREFIX
from indexer.search.query.narrowing import Narrowing, narrowed
from indexer.search.similar import passage_named, passage_text
from services.errors import WrongError
from services.routes.authentication import Caller, CurrentUser, guarded_router
from services.routes.documents import opened_document
from services.schemas.search import (
    Asked,
    FacetValue,
    Filters,
    FindBody,
    HitSchema,
    Narrowed,
    OfferSchema,
    PlacesAnswer,
    SearchAnswer,
    SearchBody,
    SimilarBody,
    Suggesting,
    Suggestions,
    crossing,
    interpretation,
)

router = guarded_router()


@router.post("/search")
def search(body: SearchBody, caller: CurrentUser) -> SearchAnswer:
    """Find documents one may read, with the passages that speak for them."""
    caller.require(Action.SEARCH)
    _check_depth(body)
    with searched(caller, body, body.query, body.words == "all") as outcome:
        note_shown(caller, outcome.parsed, (hit.row.id for hit in outcome.results.hits if hit.passages))
        return _answer(outcome, caller.components.scheme)


@contextmanager
def searched(caller: Caller, body: Narrowed, query: str, every: bool) -> Iterator[Outcome]:
    """What a person's query finds; the trail has it by then. Their turn lasts until the answer is made of it.

    Raises QueryError, and what an engine raises.
    """
    words = sealed_words(query, body)
    check_secret(words)
    components = caller.components
    with on_budget(caller, Action.SEARCH, words):
        asking = asking_of(caller)
        parsed = asking.parsed(query, every, crossing(body))
        request = _request(body, _chosen(body.filters).and_also(parsed.narrowing), components.scheme)
        outcome = asking.outcome(parsed, request)
        results = outcome.results
        detail: dict[str, str | int] = {"total": results.answer.total}
        if filters := body.filters.model_dump(exclude_none=True):
            detail["filters"] = ",".join(filters)
        seen = tuple(hit.row.id for hit in results.hits)
        components.trail.record(replace(caller.event(Action.SEARCH, detail=detail), secret=words, shown=seen))
        yield outcome


@router.post("/search/similar")
def similar(body: SimilarBody, caller: CurrentUser) -> SearchAnswer:
    """Find documents one may read with passages like one of them, which comes first; its words are the query."""
    caller.require(Action.SEARCH)
    _check_depth(body)
    document_id, ordinal = passage_named(body.passage_id)
    components = caller.components
    with components.database.reading() as session:
        opened = opened_document(caller, session, Action.SEARCH, document_id)
        text = passage_text(session, opened[2], opened[0], ordinal) if opened else ""
        if not opened or not text:
            refused = documents.why_refused(session, document_id)
            caller.record("similar", document_id[:64], decision="refused", detail=refused)
            raise AbsentError
    request = _request(body, _chosen(body.filters), components.scheme)
    with on_budget(caller, "similar", body.passage_id):
        outcome = asking_of(caller).similar(text, crossing(body), request)
        total, rule = outcome.results.answer.total, opened[1].rule.as_text()
        detail: dict[str, str | int] = {"total": total, "passage": ordinal, "label": rule}
        seen = tuple(hit.row.id for hit in outcome.results.hits)
        components.trail.record(replace(caller.event("similar", document_id, detail=detail), shown=seen))
        return _answer(outcome, components.scheme)


@router.post("/suggest")
def suggest(body: Suggesting, caller: CurrentUser) -> Suggestions:
    """Words that begin so, out of documents one may read."""
    caller.require(Action.SEARCH)
    prefix_tokens = tokens(body.prefix)
    components, terms = caller.components, tuple[str, ...]()
    if prefix_tokens and len(prefix_tokens[-1].exact) >= SHORTEST_PREFIX:
        with on_budget(caller, "suggest", body.prefix):
            terms = suggestions(components.database, components.engine, caller.principal, prefix_tokens[-1].exact)
    caller.components.trail.record(replace(caller.event("suggest", detail={"total": len(terms)}), secret=body.prefix))
    return Suggestions(terms=list(terms))


@router.post("/documents/{document_id}/find")
def find_places(document_id: str, body: FindBody, caller: CurrentUser) -> PlacesAnswer:
    """Every place of one document that a search finds, in order, by sentence and in the original first."""
    caller.require(Action.READ)
    _check_depth(body)
    check_secret(body.query)
    with on_budget(caller, "find", body.query), caller.components.database.reading() as session:
        asking = asking_of(caller)
        leaves = positive_leaves(asking.settled(asking.parsed(body.query, crossing=crossing(body))).query)
        opened = opened_document(caller, session, Action.READ, document_id)
        if opened is None:
            refusal = caller.event("find", document_id[:64], "refused", documents.why_refused(session, document_id))
            caller.components.trail.record(replace(refusal, secret=body.query))
            raise AbsentError
        row, label, scope = opened
        places = places_in(session, scope, row, leaves)
    event = caller.event("find", row.id, detail={"total": len(places), "label": label.rule.as_text()})
    caller.components.trail.record(replace(event, secret=body.query))
    return PlacesAnswer.of(row.id, places, body)


def note_shown(caller: Caller, parsed: Parsed, document_ids: Iterable[str]) -> None:
    """Count somebody who was shown text of these documents, where words were searched for."""
    if parsed.leaves:
        caller.components.openings.note(caller.principal, document_ids)


def asking_of(caller: Caller) -> Asking:
    """Somebody who asks a search."""
    components = caller.components
    return Asking(components.database, components.engine, caller.principal, components.place_counts, components.meaning)


@contextmanager
def on_budget(caller: Caller, action: str, words: str) -> Iterator[None]:
    """In the caller's turn; what takes more than a search may is refused, and the trail says so, its words sealed."""
    try:
        with caller.components.turns.of(caller.principal.person_id):
            yield
    except OverBudgetError:
        refusal = caller.event(action, decision="refused", detail={"rule": "budget"})
        caller.components.trail.record(replace(refusal, secret=words))
        raise


def _check_depth(body: Narrowed | FindBody) -> None:
    if body.offset + body.limit > DEEPEST:
        raise WrongError(
            "offset + limit may be at most {deepest}: narrow the search instead.", code="too_deep", deepest=DEEPEST
        )


def asked_of(caller: Caller, asking: Asking, body: SearchBody) -> tuple[Parsed, Request]:
    """What a search means for whoever asks it now, and all else that it asks. Raises QueryError."""
    parsed = asking.parsed(body.query, body.words == "all", crossing(body))
    return parsed, _request(body, _chosen(body.filters).and_also(parsed.narrowing), caller.components.scheme)


def sealed_words(query: str, body: Asked) -> str:
    """What the trail keeps sealed: the query as typed and, on a line of their own, the filters, which are typed too."""
    filters = body.filters.model_dump(mode="json", exclude_none=True)
    return query + (f"\n{json.dumps(filters, ensure_ascii=False)}" if filters else "")


def _request(body: Narrowed, narrowing: Narrowing, scheme: Scheme) -> Request:
    """What is asked of the engine, but for its query."""
    years = (body.filters.year_from, body.filters.year_to)
    return narrowed(Request(EVERYTHING, {}, years, body.sort, body.offset, body.limit), narrowing, scheme)


def _chosen(filters: Filters) -> Narrowing:
    """What the filters of a body narrow a search to, years apart."""
    chosen = {name: values for name, values in filters.model_dump(exclude_none=True).items() if name in FACETS}
    facets: dict[Facet, frozenset[str]] = {name: frozenset(map(_text, values)) for name, values in chosen.items()}
    first, last = ((day.isoformat() if day else "") for day in (filters.date_from, filters.date_to))
    return Narrowing(facets, (first, last), bool(filters.undated))


def _text(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _answer(outcome: Outcome, scheme: Scheme) -> SearchAnswer:
    results = outcome.results
    facets: dict[str, list[FacetValue]] = {
        name: [FacetValue(value=_shown(name, value, scheme), count=count) for value, count in counts]
        for name, counts in results.answer.facets.items()
    }
    return SearchAnswer(
        total=results.answer.total,
        hits=[HitSchema.of(hit, scheme) for hit in folded(results.hits)],
        facets=facets,
        interpretation=interpretation(outcome.parsed),
        offers=[OfferSchema(kind=each.kind, query=each.query, total=each.total) for each in outcome.offers],
    )


def _shown(facet: str, value: str, scheme: Scheme) -> str:
    return scheme.code(int(value)) if facet == "level" else value
