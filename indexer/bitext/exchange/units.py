"""What is exchanged with other tools: a document's sentences with their translations, who made them, and the label."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from auth.errors import ErrorKind, TolmachError
from indexer.bitext.review import segments
from indexer.bitext.review.segments import WorkSegment
from indexer.bitext.review.tables import ActKind, SegmentActRow, WorkState
from indexer.library.tables import DocumentRow, SegmentRow


class ExchangeError(TolmachError, ValueError):
    """A file that came in is none of the formats, or not well-formed; the message says what is wrong."""

    kind = ErrorKind.INVALID
    code = "exchange_file"


@dataclass(frozen=True, slots=True)
class Unit:
    """A sentence and its translation. `number` is its place in the document, -1 where a file does not say.

    `target` is people's text, else the machine's, else "". `author` is who wrote it last, "" for the machine.
    """

    number: int
    source_digest: str
    source: str
    target: str
    state: WorkState
    version: int
    author: str


@dataclass(frozen=True, slots=True)
class Bitext:
    """A document's sentences in both languages. `label` is its marking in words."""

    document_id: str
    title: str
    label: str
    source_language: str
    target_language: str
    units: tuple[Unit, ...]


def bitext_of(session: Session, row: DocumentRow, label: str) -> Bitext:
    """A document that the caller has by a scope, as it is exchanged. Raises NotTranslatedError."""
    target = segments.target_of(row)
    query = select(SegmentRow).where(SegmentRow.document == row.id, SegmentRow.language == row.language)
    rows = session.scalars(query.order_by(SegmentRow.ordinal)).all()
    authors = _authors(session, row)
    units = tuple(_unit(each, authors) for each in segments.on_the_bench(session, row, rows))
    title = row.title_en or row.title_ru or row.filename
    return Bitext(row.id, title, label, row.language, target, units)


def _unit(segment: WorkSegment, authors: dict[str, str]) -> Unit:
    work, sentence = segment.work, segment.sentence
    author = authors.get(segment.source_digest, "") if work.version else ""
    return Unit(sentence.ordinal, segment.source_digest, sentence.text, work.text, work.state, work.version, author)


def _authors(session: Session, row: DocumentRow) -> dict[str, str]:
    """Who wrote the last version of each sentence, by its digest."""
    of_it = (SegmentActRow.document == row.id, SegmentActRow.source == row.language)
    saved = (*of_it, SegmentActRow.kind == ActKind.SAVED)
    query = select(SegmentActRow.source_digest, SegmentActRow.by).where(*saved).order_by(SegmentActRow.number)
    by = {each[0]: each[1] for each in session.execute(query)}
    names = segments.names_of(session, by.values())
    return {digest: names[person].username for digest, person in by.items() if person in names}


def by_source(units: Iterable[Unit]) -> dict[str, Unit]:
    """The units by their sentence; of equal ones the first."""
    sources: dict[str, Unit] = {}
    for unit in units:
        sources.setdefault(unit.source, unit)
    return sources
