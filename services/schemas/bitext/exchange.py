"""Concordances, and files for other tools, as JSON."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, Field, StringConstraints

from indexer.bitext.concordance import ConcordanceLine
from indexer.bitext.exchange.bringing import Brought
from indexer.search.parse import LONGEST
from services.schemas.documents import segment_id, title
from services.schemas.fields import Strict


class ConcordanceBody(Strict):
    """Words of either language that must stand beside each other, in whatever form. `people_only`: no machine's text.

    `document_id`: only what everybody who may read that document may read, as it may end up in its translation.
    """

    query: Annotated[str, StringConstraints(min_length=1, max_length=LONGEST)]
    document_id: Annotated[str, StringConstraints(max_length=64)] | None = None
    people_only: bool = False
    limit: Annotated[int, Field(ge=1, le=500)] = 50


class ConcordanceLineSchema(BaseModel):
    """A sentence and its translation. `highlights` are characters of `side`: source or target."""

    document_id: str
    title: dict[str, str]
    segment_id: str
    number: int
    page: int
    source_language: str
    source_text: str
    target_text: str
    origin: str
    side: Literal["source", "target"]
    highlights: list[tuple[int, int]]

    @staticmethod
    def of(line: ConcordanceLine) -> ConcordanceLineSchema:
        """From a line."""
        sentence = line.sentence
        return ConcordanceLineSchema(
            document_id=line.document.id,
            title=title(line.document),
            segment_id=segment_id(line.document.id, sentence),
            number=sentence.ordinal,
            page=sentence.page,
            source_language=sentence.language,
            source_text=sentence.text,
            target_text=line.translation.text,
            origin=line.translation.origin,
            side="source" if line.side == "original" else "target",
            highlights=list(line.highlights),
        )


class ConcordanceAnswer(BaseModel):
    """Lines out of the documents that a search for the words finds first."""

    lines: list[ConcordanceLineSchema]


class BroughtSchema(BaseModel):
    """What became of the units of a file, as numbers of sentences; `unchanged`, `unknown` and `left` are counted.

    `conflicts` were saved by others since, and are kept as one's drafts. `checked` were saved, but the checks find
    something. `unknown` are of no sentence here. `left` are too many for one call: send the file again.
    """

    saved: list[int]
    submitted: list[int]
    checked: list[int]
    conflicts: list[int]
    unchanged: int
    unknown: int
    left: int

    @staticmethod
    def of(brought: Brought) -> BroughtSchema:
        """From what became of them."""
        return BroughtSchema(
            saved=list(brought.saved),
            submitted=list(brought.submitted),
            checked=list(brought.checked),
            conflicts=list(brought.conflicts),
            unchanged=brought.unchanged,
            unknown=brought.unknown,
            left=brought.left,
        )
