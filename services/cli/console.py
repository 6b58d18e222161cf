"""How commands speak: words on standard error, JSON alone on standard output when asked, and plain failures."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from typing import Annotated, NoReturn

import typer
from rich.console import Console
from rich.markup import escape

from auth.audit.checkpoints import CheckpointError
from auth.audit.keys import AuditKeyError
from auth.audit.trail import Event, TrailError
from auth.changes.proposals import NoProposalError, ProposalError
from auth.database import DatabaseError
from auth.expression import ExpressionError
from auth.passwords import WeakPasswordError
from auth.people import PeopleError
from auth.scheme import SchemeError
from auth.signin.tokens import KeyFileError
from indexer.engine.contract import EngineError
from indexer.handling.lifecycle import AbsentError, HeldError
from indexer.library.files import StoreError
from indexer.library.intake import LabelError
from indexer.search.parse import QueryError
from indexer.translate.contract import TranslationError
from services import settings
from services.components import Components, HomeError

OPERATOR = "operator"

console = Console(stderr=True)

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON alone on standard output.")]

_EXPECTED = (
    AuditKeyError,
    CheckpointError,
    DatabaseError,
    EngineError,
    ExpressionError,
    KeyFileError,
    LabelError,
    HomeError,
    PeopleError,
    ProposalError,
    QueryError,
    SchemeError,
    StoreError,
    TrailError,
    TranslationError,
    WeakPasswordError,
    settings.SettingsError,
)


def guarded(run: Callable[[], object]) -> None:
    """Run, and turn what is expected to fail at times into one line and exit code 1."""
    try:
        run()
    except _EXPECTED as error:
        fail(str(error))
    except AbsentError:
        fail("There is no such document.")
    except NoProposalError:
        fail("No such proposal waits. Those that do: tolmach proposal list")
    except HeldError:
        fail("A legal hold forbids removing this document. Lift it first: tolmach hold DOCUMENT_ID --release")
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


def opened() -> Components:
    """The parts of the home that the settings name. Raises HomeError."""
    return Components(settings.load())


def event(action: str, object_id: str = "", **detail: str | int) -> Event:
    """What the trail says of something that the operator does here."""
    return Event(OPERATOR, "console", action, object_id, detail=detail)
