"""Keeps postings in a SQLite file: which token stands where, in segments. The only file that opens the index file.

What is put at once is a segment with a table of its own; small ones are joined. Documents that are removed leave
their texts' rows at once, and their tokens when somebody idle writes the segment anew. The old table is dropped whole,
and SQLite overwrites its pages, so no token stays behind in a page that others share.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final, NamedTuple

import apsw
import numpy as np

from indexer.analysis.tokens import VERSION
from indexer.engine.contract import EngineUnavailableError, PassageTokens, Record, StaleIndexError
from indexer.engine.embedded.cache import PlaceCache
from indexer.engine.embedded.segments import (
    PLACE,
    ROW,
    Numbers,
    Places,
    Posting,
    SegmentBuilder,
    joined,
    joined_rows,
    to_join,
)
from indexer.engine.embedded.texts import DOCUMENT_BITS, ORDINAL_BITS
from indexer.engine.scoring import length_byte

SCHEMA: Final = 5  # with series of symbols, and what documents have

BUSY_MILLISECONDS: Final = 30_000  # that a writer waits for another
_TIDY, _UNTIDY, _REWRITTEN = range(3)  # what is left to do until words of removed documents are gone
_END: Final = "\U0010ffff"  # sorts after every token
_TABLES: Final = """
    CREATE TABLE about (schema INTEGER, analysis INTEGER, version INTEGER, untidy INTEGER);
    CREATE TABLE document (number INTEGER PRIMARY KEY, id TEXT UNIQUE, version INTEGER, stamp INTEGER, rule TEXT,
                           day TEXT, passages INTEGER, facets TEXT, changed INTEGER);
    CREATE INDEX document_changed ON document (changed);
    CREATE TABLE segment (number INTEGER PRIMARY KEY AUTOINCREMENT, first INTEGER, last INTEGER, texts INTEGER,
                          removed INTEGER, rows BLOB);
