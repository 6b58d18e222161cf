"""Slows down guessing: failed sign-ins in a row under a name. Refuses every try while its wait lasts, right or wrong.

A try is counted as failed before it is looked at, so that many at once gain nothing; one that proves right clears the
count. Names are known by their SHA-256 alone, whether or not there is anybody of that name.
"""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import delete, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from auth.database import locking, now
from auth.tables import ThrottleRow

FREE: Final = 4  # failures in a row that cost nothing; from the next on there is a wait
FIRST_WAIT: Final = timedelta(seconds=1)
LONGEST_WAIT: Final = timedelta(minutes=15)
FORGOTTEN: Final = timedelta(hours=1)  # after the last wait was over


def admit(session: Session, username: str, at: datetime | None = None) -> int:
    """Which failure in a row this try under a name counts as, until it is cleared; 0 if it may not be looked at now."""
    at = at or now()
    session.execute(delete(ThrottleRow).where(ThrottleRow.until < at - FORGOTTEN))
    row = _locked_count(session, key(username), at)
    if at < row.until:
        return 0
    row.failures += 1
    row.until = at + wait_after(row.failures)
    return row.failures


def take_back(session: Session, username: str, failures: int) -> None:
    """Count a try no longer that was half right, if it is the last one under its name: its other half may follow."""
    is_last = (ThrottleRow.name == key(username)) & (ThrottleRow.failures == failures)
    session.execute(update(ThrottleRow).where(is_last).values(failures=failures - 1, until=now()))


def clear(session: Session, username: str) -> None:
    """Forget the failures under a name."""
    session.execute(delete(ThrottleRow).where(ThrottleRow.name == key(username)))


def wait_after(failures: int) -> timedelta:
    """How long nobody gets in after so many failures in a row: nothing at first, then twice as long each time."""
    doublings = failures - FREE - 1
    return timedelta() if doublings < 0 else min(FIRST_WAIT * (1 << min(doublings, 16)), LONGEST_WAIT)


def key(username: str) -> str:
    """What a name is counted under: its SHA-256, whatever the case of its letters."""
    return hashlib.sha256(username.casefold().encode("utf-8", "surrogatepass")).hexdigest()


def _locked_count(session: Session, name: str, at: datetime) -> ThrottleRow:
    """The count under a name, held against everybody else until this transaction ends."""
    query = locking(select(ThrottleRow).where(ThrottleRow.name == name))
    row = session.scalar(query)
    if row is not None:
        return row
    try:
        with session.begin_nested():
            session.add(ThrottleRow(name=name, failures=0, until=at))
    except IntegrityError:  # somebody else was first
        pass
    return session.scalars(query).one()
