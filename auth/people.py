"""People, their agencies and grants. Refuses a grant that would let one person both administer and read."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from auth import passwords
from auth.database import now
from auth.tables import AgencyRow, GrantRow, PersonRow, SessionRow


class PeopleError(ValueError):
    """The change to agencies, people or grants makes no sense; the message says why."""


class Role(StrEnum):
    """What a grant lets a person do; the label of a document still decides what they may do it to."""

    EXPERT = "expert"
    TRANSLATOR = "translator"
    REVIEWER = "reviewer"
    REGISTRAR = "registrar"
    ADMINISTRATOR = "administrator"
    AUDITOR = "auditor"


READING_ROLES = frozenset({Role.EXPERT, Role.TRANSLATOR, Role.REVIEWER, Role.REGISTRAR})


@dataclass(frozen=True, slots=True)
class Grant:
    """A role that holds now: `clearance` is the lower of the grant's and the agency's ceiling."""

    role: Role
    clearance: int
    words: frozenset[str]


@dataclass(frozen=True, slots=True)
class Principal:
    """A person at this moment: no grant that has not begun or is over, none if they or their agency are inactive."""

    person_id: str
    username: str
    name: str
    agency: str
    grants: tuple[Grant, ...]

    @property
    def roles(self) -> frozenset[Role]:
        """The roles that hold now."""
        return frozenset(grant.role for grant in self.grants)


def principal(session: Session, person_id: str, at: datetime | None = None) -> Principal | None:
    """The person as they are at a moment (now), or None if there is no such active person."""
    at = at or now()
    row = session.execute(
        select(PersonRow, AgencyRow)
        .join(AgencyRow, PersonRow.agency == AgencyRow.code)
        .where(PersonRow.id == person_id)
    ).one_or_none()
    if row is None or not (row[0].active and row[1].active):
        return None
    person, agency = row
    grants = session.scalars(select(GrantRow).where(GrantRow.person == person_id).order_by(GrantRow.id))
    held = tuple(
        Grant(Role(g.role), min(g.clearance, agency.ceiling), frozenset(g.words.split("\n")) - {""})
        for g in grants
        if g.starts <= at and (g.ends is None or at < g.ends)
    )
    return Principal(person.id, person.username, person.name, agency.code, held)


def add_agency(session: Session, code: str, name_en: str, name_ru: str, ceiling: int) -> None:
    """Add an agency. Raises PeopleError if the code is taken or badly formed."""
    if not re.fullmatch(r"[A-Z0-9][A-Z0-9-]{0,31}", code) or code == "ALL":
        raise PeopleError(
            f"An agency's code is 1 to 32 capital letters, digits and hyphens, and not ALL: {code!r} is not."
        )
    if session.get(AgencyRow, code):
        raise PeopleError(f"There is an agency {code} already.")
    session.add(AgencyRow(code=code, name_en=name_en, name_ru=name_ru, ceiling=ceiling))


def agency_codes(session: Session) -> frozenset[str]:
    """The codes of all agencies."""
    return frozenset(session.scalars(select(AgencyRow.code)))


def add_person(session: Session, username: str, name: str, agency: str, password: str) -> PersonRow:
    """Add a person without any grant. Raises PeopleError or passwords.WeakPasswordError."""
    if not re.fullmatch(r"[a-z0-9][a-z0-9._-]{0,63}", username):
        raise PeopleError(
            f"A user name is 1 to 64 small letters, digits, points, hyphens and underscores: {username!r} is not."
        )
    if find_person(session, username):
        raise PeopleError(f"There is a person {username} already.")
    if not session.get(AgencyRow, agency):
        raise PeopleError(f"There is no agency {agency}. Add it with: tolmach agency add {agency} …")
    person = PersonRow(username=username, name=name, agency=agency, password=passwords.hashed(password))
    session.add(person)
    session.flush()
    return person


def find_person(session: Session, username: str) -> PersonRow | None:
    """The person of that user name."""
    return session.scalar(select(PersonRow).where(PersonRow.username == username))


def add_grant(
    session: Session,
    person: PersonRow,
    role: Role,
    clearance: int,
    words: frozenset[str] = frozenset(),
    starts: datetime | None = None,
    ends: datetime | None = None,
) -> None:
    """Grant a role. Raises PeopleError if it would join administering and reading in one person."""
    held = set(session.scalars(select(GrantRow.role).where(GrantRow.person == person.id))) | {role}
    if Role.ADMINISTRATOR in held and held & READING_ROLES:
        raise PeopleError(
            f"{person.username} would hold administrator together with a reading role: nobody may administer and read."
        )
    if any("\n" in word or not word for word in words):
        raise PeopleError("A need-to-know word may be neither empty nor longer than a line.")
    starts = starts or now()
    if ends is not None and ends <= starts:
        raise PeopleError("A grant must end after it starts.")
    session.add(
        GrantRow(
            person=person.id,
            role=role,
            clearance=clearance,
            words="\n".join(sorted(words)),
            starts=starts,
            ends=ends,
        )
    )
    session.flush()


def disable(session: Session, person: PersonRow) -> None:
    """End a person's access and every session they have."""
    person.active = False
    for row in session.scalars(select(SessionRow).where(SessionRow.person == person.id)):
        row.ended = True
