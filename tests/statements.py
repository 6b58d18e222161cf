"""What the database is asked while something is done, for tests that count it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import event

from services.components import Components


@contextmanager
def statements(components: Components) -> Iterator[list[tuple[str, object]]]:
    """The statements that the database is asked meanwhile."""
    asked: list[tuple[str, object]] = []

    def note(connection: object, cursor: object, statement: str, parameters: object, *_: object) -> None:
        if not statement.startswith(("BEGIN", "PRAGMA")):
            asked.append((statement, parameters))

    event.listen(components.database.engine, "before_cursor_execute", note)
    try:
        yield asked
    finally:
        event.remove(components.database.engine, "before_cursor_execute", note)
