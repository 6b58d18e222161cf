"""Opens the audit trail where the settings say that it is kept. Refuses to begin a second one beside the first."""

from __future__ import annotations

from pathlib import Path

from auth.audit.allowance import Allowance
from auth.audit.entries import TrailError
from auth.audit.keeping.contract import Keeper
from auth.audit.keeping.trail_file import TrailFile, is_moved
from auth.audit.keeping.trail_tables import TablesState, TrailTables
from auth.audit.trail import Trail
from services.settings import Settings


def opened(settings: Settings, path: Path, keys: Path) -> Trail:
    """The trail; `path` is where its file is, or was. Raises TrailError where it is kept elsewhere."""
    if settings.audit == "database":
        keeper: Keeper = _whole(tables_of(settings.url, path), path)
    else:
        _check_not_moved(settings, path)
        keeper = TrailFile(path)
    return Trail(keeper, keys, Allowance(settings.trail_entries))


def owned(settings: Settings, path: Path, keys: Path) -> Trail:
    """The trail for whoever makes its tables or archives: as their owner, where settings name one. Raises TrailError.

    Does not look whether it is kept elsewhere.
    """
    if settings.audit == "database":
        return Trail(tables_of(settings.database_owner_url or settings.url, path), keys)
    return Trail(TrailFile(path), keys)


def tables_of(url: str, path: Path) -> TrailTables:
    """The trail's tables in a database; archives lie where they would beside a file."""
    return TrailTables(url, TrailFile(path).archives_folder)


def _whole(tables: TrailTables, path: Path) -> TrailTables:
    try:
        _check_whole(tables.state(), path)
    except TrailError:
        tables.close()
        raise
    return tables


def _check_whole(state: TablesState, path: Path) -> None:
    if path.exists() and not is_moved(path):
        raise TrailError(
            f"The audit trail is in {path} still. Take it along: tolmach audit move."
            " If it is another installation's, move it out of this home."
        )
    if state is TablesState.ARRIVING:
        raise TrailError(
            "The audit trail is on its way into the database. Let it end, or run again: tolmach audit move"
        )
    if state is TablesState.ABSENT:
        raise TrailError("The database holds no audit trail yet. Run: tolmach init")


def _check_not_moved(settings: Settings, path: Path) -> None:
    where = "The audit trail was moved to the database. Set TOLMACH_AUDIT=database"
    if is_moved(path):
        raise TrailError(f"{where}: {path} is only kept as a proof.")
    if settings.database_url.startswith("postgresql"):
        tables = tables_of(settings.url, path)
        try:
            if tables.state() is TablesState.BEGUN:
                raise TrailError(f"{where}.")
        finally:
            tables.close()
