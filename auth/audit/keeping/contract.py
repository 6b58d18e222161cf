"""What a trail asks of whatever keeps it: the contract of its file and of its tables in PostgreSQL.

Refuses to let many wait for a trail that somebody else keeps locked: whoever waits fails with the first.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any, Final, Protocol

from auth.audit.entries import TrailError

PATIENCE: Final = 3.0  # seconds for a turn, and for the lock; then nobody waits for the next few


class Rows(Protocol):
    """What a statement gives: tuples, each once."""

    def __iter__(self) -> Iterator[Any]:
        """The rows that are left."""

    def fetchone(self) -> Any:  # noqa: ANN401
        """The next row; None behind the last."""

    def fetchall(self) -> list[Any]:
        """The rows that are left, in memory."""


class TrailConnection(Protocol):
    """A connection to the tables `trail`, `shown`, `checkpoints`, `archives` and `carried`.

    Its SQL is what SQLite and PostgreSQL both understand, with question marks for values.
    """

    def execute(self, statement: str, values: Sequence[Any] = (), /) -> Rows:
        """Run a statement that gives few rows, or none."""

    def executemany(self, statement: str, rows: Iterable[Sequence[Any]], /) -> object:
        """Run a statement for each row."""

    def stream(self, statement: str, values: Sequence[Any] = ()) -> Iterator[Any]:
        """As `execute`, of many rows: they are not all in memory at once."""

    def written(self) -> int:
        """How many entries were ever written, which is told apart from the entries themselves."""

    def has_archives(self) -> bool:
        """Whether it knows of archives: a file of an earlier version does not."""


class Keeper(Protocol):
    """Where a trail is kept. Any number of threads, processes and (of PostgreSQL) hosts may use it at once."""

    @property
    def archives_folder(self) -> Path:
        """Where archives lie."""

    def create(self) -> None:
        """Make the tables that are not there, and bring those of an earlier version to this one. Raises TrailError."""

    def transaction(self) -> AbstractContextManager[TrailConnection]:
        """The turn to write: nobody else does until it ends, whatever it wrote is on the disk then, or not there.

        Raises TrailError, also where the turn does not come in time.
        """

    def reading(self) -> AbstractContextManager[TrailConnection]:
        """A look at everything as it is at one moment. Raises TrailError."""

    def alone(self) -> AbstractContextManager[None]:
        """Let one make archives at a time. Raises TrailError where another is at it."""

    def copy(self, path: Path) -> None:
        """Write all of it, as it is at one moment, to a new file for `TrailFile`. Raises TrailError."""

    def size(self) -> int:
        """How many bytes it takes, archives not counted. Raises TrailError, OSError."""

    def shrink(self) -> None:
        """Give the room of what was archived back to the disk, as far as nobody is in the way."""

    def close(self) -> None:
        """Let go of it."""


class WritersTurn:
    """One thread of a process writes at a time; once somebody waited in vain, nobody tries for a while."""

    def __init__(self, place: str) -> None:
        self._place = place
        self.lock = threading.Lock()
        self._locked_until = 0.0  # of the clock that never goes back: until then nobody tries

    @contextmanager
    def taken(self) -> Iterator[None]:
        """The turn of this thread. Raises TrailError where it does not come in time."""
        if not self.lock.acquire(timeout=PATIENCE):
            raise TrailError(f"The audit trail {self._place} is locked.")
        try:
            if time.monotonic() < self._locked_until:
                raise TrailError(f"The audit trail {self._place} is locked.")
            yield
        finally:
            self.lock.release()

    def waited_in_vain(self) -> None:
        """Somebody else keeps it locked: let nobody try for a while."""
        self._locked_until = time.monotonic() + PATIENCE

    def try_again(self) -> None:
        """Let everybody try at once."""
        self._locked_until = 0.0
