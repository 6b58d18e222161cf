"""Reads documents, pages and passages from the database, inside a scope. Refuses all else as if it were not there."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import groupby
from operator import attrgetter, itemgetter
from typing import Any, Final

from sqlalchemy import ColumnElement, and_, bindparam, or_, select, tuple_
from sqlalchemy.orm import Session

from auth import policy
from auth.database import now
from auth.labels import Label
from auth.policy import Scope
from auth.tables import RuleRow
from indexer.library.states import State, shown_as
from indexer.library.tables import DocumentRow, PageRow, PassageRow, SegmentRow, TranslationRow
from indexer.text import AS_SEARCHED, LANGUAGES, RANK, Box, Origin, TranslationOrigin

READ_AT_ONCE: Final = 1_000  # rows, where documents are read as a whole
OF_SEGMENT: Final = and_(  # whether a translation is of a sentence
    TranslationRow.document == SegmentRow.document,
    TranslationRow.source_digest == SegmentRow.digest,
    TranslationRow.source == SegmentRow.language,
)
_SENTENCE: Final = (  # as plain columns, told apart by where they stand: a search reads hundreds of rows
    SegmentRow.document,
    SegmentRow.ordinal,
    SegmentRow.page,
    SegmentRow.text,
    SegmentRow.language,
    SegmentRow.boxes,
    SegmentRow.furniture,
    TranslationRow.text.label("translation"),
    TranslationRow.origin,
    TranslationRow.version,
    TranslationRow.engine,
    TranslationRow.doubt,
    SegmentRow.marks,
)
_NAME: Final = (0, 1)  # which of them name the sentence
_ORIGIN, _VERSION = 8, 9  # which say of whom its translation is
_PLACE: Final = (0, len(_SENTENCE), len(_SENTENCE) + 1)  # and which its passage: document, ordinal, page
_IN_ORDER: Final = (SegmentRow.document, SegmentRow.ordinal)  # a sentence comes once with each of its translations
_SEGMENTS: Final = select(*_SENTENCE).outerjoin_from(SegmentRow, TranslationRow, OF_SEGMENT).order_by(*_IN_ORDER)
_OF_PASSAGE: Final = and_(
    SegmentRow.document == PassageRow.document,
    SegmentRow.ordinal.between(PassageRow.first, PassageRow.last),
    ~SegmentRow.furniture,
)
_PASSAGES: Final = (
    select(*_SENTENCE, PassageRow.ordinal.label("passage"), PassageRow.page.label("begins"))
    .join_from(PassageRow, SegmentRow, _OF_PASSAGE)
    .outerjoin(TranslationRow, OF_SEGMENT)
    .order_by(PassageRow.document, PassageRow.ordinal, SegmentRow.ordinal)  # by sentence, SQLite would read them all
)
_PASSAGES_AT: Final = _PASSAGES.where(
    PassageRow.document.in_(bindparam("ids", expanding=True)),  # as SQLite looks up no pairs
    tuple_(PassageRow.document, PassageRow.ordinal).in_(bindparam("places", expanding=True)),
)
_LABELLED: Final = (
    select(DocumentRow, RuleRow.rule)
    .outerjoin(RuleRow, RuleRow.digest == DocumentRow.rule)
    .where(DocumentRow.id.in_(bindparam("ids", expanding=True)))
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
    """A sentence as people read it, where it stands, and its translation if there is one.

    `placed` is its boxes as they are kept: of hundreds of sentences that a search reads, few are shown on their page.
    """

    ordinal: int
    page: int
    text: str
    language: str
    placed: str
    furniture: bool
    translation: TranslatedText | None
    marked: str = ""

    @property
    def by_form(self) -> bool:
        """Whether its words are searched by their forms alone, as it is neither in English nor in Russian."""
        return self.language not in LANGUAGES

    @property
    def marks(self) -> tuple[str, ...]:
        """What whoever reads it must know of its lines, as `Line.marks` says."""
        return split(self.marked)

    @property
    def boxes(self) -> tuple[tuple[int, Box], ...]:
        """Its boxes, each with its page."""
        return tuple((page, (x0, y0, x1, y1)) for page, (x0, y0, x1, y1) in json.loads(self.placed))


@dataclass(frozen=True, slots=True)
class PassageText:
    """A passage: its sentences in order."""

    document_id: str
    ordinal: int
    page: int
    segments: tuple[SegmentText, ...]

    def searched(self) -> dict[Origin, list[tuple[SegmentText, str]]]:
        """What a search finds it by: sentences with the text that each has in the original, and in translations."""
        texts: dict[Origin, list[tuple[SegmentText, str]]] = {"original": [(each, each.text) for each in self.segments]}
        for each in self.segments:
            if each.translation and not each.translation.doubt:
                origin = AS_SEARCHED[each.translation.origin]
                texts.setdefault(origin, []).append((each, each.translation.text))
        return texts


@dataclass(frozen=True, slots=True)
class PageContent:
    """A page: its size in points, why it holds no text if that is known, and the sentences that begin on it.

    `confidence`, of 100, is of a page that was recognised from its picture.
    """

    number: int
    width: float
    height: float
    trouble: str
    confidence: int | None
    segments: tuple[SegmentText, ...]


def split(text: str) -> tuple[str, ...]:
    """A list that a column holds separated by commas."""
    return tuple(part for part in text.split(",") if part)


def label_of(session: Session, row: DocumentRow) -> Label:
    """The label of a document; SEALED's rule where its own cannot be read."""
    return Label(policy.rule_of(session, row.rule), frozenset(split(row.originators)))


