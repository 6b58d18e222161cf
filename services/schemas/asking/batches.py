"""Many searches at once, a line each, as JSON and as CSV."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Annotated, Any, Final, Literal

from pydantic import BaseModel, Field, StringConstraints

from auth.errors import TolmachError
from auth.scheme import Scheme
from indexer.search.find import FoundDocument, Results
from services.schemas.documents import title
from services.schemas.labels import LabelSchema
from services.schemas.search import Asked

Day = date | None  # where a field of a model is called date itself
MOST_LINES: Final = 1_000
MOST_OF_LINE: Final = 100_000  # more characters than a query may have, which is told of its line alone
_OF_LABEL: Final = ("level", "releasable_to", "need_to_know")
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")  # what a spreadsheet takes a cell for that begins so


class BatchBody(Asked):
    """Queries, a line each, and what all of them are narrowed to. `format`: in place of the Accept header."""

    lines: Annotated[list[Annotated[str, StringConstraints(max_length=MOST_OF_LINE)]], Field(max_length=MOST_LINES)]
    words: Literal["any", "all"] = "any"
    format: Literal["json", "csv"] | None = None


class BatchRow(BaseModel):
    """What a line finds: how many documents, and the best of them with its best passage.

    Or why it was not searched: `code` for programs, `error` for people.
    """

    line: int
    query: str
    total: int | None = None
    document_id: str = ""
    title: dict[str, str] = {}
    language: str = ""
    label: LabelSchema | None = None
    date: Day = None
    page: int | None = None
    passage_id: str = ""
    text: str = ""
    code: str = ""
    error: str = ""

    @staticmethod
    def of(line: int, query: str, results: Results, scheme: Scheme) -> BatchRow:
        """From what was found."""
        row = BatchRow(line=line, query=query, total=results.answer.total)
        return _with_hit(row, results.hits[0], scheme) if results.hits else row

    @staticmethod
    def refused(line: int, query: str, error: TolmachError) -> BatchRow:
        """From an error that concerns this line alone."""
        return BatchRow(line=line, query=query, code=error.code, error=error.answer)


class BatchAnswer(BaseModel):
    """A row for each line that is not blank, in order."""

    rows: list[BatchRow]


def as_json(rows: Iterable[BatchRow]) -> Iterator[str]:
    """A `BatchAnswer`, row by row."""
    before = '{"rows":['
    for row in rows:
        yield before + row.model_dump_json()
        before = ","
    yield "]}" if before == "," else before + "]}"


def as_csv(rows: Iterable[BatchRow]) -> Iterator[str]:
    """The same as a table with a head; nothing in it is taken for a formula."""
    yield "\ufeff" + _line([*(name for name in BatchRow.model_fields if name != "label"), *_OF_LABEL])
    for row in rows:
        cells: dict[str, Any] = row.model_dump(mode="json")
        label = cells.pop("label") or dict.fromkeys(_OF_LABEL, "")
        cells |= {"title": " · ".join(row.title.values())} | {name: label[name] for name in _OF_LABEL}
        yield _line([" ".join(cell) if isinstance(cell, list) else cell for cell in cells.values()])


def _with_hit(row: BatchRow, hit: FoundDocument, scheme: Scheme) -> BatchRow:
    passage = hit.passages[0] if hit.passages else None
    about = {
        "document_id": hit.row.id,
        "title": title(hit.row),
        "language": hit.row.language,
        "label": LabelSchema.of(hit.label, scheme),
        "date": hit.row.date,
    }
    if passage:
        text = passage.sides[passage.original].text if passage.original in passage.sides else ""
        about |= {"page": passage.page, "passage_id": passage.passage_id, "text": text}
    return row.model_copy(update=about)


def _line(cells: list[object]) -> str:
    written = io.StringIO()
    texts = ("" if cell is None else str(cell) for cell in cells)
    csv.writer(written).writerow(f"'{text}" if text.startswith(_FORMULA) else text for text in texts)
    return written.getvalue()
