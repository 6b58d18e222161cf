"""The embedded engine: one machine, no server. Answers each search from one snapshot of its file."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import numpy as np

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
from indexer.engine.embedded.columns import DocumentColumns
from indexer.engine.embedded.postings import DOCUMENT_BITS, Postings, Snapshot
from indexer.engine.stamps import StampKey


class EmbeddedEngine:
    """Keeps the Engine contract on one SQLite file; any number of threads and processes may use the file at once."""

    def __init__(self, path: Path, stamp_key: StampKey) -> None:
        self._path, self._stamp_key = path, stamp_key
        self._local = threading.local()
        self._opened: list[Postings] = []
        self._lock = threading.Lock()
        self._columns = DocumentColumns()
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
        with self._snapshot() as (reader, columns):
            return evaluate.answer(reader, columns, columns.inside(scope.rules, without), request)

    def suggest(self, scope: Scope, prefix: str, limit: int = 10, without: frozenset[str] = NONE) -> SuggestedForms:
        """The most frequent forms inside the scope that begin so."""
        if not scope.rules or not prefix:
            return SuggestedForms()
        with self._snapshot() as (reader, columns):
            inside = columns.inside(scope.rules, without)
            counted = []
            for form, rows in reader.beginning(f"={prefix}"):
                documents = rows[inside[rows >> DOCUMENT_BITS]] >> DOCUMENT_BITS
                reader.spend(len(documents))
                if count := len(np.unique(documents)):
                    counted.append((-count, form.removeprefix("=")))
        return SuggestedForms(tuple(form for _, form in sorted(counted)[:limit]), columns.content_of(inside))

    def count(self, scope: Scope, leaves: Sequence[Leaf], without: frozenset[str] = NONE) -> LeafCounts:
        """How many passages inside the scope hold each of these leaves."""
        if not scope.rules:
            return LeafCounts(0, dict.fromkeys(leaves, 0))
        with self._snapshot() as (reader, columns):
            return evaluate.counts(reader, columns, columns.inside(scope.rules, without), leaves)

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
        """Merge a few pages of the file, so that no word of a removed document stays in it."""
        return self._postings().merge_some()

    def close(self) -> None:
        """Close the file in every thread."""
        with self._lock:
            while self._opened:
                self._opened.pop().close()
        self._local = threading.local()

    def _postings(self) -> Postings:
        """This thread's connection."""
        if not hasattr(self._local, "postings"):
            self._local.postings = Postings(self._path)
            with self._lock:
                self._opened.append(self._local.postings)
        postings: Postings = self._local.postings
        return postings

    @contextmanager
    def _snapshot(self) -> Iterator[tuple[Snapshot, DocumentColumns]]:
        """A snapshot of the file on a search's budget, and the catalogue of the same version."""
        with self._postings().reading() as reader:
            columns = self._columns_at(
                reader
            )  # of no search in particular: whoever comes first after a change reads it
            with reader.within(Budget()):
                yield reader, columns

    def _columns_at(self, reader: Snapshot) -> DocumentColumns:
        columns = self._columns
        if columns.version == reader.version:
            return columns
        if columns.version > reader.version:  # another thread has seen a later one: ours stays as old as our snapshot
            return DocumentColumns().updated(reader.version, reader.documents(since=0))
        newer = columns.updated(reader.version, reader.documents(since=columns.version))
        with self._lock:
            if self._columns.version < newer.version:
                self._columns = newer
        return newer
