"""`tolmach agency`, `person` and `audit`: who may do what, and whether the trail is whole."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from typing import Annotated

import typer

from auth import passwords, people
from auth.people import PeopleError, Role
from services.cli.console import AsJson, event, opened, put, say

agency = typer.Typer(no_args_is_help=True, help="Agencies and the highest level each may read.")
person = typer.Typer(no_args_is_help=True, help="People and what they are granted.")
audit = typer.Typer(no_args_is_help=True, help="The audit trail.")


@agency.command("add")
def add_agency(
    code: Annotated[str, typer.Argument(help="Capital letters, digits, hyphens: KZ-MIA")],
    name_en: Annotated[str, typer.Option(help="Name in English")],
    name_ru: Annotated[str, typer.Option(help="Name in Russian")],
    ceiling: Annotated[str, typer.Option(help="Highest level that its people may read")],
) -> None:
    """Add an agency."""
    parts = opened()
    with parts.database.session() as session:
        people.add_agency(session, code, name_en, name_ru, parts.scheme.rank(ceiling))
        parts.trail.record(event("add_agency", code, ceiling=ceiling))
    say(f"Agency {code} added.")


@person.command("add")
def add_person(
    username: Annotated[str, typer.Argument(help="Name to sign in with: small letters, digits, . - _")],
    agency_code: Annotated[str, typer.Option("--agency", help="Code of their agency")],
    role: Annotated[list[Role], typer.Option(help="May be given several times")],
    clearance: Annotated[str, typer.Option(help="Highest level that they may read")],
    name: Annotated[str, typer.Option(help="Full name")] = "",
    need_to_know: Annotated[str, typer.Option(help="Words, separated by commas")] = "",
    starts: Annotated[datetime | None, typer.Option("--from", help="First moment (UTC)")] = None,
    ends: Annotated[datetime | None, typer.Option("--until", help="Moment it is over (UTC)")] = None,
    password_stdin: Annotated[bool, typer.Option(help="Read the password from standard input")] = False,
    as_json: AsJson = False,
) -> None:
    """Add a person with one grant for each role. Without a password given, one is made and shown."""
    password = sys.stdin.readline().rstrip("\n") if password_stdin else passwords.generated()
    words = frozenset(word.strip() for word in need_to_know.split(",")) - {""}
    parts = opened()
    with parts.database.session() as session:
        rank = parts.scheme.rank(clearance)
        new = people.add_person(session, username, name or username, agency_code, password)
        for one in dict.fromkeys(role):
            people.add_grant(session, new, one, rank, words, _utc(starts), _utc(ends))
        parts.trail.record(event("add_person", username, roles=",".join(role), clearance=clearance))
    if as_json:
        put({"username": username} if password_stdin else {"username": username, "password": password})
    else:
        say(f"{username} added." if password_stdin else f"{username} added, password {password} (shown this once).")


@person.command("disable")
def disable_person(username: str) -> None:
    """End a person's access at once, in every session they have."""
    parts = opened()
    with parts.database.session() as session:
        row = people.find_person(session, username)
        if row is None:
            raise PeopleError(f"There is no person {username}.")
        people.disable(session, row)
        parts.trail.record(event("disable_person", username))
    say(f"{username} can no longer sign in.")


@audit.command("verify")
def verify() -> None:
    """Check that no entry of the trail was changed, inserted or taken out."""
    say(f"The audit trail is whole: {opened().trail.verify()} entries.")


def _utc(moment: datetime | None) -> datetime | None:
    return None if moment is None else moment.replace(tzinfo=UTC)
