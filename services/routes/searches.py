"""Searches that people keep, which are their own, and many searches at once. Shows nobody what another keeps."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from itertools import zip_longest
from typing import Final

from fastapi import Request
from fastapi.responses import StreamingResponse
from pydantic import ValidationError

from auth.audit.trail import SecretError
from auth.errors import TolmachError
from auth.policy import Action
from indexer.alerts.news import News, all_shortened
from indexer.alerts.news import news as news_of
from indexer.engine.budget import OverBudgetError
from indexer.engine.contract import EngineError
from indexer.search import saved
from indexer.search.find import IndexDisagreesError
from indexer.search.parse import QueryError
from indexer.search.saved import NoSearchError, SavedSearch
from indexer.search.turns import SearchesWaitError
from services.errors import ForbiddenError, NotSignedInError
from services.routes.authentication import Caller, CurrentUser, authenticate, guarded_router
from services.routes.search import asked_of, asking_of, on_budget, searched
from services.schemas.asking.batches import BatchAnswer, BatchBody, BatchRow, as_csv, as_json
from services.schemas.asking.searches import KeptSearch, LookBody, NewsSchema, SavedSearchSchema
from services.schemas.search import Narrowed, SearchBody

router = guarded_router()

_OF_ONE_LINE: Final = (QueryError, SecretError, SearchesWaitError, OverBudgetError)
_OF_THE_REST: Final = (NotSignedInError, ForbiddenError, EngineError, IndexDisagreesError)
_CSV: Final = "text/csv"
MOST_TOLD: Final = 20  # searches whose news are told at once


@router.post(
    "/search/batch",
    response_model=BatchAnswer,
    responses={200: {"content": {_CSV: {"schema": {"type": "string"}}}, "description": "As JSON, or as CSV"}},
)
def search_lines(body: BatchBody, caller: CurrentUser, request: Request) -> StreamingResponse:
    """Search for each line: its best document and how many there are, or why it was not searched; as JSON or CSV.

    Each line is a search like any other, in one's turn and within its budget. Blank lines have no row.
    """
    caller.require(Action.SEARCH)
    caller.record("search_lines", detail={"total": len(body.lines)})  # nothing is answered that it cannot be noted
    rows = _rows(request, body)
    if body.format == "csv" or (body.format is None and _CSV in request.headers.get("accept", "")):
        named = {"Content-Disposition": 'attachment; filename="searches.csv"'}
        return StreamingResponse(as_csv(rows), media_type=f"{_CSV}; charset=utf-8", headers=named)
    return StreamingResponse(as_json(rows), media_type="application/json")


@router.get("/searches")
def kept(caller: CurrentUser, news: bool = False) -> list[SavedSearchSchema]:
    """The searches that one keeps, the latest first. `news`: with what the first of them find that one has not seen.

    Each is asked as a search of one's own, with the rights that one has now. Nothing is marked as seen.
    """
    caller.require(Action.SEARCH)
    with caller.components.database.reading() as session:
        searches = saved.of_person(session, caller.principal.person_id)
    news_of_each = [_news_or_why(caller, each) for each in searches[:MOST_TOLD]] if news else []
    seen = tuple(dict.fromkeys(paper.document_id for each in news_of_each for paper in each.papers))
    event = caller.event("list_searches", detail={"total": len(searches), "news": len(news_of_each)})
    caller.components.trail.record(replace(event, shown=seen))
    return [SavedSearchSchema.of(each, of_it) for each, of_it in zip_longest(searches, news_of_each)]


@router.post("/searches/{search_id}/look", status_code=204)
def look_at_search(search_id: str, body: LookBody, caller: CurrentUser) -> None:
    """Say that one has seen what a search finds: the papers named, or all that it finds now.

    What has come since one was told stays new, if the papers are named.
    """
    caller.require(Action.SEARCH)
    person_id = caller.principal.person_id
    try:
        with caller.components.database.reading() as session:
            search = saved.of_search(session, person_id, search_id)
        finds = _news(caller, search)
        with caller.components.database.session() as session:
            before = saved.of_search(session, person_id, search_id).seen
            seen = _seen(finds, before, body.document_ids)
            saved.look(session, person_id, search_id, seen)
            caller.record("look_at_search", search_id, detail={"total": len(seen)})
    except NoSearchError:
        caller.record("look_at_search", search_id[:64], "refused")
        raise


def _seen(finds: News | None, before: frozenset[str] | None, named: list[str] | None) -> frozenset[str]:
    """What is kept as seen: of what is found, what was seen before and what is named, or all of it."""
    if finds is None:
        return frozenset()
    return finds.seen if named is None else finds.seen & ((before or frozenset()) | all_shortened(named))


def _news_or_why(caller: Caller, search: SavedSearch) -> NewsSchema:
    """The news of a search, or why there is none."""
    if search.seen is None:
        return NewsSchema(code="not_looked")
    try:
        finds = _news(caller, search)
    except (*_OF_ONE_LINE, ValidationError) as error:
        return NewsSchema(code=getattr(error, "code", "") or "unreadable")
    return NewsSchema.of(finds) if finds else NewsSchema(code="too_many")


def _news(caller: Caller, search: SavedSearch) -> News | None:
    """What a search finds now, and what of it is new. Raises as a search does."""
    body = SearchBody.model_validate(search.asked)
    with on_budget(caller, "look_at_search", body.query):
        asking = asking_of(caller)
        return news_of(asking, *asked_of(caller, asking, body), search.seen or frozenset())


@router.post("/searches", status_code=201)
def keep(body: KeptSearch, caller: CurrentUser) -> SavedSearchSchema:
    """Keep a search under a name. It is sealed in the database. What it finds by now counts as seen."""
    caller.require(Action.SEARCH)
    search = body.search.model_dump(mode="json", exclude_defaults=True)
    with caller.components.database.session() as session:
        kept_search = saved.save(session, caller.principal.person_id, body.name, search)
        event = caller.event("keep_search", kept_search.search_id)
        caller.components.trail.record(replace(event, secret=f"{body.name}\n{body.search.query}"))
    with suppress(*_OF_ONE_LINE, EngineError, IndexDisagreesError, NoSearchError):  # then nothing was seen
        finds = _news(caller, kept_search)
        with caller.components.database.session() as session:
            seen = _seen(finds, None, None)
            kept_search = saved.look(session, caller.principal.person_id, kept_search.search_id, seen)
    return SavedSearchSchema.of(kept_search)


@router.delete("/searches/{search_id}", status_code=204)
def forget(search_id: str, caller: CurrentUser) -> None:
    """Keep a search no longer."""
    caller.require(Action.SEARCH)
    with caller.components.database.session() as session:
        try:
            saved.forget(session, caller.principal.person_id, search_id)
        except NoSearchError:
            caller.record("forget_search", search_id[:64], "refused")
            raise
        caller.record("forget_search", search_id)


def _writable(line: str) -> str:
    """A line without blanks around it, and with "?" for halves of characters, which no answer could hold."""
    return line.strip().encode("utf-8", "replace").decode()


def _rows(request: Request, body: BatchBody) -> Iterator[BatchRow]:
    """A row for each line, searched when its turn comes, by what one may do then: many lines take a while."""
    narrowed = Narrowed(query_language=body.query_language, switch_off=body.switch_off, filters=body.filters, limit=1)
    failure: TolmachError | None = None
    for number, query in enumerate(map(_writable, body.lines), 1):
        error = failure
        try:
            if query and failure is None:
                caller = authenticate(request)
                caller.require(Action.SEARCH)
                with searched(caller, narrowed, query, body.words == "all") as outcome:
                    row = BatchRow.of(number, query, outcome.results, caller.components.scheme)
                yield row
        except _OF_ONE_LINE as of_line:
            error = of_line
        except _OF_THE_REST as of_all:
            error = failure = of_all
        if query and error is not None:
            yield BatchRow.refused(number, query, error)
