"""`tolmach store`: where the originals are kept, at the operator's console."""

from __future__ import annotations

from typing import Annotated

import typer

from indexer.store.folder import FolderStore
from indexer.store.sealed_store import SealedStore
from services.cli.console import event, fail, opened, say
from services.cli.library import batch
from services.components import Components
from services.installation.moving import move as move_originals
from services.installation.store_key import BEGIN, END, KeyChange

store = typer.Typer(no_args_is_help=True, help="Where the originals are kept.")


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
    _bucket_of(components)
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


@store.command("rotate-key")
def rotate_key() -> None:
    """Change the key that the bucket is sealed with (`keys/store.key`) while people work. Safe to interrupt and repeat.

    Makes `keys/store-next.key`. Where there are several hosts it ends then: copy that file to each of them, and run
    this again. All seal with it from that moment, and open what is under either key; everything is sealed anew,
    pictures are deleted and drawn again. Only when nothing is under the key before is that forgotten. Then make a
    backup.
    """
    components = opened()
    change = KeyChange(components, _bucket_of(components))
    with batch.bar() as bar:
        task = bar.add_task("Sealing anew", total=None)
        for done, total in change.steps(event(BEGIN), event(END)):
            bar.update(task, completed=done, total=total or None)
    components.close()
    say("Everything in the bucket is sealed with the new key, and the one before is forgotten. Make a backup now.")


def _bucket_of(components: Components) -> SealedStore:
    if not isinstance(components.store, SealedStore):
        fail("There is no bucket. Set TOLMACH_STORE=s3 for this command, with the settings that go with it.")
    return components.store
