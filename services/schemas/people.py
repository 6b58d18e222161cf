"""Agencies, people and grants as JSON."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime
from typing import Literal

from pydantic import BaseModel

from auth import people
from auth.changes.approvals import ChangeOutcome
from auth.database import now
from auth.people import Role
from auth.policy import Action
from auth.scheme import Scheme
from auth.tables import AgencyRow, GrantRow, PersonRow
from services.schemas.changes import AddAgencySchema, AddGrantSchema, AddPersonSchema
from services.schemas.fields import Reason, Short, Strict, When


class Changed(BaseModel):
    """What became of a change. `code`: the first half of the person's one-time code, shown this once."""

    state: Literal["done", "waiting"]
    proposal_id: str | None
    code: str | None

    @staticmethod
    def of(outcome: ChangeOutcome) -> Changed:
        """From an outcome."""
        state: Literal["done", "waiting"] = "waiting" if outcome.waits else "done"
        return Changed(state=state, proposal_id=outcome.proposal_id or None, code=outcome.code or None)


class Why(Strict):
    """Why something is changed; kept in the audit trail."""

    reason: Reason


class NewAgency(AddAgencySchema, Why):
    """An agency to add, and why."""


class AgencyPatch(Why):
    """What is to change of an agency, and why; what is not named stays."""

    name_en: Short | None = None
    name_ru: Short | None = None
    ceiling: Short | None = None
    active: bool | None = None


class NewPerson(AddPersonSchema, Why):
    """A person to add, with what they are granted, and why."""


class PersonPatch(Why):
    """Whether a person may sign in from now on, and why."""

    active: bool


class NewLink(Why):
    """Who may sign in as a person: the issuer's subject, and why."""

    subject: Short


class NewGrant(AddGrantSchema, Why):
    """A grant to add, and why."""


class GrantEnd(Why):
    """When a grant is to end, null for now, and why."""

    ends: When | None = None


class AgencySchema(BaseModel):
    """An agency. What only administrators are told is null for all others."""

    code: str
    name_en: str
    name_ru: str
    ceiling: str | None
    active: bool | None


class GrantSchema(BaseModel):
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
    def of(grant: GrantRow, username: str, scheme: Scheme, at: datetime) -> GrantSchema:
        """From its row, as it is at a moment."""
        over = grant.ends is not None and grant.ends <= max(at, grant.starts)
        return GrantSchema(
            grant_id=grant.id,
            username=username,
            role=Role(grant.role),
            clearance=scheme.code(grant.clearance),
            need_to_know=sorted(people.words_of(grant)),
            starts=grant.starts,
            ends=grant.ends,
            state="over" if over else "to_come" if at < grant.starts else "holds",
        )


class PersonSchema(BaseModel):
    """A person and all their grants. `code_until`: how long the code lasts with which they are to choose a password.

    `subject`: whom the issuer of single sign-on calls them, or "".
    """

    username: str
    name: str
    agency: str
    active: bool
    second_factor: bool
    code_until: datetime | None
    subject: str
    grants: list[GrantSchema]


class RoleSchema(BaseModel):
    """A role, whether it opens documents, and the actions that it opens."""

    role: Role
    reads: bool
    actions: list[Action]


class Roles(BaseModel):
    """The table of rights, and what an action discloses of documents that the person may not read."""

    roles: list[RoleSchema]
    discloses: dict[Action, str]


def agency_schema(row: AgencyRow, scheme: Scheme | None) -> AgencySchema:
    """An agency; with a scheme, what only administrators are told as well."""
    return AgencySchema(
        code=row.code,
        name_en=row.name_en,
        name_ru=row.name_ru,
        ceiling=scheme.code(row.ceiling) if scheme else None,
        active=row.active if scheme else None,
    )


def people_schemas(
    rows: list[PersonRow],
    grants: list[tuple[GrantRow, PersonRow]],
    subjects: Mapping[str, str],
    second_factors: set[str],
    scheme: Scheme,
) -> list[PersonSchema]:
    """People with their grants, the subjects of those who are linked, and which (by identifier) have a factor."""
    at = now()
    of_person: dict[str, list[GrantSchema]] = defaultdict(list)
    for grant, person in grants:
        of_person[person.id].append(GrantSchema.of(grant, person.username, scheme, at))
    return [
        PersonSchema(
            username=row.username,
            name=row.name,
            agency=row.agency,
            active=row.active,
            second_factor=row.id in second_factors,
            code_until=row.code_until,
            subject=subjects.get(row.id, ""),
            grants=of_person[row.id],
        )
        for row in rows
    ]
