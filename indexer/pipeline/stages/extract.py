"""Reads a document: the text of its PDF, cut into sentences and passages. Refuses what the reader cannot read."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Final

from sqlalchemy import delete, insert
from sqlalchemy.orm import Session

from auth import policy
from indexer.extract.answers import RecognisedPage
from indexer.extract.pages import ExtractError, PageText
from indexer.library import hidden, likeness, markings, recognised
from indexer.library.markings import Marking
from indexer.library.states import State
from indexer.library.tables import DocumentRow, MeetingRow, PageRow, PassageRow, SegmentRow
from indexer.pairs import lending
from indexer.pipeline import index_sync
from indexer.pipeline.stages.stage import Change, Context, Progress, ReaderDiedError, Stage, StageFailedError
from indexer.segment.dates import first_date
from indexer.segment.passages import Passage, passages
from indexer.segment.rules import kept
from indexer.segment.segments import Segment, language_of, segment
from indexer.segment.sentences import Splitter
from indexer.segment.titles import LONGEST_TITLE, FirstPage, first_page
from indexer.text import LANGUAGES, digest_of

MARKED: Final = (
    "The paper itself bears a stronger marking than its label: {marking}. "
    "Correct the label, or confirm it with a reason: tolmach answer DOCUMENT_ID marking confirm"
)


RECOGNISING: Final = "This PDF holds only pictures of pages. They wait to be recognised: look again later."

UNREAD: Final = ("no_text", "needs_ocr")
"""The codes of documents of which nothing can be read without recognising what their pages show."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What was read of a document: its pages, those that were recognised put in, as somebody decided by then.

    `language` is what a registrar said of the paper, "" where nobody did.
    `waiting` are the pages that have yet to be recognised. `splitter` follows the rules for its series of meetings.
    """

    choice: str
    language: str
    pages: tuple[PageText, ...]
    known: Mapping[int, RecognisedPage]
    waiting: tuple[int, ...]
    attachments: tuple[str, ...]
    splitter: Splitter


class Extract(Stage):
    """Reads the PDF's text and cuts it into sentences and passages."""

    name = "extract"

    def work(self, document_id: str, progress: Progress) -> Change:
        """See Stage. Raises StoreError."""
        try:
            return keeping(self._context, read(self._context, document_id, progress))
        except ExtractError as problem:
            if problem.code == "reader_crashed":
                raise ReaderDiedError from problem
            raise StageFailedError(problem.code, problem.message) from problem

    def failure(self, code: str, message: str) -> Change:
        """See Stage. What is only pictures waits to be recognised."""
        failed = super().failure(code, message)

        def change(session: Session, row: DocumentRow) -> None:
            failed(session, row)
            if code in UNREAD:
                row.recognise = recognised.WAITING
                row.message = row.message if self._context.recogniser.missing() else RECOGNISING

        return change


def read(context: Context, document_id: str, progress: Progress, unread: bool = False) -> Reading:
    """Read a document. `unread`: one of which nothing can be read yet as well. Raises ExtractError, StoreError."""
    with context.database.reading() as session:
        row = session.get_one(DocumentRow, document_id)
        choice, language, meeting = row.hidden_choice, _said(row), session.get(MeetingRow, row.meeting)
        splitter = kept.splitter_for(session, meeting.series if meeting else "")
        known = recognised.of_document(session, document_id)
    with context.store.open(document_id) as file:
        attachments = context.reader.attachments(file)
        pages = context.reader.pages(file, progress, unread=unread or bool(known))
    pages = hidden.chosen(pages, choice)
    waiting = recognised.unread(pages, known)
    merged = recognised.merged(pages, known)
    return Reading(choice, language, merged, known, tuple(waiting), attachments, splitter)


def keeping(context: Context, reading: Reading) -> Change:
    """What is to change when a document was read. Raises ExtractError."""
    if not any(page.lines for page in reading.pages):
        raise ExtractError("needs_ocr" if reading.waiting else "no_text")
    segments = segment(reading.pages, reading.language, reading.splitter)
    runs = passages(segments)
    marking = markings.borne(reading.pages, context.scheme)

    def change(session: Session, row: DocumentRow) -> None:
        if (row.hidden_choice, _said(row)) != (reading.choice, reading.language):
            return  # somebody has decided meanwhile: it is read again
        if row.state is not State.RECEIVED:
            index_sync.text_changed(row)
        keep_text(session, row, reading.pages, segments, runs)
        row.recognise = recognised.WAITING if reading.waiting else recognised.DONE if reading.known else ""
        row.attachments = json.dumps(reading.attachments, ensure_ascii=False) if reading.attachments else ""
        row.stage, row.code, row.message = "", "", ""
        heed_marking(session, row, marking)

    return change


def _said(row: DocumentRow) -> str:
    """The language that a registrar said a paper is in."""
    return row.language if row.language_by == "registrar" else ""


def heed_marking(session: Session, row: DocumentRow, marking: Marking | None) -> None:
    """Note what a paper says of its own level; one that says more than its label waits until somebody has a reason."""
    row.marking = marking.words if marking else ""
    if marking and marking.rank > policy.rule_of(session, row.rule).level and not row.marking_confirmed:
        row.state, row.stage, row.code = State.QUARANTINED, State.RECEIVED, "marking"
        row.message = MARKED.format(marking=marking.words)
        if row.indexed_rule:  # nobody finds it any more
            index_sync.due_now(row)


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
    lending.text_changed(session, row.id)
    row.pages, row.models_tried = len(pages), ""
    row.encoded, row.vectors = "", 0  # those of its passages went with them
    _describe(row, segments, first_page(pages))
    row.state = State.EXTRACTED


def _insert(session: Session, table: type, rows: Iterable[dict[str, object]], document_id: str) -> None:
    rows = iter(rows)
    while batch := [{"document": document_id, **row} for row in islice(rows, 5_000)]:
        session.execute(insert(table), batch)


def _page_columns(page: PageText) -> dict[str, object]:
    return {
        "number": page.number,
        "width": page.width,
        "height": page.height,
        "trouble": page.trouble,
        "hidden": hidden.places(page),
        "confidence": page.confidence,
    }


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
        "marks": ",".join(segment.marks),
    }


def _describe(row: DocumentRow, segments: Sequence[Segment], told: FirstPage) -> None:
    """Fill in what nobody gave: the language of most of the text; title, symbol and date from the first page."""
    letters: Counter[str] = Counter()
    for sentence in segments:
        letters[sentence.language] += len(sentence.text)
    if not (row.language and row.language_by):
        row.language = max(sorted(letters), key=lambda language: letters[language])
    page = [sentence for sentence in segments if sentence.page == segments[0].page]
    if not (row.title_en or row.title_ru):
        title = told.title or page[0].text
        setattr(row, f"title_{language_of(title) or LANGUAGES[0]}", title[:LONGEST_TITLE])
    row.symbol = row.symbol or told.symbol
    row.date = row.date or first_date(" ".join(sentence.text for sentence in page))
