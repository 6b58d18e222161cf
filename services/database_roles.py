"""Two roles on PostgreSQL: one owns the tables, the service's may only read and write rows. Refuses half of it.

The service then cannot change or drop a table, nor make a function or trigger, whatever somebody makes it say.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import DBAPIError

from auth.audit.keeping.schema import SCHEMA
from auth.database import Database
from auth.errors import ErrorKind, TolmachError

_RIGHTS = (
    "REVOKE CREATE ON SCHEMA public FROM PUBLIC, {role}",
    "REVOKE CREATE, TEMPORARY ON DATABASE {database} FROM PUBLIC, {role}",
    "GRANT CONNECT ON DATABASE {database} TO {role}",
    "GRANT USAGE ON SCHEMA public TO {role}",
    "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {role}",
    "GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {role}",
    "REVOKE INSERT, UPDATE, DELETE ON alembic_version FROM {role}",
)
_TRAIL_RIGHTS = (
    "GRANT USAGE ON SCHEMA {schema} TO {role}",
    "REVOKE ALL ON ALL TABLES IN SCHEMA {schema} FROM PUBLIC, {role}",
    "GRANT SELECT ON ALL TABLES IN SCHEMA {schema} TO {role}",
    "GRANT INSERT ON {schema}.trail, {schema}.shown, {schema}.checkpoints TO {role}",
)
_MORE_THAN_ADDING = f"""
SELECT rolsuper OR EXISTS (
    SELECT 1 FROM pg_class AS t, pg_namespace AS s WHERE t.relnamespace = s.oid AND s.nspname = '{SCHEMA}'
    AND t.relkind = 'r' AND (pg_has_role(current_user, t.relowner, 'MEMBER')
        OR has_table_privilege(current_user, t.oid, 'UPDATE, DELETE, TRUNCATE, TRIGGER')))
FROM pg_roles WHERE rolname = current_user
"""  # noqa: S608
_POWERS = """
SELECT rolsuper OR rolcreatedb OR rolcreaterole OR rolreplication OR rolbypassrls
    OR has_schema_privilege(current_user, 'public', 'CREATE')
    OR has_database_privilege(current_user, current_database(), 'CREATE')
    OR EXISTS (SELECT 1 FROM pg_tables WHERE schemaname IN ('public', 'tolmach_audit')
        AND pg_has_role(current_user, tableowner, 'MEMBER'))
FROM pg_roles WHERE rolname = current_user
"""


class RoleError(TolmachError):
    """The service's role of the database cannot be given its rights, or would have too many; the message says why."""

    kind = ErrorKind.INTERNAL
    code = "database_role"


def grant(owned: Database, service_url: str) -> None:
    """Give the service's role, which must be there, its rights: rows alone. Raises RoleError."""
    url, owner = make_url(service_url), owned.engine.url
    if owned.engine.dialect.name != "postgresql" or not url.username or url.username == owner.username:
        raise RoleError("TOLMACH_DATABASE_OWNER_URL needs PostgreSQL, and another user than TOLMACH_DATABASE_URL.")
    if (url.host, url.port, url.database) != (owner.host, owner.port, owner.database):
        raise RoleError("TOLMACH_DATABASE_OWNER_URL and TOLMACH_DATABASE_URL must name the same database.")
    _run(owned, url, _RIGHTS)
    service = Database(service_url)
    try:
        if may_change_tables(service):
            raise RoleError(
                f"The role {url.username} may still change tables: make it no superuser, and no owner's member."
            )
    finally:
        service.close()


def grant_trail(owned: Database, service_url: str) -> None:
    """Let the service's role read the trail's tables and add to them, and nothing else. Raises RoleError."""
    _run(owned, make_url(service_url), _TRAIL_RIGHTS)


def _run(owned: Database, service: URL, statements: Sequence[str]) -> None:
    quote = owned.engine.dialect.identifier_preparer.quote_identifier
    names = {"role": quote(service.username or ""), "database": quote(service.database or ""), "schema": SCHEMA}
    try:
        with owned.engine.begin() as connection:
            for statement in statements:
                connection.execute(text(statement.format(**names)))
    except DBAPIError as error:
        reason = str(error.orig).strip().splitlines()[0] if error.orig else "no reason given"
        raise RoleError(f"The role {service.username} cannot be given its rights: {reason}") from error


def may_change_trail(database: Database) -> bool:
    """Whether the role of this connection to PostgreSQL may do more with the trail's tables than read and add."""
    with database.reading() as session:
        return bool(session.scalar(text(_MORE_THAN_ADDING)))


def may_change_tables(database: Database) -> bool:
    """Whether the role of this connection to PostgreSQL may do more than read and write rows."""
    with database.reading() as session:
        return bool(session.scalar(text(_POWERS)))


def described(database: Database) -> str:
    """In words what the service's role may do, and what would be better. Raises DatabaseError."""
    if database.engine.dialect.name != "postgresql":
        return "the file's user owns all of it"
    if may_change_tables(database):
        return (
            f"{database.engine.url.username} may change tables. Better: a role for rows alone,"
            " with TOLMACH_DATABASE_OWNER_URL for `tolmach init`"
        )
    return f"{database.engine.url.username} reads and writes rows, and cannot change a table"


def trail_described(database: Database) -> str:
    """In words what the service's role may do with a trail in the database. Raises DatabaseError."""
    name = database.engine.url.username
    if may_change_trail(database):
        return (
            f"{name} owns the trail, or may change its entries: only the chain tells. Better: a role that adds alone,"
            " with TOLMACH_DATABASE_OWNER_URL for `tolmach init`"
        )
    return f"{name} reads the trail and adds to it, and can neither change nor delete an entry"
