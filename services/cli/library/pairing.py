"""`tolmach pair` and `unpair`: says that two papers are each other's translation, or that they are not."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated

import typer

from auth.policy import Action
from indexer.pairs import pairs
from indexer.pairs.pairs import NoPairError, PairError
from indexer.pairs.tables import PairState
from services.cli.acting import As, Otp, PasswordStdin, acting, event_of, scope_of
from services.cli.console import AsJson, opened, put, say

Reason = Annotated[str, typer.Option(help="Why; kept in the audit trail")]
DocumentId = Annotated[str, typer.Argument(help="A document")]
OtherId = Annotated[str, typer.Argument(help="The document in the other language")]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    for command in (pair, unpair):
        app.command()(command)


def pair(
    document_id: DocumentId,
    other_id: OtherId,
    reason: Reason,
    username: As = None,
    password_stdin: PasswordStdin = False,
    otp: Otp = "",
    as_json: AsJson = False,
) -> None:
    """Say that two documents are each other's translation. A worker aligns their sentences."""
    pair_id = _decided(document_id, other_id, "confirmed", reason, (username, password_stdin, otp))
    if as_json:
        put({"pair_id": pair_id, "state": "confirmed"})
    else:
        say(f"They are the pair {pair_id}. A worker aligns them: tolmach worker --once")


def unpair(
    document_id: DocumentId,
    other_id: OtherId,
    reason: Reason,
    username: As = None,
    password_stdin: PasswordStdin = False,
    otp: Otp = "",
    as_json: AsJson = False,
) -> None:
    """Say that two documents are not each other's translation. They are not proposed again."""
    pair_id = _decided(document_id, other_id, "rejected", reason, (username, password_stdin, otp))
    if as_json:
        put({"pair_id": pair_id, "state": "rejected"})
    else:
        say("They are no pair any more.")


def _decided(document_id: str, other_id: str, state: PairState, reason: str, who: tuple[str | None, bool, str]) -> str:
    components = opened()
    by = acting(components, *who)
    scope = scope_of(components, by, Action.EDIT)
    event = event_of(by, "pair" if state == "confirmed" else "unpair", document_id)
    try:
        with components.database.session() as session:
            decided = pairs.decide_on_papers(session, scope, document_id, other_id, state, event.actor)
            detail = {"pair": decided.row.id, "other": other_id, "reason": reason}
            components.trail.record(replace(event, detail=detail))
            return decided.row.id
    except (NoPairError, PairError) as error:
        components.trail.record(replace(event, decision="refused", detail={"rule": error.code}))
        raise
    finally:
        components.close()
