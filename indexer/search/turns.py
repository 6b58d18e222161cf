"""Decides whose searches go first: one person's one after the other, what costs much after what costs little.

Python runs one thread at a time, so a search that costs much would slow down all others. While one that costs half as
much or less is under way, it works for a short while only, then waits: it has about a tenth of the processor then.
Whoever asks for many at once gives way like that to all who ask for one at a time, who do not give way to them; each of
the many waits before it begins, too, while anybody else's is under way. A few searches work at once, the others begin
in the order in which they were asked: threads that take Python from one another get less done. All wait for a bounded
time. Refuses a long queue of one person.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Final

from auth.errors import ErrorKind, TolmachError
from indexer.engine.budget import giving_way

MOST: Final = 4  # searches of one person that run or wait; each holds a thread
SLICE: Final = 0.02  # seconds of the processor that a search works before it looks whether to give way
PATIENCE: Final = 0.2  # seconds that it waits then at most
AT_ONCE: Final = 4  # searches that work; those that give way do not count
LONGEST: Final = 2.0  # seconds that one waits at most until it begins
USUAL: Final = 0.1  # seconds of the processor up to which a search gives way to none: others wait as long anyway
MUCH: Final = 2  # times as much as another's that a search must cost to give way to it


class SearchesWaitError(TolmachError):
    """So many searches of this person wait already that no more may."""

    kind = ErrorKind.BUSY
    code = "searches_wait"
    sentence = "Your searches before this one are not done yet. Wait for them, then try again."


@dataclass(slots=True)
class _Turn:
    """A person's turn, how many of their searches run or wait for it, and what they cost in seconds of the processor.

    `before` is what the last one cost, `so_far` the one that runs now.
    """

    lock: threading.Lock = field(default_factory=threading.Lock)
    asked: int = 0
    runs: bool = False
    before: float = 0.0
    so_far: float = 0.0

    @property
    def cost(self) -> float:
        """What the search that runs is taken to cost."""
        return max(self.before, self.so_far)


class Turns:
    """The turns of everybody who searches now; any number of threads may use it at once."""

    def __init__(self) -> None:
        self._turns: dict[str, _Turn] = {}
        self._lock = threading.Lock()
        self._changed = threading.Condition(self._lock)
        self._waiting: deque[threading.Condition] = deque()  # to begin, in the order of asking; each is woken alone
        self._working = 0

    @contextmanager
    def of(self, person_id: str) -> Iterator[None]:
        """This person's turn, when it comes. Raises SearchesWaitError."""
        with self._lock:
            turn = self._turns.setdefault(person_id, _Turn())
            if turn.asked >= MOST:
                raise SearchesWaitError
            turn.asked += 1
            is_queued = turn.asked > 1
        try:
            with turn.lock:
                if is_queued:
                    with self._lock:
                        self._wait_while(lambda: any(self._others(turn)))
                with self._running(turn):
                    yield
        finally:
            with self._lock:
                turn.asked -= 1
                if not turn.asked:
                    self._turns.pop(person_id, None)

    @contextmanager
    def _running(self, turn: _Turn) -> Iterator[None]:
        began, looked = time.thread_time(), time.perf_counter()

        def way() -> None:
            """After each slice, wait while one that goes first is under way, not for long."""
            nonlocal looked
            if time.perf_counter() - looked < SLICE:  # asked far more often, it costs far less than the thread's time
                return
            looked, turn.so_far = time.perf_counter(), time.thread_time() - began
            with self._lock:
                if any(_goes_first(other, turn) for other in self._others(turn)):
                    self._count(-1)
                    self._wait_while(lambda: any(_goes_first(other, turn) for other in self._others(turn)))
                    self._count(1)

        turn.so_far, turn.runs = 0.0, True  # from now on others give way to it
        self._await_beginning()
        try:
            with giving_way(way):
                yield
        finally:
            with self._lock:
                turn.before, turn.runs = time.thread_time() - began, False
                self._count(-1)

    def _await_beginning(self) -> None:
        """Return once it is this one's turn to work beside others, or it has waited for long enough."""
        with self._lock:
            own = threading.Condition(self._lock)
            self._waiting.append(own)
            own.wait_for(lambda: self._working < AT_ONCE and self._waiting[0] is own, LONGEST)
            self._waiting.remove(own)
            self._count(1)

    def _count(self, more: int) -> None:
        """So many work from now on, more or fewer; whoever calls holds the lock."""
        self._working += more
        self._changed.notify_all()
        if self._waiting:
            self._waiting[0].notify()

    def _wait_while(self, is_busy: Callable[[], bool]) -> None:
        self._changed.wait_for(lambda: not is_busy(), PATIENCE)

    def _others(self, turn: _Turn) -> Iterator[_Turn]:
        """The turns of others whose search is under way."""
        return (other for other in self._turns.values() if other is not turn and other.runs)


def _goes_first(other: _Turn, turn: _Turn) -> bool:
    """Whether somebody else's search goes before this person's: they ask for one and this person for many, not the
    other way round, or it costs much less."""
    if (other.asked > 1) != (turn.asked > 1):
        return turn.asked > 1
    return turn.cost > USUAL and other.cost <= turn.cost / MUCH
