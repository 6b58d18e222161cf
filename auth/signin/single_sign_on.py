"""Signing in by an issuer's word: whom its subject is here, if an administrator said so. Rights never come from there.

Refuses a subject that is linked to nobody, and an administrator or auditor who showed the issuer no second factor.
"""

from __future__ import annotations

import hashlib

from sqlalchemy import ColumnElement, delete, or_, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from auth import people
from auth.database import locking, now
from auth.people import PeopleError
from auth.sessions import end_signed_on
from auth.signin import throttle
from auth.signin.issuer_claims import LONGEST, OLDEST, Identity, Logout
from auth.signin.sign_in import NEEDS_ISSUERS_FACTOR, SignInOutcome
from auth.tables import LinkRow, LogoutRow, PersonRow, SessionRow


def complete(session: Session, identity: Identity) -> SignInOutcome:
    """Who signs in by an identity that an issuer vouches for, unless too many tries with it failed lately."""
    name = f"{identity.issuer} {identity.subject}"
    if not throttle.admit(session, name):
        return SignInOutcome("", "throttled")
    row = session.scalar(locking(select(LinkRow).where(_is(identity.issuer, identity.subject))))
    if row is None:
        return SignInOutcome("", "unlinked")
    person = session.scalars(locking(select(PersonRow).where(PersonRow.id == row.person))).one()
    principal = people.principal(session, person.id)
    if principal is None:
        return SignInOutcome(person.username, "inactive")
    if principal.roles & NEEDS_ISSUERS_FACTOR and not identity.second_factor:
        return SignInOutcome(person.username, "second factor")
    throttle.clear(session, name)
    return SignInOutcome(person.username, "", principal, identity.second_factor)


def link(session: Session, person: PersonRow, issuer: str, subject: str) -> None:
    """Let whoever is this subject of an issuer sign in as this person. Raises PeopleError."""
    if not 0 < len(subject) <= LONGEST or not subject.isprintable():
        raise PeopleError("A subject has 1 to {most} characters.", code="subject_form", most=LONGEST)
    if session.scalar(select(LinkRow).where(LinkRow.person == person.id)):
        raise PeopleError(
            "{username} is linked already. Unlink them first.", code="person_linked", username=person.username
        )
    if session.get(LinkRow, (issuer, subject)):
        raise PeopleError("This subject is linked to another person already.", code="subject_linked")
    session.add(LinkRow(issuer=issuer, subject=subject, person=person.id))
    session.flush()


def unlink(session: Session, person: PersonRow) -> None:
    """Let nobody sign in as this person by single sign-on any more, and end what began so. Raises PeopleError."""
    row = session.scalar(locking(select(LinkRow).where(LinkRow.person == person.id)))
    if row is None:
        raise PeopleError("{username} is not linked.", code="person_not_linked", username=person.username)
    session.delete(row)
    session.flush()
    end_signed_on(session, person.id)


def subjects(session: Session, people: list[str]) -> dict[str, str]:
    """The subjects of these people who are linked, by the people's identifiers."""
    rows = session.scalars(select(LinkRow).where(LinkRow.person.in_(people)))
    return {row.person: row.subject for row in rows}


def end(session: Session, logout: Logout) -> list[str] | None:
    """End what an issuer says is over; the user names of those whose sessions ended. None if it said so before.

    A session whose name the issuer never told ends with any of its subject's.
    """
    if not _first_time(session, logout):
        return None
    person = select(LinkRow.person).where(_is(logout.issuer, logout.subject)).scalar_subquery()
    of_subject = SessionRow.person == person
    by_name = SessionRow.issuer_session == logout.issuer_session
    unnamed = of_subject & (SessionRow.issuer_session == "")
    over = or_(by_name, unnamed) if logout.issuer_session else of_subject & SessionRow.issuer_session.is_not(None)
    ending = select(SessionRow.id, SessionRow.person).where(over, ~SessionRow.ended)
    rows = session.execute(ending).all()
    session.execute(update(SessionRow).where(SessionRow.id.in_([row.id for row in rows])).values(ended=True))
    names = select(PersonRow.username).where(PersonRow.id.in_({row.person for row in rows}))
    return list(session.scalars(names.order_by(PersonRow.username)))


def _first_time(session: Session, logout: Logout) -> bool:
    """Whether this logout was never announced before; from now on it was."""
    at = now()
    session.execute(delete(LogoutRow).where(LogoutRow.until < at))
    digest = hashlib.sha256(f"{logout.issuer} {logout.identifier}".encode("utf-8", "surrogatepass")).hexdigest()
    try:
        with session.begin_nested():
            session.add(LogoutRow(digest=digest, until=at + 2 * OLDEST))
    except IntegrityError:
        return False
    return True


def _is(issuer: str, subject: str) -> ColumnElement[bool]:
    return (LinkRow.issuer == issuer) & (LinkRow.subject == subject)
