"""Changes to agencies, people and grants, as values. Refuses one that names what is not there or would change nothing.

A change can be kept as JSON, rehearsed, and applied; `widens` says whether it lets anybody see or do more than before.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any, ClassVar, Final, get_args

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from auth import people
from auth.database import locking, now
from auth.errors import ErrorKind, TolmachError
from auth.people import PeopleError, Role
from auth.signin import one_time_codes, single_sign_on
from auth.tables import AgencyRow, PersonRow


class ChangeError(TolmachError, ValueError):
    """The text holds no change that this version knows."""

    kind = ErrorKind.INTERNAL
    code = "unknown_change"


@dataclass(frozen=True, slots=True)
class Terms:
    """What a grant is to give: a role, up to a level (its rank), with need-to-know words, from when until when.

    `starts` None is the moment at which it is granted, `ends` None is never.
    """

    role: Role
    clearance: int
    words: frozenset[str] = frozenset()
    starts: datetime | None = None
    ends: datetime | None = None


@dataclass(frozen=True, slots=True)
class AddAgency:
    """A new agency. `ceiling` is the rank of the highest level that its people may read."""

    kind: ClassVar = "add_agency"
    code: str
    name_en: str
    name_ru: str
    ceiling: int

    def apply(self, session: Session) -> None:
        """Make it so. Raises PeopleError."""
        people.add_agency(session, self.code, self.name_en, self.name_ru, self.ceiling)


@dataclass(frozen=True, slots=True)
class ChangeAgency:
    """Another name or ceiling, or whether the agency takes part; None leaves a thing as it is."""

    kind: ClassVar = "change_agency"
    code: str
    name_en: str | None = None
    name_ru: str | None = None
    ceiling: int | None = None
    active: bool | None = None

    def apply(self, session: Session) -> None:
        """Make it so. Raises PeopleError."""
        row = people.the_agency(session, self.code)
        changed = {name: value for name, value in asdict(self).items() if name != "code" and value is not None}
        if all(getattr(row, name) == value for name, value in changed.items()):
            raise PeopleError(
                "Agency {agency} is like that already: say what is to change.", code="nothing_changes", agency=self.code
            )
        for name, value in changed.items():
            setattr(row, name, value)


@dataclass(frozen=True, slots=True)
class AddPerson:
    """A new person, what they are granted, and the hash of their one-time code; without one nobody signs in as them."""

    kind: ClassVar = "add_person"
    username: str
    name: str
    agency: str
    grants: tuple[Terms, ...] = ()
    code_hash: str = ""
    half: str = ""  # of the code, for whoever approves

    def apply(self, session: Session) -> None:
        """Make it so. Raises PeopleError."""
        _active_agency(session, self.agency)
        person = people.add_person(session, self.username, self.name, self.agency, None)
        for terms in self.grants:
            _grant(session, person, terms)
        if self.code_hash:
            one_time_codes.renew(session, person, self.code_hash)


@dataclass(frozen=True, slots=True)
class DisablePerson:
    """The end of a person's access, in every session they have."""

    kind: ClassVar = "disable_person"
    username: str

    def apply(self, session: Session) -> None:
        """Make it so. Raises PeopleError."""
        people.disable(session, people.the_person(session, self.username))


@dataclass(frozen=True, slots=True)
class EnablePerson:
    """The return of somebody who was disabled, with the grants and the password that they have."""

    kind: ClassVar = "enable_person"
    username: str

    def apply(self, session: Session) -> None:
        """Make it so. Raises PeopleError."""
        person = people.the_person(session, self.username)
        if person.active:
            raise PeopleError("{username} is active already.", code="already_active", username=self.username)
        person.active = True


@dataclass(frozen=True, slots=True)
class AddGrant:
    """One more role for a person."""

    kind: ClassVar = "add_grant"
    username: str
    terms: Terms

    def apply(self, session: Session) -> None:
        """Make it so. Raises PeopleError."""
        _grant(session, _active_person(session, self.username), self.terms)


@dataclass(frozen=True, slots=True)
class EndGrant:
    """The end of a grant: now, or at a moment to come that is earlier than its own end."""

    kind: ClassVar = "end_grant"
    grant_id: str
    ends: datetime | None = None

    def apply(self, session: Session) -> None:
        """Make it so. Raises PeopleError."""
        row, at = people.the_grant(session, self.grant_id), now()
        if row.ends is not None and row.ends <= at:
            raise PeopleError("This grant is over already.", code="grant_over")
        if self.ends is not None and self.ends < at:
            raise PeopleError("A grant can end now or later, not in the past.", code="end_in_the_past")
        if self.ends is not None and row.ends is not None and self.ends >= row.ends:
            raise PeopleError(
                "A grant can only be ended earlier. For a longer time, add another grant.", code="end_only_earlier"
            )
        row.ends = self.ends or at


@dataclass(frozen=True, slots=True)
class RenewSignIn:
    """A one-time code, by its hash, in place of a person's password and second factor, which are forgotten."""

    kind: ClassVar = "renew_sign_in"
    username: str
    code_hash: str = ""
    half: str = ""  # of the code, for whoever approves

    def apply(self, session: Session) -> None:
        """Make it so. Raises PeopleError."""
        one_time_codes.renew(session, _active_person(session, self.username), self.code_hash)


