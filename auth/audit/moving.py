"""Moves a trail from its file into PostgreSQL, its chain unbroken. Refuses what does not follow on, and loses nothing.

Others go on writing to the file while the entries that it has are copied. Then one transaction adds the entry that
tells of the move and lets the file refuse every other. What is left is copied, all of it is proven, and only then does
the database take entries. Whoever is stopped in between runs it again: it goes on where it was.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Final

from auth.audit.entries import VALUES, Entry, Event, TrailError, chained, documents_shown
from auth.audit.keeping.pouring import pour
from auth.audit.keeping.statements import archives_of, head_of, inserting
from auth.audit.keeping.trail_file import TrailFile, is_moved
from auth.audit.keeping.trail_tables import TablesState, TrailTables
from auth.audit.trail import Trail

MOVE: Final = "audit_move"  # the last entry of the file
SLICE: Final = 1_000  # entries that are copied in one transaction


@dataclass(slots=True)
class Moving:
    """A file on its way into tables. `trusted`: public keys besides one's own; `step` is told how many came over."""

    path: Path
    tables: TrailTables
    keys: Path
    trusted: Collection[str] = ()
    step: Callable[[int], object] = lambda _: None
    _file: Trail = field(init=False)

    def __post_init__(self) -> None:
        self._file = Trail(TrailFile(self.path), self.keys)

    def move(self, event: Event) -> int:
        """Take everything along, and end the file; gives the number of the last entry. Raises TrailError."""
        for _ in self.moving(event):
            pass
        return Trail(self.tables).count()

    def moving(self, event: Event | None) -> Iterator[None]:
        """As `move`, one step after the other; whoever stops between two loses nothing, and the next goes on.

        Without an event the file is a copy, which is left as it is.
        """
        self.tables.create()
        if self._is_done():
            return
        if not is_moved(self.path):
            self._file.verify(keys=self.trusted)
        self._begin()
        yield
        so_far, _ = self._file.head()  # whoever writes faster than this copies is not waited for
        while self._copy_some() and self._copied() < so_far:
            yield
        if event and not is_moved(self.path):
            self._file.end(event)
            yield
            while self._copy_some():
                yield
        self._copy_what_lies_beside()
        yield
        self._open()
        yield

    def _is_done(self) -> bool:
        """Whether it was moved before. Raises TrailError where the tables hold another trail."""
        if self.tables.state() is not TablesState.BEGUN:
            return False
        if is_moved(self.path) and not Trail(self.tables).lacks(*self._file.head()):
            return True
        raise TrailError("The database holds an audit trail already, and it does not go on from this file.")

    def _begin(self) -> None:
        """Let the tables take nothing but what is moved here; or see that what they hold is the same trail."""
        with self._file.looked_at() as connection:
            archives = archives_of(connection)
        first = archives[-1].last if archives else 0
        with self.tables.transaction() as target:
            number, digest = head_of(target)
            if not target.is_arriving():
                target.execute("UPDATE head SET arriving = true, number = ?", (first,))
            elif number and self._file.digest(number) != digest:
                raise TrailError(f"The database holds the beginning of another audit trail: entry {number} differs.")

    def _copied(self) -> int:
        with self.tables.reading() as target:
            return target.written()

    def _copy_some(self) -> bool:
        """Copy the next entries, once each proves to follow on the one before; whether there were as many as may be."""
        number = self._copied()
        entries = chained(self._file.entries(number + 1), self._file.digest(number), number + 1)
        some = list(islice(entries, SLICE))
        if some:
            with self.tables.transaction() as target:
                target.execute("SELECT set_config('tolmach_audit.moving', 'yes', true)")
                target.executemany(inserting("trail"), map(VALUES, some))
                target.executemany(inserting("shown"), _shown(some))
            self.step(some[-1].number)
        return len(some) == SLICE

    def _copy_what_lies_beside(self) -> None:
        with self._file.looked_at() as connection, self.tables.transaction() as target:
            for table in ("checkpoints", "archives", "carried"):
                pour(connection, target, table)

    def _open(self) -> None:
        """Let everybody write to the tables, once they prove to hold all that the file does."""
        count = Trail(self.tables, self.keys).verify(keys=self.trusted)
        if (count, Trail(self.tables).digest(count)) != self._file.head():
            raise TrailError(f"The database holds {count} entries, and the file has others. Run: tolmach audit move")
        with self.tables.transaction() as target:
            target.execute("UPDATE head SET arriving = false")


def _shown(entries: list[Entry]) -> list[tuple[str, int]]:
    return [(name, entry.number) for entry in entries for name in documents_shown(entry)]
