"""Keeps postings in a SQLite file through FTS5: which token stands where. The only file that opens the index file.

A row of the full-text table is one text of one passage, and its number tells all that weighing needs, so that
reading a posting list is reading one column:

    document number (31 bits) | passage ordinal (20) | origin (4) | length byte (8)

All readings of a token stand at one offset, and there too "=" + its exact form.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import apsw
import numpy as np
from numpy.typing import NDArray

from indexer.analysis.tokens import VERSION, Token
from indexer.engine.budget import Budget
from indexer.engine.contract import EngineUnavailableError, Facet, Record, StaleIndexError
from indexer.engine.scoring import length_byte
from indexer.text import ORIGINS

SCHEMA: Final = 3  # with a description of each document, and several keys at a place
DOCUMENT_BITS, ORDINAL_BITS = 32, 12  # shifts: rowid >> these gives the document's number, the passage's key
Rows = NDArray[np.int64]

BUSY_MILLISECONDS: Final = 30_000  # that a writer waits for another
SLICE: Final = 64  # pages of the file that are merged at once
_TIDY, _UNTIDY, _MERGING, _MERGED = range(4)  # what is left to do until words of removed documents are gone
_STEPS: Final = 20_000  # of SQLite between two looks at the clock: some 2,000 postings
_END: Final = "\U0010ffff"  # sorts after every token
_PLACES: Final = "places"  # what splits a text into what `_text` joined
_TABLES = f"""
    CREATE TABLE about (schema INTEGER, analysis INTEGER, version INTEGER, untidy INTEGER);
    CREATE TABLE document (number INTEGER PRIMARY KEY, id TEXT UNIQUE, version INTEGER, stamp INTEGER, rule TEXT,
                           day TEXT, passages INTEGER, facets TEXT, changed INTEGER);
    CREATE INDEX document_changed ON document (changed);
    CREATE VIRTUAL TABLE token USING fts5(text, content='', contentless_delete=1, tokenize={_PLACES});
    CREATE VIRTUAL TABLE posting USING fts5vocab(token, instance);
