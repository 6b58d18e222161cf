"""Audit trails for tests: recorded through the door, and tampered with as somebody who holds file or server would."""

from __future__ import annotations

import hashlib
import json
import secrets
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import astuple, replace
from pathlib import Path
from typing import Any

import psycopg
from sqlalchemy import make_url

from auth.audit import keys as sealing
from auth.audit.checkpoints import Checkpoint, signed
from auth.audit.entries import GENESIS, Entry, Event
from auth.audit.keeping import trail_tables
from auth.audit.keeping.contract import Keeper
from auth.audit.keeping.trail_file import TrailFile
from auth.audit.keeping.trail_tables import TrailTables
from auth.audit.trail import SIGNING_KEY, Trail

FILE = "audit.sqlite"
COLUMNS = ("at", "actor", "origin", "action", "object", "decision", "detail", "sealed", "digest")


def trail_of(folder: Path, entries: int = 5, auditor: bool = False) -> Trail:
    """A trail with a signing key and so many entries, some of which show documents and hold something sealed."""
    keys = folder / "keys"
    keys.mkdir(parents=True)
    sealing.make_signing_key(keys / SIGNING_KEY)
    if auditor:
        sealing.make_auditor_key(folder / "auditor.key")
        sealing.install(sealing.load_sealer(folder / "auditor.key.pub"), keys / "auditor.pub")
    trail = Trail(keeper_of(folder), keys)
    trail.create()
    for number in range(entries):
        trail.record(event(number))
    return trail


def event(number: int) -> Event:
    """A search or a reading."""
    if number % 2:
        return Event("bob", "192.0.2.1", "read", f"document {number}", detail={"page": number})
    seen = ("document 1", f"document {number}")
    return Event("ann", "console", "search", detail={"total": number}, secret=f"query {number}", shown=seen)


def change(folder: Path, statement: str, *values: object) -> int:
    """Change the tables behind the trail's back; gives how many rows were."""
    with _behind_its_back(folder) as connection:
        return int(connection.execute(_in_its_sql(statement), [_kept_as(value) for value in values]).rowcount)


def ask(folder: Path, statement: str) -> list[tuple[Any, ...]]:
    """Read the tables behind the trail's back."""
    with _behind_its_back(folder) as connection:
        return list(connection.execute(_in_its_sql(statement), ()).fetchall())


def tell_written(folder: Path, number: int) -> None:
    """Change how many entries it says were written."""
    if _server:
        change(folder, "UPDATE head SET number = ?", number)
    else:
        change(folder, "UPDATE sqlite_sequence SET seq = ? WHERE name = 'trail'", number)


def fill_up(folder: Path, table: str) -> None:
    """From now on nothing goes into that table any more."""
    if _server:
        body = "AS $$ BEGIN RAISE EXCEPTION 'disk is full'; END $$"
        change(folder, f"CREATE FUNCTION no_room() RETURNS trigger LANGUAGE plpgsql {body}")
        change(folder, f"CREATE TRIGGER no_room BEFORE INSERT ON {table} FOR EACH ROW EXECUTE FUNCTION no_room()")
    else:
        refusal = "SELECT raise(ABORT, 'disk is full')"
        change(folder, f"CREATE TRIGGER no_room BEFORE INSERT ON {table} BEGIN {refusal}; END")


def make_room(folder: Path) -> None:
    """Undo `fill_up`."""
    change(folder, "DROP FUNCTION no_room CASCADE" if _server else "DROP TRIGGER no_room")


_server = ""  # the URL of the PostgreSQL server whose databases trails are kept in; none: in files
_databases: dict[Path, str] = {}
_keepers: list[TrailTables] = []
_behind: dict[Path, psycopg.Connection] = {}


@contextmanager
def kept_in(server: str) -> Iterator[None]:
    """Keep trails in databases of a server of PostgreSQL: one for each folder, gone afterwards. Or in files: none."""
    global _server
    before, _server, opened = _server, server, len(_keepers)
    try:
        yield
    finally:
        close_keepers(opened)
        if server:
            with psycopg.connect(plain(server), autocommit=True) as connection:
                for url in _databases.values():
                    connection.execute(f"DROP DATABASE {make_url(url).database} WITH (FORCE)")
            _databases.clear()
        _server = before


