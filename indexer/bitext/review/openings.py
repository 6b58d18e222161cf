"""Counts how many people opened documents or were shown their text, so that what is much read is translated first.

Tells nothing of single ones: who is counted had rights inside those of whoever is told, the count is of days that are
over, and all that is told of it are steps, the first of several people. It keeps no word that was searched for.
"""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from threading import Lock
from typing import Final

from sqlalchemy import Subquery, case, func, insert, select
from sqlalchemy.orm import Session
from sqlalchemy.sql.elements import ColumnElement

from auth.database import ConcurrentChangeError, Database, DatabaseError, now
from auth.people import Principal
from auth.policy import lies_inside, reach_of
from indexer.bitext.review.tables import OpeningRow, ReachRow
from indexer.library.tables import DocumentRow
from indexer.text import digest_of

SEVERAL, MANY = 5, 20  # people, from which a step begins
MOST_WAITING: Final = 500
_TRIES: Final = 3  # when other processes keep the same at the same moment

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Opening:
    document: str
    reach: str
    reader: str
    day: date


@dataclass(slots=True)
class Openings:
    """What was opened or shown, until it is kept: many at once, those of a day at the latest on the next."""

    database: Database
    _waiting: set[_Opening] = field(default_factory=set)
    _lock: Lock = field(default_factory=Lock)

    def note(self, reader: Principal, document_ids: Iterable[str], day: date | None = None) -> None:
        """Somebody opened these documents, or was shown some of their text. Refuses nothing: what fails is not counted.

        Of a reader a mark is kept that is another for each document.
        """
        reach, day = reach_of(reader), day or now().date()
        openings = [_Opening(each, reach, digest_of(f"{each}\n{reader.person_id}"), day) for each in document_ids]
        with self._lock:
            full = len(self._waiting) + len(openings) > MOST_WAITING or any(each.day < day for each in self._waiting)
            before = self._taken() if full else set()
            self._waiting |= set(openings[:MOST_WAITING])
        self._keep(before)

    def close(self) -> None:
        """Keep what waits."""
        with self._lock:
            waiting = self._taken()
        self._keep(waiting)

    def _taken(self) -> set[_Opening]:
        waiting, self._waiting = self._waiting, set()
        return waiting

    def _keep(self, openings: set[_Opening]) -> None:
        for _ in range(_TRIES if openings else 0):
            try:
                with self.database.session() as session:
                    _insert(session, openings)
                return
            except ConcurrentChangeError:
                continue
            except DatabaseError:
                break
        if openings:
            _log.warning("%d openings are not counted", len(openings))


def _insert(session: Session, openings: Iterable[_Opening]) -> None:
    """Keep each that is new: of a document and a reach no more than the steps tell apart."""
    grouped: dict[tuple[str, str], dict[str, date]] = defaultdict(dict)
    reaches: dict[str, str] = {}
    for each in openings:
        reaches[digest_of(each.reach)] = each.reach
        grouped[each.document, digest_of(each.reach)].setdefault(each.reader, each.day)
    names = {document for document, _ in grouped}
    there = set(session.scalars(select(DocumentRow.id).where(DocumentRow.id.in_(names))))
    known_reaches = set(session.scalars(select(ReachRow.digest).where(ReachRow.digest.in_(reaches))))
    session.add_all(ReachRow(digest=digest, reach=reaches[digest]) for digest in reaches.keys() - known_reaches)
    session.flush()
    known: dict[tuple[str, str], set[str]] = defaultdict(set)
    kept = select(OpeningRow).where(OpeningRow.document.in_(there), OpeningRow.reach.in_(reaches))
    for row in session.scalars(kept):
        known[row.document, row.reach].add(row.reader)
    rows = [
        {"document": document, "reach": reach, "reader": reader, "day": day}
        for (document, reach), readers in grouped.items()
        if document in there
        for reader, day in _fresh(readers, known[document, reach])
    ]
    if rows:
        session.execute(insert(OpeningRow), rows)


def _fresh(readers: dict[str, date], known: set[str]) -> list[tuple[str, date]]:
    """Readers who are not known yet, as many as there is room for."""
    fresh = [(reader, day) for reader, day in sorted(readers.items()) if reader not in known]
    return fresh[: max(0, MANY - len(known))]


def readers_before(session: Session, by: Principal, day: date) -> Subquery:
    """By document, how many people whose rights lay inside those of `by` opened it before a day."""
    inside = [row.digest for row in session.scalars(select(ReachRow)) if lies_inside(row.reach, by)]
    counted = select(OpeningRow.document, func.count(OpeningRow.reader.distinct()).label("readers"))
    counted = counted.where(OpeningRow.reach.in_(inside), OpeningRow.day < day)
    return counted.group_by(OpeningRow.document).subquery()


def step(readers: Subquery) -> ColumnElement[int]:
    """0 for few people or none, 1 for several, 2 for many."""
    return case((readers.c.readers >= MANY, 2), (readers.c.readers >= SEVERAL, 1), else_=0)
