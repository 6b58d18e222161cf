"""`tolmach agency` and `person`: who there is, and what they are granted."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from datetime import datetime
from typing import Annotated

import typer

from auth import people
from auth.changes import access
from auth.changes.access import Change, Terms
from auth.people import PeopleError, Role
from auth.signin import single_sign_on
from services.access_changes import Administration
from services.cli.access.changing import ChangeOptions, Preview, Reason, begun, carry_out, show, utc, why, words
from services.cli.acting import As, Otp, PasswordStdin
from services.cli.console import AsJson, put, say
from services.schemas.people import GrantSchema, PersonSchema, agency_schema, people_schemas

agency = typer.Typer(no_args_is_help=True, help="Agencies and the highest level each may read.")
person = typer.Typer(no_args_is_help=True, help="People and what they are granted.")

Username = Annotated[str, typer.Argument(help="Name to sign in with: small letters, digits, . - _")]
Clearance = Annotated[str, typer.Option(help="Highest level that they may read")]
Words = Annotated[str, typer.Option(help="Words, separated by commas")]
Starts = Annotated[datetime | None, typer.Option("--from", help="First moment (UTC)")]
Ends = Annotated[datetime | None, typer.Option("--until", help="Moment it is over (UTC)")]


@agency.command("add")
def add_agency(
    code: Annotated[str, typer.Argument(help="Capital letters, digits, hyphens: KZ-MIA")],
    name_en: Annotated[str, typer.Option(help="Name in English")],
    name_ru: Annotated[str, typer.Option(help="Name in Russian")],
    ceiling: Annotated[str, typer.Option(help="Highest level that its people may read")],
    reason: Reason = None,
    username: As = None,
    password_stdin: PasswordStdin = False,
    otp: Otp = "",
    as_json: AsJson = False,
) -> None:
    """Add an agency.

    For example: `tolmach agency add KZ-MIA --name-en "Ministry of Internal Affairs" --name-ru "МВД" --ceiling
    confidential`
    """
    options = ChangeOptions(reason, username, password_stdin, otp, as_json)

    def make(administering: Administration) -> Iterator[Change]:
        yield access.AddAgency(code, name_en, name_ru, administering.components.scheme.rank(ceiling))

    carry_out(options, make, f"Agency {code} added.", code=code)


@agency.command("change")
def change_agency(
    code: Annotated[str, typer.Argument(help="Code of the agency")],
    name_en: Annotated[str | None, typer.Option(help="Name in English")] = None,
    name_ru: Annotated[str | None, typer.Option(help="Name in Russian")] = None,
    ceiling: Annotated[str | None, typer.Option(help="Highest level that its people may read")] = None,
    active: Annotated[bool | None, typer.Option("--active/--inactive", help="Whether it takes part")] = None,
    reason: Reason = None,
    preview: Preview = False,
    username: As = None,
    password_stdin: PasswordStdin = False,
    otp: Otp = "",
    as_json: AsJson = False,
) -> None:
    """Change an agency's names or ceiling, or whether it takes part. A higher ceiling needs a second administrator.

    For example: `tolmach agency change KZ-MIA --ceiling restricted --preview`
    """
    options = ChangeOptions(reason, username, password_stdin, otp, as_json, preview)

    def make(administering: Administration) -> Iterator[Change]:
        rank = None if ceiling is None else administering.components.scheme.rank(ceiling)
        yield access.ChangeAgency(code, name_en, name_ru, rank, active)

    carry_out(options, make, f"Agency {code} changed.", code=code)


@agency.command("list")
def list_agencies(
    username: As = None, password_stdin: PasswordStdin = False, otp: Otp = "", as_json: AsJson = False
) -> None:
    """List the agencies."""
    administering = begun(ChangeOptions(None, username, password_stdin, otp, as_json))
    with administering.components.database.reading() as session:
        rows = [agency_schema(row, administering.components.scheme) for row in people.agencies(session)]
        administering.note("list_agencies", len(rows))
    heads = {"code": "Code", "name_en": "Name", "name_ru": "Название", "ceiling": "Ceiling", "active": "Takes part"}
    show([row.model_dump(mode="json") for row in rows], heads, as_json)


@person.command("add")
def add_person(
    username: Username,
    agency_code: Annotated[str, typer.Option("--agency", help="Code of their agency")],
    role: Annotated[list[Role], typer.Option(help="May be given several times")],
    clearance: Clearance,
    name: Annotated[str, typer.Option(help="Full name")] = "",
    need_to_know: Words = "",
    starts: Starts = None,
    ends: Ends = None,
    reason: Reason = None,
    preview: Preview = False,
    acting_name: As = None,
    password_stdin: Annotated[
        bool, typer.Option(help="Read the new person's password, or with --as one's own, from standard input")
    ] = False,
    otp: Otp = "",
    as_json: AsJson = False,
) -> None:
    """Add a person with one grant for each role. A one-time code is made, with which they choose a password.

    For example: `tolmach person add a.bekova --agency KZ-MIA --role expert --clearance confidential`
    """
    options = ChangeOptions(reason, acting_name, password_stdin, otp, as_json, preview)

    def make(administering: Administration) -> Iterator[access.AddPerson]:
        rank = administering.components.scheme.rank(clearance)
        terms = tuple(
            Terms(each_role, rank, words(need_to_know), utc(starts), utc(ends)) for each_role in dict.fromkeys(role)
        )
        yield access.AddPerson(username, name or username, agency_code, terms)

    if not password_stdin or acting_name is not None or preview:
        carry_out(options, make, f"{username} added.", username=username)
        return
    password = sys.stdin.readline().rstrip("\n")
    administering = begun(ChangeOptions(reason, None, False, otp, as_json))
    administering.add_with_password(next(make(administering)), why(options), password)
    if as_json:
        put({"username": username, "state": "done", "proposal_id": None, "code": None})
    else:
        say(f"{username} added.")


@person.command("list")
def list_people(
    username: As = None, password_stdin: PasswordStdin = False, otp: Otp = "", as_json: AsJson = False
) -> None:
    """List the people and their grants; those to come and those that are over too."""
    administering = begun(ChangeOptions(None, username, password_stdin, otp, as_json))
    scheme = administering.components.scheme
    with administering.components.database.reading() as session:
        everybody = people.people(session)
        subjects = single_sign_on.subjects(session, [row.id for row in everybody])
        factors = people.with_second_factor(session, [row.id for row in everybody])
        rows = people_schemas(everybody, people.grants(session), subjects, factors, scheme)
        administering.note("list_people", len(rows))
    if as_json:
        put([row.model_dump(mode="json") for row in rows])
        return
    lines = [_line(row, grant) for row in rows for grant in (row.grants or (None,))]
    show(lines, {name: name.capitalize() for name in lines[0]} if lines else {}, as_json=False)


def _line(row: PersonSchema, grant: GrantSchema | None) -> dict[str, str]:
    """A grant of a person, or their having none, as a line of a table."""
    line = {"person": row.username if row.active else f"{row.username} (disabled)", "agency": row.agency}
    if grant is None:
        return line | dict.fromkeys(("role", "cleared", "words", "time", "grant"), "")
    time = {"to_come": f"from {grant.starts:%Y-%m-%d %H:%M}", "over": "over"}.get(grant.state, "")
    if grant.ends and grant.state != "over":
        time += f" until {grant.ends:%Y-%m-%d %H:%M}"
    return line | {
        "role": grant.role,
        "cleared": grant.clearance,
        "words": ", ".join(grant.need_to_know),
        "time": time.strip(),
        "grant": grant.grant_id,
    }


@person.command("disable")
def disable_person(
    username: Username,
    reason: Reason = None,
    preview: Preview = False,
    acting_name: As = None,
    password_stdin: PasswordStdin = False,
    otp: Otp = "",
    as_json: AsJson = False,
) -> None:
    """End a person's access at once, in every session they have."""
    options = ChangeOptions(reason, acting_name, password_stdin, otp, as_json, preview)
    change = access.DisablePerson(username)
    carry_out(options, lambda _: [change], f"{username} can no longer sign in.", username=username)


