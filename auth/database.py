"""The database: one engine, its sessions, and the base of every table. The lowest layer; knows no noun."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from datetime import UTC, datetime
from typing import Any, Final, TypeVar, TypeVarTuple

from sqlalchemy import Connection, DateTime, Dialect, Select, create_engine, event
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import DataError, DBAPIError, IntegrityError, OperationalError
from sqlalchemy.orm import DeclarativeBase, Session, sessionmaker
from sqlalchemy.pool import ConnectionPoolEntry
from sqlalchemy.types import TypeDecorator

from auth.errors import ErrorKind, TolmachError

Row = TypeVarTuple("Row")
KEY: Final = "key"  # under which a session knows the key of the database's secrets
MOST_PROPOSALS: Final = "most proposals"  # under which a session knows how many of one person may wait


class DatabaseError(TolmachError):
    """The database cannot be reached or used; the message says what to look at."""

    kind = ErrorKind.UNAVAILABLE
    code = "database_unavailable"
    sentence = "The service cannot reach its database at the moment. Try again in a few minutes."


class ConcurrentChangeError(TolmachError):
    """Somebody else changed the same thing, or made a thing of the same name, at the same moment."""

    kind = ErrorKind.CONFLICT
    code = "concurrent_change"
    sentence = "Somebody changed the same thing at the same moment. Look at it again, then try again."


class UnkeepableError(TolmachError):
    """The database cannot keep a character or a number that was sent."""

    kind = ErrorKind.INVALID
    code = "unkeepable"
    sentence = "What was sent holds a character or a number that cannot be kept."


class Base(DeclarativeBase):
    """What every table of Tolmach derives from."""


RowType = TypeVar("RowType", bound=Base)


class Moment(TypeDecorator[datetime]):
    """A moment in UTC: aware in Python, without a zone in the database."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """To the database: UTC without its zone."""
        return None if value is None else value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """From the database: UTC, aware."""
        return None if value is None else value.replace(tzinfo=UTC)


def now() -> datetime:
    """This moment, in UTC."""
    return datetime.now(UTC)


def new_id() -> str:
    """A random identifier of 32 hexadecimal digits; says nothing about what it names."""
    return secrets.token_hex(16)


def locking(query: Select[*Row], skip_locked: bool = False, as_named: bool = False) -> Select[*Row]:
    """The query with its rows locked until the transaction ends, and read as they are then: the one way to lock.

    SQLAlchemy does not refresh a row that the session holds already, so a row read before it was locked would be
    judged as it was, not as it is. `as_named`: only so that they stay, for a row of ours that is to name them.
    """
    locked = query.with_for_update(skip_locked=skip_locked, read=as_named, key_share=as_named)
    return locked.execution_options(populate_existing=True)


def put(session: Session, row: Base) -> None:
    """Write a row, in place of the one of its key if there is one; whoever else does so at this moment, both may."""
    try:
        with session.begin_nested():
            session.merge(row)
    except IntegrityError:  # somebody has added it meanwhile
        session.merge(row)


def locked(session: Session, query: Select[RowType], absent: RowType) -> RowType:
    """The row that a query names, locked; where there is none `absent` is added first, unless somebody just did."""
    row = session.scalar(locking(query))
    if row is not None:
        return row
    with suppress(IntegrityError), session.begin_nested():
        session.add(absent)
    return session.scalars(locking(query)).one()


class Database:
    """An engine and its sessions. One for each process."""

    def __init__(self, url: str, key: bytes = b"", most_proposals: int = 0) -> None:
        """`key` is what its secrets are sealed with; `most_proposals` of one person may wait, 0: as many as usual.

        Each session has both in its `info`.
        """
        info: dict[Any, Any] = {KEY: key, MOST_PROPOSALS: most_proposals}
        self.engine = create_engine(url, hide_parameters=True)  # a statement in a log holds no text of a document
        if self.engine.dialect.name == "sqlite":
            event.listen(self.engine, "connect", _prepare_sqlite)
            event.listen(self.engine, "begin", _begin_sqlite)
            reading = self.engine
        else:
            reading = self.engine.execution_options(isolation_level="REPEATABLE READ")
        writing = self.engine.execution_options(begin="IMMEDIATE")
        self._writing = sessionmaker(writing, expire_on_commit=False, info=info)
        self._reading = sessionmaker(reading, expire_on_commit=False, info=info)

    def session(self) -> AbstractContextManager[Session]:
        """A transaction that may write: committed at the end, rolled back by an exception.

        Raises DatabaseError, ConcurrentChangeError, UnkeepableError.
        """
        return _transaction(self._writing)

    def reading(self) -> AbstractContextManager[Session]:
        """A transaction that only reads: all of it from one snapshot. Raises DatabaseError."""
        return _transaction(self._reading)

    def close(self) -> None:
        """Close every connection."""
        self.engine.dispose()


@contextmanager
def _transaction(sessions: sessionmaker[Session]) -> Iterator[Session]:
    try:
        with sessions.begin() as session:
            yield session
    except OperationalError as error:
        raise DatabaseError(f"The database does not answer: {_reason(error)}") from error
    except IntegrityError as error:
        raise ConcurrentChangeError from error
    except DataError as error:
        raise UnkeepableError from error


def _reason(error: DBAPIError) -> str:
    return str(error.orig).strip().splitlines()[0] if error.orig else "no reason given"


def _prepare_sqlite(connection: DBAPIConnection, _: ConnectionPoolEntry) -> None:
    connection.isolation_level = None  # transactions begin where we say, not before the first change
    cursor = connection.cursor()
    for pragma in (
        "journal_mode=WAL",
        "busy_timeout=30000",
        "foreign_keys=ON",
        "secure_delete=ON",
        "synchronous=FULL",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    """A transaction that may write waits for its turn at once, so that what it reads cannot change under it."""
    connection.exec_driver_sql(f"BEGIN {connection.get_execution_options().get('begin', '')}")
