"""`tolmach engine`: the search index, at the operator's console."""

from __future__ import annotations

import typer

from indexer.engine.contract import StaleIndexError
from indexer.engine.embedded import EmbeddedEngine
from indexer.reindex import reindex as bring_up_to_date
from services.cli import batch
from services.cli.console import event, opened, say
from services.parts import Parts

engine = typer.Typer(no_args_is_help=True, help="The search index.")


@engine.command()
def reindex() -> None:
    """Make the index anew from the database; searching goes on meanwhile. Safe to interrupt and to repeat."""
    parts = opened()
    _discard_stale(parts)
    with batch.bar() as bar:
        task = bar.add_task("Indexing", total=None)
        bring_up_to_date(
            parts.database, parts.engine, lambda done, total: bar.update(task, completed=done, total=total)
        )
    parts.trail.record(event("reindex"))
    parts.close()
    say("The index holds just what the database says.")


def _discard_stale(parts: Parts) -> None:
    """An index of another version of Tolmach is of no use: begin with an empty one."""
    try:
        EmbeddedEngine(parts.home.index).close()
    except StaleIndexError:
        for path in parts.home.index.parent.glob(parts.home.index.name + "*"):
            path.unlink()
