"""Sets a home up: database, keys, marking scheme, two administrators. Safe to repeat: what is there stays."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Final

from sqlalchemy import Connection, select

from auth import people, scheme
from auth.audit import keys
from auth.audit.entries import Event
from auth.audit.trail import SIGNING_KEY
from auth.changes import approvals
from auth.database import Database
from auth.people import Role
from auth.signin import one_time_codes, token_keys, vault
from auth.tables import GrantRow
from indexer.lexicon.termbase import concept_rows
from services import database_roles
from services.components import Components, Home, HomeError
from services.hosts import agreement
from services.opening import engines, stores
from services.settings import Settings

if TYPE_CHECKING:
    from alembic.config import Config

ADMINISTRATION: Final = "ADMINISTRATION"  # the agency of the first two administrators
ADMINISTRATORS: Final = ("admin1", "admin2")


@dataclass(frozen=True, slots=True)
class NewSignIn:
    """A person that was just made, and the one-time code that is shown this once."""

    username: str
    code: str


def set_up(settings: Settings, scheme_file: Path = scheme.DEFAULT) -> list[NewSignIn]:
    """Make the home whole; gives the administrators that were made. Raises OSError, HomeError, and others."""
    home = Home(settings.home)
    scheme.load(scheme_file)
    home.path.mkdir(parents=True, exist_ok=True, mode=0o700)
    _close_to_others(home.path)
    home.keys.mkdir(exist_ok=True, mode=0o700)
    if not (home.keys / SIGNING_KEY).exists():
        keys.make_signing_key(home.keys / SIGNING_KEY)
    engines.make_stamp_key(home.keys)
    stores.make_key(home.keys)
    for name in (vault.FILE, token_keys.FILE):
        if not (home.keys / name).exists():
            vault.make_key(home.keys / name)
    if not home.scheme.exists():
        shutil.copyfile(scheme_file, home.scheme)
    components = Components(settings)
    try:
        prepare(components)
        prepare_trail(components)
        sign_ins = _administrators(components)
    finally:
        components.close()
    return sign_ins


def _close_to_others(folder: Path) -> None:
    """Take the home away from everybody but its owner, however it was made. Raises HomeError."""
    try:
        folder.chmod(0o700)
    except PermissionError as error:
        raise HomeError(
            f"The home {folder} is another user's. Run this as that user, or give it to this one."
        ) from error
    if folder.stat().st_mode & 0o077:  # a volume that keeps no modes
        raise HomeError(f"Others may open the home {folder}, and its volume keeps no modes. Give another one.")


def prepare(components: Components) -> None:
    """Bring the database to this version: tables, the rights of the service's role, open secrets, keys of terms.

    Raises HomeError, VaultError, DatabaseError.
    """
    with components.owned_database() as database:
        migrate(database)
        if components.settings.database_owner_url:
            database_roles.grant(database, components.settings.url)
    agreement.begin(components)
    components.token_keys.create(components.database, components.home.earlier_token_key)
    vault.seal_second_factors(components.database)
    approvals.seal_halves(components.database)
    concept_rows.renew(components.database)


def prepare_trail(components: Components) -> None:
    """Make what the trail is kept in, or bring it to this version. Raises TrailError, RoleError."""
    with components.owned_trail() as trail:
        trail.create()
    grant_trail(components)


def grant_trail(components: Components) -> None:
    """Let the service's role add to the trail's tables, where there are two roles. Raises RoleError."""
    if components.settings.audit == "database" and components.settings.database_owner_url:
        with components.owned_database() as database:
            database_roles.grant_trail(database, components.settings.url)


def migrate(database: Database) -> None:
    """Bring the tables to this version."""
    from alembic import command  # only here: commands that set nothing up do not wait for it

    with database.engine.begin() as connection:
        command.upgrade(configuration(connection), "head")


def configuration(connection: Connection) -> Config:
    """How alembic finds the migrations."""
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(files("deploy") / "migrations"))
    config.attributes["connection"] = connection
    return config


def _administrators(components: Components) -> list[NewSignIn]:
    with components.database.session() as session:
        if session.scalar(select(GrantRow).where(GrantRow.role == Role.ADMINISTRATOR).limit(1)):
            return []
        lowest = components.scheme.levels[0].rank
        people.add_agency(session, ADMINISTRATION, "Administration", "Администрация", lowest)
        sign_ins = [NewSignIn(username, one_time_codes.generated()) for username in ADMINISTRATORS]
        for new in sign_ins:
            person = people.add_person(session, new.username, new.username, ADMINISTRATION, None)
            one_time_codes.renew(session, person, one_time_codes.hashed(new.code))
            people.add_grant(session, person, Role.ADMINISTRATOR, lowest)
        components.trail.record(
            Event("operator", "console", "init", detail={"administrators": ", ".join(ADMINISTRATORS)})
        )
    return sign_ins
