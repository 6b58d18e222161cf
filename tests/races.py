"""Lets calls meet: real threads that begin at the same moment, and processes that die on the way."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, Lock

from sqlalchemy import text

from auth.audit.entries import Event
from auth.database import Database


def emptied(url: str) -> str:
    """The same PostgreSQL database, with nothing in it."""
    database = Database(url)
    with database.engine.begin() as connection:
        connection.execute(text("DROP SCHEMA public CASCADE"))
        connection.execute(text("CREATE SCHEMA public"))
        connection.execute(text("DROP SCHEMA IF EXISTS tolmach_audit CASCADE"))  # of a trail
    database.close()
    return url


def together(*calls: Callable[[], object], refusals: tuple[type[Exception], ...] = ()) -> list[object]:
    """What each call gave, or which of the refusals it raised; anything else that it raises is raised here."""
    gate = Barrier(len(calls))

    def run(call: Callable[[], object]) -> object:
        gate.wait()
        try:
            return call()
        except refusals as error:
            return error

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(run, calls))


def killed_after(steps: int, begin: Callable[[], Iterator[object]]) -> None:
    """Begin something in a process of its own, and kill that after so many steps."""
    child = os.fork()
    if not child:
        try:
            going = begin()
            for _ in range(steps):
                next(going, None)
            os.kill(os.getpid(), signal.SIGKILL)
        finally:
            os._exit(1)
    assert os.waitpid(child, 0)[1] == signal.SIGKILL


class CrashError(Exception):
    """The process dies before the transaction ends."""


class CrashingTrail:
    """A trail whose every tenth writing is the last thing that a process does."""

    def __init__(self) -> None:
        self._count, self._lock = 0, Lock()

    def record(self, event: Event) -> None:
        """Die in every tenth call."""
        with self._lock:
            self._count += 1
            if self._count % 10 == 0:
                raise CrashError
