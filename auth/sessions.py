"""Sessions: how long a sign-in lasts. Refuses one that is over, that lay idle, or that was ended."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from auth.database import now
from auth.tables import SessionRow

LIFETIME: Final = timedelta(hours=10)  # one working day
IDLE: Final = timedelta(hours=1)
MOST_LISTED: Final = 100  # sessions of a person
NOTED: Final = timedelta(minutes=1)  # `seen` is written no more often than this, so that reading seldom writes


def begin(
    session: Session, person_id: str, issued: datetime, second_factor: bool, issuer_session: str | None = None
) -> SessionRow:
    """A new session of this person; after single sign-on, with what the issuer calls it, "" if it says nothing."""
    row = SessionRow(
        person=person_id,
        expires=issued + LIFETIME,
        seen=issued,
        second_factor=second_factor,
        issuer_session=issuer_session,
    )
    session.add(row)
    session.flush()
    return row


def lasts(row: SessionRow) -> bool:
    """Whether a session is neither ended, nor over, nor idle for too long."""
    at = now()
    return not row.ended and at < row.expires and at < row.seen + IDLE


def of_person(session: Session, person_id: str) -> list[SessionRow]:
    """The sessions of a person that last, the latest begun first: at most MOST_LISTED."""
    at = now()
    lasting = (SessionRow.person == person_id) & ~SessionRow.ended & (SessionRow.expires > at)
    query = select(SessionRow).where(lasting, SessionRow.seen > at - IDLE).order_by(SessionRow.expires.desc())
    return list(session.scalars(query.limit(MOST_LISTED)))


def begun(row: SessionRow) -> datetime:
    """When the session began."""
    return row.expires - LIFETIME


def is_stale(row: SessionRow) -> bool:
    """Whether it is time to note that the session is in use."""
    return now() >= row.seen + NOTED


def note(session: Session, session_id: str) -> None:
    """Note that the session is in use."""
    session.execute(update(SessionRow).where(SessionRow.id == session_id).values(seen=now()))


def raise_to_second_factor(session: Session, session_id: str) -> None:
    """Note that the person has shown their second factor in this session; of one by an issuer's word nothing is."""
    local = (SessionRow.id == session_id) & SessionRow.issuer_session.is_(None)
    session.execute(update(SessionRow).where(local).values(second_factor=True))


def end(session: Session, session_id: str) -> None:
    """End one session."""
    session.execute(update(SessionRow).where(SessionRow.id == session_id).values(ended=True))


def end_all(session: Session, person_id: str, but: str = "") -> None:
    """End every session of a person, but one if it is named."""
    of_theirs = (SessionRow.person == person_id) & (SessionRow.id != but)
    session.execute(update(SessionRow).where(of_theirs).values(ended=True))


def end_signed_on(session: Session, person_id: str) -> None:
    """End every session of a person that began by single sign-on."""
    of_theirs = (SessionRow.person == person_id) & SessionRow.issuer_session.is_not(None)
    session.execute(update(SessionRow).where(of_theirs).values(ended=True))
