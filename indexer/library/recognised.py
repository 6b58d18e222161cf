"""Keeps what was recognised of pages' pictures, and puts it where the pages' own text cannot be trusted."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Final

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from indexer.extract.answers import RecognisedPage
from indexer.extract.pages import Line, PageText, among, as_shown, needs_ocr
from indexer.library.tables import DocumentRow, PageRow, RecognisedPageRow
from indexer.text import Box

WAITING, DONE = "waiting", "done"
"""Whether pages of a document wait to be recognised, or were."""

FLOOR: Final = 50
"""Of 100: what was recognised with less confidence is not indexed; a line, or a page as a whole."""

_OVERLAP: Final = 0.5  # of the smaller of two boxes: then both are of the same words


def keep(session: Session, document_id: str, number: int, page: RecognisedPage) -> None:
    """Keep what was recognised of a page, in place of what was before."""
    of_page = (RecognisedPageRow.document == document_id, RecognisedPageRow.number == number)
    session.execute(delete(RecognisedPageRow).where(*of_page))
    lines = json.dumps([_as_json(line) for line in page.lines], ensure_ascii=False)
    session.add(RecognisedPageRow(document=document_id, number=number, confidence=page.confidence, lines=lines))


def of_document(session: Session, document_id: str) -> dict[int, RecognisedPage]:
    """What was recognised of a document so far, by page."""
    rows = session.scalars(select(RecognisedPageRow).where(RecognisedPageRow.document == document_id))
    return {row.number: RecognisedPage(row.confidence, tuple(map(_line, json.loads(row.lines)))) for row in rows}


def progress(session: Session, document_id: str) -> tuple[int, int]:
    """How many pages of a document that somebody holds already were recognised, and how many have to be in all."""
    done = select(RecognisedPageRow.number).where(RecognisedPageRow.document == document_id)
    count = session.scalar(select(func.count()).select_from(done.subquery())) or 0
    unread = select(func.count()).select_from(PageRow).where(PageRow.document == document_id)
    unread = unread.where(PageRow.trouble == "needs_ocr", PageRow.number.not_in(done))
    return count, count + (session.scalar(unread) or 0)


def waiting(session: Session) -> int:
    """How many documents have pages that wait to be recognised."""
    query = select(func.count()).select_from(DocumentRow).where(DocumentRow.recognise == WAITING)
    return session.scalar(query) or 0


def unread(pages: Iterable[PageText], known: Mapping[int, RecognisedPage]) -> list[int]:
    """The numbers of the pages that have yet to be recognised."""
    return [number for number in needs_ocr(pages) if number not in known]


def merged(pages: Sequence[PageText], known: Mapping[int, RecognisedPage]) -> tuple[PageText, ...]:
    """The pages; those whose own text cannot be trusted with what was recognised of them."""
    return tuple(_merged(page, known[page.number]) if page.trouble and page.number in known else page for page in pages)


def _merged(page: PageText, recognised: RecognisedPage) -> PageText:
    """The page's own sound lines, and between them what was recognised where they are not."""
    seen = [line for line in recognised.lines if (line.confidence or 0) >= FLOOR]
    if recognised.confidence < FLOOR or (recognised.lines and not seen):
        return replace(page, confidence=recognised.confidence)
    size = (page.width, page.height)
    own = [line for line in page.lines if not line.doubtful or not _stands_among(line, seen, size)]
    added = [line for line in seen if not _stands_among(line, own, size)]
    few, many = (own, added) if len(own) < len(added) else (added, own)
    return replace(page, lines=among(many, few), trouble="", confidence=recognised.confidence)


def _stands_among(line: Line, others: Iterable[Line], size: tuple[float, float]) -> bool:
    """Whether most of a line is where some of the others are, or most of one of them where it is."""
    box = as_shown(line.box, line.turn, size)
    return any(_same_place(box, as_shown(other.box, other.turn, size)) for other in others)


def _same_place(a: Box, b: Box) -> bool:
    across, down = min(a[2], b[2]) - max(a[0], b[0]), min(a[3], b[3]) - max(a[1], b[1])
    smaller = min((box[2] - box[0]) * (box[3] - box[1]) for box in (a, b))
    return across > 0 and down > 0 and across * down >= _OVERLAP * smaller


def _as_json(line: Line) -> list[object]:
    return [line.text, *line.box, line.turn, line.confidence, [edge for word in line.words for edge in word]]


def _line(kept: Sequence[object]) -> Line:
    text, x0, y0, x1, y1, turn, confidence, edges = kept
    return Line(
        text,  # type: ignore[arg-type]
        (x0, y0, x1, y1),  # type: ignore[arg-type]
        tuple(zip(edges[::2], edges[1::2], strict=True)),  # type: ignore[index]
        turn,  # type: ignore[arg-type]
        confidence=confidence,  # type: ignore[arg-type]
    )
