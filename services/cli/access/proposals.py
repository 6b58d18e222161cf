"""`tolmach proposal`: changes that wait for a second person, to access or to a document."""

from __future__ import annotations

from typing import Annotated, Any, cast

import typer

from auth import policy
from auth.changes.access import Change
from auth.changes.kinds import Decider, Proposal, ProposalKinds
from auth.people import Principal
from auth.policy import Action
from auth.scheme import Scheme
from indexer.handling.proposals.labels import LabelChange
from indexer.handling.proposals.removals import RemovalChange
from indexer.handling.tombstones import ReturnChange
from services.access_changes import named
from services.cli.access.changing import ChangeOptions, Reason, show, why
from services.cli.acting import As, Otp, PasswordStdin, acting
from services.cli.console import AsJson, fail, opened, put, say
from services.components import Components
from services.proposals import proposal_kinds
from services.schemas.changes import trail_detail
from services.schemas.proposals import ProposalSchema

proposal = typer.Typer(no_args_is_help=True, help="Changes that wait for a second administrator or registrar.")

ProposalId = Annotated[str, typer.Argument(help="Identifier of the proposal (see `tolmach proposal list`)")]


@proposal.command("list")
def list_proposals(
    username: As = None, password_stdin: PasswordStdin = False, otp: Otp = "", as_json: AsJson = False
) -> None:
    """List the changes that wait and that one may decide on, the oldest first."""
    components, kinds, decider = _deciding(ChangeOptions(None, username, password_stdin, otp, as_json))
    rows = [_row(waiting, components.scheme) for waiting in kinds.waiting(decider)]
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

    See first what a change to access would do: `tolmach access preview PROPOSAL`
    """
    _, kinds, decider = _deciding(ChangeOptions(None, username, password_stdin, otp, as_json))
    code = kinds.approve(decider, proposal_id)
    if as_json:
        put({"state": "done", "code": code or None})
        return
    say("Done.")
    if code:
        say(f"Second half of the one-time code: [bold]{code}[/] (shown this once).")
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
    options = ChangeOptions(reason, username, password_stdin, otp, as_json=False)
    because = why(options)
    _, kinds, decider = _deciding(options)
    kinds.refuse(decider, proposal_id, because)
    say("Refused: nothing was changed.")


def _deciding(options: ChangeOptions) -> tuple[Components, ProposalKinds, Decider]:
    """What whoever asks decides with, once they have signed in; ends the command where no role opens any kind."""
    components = opened()
    decider = _decider(acting(components, options.username, options.password_stdin, options.otp))
    kinds = proposal_kinds(components)
    if not kinds.open_to(decider):
        components.trail.record(decider.event(Action.ADMINISTER, decision="refused", detail={"rule": "role"}))
        fail("None of your roles allows this.")
    return components, kinds, decider


def _decider(by: Principal | None) -> Decider:
    if by is None:
        return Decider(None, "console", policy.operator_scope)
    return Decider(by, "console", lambda session, action: policy.scope_for(session, by, action))


def _row(waiting: Proposal, scheme: Scheme) -> dict[str, Any]:
    """A proposal as it is printed; `told` is its change in words."""
    shape = ProposalSchema.of(waiting, scheme).model_dump(mode="json")
    return {
        "proposal_id": waiting.proposal_id,
        "kind": waiting.kind if isinstance(waiting.change, LabelChange) else shape["change"]["kind"],
        "change": shape["change"],
        "told": _in_words(waiting.change, scheme),
        "proposed_by": waiting.proposed_by,
        "proposed_at": waiting.proposed_at.isoformat(timespec="seconds"),
        "reason": waiting.reason,
    }


def _in_words(change: object, scheme: Scheme) -> str:
    if isinstance(change, LabelChange):
        parts = [change.document_id, *(f"{name} {text}" for name, text in change.new.as_words().items())]
    elif isinstance(change, RemovalChange | ReturnChange):
        parts = [change.document_id]
    else:
        access_change = cast(Change, change)
        parts = [
            named(access_change),
            *(f"{name} {text}" for name, text in trail_detail(access_change, scheme).items()),
        ]
    return ", ".join(parts)
