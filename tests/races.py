"""Lets calls meet: real threads that begin at the same moment."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier


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
