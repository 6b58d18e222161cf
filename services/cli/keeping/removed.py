"""`tolmach removed`: what is left of removed documents, and how one is brought back."""

from __future__ import annotations

import typer
from rich.markup import escape

from auth.policy import Action
from indexer.handling.tombstones import RETURN, Tombstone
from services.cli.acting import As, Otp, PasswordStdin, acting, event_of, scope_of
from services.cli.console import AsJson, opened, put, say
from services.cli.library.handling import Reason

removed = typer.Typer(no_args_is_help=True, help="Removed documents, until they are deleted for good.")


@removed.command("list")
def list_removed(
    username: As = None, password_stdin: PasswordStdin = False, otp: Otp = "", as_json: AsJson = False
) -> None:
    """List the removed documents that one could read, and until when each can be brought back."""
    components = opened()
    by = acting(components, username, password_stdin, otp)
    tombstones = components.returns.listed(scope_of(components, by, Action.REMOVE), event_of(by, "list_removed"))
    components.close()
    if as_json:
        put([_shape(tombstone) for tombstone in tombstones])
        return
    for tombstone in tombstones:
        decision = tombstone.decision
        say(f"[bold]{tombstone.document_id}[/] {_until(tombstone)}")
        say(f"  by {decision.removed_by}, {tombstone.removed_at:%Y-%m-%d}: {escape(decision.reason)}")
    if not tombstones:
        say("No document was removed.")


@removed.command("return")
def bring_back(
    document_id: str,
    reason: Reason,
    username: As = None,
    password_stdin: PasswordStdin = False,
    otp: Otp = "",
) -> None:
    """Bring a removed document back as it was. For a person (`--as`) it waits for a second registrar."""
    components = opened()
    by = acting(components, username, password_stdin, otp)
    event = event_of(by, RETURN, document_id)
    proposal = components.returns.bring_back(scope_of(components, by, Action.REMOVE), by, document_id, reason, event)
    components.close()
    if proposal:
        say(f"It waits for a second registrar as proposal {proposal}.")
    else:
        say(f"Document {document_id} is there again.")


def _until(tombstone: Tombstone) -> str:
    if tombstone.held:
        return "on legal hold"
    return f"until {tombstone.deletes_at:%Y-%m-%d %H:%M} UTC" if tombstone.deletes_at else "deleted"


def _shape(tombstone: Tombstone) -> dict[str, str | bool | None]:
    return {
        "document_id": tombstone.document_id,
        "label": tombstone.label.rule.as_text(),
        "sha256": tombstone.sha256,
        "removed_at": tombstone.removed_at.isoformat(),
        "removed_by": tombstone.decision.removed_by,
        "proposed_by": tombstone.decision.proposed_by,
        "reason": tombstone.decision.reason,
        "deletes_at": tombstone.deletes_at.isoformat() if tombstone.deletes_at else None,
        "legal_hold": tombstone.held,
    }
