"""Signing in and out, and who a token stands for now. Refuses without telling whether the name exists."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from auth import passwords, people
from auth.database import now
from auth.people import Principal
from auth.tables import PersonRow, SessionRow
from auth.tokens import Signer

LIFETIME = timedelta(hours=10)  # one working day


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A new session: its token and the moment it ends."""

    principal: Principal
    token: str
    expires: datetime


@dataclass(frozen=True, slots=True)
class Presence:
    """A principal, and the session that they speak through."""

    principal: Principal
    session_id: str


def check(session: Session, username: str, password: str) -> Principal | None:
    """The person whose name and password these are; None for every kind of no."""
    row = people.find_person(session, username)
    if not passwords.matches(password, row.password if row else None) or row is None:
        return None
    return people.principal(session, row.id)


def begin(session: Session, signer: Signer, principal: Principal) -> SignedIn:
    """Begin a session for somebody whose password was just checked."""
    issued = now().replace(microsecond=0)
    row = SessionRow(person=principal.person_id, expires=issued + LIFETIME)
    session.add(row)
    session.flush()
    token = signer.token(principal.person_id, row.id, issued, row.expires)
    return SignedIn(principal, token, row.expires)


def present(session: Session, signer: Signer, token: str) -> Presence | None:
    """Whom a token stands for at this moment, by the database; None if it stands for nobody."""
    claims = signer.read(token)
    row = session.get(SessionRow, claims.session_id) if claims else None
    if claims is None or row is None or row.ended or row.expires <= now() or row.person != claims.person_id:
        return None
    principal = people.principal(session, claims.person_id)
    return Presence(principal, row.id) if principal else None


def sign_out(session: Session, session_id: str) -> None:
    """End one session."""
    row = session.get(SessionRow, session_id)
    if row is not None:
        row.ended = True


def change_password(session: Session, principal: Principal, old: str, new: str) -> bool:
    """Set a new password if the old one is right. Raises passwords.WeakPasswordError."""
    row = session.get(PersonRow, principal.person_id)
    if row is None or not passwords.matches(old, row.password):
        return False
    row.password = passwords.hashed(new)
    return True
