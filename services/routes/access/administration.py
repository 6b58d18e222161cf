"""Agencies, people and grants: who there is, and changes to that. What widens access waits for a second person."""

from __future__ import annotations

from typing import Annotated, Final

from fastapi import Query
from pydantic import StringConstraints

from auth import people, policy
from auth.changes import access
from auth.changes.access import Change
from auth.database import now
from auth.people import READING_ROLES, Role
from auth.policy import Action
from auth.scheme import Scheme
from auth.signin import single_sign_on
from services.access_changes import Administration
from services.routes.authentication import Caller, CurrentUser, guarded_router
from services.schemas.people import (
    AgencyPatch,
    AgencySchema,
    Changed,
    GrantEnd,
    GrantSchema,
    NewAgency,
    NewGrant,
    NewLink,
    NewPerson,
    PersonPatch,
    PersonSchema,
    Roles,
    RoleSchema,
    Why,
    agency_schema,
    people_schemas,
)

router = guarded_router()

MOST_LISTED: Final = 1_000  # people or grants at once

Key = Annotated[str, StringConstraints(max_length=64), Query()]
Limit = Annotated[int, Query(ge=1, le=MOST_LISTED)]


@router.get("/agencies")
def list_agencies(caller: CurrentUser) -> list[AgencySchema]:
    """All agencies; their ceilings, and whether they take part, only to administrators."""
    telling = policy.allows(caller.principal, Action.ADMINISTER)
    with caller.components.database.reading() as session:
        rows = people.agencies(session)
        caller.record("list_agencies", detail={"total": len(rows)})
    return [agency_schema(row, caller.components.scheme if telling else None) for row in rows]


@router.post("/agencies")
def add_agency(body: NewAgency, caller: CurrentUser) -> Changed:
    """Add an agency."""
    return _request(caller, body.change(_scheme(caller)), body.reason)


@router.patch("/agencies/{code}")
def change_agency(code: str, body: AgencyPatch, caller: CurrentUser) -> Changed:
    """Rename an agency, change its ceiling, or let it take part or no longer. A name or a higher ceiling waits."""
    ceiling = None if body.ceiling is None else _scheme(caller).rank(body.ceiling)
    change = access.ChangeAgency(code, body.name_en, body.name_ru, ceiling, body.active)
    return _request(caller, change, body.reason)


@router.get("/people")
def list_people(caller: CurrentUser, after: Key = "", limit: Limit = MOST_LISTED) -> list[PersonSchema]:
    """Everybody, with all their grants, by user name: those after one, and no more than `limit` at once."""
    caller.require(Action.ADMINISTER)
    with caller.components.database.reading() as session:
        rows = people.people(session, after, limit)
        keys = [row.id for row in rows]
        subjects = single_sign_on.subjects(session, keys)
        grants, factors = people.grants_of(session, keys), people.with_second_factor(session, keys)
        people_rows = people_schemas(rows, grants, subjects, factors, caller.components.scheme)
        caller.record("list_people", detail={"total": len(people_rows)})
    return people_rows


@router.post("/people")
def add_person(body: NewPerson, caller: CurrentUser) -> Changed:
    """Add a person, who chooses a password with a one-time code. With a grant it waits."""
    return _request(caller, body.change(_scheme(caller)), body.reason)


@router.patch("/people/{username}")
def change_person(username: str, body: PersonPatch, caller: CurrentUser) -> Changed:
    """Disable a person at once, in every session they have; or enable them again, which waits."""
    change = access.EnablePerson(username) if body.active else access.DisablePerson(username)
    return _request(caller, change, body.reason)


@router.post("/people/{username}/renewal")
def renew(username: str, body: Why, caller: CurrentUser) -> Changed:
    """Put a one-time code in place of a person's password and second factor. It waits."""
    return _request(caller, access.RenewSignIn(username), body.reason)


@router.post("/people/{username}/link")
def link(username: str, body: NewLink, caller: CurrentUser) -> Changed:
    """Let a subject of the issuer sign in as this person. It waits."""
    administering = administration(caller)
    return Changed.of(administering.request(administering.link(username, body.subject), body.reason))


@router.post("/people/{username}/unlink")
def unlink(username: str, body: Why, caller: CurrentUser) -> Changed:
    """Let nobody sign in as this person with the issuer any more, and end the sessions that began so."""
    return _request(caller, access.UnlinkPerson(username), body.reason)


@router.get("/grants")
def list_grants(caller: CurrentUser, after: Key = "", limit: Limit = MOST_LISTED) -> list[GrantSchema]:
    """Every grant, those to come and those that are over too: those after one, and no more than `limit` at once."""
    caller.require(Action.ADMINISTER)
    at = now()
    with caller.components.database.reading() as session:
        rows = people.grants(session, after, limit)
        caller.record("list_grants", detail={"total": len(rows)})
    return [GrantSchema.of(grant, person.username, caller.components.scheme, at) for grant, person in rows]


@router.post("/grants")
def add_grant(body: NewGrant, caller: CurrentUser) -> Changed:
    """Grant a person one more role. It waits."""
    return _request(caller, body.change(_scheme(caller)), body.reason)


@router.post("/grants/{grant_id}/end")
def end_grant(grant_id: str, body: GrantEnd, caller: CurrentUser) -> Changed:
    """End a grant, now or at a moment before its own end."""
    return _request(caller, access.EndGrant(grant_id, body.ends), body.reason)


@router.get("/roles")
def roles(caller: CurrentUser) -> Roles:
    """What each role opens, and what actions disclose of documents that the person may not read."""
    table = [
        RoleSchema(
            role=role,
            reads=role in READING_ROLES,
            actions=[action for action in Action if role in policy.TABLE[action]],
        )
        for role in Role
    ]
    caller.record("list_roles")
    return Roles(roles=table, discloses=policy.DISCLOSES)


def administration(caller: Caller) -> Administration:
    """What the caller administers with. Raises ForbiddenError."""
    caller.require(Action.ADMINISTER)
    return Administration(caller.components, caller.principal, caller.event)


def _request(caller: Caller, change: Change, reason: str) -> Changed:
    return Changed.of(administration(caller).request(change, reason))


def _scheme(caller: Caller) -> Scheme:
    """The levels, for those whose words are looked at. Raises ForbiddenError."""
    caller.require(Action.ADMINISTER)
    return caller.components.scheme