def keeper_of(folder: Path) -> Keeper:
    """What keeps the trail of a folder, of which any number may be open."""
    if not _server:
        return TrailFile(folder / FILE)
    _keepers.append(TrailTables(database_of(folder), folder / "audit-archive"))
    return _keepers[-1]


def close_keepers(after: int = 0) -> None:
    """Let go of every connection that a test left open, but for so many keepers: whoever opened them goes on."""
    while len(_keepers) > after:
        _keepers.pop().close()
    while _behind:
        _behind.popitem()[1].close()


def address_of(folder: Path) -> str:
    """Where the trail of a folder is kept, for a process that does OPENING with it."""
    return database_of(folder) if _server else str(folder / FILE)


OPENING = """
import sys
from pathlib import Path
from auth.audit.entries import Event
from auth.audit.keeping.trail_file import TrailFile
from auth.audit.keeping.trail_tables import TrailTables
from auth.audit.trail import Trail
address, folder = sys.argv[1], Path(sys.argv[2])
keeper = TrailTables(address, folder / "audit-archive") if "://" in address else TrailFile(Path(address))
"""


def database_of(folder: Path) -> str:
    """The database that the trail of a folder is kept in; made when it is first asked for."""
    if folder not in _databases:
        name = f"trail_{secrets.token_hex(6)}"
        with psycopg.connect(plain(_server), autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name}")
        _databases[folder] = make_url(_server).set(database=name).render_as_string(hide_password=False)
    return _databases[folder]


def plain(url: str) -> str:
    """A URL of SQLAlchemy as PostgreSQL's programs have it."""
    return url.replace("+psycopg", "")


def emptied_tables(folder: Path) -> None:
    """Forget all that the trail of a folder holds."""
    for table in ("trail", "shown", "checkpoints", "archives", "carried"):
        change(folder, f"DELETE FROM {table}")
    tell_written(folder, 0)


@contextmanager
def _behind_its_back(folder: Path) -> Iterator[Any]:
    """A connection of somebody who may do everything, and whom no trigger stops."""
    if _server:
        if folder not in _behind:
            _behind[folder] = psycopg.connect(plain(database_of(folder)), autocommit=True)
            _behind[folder].execute("SET session_replication_role = replica")
            _behind[folder].execute("SET search_path = tolmach_audit")
        yield _behind[folder]
        return
    with closing(sqlite3.connect(folder / FILE)) as connection:
        yield connection
        connection.commit()


def _kept_as(value: object) -> object:
    return trail_tables._keepable(value) if _server else value


def _in_its_sql(statement: str) -> str:
    return statement.replace("%", "%%").replace("?", "%s") if _server else statement


def rechained(entries: Iterable[Entry], previous: str = GENESIS, first: int = 1) -> list[Entry]:
    """These entries numbered anew and with digests that fit, as a forger would who knows how it is done."""
    found = []
    for number, entry in enumerate(entries, first):
        *about, sealed, _ = astuple(replace(entry, number=number))
        text = json.dumps([*about, *([sealed] if sealed else []), previous], ensure_ascii=False)
        previous = hashlib.sha256(text.encode()).hexdigest()
        found.append(replace(entry, number=number, digest=previous))
    return found


def rewrite(folder: Path, entries: list[Entry]) -> None:
    """Put these entries in the place of all, with everything that is kept beside them made to fit."""
    change(folder, "DELETE FROM trail")
    change(folder, "DELETE FROM shown")
    for entry in entries:
        change(
            folder, f"INSERT INTO trail (number, {', '.join(COLUMNS)}) VALUES (?,?,?,?,?,?,?,?,?,?)", *astuple(entry)
        )
        for name in json.loads(entry.detail).get("shown", ()):
            change(folder, "INSERT INTO shown VALUES (?,?) ON CONFLICT DO NOTHING", name, entry.number)
    tell_written(folder, len(entries))


def forged(entry: Entry, folder: Path) -> Checkpoint:
    """A checkpoint of this entry by a key of the forger's own."""
    path = folder / "forger.key"
    if not path.exists():
        sealing.make_signing_key(path)
    return signed(sealing.load_signing_key(path), entry.number, entry.digest, entry.at)


def keep(folder: Path, checkpoints: Iterable[Checkpoint]) -> None:
    """Put these checkpoints in the place of all that are stored."""
    change(folder, "DELETE FROM checkpoints")
    for item in checkpoints:
        change(folder, "INSERT INTO checkpoints VALUES (?,?,?,?,?)", *astuple(item))
