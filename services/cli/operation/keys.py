"""`tolmach keys`: the keys that sign tokens. Shows none."""

from __future__ import annotations

import typer

from auth.signin import tokens
from services.cli.console import event, opened, say

keys = typer.Typer(no_args_is_help=True, help="The keys that sign tokens.")


@keys.callback()
def _group() -> None:
    """A group, though it has one command yet."""


@keys.command("rotate")
def rotate() -> None:
    """Sign with a new key from now on. Whoever is signed in stays so; a running server follows by itself."""
    components = opened()
    components.trail.record(event("rotate_key"))
    new = tokens.rotate(components.home.key)
    say(f"Tokens are signed with key {new.kid} from now on. Those of the key before are good until they run out.")
