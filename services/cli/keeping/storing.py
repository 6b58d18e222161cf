"""`tolmach store`: where the originals are kept, at the operator's console."""

from __future__ import annotations

from typing import Annotated

import typer

from indexer.store.folder import FolderStore
from services.cli.console import event, fail, opened, say
from services.cli.library import batch
from services.installation.moving import move as move_originals

store = typer.Typer(no_args_is_help=True, help="Where the originals are kept.")


@store.callback()
def _group() -> None:
    """A group, though it has one command yet."""


@store.command()
def move(
    back: Annotated[bool, typer.Option("--back", help="Out of the bucket, into the home")] = False,
    keep: Annotated[bool, typer.Option("--keep", help="Copy alone, and delete nothing: while Tolmach works")] = False,
) -> None:
    """Move the originals from the home into the bucket that the settings name. Safe to interrupt and to repeat.

    Each is read back before it is deleted. Stop servers and workers first. With many, run it with `--keep` before: then
    what is left to move while they stand still is what came in since.
    """
    components = opened()
    if components.settings.store != "s3":
        fail("There is no bucket. Set TOLMACH_STORE=s3 for this command, with the settings that go with it.")
    folder = FolderStore(components.home.files)
    source, target = (components.store, folder) if back else (folder, components.store)
    components.trail.record(event("move_originals", to="home" if back else "bucket", kept=int(keep)))
    with batch.bar() as bar:
        task = bar.add_task("Moving", total=None)
        moved = move_originals(
            components.database,
            source,
            target,
            delete=not keep,
            progress=lambda done, total: bar.update(task, completed=done, total=total),
        )
    components.close()
    say(f"{moved.documents} originals are in {target.address or components.home.files} now.")
    if moved.broken:
        fail(f"{len(moved.broken)} are not what was taken in, and stay where they are: {moved.broken[0]} first.")
