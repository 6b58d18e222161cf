"""`tolmach translate`: holds translation up, and lets it go on."""

from __future__ import annotations

import typer

from indexer.pipeline import pauses
from services.cli.console import event, opened, say

translate = typer.Typer(no_args_is_help=True, help="Machine translation.")


@translate.command()
def pause() -> None:
    """Translate nothing until `resume`; a document at hand is finished. Everything else goes on."""
    components = opened()
    with components.database.session() as session:
        pauses.pause(session, pauses.TRANSLATION)
    components.trail.record(event("pause_translation"))
    say("Translation is paused. Go on with: tolmach translate resume")


@translate.command()
def resume() -> None:
    """Let translation go on."""
    components = opened()
    with components.database.session() as session:
        pauses.resume(session, pauses.TRANSLATION)
    components.trail.record(event("resume_translation"))
    say("Translation goes on.")
