"""Backs up database, home and trail while people work, and restores them. Refuses a backup that is not whole.

The originals are copied first, which takes long; then the database, what came to the originals meanwhile, and last the
trail, so that it is never older than the database. The index is not copied: it is made anew from the database.
"""

from __future__ import annotations

import hashlib
import json
import logging
import os
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any, Final

from auth.audit import marks
from auth.audit.entries import Event
from auth.audit.keeping.trail_file import TrailFile
from auth.audit.keeping.trail_tables import TablesState
from auth.audit.moving import Moving
from auth.audit.trail import Trail
from auth.database import now
from auth.errors import ErrorKind, TolmachError
from auth.people import OPERATOR
from auth.signin import token_keys, vault
from indexer.handling import sealing
from indexer.pipeline.reindex import reindex
from indexer.store.contract import BrokenError, GoneError
from indexer.store.store_keys import StoreKeys
from services.components import Components, Home
from services.installation import database_copies
from services.installation.reconciling import reconcile, sealed_count
from services.opening import stores, trails
from services.settings import Settings
from services.setup import prepare, prepare_trail

FORMAT: Final = "tolmach-backup-1"
MANIFEST: Final = "manifest.json"
TRAIL: Final = "audit.sqlite"
_ORIGINALS: Final = "files"
_HOME: Final = "home"
_CHUNK: Final = 1 << 20  # bytes

_log = logging.getLogger(__name__)


class BackupError(TolmachError):
    """There is no backup, it is not whole, or there is no room to make or restore one; the message says which."""

    kind = ErrorKind.INTERNAL
    code = "backup"


@dataclass(frozen=True, slots=True)
class Restored:
    """What came of a restore: how many documents are there, are sealed, and are lost.

    `at` is the backup's moment, `entry` the last one of its trail.
    """

    at: str
    entry: int
    documents: int
    sealed: int
    lost: int


@dataclass(frozen=True, slots=True)
class BackedUp:
    """What is in a backup: how many documents, and of which the store gave no sound original."""

    documents: int
    broken: frozenset[str]


def back_up(components: Components, folder: Path) -> BackedUp:
    """Write a backup into a new or empty folder. Raises BackupError, StoreError and others.

    Originals that lie in a bucket are in it too, as they were before they were sealed.
    """
    must_be_apart(components, folder)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    folder.chmod(0o700)
    broken = _copy_originals(components, folder, components.store.names())
    for path in _of_home(components):
        _copy(path, folder / _HOME / path.relative_to(components.home.path))
    marks.set_mark(components.database, components.trail)
    documents = database_copies.copy(components.database, folder)
    for path in components.home.keys.glob("store*.key"):  # again, as the database may know of one that came meanwhile
        _copy(path, folder / _HOME / path.relative_to(components.home.path))
    present = {path.stem for path in (folder / _ORIGINALS).glob("*/*.pdf")}
    broken |= _copy_originals(components, folder, documents & components.store.names() - present)
    broken &= documents
    for name in present - documents:
        _original(folder, name).unlink()
    detail: dict[str, str | int] = {"documents": len(documents)}
    if broken:
        detail["broken"] = len(broken)
    components.trail.record(Event(OPERATOR, "console", "backup", detail=detail))
    checkpoint = components.trail.checkpoint()
    components.trail.copy(folder / TRAIL)
    _write_manifest(components, folder, len(documents), checkpoint.as_line())
    return BackedUp(len(documents), frozenset(broken))


def restore(settings: Settings, folder: Path, surviving_trail: Path | None = None) -> Restored:
    """Make a home and a database out of a backup. `surviving_trail`: a newer trail than the backup's, to go on with.

    Raises BackupError, CopyError, TrailError and others; then the home is empty again.
    """
    home = Home(settings.home)
    _must_be_empty(home.path, "A backup is restored into an empty home: move away what is there.")
    manifest = _checked_manifest(folder)
    home.path.mkdir(parents=True, exist_ok=True, mode=0o700)
    home.path.chmod(0o700)
    try:
        return _restore(settings, home, folder, manifest, surviving_trail)
    except BaseException:
        for path in home.path.iterdir():
            shutil.rmtree(path) if path.is_dir() else path.unlink()
        raise


