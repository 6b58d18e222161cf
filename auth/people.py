"""People, their agencies and grants. Refuses a grant that would let one person both administer and read."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import ColumnElement, Row, ScalarSelect, Select, exists, or_, select, tuple_
from sqlalchemy.orm import Session

from auth import passwords, sessions
from auth.database import now
from auth.errors import ErrorKind, TolmachError
from auth.tables import AgencyRow, GrantRow, PasskeyRow, PersonRow, SessionRow


class PeopleError(TolmachError, ValueError):
    """The change to agencies, people or grants makes no sense; the message says why."""

    kind = ErrorKind.INVALID
    code = "people"


class UnknownError(PeopleError):
    """There is no such agency, person or grant; the message says how to find or make one."""

    kind = ErrorKind.ABSENT
    code = "unknown"


class Role(StrEnum):
    """What a grant lets a person do; the label of a document still decides what they may do it to."""

    EXPERT = "expert"
    TRANSLATOR = "translator"
    REVIEWER = "reviewer"
    REGISTRAR = "registrar"
    ADMINISTRATOR = "administrator"
    AUDITOR = "auditor"


NO_PASSWORD: Final = ""  # the hash of none
OPERATOR: Final = "operator"  # whom the trail means by this is whoever holds the machine
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
    return _present(session.execute(_with_grants().where(PersonRow.id == person_id)).all(), at)


def whose_session(
    session: Session, session_id: str, beside: ScalarSelect[str]
) -> tuple[Principal, PersonRow, SessionRow, str | None] | None:
    """A session, whether or not it lasts, and the active person whose it is, with what the database keeps of them.

    And what is read `beside` them, in the same statement.
    """
    query = _with_grants().add_columns(SessionRow, beside).join(SessionRow, SessionRow.person == PersonRow.id)
    rows = session.execute(query.where(SessionRow.id == session_id)).all()
    who = _present(rows)
    return (who, rows[0][0], rows[0][3], rows[0][4]) if who else None


def everybody(session: Session, at: datetime | None = None) -> list[Principal]:
    """Every active person as they are at a moment (now), by user name."""
    at = at or now()
    grants: dict[str, list[GrantRow]] = defaultdict(list)
    for grant in session.scalars(select(GrantRow).order_by(GrantRow.id)):
        grants[grant.person].append(grant)
    active = _with_agencies().where(PersonRow.active, AgencyRow.active).order_by(PersonRow.username)
    return [_principal(person, agency, grants[person.id], at) for person, agency in session.execute(active)]


def _with_agencies() -> Select[PersonRow, AgencyRow]:
    return select(PersonRow, AgencyRow).join(AgencyRow, PersonRow.agency == AgencyRow.code)


def _with_grants() -> Select[PersonRow, AgencyRow, GrantRow]:
    """A row for each grant of a person; for one who has none, a row without."""
    query = _with_agencies().add_columns(GrantRow).outerjoin(GrantRow, GrantRow.person == PersonRow.id)
    return query.order_by(GrantRow.id)


def _present(rows: Sequence[Row[*tuple[Any, ...]]], at: datetime | None = None) -> Principal | None:
    """The person of these rows, each with their agency and a grant if there is one; None if they are not active."""
    if not rows or not (rows[0][0].active and rows[0][1].active):
        return None
    return _principal(rows[0][0], rows[0][1], [row[2] for row in rows if row[2]], at or now())


def _principal(person: PersonRow, agency: AgencyRow, grants: Iterable[GrantRow], at: datetime) -> Principal:
    current_grants = tuple(
        Grant(Role(g.role), min(g.clearance, agency.ceiling), words_of(g))
        for g in grants
        if g.starts <= at and (g.ends is None or at < g.ends)
    )
    return Principal(person.id, person.username, person.name, agency.code, current_grants)


def words_of(grant: GrantRow) -> frozenset[str]:
    """The need-to-know words of a grant."""
    return frozenset(grant.words.split("\n")) - {""}


def administrators(session: Session) -> int:
    """How many people can administer now and for good: active, with a password of their own and a grant without end."""
    return len({person.id for person, _ in session.execute(_administrators())})


def administrators_named(session: Session, usernames: Iterable[str]) -> set[str]:
    """Which of these user names are of people who `administrators` counts, and who have a second factor."""
    named = PersonRow.username.in_(list(usernames)) & _has_second_factor()
    return {person.username for person, _ in session.execute(_administrators().where(named))}


def with_second_factor(session: Session, person_ids: Iterable[str]) -> set[str]:
    """Which of these people have a second factor: a clock's secret, or a passkey."""
    return set(session.scalars(select(PersonRow.id).where(PersonRow.id.in_(list(person_ids)), _has_second_factor())))


def _has_second_factor() -> ColumnElement[bool]:
    return or_(PersonRow.otp_secret != "", exists().where(PasskeyRow.person == PersonRow.id))


def _administrators() -> Select[PersonRow, AgencyRow]:
    at = now()
    return (
        _with_agencies()
        .join(GrantRow, GrantRow.person == PersonRow.id)
        .where(PersonRow.active, AgencyRow.active, PersonRow.code_until.is_(None), PersonRow.password != NO_PASSWORD)
        .where(GrantRow.role == Role.ADMINISTRATOR, GrantRow.starts <= at, GrantRow.ends.is_(None))
    )


