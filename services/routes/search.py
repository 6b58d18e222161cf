"""Searching: what was asked becomes a request, what was found becomes JSON."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from auth.policy import Action
from auth.scheme import Scheme, SchemeError
from indexer.analysis.tokens import tokens
from indexer.engine.contract import DEEPEST, Exact, Facet, Leaf, Phrase, Prefix, Request, Sort, Term
from indexer.search.find import Results, find, suggestions
from indexer.search.parse import LONGEST, Parsed, Part, parse
from services.errors import WrongError
from services.routes.authentication import Asking, guarded_router
from services.schemas.schemas import FacetValue, HitShape, PartShape, SearchAnswer

router = guarded_router()

Value = Annotated[str, StringConstraints(max_length=300)]
Values = Annotated[list[Value], Field(max_length=100)]
Year = Annotated[int, Field(ge=1, le=9998)]


class Filters(BaseModel):
    """Facet values to keep: any of those given, for each facet given."""

    model_config = ConfigDict(extra="forbid")

    language: Values | None = None
    agency: Values | None = None
    level: Values | None = None
    kind: Values | None = None
    meeting: Values | None = None
    body: Values | None = None
    country: Values | None = None
    has_human_translation: list[bool | Literal["true", "false"]] | None = None
    year: list[Year | Value] | None = None
    year_from: Year | None = None
    year_to: Year | None = None


class SearchBody(BaseModel):
    """A search. With an empty query it lists what one may read."""

    query: Annotated[str, StringConstraints(max_length=LONGEST)] = ""
    query_language: Literal["en", "ru"] | None = None
    filters: Filters = Filters()
    sort: Sort = "relevance"
    offset: Annotated[int, Field(ge=0)] = 0
    limit: Annotated[int, Field(ge=0, le=100)] = 10


class Suggesting(BaseModel):
    """The beginning of a word."""

    prefix: Annotated[str, StringConstraints(min_length=2, max_length=64)]


class Suggestions(BaseModel):
    """Words that documents one may read hold."""

    terms: list[str]


@router.post("/search")
def search(body: SearchBody, asking: Asking) -> SearchAnswer:
    """Find documents one may read, with the passages that speak for them."""
    asking.must(Action.SEARCH)
    if body.offset + body.limit > DEEPEST:
        raise WrongError(f"offset + limit may be at most {DEEPEST}: narrow the search instead.")
    parsed = parse(body.query)
    scheme = asking.parts.scheme
    request = Request(
        parsed.query,
        _facets(body.filters, scheme),
        (body.filters.year_from, body.filters.year_to),
        body.sort,
        body.offset,
        body.limit,
    )
    results = find(asking.parts.database, asking.parts.engine, asking.principal, request)
    detail: dict[str, str | int] = {"total": results.answer.total}
    if filters := body.filters.model_dump(exclude_none=True):
        detail["filters"] = ",".join(filters)
    seen = tuple(hit.row.id for hit in results.hits)
    asking.parts.trail.record(replace(asking.event(Action.SEARCH, detail=detail), secret=_asked(body), shown=seen))
    return _answer(results, parsed, scheme)


@router.post("/suggest")
def suggest(body: Suggesting, asking: Asking) -> Suggestions:
    """Words that begin so, out of documents one may read."""
    asking.must(Action.SEARCH)
    found = tokens(body.prefix)
    parts = asking.parts
    terms = suggestions(parts.database, parts.engine, asking.principal, found[-1].exact) if found else ()
    asking.parts.trail.record(replace(asking.event("suggest", detail={"total": len(terms)}), secret=body.prefix))
    return Suggestions(terms=list(terms))


def _asked(body: SearchBody) -> str:
    """What the trail keeps sealed: the query as typed and, on a line of their own, the filters, which are typed too."""
    filters = body.filters.model_dump(exclude_none=True)
    return body.query + (f"\n{json.dumps(filters, ensure_ascii=False)}" if filters else "")


def _facets(filters: Filters, scheme: Scheme) -> dict[Facet, frozenset[str]]:
    given = filters.model_dump(exclude={"year_from", "year_to"}, exclude_none=True)
    wanted: dict[Facet, frozenset[str]] = {name: frozenset(map(_text, values)) for name, values in given.items()}  # type: ignore[misc]
    if "level" in wanted:
        wanted["level"] = frozenset(_rank(scheme, name) for name in wanted["level"])
    return wanted


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
        hits=[HitShape.of(hit, scheme) for hit in results.hits],
        facets=facets,
        interpretation=[_part(part) for part in parsed.parts],
    )


def _shown(facet: str, value: str, scheme: Scheme) -> str:
    return scheme.code(int(value)) if facet == "level" else value


def _part(part: Part) -> PartShape:
    kind = "excluded" if part.excluded and part.leaf else part.kind
    return PartShape(part_id=part.part_id, kind=kind, text=part.text, became=_became(part.leaf))


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
