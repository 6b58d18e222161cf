"""Documents and their pages as JSON."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Literal

from pydantic import BaseModel

from auth.labels import Label
from auth.scheme import Scheme
from indexer.library.documents import PageContent, SegmentText, TranslatedText, times_of
from indexer.library.states import shown
from indexer.library.tables import DocumentRow
from indexer.text import Box
from indexer.translate.translations import TranslationStanding
from services.schemas.labels import LabelSchema, TimesSchema


class BoxSchema(BaseModel):
    """A rectangle on a page: x0, y0, x1, y1 in points, origin top left."""

    page: int
    box: tuple[float, float, float, float]


class StandingSchema(BaseModel):
    """How a translation stands: `reason` says why there is none (no_model, waiting, failed), else what made it."""

    reason: str
    engine: str
    sentences: int
    doubtful: int

    @staticmethod
    def of(standing: TranslationStanding | None) -> StandingSchema | None:
        """From how it stands."""
        if standing is None:
            return None
        return StandingSchema(
            reason=standing.reason, engine=standing.engine, sentences=standing.sentences, doubtful=standing.doubtful
        )


class DocumentSchema(BaseModel):
    """A document."""

    document_id: str
    title: dict[str, str]
    language: str
    label: LabelSchema
    date: date | None
    kind: str
    symbol: str
    meeting: str
    body: str
    countries: list[str]
    keywords: list[str]
    pages: int
    needs_ocr: list[int]
    state: str
    translation: StandingSchema | None
    times: TimesSchema

    @staticmethod
    def of(
        row: DocumentRow, label: Label, standing: TranslationStanding | None, needs_ocr: list[int], scheme: Scheme
    ) -> DocumentSchema:
        """From a document, its label, how its translation stands, and its pages that could not be read."""
        return DocumentSchema(
            document_id=row.id,
            title=title(row),
            language=row.language,
            label=LabelSchema.of(label, scheme),
            date=row.date,
            kind=row.kind,
            symbol=row.symbol,
            meeting=row.meeting,
            body=row.body,
            countries=_list(row.countries),
            keywords=_list(row.keywords),
            pages=row.pages,
            needs_ocr=needs_ocr,
            state=shown(row.state),
            translation=StandingSchema.of(standing),
            times=TimesSchema.of(times_of(row)),
        )


class IntakeSchema(BaseModel):
    """What became of a file that was brought in."""

    document_id: str
    state: str
    stage: str = ""
    code: str = ""
    message: str = ""
    duplicate: bool = False


class IntakeRow(IntakeSchema):
    """A line of a registrar's intake."""

    filename: str
    title: dict[str, str]
    label: LabelSchema
    taken_at: datetime
    times: TimesSchema
    legal_hold: bool


class TranslationSchema(BaseModel):
    """A sentence in the other language. `status` is good or doubtful, and `doubt` the reason."""

    text: str
    origin: str
    engine: str
    status: Literal["good", "doubtful"]
    doubt: str

    @staticmethod
    def of(translation: TranslatedText | None) -> TranslationSchema | None:
        """From a translation."""
        if translation is None:
            return None
        return TranslationSchema(
            text=translation.text,
            origin=translation.origin,
            engine=translation.engine,
            status="doubtful" if translation.doubt else "good",
            doubt=translation.doubt,
        )


class SegmentSchema(BaseModel):
    """A sentence of a page. `furniture`: a header or footer that has been said before."""

    segment_id: str
    text: str
    language: str
    boxes: list[BoxSchema]
    furniture: bool
    translation: TranslationSchema | None

    @staticmethod
    def of(document_id: str, segment: SegmentText) -> SegmentSchema:
        """From a sentence."""
        return SegmentSchema(
            segment_id=segment_id(document_id, segment),
            text=segment.text,
            language=segment.language,
            boxes=boxes(segment.boxes),
            furniture=segment.furniture,
            translation=TranslationSchema.of(segment.translation),
        )


class PageSchema(BaseModel):
    """A page: size in points, and the sentences that begin on it. `trouble`: needs_ocr where its text is not kept."""

    number: int
    width: float
    height: float
    trouble: str
    segments: list[SegmentSchema]

    @staticmethod
    def of(document_id: str, page: PageContent) -> PageSchema:
        """From a page."""
        segments = [SegmentSchema.of(document_id, segment) for segment in page.segments]
        return PageSchema(
            number=page.number, width=page.width, height=page.height, trouble=page.trouble, segments=segments
        )


def title(row: DocumentRow) -> dict[str, str]:
    """The titles that a document has, by language; without any, its file's name."""
    titles = {language: text for language, text in (("en", row.title_en), ("ru", row.title_ru)) if text}
    return titles or {row.language or "en": row.filename}


def segment_id(document_id: str, segment: SegmentText) -> str:
    """How a sentence is called."""
    return f"{document_id}.s{segment.ordinal}"


def boxes(placed: Iterable[tuple[int, Box]]) -> list[BoxSchema]:
    """Boxes, each with its page."""
    return [BoxSchema(page=page, box=box) for page, box in placed]


def _list(text: str) -> list[str]:
    return [part for part in text.split(",") if part]