def add_agency(session: Session, code: str, name_en: str, name_ru: str, ceiling: int) -> None:
    """Add an agency. Raises PeopleError if the code is taken or badly formed."""
    if not re.fullmatch(r"[A-Z0-9][A-Z0-9-]{0,31}", code) or code == "ALL":
        raise PeopleError(
            "An agency's code is 1 to 32 capital letters, digits and hyphens, and not ALL: {agency!r} is not.",
            code="agency_form",
            agency=code,
        )
    if session.get(AgencyRow, code):
        raise PeopleError("There is an agency {agency} already.", code="agency_exists", agency=code)
    session.add(AgencyRow(code=code, name_en=name_en, name_ru=name_ru, ceiling=ceiling))


def the_agency(session: Session, code: str) -> AgencyRow:
    """The agency of that code. Raises UnknownError."""
    row = session.get(AgencyRow, code)
    if row is None:
        raise UnknownError(
            "There is no agency {agency}. Add it with: tolmach agency add {agency} …", code="no_agency", agency=code
        )
    return row


def agencies(session: Session) -> list[AgencyRow]:
    """All agencies, by code."""
    return list(session.scalars(select(AgencyRow).order_by(AgencyRow.code)))


def agency_codes(session: Session) -> frozenset[str]:
    """The codes of all agencies."""
    return frozenset(session.scalars(select(AgencyRow.code)))


def add_person(session: Session, username: str, name: str, agency: str, password: str | None) -> PersonRow:
    """Add a person without any grant; without a password, nobody can sign in as them yet.

    Raises PeopleError or passwords.WeakPasswordError.
    """
    if not re.fullmatch(r"[a-z0-9][a-z0-9._-]{0,63}", username):
        raise PeopleError(
            "A user name is 1 to 64 small letters, digits, points, hyphens and underscores: {username!r} is not.",
            code="username_form",
            username=username,
        )
    if username == OPERATOR:
        raise PeopleError(
            "Nobody may be called operator: the audit trail means the machine's operator by it.",
            code="username_operator",
        )
    if find_person(session, username):
        raise PeopleError("There is a person {username} already.", code="person_exists", username=username)
    the_agency(session, agency)
    secret = NO_PASSWORD if password is None else passwords.hashed(password, username)
    person = PersonRow(username=username, name=name, agency=agency, password=secret)
    session.add(person)
    session.flush()
    return person


def find_person(session: Session, username: str) -> PersonRow | None:
    """The person of that user name."""
    return session.scalar(select(PersonRow).where(PersonRow.username == username))


def the_person(session: Session, username: str) -> PersonRow:
    """The person of that user name. Raises UnknownError."""
    row = find_person(session, username)
    if row is None:
        raise UnknownError(
            "There is no person {username}. Those there are: tolmach person list", code="no_person", username=username
        )
    return row


def people(session: Session, after: str = "", limit: int | None = None) -> list[PersonRow]:
    """Everybody, active or not, by user name; those after a user name, and no more than `limit`, where given."""
    query = select(PersonRow).where(PersonRow.username > after).order_by(PersonRow.username).limit(limit)
    return list(session.scalars(query))


def the_grant(session: Session, grant_id: str) -> GrantRow:
    """The grant of that identifier. Raises UnknownError."""
    row = session.get(GrantRow, grant_id)
    if row is None:
        raise UnknownError("There is no such grant. Those there are: tolmach person list", code="no_grant")
    return row


_IN_ORDER: Final = (PersonRow.username, GrantRow.starts, GrantRow.id)
_GRANTS: Final = select(GrantRow, PersonRow).join(PersonRow, GrantRow.person == PersonRow.id).order_by(*_IN_ORDER)


def grants(session: Session, after: str = "", limit: int | None = None) -> list[tuple[GrantRow, PersonRow]]:
    """Every grant, whether it holds now or not, with its person: by user name, then by when it starts.

    Where given, those after a grant, by its identifier, and no more than `limit`. Raises UnknownError.
    """
    query = _GRANTS.limit(limit)
    if after:
        last = the_grant(session, after)
        username = session.get_one(PersonRow, last.person).username
        query = query.where(tuple_(*_IN_ORDER) > (username, last.starts, last.id))
    return [(grant, person) for grant, person in session.execute(query)]


def grants_of(session: Session, people: Iterable[str]) -> list[tuple[GrantRow, PersonRow]]:
    """As `grants`, of these people, by their identifiers."""
    query = _GRANTS.where(GrantRow.person.in_(list(people)))
    return [(grant, person) for grant, person in session.execute(query)]


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
    roles = set(session.scalars(select(GrantRow.role).where(GrantRow.person == person.id))) | {role}
    if Role.ADMINISTRATOR in roles and roles & READING_ROLES:
        raise PeopleError(
            "{username} would hold administrator together with a reading role: nobody may administer and read.",
            code="administers_and_reads",
            username=person.username,
        )
    if any("\n" in word or not word for word in words):
        raise PeopleError("A need-to-know word may be neither empty nor longer than a line.", code="word_form")
    starts = starts or now()
    if ends is not None and ends <= starts:
        raise PeopleError("A grant must end after it starts.", code="end_before_start")
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
    sessions.end_all(session, person.id)
