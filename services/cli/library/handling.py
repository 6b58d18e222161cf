"""`tolmach relabel`, `describe`, `hold` and `remove`: what becomes of a document, at the console."""

from __future__ import annotations

from typing import Annotated, Literal

import typer

from auth.labels import ALL
from auth.policy import Action
from indexer.handling.lifecycle import AbsentError
from indexer.handling.relabel import Handling, handling_of
from indexer.library import documents
from indexer.library.documents import Times
from indexer.library.intake import KINDS
from indexer.text import WRITTEN
from services.cli.acting import As, Otp, PasswordStdin, acting, event_of, scope_of
from services.cli.console import AsJson, fail, opened, put, say
from services.cli.library.manifest import day, moment
from services.labelling import relabelled

Reason = Annotated[str, typer.Option(help="Why; kept in the audit trail")]
NEVER = "never"
Moment = Annotated[str | None, typer.Option(help=f"Day or moment (UTC), or `{NEVER}`")]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    for command in (relabel, describe, hold, remove):
        app.command()(command)


def relabel(
    document_id: str,
    reason: Reason,
    level: Annotated[str | None, typer.Option(help="Level of the marking scheme")] = None,
    releasable_to: Annotated[str | None, typer.Option(help="ALL, or codes separated by commas")] = None,
    need_to_know: Annotated[str | None, typer.Option(help="Expression: returnees&(finance|courts)")] = None,
    embargo_until: Moment = None,
    expires_at: Moment = None,
    review_on: Annotated[str | None, typer.Option(help=f"Day, or `{NEVER}`")] = None,
    username: As = None,
    password_stdin: PasswordStdin = False,
    otp: Otp = "",
    as_json: AsJson = False,
) -> None:
    """Change a document's label or times; what is not named stays. Done, or waiting for a second registrar.

    For example: `tolmach relabel 1f0c… --level confidential --reason "Names of witnesses on page 3"`
    """
    components = opened()
    by = acting(components, username, password_stdin, otp)
    scope = scope_of(components, by, Action.LABEL)
    with components.database.reading() as session:
        row = documents.get(session, scope, document_id)
        if row is None:
            raise AbsentError
        old = handling_of(session, row)
        label = relabelled(session, components.scheme, old.label, level, _to(releasable_to), need_to_know)
    new = Handling(label, _times(old.times, embargo_until, expires_at, review_on))
    event = event_of(by, Action.LABEL, document_id)
    proposal = components.relabeller.relabel(scope, by, document_id, new, reason, event)
    components.close()
    if as_json:
        put({"state": "waiting" if proposal else "done", "proposal_id": proposal or None})
    elif proposal:
        say(f"It waits for a second registrar as proposal {proposal}.")
    else:
        say(f"Document {document_id} has its new label everywhere.")


def describe(
    document_id: str,
    reason: Reason,
    language: Annotated[str | None, typer.Option(help=f"{', '.join(WRITTEN)}; as its text tells: ''")] = None,
    title_en: Annotated[str | None, typer.Option(help="Title in English")] = None,
    title_ru: Annotated[str | None, typer.Option(help="Title in Russian")] = None,
    symbol: Annotated[str | None, typer.Option(help="Symbol of the paper")] = None,
    date: Annotated[str | None, typer.Option(help=f"Day, or `{NEVER}` for none")] = None,
    kind: Annotated[str | None, typer.Option(help=", ".join(KINDS))] = None,
    meeting: Annotated[str | None, typer.Option(help="Code of the meeting")] = None,
    body: Annotated[str | None, typer.Option(help="Body that made it")] = None,
    countries: Annotated[str | None, typer.Option(help="Two letters each, separated by commas")] = None,
    keywords: Annotated[str | None, typer.Option(help="Separated by commas")] = None,
    username: As = None,
    password_stdin: PasswordStdin = False,
    otp: Otp = "",
) -> None:
    """Correct what a document is described by; what is not named stays. In another language it is read anew.

    For example: `tolmach describe 1f0c… --language kk --reason "It is Kazakh"`
    """
    words = {"language": language, "title_en": title_en, "title_ru": title_ru, "symbol": symbol, "kind": kind}
    words |= {"meeting": meeting, "body": body, "countries": countries, "keywords": keywords}
    change: dict[str, object] = {name: value for name, value in words.items() if value is not None}
    if date is not None:
        change["date"] = None if date == NEVER else day(date)
    components = opened()
    by = acting(components, username, password_stdin, otp)
    event = event_of(by, "describe", document_id)
    components.describer.describe(scope_of(components, by, Action.INTAKE), document_id, change, reason, event)
    components.close()
    say(f"Document {document_id} is described anew.")


def hold(
    document_id: str,
    reason: Reason,
    release: Annotated[bool, typer.Option("--release", help="End the hold")] = False,
    username: As = None,
    password_stdin: PasswordStdin = False,
    otp: Otp = "",
) -> None:
    """Forbid removing a document (legal hold), or no longer, which waits for a second registrar."""
    components = opened()
    by = acting(components, username, password_stdin, otp)
    scope, removals = scope_of(components, by, Action.LABEL), components.removals
    event = event_of(by, "release" if release else "hold", document_id)
    if not release:
        removals.hold(scope, by, document_id, reason, event)
        say(f"Document {document_id} may not be removed.")
    elif proposal := removals.release(scope, by, document_id, reason, event):
        say(f"It waits for a second registrar as proposal {proposal}.")
    else:
        say(f"Document {document_id} may be removed again.")


def remove(
    document_id: str,
    reason: Reason,
    at_once: Annotated[bool, typer.Option("--at-once", help="The operator alone: nobody can bring it back")] = False,
    username: As = None,
    password_stdin: PasswordStdin = False,
    otp: Otp = "",
) -> None:
    """Take a document out. For a person (`--as`) it waits for a second registrar.

    Until its file is deleted, two people can bring it back: `tolmach removed`.
    """
    if at_once and username is not None:
        fail("A person's removal can be undone for a while. Leave out --at-once.")
    components = opened()
    by = acting(components, username, password_stdin, otp)
    scope = scope_of(components, by, Action.REMOVE)
    event = event_of(by, Action.REMOVE, document_id)
    proposal = components.removals.remove(scope, by, document_id, reason, event, at_once)
    days = 0 if at_once else components.settings.removal_days
    if not proposal and not days:
        components.store.remove(document_id)
    components.close()
    if proposal:
        say(f"It waits for a second registrar as proposal {proposal}.")
    elif days:
        say(f"Document {document_id} is gone from every search. For {days} days it can be brought back.")
    else:
        say(f"Document {document_id} is gone from every search, and its file is deleted.")


def _to(text: str | None) -> Literal["ALL"] | list[str] | None:
    return ALL if text == ALL else None if text is None else [code.strip() for code in text.split(",") if code.strip()]


def _times(old: Times, embargo_until: str | None, expires_at: str | None, review_on: str | None) -> Times:
    try:
        return Times(
            old.embargo_until if embargo_until is None else moment(embargo_until.replace(NEVER, "")),
            old.expires_at if expires_at is None else moment(expires_at.replace(NEVER, "")),
            old.review_on if review_on is None else day(review_on.replace(NEVER, "")),
        )
    except ValueError as error:
        raise typer.BadParameter(f"A day is written as YYYY-MM-DD, a moment as YYYY-MM-DDTHH:MM: {error}.") from error
