"""`tolmach init`: sets a home up."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from auth import scheme
from services import settings
from services import setup as setting_up
from services.cli.console import AsJson, put, say


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(init)


def init(
    scheme_file: Annotated[
        Path, typer.Option("--scheme", help="Marking scheme to start with (see `scheme.toml` in the home).")
    ] = scheme.DEFAULT,
    as_json: AsJson = False,
) -> None:
    """Make the database, keys, marking scheme and two administrators. Safe to repeat."""
    current = settings.load()
    sign_ins = setting_up.set_up(current, scheme_file)
    if as_json:
        administrators = [{"username": new.username, "code": new.code} for new in sign_ins]
        put({"home": str(current.home), "administrators": administrators})
        return
    say(f"Tolmach is set up in [bold]{current.home}[/].")
    for new in sign_ins:
        say(f"  administrator [bold]{new.username}[/], one-time code [bold]{new.code}[/] (shown this once)")
    if sign_ins:
        say("Each signs in with it within a week, chooses a password, and sets up a second factor.")
