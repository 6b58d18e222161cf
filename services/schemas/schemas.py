"""The JSON of the API: its shapes, and how values become them. Decides nothing."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Literal

from pydantic import BaseModel

from auth.database import now
from auth.expression import canonical
from auth.labels import ALL, Label
from auth.scheme import Scheme
from indexer.extract.pages import Box
from indexer.library.documents import PageContent, SegmentText, Times, TranslatedText, shown_state, times_of
from indexer.library.tables import DocumentRow
from indexer.search.evidence import FoundPassage, Side
from indexer.search.find import FoundDocument
from indexer.translate.translations import Standing


class Token(BaseModel):
    """A new session. `token` is empty where a cookie has it."""

    token: str
    expires_at: datetime


class Me(BaseModel):
    """A person, to themselves. `must` is what they have to set up before all their roles hold."""

    username: str
    name: str
    agency: str
    clearance: str
    need_to_know: list[str]
    roles: list[str]
    actions: list[str]
    second_factor: bool
    must: list[Literal["password", "otp"]]


class SecondFactor(BaseModel):
    """The second factor on its way: a secret, as an address and as a picture (SVG) too; or it is on: recovery codes."""

    secret: str = ""
    uri: str = ""
    picture: str = ""
    recovery_codes: list[str] = []


class LabelShape(BaseModel):
    """A label."""

    level: str
    releasable_to: Literal["ALL"] | list[str]
    need_to_know: str
    originators: list[str]

    @staticmethod
    def of(label: Label, scheme: Scheme) -> LabelShape:
        """From a label."""
        to = label.rule.releasable_to
        return LabelShape(
            level=scheme.code(label.rule.level),
            releasable_to=ALL if to == ALL else sorted(to),
            need_to_know=canonical(label.rule.need_to_know),
            originators=sorted(label.originators),
        )


class BoxShape(BaseModel):
    """A rectangle on a page: x0, y0, x1, y1 in points, origin top left."""

    page: int
    box: tuple[float, float, float, float]


class SideShape(BaseModel):
    """A passage in one language. Spans are start and end in characters (code points); the doubtful are not searched."""

    text: str
    origin: str
    highlights: list[tuple[int, int]]
    doubtful: list[tuple[int, int]]

    @staticmethod
    def of(side: Side | None) -> SideShape | None:
        """From a side."""
        if side is None:
            return None
        return SideShape(
            text=side.text, origin=side.origin, highlights=list(side.highlights), doubtful=list(side.doubtful)
        )


class EvidenceShape(BaseModel):
    """A passage shown with a hit."""

    page: int
    passage_id: str
    original: str
    en: SideShape | None
    ru: SideShape | None
    boxes: list[BoxShape]

    @staticmethod
    def of(passage: FoundPassage) -> EvidenceShape:
        """From a passage that was found."""
        return EvidenceShape(
            page=passage.page,
            passage_id=passage.passage_id,
            original=passage.original,
            en=SideShape.of(passage.sides.get("en")),
            ru=SideShape.of(passage.sides.get("ru")),
            boxes=boxes(passage.boxes),
        )


class HitShape(BaseModel):
    """A document that a search found."""

    document_id: str
    title: dict[str, str]
    language: str
    kind: str
    label: LabelShape
    date: date | None
    score: float
    evidence: list[EvidenceShape]

    @staticmethod
    def of(hit: FoundDocument, scheme: Scheme) -> HitShape:
        """From a hit."""
        return HitShape(
            document_id=hit.row.id,
            title=title(hit.row),
            language=hit.row.language,
            kind=hit.row.kind,
            label=LabelShape.of(hit.label, scheme),
            date=hit.row.date,
            score=hit.score,
            evidence=[EvidenceShape.of(passage) for passage in hit.passages],
        )


class FacetValue(BaseModel):
    """A value, and how many of the documents found have it."""

    value: str
    count: int


class PartShape(BaseModel):
    """What one part of a query was taken to mean."""

    part_id: str
    kind: str
    text: str
    became: str


class SearchAnswer(BaseModel):
    """The answer to a search."""

    total: int
    hits: list[HitShape]
    facets: dict[str, list[FacetValue]]
    interpretation: list[PartShape]


class StandingShape(BaseModel):
    """How a translation stands: `reason` says why there is none (no_model, waiting, failed), else what made it."""

    reason: str
    engine: str
    sentences: int
    doubtful: int

    @staticmethod
    def of(standing: Standing | None) -> StandingShape | None:
        """From how it stands."""
        if standing is None:
            return None
        return StandingShape(
            reason=standing.reason, engine=standing.engine, sentences=standing.sentences, doubtful=standing.doubtful
        )


class TimesShape(BaseModel):
    """When a document is published, whether it is now, and the day it is to be reviewed by."""

    published: bool
    embargo_until: datetime | None
    expires_at: datetime | None
    review_on: date | None

    @staticmethod
    def of(times: Times) -> TimesShape:
        """From its times."""
        return TimesShape(
            published=times.published(now()),
            embargo_until=times.embargo_until,
            expires_at=times.expires_at,
            review_on=times.review_on,
        )


class DocumentShape(BaseModel):
    """A document."""

    document_id: str
    title: dict[str, str]
    language: str
    label: LabelShape
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
    translation: StandingShape | None
    times: TimesShape

    @staticmethod
    def of(
        row: DocumentRow, label: Label, standing: Standing | None, needs_ocr: list[int], scheme: Scheme
    ) -> DocumentShape:
        """From a document, its label, how its translation stands, and its pages that could not be read."""
        return DocumentShape(
            document_id=row.id,
            title=title(row),
            language=row.language,
            label=LabelShape.of(label, scheme),
            date=row.date,
            kind=row.kind,
            symbol=row.symbol,
            meeting=row.meeting,
            body=row.body,
            countries=_list(row.countries),
            keywords=_list(row.keywords),
            pages=row.pages,
            needs_ocr=needs_ocr,
            state=shown_state(row),
            translation=StandingShape.of(standing),
            times=TimesShape.of(times_of(row)),
        )


class IntakeShape(BaseModel):
    """What became of a file that was brought in."""

    document_id: str
    state: str
    stage: str = ""
    code: str = ""
    message: str = ""
    duplicate: bool = False


class IntakeRow(IntakeShape):
    """A line of a registrar's intake."""

    filename: str
    title: dict[str, str]
    label: LabelShape
    taken_at: datetime
    times: TimesShape
    legal_hold: bool


