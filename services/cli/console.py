"""How commands speak: words on standard error, JSON alone on standard output when asked, and plain failures."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from typing import Annotated, NoReturn

import typer
from rich.console import Console
from rich.markup import escape

from auth.audit.entries import Event
from auth.errors import TolmachError
from services import settings
from services.components import Components
from services.measuring.meter import Meter

OPERATOR = "operator"

console = Console(stderr=True)

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON alone on standard output.")]


def guarded(run: Callable[[], object]) -> None:
    """Run, and turn what is expected to fail at times into one line and exit code 1."""
    try:
        run()
    except TolmachError as error:
        fail(error.operator_answer)
    except OSError as error:
        fail(f"{error.strerror}: {error.filename}" if error.filename else str(error))


def fail(message: str) -> NoReturn:
    """Say what went wrong, and exit with 1."""
    console.print(f"[bold red]Failed:[/] {escape(message)}", highlight=False, soft_wrap=True)
    sys.exit(1)


def say(message: str) -> None:
    """Tell the person at the console something."""
    console.print(message, highlight=False, soft_wrap=True)


def put(value: object) -> None:
    """Print JSON on standard output."""
    print(json.dumps(value, ensure_ascii=False, indent=2))


def opened(meter: Meter | None = None) -> Components:
    """The parts of the home that the settings name; `meter` is told what is done with them. Raises HomeError."""
    return Components(settings.load(), meter)


def event(action: str, object_id: str = "", **detail: str | int) -> Event:
    """What the trail says of something that the operator does here."""
    return Event(OPERATOR, "console", action, object_id, detail=detail)
