"""Finds the passages that lie nearest to a question: exactly, inside a scope, among what its index holds now.

What is read is remembered up to a bound in bytes. It is known by the rules of the scope and by what an answer is
compared with anyway, so nothing outside the scope has any part in it, and nothing of it is used once it is out of date.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Set
from dataclasses import dataclass
from typing import Final

import numpy as np
from sqlalchemy import ColumnElement, and_, func, select
from sqlalchemy.orm import Session

from auth.policy import Scope
from indexer.library.tables import DocumentRow
from indexer.meaning.tables import PassageVectorRow
from indexer.meaning.vectors import Likenesses, Places, Vectors, WholeVector

MOST_BYTES: Final = 512 * 2**20  # of all that is remembered
MOST_PASSAGES: Final = 500_000  # of one scope; of more none is compared

_FIRST_RUN, _NEXT_RUN = 1_000, 8_000  # documents, the nearest first
_READ_AT_ONCE: Final = 2_000  # rows
_ROW: Final = (
    PassageVectorRow.document,
    PassageVectorRow.ordinal,
    PassageVectorRow.language,
    PassageVectorRow.scale,
    PassageVectorRow.numbers,
)


@dataclass(frozen=True, slots=True)
class NearPassage:
    """A passage, and how like the question it is: 1 for the same."""

    document_id: str
    ordinal: int
    likeness: float


@dataclass(frozen=True, slots=True)
class ScopeVectors:
    """The vectors of a scope: of each row the document, by its place in `documents`, and the passage's ordinal.

    Rows are in order of the papers' dates, the newest first, and of their text.
    """

    vectors: Vectors
    documents: tuple[str, ...]
    of_row: Places
    ordinals: Places

    @property
    def size(self) -> int:
        """Bytes that it takes, about."""
        return self.vectors.size + self.of_row.nbytes + self.ordinals.nbytes + 100 * len(self.documents)

    def ranked(self, query: WholeVector, language: str) -> Ranking:
        """All passages, the most like a query first."""
        likenesses = self.vectors.likenesses(query, language)
        order = np.argsort(-likenesses, kind="stable")
        return Ranking(self, order, likenesses[order])


@dataclass(frozen=True, slots=True)
class Ranking:
    """The passages of a scope in an order: their rows, and how like the question each is."""

    inside: ScopeVectors
    rows: Places
    likenesses: Likenesses

    def best(self, most: int) -> list[NearPassage]:
        """The first so many passages."""
        return self._passages(np.arange(min(most, len(self.rows))))

    def best_admitted(self, most: int, admitted: Callable[[list[str]], Set[str]]) -> list[NearPassage]:
        """The first so many passages of documents that are let through, which is asked of a run after the other."""
        documents = self.inside.of_row[self.rows]
        numbers, first = np.unique(documents, return_index=True)
        numbers, first = numbers[np.argsort(first)], np.sort(first)
        let_through = np.zeros(len(self.inside.documents), np.bool_)
        chosen, at, run = np.zeros(0, np.int64), 0, _FIRST_RUN
        while at < len(numbers) and not (len(chosen) == most and chosen[-1] < first[at]):
            names = {self.inside.documents[number]: number for number in numbers[at : at + run].tolist()}
            let_through[[names[name] for name in admitted(list(names))]] = True
            chosen = np.flatnonzero(let_through[documents])[:most]
            at, run = at + run, _NEXT_RUN
        return self._passages(chosen)

    def _passages(self, chosen: Places) -> list[NearPassage]:
        rows = self.rows[chosen]
        columns = (self.inside.of_row[rows], self.inside.ordinals[rows], self.likenesses[chosen])
        places = zip(*(column.tolist() for column in columns), strict=True)
        return [NearPassage(self.inside.documents[place], ordinal, likeness) for place, ordinal, likeness in places]


ScopeKey = tuple[frozenset[str], frozenset[str], str, tuple[int, ...]]


class NearestPassages:
    """The vectors of the scopes asked last. Any number of threads use it."""

    def __init__(self, encoder: str, most: int = MOST_BYTES) -> None:
        self._encoder, self._most = encoder, most
        self._remembered: OrderedDict[ScopeKey, ScopeVectors] = OrderedDict()
        self._lock = threading.Lock()
        self.size = 0  # bytes

    def inside(self, session: Session, scope: Scope, due: frozenset[str]) -> ScopeVectors | None:
        """The vectors inside a scope, but for documents whose change is due; None of too many, or of none."""
        if not scope.rules:
            return None
        condition = _condition(scope, due)
        sums = (
            func.count(),
            func.coalesce(func.sum(DocumentRow.stamp), 0),
            func.coalesce(func.sum(DocumentRow.vectors), 0),
        )
        state = tuple(int(each) for each in session.execute(select(*sums).where(condition)).one())
        key = (scope.rules, due, self._encoder, state)
        with self._lock:
            if key in self._remembered:
                self._remembered.move_to_end(key)
                return self._remembered[key]
        read = _read(session, condition, self._encoder) if state[2] else None
        return self._keep(key, read) if read else None

    def _keep(self, key: ScopeKey, read: ScopeVectors) -> ScopeVectors:
        """Remember this of a scope, in place of what it was before; what was asked for longest ago gives way."""
        with self._lock:
            for old in [each for each in self._remembered if each[0] == key[0]]:
                self.size -= self._remembered.pop(old).size
            if read.size <= self._most:
                self._remembered[key] = read
                self.size += read.size
            while self.size > self._most:
                self.size -= self._remembered.popitem(last=False)[1].size
        return read


def _condition(scope: Scope, due: frozenset[str]) -> ColumnElement[bool]:
    """The documents inside a scope that the index holds as the database has them."""
    inside = and_(DocumentRow.indexed_rule.in_(scope.rules), DocumentRow.rule.in_(scope.rules))
    return and_(inside, DocumentRow.id.not_in(due)) if due else inside


def _read(session: Session, condition: ColumnElement[bool], encoder: str) -> ScopeVectors | None:
    """The vectors of the documents held, as they are in the database now."""
    theirs = and_(condition, PassageVectorRow.document == DocumentRow.id, PassageVectorRow.encoder == encoder)
    number = session.scalar(select(func.count()).select_from(PassageVectorRow).join(DocumentRow, theirs)) or 0
    if not 0 < number <= MOST_PASSAGES:
        return None
    described = session.execute(
        select(DocumentRow.date, DocumentRow.symbol, DocumentRow.language, DocumentRow.id).where(condition)
    )
    dated = sorted(((day.isoformat() if day else "", *more) for day, *more in described), reverse=True)
    documents = tuple(str(each[-1]) for each in dated)
    place = {name: at for at, name in enumerate(documents)}
    rows = session.execute(select(*_ROW).join(DocumentRow, theirs).execution_options(yield_per=_READ_AT_ONCE))
    of_row, ordinals, scales = (np.zeros(number, np.int64) for _ in range(3))
    languages, numbers = [""] * number, np.zeros((number, 0), np.int8)
    for at, (document, ordinal, language, scale, content) in enumerate(rows):
        if not at:
            numbers = np.zeros((number, len(content)), np.int8)
        of_row[at], ordinals[at], scales[at], languages[at] = place[document], ordinal, scale, language
        numbers[at] = np.frombuffer(content, np.int8)
    order = np.lexsort((ordinals, of_row))
    vectors = Vectors(numbers[order], scales[order], [languages[at] for at in order])
    return ScopeVectors(vectors, documents, of_row[order], ordinals[order])
