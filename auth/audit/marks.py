"""Keeps in the database how far the trail had come, and how far it was proven.

So an older trail, put back, is told from the one it was, and a proof goes on where the last one ended.
"""

from __future__ import annotations

from sqlalchemy import select

from auth.audit.trail import Trail
from auth.database import Database, locked, put
from auth.tables import TrailMarkRow

_ID, _PROVEN = 1, 2


def lacking(database: Database, trail: Trail) -> int:
    """The number of the entry that the database has seen and the trail lacks or has otherwise; 0 where all is well.

    Raises DatabaseError, TrailError.
    """
    with database.reading() as session:
        mark = session.get(TrailMarkRow, _ID)
    if mark is None or not mark.number:
        return 0
    return mark.number if trail.lacks(mark.number, mark.digest) else 0


def number(database: Database) -> int:
    """How far the trail had come when the database last looked; 0 where it never has. Raises DatabaseError."""
    with database.reading() as session:
        mark = session.get(TrailMarkRow, _ID)
    return mark.number if mark else 0


def proven(database: Database) -> tuple[int, str] | None:
    """The number and the digest of the last signed entry up to which the trail was proven; None where it never was.

    Raises DatabaseError.
    """
    with database.reading() as session:
        mark = session.get(TrailMarkRow, _PROVEN)
    return (mark.number, mark.digest) if mark else None


def set_proven(database: Database, number: int, digest: str) -> None:
    """Remember that the trail was proven up to this signed entry. Raises DatabaseError."""
    with database.session() as session:
        put(session, TrailMarkRow(id=_PROVEN, number=number, digest=digest))


def set_mark(database: Database, trail: Trail) -> None:
    """Remember how far the trail has come by now. Raises DatabaseError, TrailError."""
    with database.session() as session:
        ours = select(TrailMarkRow).where(TrailMarkRow.id == _ID)
        mark = locked(session, ours, TrailMarkRow(id=_ID, number=0, digest=""))
        mark.number, mark.digest = trail.head()