@dataclass(frozen=True, slots=True)
class LinkPerson:
    """A person whom a subject of an issuer signs in as from now on."""

    kind: ClassVar = "link_person"
    username: str
    issuer: str
    subject: str

    def apply(self, session: Session) -> None:
        """Make it so. Raises PeopleError."""
        single_sign_on.link(session, _active_person(session, self.username), self.issuer, self.subject)


@dataclass(frozen=True, slots=True)
class UnlinkPerson:
    """The end of a person's link to an issuer's subject, and of every session that they began by it."""

    kind: ClassVar = "unlink_person"
    username: str

    def apply(self, session: Session) -> None:
        """Make it so. Raises PeopleError."""
        single_sign_on.unlink(session, people.the_person(session, self.username))


Change = (
    AddAgency
    | ChangeAgency
    | AddPerson
    | DisablePerson
    | EnablePerson
    | AddGrant
    | EndGrant
    | RenewSignIn
    | LinkPerson
    | UnlinkPerson
)

KINDS: Final[Mapping[str, type[Change]]] = {kind.kind: kind for kind in get_args(Change)}


def widens(session: Session, change: Change) -> bool:
    """Whether the change lets anybody see or do more than now, or somebody else sign in as them; a doubt is a yes.

    An agency that may read as much as any, and another name for an agency, count: people decide by names whom they
    release to.
    """
    match change:
        case DisablePerson() | EndGrant() | UnlinkPerson():
            return False
        case AddAgency():
            return change.ceiling >= (session.scalar(select(func.max(AgencyRow.ceiling))) or 0)
        case AddPerson():
            return bool(change.grants or change.code_hash)
        case ChangeAgency():
            row = people.the_agency(session, change.code)
            return (
                (change.active is True and not row.active)
                or (change.ceiling is not None and change.ceiling > row.ceiling)
                or change.name_en not in (None, row.name_en)
                or change.name_ru not in (None, row.name_ru)
            )
    return True


def favours(change: Change) -> str:
    """The user name of whom the change gives something, or ""."""
    gives = AddPerson | EnablePerson | AddGrant | RenewSignIn | LinkPerson
    return change.username if isinstance(change, gives) else ""


def subject(session: Session, change: Change) -> str:
    """Whom or what the change is about: a user name or the code of an agency. Raises UnknownError."""
    match change:
        case AddAgency() | ChangeAgency():
            return change.code
        case EndGrant():
            return session.get_one(PersonRow, people.the_grant(session, change.grant_id).person).username
    return change.username


def has_code(change: Change) -> bool:
    """Whether the change ends in a one-time code that somebody must be told."""
    return isinstance(change, RenewSignIn) or (isinstance(change, AddPerson) and bool(change.grants))


def with_code(change: Change, code_hash: str, half: str) -> Change:
    """The change with the hash of its one-time code and a half of it; both empty: without."""
    if isinstance(change, AddPerson | RenewSignIn):
        return replace(change, code_hash=code_hash, half=half)
    return change


def lock(session: Session) -> None:
    """Let no other change to access happen until this transaction ends: what is read from now on stays true."""
    session.flush()
    session.expire_all()
    session.execute(locking(select(AgencyRow.code).order_by(AgencyRow.code)))


@contextmanager
def dry_run(session: Session, change: Change) -> Iterator[None]:
    """The database as it would be after the change, until the block ends; then as it was. Raises PeopleError."""
    session.flush()
    savepoint = session.begin_nested()
    try:
        change.apply(session)
        session.flush()
        yield
    finally:
        savepoint.rollback()


def to_json(change: Change) -> str:
    """The change as text, for `from_json`."""
    return json.dumps({"kind": change.kind, **asdict(change)}, default=_plain, ensure_ascii=False)


def from_json(text: str) -> Change:
    """The change that `to_json` wrote. Raises ChangeError."""
    try:
        fields = json.loads(text)
        make: Callable[..., Change] = KINDS[fields.pop("kind")]
        return make(**_read(fields))
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise ChangeError("This is no change that this version of Tolmach knows.") from error


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, datetime) else sorted(value)  # type: ignore[call-overload]


def _read(fields: Mapping[str, Any]) -> dict[str, Any]:
    return {name: _READ.get(name, lambda value: value)(value) for name, value in fields.items()}


def _moment(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)


def _terms(fields: Mapping[str, Any]) -> Terms:
    return Terms(**_read(fields))


_READ: Final[Mapping[str, Callable[[Any], Any]]] = {
    "role": Role,
    "words": frozenset,
    "starts": _moment,
    "ends": _moment,
    "terms": _terms,
    "grants": lambda rows: tuple(map(_terms, rows)),
}


def _active_agency(session: Session, code: str) -> None:
    if not people.the_agency(session, code).active:
        raise PeopleError(
            "Agency {agency} no longer takes part. Let it take part again first.", code="agency_inactive", agency=code
        )


def _active_person(session: Session, username: str) -> PersonRow:
    person = people.the_person(session, username)
    if not person.active:
        raise PeopleError("{username} is disabled. Enable them first.", code="person_disabled", username=username)
    _active_agency(session, person.agency)
    return person


def _grant(session: Session, person: PersonRow, terms: Terms) -> None:
    if terms.ends is not None and terms.ends <= now():
        raise PeopleError(
            "A grant must end in the future, or it would be over before it begins.", code="grant_over_at_once"
        )
    people.add_grant(session, person, terms.role, terms.clearance, terms.words, terms.starts, terms.ends)
