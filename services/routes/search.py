"""Searching, in all documents or in one: what was asked becomes a request, what was found becomes JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from auth.audit.trail import check_secret
from auth.policy import Action
from auth.scheme import Scheme, SchemeError
from indexer.analysis.tokens import tokens
from indexer.engine.budget import OverBudgetError
from indexer.engine.contract import DEEPEST, Exact, Facet, Leaf, Phrase, Prefix, Request, Term, positive_leaves
from indexer.handling.lifecycle import AbsentError
from indexer.library import documents
from indexer.search.find import Results, find, suggestions
from indexer.search.parse import SHORTEST_PREFIX, Parsed, Part, parse
from indexer.search.places import places_in
from services.errors import WrongError
from services.routes.authentication import Caller, CurrentUser, guarded_router
from services.routes.documents import opened_document
from services.schemas.search import (
    FacetValue,
    Filters,
    FindBody,
    HitSchema,
    PartSchema,
    PlacesAnswer,
    SearchAnswer,
    SearchBody,
    Suggesting,
    Suggestions,
)

router = guarded_router()


@router.post("/search")
def search(body: SearchBody, caller: CurrentUser) -> SearchAnswer:
    """Find documents one may read, with the passages that speak for them."""
    caller.require(Action.SEARCH)
    _check_depth(body)
    words = _sealed_words(body)
    check_secret(words)
    parsed = parse(body.query)
    scheme = caller.components.scheme
    request = Request(
        parsed.query,
        _facets(body.filters, scheme),
        (body.filters.year_from, body.filters.year_to),
        body.sort,
        body.offset,
        body.limit,
    )
    parts = caller.components
    with _on_budget(caller, Action.SEARCH, words):
        results = find(parts.database, parts.engine, caller.principal, request, parts.place_counts)
    detail: dict[str, str | int] = {"total": results.answer.total}
    if filters := body.filters.model_dump(exclude_none=True):
        detail["filters"] = ",".join(filters)
    seen = tuple(hit.row.id for hit in results.hits)
    caller.components.trail.record(replace(caller.event(Action.SEARCH, detail=detail), secret=words, shown=seen))
    return _answer(results, parsed, scheme)


@router.post("/suggest")
def suggest(body: Suggesting, caller: CurrentUser) -> Suggestions:
    """Words that begin so, out of documents one may read."""
    caller.require(Action.SEARCH)
    prefix_tokens = tokens(body.prefix)
    components, terms = caller.components, tuple[str, ...]()
    if prefix_tokens and len(prefix_tokens[-1].exact) >= SHORTEST_PREFIX:
        with _on_budget(caller, "suggest", body.prefix):
            terms = suggestions(components.database, components.engine, caller.principal, prefix_tokens[-1].exact)
    caller.components.trail.record(replace(caller.event("suggest", detail={"total": len(terms)}), secret=body.prefix))
    return Suggestions(terms=list(terms))


@router.post("/documents/{document_id}/find")
def find_places(document_id: str, body: FindBody, caller: CurrentUser) -> PlacesAnswer:
    """Every place of one document that a search finds, in order, by sentence and in the original first."""
    caller.require(Action.READ)
    _check_depth(body)
    check_secret(body.query)
    leaves = positive_leaves(parse(body.query).query)
    with _on_budget(caller, "find", body.query), caller.components.database.reading() as session:
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


@contextmanager
def _on_budget(caller: Caller, action: str, words: str) -> Iterator[None]:
    """In the caller's turn; what takes more than a search may is refused, and the trail says so, its words sealed."""
    try:
        with caller.components.turns.of(caller.principal.person_id):
            yield
    except OverBudgetError:
        refusal = caller.event(action, decision="refused", detail={"rule": "budget"})
        caller.components.trail.record(replace(refusal, secret=words))
        raise


def _check_depth(body: SearchBody | FindBody) -> None:
    if body.offset + body.limit > DEEPEST:
        raise WrongError(
            "offset + limit may be at most {deepest}: narrow the search instead.", code="too_deep", deepest=DEEPEST
        )


def _sealed_words(body: SearchBody) -> str:
    """What the trail keeps sealed: the query as typed and, on a line of their own, the filters, which are typed too."""
    filters = body.filters.model_dump(exclude_none=True)
    return body.query + (f"\n{json.dumps(filters, ensure_ascii=False)}" if filters else "")


def _facets(filters: Filters, scheme: Scheme) -> dict[Facet, frozenset[str]]:
    chosen = filters.model_dump(exclude={"year_from", "year_to"}, exclude_none=True)
    facets: dict[Facet, frozenset[str]] = {name: frozenset(map(_text, values)) for name, values in chosen.items()}  # type: ignore[misc]
    if "level" in facets:
        facets["level"] = frozenset(_rank(scheme, name) for name in facets["level"])
    return facets


def _text(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _rank(scheme: Scheme, name: str) -> str:
    try:
        return str(scheme.rank(name))
    except SchemeError:
        return ""  # a level that does not exist has no documents


def _answer(results: Results, parsed: Parsed, scheme: Scheme) -> SearchAnswer:
    facets: dict[str, list[FacetValue]] = {
        name: [FacetValue(value=_shown(name, value, scheme), count=count) for value, count in counts]
        for name, counts in results.answer.facets.items()
    }
    return SearchAnswer(
        total=results.answer.total,
        hits=[HitSchema.of(hit, scheme) for hit in results.hits],
        facets=facets,
        interpretation=[_part(part) for part in parsed.parts],
    )


def _shown(facet: str, value: str, scheme: Scheme) -> str:
    return scheme.code(int(value)) if facet == "level" else value


def _part(part: Part) -> PartSchema:
    kind = "excluded" if part.excluded and part.leaf else part.kind
    return PartSchema(part_id=part.part_id, kind=kind, text=part.text, became=_became(part.leaf))


def _became(leaf: Leaf | None) -> str:
    match leaf:
        case Term(stem):
            return stem
        case Exact(form):
            return f"={form}"
        case Prefix(start):
            return f"{start}*"
        case Phrase(stems):
            return f'"{" ".join(stems)}"'
        case None:
            return ""
