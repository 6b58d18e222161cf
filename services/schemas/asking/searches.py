"""Searches that people keep, and what is new of them, as JSON."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from indexer.alerts.news import MOST_WATCHED, News
from indexer.library.tables import DocumentRow
from indexer.search.saved import SavedSearch
from services.schemas.documents import title
from services.schemas.search import SearchBody

Day = date | None  # where a field of a model is called date itself


class KeptSearch(BaseModel):
    """A search to keep, and what to call it."""

    name: Annotated[str, StringConstraints(min_length=1, max_length=200, strip_whitespace=True)]
    search: SearchBody


class LookBody(BaseModel):
    """The papers of a kept search that one has seen; without them, all that it finds now."""

    model_config = ConfigDict(extra="forbid")

    document_ids: (
        Annotated[list[Annotated[str, StringConstraints(max_length=64)]], Field(max_length=MOST_WATCHED)] | None
    ) = None


class NewPaperSchema(BaseModel):
    """A paper that a kept search finds, and that one has not seen."""

    document_id: str
    title: dict[str, str]
    language: str
    kind: str
    date: Day

    @staticmethod
    def of(row: DocumentRow) -> NewPaperSchema:
        """From a paper that one may search."""
        return NewPaperSchema(document_id=row.id, title=title(row), language=row.language, kind=row.kind, date=row.date)


class NewsSchema(BaseModel):
    """How many papers a kept search finds now, how many of them are new since one looked, and the newest of those.

    `code` is why they were not told, or "": `not_looked` at before, `too_many` papers, too costly, not to be read.
    """

    total: int | None = None
    new: int | None = None
    papers: list[NewPaperSchema] = []
    code: str = ""

    @staticmethod
    def of(news: News) -> NewsSchema:
        """From the news of a search."""
        return NewsSchema(total=news.total, new=news.new, papers=[NewPaperSchema.of(row) for row in news.papers])


class SavedSearchSchema(BaseModel):
    """A search that one keeps: `search` is what /api/search takes. One without a name can only be deleted.

    `news`: where it was asked for, and null for more searches than are looked at in one call.
    """

    search_id: str
    saved_at: datetime
    looked_at: datetime | None
    name: str
    search: SearchBody
    news: NewsSchema | None = None

    @staticmethod
    def of(kept: SavedSearch, news: NewsSchema | None = None) -> SavedSearchSchema:
        """From what is kept."""
        return SavedSearchSchema(
            search_id=kept.search_id,
            saved_at=kept.saved_at,
            looked_at=kept.looked_at,
            name=kept.name,
            search=SearchBody.model_validate(kept.asked),
            news=news,
        )
