"""How commands change access: as the operator at once, or as an administrator who signs in and may need another."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated, Any

import typer
from rich.markup import escape
from rich.table import Table

from auth import policy
from auth.audit.entries import Event
from auth.changes.access import Change
from auth.changes.approvals import ChangeOutcome
from auth.people import Principal
from auth.policy import Action
from indexer.handling.access_preview import Counts, Effect
from services.access_changes import Administration
from services.cli.acting import acting
from services.cli.console import OPERATOR, console, fail, opened, put, say
from services.components import Components
from services.schemas.access import EffectSchema
from services.schemas.people import Changed

AT_SET_UP = "set-up at the console"

Reason = Annotated[str | None, typer.Option(help="Why; kept in the audit trail. The operator may leave it out")]
Preview = Annotated[bool, typer.Option("--preview", help="Show who would gain and lose what, and change nothing")]


@dataclass(frozen=True, slots=True)
class ChangeOptions:
    """How a change is asked for: why, by whom, whether only to be shown, and how the answer is to look."""

    reason: str | None
    username: str | None
    password_stdin: bool
    otp: str
    as_json: bool
    preview: bool = False


def administration(components: Components, by: Principal | None, action: Action = Action.ADMINISTER) -> Administration:
    """What this person, None for the operator, administers with; ends the command where no role of theirs opens it."""
    name = by.username if by else OPERATOR
    if by is not None and not policy.allows(by, action):
        components.trail.record(Event(name, "console", action, decision="refused", detail={"rule": "role"}))
        fail("None of your roles allows this.")
    return Administration(
        components,
        by,
        lambda what, object_id, decision, detail: Event(name, "console", what, object_id, decision, detail),
    )


def begun(options: ChangeOptions, action: Action = Action.ADMINISTER) -> Administration:
    """What whoever asks administers with, after they have signed in."""
    components = opened()
    return administration(components, acting(components, options.username, options.password_stdin, options.otp), action)


def why(options: ChangeOptions) -> str:
    """The reason given; the operator needs none."""
    if options.reason is not None:
        if not 3 <= len(options.reason.strip()) <= 2_000:
            raise typer.BadParameter("A reason has 3 to 2,000 characters.", param_hint="--reason")
        return options.reason
    if options.username is not None:
        raise typer.BadParameter("Say why: every change that an administrator makes needs a --reason.")
    return AT_SET_UP


def carry_out(
    options: ChangeOptions, make: Callable[[Administration], Iterable[Change]], done: str, **more: str
) -> None:
    """Make changes, or preview them, and tell what became of them. `more` is added to the JSON of each."""
    reason = why(options)
    administering = begun(options)
    for change in list(make(administering)):
        if options.preview:
            show_effect(administering.preview(change), administering.components, options.as_json)
        else:
            tell(administering.request(change, reason), options, done, **more)


def tell(outcome: ChangeOutcome, options: ChangeOptions, done: str, **more: str) -> None:
    """Say what became of a change, and show the one-time code or its half."""
    if options.as_json:
        put({**more, **Changed.of(outcome).model_dump(mode="json")})
    elif outcome.waits:
        say(f"It waits for a second administrator as proposal {outcome.proposal_id}.")
        if outcome.code:
            say(
                f"First half of the one-time code: [bold]{outcome.code}[/] (shown this once; the second half is told to"
            )
            say("whoever approves). Give it to the person yourself.")
    else:
        say(escape(done))
        if outcome.code:
            say(f"One-time code: [bold]{outcome.code}[/] (shown this once, good for a week).")


def show_effect(effect: Effect, components: Components, as_json: bool) -> None:
    """Show who would gain and lose what."""
    shape = EffectSchema.of(effect, components.scheme)
    if as_json:
        put(shape.model_dump(mode="json"))
        return
    if not effect.people:
        say("Nobody would gain or lose a document now.")
        return
    table = Table("Person", "Agency", "Gains", "Loses")
    for difference in effect.people:
        table.add_row(
            difference.username,
            difference.agency,
            _counted(difference.gains, components),
            _counted(difference.losses, components),
        )
    table.add_section()
    table.add_row("all", "", _counted(effect.gains, components), _counted(effect.losses, components))
    console.print(table)
    say("Nothing was changed.")


def show(rows: list[dict[str, Any]], heads: dict[str, str], as_json: bool) -> None:
    """Print rows as JSON, or as a table with these heads, by field."""
    if as_json:
        put(rows)
        return
    table = Table()
    for head in heads.values():
        table.add_column(head, overflow="fold")
    for row in rows:
        table.add_row(*(escape(_cell(row[name])) for name in heads))
    console.print(table)


def utc(moment: datetime | None) -> datetime | None:
    """A moment that was typed, which is in UTC."""
    return None if moment is None else moment.replace(tzinfo=UTC)


def words(text: str) -> frozenset[str]:
    """Words that were typed, separated by commas."""
    return frozenset(word.strip() for word in text.split(",")) - {""}


def _counted(counts: Counts, components: Components) -> str:
    return "\n".join(
        f"{count} {components.scheme.code(level)} of {agency}" for (level, agency), count in sorted(counts.items())
    )


def _cell(value: object) -> str:
    if isinstance(value, list):
        return ", ".join(map(str, value))
    return {None: "", True: "yes", False: "no"}[value] if value is None or isinstance(value, bool) else str(value)
