"""`tolmach doctor`: what works, what is missing, what opens a connection."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

import typer
from rich.markup import escape

from services import doctor as examining
from services.cli.console import AsJson, opened, put, say


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(doctor)


def doctor(
    as_json: AsJson = False,
    deep: Annotated[
        bool, typer.Option(help="Look at every entry of the audit trail, not at the last ones alone")
    ] = False,
) -> None:
    """Look at every part of this installation: what works, what is missing, what opens a connection."""
    components = opened()
    findings = list(examining.examine(components, deep))
    opens = examining.connections(components)
    components.close()
    if as_json:
        put({"findings": [asdict(finding) for finding in findings], "connections": opens})
    else:
        for finding in findings:
            mark = "[green]well[/]   " if finding.well else "[bold red]not well[/]"
            say(f"{mark}  {finding.what}: {escape(finding.words)}")
        say(f"\nOpens a connection to: {escape(', '.join(opens)) or 'nothing'}")
    if not all(finding.well for finding in findings):
        raise typer.Exit(1)
