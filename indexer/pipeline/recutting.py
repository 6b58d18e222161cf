"""Cuts documents anew by the segmentation rules that stand now. Refuses to take a document from a worker that has it.

Each is read from its file again and stays as it was where its sentences come out the same. What people translated
stays: it is known by the sentences' texts. Where a run was broken off, the next one with the same rules goes on.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Final, Literal

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session

from auth.database import locking, now
from indexer.extract.pages import ExtractError
from indexer.library.states import State
from indexer.library.tables import DocumentRow, MeetingRow, SegmentRow
from indexer.pipeline import lease
from indexer.pipeline.lease import Lease, LostLeaseError
from indexer.pipeline.stages.extract import Reading, keeping, read
from indexer.pipeline.stages.stage import Context, Progress
from indexer.segment.rules import kept
from indexer.segment.rules.tables import SegmentationRow
from indexer.segment.segments import segment
from indexer.store.contract import StoreError

_FREE: Final = (State.INDEXED, State.TRANSLATED)
_READ: Final = (*_FREE, State.EXTRACTED, State.TRANSLATING)  # whose sentences were cut by the rules of their day
_AT_ONCE: Final = 200

Outcome = Literal["changed", "same", "busy", "failed"]


@dataclass(frozen=True, slots=True)
class _Place:
    """How far a run for a series has come by these rules: after which document, and which were not free."""

    series: str
    rules: str
    taken_at: str = ""
    document_id: str = ""
    busy: tuple[str, ...] = ()


class Recutting:
    """Cuts documents anew, one after another."""

    def __init__(self, context: Context, file: Path) -> None:
        """`file` keeps how far a run has come."""
        self._context, self._file = context, file
        self._holder = lease.new_holder()

    def run(self, series: str, progress: Progress) -> Counter[Outcome]:
        """Cut the documents of a series of meetings, or with "" those that follow the rules for all; how they fared.

        One that cannot be read any more stays as it is. Those that a worker had are tried again by the next run.
        """
        with self._context.database.reading() as session:
            place = self._begun(series, kept.digest_for(session, series))
            total = len(place.busy) + (session.scalar(select(func.count()).where(*_after(place))) or 0)
        outcomes: Counter[Outcome] = Counter()
        for document_id, taken_at in self._documents(place):
            outcome = self._recut(document_id)
            outcomes[outcome] += 1
            busy = [each for each in place.busy if each != document_id] + [document_id] * (outcome == "busy")
            place = replace(place, busy=tuple(busy))
            if taken_at:
                place = replace(place, taken_at=taken_at, document_id=document_id)
            self._keep(place)
            progress(outcomes.total(), total)
        if not place.busy:
            self._file.unlink(missing_ok=True)
        return outcomes

    def _begun(self, series: str, rules: str) -> _Place:
        """Where the run before was broken off; the beginning where that was by other rules."""
        try:
            place = _Place(**json.loads(self._file.read_text(encoding="utf-8")))
        except (OSError, ValueError, TypeError):
            return _Place(series, rules)
        same = (place.series, place.rules) == (series, rules)
        return replace(place, busy=tuple(place.busy)) if same else _Place(series, rules)

    def _keep(self, place: _Place) -> None:
        fresh = self._file.with_suffix(".new")
        fresh.write_text(json.dumps(asdict(place)), encoding="utf-8")
        fresh.replace(self._file)

    def _documents(self, place: _Place) -> Iterator[tuple[str, str]]:
        """Those that were not free before, then the others as they were taken in, each with when that was."""
        yield from ((document_id, "") for document_id in place.busy)
        while True:
            with self._context.database.reading() as session:
                query = select(DocumentRow.id, DocumentRow.taken_at).where(*_after(place))
                rows = session.execute(query.order_by(DocumentRow.taken_at, DocumentRow.id).limit(_AT_ONCE)).all()
            for document_id, taken_at in rows:
                place = replace(place, taken_at=taken_at.isoformat(), document_id=document_id)
                yield document_id, place.taken_at
            if len(rows) < _AT_ONCE:
                return

    def _recut(self, document_id: str) -> Outcome:
        leased = self._claim(document_id)
        if not isinstance(leased, Lease):
            return leased
        database = self._context.database
        try:
            reading = read(self._context, document_id, lease.renewing(database, leased), unread=True)
            with database.reading() as session:
                same = _as_kept(session, document_id, reading)
            change = None if same else keeping(self._context, reading)
            with database.session() as session:
                row = lease.leased_row(session, leased)
                lease.end(row)
                if change:
                    change(session, row)
            return "changed" if change else "same"
        except LostLeaseError:
            return "busy"
        except (ExtractError, StoreError):
            return "failed"
        finally:
            with database.session() as session:
                lease.give_back(session, leased)

    def _claim(self, document_id: str) -> Lease | Outcome:
        """The document, if it is free; "same" of one that is gone or is going to be read by the new rules anyway."""
        with self._context.database.session() as session:
            row = session.scalar(locking(select(DocumentRow).where(DocumentRow.id == document_id)))
            if row is None or row.state not in _READ:
                return "same"
            if row.state not in _FREE or (row.lease_until is not None and row.lease_until > now()):
                return "busy"
            return lease.take(row, self._holder)


def _after(place: _Place) -> list[ColumnElement[bool]]:
    """The documents of a run that come after a place."""
    meetings = select(MeetingRow.code)
    if place.series:
        which = DocumentRow.meeting.in_(meetings.where(MeetingRow.series == place.series))
    else:
        own = select(SegmentationRow.series).where(SegmentationRow.series != kept.EVERY)
        which = DocumentRow.meeting.not_in(meetings.where(MeetingRow.series.in_(own)))
    conditions: list[ColumnElement[bool]] = [which, DocumentRow.state.in_(_READ)]
    if place.taken_at:
        at = datetime.fromisoformat(place.taken_at)
        later = and_(DocumentRow.taken_at == at, DocumentRow.id > place.document_id)
        conditions.append(or_(DocumentRow.taken_at > at, later))
    return conditions


def _as_kept(session: Session, document_id: str, reading: Reading) -> bool:
    """Whether a document's sentences come out as they are kept."""
    query = select(SegmentRow.text, SegmentRow.language, SegmentRow.furniture).where(SegmentRow.document == document_id)
    before = [tuple(row) for row in session.execute(query.order_by(SegmentRow.ordinal))]
    segments = segment(reading.pages, reading.language, reading.splitter)
    return before == [(each.text, each.language, each.furniture) for each in segments]
