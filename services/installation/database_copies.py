"""Copies a database while people work, and puts a copy back. Refuses to put one back over anything."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from sqlalchemy import MetaData, inspect, select, text
from sqlalchemy.engine import URL

from auth.audit.keeping.schema import SCHEMA
from auth.database import Database
from auth.errors import ErrorKind, TolmachError
from indexer.library.tables import DocumentRow

NAMES: Final[Mapping[str, str]] = {"sqlite": "database.sqlite", "postgresql": "database.dump"}
_OF_SQLITE, _OF_POSTGRESQL = NAMES.values()


class CopyError(TolmachError):
    """The database cannot be copied or put back; the message says why and what to do."""

    kind = ErrorKind.INTERNAL
    code = "database_copy"


def copy(database: Database, folder: Path) -> set[str]:
    """Write a copy of one moment into a folder; gives the identifiers of its documents. Raises CopyError."""
    if database.engine.dialect.name == "sqlite":
        return _copy_sqlite(database, folder / _OF_SQLITE)
    with database.reading() as session:  # PostgreSQL gives its snapshot to the program that dumps
        snapshot = session.scalar(text("SELECT pg_export_snapshot()"))
        (folder / _OF_POSTGRESQL).touch(0o600, exist_ok=False)
        options = ("--format=custom", f"--snapshot={snapshot}", f"--exclude-schema={SCHEMA}")  # the trail is apart
        _run(database, "pg_dump", *options, "--file", str(folder / _OF_POSTGRESQL))
        return set(session.scalars(select(DocumentRow.id)))


def put_back(database: Database, folder: Path) -> None:
    """Fill an empty database from a copy. Raises CopyError."""
    engine = database.engine
    if engine.dialect.name == "sqlite":
        target = Path(engine.url.database or "")
        if target.exists():
            raise CopyError(f"There is a database in {target} already. Move it away first.")
        target.touch(0o600)
        shutil.copyfile(folder / _OF_SQLITE, target)
        return
    if inspect(engine).get_table_names():
        raise CopyError("The database holds tables already. Give an empty one in TOLMACH_DATABASE_URL.")
    options = ("--no-owner", "--no-privileges", "--single-transaction", "--exit-on-error")
    _run(database, "pg_restore", *options, "--dbname", engine.url.database or "", str(folder / _OF_POSTGRESQL))


def must_be_empty(url: str) -> None:
    """Raise CopyError where a database that a drill is to fill holds tables, DatabaseError where it does not answer."""
    database = Database(url)
    try:
        if inspect(database.engine).get_table_names():
            raise CopyError("The database of TOLMACH_DRILL_DATABASE_URL holds tables. Give one that is empty.")
    finally:
        database.close()


def empty(url: str) -> None:
    """Drop every table of a database."""
    database = Database(url)
    try:
        tables = MetaData()
        tables.reflect(database.engine)
        tables.drop_all(database.engine)
    finally:
        database.close()


def _copy_sqlite(database: Database, path: Path) -> set[str]:
    connection = database.engine.raw_connection()
    path.touch(0o600, exist_ok=False)
    try:
        connection.cursor().execute("VACUUM INTO ?", (str(path),))
    finally:
        connection.close()
    copied = Database(f"sqlite:///{path}")
    try:
        with copied.reading() as session:
            return set(session.scalars(select(DocumentRow.id)))
    finally:
        copied.close()


def _run(database: Database, program: str, *arguments: str) -> None:
    path = shutil.which(program)
    if path is None:
        raise CopyError(f"The program {program} is not here. Install PostgreSQL's client programs of its version.")
    done = subprocess.run(  # noqa: S603  # a program by its whole path, and no shell
        [path, "--no-password", *arguments],
        env=_environment(database.engine.url),
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        reason = done.stderr.strip().splitlines() or ["no reason given"]
        raise CopyError(f"{program} failed: {reason[-1]}")


def _environment(url: URL) -> dict[str, str]:
    """How PostgreSQL's programs reach the database; on a command line others could read the password."""
    variables = {
        "PGHOST": url.host,
        "PGPORT": str(url.port or ""),
        "PGUSER": url.username,
        "PGPASSWORD": url.password,
        "PGDATABASE": url.database,
        **{f"PG{name.upper()}": str(value) for name, value in url.query.items()},
    }
    return {**os.environ, **{name: str(value) for name, value in variables.items() if value}}