class TranslationShape(BaseModel):
    """A sentence in the other language. `status` is good or doubtful, and `doubt` the reason."""

    text: str
    origin: str
    engine: str
    status: Literal["good", "doubtful"]
    doubt: str

    @staticmethod
    def of(translation: TranslatedText | None) -> TranslationShape | None:
        """From a translation."""
        if translation is None:
            return None
        return TranslationShape(
            text=translation.text,
            origin=translation.origin,
            engine=translation.engine,
            status="doubtful" if translation.doubt else "good",
            doubt=translation.doubt,
        )


class SegmentShape(BaseModel):
    """A sentence of a page. `furniture`: a header or footer that has been said before."""

    segment_id: str
    text: str
    language: str
    boxes: list[BoxShape]
    furniture: bool
    translation: TranslationShape | None

    @staticmethod
    def of(document_id: str, segment: SegmentText) -> SegmentShape:
        """From a sentence."""
        return SegmentShape(
            segment_id=f"{document_id}.s{segment.ordinal}",
            text=segment.text,
            language=segment.language,
            boxes=boxes(segment.boxes),
            furniture=segment.furniture,
            translation=TranslationShape.of(segment.translation),
        )


class PageShape(BaseModel):
    """A page: size in points, and the sentences that begin on it. `trouble`: needs_ocr where its text is not kept."""

    number: int
    width: float
    height: float
    trouble: str
    segments: list[SegmentShape]

    @staticmethod
    def of(document_id: str, page: PageContent) -> PageShape:
        """From a page."""
        segments = [SegmentShape.of(document_id, segment) for segment in page.segments]
        return PageShape(
            number=page.number, width=page.width, height=page.height, trouble=page.trouble, segments=segments
        )


class LevelShape(BaseModel):
    """A level of the marking scheme. Banners stand over its documents; `tlp` is TLP 2.0's nearest word, or ""."""

    code: str
    rank: int
    name_en: str
    name_ru: str
    colour: str
    banner_en: str
    banner_ru: str
    tlp: str


class SchemeShape(BaseModel):
    """The marking scheme, lowest level first."""

    levels: list[LevelShape]


def title(row: DocumentRow) -> dict[str, str]:
    """The titles that a document has, by language; without any, its file's name."""
    titles = {language: text for language, text in (("en", row.title_en), ("ru", row.title_ru)) if text}
    return titles or {row.language or "en": row.filename}


def boxes(placed: Iterable[tuple[int, Box]]) -> list[BoxShape]:
    """Boxes, each with its page."""
    return [BoxShape(page=page, box=box) for page, box in placed]


def _list(text: str) -> list[str]:
    return [part for part in text.split(",") if part]