def _restore(settings: Settings, home: Home, folder: Path, manifest: dict[str, Any], trail: Path | None) -> Restored:
    for name in manifest["files"]:
        top, _, rest = name.partition("/")
        if top == _HOME:
            _copy(folder / name, home.path / rest)
    source = trail or folder / TRAIL
    surviving = Trail(TrailFile(source))
    if settings.audit == "file":
        surviving.copy(home.audit)
    for each in (surviving, Trail(TrailFile(folder / TRAIL))):
        each.copy_archives(TrailFile(home.audit).archives_folder, surviving.archives())
    for name in (vault.FILE, token_keys.FILE):
        if not (home.keys / name).exists():  # a backup of an earlier version, which sealed nothing
            vault.make_key(home.keys / name)
    stores.make_key(home.keys)  # nor had one
    components = Components(settings)
    try:
        in_file = settings.audit == "file"
        _check_trail(components.trail if in_file else Trail(TrailFile(source), home.keys), manifest)
        _put_originals_back(settings, home, [folder / name for name in manifest["files"] if _is_original(name)])
        if components.database.engine.dialect.name != manifest["database"]:
            raise BackupError(f"The backup is of {manifest['database']}: set TOLMACH_DATABASE_URL for such a database.")
        with components.owned_database() as owned:
            database_copies.put_back(owned, folder)
        prepare(components)
        _put_trail_back(components, source)
        _check_trail(components.trail, manifest)
        components.trail.record(Event(OPERATOR, "console", "restore", detail={"entry": manifest["trail"]["number"]}))
        lost = sealing.lost_documents(components.database, components.trail, marks.number(components.database))
        _bring_into_line(components)
        entry = manifest["trail"]["number"]
        return Restored(manifest["at"], entry, manifest["documents"], sealed_count(components), len(lost))
    finally:
        components.close()


def _put_trail_back(components: Components, source: Path) -> None:
    """Fill the trail's tables, where it is kept in such; one that survived in the database is gone on with."""
    prepare_trail(components)
    settings = components.settings
    if settings.audit == "database":
        tables = trails.tables_of(settings.database_owner_url or settings.url, components.home.audit)
        try:
            if tables.state() is not TablesState.BEGUN:
                for _ in Moving(source, tables, components.home.keys).moving(None):
                    pass
        finally:
            tables.close()


def _bring_into_line(components: Components) -> None:
    """Seal what must be, and make the embedded index; Elasticsearch's is compared by whoever starts first."""
    sealing.seal(components.database, components.trail)
    if components.settings.engine == "embedded":
        reindex(components.database, components.engine, lambda done, total: None)
        reconcile(components)


def _check_trail(trail: Trail, manifest: dict[str, Any]) -> None:
    """Raise unless the trail is whole and goes on from the backup's."""
    trail.verify()
    number, digest = manifest["trail"]["number"], manifest["trail"]["digest"]
    if trail.lacks(number, digest):
        raise BackupError(f"This trail does not go on from the backup's: it lacks entry {number}, or has another.")


def _of_home(components: Components) -> Iterator[Path]:
    """The files of the home that are copied as they are: keys, scheme, models."""
    home = components.home
    trail = (home.audit, components.trail.archives_folder)
    apart = tuple(path.name for path in (home.index, *trail, home.path / "tolmach.sqlite"))
    for path in sorted(home.path.rglob("*")):
        parts = path.relative_to(home.path).parts
        hidden = any(part.startswith(".") for part in parts)
        if path.is_file() and not hidden and parts[0] != home.files.name and not parts[0].startswith(apart):
            yield path