"""  # a segment's documents were changed at the versions first..last; a row of 0 is of a document that was removed
_IN_ORDER: Final = "FROM segment ORDER BY first, number"
_MAKE: Final = "CREATE TABLE segment_{} (token TEXT PRIMARY KEY, places BLOB) WITHOUT ROWID"
_FILL: Final = "INSERT INTO segment_{} VALUES (?, ?)"
_READ: Final = "SELECT token, places FROM segment_{}"
_DROP: Final = "DROP TABLE segment_{}"
_EMPTY: Final = np.zeros(0, PLACE)

_Columns = tuple[int, str, str, int, str]  # stamp, rule, day, passages, facets
_REMOVED: Final[_Columns] = (0, "", "", 0, "{}")


class IndexedDocument(NamedTuple):
    """A document in the file; `document_id` is "" where one was removed: the file keeps its version, not to be read."""

    number: int
    document_id: str
    version: int
    stamp: int
    rule: str
    day: str
    passages: int
    facets: str  # the values of each, in JSON: few documents have others than all the rest


class Snapshot:
    """One snapshot of the file: everything it reads belongs to the same version."""

    def __init__(self, connection: apsw.Connection, cache: PlaceCache) -> None:
        self._connection, self._cache = connection, cache
        self.version: int = connection.execute("SELECT version FROM about").get
        self._segments: list[int] = [row[0] for row in connection.execute(f"SELECT number {_IN_ORDER}")]

    def documents(self, since: int) -> Iterator[IndexedDocument]:
        """Documents put or removed after a version, in order of number; read as they are asked for."""
        rows = self._connection.execute(
            "SELECT number, iif(rule = '', '', id), version, stamp, rule, day, passages, facets FROM document"
            " WHERE changed > ? ORDER BY number",
            (since,),
        )
        return map(IndexedDocument._make, rows)

    def most_documents(self) -> int:
        """The highest number of a document."""
        highest: int = self._connection.execute("SELECT coalesce(max(number), -1) FROM document").get
        return highest

    def texts(self) -> list[Numbers]:
        """For each segment the rows of its texts."""
        return [np.frombuffer(rows, ROW) for (rows,) in self._connection.execute(f"SELECT rows {_IN_ORDER}")]

    def places(self, token: str) -> list[Places]:
        """For each segment the places of a token, in order."""
        kept = self._cache.parts(token)
        if all(segment in kept for segment in self._segments):
            return [kept[segment] for segment in self._segments]
        parts = {
            segment: kept[segment] if segment in kept else self._read(segment, token) for segment in self._segments
        }
        self._cache.keep(token, parts)
        return list(parts.values())

    def _read(self, segment: int, token: str) -> Places:
        row = self._connection.execute(f"{_READ.format(segment)} WHERE token = ?", (token,)).fetchone()
        return np.frombuffer(row[1], PLACE) if row else _EMPTY

    def beginning(self, start: str) -> Iterator[tuple[int, str, Places]]:
        """Every token that begins so, once for each segment (by position) that has it, with its places there."""
        for at, segment in enumerate(self._segments):
            beginning = f"{_READ.format(segment)} WHERE token >= ? AND token < ?"
            rows = self._connection.execute(beginning, (start, start + _END))
            for token, places in rows:
                yield at, token, np.frombuffer(places, PLACE)


class Postings:
    """The index file. One thread uses one; SQLite keeps readers and the writer apart."""

    def __init__(self, path: Path, cache: PlaceCache) -> None:
        self._cache = cache
        try:
            self._connection = apsw.Connection(str(path))
            self._connection.set_busy_timeout(BUSY_MILLISECONDS)
            for pragma in ("journal_mode=WAL", "synchronous=FULL", "secure_delete=ON"):
                self._connection.execute(f"PRAGMA {pragma}").fetchall()  # what is not read to its end is not done
            self._prepare(path)
        except apsw.Error as error:
            raise EngineUnavailableError(f"The index {path} cannot be opened: {error}") from error

    def _prepare(self, path: Path) -> None:
        with self._transaction("IMMEDIATE"):
            if not self._connection.execute("SELECT count(*) FROM sqlite_master").get:
                self._connection.execute(_TABLES)
                self._connection.execute("INSERT INTO about VALUES (?, ?, 0, 0)", (SCHEMA, VERSION))
            versions = tuple(self._connection.execute("SELECT schema, analysis FROM about").get)
        if versions != (SCHEMA, VERSION):
            raise StaleIndexError(
                f"The index {path} was made by another version of Tolmach: run `tolmach engine reindex`."
            )

    @contextmanager
    def reading(self) -> Iterator[Snapshot]:
        """A snapshot that does not change while it is read."""
        with self._transaction("DEFERRED"):
            yield Snapshot(self._connection, self._cache)

    def write(self, put: Iterable[Record] = (), remove: Mapping[str, int] | None = None) -> None:
        """Put and remove documents, all or none; nothing is done to one of which a higher version is known."""
        with self._transaction("IMMEDIATE"):
            changed = self._next_version()
            for document_id, version in (remove or {}).items():
                self._keep(document_id, version, _REMOVED, changed)
            builder = SegmentBuilder()
            for record in put:
                if self._is_of(changed, record.document_id):  # its first texts must be stored to be forgotten
                    builder = self._stored(builder, changed)
                facets = json.dumps(dict(record.facets))
                columns = (record.stamp, record.rule, record.day, len(record.passages), facets)
                number = self._keep(record.document_id, record.version, columns, changed)
                if number is None:
                    continue
                for passage in record.passages:
                    if not builder.has_room(len(passage.texts)):
                        builder = self._stored(builder, changed)
                    _add(builder, number, passage)
            self._stored(builder, changed)
            self._join_small()

    def _stored(self, builder: SegmentBuilder, changed: int) -> SegmentBuilder:
        """Store what is built, if anything; gives a builder for more."""
        if not builder.rows:
            return builder
        self._store(changed, changed, np.array(builder.rows, np.int64), builder.postings())
        return SegmentBuilder()

    def _store(self, first: int, last: int, rows: Numbers, postings: Iterable[Posting]) -> None:
        """Store a segment."""
        segment = self._connection.execute(
            "INSERT INTO segment (first, last, texts, removed, rows) VALUES (?, ?, ?, 0, ?) RETURNING number",
            (first, last, len(rows), rows.astype(ROW).tobytes()),
        ).get
        self._connection.execute(_MAKE.format(segment))
        self._connection.executemany(_FILL.format(segment), postings)

    def _join_small(self) -> None:
        """Join small segments, as long as there are enough."""
        while True:
            sizes = dict(self._connection.execute(f"SELECT number, texts {_IN_ORDER}"))
            segments = [list(sizes)[at] for at in to_join(list(sizes.values()))]
            if not segments:
                return
            self._rewrite(segments)

    def _rewrite(self, segments: Sequence[int]) -> None:
        """Put one segment in the place of these, without what was removed."""
        about = [
            self._connection.execute("SELECT first, last, rows FROM segment WHERE number = ?", (segment,)).get
            for segment in segments
        ]
        rows, numbers = joined_rows([np.frombuffer(each, ROW) for _, _, each in about])
        if len(rows):
            sources = [self._connection.execute(_READ.format(segment)) for segment in segments]
            ends = min(first for first, _, _ in about), max(last for _, last, _ in about)
            self._store(*ends, rows, joined(sources, numbers))
        for segment in segments:
            self._connection.execute(_DROP.format(segment))
            self._connection.execute("DELETE FROM segment WHERE number = ?", (segment,))

    def rewrite_one(self) -> bool:
        """Write a segment anew that holds words of removed documents, so that in the end none of them is in the file.

        Gives whether anything was done. Others may read and write between two calls.
        """
        step = self._connection.execute("SELECT untidy FROM about").get
        if step == _REWRITTEN:
            return self._checkpointed()
        if step == _TIDY:
            return False
        with self._transaction("IMMEDIATE"):
            segment = self._connection.execute("SELECT min(number) FROM segment WHERE removed > 0").get
            if segment is None:
                self._connection.execute("UPDATE about SET untidy = ?", (_REWRITTEN,))
            else:
                self._next_version()  # its texts have other numbers
                self._rewrite([segment])
        return True

    def _checkpointed(self) -> bool:
        """Bring what was rewritten from the log into the file; not while somebody reads an older state: then later."""
        self._connection.set_busy_timeout(0)  # whoever waits here keeps writers waiting
        try:
            self._connection.wal_checkpoint(mode=apsw.SQLITE_CHECKPOINT_TRUNCATE)
        except apsw.BusyError:
            return False
        finally:
            self._connection.set_busy_timeout(BUSY_MILLISECONDS)
        with self._transaction("IMMEDIATE"):
            self._connection.execute("UPDATE about SET untidy = ? WHERE untidy = ?", (_TIDY, _REWRITTEN))
        return True

    def close(self) -> None:
        """Close the file."""
        self._connection.close()

    def _keep(self, document_id: str, version: int, columns: _Columns, changed: int) -> int | None:
        """Keep this of a document, without any token yet; gives its number, or None where a higher version is known."""
        query = "SELECT number, version, changed FROM document WHERE id = ?"
        row = self._connection.execute(query, (document_id,)).fetchone()
        if row is None:
            number: int = self._connection.execute(
                "INSERT INTO document (id, version, stamp, rule, day, passages, facets, changed)"
                " VALUES (?,?,?,?,?,?,?,?) RETURNING number",
                (document_id, version, *columns, changed),
            ).get
            return number
        number, newest, before = row
        if newest > version:
            return None
        self._forget_texts(number, before)
        self._connection.execute(
            "UPDATE document SET version=?, stamp=?, rule=?, day=?, passages=?, facets=?, changed=? WHERE number=?",
            (version, *columns, changed, number),
        )
        return number

    def _next_version(self) -> int:
        version: int = self._connection.execute("UPDATE about SET version = version + 1 RETURNING version").get
        return version

    def _is_of(self, changed: int, document_id: str) -> bool:
        """Whether a document was put or removed at this version."""
        query = "SELECT count(*) FROM document WHERE id = ? AND changed = ?"
        return bool(self._connection.execute(query, (document_id, changed)).get)

    def _forget_texts(self, number: int, changed: int) -> None:
        """Let the texts be of no document that a document has since it was changed."""
        segments = "SELECT number, rows FROM segment WHERE first <= ? AND last >= ?"
        for segment, content in list(self._connection.execute(segments, (changed, changed))):
            rows = np.frombuffer(content, ROW)
            theirs = rows >> DOCUMENT_BITS == number
            if theirs.any():
                self._connection.execute(
                    "UPDATE segment SET rows = ?, removed = removed + ? WHERE number = ?",
                    (np.where(theirs, 0, rows).tobytes(), int(theirs.sum()), segment),
                )
                self._connection.execute("UPDATE about SET untidy = ?", (_UNTIDY,))

    @contextmanager
    def _transaction(self, kind: str) -> Iterator[None]:
        try:
            self._connection.execute(f"BEGIN {kind}")
            yield
            self._connection.execute("COMMIT")
        except apsw.Error as error:
            raise EngineUnavailableError(f"The index cannot be used: {error}") from error
        finally:
            if self._connection.in_transaction:
                self._connection.execute("ROLLBACK")


def _add(builder: SegmentBuilder, number: int, passage: PassageTokens) -> None:
    for tokens in passage.texts.values():
        if tokens:
            where = (number << DOCUMENT_BITS) | (passage.ordinal << ORDINAL_BITS)
            builder.add(where | length_byte(len(tokens)), tokens)
