"""Clears away what nobody can use any more: sessions, enquiries and openings of long ago, rules that nothing is under.

None of it can be seen by anybody. Refuses to take a rule that anything still names.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from sqlalchemy import ColumnElement, and_, delete, or_, select, tuple_

from auth import sessions
from auth.database import Base, ConcurrentChangeError, Database, now
from auth.tables import RuleRow, SessionRow
from indexer.bitext.review.tables import OpeningRow
from indexer.enquiries import enquiries
from services.components import Components

KEPT: Final = timedelta(days=1)  # that a session lies after its end
OPENINGS_KEPT: Final = timedelta(days=180)
SESSIONS, ENQUIRIES, OPENINGS, RULES = 1_000, 1_000, 1_000, 20  # that go in one transaction, so that nobody waits long


def tidy(components: Components) -> int:
    """Clear away some of it; how much that was. Raises DatabaseError."""
    database = components.database
    drops = (_drop_sessions, _drop_enquiries, _drop_openings, _drop_rules)
    return sum(drop(database) for drop in drops)


def _drop_sessions(database: Database) -> int:
    at = now() - KEPT
    over = or_(SessionRow.expires < at, SessionRow.seen < at - sessions.IDLE)
    with database.session() as session:
        some = session.scalars(select(SessionRow.id).where(over).limit(SESSIONS)).all()
        session.execute(delete(SessionRow).where(SessionRow.id.in_(some)))
    return len(some)


def _drop_enquiries(database: Database) -> int:
    with database.session() as session:
        return enquiries.clear(session, ENQUIRIES)


def _drop_openings(database: Database) -> int:
    key = (OpeningRow.document, OpeningRow.reach, OpeningRow.reader)
    with database.session() as session:
        old = select(*key).where(OpeningRow.day < (now() - OPENINGS_KEPT).date())
        some = [tuple(row) for row in session.execute(old.limit(OPENINGS))]
        session.execute(delete(OpeningRow).where(tuple_(*key).in_(some)))
    return len(some)


def _drop_rules(database: Database) -> int:
    try:
        with database.session() as session:
            some = session.scalars(select(RuleRow.digest).where(_named_nowhere()).limit(RULES)).all()
            session.execute(delete(RuleRow).where(RuleRow.digest.in_(some), _named_nowhere()))
    except ConcurrentChangeError:  # somebody has just put something under one of them
        return 0
    return len(some)


def _named_nowhere() -> ColumnElement[bool]:
    """Whether no column that holds the digest of a rule has this one."""
    columns = [
        column
        for table in Base.metadata.tables.values()
        if table is not RuleRow.__table__
        for column in table.columns
        if column.name.endswith("rule")
    ]
    return and_(*(~select(column).where(column == RuleRow.digest).exists() for column in columns))
