"""Agencies, people and grants: who there is, and changes to that. What widens access waits for a second person."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from pydantic import BaseModel

from auth import people, policy
from auth.changes import access
from auth.changes.access import Change
from auth.changes.approvals import Outcome
from auth.database import now
from auth.people import READING_ROLES, Role
from auth.policy import Action
from auth.scheme import Scheme
from auth.tables import AgencyRow, GrantRow, PersonRow
from services.access_changes import Administration
from services.routes.authentication import Asking, Caller, guarded_router
from services.schemas.changes import AddAgency, AddGrant, AddPerson, Reason, Short, Strict, When

router = guarded_router()


class Changed(BaseModel):
    """What became of a change. `code`: the first half of the person's one-time code, shown this once."""

    state: Literal["done", "waiting"]
    proposal_id: str | None
    code: str | None

    @staticmethod
    def of(outcome: Outcome) -> Changed:
        """From an outcome."""
        state: Literal["done", "waiting"] = "waiting" if outcome.waits else "done"
        return Changed(state=state, proposal_id=outcome.proposal_id or None, code=outcome.code or None)


class Why(Strict):
    """Why something is changed; kept in the audit trail."""

    reason: Reason


class NewAgency(AddAgency, Why):
    """An agency to add, and why."""


class AgencyPatch(Why):
    """What is to change of an agency, and why; what is not named stays."""

    name_en: Short | None = None
    name_ru: Short | None = None
    ceiling: Short | None = None
    active: bool | None = None


class NewPerson(AddPerson, Why):
    """A person to add, with what they are granted, and why."""


class PersonPatch(Why):
    """Whether a person may sign in from now on, and why."""

    active: bool


class NewGrant(AddGrant, Why):
    """A grant to add, and why."""


class GrantEnd(Why):
    """When a grant is to end, null for now, and why."""

    ends: When | None = None


class AgencyShape(BaseModel):
    """An agency. What only administrators are told is null for all others."""

    code: str
    name_en: str
    name_ru: str
    ceiling: str | None
    active: bool | None


class GrantShape(BaseModel):
    """A grant, whether it holds now, is still to come, or is over."""

    grant_id: str
    username: str
    role: Role
    clearance: str
    need_to_know: list[str]
    starts: datetime
    ends: datetime | None
    state: Literal["holds", "to_come", "over"]

    @staticmethod
    def of(grant: GrantRow, username: str, scheme: Scheme, at: datetime) -> GrantShape:
        """From its row, as it is at a moment."""
        over = grant.ends is not None and grant.ends <= max(at, grant.starts)
        return GrantShape(
            grant_id=grant.id,
            username=username,
            role=Role(grant.role),
            clearance=scheme.code(grant.clearance),
            need_to_know=sorted(people.words_of(grant)),
            starts=grant.starts,
            ends=grant.ends,
            state="over" if over else "to_come" if at < grant.starts else "holds",
        )


class PersonShape(BaseModel):
    """A person and all their grants. `code_until`: how long the code lasts with which they are to choose a password."""

    username: str
    name: str
    agency: str
    active: bool
    second_factor: bool
    code_until: datetime | None
    grants: list[GrantShape]


class RoleShape(BaseModel):
    """A role, whether it opens documents, and the actions that it opens."""

    role: Role
    reads: bool
    actions: list[Action]


class Roles(BaseModel):
    """The table of rights, and what an action discloses of documents that the person may not read."""

    roles: list[RoleShape]
    discloses: dict[Action, str]


@router.get("/agencies")
def list_agencies(asking: Asking) -> list[AgencyShape]:
    """All agencies; their ceilings, and whether they take part, only to administrators."""
    telling = policy.allows(asking.principal, Action.ADMINISTER)
    with asking.parts.database.reading() as session:
        rows = people.agencies(session)
        asking.record("list_agencies", detail={"total": len(rows)})
    return [agency_shape(row, asking.parts.scheme if telling else None) for row in rows]


@router.post("/agencies")
def add_agency(body: NewAgency, asking: Asking) -> Changed:
    """Add an agency."""
    return _request(asking, body.change(_scheme(asking)), body.reason)


