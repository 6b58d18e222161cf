"""The stages of the pipeline: what each makes of a document. A stage works first, then changes the database at once."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import islice
from typing import Final

from sqlalchemy import delete, insert
from sqlalchemy.orm import Session

from auth.database import Database
from indexer.engine.contract import Engine
from indexer.extract.pages import PageText
from indexer.extract.reader import Reader
from indexer.library.documents import INDEXED, OTHER, TRANSLATED, TRANSLATING
from indexer.library.files import Store
from indexer.library.tables import DocumentRow, PageRow, PassageRow, RemovedDocumentRow, SegmentRow
from indexer.pipeline import index_sync
from indexer.pipeline.index_sync import IndexWrite
from indexer.segment.dates import first_date
from indexer.segment.passages import Passage, passages
from indexer.segment.segments import Segment, segment
from indexer.translate import translations
from indexer.translate.contract import Model
from indexer.translate.packages import Packages
from indexer.translate.translations import Work

Progress = Callable[[int, int], None]  # pages or sentences done, and in all
Change = Callable[[Session, DocumentRow], None]  # applied in one transaction, while the lease is held

LONGEST_TITLE: Final = 200  # characters, of a title taken from the text


class Stages:
    """What the stages need: the database, the originals, the index and a reader of PDFs."""

    def __init__(self, database: Database, store: Store, engine: Engine, reader: Reader, packages: Packages) -> None:
        self._database, self._store, self._engine, self._reader = database, store, engine, reader
        self._packages = packages

    def extract(self, document_id: str, progress: Progress) -> Change:
        """Read the PDF's text and cut it into sentences and passages. Raises ExtractError, StoreError."""
        with self._store.open(document_id) as file:
            pages = self._reader.pages(file, progress)
        segments = segment(pages)
        runs = passages(segments)
        return lambda session, row: keep_text(session, row, pages, segments, runs)

    def index(self, document_id: str, progress: Progress) -> Change:
        """Put the document into the index, if it is published. Raises EngineError."""
        write = index_sync.plan_entry(self._database, self._engine, document_id)
        write.send(self._engine)
        return lambda _, row: _indexed(row, write)

    def translate(self, document_id: str, progress: Progress) -> Change:
        """Translate the document into the other language, if there is a model for it. Raises TranslationError."""
        fingerprint = self._packages.fingerprint()
        with self._database.reading() as session:
            row = session.get_one(DocumentRow, document_id)
            model = self._packages.for_document(row.language, OTHER[row.language], row.sha256)
            work = translations.work_on(session, row, model) if model else None
        if model is None or work is None:
            return lambda _, row: _tried(row, fingerprint)
        texts = translations.translated(work, self._packages.open(model), progress)
        return lambda session, row: _keep_translation(session, row, model, work, texts, fingerprint)

    def remove(self, document_id: str, progress: Progress) -> Change:
        """Take the document out of the index and the store. Raises EngineError."""
        index_sync.sync_documents(self._database, self._engine, [document_id])
        self._store.remove(document_id)
        return _forget


def _indexed(row: DocumentRow, write: IndexWrite) -> None:
    row.state = TRANSLATED if row.state == TRANSLATING else INDEXED
    index_sync.confirm(row, write.version, write.rule)


def _forget(session: Session, row: DocumentRow) -> None:
    """Delete a document, but for its version: what was written of it before must never reach the index again."""
    session.merge(RemovedDocumentRow(id=row.id, version=row.version))
    session.delete(row)


def _tried(row: DocumentRow, fingerprint: str) -> None:
    row.models_tried = fingerprint


def _keep_translation(
    session: Session, row: DocumentRow, model: Model, work: Work, texts: Mapping[int, str], fingerprint: str
) -> None:
    translations.keep(session, row, model, work, texts)
    row.stage, row.code, row.message, row.models_tried, row.state = "", "", "", fingerprint, TRANSLATING


def keep_text(
    session: Session, row: DocumentRow, pages: Sequence[PageText], segments: Sequence[Segment], runs: Sequence[Passage]
) -> None:
    """Keep what was read of a document, in place of what was read before; it is then extracted."""
    for table in (PassageRow, SegmentRow, PageRow):
        session.execute(delete(table).where(table.document == row.id))
    _insert(session, PageRow, map(_page_columns, pages), row.id)
    _insert(session, SegmentRow, map(_columns, segments), row.id)
    _insert(
        session,
        PassageRow,
        ({"ordinal": p.ordinal, "page": p.page, "first": p.first, "last": p.last} for p in runs),
        row.id,
    )
    row.pages = len(pages)
    _describe(row, segments)
    row.state = "extracted"


def _insert(session: Session, table: type, rows: Iterable[dict[str, object]], document_id: str) -> None:
    rows = iter(rows)
    while some := [{"document": document_id, **row} for row in islice(rows, 5_000)]:
        session.execute(insert(table), some)


def _page_columns(page: PageText) -> dict[str, object]:
    return {"number": page.number, "width": page.width, "height": page.height, "trouble": page.trouble or ""}


def _columns(segment: Segment) -> dict[str, object]:
    boxes = json.dumps([[page, [round(x, 2) for x in box]] for page, box in segment.boxes])
    return {
        "ordinal": segment.ordinal,
        "page": segment.page,
        "text": segment.text,
        "language": segment.language,
        "boxes": boxes,
        "furniture": segment.furniture,
    }


def _describe(row: DocumentRow, segments: Sequence[Segment]) -> None:
    """Fill in what nobody gave: the language of most of the text, a title and a date from the first page."""
    letters: Counter[str] = Counter()
    for sentence in segments:
        letters[sentence.language] += len(sentence.text)
    row.language = row.language or max(sorted(letters), key=lambda language: letters[language])
    first_page = [sentence for sentence in segments if sentence.page == 1]
    if not (row.title_en or row.title_ru) and first_page:
        title = first_page[0]
        setattr(row, f"title_{title.language}", title.text[:LONGEST_TITLE])
    row.date = row.date or first_date(" ".join(sentence.text for sentence in first_page))
