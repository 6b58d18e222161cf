"""`tolmach removed`: what is left of removed documents, and how one is brought back."""

from __future__ import annotations

import typer
from rich.markup import escape

from auth import policy
from auth.audit.entries import Event
from auth.people import Principal
from auth.policy import Action, Scope
from indexer.handling.tombstones import RETURN, Tombstone
from services.cli.acting import As, Otp, PasswordStdin, acting
from services.cli.console import OPERATOR, AsJson, fail, opened, put, say
from services.cli.library.handling import Reason
from services.components import Components

removed = typer.Typer(no_args_is_help=True, help="Removed documents, until they are deleted for good.")


@removed.command("list")
def list_removed(
    username: As = None, password_stdin: PasswordStdin = False, otp: Otp = "", as_json: AsJson = False
) -> None:
    """List the removed documents that one could read, and until when each can be brought back."""
    components = opened()
    by = acting(components, username, password_stdin, otp)
    tombstones = components.returns.listed(_scope(components, by), _event(by, "list_removed", ""))
    components.close()
    if as_json:
        put([_shape(tombstone) for tombstone in tombstones])
        return
    for tombstone in tombstones:
        until = tombstone.deletes_at
        say(f"[bold]{tombstone.document_id}[/] " + (f"until {until:%Y-%m-%d %H:%M} UTC" if until else "deleted"))
        say(f"  by {tombstone.death.removed_by}, {tombstone.removed_at:%Y-%m-%d}: {escape(tombstone.death.reason)}")
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
    event = _event(by, RETURN, document_id)
    proposal = components.returns.bring_back(_scope(components, by), by, document_id, reason, event)
    components.close()
    if proposal:
        say(f"It waits for a second registrar as proposal {proposal}.")
    else:
        say(f"Document {document_id} is there again.")


def _scope(components: Components, by: Principal | None) -> Scope:
    with components.database.reading() as session:
        if by is None:
            return policy.operator_scope(session, Action.REMOVE)
        scope = policy.scope_for(session, by, Action.REMOVE)
    if not policy.allows(by, Action.REMOVE):
        refused = Event(by.username, "console", Action.REMOVE, decision="refused", detail={"rule": "role"})
        components.trail.record(refused)
        fail("None of your roles allows this.")
    return scope


def _event(by: Principal | None, action: str, document_id: str) -> Event:
    return Event(by.username if by else OPERATOR, "console", action, document_id)


def _shape(tombstone: Tombstone) -> dict[str, str | None]:
    return {
        "document_id": tombstone.document_id,
        "label": tombstone.label.rule.as_text(),
        "sha256": tombstone.sha256,
        "removed_at": tombstone.removed_at.isoformat(),
        "removed_by": tombstone.death.removed_by,
        "proposed_by": tombstone.death.proposed_by,
        "reason": tombstone.death.reason,
        "deletes_at": tombstone.deletes_at.isoformat() if tombstone.deletes_at else None,
    }
