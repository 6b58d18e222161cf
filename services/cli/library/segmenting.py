"""`tolmach segmentation`: the operator's own rules of where sentences end."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Final

import typer
from rich.markup import escape

from indexer.pipeline.recutting import Outcome, Recutting
from indexer.segment.rules.kept import KeptRules, SegmentationRules
from services.cli.console import AsJson, event, opened, put, say
from services.cli.library import batch

segmentation = typer.Typer(no_args_is_help=True, help="Rules of where sentences end (SRX 2.0).")

OUTCOMES: Final[Mapping[Outcome, str]] = {
    "changed": "cut anew",
    "same": "stay as they are",
    "busy": "in a worker's hands",
    "failed": "cannot be read any more and stay as they are",
}

Series = Annotated[str, typer.Option(help="Series of meetings that they are for; without, all that have no own rules")]


@segmentation.command("import")
def import_rules(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="An SRX 2.0 file in UTF-8")],
    series: Series = "",
) -> None:
    """Follow a file's rules in documents that are read from now on, in place of those that a series had.

    A language with a rule that breaks is split by its rules alone; one with exceptions alone, by them and by our own.
    Refused as a whole: hostile XML, and expressions that look ahead or back or name what was matched before.
    """
    components = opened()
    rules = SegmentationRules(components.database, components.trail)
    kept = rules.take_in(series, file.name, file.read_bytes(), event("import_segmentation", name=file.name))
    components.close()
    say(_in_words(kept))


@segmentation.command("list")
def list_rules(as_json: AsJson = False) -> None:
    """List the rules that were imported."""
    components = opened()
    every = SegmentationRules(components.database, components.trail).listed()
    components.trail.record(event("list_segmentation", total=len(every)))
    components.close()
    if as_json:
        put([{"series": each.series, "name": each.name, "rules": each.rules} for each in every])
        return
    for each in every:
        say(_in_words(each))
    if not every:
        say("Nothing was imported: sentences end where Tolmach's own rules say.")


@segmentation.command("remove")
def remove_rules(series: Series = "") -> None:
    """Follow the rules of a series no more in documents that are read from now on."""
    components = opened()
    SegmentationRules(components.database, components.trail).remove(series, event("remove_segmentation"))
    components.close()
    say("The rules are gone. Documents that were read by them stay as they are, until: tolmach segmentation recut")


@segmentation.command()
def recut(series: Series = "", as_json: AsJson = False) -> None:
    """Cut documents that were read before by the rules that stand now; safe to interrupt, it goes on where it was.

    What people translated stays; sentences that are new are translated, and pairs aligned, by the worker. Those that a
    worker has at the moment are left for the next time.
    """
    components = opened()
    components.trail.record(event("recut_segmentation", series=series))
    recutting = Recutting(components.context, components.home.recutting)
    with batch.bar() as shown:
        task = shown.add_task("Cutting anew", total=None)
        outcomes = recutting.run(series, lambda done, total: shown.update(task, completed=done, total=total))
    components.close()
    if as_json:
        put({name: outcomes[name] for name in OUTCOMES})
        return
    say(", ".join(f"{outcomes[name]} {words}" for name, words in OUTCOMES.items()) + ".")
    if outcomes["busy"]:
        say("Once the worker has done with those, give this command again.")


def _in_words(kept: KeptRules) -> str:
    counted = ", ".join(f"{count} for {language}" for language, count in kept.rules.items())
    return escape(f"{kept.series or 'All other documents'}: rules of {kept.name} ({counted})")
