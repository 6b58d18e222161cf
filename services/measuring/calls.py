"""Times the calls to the database and to the search engine. Looks at no statement but for its first word."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from time import perf_counter
from typing import Final

from sqlalchemy import Connection, event

from auth.database import Database
from auth.policy import Scope
from indexer.engine.contract import NONE, Answer, Engine, Holding, Leaf, LeafCounts, Record, Request, SuggestedForms
from indexer.engine.stamps import StampKey
from services.measuring.meter import Meter

VERBS: Final = frozenset({"select", "insert", "update", "delete"})
OTHER: Final = "other"
_BEGAN: Final = "measuring began"  # under which a connection knows when its statement did


def measure(database: Database, meter: Meter) -> None:
    """Time every statement of a database from now on."""

    def before(connection: Connection, *_: object) -> None:
        connection.info[_BEGAN] = perf_counter()

    def after(connection: Connection, _: object, statement: str, *__: object) -> None:
        verb = statement[:10].lstrip().partition(" ")[0].lower()
        seconds = perf_counter() - connection.info[_BEGAN]
        meter.called("database", verb if verb in VERBS else OTHER, seconds)

    event.listen(database.engine, "before_cursor_execute", before)
    event.listen(database.engine, "after_cursor_execute", after)


class MeasuredEngine:
    """An engine whose calls are timed, those that fail too."""

    def __init__(self, engine: Engine, meter: Meter) -> None:
        self._engine, self._meter = engine, meter

    @property
    def stamp_key(self) -> StampKey:
        """See Engine."""
        return self._engine.stamp_key

    def put(self, records: Iterable[Record]) -> None:
        """See Engine."""
        with self._timed("put"):
            self._engine.put(records)

    def remove(self, versions: Mapping[str, int]) -> None:
        """See Engine."""
        with self._timed("remove"):
            self._engine.remove(versions)

    def search(self, scope: Scope, request: Request, without: frozenset[str] = NONE) -> Answer:
        """See Engine."""
        with self._timed("search"):
            return self._engine.search(scope, request, without)

    def suggest(self, scope: Scope, prefix: str, limit: int = 10, without: frozenset[str] = NONE) -> SuggestedForms:
        """See Engine."""
        with self._timed("suggest"):
            return self._engine.suggest(scope, prefix, limit, without)

    def count(self, scope: Scope, leaves: Sequence[Leaf], without: frozenset[str] = NONE) -> LeafCounts:
        """See Engine."""
        with self._timed("count"):
            return self._engine.count(scope, leaves, without)

    def holdings(self) -> Mapping[str, Holding]:
        """See Engine."""
        with self._timed("holdings"):
            return self._engine.holdings()

    def renewal(self) -> AbstractContextManager[Engine]:
        """See Engine."""
        return self._engine.renewal()

    def tidy(self) -> bool:
        """See Engine."""
        with self._timed("tidy"):
            return self._engine.tidy()

    def close(self) -> None:
        """See Engine."""
        self._engine.close()

    @contextmanager
    def _timed(self, operation: str) -> Iterator[None]:
        began = perf_counter()
        try:
            yield
        finally:
            self._meter.called("engine", operation, perf_counter() - began)
