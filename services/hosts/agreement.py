"""What all hosts of one database must have alike. Refuses to let a host work that differs.

With another marking scheme a host would name levels otherwise, and with another key it could not open, or would leave
for the others what they cannot open, what is sealed. Fingerprints of these files are in the database; no key is.
A database in a file is one host's, and nothing is compared there.
"""

from __future__ import annotations

import json
from dataclasses import asdict
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Final

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from auth import scheme
from auth.audit import keys
from auth.database import Database, put
from auth.signin import vault
from auth.tables import SharedRow
from indexer.pipeline import pauses
from services.components import Components
from services.hosts import roles
from services.hosts.roles import HostError, HostRole
from services.opening import stores
from services.settings import Settings

if TYPE_CHECKING:
    from alembic.script import ScriptDirectory

_AUDITOR_KEY: Final = "auditor's key"  # the name of its row, which holds the key: it is public


def may_have_several(settings: Settings) -> bool:
    """Whether other hosts can work on this database."""
    return not settings.url.startswith("sqlite")


def fingerprints(components: Components) -> dict[str, str]:
    """Fingerprints of what must be alike and is here, by the file's name. Raises SchemeError, OSError."""
    home = components.home.path
    there = [name for name in roles.ALIKE if name != roles.SCHEME and (home / name).exists()]
    return {roles.SCHEME: _of_scheme(home / roles.SCHEME)} | {
        name: vault.fingerprint((home / name).read_bytes().strip()) for name in there
    }


def _of_scheme(path: Path) -> str:
    """Of what the scheme says, and not of its comments."""
    levels = [asdict(level) for level in scheme.load(path).levels]
    return vault.fingerprint(json.dumps(levels, sort_keys=True).encode())


def _row(name: str) -> str:
    return f"agreed {name}"


def differing(components: Components) -> list[str]:
    """The files here that are not what all hosts agreed on. Raises DatabaseError, OSError, SchemeError."""
    with components.database.reading() as session:
        return _differing(session, fingerprints(components))


def _differing(session: Session, here: dict[str, str]) -> list[str]:
    names = [_row(name) for name in here]
    agreed = {row.name: row.value for row in session.scalars(select(SharedRow).where(SharedRow.name.in_(names)))}
    return [name for name, value in here.items() if agreed.get(_row(name), value) != value]


def begin(components: Components) -> None:
    """Agree on what is here, where nothing was agreed on yet. Raises HostError where this home differs."""
    if not may_have_several(components.settings):
        return
    follow_store_key(components)
    here = fingerprints(components)
    with components.database.session() as session:
        refuse(_differing(session, here))
        for name, value in here.items():
            put(session, SharedRow(name=_row(name), value=value))


def agree(components: Components) -> list[str]:
    """From now on all hosts are to have what is here, the models too; gives what was otherwise before."""
    follow_store_key(components)
    here = fingerprints(components)
    with components.database.session() as session:
        changed = _differing(session, here)
        for name, value in here.items():
            put(session, SharedRow(name=_row(name), value=value))
        if not components.store_keys.can_seal():
            put(session, SharedRow(name=stores.SEALS, value=here[roles.STORE_KEY]))
        agree_on_models(components, session)
    return changed


def agree_on_models(components: Components, session: Session) -> None:
    """From now on hosts translate with the models that are here alone."""
    if may_have_several(components.settings):
        put(session, SharedRow(name=pauses.MODELS, value=components.packages.fingerprint()))


def agreed_models(session: Session) -> str | None:
    """The fingerprint of the models that all hosts are to have; None where nothing was said."""
    return session.scalar(select(SharedRow.value).where(SharedRow.name == pauses.MODELS))


def check(components: Components, role: HostRole) -> None:
    """Raise HostError unless this host can do this work beside the others."""
    if not may_have_several(components.settings):
        return
    lacking = [name for name in roles.needed(components.settings, role) if not (components.home.path / name).exists()]
    if lacking:
        raise HostError(
            f"For the work of {role} this home lacks {', '.join(lacking)}. Bring it from another host, or make this "
            f"home anew with what that host gives: tolmach host export --for {role} FOLDER"
        )
    if (tables := tables_of(components.database)) in _earlier():
        raise HostError(f"The database has the tables of an earlier version ({tables}). Run once: tolmach init")
    follow_store_key(components)
    refuse(differing(components))
    if components.settings.store == "s3" and not components.store_keys.can_seal():
        raise HostError(
            f"The store is sealed with a key that this home lacks. Copy {roles.STORE_KEY}, and {roles.NEXT_STORE_KEY} "
            "where there is one, from a host that works."
        )
    follow_auditor(components)


def follow_store_key(components: Components) -> None:
    """Forget the store's key that was changed for the next one, once all that it sealed is under that."""
    following = components.store_keys.following()
    if following is not None:
        with components.database.reading() as session:
            agreed = session.scalar(select(SharedRow.value).where(SharedRow.name == _row(roles.STORE_KEY)))
        if agreed == following.fingerprint:
            components.store_keys.forget_earlier()


def agree_on_store_key(session: Session, fingerprint: str) -> None:
    """From now on `store.key` is the key of this fingerprint on all hosts, which take it by themselves."""
    put(session, SharedRow(name=_row(roles.STORE_KEY), value=fingerprint))


def refuse(names: list[str]) -> None:
    """Raise HostError if there are any."""
    if names:
        raise HostError(
            f"{', '.join(names)} of this home is not what the hosts of this database agreed on, so this one does not "
            "work beside them. Copy it from a host that works. Or, where this one is right and all are to have it: "
            "tolmach host agree"
        )


def use_auditor(components: Components, public_key: str) -> None:
    """Hand the auditor's public key to all hosts."""
    with components.database.session() as session:
        put(session, SharedRow(name=_AUDITOR_KEY, value=public_key))


def follow_auditor(components: Components) -> None:
    """Take over the auditor's public key, where another host was given another one."""
    with components.database.reading() as session:
        content = session.scalar(select(SharedRow.value).where(SharedRow.name == _AUDITOR_KEY))
    path = components.home.path / roles.AUDITOR
    if content and not (path.exists() and path.read_text(encoding="ascii") == content):
        keys.install(keys.sealer_of(content.encode(), "the database"), path)


def tables_of(database: Database) -> str:
    """Which tables the database has: the number of the last migration."""
    with database.reading() as session:
        return str(session.scalar(text("SELECT version_num FROM alembic_version")))


@cache
def tables_here() -> str:
    """Which tables this version expects."""
    return str(_scripts().get_current_head())


@cache
def _earlier() -> frozenset[str]:
    return frozenset(script.revision for script in _scripts().walk_revisions()) - {tables_here()}


@cache
def _scripts() -> ScriptDirectory:
    from alembic.config import Config  # only here: whoever has one host does not wait for it
    from alembic.script import ScriptDirectory

    config = Config()
    config.set_main_option("script_location", str(files("deploy") / "migrations"))
    return ScriptDirectory.from_config(config)
