"""`tolmach ocr`: holds the recognition of pages that are pictures up, and lets it go on."""

from __future__ import annotations

import typer

from indexer.pipeline import pauses
from services.cli.console import event, opened, say

ocr = typer.Typer(no_args_is_help=True, help="Recognition of pages that are pictures (OCR).")


@ocr.command()
def pause() -> None:
    """Recognise nothing until `resume`; a page at hand is finished. Everything else goes on."""
    components = opened()
    with components.database.session() as session:
        pauses.pause(session, pauses.RECOGNITION)
    components.trail.record(event("pause_ocr"))
    say("Recognition is paused. Go on with: tolmach ocr resume")


@ocr.command()
def resume() -> None:
    """Let recognition go on."""
    components = opened()
    with components.database.session() as session:
        pauses.resume(session, pauses.RECOGNITION)
    components.trail.record(event("resume_ocr"))
    say("Recognition goes on.")
