"""`tolmach keys`: the keys that sign tokens. Shows none."""

from __future__ import annotations

from typing import Annotated

import typer

from services.cli.console import event, opened, say

keys = typer.Typer(no_args_is_help=True, help="The keys that sign tokens.")


@keys.callback()
def _group() -> None:
    """A group, though it has one command yet."""


@keys.command("rotate")
def rotate(
    sign_out: Annotated[bool, typer.Option(help="Believe no other key any more: everybody signs in anew")] = False,
) -> None:
    """Sign with a new key from now on. Whoever is signed in stays so; running servers follow by themselves, on all
    hosts."""
    components = opened()
    components.trail.record(event("rotate_key", sign_out="yes") if sign_out else event("rotate_key"))
    new = components.token_keys.rotate(components.database, sign_out)
    say(f"Tokens are signed with key {new.kid} from now on.")
    say("Everybody has to sign in again." if sign_out else "Those of the key before are good until they run out.")