def _copy_originals(components: Components, folder: Path, names: set[str]) -> set[str]:
    """Copy originals into a backup; gives those that are broken, which are not in it. Raises StoreError."""
    broken = set()
    for name in sorted(names):
        try:
            with components.store.as_file(name) as path:
                _copy(path, _original(folder, name))
        except (GoneError, FileNotFoundError):  # removed meanwhile: the trail tells
            _original(folder, name).unlink(missing_ok=True)
        except BrokenError as error:
            _log.critical("%s", error)
            broken.add(name)
    return broken


def _put_originals_back(settings: Settings, home: Home, paths: Sequence[Path]) -> None:
    """Put originals into the store of the settings, over what it has of them; each is as old as it was.

    Sealed with `store.key`: there is no database yet that could tell of a next one.
    """
    store = stores.opened(settings, home.files, StoreKeys(home.keys))
    for path in paths:
        with path.open("rb") as source, store.arriving(source, path.stat().st_size) as arrival:
            shutil.copystat(path, arrival.path)
            store.keep(arrival, path.stem)


def _is_original(name: str) -> bool:
    return name.startswith(f"{_ORIGINALS}/")


def _original(folder: Path, name: str) -> Path:
    return folder / _ORIGINALS / name[:2] / f"{name}.pdf"


def _copy(source: Path, target: Path) -> None:
    """Copy a file; only its owner may read it, its times stay."""
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    shutil.copyfile(source, target)
    shutil.copystat(source, target)
    target.chmod(0o600)


def must_be_apart(components: Components, folder: Path) -> None:
    """Raise BackupError where a folder holds anything, or lies in the home."""
    _must_be_empty(folder, "Give a folder that is new or empty.")
    if components.home.path in folder.resolve().parents or folder.resolve() == components.home.path:
        raise BackupError("This does not go into the home itself. Give another folder, best on another disk.")


def _must_be_empty(folder: Path, advice: str) -> None:
    """Raise BackupError where a folder holds anything."""
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise BackupError(f"{folder} is not empty. {advice}")


def _write_manifest(components: Components, folder: Path, documents: int, checkpoint: str) -> None:
    """Last of all, so that a backup that was interrupted is none."""
    number, digest = Trail(TrailFile(folder / TRAIL)).head()
    for rest in folder.glob(f"{TRAIL}-*"):
        rest.unlink()
    files = {str(PurePosixPath(path.relative_to(folder))): _digest(path) for path in _files(folder)}
    manifest = {
        "format": FORMAT,
        "at": now().isoformat(timespec="seconds"),
        "database": components.database.engine.dialect.name,
        "documents": documents,
        "trail": {"number": number, "digest": digest},
        "checkpoint": json.loads(checkpoint),
        "files": files,
    }
    with (folder / MANIFEST).open("w", encoding="utf-8") as file:
        json.dump(manifest, file, indent=1)
        file.flush()
        os.fsync(file.fileno())
    (folder / MANIFEST).chmod(0o600)


def _checked_manifest(folder: Path) -> dict[str, Any]:
    """The manifest, once every file proves to be as it says. Raises BackupError."""
    try:
        manifest: dict[str, Any] = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        files, _ = dict(manifest["files"]), manifest["trail"]["digest"]
        if manifest["format"] != FORMAT or manifest["database"] not in database_copies.NAMES:
            raise ValueError(manifest["format"])
    except FileNotFoundError as error:
        raise BackupError(
            f"{folder} holds no backup, or one that was not finished: {MANIFEST} is not there."
        ) from error
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise BackupError(f"{folder / MANIFEST} is no manifest of a backup of this version.") from error
    for name, digest in files.items():
        path = folder / name
        if ".." in PurePosixPath(name).parts or PurePosixPath(name).is_absolute():
            raise BackupError(f"The manifest names a file outside the backup: {name}")
        if not path.is_file() or path.is_symlink() or _digest(path) != digest:
            raise BackupError(f"The backup is not whole: {name} is gone or was changed.")
    return manifest


def _files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


def _digest(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            digest.update(chunk)
    return digest.hexdigest()
