"""What papers recommend, conclude and decide, and the later sentences that take it up, as JSON."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from itertools import groupby

from pydantic import BaseModel

from indexer.library.documents import SegmentText
from indexer.library.tables import DocumentRow, MeetingRow
from indexer.lineage.threads import Reason, TakenUp
from indexer.segment.recommendations import Point, PointKind
from services.schemas.documents import BoxSchema, TranslationSchema, boxes, segment_id, title

Day = date | None  # where a field of a model is called date itself


class SaidSchema(BaseModel):
    """A sentence, where it stands, and its translation if there is one."""

    segment_id: str
    page: int
    language: str
    text: str
    boxes: list[BoxSchema]
    translation: TranslationSchema | None

    @staticmethod
    def of(document_id: str, sentence: SegmentText) -> SaidSchema:
        """From a sentence of a paper."""
        return SaidSchema(
            segment_id=segment_id(document_id, sentence),
            page=sentence.page,
            language=sentence.language,
            text=sentence.text,
            boxes=boxes(sentence.boxes),
            translation=TranslationSchema.of(sentence.translation),
        )


class RecommendationSchema(BaseModel):
    """What a paper recommends, concludes or decides (`kind`).

    `place` names it among those of its paper, `number` is that of its paragraph, "" where it has none.
    """

    place: int
    kind: PointKind
    number: str
    sentences: list[SaidSchema]

    @staticmethod
    def of(document_id: str, point: Point, sentences: Mapping[int, SegmentText]) -> RecommendationSchema:
        """From a point, and the sentences of its paper."""
        said = [SaidSchema.of(document_id, sentences[at]) for at in point.ordinals]
        return RecommendationSchema(place=point.first, kind=point.kind, number=point.number, sentences=said)


class RecommendationsAnswer(BaseModel):
    """Those asked for, in the order of the paper, and how many it has."""

    total: int
    recommendations: list[RecommendationSchema]

    @staticmethod
    def of(
        document_id: str, points: Sequence[Point], sentences: Mapping[int, SegmentText], offset: int, limit: int
    ) -> RecommendationsAnswer:
        """From all points of a paper."""
        some = [RecommendationSchema.of(document_id, each, sentences) for each in points[offset : offset + limit]]
        return RecommendationsAnswer(total=len(points), recommendations=some)


class LaterPaperSchema(BaseModel):
    """A later paper, and its sentences that take the point up.

    `reasons`, for each of them: it names the `paragraph`, quotes it (`quotation`), or says much the same (`likeness`).
    """

    document_id: str
    title: dict[str, str]
    symbol: str
    kind: str
    language: str
    date: Day
    sentences: list[SaidSchema]
    reasons: list[list[Reason]]

    @staticmethod
    def of(row: DocumentRow, taken: Sequence[TakenUp]) -> LaterPaperSchema:
        """From the sentences of one paper."""
        return LaterPaperSchema(
            document_id=row.id,
            title=title(row),
            symbol=row.symbol,
            kind=row.kind,
            language=row.language,
            date=row.date,
            sentences=[SaidSchema.of(row.id, each.sentence) for each in taken],
            reasons=[list(each.reasons) for each in taken],
        )


class LaterMeetingSchema(BaseModel):
    """A meeting at which it was taken up; `code` is "" for papers of no meeting."""

    code: str
    title: dict[str, str]
    papers: list[LaterPaperSchema]


class ThreadAnswer(BaseModel):
    """A point, and where later papers that one may read take it up: by meeting, the earliest first."""

    recommendation: RecommendationSchema
    meetings: list[LaterMeetingSchema]

    @staticmethod
    def of(
        recommendation: RecommendationSchema, taken: Iterable[TakenUp], meetings: Mapping[str, MeetingRow]
    ) -> ThreadAnswer:
        """From the later sentences, by date."""
        papers: dict[str, list[LaterPaperSchema]] = {}
        for _, run in groupby(taken, key=lambda each: each.row.id):
            of_paper = list(run)
            row = of_paper[0].row
            papers.setdefault(row.meeting, []).append(LaterPaperSchema.of(row, of_paper))
        return ThreadAnswer(
            recommendation=recommendation,
            meetings=[
                LaterMeetingSchema(code=code, title=meeting_titles(meetings.get(code)), papers=of_meeting)
                for code, of_meeting in papers.items()
            ],
        )


def meeting_titles(meeting: MeetingRow | None) -> dict[str, str]:
    """The titles that a meeting has, by language."""
    titles = {"en": meeting.title_en, "ru": meeting.title_ru} if meeting else {}
    return {language: text for language, text in titles.items() if text}