def labels_of(session: Session, scope: Scope, rows: Iterable[DocumentRow]) -> Mapping[str, Label]:
    """As `label_of`, of those of many documents that are inside the scope, by identifier: asked in one statement."""
    originators = {row.id: row.originators for row in rows if _inside(scope, row)}
    query = select(DocumentRow.id, RuleRow.rule).outerjoin(RuleRow, RuleRow.digest == DocumentRow.rule)
    rules = session.execute(query.where(DocumentRow.id.in_(originators))).all()
    return {document_id: _label(rule or "", originators[document_id]) for document_id, rule in rules}


def times_of(row: DocumentRow) -> Times:
    """When a document is published, and when it is to be reviewed."""
    return Times(row.embargo_until, row.expires_at, row.review_on)


def are_published(at: datetime | ColumnElement[Any]) -> ColumnElement[bool]:
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


def get_all(session: Session, scope: Scope, document_ids: Iterable[str]) -> Mapping[str, tuple[DocumentRow, Label]]:
    """Those of these documents that are inside the scope, by identifier, each with its label."""
    rows = session.execute(_LABELLED, {"ids": list(document_ids)}).all()
    return {row.id: (row, _label(rule or "", row.originators)) for row, rule in rows if _inside(scope, row)}


def _label(rule: str, originators: str) -> Label:
    return Label(policy.rule_in(rule), frozenset(split(originators)))


def listed(
    session: Session, scope: Scope, offset: int, limit: int, state: State | None = None, review_by: date | None = None
) -> list[DocumentRow]:
    """Documents inside the scope, the latest taken in first; of one state, or to be reviewed by a day, where given."""
    query = select(DocumentRow.id).where(DocumentRow.rule.in_(scope.rules), DocumentRow.state != State.REMOVING)
    if scope.action not in policy.UNPUBLISHED:
        query = query.where(are_published(now()))
    if state is not None:
        query = query.where(DocumentRow.state.in_(shown_as(state)))
    if review_by is not None:
        query = query.where(DocumentRow.review_on <= review_by)
    order = DocumentRow.taken_at.desc(), DocumentRow.id
    chosen = query.order_by(*order).offset(offset).limit(limit)  # by an index alone; whole rows of those shown
    return list(session.scalars(select(DocumentRow).where(DocumentRow.id.in_(chosen)).order_by(*order)))


def of_symbols(session: Session, scope: Scope, symbols: Iterable[str], most: int) -> list[DocumentRow]:
    """Papers inside the scope with one of these symbols, at most so many."""
    query = select(DocumentRow).where(DocumentRow.symbol.in_(list(symbols)), DocumentRow.rule.in_(scope.rules))
    rows = session.scalars(query.order_by(DocumentRow.id).limit(most))
    return [row for row in rows if _inside(scope, row)]


def page(session: Session, scope: Scope, document_id: str, number: int) -> PageContent | None:
    """A page of a document inside the scope, else None."""
    if get(session, scope, document_id) is None:
        return None
    row = session.get(PageRow, (document_id, number))
    if row is None:
        return None
    of_page = and_(SegmentRow.document == document_id, SegmentRow.page == number)
    segments = session.execute(_SEGMENTS.where(of_page))
    sentences = tuple(map(_segment, _shown(segments)))
    return PageContent(row.number, row.width, row.height, row.trouble, row.confidence, sentences)


