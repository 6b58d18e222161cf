"""Tells how long the disk lasts at the pace of the last week: what the audit trail, files and index add to it."""

from __future__ import annotations

import shutil
from dataclasses import asdict, dataclass
from datetime import timedelta
from typing import Final

from sqlalchemy import func, select

from auth.database import now
from indexer.library.tables import DocumentRow
from services.components import Components

LONG: Final = 60  # days that a disk lasts without a warning
WEEK: Final = timedelta(days=7)
FILE_AND_INDEX: Final = 2  # bytes on the disk for each of an original, with its text and its index
INDEX_ALONE: Final = 1  # where originals lie elsewhere


@dataclass(frozen=True, slots=True)
class DiskForecast:
    """Bytes; a day's are of the last week. `days_left` is None where nothing is added."""

    trail_bytes: int
    trail_bytes_a_day: int
    documents_bytes_a_day: int
    free_bytes: int
    days_left: int | None

    @property
    def lasts(self) -> bool:
        """Whether there is room for long: all that is told of it where exact numbers would tell what others do."""
        return self.days_left is None or self.days_left >= LONG

    def as_json(self) -> dict[str, int | None]:
        """As JSON holds it."""
        return asdict(self)


def forecast(components: Components) -> DiskForecast:
    """How long the disk of the home lasts. Raises TrailError, DatabaseError."""
    since = now() - WEEK
    size, share = components.trail.size_and_share(since)
    with components.database.reading() as session:
        taken = session.scalar(select(func.sum(DocumentRow.size)).where(DocumentRow.taken_at >= since)) or 0
    each = FILE_AND_INDEX if components.settings.store == "folder" else INDEX_ALONE
    free = shutil.disk_usage(components.settings.home).free
    trail_a_day, documents_a_day = round(size * share / WEEK.days), each * int(taken) // WEEK.days
    added = documents_a_day + (trail_a_day if components.settings.audit == "file" else 0)  # else on another disk
    return DiskForecast(size, trail_a_day, documents_a_day, free, free // added if added else None)
