"""Tables in PostgreSQL that an audit trail is kept in: one chain for all hosts. Refuses to change what was written.

Whoever writes locks one row, the head, until the end of a short transaction of its own: so entries follow one another,
whichever host they come from. The database itself refuses an entry that does not follow on the last one, and refuses
everybody who changes or deletes entries, but for the owner of the tables, once an archive has taken them over.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from enum import StrEnum
from functools import lru_cache
from itertools import count
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Engine, create_engine, event, make_url
from sqlalchemy.engine import URL
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.pool import ConnectionPoolEntry

from auth.audit.entries import TrailError
from auth.audit.keeping import contract
from auth.audit.keeping.contract import Rows, WritersTurn
from auth.audit.keeping.pouring import pour
from auth.audit.keeping.schema import SCHEMA, SCRIPT
from auth.audit.keeping.statements import TABLES
from auth.audit.keeping.trail_file import folder_locked, new_file

IDLE: Final = 10  # seconds after which PostgreSQL gives up a writer that says nothing, such as one whose host is gone
AT_ONCE: Final = 200  # rows that the server gives at a time
_READERS: Final = 10  # connections at most beside the one that is kept
_NOT_IN_TIME: Final = "55P03"  # how PostgreSQL calls it
_NOT_MADE: Final = ("3F000", "42P01")  # no such schema, no such table
_NOT_ALLOWED: Final = "42501"
_ARCHIVING: Final = 0x746F6C6D  # the number of the lock that whoever makes archives holds
# What the client notices of a server that is gone, in seconds and tries; an address may say otherwise.
_ATTENTION: Final = {"connect_timeout": 3, "keepalives_idle": 5, "keepalives_interval": 2, "keepalives_count": 3}

_THERE: Final = f"SELECT to_regclass('{SCHEMA}.head') IS NOT NULL"
_TAKE_TURN: Final = (
    "BEGIN; SET LOCAL lock_timeout = '{patience:.0f}ms'; SET LOCAL idle_in_transaction_session_timeout = '{idle}s';"
    f" SELECT {SCHEMA}.turn()"
)
_LOOK: Final = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"
_SURELY: Final = (
    "SELECT set_config('synchronous_commit', 'on', false) WHERE current_setting('synchronous_commit') = 'off'"
)
_SIZE: Final = (
    "SELECT coalesce(sum(pg_total_relation_size(oid)), 0)::bigint FROM pg_class"  # noqa: S608
    f" WHERE relkind = 'r' AND relnamespace = '{SCHEMA}'::regnamespace"
)

# PostgreSQL keeps no character of number 0, and addresses may hold one. It is written as two others.
_MARK: Final = "\uf8ff"
_NOTHING: Final = "\0"


class TablesState(StrEnum):
    """How far the tables of a trail are."""

    ABSENT = "absent"
    EMPTY = "empty"
    ARRIVING = "arriving"  # a trail is on its way here, and not yet whole
    BEGUN = "begun"


class TablesConnection:
    """A connection to the tables. See TrailConnection."""

    def __init__(self, driver: Any) -> None:  # noqa: ANN401  # psycopg's, which is installed for PostgreSQL alone
        self._driver = driver
        self._names = count(1)

    def execute(self, statement: str, values: Sequence[Any] = (), /) -> Rows:
        """See TrailConnection."""
        cursor: Rows = self._driver.execute(_as_postgresql(statement), list(map(_keepable, values)))
        return cursor

    def executemany(self, statement: str, rows: Iterable[Sequence[Any]], /) -> None:
        """See TrailConnection."""
        with self._driver.cursor() as cursor:
            cursor.executemany(_as_postgresql(statement), [list(map(_keepable, row)) for row in rows])

    def stream(self, statement: str, values: Sequence[Any] = ()) -> Iterator[Any]:
        """See TrailConnection: the server keeps the place, and gives some rows at a time."""
        with self._driver.cursor(name=f"tolmach_{next(self._names)}") as cursor:
            cursor.itersize = AT_ONCE
            cursor.execute(_as_postgresql(statement), list(map(_keepable, values)))
            yield from cursor

    def written(self) -> int:
        """See TrailConnection."""
        return int(self.execute("SELECT number FROM head").fetchone()[0])

    def has_archives(self) -> bool:
        """See TrailConnection."""
        return True

    def is_arriving(self) -> bool:
        """Whether a trail is on its way here, and not yet whole."""
        return bool(self.execute("SELECT arriving FROM head").fetchone()[0])


class TrailTables:
    """A trail in PostgreSQL; any number of processes and threads of any number of hosts may write it. See Keeper.

    It has connections of its own: an entry is written while whoever causes it may hold one to the catalogue.
    """

    def __init__(self, url: str | URL, archives_folder: Path) -> None:
        self._url = make_url(url)
        self._archives_folder = archives_folder
        self._place = f"in the database {self._url.database} on {self._url.host}"
        self._turn = WritersTurn(self._place)
        self._engines: dict[int, Engine] = {}  # of each process: after a fork those of its parent are not ours

    @property
    def archives_folder(self) -> Path:
        """See Keeper: files in the home of whoever makes them."""
        return self._archives_folder

    def create(self) -> None:
        """See Keeper."""
        with self._connected() as driver:
            if driver.execute(_THERE).fetchone()[0]:
                return
            with driver.transaction():
                driver.execute(f"SELECT pg_advisory_xact_lock({_ARCHIVING})")
                if not driver.execute(_THERE).fetchone()[0]:
                    self._make(driver)

    @staticmethod
    def _make(driver: Any) -> None:  # noqa: ANN401
        if not driver.execute("SELECT 1 FROM pg_namespace WHERE nspname = %s", [SCHEMA]).fetchone():
            driver.execute(f"CREATE SCHEMA {SCHEMA}")
        driver.execute(SCRIPT)

    def state(self) -> TablesState:
        """How far they are. Raises TrailError."""
        with self._connected() as driver:
            if not driver.execute(_THERE).fetchone()[0]:
                return TablesState.ABSENT
            number, arriving = driver.execute("SELECT number, arriving FROM head").fetchone()
            if arriving:
                return TablesState.ARRIVING
            return TablesState.BEGUN if number else TablesState.EMPTY

    @contextmanager
    def transaction(self) -> Iterator[TablesConnection]:
        """See Keeper."""
        take_turn = _TAKE_TURN.format(patience=1_000 * contract.PATIENCE, idle=IDLE)
        with self._turn.taken(), self._connected() as driver:
            try:
                driver.execute(take_turn)
                yield TablesConnection(driver)
                driver.execute("COMMIT")
            except BaseException as error:
                if getattr(error, "sqlstate", None) == _NOT_IN_TIME:
                    self._turn.waited_in_vain()
                raise

    @contextmanager
    def reading(self) -> Iterator[TablesConnection]:
        """See Keeper."""
        with self._connected() as driver:
            driver.execute(_LOOK)
            yield TablesConnection(driver)

    @contextmanager
    def alone(self) -> Iterator[None]:
        """See Keeper: on any host."""
        with folder_locked(self._archives_folder), self._connected() as driver:
            if not driver.execute(f"SELECT pg_try_advisory_lock({_ARCHIVING})").fetchone()[0]:
                raise TrailError("Somebody is making an archive of the audit trail on another host at this moment.")
            try:
                yield
            finally:
                driver.execute(f"SELECT pg_advisory_unlock({_ARCHIVING})")

    def copy(self, path: Path) -> None:
        """See Keeper."""
        with self.reading() as connection, new_file(path, connection.written()) as file:
            for table in TABLES:
                pour(connection, file, table)

    def size(self) -> int:
        """See Keeper."""
        with self._connected() as driver:
            return int(driver.execute(_SIZE).fetchone()[0])

    def shrink(self) -> None:
        """See Keeper: PostgreSQL uses the room again, once its own process has looked."""

    def close(self) -> None:
        """See Keeper."""
        for process in list(self._engines):
            self._engines.pop(process).dispose(close=process == os.getpid())

    @contextmanager
    def _connected(self) -> Iterator[Any]:
        """A connection that is in no transaction, before and after. Raises TrailError."""
        engine = self._engine()
        errors = (engine.dialect.loaded_dbapi.Error, SQLAlchemyError)
        try:
            with closing(engine.raw_connection()) as connection:
                try:
                    yield connection.driver_connection
                except (*errors, KeyboardInterrupt):
                    with suppress(*errors):
                        connection.invalidate()
                    raise
        except errors as error:
            raise self._unusable(error) from error

    def _engine(self) -> Engine:
        process = os.getpid()
        return self._engines.get(process) or self._engines.setdefault(process, _engine_of(self._url))

    def _unusable(self, error: Exception) -> TrailError:
        reason = str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
        if getattr(error, "sqlstate", None) in _NOT_MADE:
            reason += ". Run: tolmach init"
        if getattr(error, "sqlstate", None) == _NOT_ALLOWED:
            reason += ". The owner of the tables may: set TOLMACH_DATABASE_OWNER_URL for this command"
        return TrailError(f"The audit trail {self._place} cannot be written or read: {reason}")


def _engine_of(url: URL) -> Engine:
    attention = {name: value for name, value in _ATTENTION.items() if name not in url.query}
    engine = create_engine(
        url,
        connect_args=attention,
        hide_parameters=True,
        pool_size=1,
        max_overflow=_READERS,
        pool_timeout=contract.PATIENCE,
        pool_use_lifo=True,
    )
    event.listen(engine, "connect", _prepare)
    return engine


def _prepare(connection: DBAPIConnection, _: ConnectionPoolEntry) -> None:
    driver: Any = connection
    driver.autocommit = True  # transactions begin where we say
    driver.row_factory = _rows_of
    driver.execute(f"SET search_path = {SCHEMA}, pg_temp")
    driver.execute(_SURELY)


def _rows_of(_: object) -> Any:  # noqa: ANN401
    """How psycopg makes rows: with each text as it was."""
    return lambda values: tuple(map(_as_it_was, values))


@lru_cache(maxsize=100)
def _as_postgresql(statement: str) -> str:
    return statement.replace("%", "%%").replace("?", "%s")


def _keepable(value: Any) -> Any:  # noqa: ANN401
    if isinstance(value, str) and (_NOTHING in value or _MARK in value):
        return value.replace(_MARK, _MARK + "1").replace(_NOTHING, _MARK + "0")
    return value


def _as_it_was(value: Any) -> Any:  # noqa: ANN401
    if isinstance(value, str) and _MARK in value:
        return value.replace(_MARK + "0", _NOTHING).replace(_MARK + "1", _MARK)
    return value
