"""Takes many files in with a progress bar: a bad one is named and the rest goes on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from auth import policy
from auth.expression import ExpressionError
from auth.policy import Action
from auth.scheme import SchemeError
from indexer.library.description import DescriptionError
from indexer.library.intake import LabelError, Receipt, Submission
from indexer.library.tables import DocumentRow
from indexer.pairs import pairs
from services.cli.console import console, event
from services.cli.library.manifest import Item
from services.components import Components
from services.labelling import label_from

REFUSED: Final = "refused"  # not even recorded: there was no file, or no label for it


@dataclass(frozen=True, slots=True)
class IntakeLine:
    """A file, and what became of it."""

    path: Path
    receipt: Receipt

    def as_json(self) -> dict[str, object]:
        """For `--json`."""
        receipt = self.receipt
        return {
            "path": str(self.path),
            "document_id": receipt.document_id,
            "state": receipt.state,
            "code": receipt.code,
            "message": receipt.message,
            "duplicate": receipt.duplicate,
        }


def take_in(components: Components, items: Sequence[Item]) -> list[IntakeLine]:
    """Take every file in. Raises what makes going on pointless: no database, no store, no trail."""
    with bar() as shown:
        task = shown.add_task("Taking in", total=len(items))
        lines = []
        for item in items:
            lines.append(IntakeLine(item.path, _take(components, item)))
            shown.advance(task)
    _pair(components, items, lines)
    return lines


def _pair(components: Components, items: Sequence[Item], lines: Sequence[IntakeLine]) -> None:
    """Make a file and the one that its line says it translates a pair, unless somebody decided on them before."""
    taken = {line.path: line.receipt.document_id for line in lines if line.receipt.document_id}
    for item in items:
        first, second = taken.get(item.path), taken.get(item.translation_of) if item.translation_of else None
        if first and second and first != second:
            with components.database.session() as session:
                if pairs.make_of_manifest(session, first, second):
                    components.trail.record(event("pair", first, other=second, reason="manifest"))


def _take(components: Components, item: Item) -> Receipt:
    label = {name: item.columns.get(name, "") for name in ("originator", "level", "releasable_to", "need_to_know")}
    try:
        about, times = item.description(), item.times()
        with components.database.reading() as session:
            scope = policy.operator_scope(session, Action.INTAKE)
            labelled = label_from(session, components.scheme, **label)
        with item.path.open("rb") as file:
            reason = item.columns.get("marking_reason", "")
            taken = event(Action.INTAKE, **({"marking_reason": reason} if reason else {}))
            submission = Submission(file, item.path.name, labelled, about, taken, times, marking_reason=reason)
            return components.intake.take(submission, scope)
    except OSError as error:
        return Receipt("", REFUSED, "unreadable", f"The file cannot be read: {error.strerror}.")
    except (LabelError, SchemeError, ExpressionError) as error:
        return Receipt("", REFUSED, "label", str(error))
    except DescriptionError as error:
        return Receipt("", REFUSED, "description", str(error))
    except ValueError as error:
        return Receipt("", REFUSED, "date", f"A date must be written as YYYY-MM-DD: {error}.")


def work(components: Components) -> None:
    """Take documents through the pipeline until none is left waiting, other workers' included."""
    worker = components.worker()
    with bar() as shown:
        waiting = worker.waiting()
        task = shown.add_task("Reading and indexing", total=waiting)
        while worker.step() or worker.pair():
            left = worker.waiting()
            waiting = max(waiting, left)
            shown.update(task, total=waiting, completed=waiting - left)


def refreshed(components: Components, lines: Sequence[IntakeLine]) -> list[IntakeLine]:
    """The lines with the states that their documents have by now."""
    with components.database.reading() as session:
        rows = {line.receipt.document_id: session.get(DocumentRow, line.receipt.document_id) for line in lines}
    return [
        replace(line, receipt=replace(line.receipt, state=row.state, code=row.code, message=row.message))
        if (row := rows[line.receipt.document_id])
        else line
        for line in lines
    ]


def bar() -> Progress:
    """A progress bar on standard error."""
    columns = (TextColumn("{task.description:<21}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    return Progress(*columns, console=console)
