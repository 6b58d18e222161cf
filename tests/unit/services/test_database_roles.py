"""On PostgreSQL the service's role reads and writes rows and can change no table; everything works with it."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from factories import agency, label, pdf, person, take
from sqlalchemy import text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError, ProgrammingError

from auth import policy
from auth.audit.entries import Event, TrailError
from auth.database import Database
from auth.policy import Action
from indexer.handling.relabel import Handling
from indexer.library.documents import Times
from indexer.library.tables import DocumentRow
from services import database_roles, doctor
from services.components import Components
from services.database_roles import RoleError
from services.installation.backup import back_up, restore
from services.installation.reconciling import reconcile
from services.settings import Settings, load
from services.setup import set_up

TRAIL_ROLE = "role of the trail"
STATEMENTS = [
    "CREATE TABLE mine (id integer)",
    "CREATE TEMPORARY TABLE mine (id integer)",
    "DROP TABLE throttles",
    "ALTER TABLE people ADD COLUMN mine integer",
    "TRUNCATE proposals",
    "CREATE INDEX mine ON people (name)",
    "CREATE SCHEMA mine",
    "CREATE FUNCTION mine() RETURNS integer LANGUAGE sql AS 'SELECT 1'",
    "CREATE TRIGGER mine BEFORE UPDATE ON people FOR EACH ROW EXECUTE FUNCTION suppress_redundant_updates_trigger()",
    "CREATE VIEW mine AS SELECT * FROM people",
    "CREATE ROLE mine",
    "GRANT tolmach_owner TO tolmach_service",
    "ALTER TABLE people OWNER TO tolmach_service",
    "UPDATE alembic_version SET version_num = '0001'",
    "COPY people TO PROGRAM 'cat'",
    "SET ROLE tolmach_owner",
]


@pytest.fixture
def settings(postgresql: str, tmp_path: Path) -> Iterator[Settings]:
    """Two roles and a database that one of them owns, made by what deploys them."""
    server = Database(postgresql)

    def run(*statements: str) -> None:
        with server.engine.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
            for statement in statements:
                connection.execute(text(statement))

    secrets, at = tmp_path / "secrets", make_url(postgresql)
    if shutil.which("openssl") is None:
        pytest.skip("no openssl, which makes the secrets")
    deploy = Path(__file__).resolve().parents[3] / "deploy"
    subprocess.run([deploy / "make-secrets", secrets], check=True, capture_output=True)
    placed = {"SECRETS": str(secrets), "PGHOST": str(at.host), "PGPORT": str(at.port)}
    subprocess.run([deploy / "make-roles"], env=os.environ | placed, check=True, capture_output=True)
    given = load({"TOLMACH_CONFIG": str(secrets / "owner.toml")})
    here = {"host": at.host, "port": at.port}
    owner, service = (
        make_url(url).set(**here).render_as_string(hide_password=False)
        for url in (given.database_owner_url, given.database_url)
    )
    try:
        yield Settings(home=tmp_path / "home", database_url=service, database_owner_url=owner)
    finally:
        run("DROP DATABASE tolmach WITH (FORCE)", "DROP ROLE tolmach_owner", "DROP ROLE tolmach_service")
        server.close()


def everyday(settings: Settings) -> Settings:
    """The settings that the service runs with: it never knows the owner."""
    return Settings(home=settings.home, database_url=settings.database_url)


@pytest.fixture
def components(settings: Settings) -> Iterator[Components]:
    set_up(settings)
    set_up(settings)  # again, as at an upgrade
    opened = Components(everyday(settings))
    yield opened
    opened.close()


TRAIL_STATEMENTS = [
    "UPDATE tolmach_audit.trail SET actor = 'eve'",
    "DELETE FROM tolmach_audit.trail",
    "TRUNCATE tolmach_audit.trail",
    "DELETE FROM tolmach_audit.shown",
    "UPDATE tolmach_audit.checkpoints SET signature = ''",
    "DELETE FROM tolmach_audit.checkpoints",
    "INSERT INTO tolmach_audit.archives VALUES (1, 1, '', '', '', '')",
    "INSERT INTO tolmach_audit.carried SELECT * FROM tolmach_audit.trail",
    "UPDATE tolmach_audit.head SET arriving = true",
    "SELECT * FROM tolmach_audit.head FOR UPDATE",
    "LOCK TABLE tolmach_audit.trail IN EXCLUSIVE MODE",
    "ALTER TABLE tolmach_audit.trail DISABLE TRIGGER ALL",
    "DROP TRIGGER keep ON tolmach_audit.trail",
    "DROP TABLE tolmach_audit.trail",
    "CREATE TABLE tolmach_audit.mine (id integer)",
    "CREATE OR REPLACE FUNCTION tolmach_audit.turn() RETURNS void LANGUAGE sql AS 'SELECT'",
    "SET session_replication_role = replica",
]


@pytest.fixture
def audited(settings: Settings) -> Iterator[Components]:
    """As `components`, with the trail in the database."""
    owner = replace(settings, audit="database")
    set_up(owner)
    set_up(owner)
    opened = Components(replace(everyday(settings), audit="database"))
    yield opened
    opened.close()


def test_the_services_role_adds_to_the_trail_and_changes_nothing_in_it(audited: Components, settings: Settings) -> None:
    audited.trail.record(Event("ann", "console", "search", shown=("a",)))
    audited.trail.checkpoint()
    count = audited.trail.verify()
    for statement in TRAIL_STATEMENTS:
        with pytest.raises(ProgrammingError) as refused, audited.database.engine.connect() as connection:
            connection.execute(text(statement))
        assert getattr(refused.value.orig, "sqlstate", "") == "42501", statement
    with pytest.raises(DBAPIError, match="does not follow"), audited.database.engine.connect() as connection:
        connection.execute(
            text(
                "INSERT INTO tolmach_audit.trail SELECT number + 9, at, actor, origin, action, object, decision,"
                " detail, digest, sealed FROM tolmach_audit.trail"
            )
        )
    assert audited.trail.verify() == count
    assert "can neither change nor delete" in {each.what: each.words for each in doctor.examine(audited)}[TRAIL_ROLE]
    one = Components(replace(settings, audit="database", database_url=settings.database_owner_url))
    try:
        assert "may change its entries" in {each.what: each.words for each in doctor.examine(one)}[TRAIL_ROLE]
    finally:
        one.close()


def test_archives_of_the_trail_are_made_by_its_owner(audited: Components, settings: Settings) -> None:
    close = Event("operator", "console", "audit_archive")
    for number in range(3):
        audited.trail.record(Event("ann", "console", "read", str(number)))
    with pytest.raises(TrailError, match="TOLMACH_DATABASE_OWNER_URL"), audited.owned_trail() as trail:
        trail.archive(close)
    count = audited.trail.verify()
    by_owner = Components(replace(settings, audit="database"))
    with by_owner.owned_trail() as trail:
        assert trail.archive(close).last == count
    by_owner.close()
    audited.trail.record(Event("ann", "console", "search"))
    assert audited.trail.verify() == count + 2


@pytest.mark.parametrize("statement", STATEMENTS)
def test_the_services_role_changes_no_table(components: Components, statement: str) -> None:
    with pytest.raises(ProgrammingError) as refused, components.database.engine.connect() as connection:
        connection.execute(text(statement))
    assert getattr(refused.value.orig, "sqlstate", "") == "42501"  # insufficient privilege


@pytest.mark.parametrize("audit", ["file", "database"])
def test_everything_works_with_it(request, settings: Settings, tmp_path: Path, audit: str) -> None:
    components = request.getfixturevalue("components" if audit == "file" else "audited")
    agency(components, "KZ")
    person(components, "kz1", "KZ", ["registrar"])
    kites, gone = (
        take(components, pdf(f"About {word}."), label(components, "KZ", "unclassified", "ALL")).document_id
        for word in ("kites", "balloons")
    )
    components.worker().run()
    with components.database.reading() as session:
        scopes = {action: policy.operator_scope(session, action) for action in (Action.LABEL, Action.REMOVE)}
    handling = Handling(label(components, "KZ", "unclassified", "KZ"), Times())
    event = Event("operator", "console", Action.LABEL, kites)
    components.relabeller.relabel(scopes[Action.LABEL], None, kites, handling, "a name", event)
    event = Event("operator", "console", Action.REMOVE, gone)
    components.removals.remove(scopes[Action.REMOVE], None, gone, "a mistake", event)
    components.worker().run()
    reconcile(components)
    findings = {each.what: each for each in doctor.examine(components)}
    assert [each for each in findings.values() if not each.well and each.what not in ("translation", "modes")] == []
    assert "cannot change a table" in findings["role of the database"].words
    back_up(components, tmp_path / "backup")
    components.close()
    empty = Database(settings.database_owner_url)
    with empty.engine.begin() as connection:
        connection.execute(text("DROP OWNED BY tolmach_owner CASCADE"))
        connection.execute(text("CREATE SCHEMA IF NOT EXISTS public"))
    empty.close()
    back = replace(settings, home=tmp_path / "back", audit=audit)
    assert restore(back, tmp_path / "backup").sealed == 0
    restored = Components(replace(everyday(back), audit=audit))
    try:
        assert restored.trail.verify() == restored.trail.count() > 5
        assert audit == "file" or not (
            database_roles.may_change_trail(restored.database) or restored.home.audit.exists()
        )
        assert not database_roles.may_change_tables(restored.database)
        with restored.database.reading() as session:
            assert kites in {row.id for row in session.query(DocumentRow)}
    finally:
        restored.close()


def test_doctor_says_where_one_role_does_all(components: Components, settings: Settings) -> None:
    one = Components(Settings(home=settings.home, database_url=settings.database_owner_url))
    try:
        assert "may change tables. Better:" in database_roles.described(one.database)
    finally:
        one.close()


def test_half_of_it_is_refused(settings: Settings, tmp_path: Path, postgresql: str) -> None:
    url = make_url(settings.database_url)
    for database_url, words in (
        (settings.database_owner_url, "another user"),
        ("", "needs PostgreSQL"),
        (url.set(database="other").render_as_string(hide_password=False), "the same database"),
        (url.set(username="nobody_there").render_as_string(hide_password=False), "cannot be given its rights"),
    ):
        owner = settings.database_owner_url if database_url else f"sqlite:///{tmp_path / 'x.sqlite'}"
        home = tmp_path / words.replace(" ", "")
        with pytest.raises(RoleError, match=words):
            set_up(Settings(home=home, database_url=database_url, database_owner_url=owner))
    superuser = make_url(postgresql).set(database="tolmach").render_as_string(hide_password=False)
    with pytest.raises(RoleError, match="may still change tables"):
        set_up(Settings(tmp_path / "super", superuser, settings.database_owner_url))