def sentences(
    session: Session, scope: Scope, document_id: str, ordinals: Iterable[int] | None = None
) -> dict[int, SegmentText]:
    """Sentences of a document inside the scope, by ordinal: those asked for, or all; else none."""
    if get(session, scope, document_id) is None:
        return {}
    query = _SEGMENTS.where(SegmentRow.document == document_id)
    if ordinals is not None:
        query = query.where(SegmentRow.ordinal.in_(list(ordinals)))
    segments = map(_segment, _shown(session.execute(query)))
    return {segment.ordinal: segment for segment in segments}


def troubled_pages(session: Session, scope: Scope, document_id: str) -> list[int]:
    """The numbers of a document's pages whose text could not be trusted; they need text recognition (OCR)."""
    if get(session, scope, document_id) is None:
        return []
    query = select(PageRow.number).where(PageRow.document == document_id, PageRow.trouble == "needs_ocr")
    return list(session.scalars(query.order_by(PageRow.number)))


def passages(
    session: Session, scope: Scope, rows: Iterable[DocumentRow], places: Iterable[tuple[str, int]]
) -> Mapping[tuple[str, int], PassageText]:
    """Those of these passages, by (document, ordinal), of documents that are inside the scope."""
    readable = {row.id for row in rows if _inside(scope, row)}
    keys = [key for key in places if key[0] in readable]
    if not keys:
        return {}
    chosen = session.execute(_PASSAGES_AT, {"ids": list({document_id for document_id, _ in keys}), "places": keys})
    return {(text.document_id, text.ordinal): text for text in _texts(chosen)}


def passage_of(session: Session, scope: Scope, row: DocumentRow, ordinal: int) -> PassageText | None:
    """A passage of a document that is inside the scope, else None."""
    return passages(session, scope, [row], [(row.id, ordinal)]).get((row.id, ordinal))


def passages_of(session: Session, scope: Scope, row: DocumentRow) -> list[PassageText]:
    """Every passage of a document that is inside the scope, in order; else none."""
    return all_passages(session, row.id) if _inside(scope, row) else []


def passages_of_each(
    session: Session, scope: Scope, rows: Iterable[DocumentRow]
) -> Iterator[tuple[str, list[PassageText]]]:
    """As `passages_of` of many documents, with their identifiers; no more than one is held at a time."""
    readable = [row.id for row in rows if _inside(scope, row)]
    if not readable:
        return
    query = _PASSAGES.where(PassageRow.document.in_(readable)).execution_options(yield_per=READ_AT_ONCE)
    for document_id, texts in groupby(_texts(session.execute(query)), key=attrgetter("document_id")):
        yield document_id, list(texts)


def all_passages(session: Session, document_id: str) -> list[PassageText]:
    """Every passage of a document, in order: for the index, which shows none of it to anybody."""
    return list(_texts(session.execute(_PASSAGES.where(PassageRow.document == document_id))))


def some_passages(session: Session, document_id: str, ordinals: Iterable[int]) -> list[PassageText]:
    """These passages of a document, in order: for their vectors, as `all_passages`."""
    chosen = PassageRow.document == document_id, PassageRow.ordinal.in_(list(ordinals))
    return list(_texts(session.execute(_PASSAGES.where(*chosen))))


def translated_by_people(session: Session, document_id: str) -> bool:
    """Whether some sentence of a document has a person's translation: for the index, as `all_passages`."""
    by_people = TranslationRow.document == document_id, TranslationRow.origin != "machine"
    return session.scalar(select(TranslationRow.document).where(*by_people).limit(1)) is not None


def _texts(rows: Iterable[Any]) -> Iterator[PassageText]:
    """Passages out of the rows of their sentences, which come in order."""
    for (document_id, ordinal, page), of_it in groupby(_shown(rows), key=itemgetter(*_PLACE)):
        yield PassageText(document_id, ordinal, page, tuple(map(_segment, of_it)))


def _shown(rows: Iterable[Any]) -> Iterator[Sequence[Any]]:
    """Of the rows of each sentence the one with the translation that is shown: the highest origin, the last version."""
    return (max(of_it, key=_rank) for _, of_it in groupby(rows, key=itemgetter(*_NAME)))


def _rank(row: Sequence[Any]) -> tuple[int, int]:
    origin, version = row[_ORIGIN], row[_VERSION]
    return (RANK[origin], version) if origin else (-1, 0)


def _segment(row: Sequence[Any]) -> SegmentText:
    _, ordinal, page, text, language, boxes, furniture, translation, origin, _, engine, doubt, marked, *_ = row
    made = TranslatedText(translation, origin, engine, doubt) if translation is not None else None
    return SegmentText(ordinal, page, text, language, boxes, furniture, made, marked)
