"""`tolmach retention`: how long papers are kept, what is due, its disposal by two people, and the certificates."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from auth.policy import Action
from indexer.handling.removal import DISPOSE
from indexer.handling.retention import certificates, due, schedules
from indexer.handling.retention.schedules import SCHEDULE, Schedule
from indexer.library.intake import KINDS
from services.cli.acting import As, Otp, PasswordStdin, acting, event_of, scope_of, signed_in
from services.cli.console import AsJson, event, fail, opened, put, say
from services.cli.library.handling import Reason

retention = typer.Typer(no_args_is_help=True, help="How long papers are kept, and what becomes of them then.")

FOR_GOOD = "for good"
Name = Annotated[str, typer.Option("--as", help="Which registrar proposes it, after signing in")]


@retention.command("list")
def list_schedules(as_json: AsJson = False) -> None:
    """List for how many years papers are kept, by level and kind. All others are kept for good."""
    components = opened()
    with components.database.reading() as session:
        every = schedules.all_schedules(session)
    rows = [{"kind": each.kind, "level": components.scheme.code(each.level), "years": each.years} for each in every]
    components.close()
    if as_json:
        put(rows)
        return
    for row in rows:
        say(f"{row['level']}, {row['kind']}: {row['years']} years")
    if not rows:
        say("Everything is kept for good.")


@retention.command("set")
def put_schedule(
    kind: Annotated[str, typer.Argument(help=", ".join(KINDS))],
    level: Annotated[str, typer.Argument(help="Level of the marking scheme")],
    reason: Reason,
    years: Annotated[int | None, typer.Option(help="Years from the paper's date; without it, for good")] = None,
    username: As = None,
    password_stdin: PasswordStdin = False,
    otp: Otp = "",
) -> None:
    """Set how long papers of a kind and a level are kept. A person's shorter time waits for a second administrator.

    For example: `tolmach retention set agenda unclassified --years 10 --reason "Rule 7 of the archive"`
    """
    components = opened()
    by = acting(components, username, password_stdin, otp)
    scope_of(components, by, Action.ADMINISTER)
    new = Schedule(kind, components.scheme.rank(level), years)
    proposal = components.schedules.put(new, by, reason, event_of(by, SCHEDULE))
    components.close()
    if proposal:
        say(f"It waits for a second administrator as proposal {proposal}.")
    else:
        say(f"Papers of that kind and level are kept {FOR_GOOD if years is None else f'for {years} years'}.")


@retention.command("due")
def list_due(
    username: As = None, password_stdin: PasswordStdin = False, otp: Otp = "", as_json: AsJson = False
) -> None:
    """List the papers that were kept for as long as their schedule says. Those on legal hold are not due."""
    components = opened()
    by = acting(components, username, password_stdin, otp)
    scope = scope_of(components, by, Action.REMOVE)
    due_documents = due.listed(components.database, components.trail, scope, by, event_of(by, "list_due"))
    components.close()
    if as_json:
        put(
            [
                {
                    "document_id": each.document_id,
                    "label": each.label.rule.as_text(),
                    "kept_since": each.kept_since.isoformat(),
                    "kind": each.schedule.kind,
                    "years": each.schedule.years,
                }
                for each in due_documents
            ]
        )
        return
    for each in due_documents:
        say(f"[bold]{each.document_id}[/] {each.schedule.kind}, since {each.kept_since}: {each.schedule.years} years")
    if not due_documents:
        say("Nothing is due.")


@retention.command("dispose")
def dispose(
    document_id: str, reason: Reason, username: Name, password_stdin: PasswordStdin = False, otp: Otp = ""
) -> None:
    """Propose to dispose of a document that is due. A second registrar decides: `tolmach proposal approve`."""
    components = opened()
    by = signed_in(components, username, password_stdin, otp)
    scope = scope_of(components, by, Action.REMOVE)
    proposal = components.removals.dispose(scope, by, document_id, reason, event_of(by, DISPOSE, document_id))
    components.close()
    say(f"It waits for a second registrar as proposal {proposal}.")


@retention.command("certificate")
def certificate(
    document_id: str,
    archive: Annotated[str, typer.Option(help="Archive of the trail that has it")] = "",
) -> None:
    """Print the certificate of a disposal, as JSON: what was destroyed, by which schedule, by whom and when."""
    components = opened()
    issued = certificates.certificate(components.trail, document_id, archive)
    components.trail.record(event("certificate", document_id))
    components.close()
    put({"kind": "disposal", **issued.as_json()})


@retention.command("check")
def check(path: Annotated[Path, typer.Argument(help="File with a certificate")]) -> None:
    """Compare a certificate with itself and with the trail, which is proven by `tolmach audit verify`."""
    components = opened()
    try:
        claims = json.loads(path.read_text(encoding="utf-8"))
        claims.pop("kind")
    except (ValueError, KeyError, TypeError, AttributeError):
        fail(f"{path} is no certificate of disposal.")
    certificates.check(components.trail, claims)
    components.close()
    say(f"The trail has what the certificate of {claims['document_id']} says.")