@router.patch("/agencies/{code}")
def change_agency(code: str, body: AgencyPatch, asking: Asking) -> Changed:
    """Rename an agency, change its ceiling, or let it take part or no longer. A higher ceiling waits."""
    ceiling = None if body.ceiling is None else _scheme(asking).rank(body.ceiling)
    change = access.ChangeAgency(code, body.name_en, body.name_ru, ceiling, body.active)
    return _request(asking, change, body.reason)


@router.get("/people")
def list_people(asking: Asking) -> list[PersonShape]:
    """Everybody, with all their grants."""
    asking.must(Action.ADMINISTER)
    with asking.parts.database.reading() as session:
        found = people_shapes(people.people(session), people.grants(session), asking.parts.scheme)
        asking.record("list_people", detail={"total": len(found)})
    return found


@router.post("/people")
def add_person(body: NewPerson, asking: Asking) -> Changed:
    """Add a person, who chooses a password with a one-time code. With a grant it waits."""
    return _request(asking, body.change(_scheme(asking)), body.reason)


@router.patch("/people/{username}")
def change_person(username: str, body: PersonPatch, asking: Asking) -> Changed:
    """Disable a person at once, in every session they have; or enable them again, which waits."""
    change = access.EnablePerson(username) if body.active else access.DisablePerson(username)
    return _request(asking, change, body.reason)


@router.post("/people/{username}/renewal")
def renew(username: str, body: Why, asking: Asking) -> Changed:
    """Put a one-time code in place of a person's password and second factor. It waits."""
    return _request(asking, access.RenewSignIn(username), body.reason)


@router.get("/grants")
def list_grants(asking: Asking) -> list[GrantShape]:
    """Every grant, those to come and those that are over too."""
    asking.must(Action.ADMINISTER)
    at = now()
    with asking.parts.database.reading() as session:
        rows = people.grants(session)
        asking.record("list_grants", detail={"total": len(rows)})
    return [GrantShape.of(grant, person.username, asking.parts.scheme, at) for grant, person in rows]


@router.post("/grants")
def add_grant(body: NewGrant, asking: Asking) -> Changed:
    """Grant a person one more role. It waits."""
    return _request(asking, body.change(_scheme(asking)), body.reason)


@router.post("/grants/{grant_id}/end")
def end_grant(grant_id: str, body: GrantEnd, asking: Asking) -> Changed:
    """End a grant, now or at a moment before its own end."""
    return _request(asking, access.EndGrant(grant_id, body.ends), body.reason)


@router.get("/roles")
def roles(asking: Asking) -> Roles:
    """What each role opens, and what actions disclose of documents that the person may not read."""
    table = [
        RoleShape(
            role=role,
            reads=role in READING_ROLES,
            actions=[action for action in Action if role in policy.TABLE[action]],
        )
        for role in Role
    ]
    asking.record("list_roles")
    return Roles(roles=table, discloses=policy.DISCLOSES)


def administration(asking: Caller) -> Administration:
    """What the caller administers with. Raises ForbiddenError."""
    asking.must(Action.ADMINISTER)
    return Administration(asking.parts, asking.principal, asking.event)


def agency_shape(row: AgencyRow, scheme: Scheme | None) -> AgencyShape:
    """An agency; with a scheme, what only administrators are told as well."""
    return AgencyShape(
        code=row.code,
        name_en=row.name_en,
        name_ru=row.name_ru,
        ceiling=scheme.code(row.ceiling) if scheme else None,
        active=row.active if scheme else None,
    )


def people_shapes(rows: list[PersonRow], grants: list[tuple[GrantRow, PersonRow]], scheme: Scheme) -> list[PersonShape]:
    """People with their grants."""
    at = now()
    return [
        PersonShape(
            username=row.username,
            name=row.name,
            agency=row.agency,
            active=row.active,
            second_factor=bool(row.otp_secret),
            code_until=row.code_until,
            grants=[GrantShape.of(grant, row.username, scheme, at) for grant, person in grants if person.id == row.id],
        )
        for row in rows
    ]


def _request(asking: Caller, change: Change, reason: str) -> Changed:
    return Changed.of(administration(asking).request(change, reason))


def _scheme(asking: Caller) -> Scheme:
    """The levels, for those whose words are looked at. Raises ForbiddenError."""
    asking.must(Action.ADMINISTER)
    return asking.parts.scheme
