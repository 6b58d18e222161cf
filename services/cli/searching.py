"""`tolmach search`: a search at the console, as the person who signs in."""

from __future__ import annotations

import sys
from typing import Annotated

import typer
from rich.markup import escape

from auth import signin
from auth.audit import Event
from auth.policy import Action, allows
from indexer.engine.contract import Request
from indexer.search.find import FoundDocument, find
from indexer.search.parse import parse
from services.cli.console import AsJson, console, fail, opened, put, say
from services.shapes import HitShape


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(search)


def search(
    query: Annotated[str, typer.Argument(help='Words, "phrases", prefix*, =form, -not, AND, OR, parentheses')],
    username: Annotated[str, typer.Option("--as", help="Who is searching: nobody searches as the operator")],
    password_stdin: Annotated[bool, typer.Option(help="Read the password from standard input")] = False,
    limit: Annotated[int, typer.Option(min=1, max=100)] = 10,
    as_json: AsJson = False,
) -> None:
    """Search what that person may read: the same path as the API."""
    parsed = parse(query)
    password = (
        sys.stdin.readline().rstrip("\n") if password_stdin else typer.prompt("Password", hide_input=True, err=True)
    )
    parts = opened()
    with parts.database.reading() as session:
        principal = signin.check(session, username, password)
    if principal is None or not allows(principal, Action.SEARCH):
        parts.trail.record(Event(username, "console", Action.SEARCH, decision="refused"))
        fail(
            "Name and password do not belong together." if principal is None else "None of your roles allows searching."
        )
    results = find(parts.database, parts.engine, principal, Request(parsed.query, limit=limit))
    parts.trail.record(Event(username, "console", Action.SEARCH, detail={"total": results.answer.total}))
    if as_json:
        hits = [HitShape.of(hit, parts.scheme).model_dump(mode="json") for hit in results.hits]
        put({"total": results.answer.total, "hits": hits})
        return
    say(f"[bold]{results.answer.total}[/] documents")
    for hit in results.hits:
        _show(hit)


def _show(hit: FoundDocument) -> None:
    title = escape(hit.row.title_en or hit.row.title_ru or hit.row.filename)
    say(f"\n[bold]{title}[/]  {hit.row.date or ''}  {hit.row.id}")
    for passage in hit.passages:
        side = passage.sides[passage.original]
        text, at = "", 0
        for start, end in side.highlights:
            text += escape(side.text[at:start]) + f"[bold yellow]{escape(side.text[start:end])}[/]"
            at = end
        console.print(f"  p. {passage.page}  {text}{escape(side.text[at:])}", highlight=False)
