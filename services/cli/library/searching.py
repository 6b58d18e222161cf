"""`tolmach search`: a search at the console, as the person who signs in."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.markup import escape

from auth.audit.entries import Event
from auth.policy import Action, allows
from indexer.engine.budget import OverBudgetError
from indexer.engine.contract import Request
from indexer.search.asking import Asking
from indexer.search.find import FoundDocument, folded
from indexer.search.parse import parse
from indexer.search.query.bridge import Crossing
from indexer.search.query.narrowing import narrowed
from services.cli.acting import Otp, PasswordStdin, signed_in
from services.cli.console import AsJson, console, fail, opened, put, say
from services.schemas.search import HitSchema, interpretation


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(context_settings={"ignore_unknown_options": True})(search)  # a query may begin with a minus


def search(
    query: Annotated[
        str,
        typer.Argument(
            help='Words, "phrases", prefix*, =form, +must, -not, AND, OR, parentheses, date:2015..2020, title:WORD'
        ),
    ],
    username: Annotated[str, typer.Option("--as", help="Who is searching: nobody searches as the operator")],
    password_stdin: PasswordStdin = False,
    otp: Otp = "",
    limit: Annotated[int, typer.Option(min=1, max=100)] = 10,
    as_json: AsJson = False,
) -> None:
    """Search what that person may read: the same path as the API."""
    parse(query)  # one that is too long is refused before anybody signs in
    components = opened()
    principal = signed_in(components, username, password_stdin, otp)
    if not allows(principal, Action.SEARCH):
        components.trail.record(Event(username, "console", Action.SEARCH, decision="refused", detail={"rule": "role"}))
        fail("None of your roles allows searching.")
    try:
        asking = Asking(components.database, components.engine, principal, components.place_counts, components.meaning)
        parsed = asking.parsed(query, crossing=Crossing())
        outcome = asking.outcome(
            parsed, narrowed(Request(parsed.query, limit=limit), parsed.narrowing, components.scheme)
        )
    except OverBudgetError:
        refusal = Event(username, "console", Action.SEARCH, decision="refused", detail={"rule": "budget"}, secret=query)
        components.trail.record(refusal)
        raise
    results, hits_shown = outcome.results, folded(outcome.results.hits)
    seen = tuple(hit.row.id for hit in results.hits)
    detail = {"total": results.answer.total}
    components.trail.record(Event(username, "console", Action.SEARCH, detail=detail, secret=query, shown=seen))
    if as_json:
        hits = [HitSchema.of(hit, components.scheme).model_dump(mode="json") for hit in hits_shown]
        read = [part.model_dump(mode="json") for part in interpretation(outcome.parsed)]
        put({"total": results.answer.total, "hits": hits, "interpretation": read})
        return
    say(f"[bold]{results.answer.total}[/] documents")
    for said in outcome.parsed.notes:
        say(escape(said.en))
    for offer in outcome.offers:
        say(f"{offer.total} documents with fewer words: {escape(offer.query)}")
    for hit in hits_shown:
        _show(hit)


def _show(hit: FoundDocument) -> None:
    say(f"\n[bold]{_title(hit)}[/]  {hit.row.date or ''}  {hit.row.id}")
    if hit.second:
        say(f"  and its translation: {_title(hit.second)}  {hit.second.row.id}")
    for passage in hit.passages:
        side = passage.sides[passage.original]
        text, at = "", 0
        for start, end in side.highlights:
            text += escape(side.text[at:start]) + f"[bold yellow]{escape(side.text[start:end])}[/]"
            at = end
        console.print(f"  p. {passage.page}  {text}{escape(side.text[at:])}", highlight=False)


def _title(hit: FoundDocument) -> str:
    return escape(hit.row.title_en or hit.row.title_ru or hit.row.filename)