@person.command("enable")
def enable_person(
    username: Username,
    reason: Reason = None,
    preview: Preview = False,
    acting_name: As = None,
    password_stdin: PasswordStdin = False,
    otp: Otp = "",
    as_json: AsJson = False,
) -> None:
    """Let somebody in again, with the grants and the password they have. Needs a second administrator."""
    options = ChangeOptions(reason, acting_name, password_stdin, otp, as_json, preview)
    change = access.EnablePerson(username)
    carry_out(options, lambda _: [change], f"{username} may sign in again.", username=username)


@person.command("renew")
def renew(
    username: Username,
    reason: Reason = None,
    acting_name: As = None,
    password_stdin: PasswordStdin = False,
    otp: Otp = "",
    as_json: AsJson = False,
) -> None:
    """Put a one-time code in place of a lost password or second factor. Needs a second administrator."""
    options = ChangeOptions(reason, acting_name, password_stdin, otp, as_json)
    change = access.RenewSignIn(username)
    carry_out(options, lambda _: [change], f"{username} signs in with a code from now on.", username=username)


@person.command("link")
def link(
    username: Username,
    subject: Annotated[str, typer.Option(help="What the issuer calls them: the claim `sub` of its tokens")],
    reason: Reason = None,
    acting_name: As = None,
    password_stdin: PasswordStdin = False,
    otp: Otp = "",
    as_json: AsJson = False,
) -> None:
    """Let a subject of the issuer of single sign-on sign in as a person. Needs a second administrator.

    For example: `tolmach person link a.bekova --subject 4c1f5d4e-7a2b-4f0e-9c55-0d6f3f2b8a11`
    """
    options = ChangeOptions(reason, acting_name, password_stdin, otp, as_json)
    done = f"{username} may sign in with the issuer."
    carry_out(options, lambda administering: [administering.link(username, subject)], done, username=username)


