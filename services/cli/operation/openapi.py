"""`tolmach openapi`: the description of the API for those who write a client. No server answers with it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from services.cli.console import say


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("openapi")(write_description)


def write_description(
    output: Annotated[Path | None, typer.Option("--output", help="A file; without it, standard output")] = None,
) -> None:
    """Write the description of the API (OpenAPI 3.1, JSON). It needs no home and is served nowhere.

    For example: `tolmach openapi --output tolmach.json`
    """
    from services.app import api  # only here: no other command waits for it

    text = json.dumps(api().openapi(), ensure_ascii=False, indent=2) + "\n"
    if output is None:
        print(text, end="")
    else:
        output.write_text(text, encoding="utf-8")
        say(f"Written to {output}.")
