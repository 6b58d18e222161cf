"""`tolmach sealed`: documents that the database had weaker than the trail, and how two people open them again."""

from __future__ import annotations

from functools import partial
from typing import Annotated, Any

import typer
from rich.markup import escape
from sqlalchemy.orm import Session

from auth import policy
from auth.changes.kinds import Decider
from auth.people import Principal
from auth.policy import Action, Scope
from indexer.handling.unsealing import Choice, SealedDocument
from services.cli.acting import As, Otp, PasswordStdin, acting, signed_in
from services.cli.console import AsJson, fail, opened, put, say
from services.components import Components
from services.proposals import unsealing

sealed = typer.Typer(no_args_is_help=True, help="Documents that are sealed since a restore, until two people decide.")


@sealed.command("list")
def list_sealed(
    username: As = None, password_stdin: PasswordStdin = False, otp: Otp = "", as_json: AsJson = False
) -> None:
    """List the sealed documents on which one may decide: their label in the trail, and the one the database had."""
    components = opened()
    decider = _decider(components, acting(components, username, password_stdin, otp))
    documents = unsealing(components).sealed(decider)
    components.trail.record(decider.event("list_sealed", detail={"total": len(documents)}))
    components.close()
    if as_json:
        put([_shape(document) for document in documents])
        return
    for document in documents:
        say(f"[bold]{document.document_id}[/]{', removed' if document.removed else ''} (entry {document.entry})")
        say(f"  trail:    {escape(_words(document, 'trail'))}")
        say(f"  database: {escape(_words(document, 'database'))}")
    if not documents:
        say("No document is sealed.")


@sealed.command("open")
def open_sealed(
    document_id: str,
    username: Annotated[str, typer.Option("--as", help="The registrar who proposes it, after signing in")],
    reason: Annotated[str, typer.Option(help="Why; kept in the audit trail")],
    choice: Annotated[
        Choice, typer.Option("--label", help="Whose label and times the document gets: the trail's or the database's")
    ] = "trail",
    password_stdin: PasswordStdin = False,
    otp: Otp = "",
    as_json: AsJson = False,
) -> None:
    """Propose to open a sealed document; a second person approves it with `tolmach proposal approve`.

    One that was removed can be removed again instead: `tolmach remove`.
    """
    components = opened()
    decider = _decider(components, signed_in(components, username, password_stdin, otp))
    proposal = unsealing(components).propose(decider, document_id, choice, reason)
    components.close()
    if as_json:
        put({"state": "waiting", "proposal_id": proposal})
    else:
        say(f"It waits for a second person as proposal {proposal}.")


def _decider(components: Components, by: Principal | None) -> Decider:
    decider = Decider(by, "console", policy.operator_scope if by is None else partial(_scope, by))
    if not decider.may(Action.LABEL):
        components.trail.record(decider.event(Action.LABEL, decision="refused", detail={"rule": "role"}))
        fail("None of your roles allows this.")
    return decider


def _scope(by: Principal, session: Session, action: Action) -> Scope:
    return policy.scope_for(session, by, action)


def _shape(document: SealedDocument) -> dict[str, Any]:
    return {
        "document_id": document.document_id,
        "entry": document.entry,
        "removed": document.removed,
        "trail": document.trail.as_words(),
        "database": document.database.as_words(),
    }


def _words(document: SealedDocument, choice: Choice) -> str:
    return ", ".join(f"{name} {text}" for name, text in document.handling(choice).as_words().items())
