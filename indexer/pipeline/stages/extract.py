"""Reads a document: the text of its PDF, cut into sentences and passages. Refuses what the reader cannot read."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import islice

from sqlalchemy import delete, insert
from sqlalchemy.orm import Session

from indexer.extract.pages import ExtractError, PageText
from indexer.library import likeness
from indexer.library.states import State
from indexer.library.tables import DocumentRow, PageRow, PassageRow, SegmentRow
from indexer.pipeline.stages.stage import Change, Progress, ReaderDiedError, Stage, StageFailedError
from indexer.segment.dates import first_date
from indexer.segment.passages import Passage, passages
from indexer.segment.segments import Segment, language_of, segment
from indexer.segment.titles import LONGEST_TITLE, FirstPage, first_page
from indexer.text import digest_of


class Extract(Stage):
    """Reads the PDF's text and cuts it into sentences and passages."""

    def work(self, document_id: str, progress: Progress) -> Change:
        """See Stage. Raises StoreError."""
        try:
            with self._context.store.open(document_id) as file:
                pages = self._context.reader.pages(file, progress)
            segments = segment(pages)
        except ExtractError as problem:
            if problem.code == "reader_crashed":
                raise ReaderDiedError from problem
            raise StageFailedError(problem.code, problem.message) from problem
        runs = passages(segments)
        return lambda session, row: keep_text(session, row, pages, segments, runs)


def keep_text(
    session: Session, row: DocumentRow, pages: Sequence[PageText], segments: Sequence[Segment], runs: Sequence[Passage]
) -> None:
    """Keep what was read of a document, in place of what was read before; it is then extracted.

    Its translations stay: they are known by the sentences' texts. What has none yet is translated later.
    """
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
    first_pages = (sentence.text for sentence in segments if sentence.page <= likeness.PAGES)
    likeness.keep(session, row.id, likeness.sketch_of(first_pages))
    row.pages, row.models_tried = len(pages), ""
    _describe(row, segments, first_page(pages))
    row.state = State.EXTRACTED


def _insert(session: Session, table: type, rows: Iterable[dict[str, object]], document_id: str) -> None:
    rows = iter(rows)
    while batch := [{"document": document_id, **row} for row in islice(rows, 5_000)]:
        session.execute(insert(table), batch)


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
        "digest": digest_of(segment.text),
    }


def _describe(row: DocumentRow, segments: Sequence[Segment], told: FirstPage) -> None:
    """Fill in what nobody gave: the language of most of the text; title, symbol and date from the first page."""
    letters: Counter[str] = Counter()
    for sentence in segments:
        letters[sentence.language] += len(sentence.text)
    row.language = row.language or max(sorted(letters), key=lambda language: letters[language])
    page = [sentence for sentence in segments if sentence.page == segments[0].page]
    if not (row.title_en or row.title_ru):
        title = told.title or page[0].text
        setattr(row, f"title_{language_of(title) or page[0].language}", title[:LONGEST_TITLE])
    row.symbol = row.symbol or told.symbol
    row.date = row.date or first_date(" ".join(sentence.text for sentence in page))
