"""`tolmach backup` and `tolmach restore`: everything of one moment, while people work."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from services import settings
from services.cli.console import AsJson, fail, opened, put, say
from services.installation import backup as backing_up


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command()(backup)
    app.command()(restore)


def backup(folder: Annotated[Path, typer.Argument(metavar="DIR", help="New or empty folder")]) -> None:
    """Copy database, originals, keys, models and audit trail into a folder, while people work.

    The index is not in it: `tolmach restore` makes it anew. The keys are: encrypt the folder, or keep it as the home.
    """
    components = opened()
    try:
        outcome = backing_up.back_up(components, folder)
    finally:
        components.close()
    say(f"The backup of {outcome.documents} documents is in [bold]{folder}[/].")
    if outcome.broken:
        fail(f"{len(outcome.broken)} originals are not in it, as they are damaged: {min(outcome.broken)} first.")


def restore(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="A backup that `tolmach backup` made")],
    trail: Annotated[
        Path | None, typer.Option(help="The audit trail that survived: `audit.sqlite` of the home that was lost")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Make an empty home and an empty database out of a backup.

    Where the trail survived, give it: what it tells that was tightened or removed after the backup is then sealed.
    """
    outcome = backing_up.restore(settings.load(), folder, trail)
    if as_json:
        put(
            {
                "at": outcome.at,
                "documents": outcome.documents,
                "sealed": outcome.sealed,
                "lost": outcome.lost,
            }
        )
        return
    say(f"Restored: {outcome.documents} documents, as they were at {outcome.at}. What was done later is lost.")
    if outcome.lost:
        say(f"The trail tells of {outcome.lost} documents that came or changed later and are lost: bring them again.")
    if outcome.sealed:
        say(f"{outcome.sealed} documents are sealed until two people decide: tolmach sealed list")
    say("The trail says so; tell the auditor.")
