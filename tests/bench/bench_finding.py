"""Measures what people who search find, set by set; half of a set that something is tuned on is kept for the report.

A set is a function that gives figures by name; `SETS` lists them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from figures import record
from finding import surnames

Figures = Iterator[tuple[str, float]]


def of_surnames() -> Figures:
    """Every form of a surname from its nominative; names that find another name of the same set."""
    for kind in ("russian", "central asian"):
        names, key = surnames.surnames(kind), kind.replace(" ", "_")
        yield f"surnames.{key}.names", len(names)
        yield f"surnames.{key}.met", surnames.meeting(names)
        yield f"surnames.{key}.joined", surnames.joined(names)


SETS: tuple[Callable[[], Figures], ...] = (of_surnames,)

if __name__ == "__main__":
    record("finding", "make bench-finding", {name: round(value, 4) for each in SETS for name, value in each()})
