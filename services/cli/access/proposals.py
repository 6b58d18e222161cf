"""`tolmach proposal`: changes to access that wait for a second administrator."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from services.access_changes import named
from services.cli.access.changing import Asked, Reason, begun, show, why
from services.cli.acting import As, Otp, PasswordStdin
from services.cli.console import AsJson, put, say
from services.schemas.changes import schema_of, told

proposal = typer.Typer(no_args_is_help=True, help="Changes to access that wait for a second administrator.")

ProposalId = Annotated[str, typer.Argument(help="Identifier of the proposal (see `tolmach proposal list`)")]


@proposal.command("list")
def list_proposals(
    username: As = None, password_stdin: PasswordStdin = False, otp: Otp = "", as_json: AsJson = False
) -> None:
    """List the changes that wait, the oldest first."""
    administering = begun(Asked(None, username, password_stdin, otp, as_json))
    scheme = administering.scheme
    rows: list[dict[str, Any]] = [
        {
            "proposal_id": one.row.id,
            "kind": one.change.kind,
            "change": schema_of(one.change, scheme).model_dump(mode="json"),
            "told": ", ".join([named(one.change), *(f"{k} {v}" for k, v in told(one.change, scheme).items())]),
            "proposed_by": one.proposed_by,
            "proposed_at": one.row.proposed_at.isoformat(timespec="seconds"),
            "reason": one.row.reason,
        }
        for one in administering.waiting()
    ]
    heads = {
        "proposal_id": "Proposal",
        "kind": "Change",
        "told": "What",
        "proposed_by": "By",
        "proposed_at": "At",
        "reason": "Why",
    }
    if as_json:
        put([{name: value for name, value in row.items() if name != "told"} for row in rows])
    elif rows:
        show(rows, heads, as_json=False)
    else:
        say("Nothing waits.")


@proposal.command("approve")
def approve(
    proposal_id: ProposalId,
    username: As = None,
    password_stdin: PasswordStdin = False,
    otp: Otp = "",
    as_json: AsJson = False,
) -> None:
    """Let somebody else's change be made.

    See first what it would do: `tolmach access preview PROPOSAL`
    """
    outcome = begun(Asked(None, username, password_stdin, otp, as_json)).approve(proposal_id)
    if as_json:
        put({"state": "done", "code": outcome.code or None})
        return
    say("Done.")
    if outcome.code:
        say(f"Second half of the one-time code: [bold]{outcome.code}[/] (shown this once).")
        say("Give it to the person yourself.")


@proposal.command("refuse")
def refuse(
    proposal_id: ProposalId,
    reason: Reason = None,
    username: As = None,
    password_stdin: PasswordStdin = False,
    otp: Otp = "",
) -> None:
    """Refuse somebody else's change, or take one's own back."""
    asked = Asked(reason, username, password_stdin, otp, as_json=False)
    because = why(asked)
    begun(asked).refuse(proposal_id, because)
    say("Refused: nothing was changed.")
