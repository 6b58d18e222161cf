"""The embedded engine: one machine, no server. Answers each search from one snapshot of its file."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from auth.policy import Scope
from indexer.engine.budget import Budget
from indexer.engine.contract import (
    NONE,
    NOTHING,
    Answer,
    Engine,
    Holding,
    Leaf,
    LeafCounts,
    Record,
    Request,
    SuggestedForms,
)
from indexer.engine.embedded import evaluate
from indexer.engine.embedded.cache import PlaceCache
from indexer.engine.embedded.columns import DocumentColumns
from indexer.engine.embedded.postings import Postings, Snapshot
from indexer.engine.embedded.scoped import ScopedPostings
from indexer.engine.stamps import StampKey


class EmbeddedEngine:
    """Keeps the Engine contract on one SQLite file; any number of threads and processes may use the file at once."""

    def __init__(self, path: Path, stamp_key: StampKey) -> None:
        self._path, self._stamp_key = path, stamp_key
        self._local = threading.local()
        self._opened: list[Postings] = []
        self._lock = threading.Lock()
        self._columns, self._renewing = DocumentColumns(), threading.Lock()
        self._cache = PlaceCache()
        self._postings()

    @property
    def stamp_key(self) -> StampKey:
        """The service's key."""
        return self._stamp_key

    def put(self, records: Iterable[Record]) -> None:
        """Hold these records, in place of any of the same documents."""
        self._postings().write(put=records)

    def remove(self, versions: Mapping[str, int]) -> None:
        """Forget these documents; on the disk their words stay until somebody idle tidies it."""
        self._postings().write(remove=versions)

    def search(self, scope: Scope, request: Request, without: frozenset[str] = NONE) -> Answer:
        """Find inside the scope."""
        if not scope.rules:
            return NOTHING
        with self._scoped(scope, without) as postings:
            return evaluate.answer(postings, request)

    def suggest(self, scope: Scope, prefix: str, limit: int = 10, without: frozenset[str] = NONE) -> SuggestedForms:
        """The most frequent forms inside the scope that begin so."""
        if not scope.rules or not prefix:
            return SuggestedForms()
        with self._scoped(scope, without) as postings:
            return evaluate.suggestions(postings, prefix, limit)

    def count(self, scope: Scope, leaves: Sequence[Leaf], without: frozenset[str] = NONE) -> LeafCounts:
        """How many passages inside the scope hold each of these leaves."""
        if not scope.rules:
            return LeafCounts(0, dict.fromkeys(leaves, 0))
        with self._scoped(scope, without) as postings:
            return evaluate.counts(postings, leaves)

    def holdings(self) -> Mapping[str, Holding]:
        """Every document held."""
        with self._postings().reading() as reader:
            return {
                row.document_id: Holding(row.rule, row.version, row.stamp)
                for row in reader.documents(since=0)
                if row.document_id
            }

    @contextmanager
    def renewal(self) -> Iterator[Engine]:
        """This index: SQLite lets it be searched while it is written."""
        yield self

    def tidy(self) -> bool:
        """Write a segment of the file anew, so that no word of a removed document stays in it."""
        return self._postings().rewrite_one()

    def close(self) -> None:
        """Close the file in every thread."""
        with self._lock:
            while self._opened:
                self._opened.pop().close()
        self._local = threading.local()

    def _postings(self) -> Postings:
        """This thread's connection."""
        if not hasattr(self._local, "postings"):
            self._local.postings = Postings(self._path, self._cache)
            with self._lock:
                self._opened.append(self._local.postings)
        postings: Postings = self._local.postings
        return postings

    @contextmanager
    def _scoped(self, scope: Scope, without: frozenset[str]) -> Iterator[ScopedPostings]:
        """What a snapshot of the file holds inside a scope, on a search's budget."""
        with self._postings().reading() as reader:
            columns = self._columns_at(reader)  # of no search in particular: whoever is first after a change pays
            yield ScopedPostings(reader, columns, columns.inside(scope.rules, without), Budget())

    def _columns_at(self, reader: Snapshot) -> DocumentColumns:
        if (columns := self._columns).version == reader.version:
            return columns
        with self._renewing:  # one at a time: who waited finds it done
            columns = self._columns
            if columns.version == reader.version:
                return columns
            if columns.version > reader.version:  # another has seen a later one: ours stays as old as our snapshot
                return _renewed(DocumentColumns(), reader)
            self._columns = _renewed(columns, reader)
            return self._columns


def _renewed(columns: DocumentColumns, reader: Snapshot) -> DocumentColumns:
    """The catalogue as a snapshot has it."""
    size = reader.most_documents() + 1
    return columns.updated(reader.version, reader.documents(columns.version), size, reader.texts())