@person.command("unlink")
def unlink(
    username: Username,
    reason: Reason = None,
    acting_name: As = None,
    password_stdin: PasswordStdin = False,
    otp: Otp = "",
    as_json: AsJson = False,
) -> None:
    """End the link of a person to a subject of the issuer, and every session that they began by it."""
    options = ChangeOptions(reason, acting_name, password_stdin, otp, as_json)
    change = access.UnlinkPerson(username)
    carry_out(options, lambda _: [change], f"{username} can no longer sign in with the issuer.", username=username)


@person.command("grant")
def grant(
    username: Username,
    role: Annotated[Role, typer.Option(help="What they may do")],
    clearance: Clearance,
    need_to_know: Words = "",
    starts: Starts = None,
    ends: Ends = None,
    reason: Reason = None,
    preview: Preview = False,
    acting_name: As = None,
    password_stdin: PasswordStdin = False,
    otp: Otp = "",
    as_json: AsJson = False,
) -> None:
    """Grant a person one more role, from one moment until another. Needs a second administrator.

    For example: `tolmach person grant a.bekova --role registrar --clearance confidential --until 2027-01-31`
    """
    options = ChangeOptions(reason, acting_name, password_stdin, otp, as_json, preview)

    def make(administering: Administration) -> Iterator[Change]:
        rank = administering.components.scheme.rank(clearance)
        yield access.AddGrant(username, Terms(role, rank, words(need_to_know), utc(starts), utc(ends)))

    carry_out(options, make, f"{username} holds the role {role}.", username=username)


@person.command("revoke")
def revoke(
    username: Username,
    role: Annotated[Role | None, typer.Option(help="End every grant of this role")] = None,
    grant_id: Annotated[str, typer.Option("--grant", help="End this grant (see `tolmach person list`)")] = "",
    ends: Annotated[datetime | None, typer.Option("--until", help="Moment it is to be over (UTC); now")] = None,
    reason: Reason = None,
    preview: Preview = False,
    acting_name: As = None,
    password_stdin: PasswordStdin = False,
    otp: Otp = "",
    as_json: AsJson = False,
) -> None:
    """End grants of a person, now or at a moment to come.

    For example: `tolmach person revoke a.bekova --role registrar`
    """
    if (role is None) == (not grant_id):
        raise typer.BadParameter("Say which: --role or --grant.")
    options = ChangeOptions(reason, acting_name, password_stdin, otp, as_json, preview)

    def make(administering: Administration) -> Iterator[Change]:
        with administering.components.database.reading() as session:
            row = people.the_person(session, username)
            people_rows = people_schemas([row], people.grants_of(session, [row.id]), {}, set(), administering.scheme)
        for grant in people_rows[0].grants:
            if grant.state != "over" and (grant.grant_id == grant_id or grant.role == role):
                yield access.EndGrant(grant.grant_id, utc(ends))

    def some(administering: Administration) -> list[Change]:
        changes = list(make(administering))
        if not changes:
            raise PeopleError(f"{username} holds no such grant. Those there are: tolmach person list")
        return changes

    carry_out(options, some, f"{username} holds that grant no longer.", username=username)
