"""Two roles on PostgreSQL: one owns the tables, the service's may only read and write rows. Refuses half of it.

The service then cannot change or drop a table, nor make a function or trigger, whatever somebody makes it say.
"""

from __future__ import annotations

from sqlalchemy import text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError

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
_POWERS = """
SELECT rolsuper OR rolcreatedb OR rolcreaterole OR rolreplication OR rolbypassrls
    OR has_schema_privilege(current_user, 'public', 'CREATE')
    OR has_database_privilege(current_user, current_database(), 'CREATE')
    OR EXISTS (SELECT 1 FROM pg_tables WHERE schemaname = 'public' AND pg_has_role(current_user, tableowner, 'MEMBER'))
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
    quote = owned.engine.dialect.identifier_preparer.quote_identifier
    names = {"role": quote(url.username), "database": quote(url.database or "")}
    try:
        with owned.engine.begin() as connection:
            for statement in _RIGHTS:
                connection.execute(text(statement.format(**names)))
    except DBAPIError as error:
        reason = str(error.orig).strip().splitlines()[0] if error.orig else "no reason given"
        raise RoleError(f"The role {url.username} cannot be given its rights: {reason}") from error
    service = Database(service_url)
    try:
        if may_change_tables(service):
            raise RoleError(
                f"The role {url.username} may still change tables: make it no superuser, and no owner's member."
            )
    finally:
        service.close()


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
