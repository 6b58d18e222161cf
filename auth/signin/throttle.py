"""Slows down guessing: failed sign-ins in a row under a name. Refuses every try while its wait lasts, right or wrong.

A try is counted as failed before it is looked at, so that many at once gain nothing; one that proves right clears the
count. Names are known by their SHA-256 alone, whether or not there is anybody of that name.
"""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from auth.database import locking, now
from auth.tables import ThrottleRow

FREE: Final = 4  # failures in a row that cost nothing; from the next on there is a wait
FIRST_WAIT: Final = timedelta(seconds=1)
LONGEST_WAIT: Final = timedelta(minutes=15)
FORGOTTEN: Final = timedelta(hours=1)  # after the last wait was over


def admit(session: Session, username: str, at: datetime | None = None) -> bool:
    """Whether a try under this name may be looked at now. If so, it counts as failed until it is cleared."""
    at = at or now()
    session.execute(delete(ThrottleRow).where(ThrottleRow.until < at - FORGOTTEN))
    row = _locked_count(session, key(username), at)
    if at < row.until:
        return False
    row.failures += 1
    row.until = at + wait_after(row.failures)
    return True


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
