"""Reads documents, pages and passages from the database, inside a scope. Refuses all else as if it were not there."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, Row, and_, or_, select, tuple_
from sqlalchemy.orm import Session

from auth import policy
from auth.database import now
from auth.labels import Label
from auth.policy import Scope
from indexer.library.states import State, shown_as
from indexer.library.tables import DocumentRow, PageRow, PassageRow, SegmentRow, TranslationRow
from indexer.text import RANK, Box, TranslationOrigin

OF_SEGMENT: Final = and_(  # whether a translation is of a sentence
    TranslationRow.document == SegmentRow.document,
    TranslationRow.source_digest == SegmentRow.digest,
    TranslationRow.source == SegmentRow.language,
)
_SEGMENTS = (  # as plain rows: a search reads hundreds; a sentence comes once with each of its translations
    select(*SegmentRow.__table__.c)
    .add_columns(TranslationRow.text.label("translation"), TranslationRow.origin, TranslationRow.version)
    .add_columns(TranslationRow.engine, TranslationRow.doubt)
    .outerjoin(TranslationRow, OF_SEGMENT)
)


@dataclass(frozen=True, slots=True)
class Times:
    """When a document is published, from the end of its embargo until it expires, and when it is to be reviewed."""

    embargo_until: datetime | None = None
    expires_at: datetime | None = None
    review_on: date | None = None

    def published(self, at: datetime) -> bool:
        """Whether readers may see the document at that moment."""
        return (self.embargo_until is None or self.embargo_until <= at) and (
            self.expires_at is None or at < self.expires_at
        )

    def as_words(self) -> dict[str, str]:
        """As the trail tells them: in ISO 8601, those that there are."""
        named = {"embargo_until": self.embargo_until, "expires_at": self.expires_at, "review_on": self.review_on}
        return {name: moment.isoformat() for name, moment in named.items() if moment}

    def next_change(self, at: datetime) -> datetime | None:
        """The first moment after this one at which that changes."""
        return min((moment for moment in (self.embargo_until, self.expires_at) if moment and moment > at), default=None)


ALWAYS: Final = Times()


def times_from_words(words: Mapping[str, str]) -> Times:
    """What `Times.as_words` told; "" is none as well. Raises ValueError."""
    embargo, expiry = (words.get(name) or None for name in ("embargo_until", "expires_at"))
    review = words.get("review_on")
    return Times(
        datetime.fromisoformat(embargo).astimezone(UTC) if embargo else None,
        datetime.fromisoformat(expiry).astimezone(UTC) if expiry else None,
        date.fromisoformat(review) if review else None,
    )


@dataclass(frozen=True, slots=True)
class TranslatedText:
    """A sentence in the other language. `doubt` is the reason not to trust it, or ""."""

    text: str
    origin: TranslationOrigin
    engine: str
    doubt: str


@dataclass(frozen=True, slots=True)
class SegmentText:
    """A sentence as people read it, where it stands, and its translation if there is one."""

    ordinal: int
    page: int
    text: str
    language: str
    boxes: tuple[tuple[int, Box], ...]
    furniture: bool
    translation: TranslatedText | None


@dataclass(frozen=True, slots=True)
class PassageText:
    """A passage: its sentences in order."""

    document_id: str
    ordinal: int
    page: int
    segments: tuple[SegmentText, ...]


@dataclass(frozen=True, slots=True)
class PageContent:
    """A page: its size in points, why it holds no text if that is known, and the sentences that begin on it."""

    number: int
    width: float
    height: float
    trouble: str
    segments: tuple[SegmentText, ...]


def split(text: str) -> tuple[str, ...]:
    """A list that a column holds separated by commas."""
    return tuple(part for part in text.split(",") if part)


def label_of(session: Session, row: DocumentRow) -> Label:
    """The label of a document; SEALED's rule where its own cannot be read."""
    return Label(policy.rule_of(session, row.rule), frozenset(split(row.originators)))


def times_of(row: DocumentRow) -> Times:
    """When a document is published, and when it is to be reviewed."""
    return Times(row.embargo_until, row.expires_at, row.review_on)


def are_published(at: datetime) -> ColumnElement[bool]:
    """As `Times.published`, of rows in a query."""
    return and_(
        or_(DocumentRow.embargo_until.is_(None), DocumentRow.embargo_until <= at),
        or_(DocumentRow.expires_at.is_(None), DocumentRow.expires_at > at),
    )


def get(session: Session, scope: Scope, document_id: str) -> DocumentRow | None:
    """A document inside the scope, else None, whether or not there is one outside."""
    row = session.get(DocumentRow, document_id)
    return row if row is not None and _inside(scope, row) else None


def _inside(scope: Scope, row: DocumentRow) -> bool:
    timely = scope.action in policy.UNPUBLISHED or times_of(row).published(now())
    return scope.covers(row.rule) and timely and row.state is not State.REMOVING


