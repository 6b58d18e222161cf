"""Copies rows of a trail from one place to another, as they are: files, archives, tables in PostgreSQL."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice
from typing import Any, Final

from auth.audit.keeping.contract import TrailConnection
from auth.audit.keeping.statements import TABLES, inserting

AT_ONCE: Final = 1_000  # rows in memory


def pour(
    source: TrailConnection, target: TrailConnection, table: str, condition: str = "1 = 1", values: Sequence[Any] = ()
) -> None:
    """Copy the rows of a table for which a condition holds; those that are there stay as they are."""
    rows = source.stream(f"SELECT {TABLES[table]} FROM {table} WHERE {condition}", values)  # noqa: S608
    while some := list(islice(rows, AT_ONCE)):
        target.executemany(inserting(table), some)
