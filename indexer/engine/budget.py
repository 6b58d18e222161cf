"""What one search may cost, on every engine. Refuses to go on past it.

What is counted is counted inside the scope alone, so whether a search is refused for it tells nothing of hidden
documents. Time is not: it is the last resort, and as much a matter of time as how long an answer takes.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Final

from auth.errors import ErrorKind
from indexer.engine.contract import EngineError

SECONDS: Final = 5.0  # of a processor; Elasticsearch, which does not tell, counts those of the clock
MOST_POSTINGS: Final = 10_000_000  # places of words that are handled; some 100 bytes and half a microsecond each


class OverBudgetError(EngineError):
    """The search costs more than one search may. Another one, narrower, will be answered."""

    kind = ErrorKind.TOO_COSTLY
    code = "narrow_search"
    sentence = (
        "This search takes more than one search may. Narrow the search: fewer words, longer beginnings before a *, "
        "a shorter phrase."
    )


class Budget:
    """What one search, in one thread, has left of its postings and its time."""

    def __init__(self) -> None:
        self.postings = MOST_POSTINGS
        self._deadline, self._look_at = time.thread_time() + SECONDS, time.perf_counter() + SECONDS

    def spend(self, postings: int) -> None:
        """Take so many postings, and look at the clock. Raises OverBudgetError."""
        self.postings -= postings
        give_way()
        if self.postings < 0 or self._is_late():
            raise OverBudgetError

    def _is_late(self) -> bool:
        """Whether its time is over; a thread cannot have used more than has gone by, which costs less to ask."""
        return time.perf_counter() > self._look_at and time.thread_time() > self._deadline


def give_way() -> None:
    """Let others go first, if whoever this thread works for is to; where nobody said so, go on."""
    _WAY.get()()


@contextmanager
def giving_way(way: Callable[[], None]) -> Iterator[None]:
    """Within it, this thread calls `way` again and again, and goes on when that returns."""
    token = _WAY.set(way)
    try:
        yield
    finally:
        _WAY.reset(token)


def _go_on() -> None:
    pass


_WAY: Final = ContextVar[Callable[[], None]]("way", default=_go_on)