def why_refused(session: Session, document_id: str) -> dict[str, str | int]:
    """What the trail says of a document that somebody was refused: whether there is one, and its label."""
    row = session.get(DocumentRow, document_id)
    rule = policy.rule_of(session, row.rule if row else "")  # looked up for nothing too, which then takes as long
    if row is None:
        return {"rule": "absent"}
    return {"rule": "label" if times_of(row).published(now()) else "time", "label": rule.as_text()}


def get_all(session: Session, scope: Scope, document_ids: Iterable[str]) -> Mapping[str, DocumentRow]:
    """Those of these documents that are inside the scope, by identifier."""
    rows = session.scalars(select(DocumentRow).where(DocumentRow.id.in_(list(document_ids))))
    return {row.id: row for row in rows if _inside(scope, row)}


def listed(
    session: Session, scope: Scope, offset: int, limit: int, state: State | None = None, review_by: date | None = None
) -> list[DocumentRow]:
    """Documents inside the scope, the latest taken in first; of one state, or to be reviewed by a day, where given."""
    query = select(DocumentRow).where(DocumentRow.rule.in_(scope.rules), DocumentRow.state != State.REMOVING)
    if scope.action not in policy.UNPUBLISHED:
        query = query.where(are_published(now()))
    if state is not None:
        query = query.where(DocumentRow.state.in_(shown_as(state)))
    if review_by is not None:
        query = query.where(DocumentRow.review_on <= review_by)
    query = query.order_by(DocumentRow.taken_at.desc(), DocumentRow.id).offset(offset).limit(limit)
    return list(session.scalars(query))


def page(session: Session, scope: Scope, document_id: str, number: int) -> PageContent | None:
    """A page of a document inside the scope, else None."""
    if get(session, scope, document_id) is None:
        return None
    row = session.get(PageRow, (document_id, number))
    if row is None:
        return None
    of_page = and_(SegmentRow.document == document_id, SegmentRow.page == number)
    segments = session.execute(_SEGMENTS.where(of_page).order_by(SegmentRow.ordinal))
    return PageContent(row.number, row.width, row.height, row.trouble, tuple(map(_segment, _shown(segments))))


def troubled_pages(session: Session, scope: Scope, document_id: str) -> list[int]:
    """The numbers of a document's pages whose text could not be trusted; they need text recognition (OCR)."""
    if get(session, scope, document_id) is None:
        return []
    query = select(PageRow.number).where(PageRow.document == document_id, PageRow.trouble == "needs_ocr")
    return list(session.scalars(query.order_by(PageRow.number)))


def passages(
    session: Session, scope: Scope, places: Sequence[tuple[str, int]]
) -> Mapping[tuple[str, int], PassageText]:
    """Those of these passages, by (document, ordinal), whose documents are inside the scope."""
    readable = get_all(session, scope, {document_id for document_id, _ in places})
    keys = [key for key in places if key[0] in readable]
    key = tuple_(PassageRow.document, PassageRow.ordinal)
    rows = list(session.scalars(select(PassageRow).where(key.in_(keys)))) if keys else []
    runs = [and_(SegmentRow.document == r.document, SegmentRow.ordinal.between(r.first, r.last)) for r in rows]
    texts = _texts(rows, session.execute(_SEGMENTS.where(or_(*runs))) if runs else ())
    return {(text.document_id, text.ordinal): text for text in texts}


def all_passages(session: Session, document_id: str) -> list[PassageText]:
    """Every passage of a document, in order: for the index, which shows none of it to anybody."""
    rows = select(PassageRow).where(PassageRow.document == document_id).order_by(PassageRow.ordinal)
    segments = _SEGMENTS.where(SegmentRow.document == document_id)
    return _texts(list(session.scalars(rows)), session.execute(segments))


def _texts(rows: Sequence[PassageRow], segments: Iterable[Row[Any]]) -> list[PassageText]:
    by_place = {(row.document, row.ordinal): _segment(row) for row in _shown(segments) if not row.furniture}
    return [
        PassageText(
            row.document,
            row.ordinal,
            row.page,
            tuple(
                by_place[row.document, at] for at in range(row.first, row.last + 1) if (row.document, at) in by_place
            ),
        )
        for row in rows
    ]


def _shown(rows: Iterable[Row[Any]]) -> Iterable[Row[Any]]:
    """Of the rows of each sentence the one with the translation that is shown: the highest origin, the last version."""
    shown: dict[tuple[str, int], Row[Any]] = {}
    for row in rows:
        other = shown.setdefault((row.document, row.ordinal), row)
        if other is not row and (RANK[row.origin], row.version) > (RANK[other.origin], other.version):
            shown[row.document, row.ordinal] = row
    return shown.values()


def _segment(row: Row[Any]) -> SegmentText:
    boxes = tuple((page, (x0, y0, x1, y1)) for page, (x0, y0, x1, y1) in json.loads(row.boxes))
    translation = None
    if row.translation is not None:
        translation = TranslatedText(row.translation, row.origin, row.engine, row.doubt)
    return SegmentText(row.ordinal, row.page, row.text, row.language, boxes, row.furniture, translation)