"""

_Columns = tuple[int, str, str, int, str]  # stamp, rule, day, passages, facets
_REMOVED: Final[_Columns] = (0, "", "", 0, "{}")


@dataclass(frozen=True, slots=True)
class IndexedDocument:
    """A document in the file; `document_id` is "" where one was removed: the file keeps its version, not to be read."""

    number: int
    document_id: str
    version: int
    stamp: int
    rule: str
    day: str
    passages: int
    facets: Mapping[Facet, Sequence[str]]


class Snapshot:
    """One snapshot of the file: everything it reads belongs to the same version."""

    def __init__(self, connection: apsw.Connection) -> None:
        self._connection = connection
        self.version: int = connection.execute("SELECT version FROM about").get
        self.spend: Callable[[int], None] = lambda _: None

    @contextmanager
    def within(self, budget: Budget) -> Iterator[None]:
        """Read on a budget: reading stops when its time is over, and whoever reads tells it what they `spend`."""
        self.spend = budget.spend
        self._connection.set_progress_handler(budget.check, _STEPS)
        try:
            yield
        finally:
            self._connection.set_progress_handler(None)

    def documents(self, since: int) -> list[IndexedDocument]:
        """Documents put or removed after a version, in order of number."""
        rows = self._connection.execute(
            "SELECT number, iif(rule = '', '', id), version, stamp, rule, day, passages, facets FROM document"
            " WHERE changed > ? ORDER BY number",
            (since,),
        )
        return [
            IndexedDocument(number, document_id, version, stamp, rule, day, passages, json.loads(facets))
            for number, document_id, version, stamp, rule, day, passages, facets in rows
        ]

    def rows(self, token: str) -> Rows:
        """The rows that hold a token, in order, one for each time it stands there."""
        return _numbers(self._connection.execute("SELECT group_concat(doc, ' ') FROM posting WHERE term = ?", (token,)))

    def places(self, token: str) -> tuple[Rows, Rows]:
        """As `rows`, and the offset of each."""
        cursor = self._connection.execute(
            "SELECT group_concat(doc || ' ' || offset, ' ') FROM posting WHERE term = ?", (token,)
        )
        pairs = _numbers(cursor).reshape(-1, 2)
        return pairs[:, 0], pairs[:, 1]

    def beginning(self, start: str) -> Iterator[tuple[str, Rows]]:
        """Every token that begins so, with its rows."""
        cursor = self._connection.execute(
            "SELECT term, group_concat(doc, ' ') FROM posting WHERE term >= ? AND term < ? GROUP BY term",
            (start, start + _END),
        )
        for term, rows in cursor:
            yield term, np.fromstring(rows, dtype=np.int64, sep=" ")


def _numbers(cursor: apsw.Cursor) -> Rows:
    return np.fromstring(cursor.get or "", dtype=np.int64, sep=" ")


class Postings:
    """The index file. One thread uses one; SQLite keeps readers and the writer apart."""

    def __init__(self, path: Path) -> None:
        try:
            self._connection = apsw.Connection(str(path))
            self._connection.set_busy_timeout(BUSY_MILLISECONDS)
            self._connection.register_fts5_tokenizer(_PLACES, lambda *_: _split)
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
            yield Snapshot(self._connection)

    def write(self, put: Iterable[Record] = (), remove: Mapping[str, int] | None = None) -> None:
        """Put and remove documents, all or none; nothing is done to one of which a higher version is known."""
        with self._transaction("IMMEDIATE"):
            changed = self._connection.execute("UPDATE about SET version = version + 1 RETURNING version").get
            for document_id, version in (remove or {}).items():
                self._keep(document_id, version, _REMOVED, changed)
            for record in put:
                facets = json.dumps(dict(record.facets))
                columns = (record.stamp, record.rule, record.day, len(record.passages), facets)
                number = self._keep(record.document_id, record.version, columns, changed)
                if number is not None:
                    self._connection.executemany(
                        "INSERT INTO token (rowid, text) VALUES (?, ?)", _texts(number, record)
                    )

    def merge_some(self) -> bool:
        """Rewrite a little of the file, so that in the end no word of a removed document stays in it.

        Gives whether anything was done. Others may read and write between two calls.
        """
        step = self._connection.execute("SELECT untidy FROM about").get
        if step == _MERGED:
            return self._checkpointed()
        if step == _TIDY:
            return False
        with self._transaction("IMMEDIATE"):
            before = self._connection.total_changes()
            pages = -SLICE if step == _UNTIDY else SLICE  # a negative number begins anew, with all that is there
            self._connection.execute("INSERT INTO token(token, rank) VALUES ('merge', ?)", (pages,))
            merged = self._connection.total_changes() - before < 2  # as FTS5 says that there is nothing left to merge
            self._connection.execute("UPDATE about SET untidy = ?", (_MERGED if merged else _MERGING,))
        return True

    def _checkpointed(self) -> bool:
        """Bring what was merged from the log into the file; not while somebody reads an older state: then later."""
        self._connection.set_busy_timeout(0)  # whoever waits here keeps writers waiting
        try:
            self._connection.wal_checkpoint(mode=apsw.SQLITE_CHECKPOINT_TRUNCATE)
        except apsw.BusyError:
            return False
        finally:
            self._connection.set_busy_timeout(BUSY_MILLISECONDS)
        with self._transaction("IMMEDIATE"):
            self._connection.execute("UPDATE about SET untidy = ? WHERE untidy = ?", (_TIDY, _MERGED))
        return True

    def close(self) -> None:
        """Close the file."""
        self._connection.close()

    def _keep(self, document_id: str, version: int, columns: _Columns, changed: int) -> int | None:
        """Keep this of a document, without any token yet; gives its number, or None where a higher version is known."""
        row = self._connection.execute("SELECT number, version FROM document WHERE id=?", (document_id,)).fetchone()
        if row is None:
            number: int = self._connection.execute(
                "INSERT INTO document (id, version, stamp, rule, day, passages, facets, changed)"
                " VALUES (?,?,?,?,?,?,?,?) RETURNING number",
                (document_id, version, *columns, changed),
            ).get
            return number
        number, newest = row
        if newest > version:
            return None
        self._forget_tokens(number)
        self._connection.execute(
            "UPDATE document SET version=?, stamp=?, rule=?, day=?, passages=?, facets=?, changed=? WHERE number=?",
            (version, *columns, changed, number),
        )
        return number

    def _forget_tokens(self, number: int) -> None:
        bounds = (number << DOCUMENT_BITS, (number + 1) << DOCUMENT_BITS)
        self._connection.execute("DELETE FROM token WHERE rowid >= ? AND rowid < ?", bounds)
        if self._connection.changes():
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


def _texts(number: int, record: Record) -> Iterator[tuple[int, str]]:
    for passage in record.passages:
        for origin, tokens in passage.texts.items():
            if tokens:
                where = (number << DOCUMENT_BITS) | (passage.ordinal << ORDINAL_BITS) | (ORIGINS.index(origin) << 8)
                yield where | length_byte(len(tokens)), _text(tokens)


def _text(tokens: Sequence[Token]) -> str:
    return " ".join([f"{'|'.join(token.readings) if token.others else token.stem}|={token.exact}" for token in tokens])


def _split(text: bytes, *_: object) -> list[tuple[str, ...]]:
    """What stands at each place of a text."""
    return [tuple(place.split("|")) for place in text.decode().split(" ")]
