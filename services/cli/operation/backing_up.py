"""`tolmach backup`, `restore` and `drill`: everything of one moment, while people work."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from services import doctor, settings
from services.cli.console import AsJson, fail, opened, put, say
from services.installation import backup as backing_up
from services.installation import drill as rehearsing


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command()(backup)
    app.command()(restore)
    app.command()(drill)


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


def drill(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="A backup that `tolmach backup` made")],
    place: Annotated[
        Path, typer.Argument(metavar="PLACE", help="New or empty folder with room for all of it; deleted afterwards")
    ],
    as_json: AsJson = False,
) -> None:
    """Rehearse a restore: into a place of its own, proven, and deleted again. Says what would be lost. Changes nothing.

    As if the home were lost now and its trail survived. A backup of PostgreSQL needs an empty database besides:
    `TOLMACH_DRILL_DATABASE_URL`. Ends with 1 where what was restored is not in order.
    """
    components = opened()
    try:
        outcome = rehearsing.rehearse(components, folder, place, doctor.troubles)
    finally:
        components.close()
    restored = outcome.restored
    if as_json:
        numbers = {"entries": outcome.entries, "seconds": round(outcome.seconds, 1), "troubles": list(outcome.troubles)}
        put(
            {"at": restored.at, "documents": restored.documents, "sealed": restored.sealed, "lost": restored.lost}
            | numbers
        )
    else:
        say(
            f"Restored in {outcome.seconds:.0f} seconds: {restored.documents} documents, as they were at {restored.at}."
        )
        say(f"Lost would be {restored.lost} documents that came later, and what {outcome.entries} acts since then did.")
        say(f"Sealed until two people decide would be {restored.sealed} documents.")
    if outcome.troubles:
        fail("What was restored is not in order: " + "; ".join(outcome.troubles))
