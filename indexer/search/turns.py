"""Lets one person's searches run one after the other: their many keep nobody waiting. Refuses a long queue."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Final

from auth.errors import ErrorKind, TolmachError

MOST: Final = 4  # searches of one person that run or wait; each holds a thread


class SearchesWaitError(TolmachError):
    """So many searches of this person wait already that no more may."""

    kind = ErrorKind.BUSY
    code = "searches_wait"
    sentence = "Your searches before this one are not done yet. Wait for them, then try again."


@dataclass(slots=True)
class _Turn:
    """A person's turn, and how many of their searches run or wait for it."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    asked: int = 0


class Turns:
    """The turns of everybody who searches now; any number of threads may use it at once."""

    def __init__(self) -> None:
        self._turns: dict[str, _Turn] = {}
        self._lock = threading.Lock()

    @contextmanager
    def of(self, person_id: str) -> Iterator[None]:
        """This person's turn, when it comes. Raises SearchesWaitError."""
        with self._lock:
            turn = self._turns.setdefault(person_id, _Turn())
            if turn.asked >= MOST:
                raise SearchesWaitError
            turn.asked += 1
        try:
            with turn.lock:
                yield
        finally:
            with self._lock:
                turn.asked -= 1
                if not turn.asked:
                    self._turns.pop(person_id, None)
