"""Documents and their pages as JSON."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Literal

from pydantic import BaseModel

from auth.labels import Label
from auth.scheme import Scheme
from indexer.handling.questions import Question
from indexer.lexicon.gloss import Gloss, GlossWord
from indexer.library.documents import PageContent, SegmentText, TranslatedText, times_of
from indexer.library.intake import Receipt
from indexer.library.states import shown
from indexer.library.tables import DocumentRow
from indexer.pairs.pairs import OtherSide
from indexer.text import Box
from indexer.translate.translations import TranslationStanding
from services.schemas.labels import LabelSchema, TimesSchema


class BoxSchema(BaseModel):
    """A rectangle on a page: x0, y0, x1, y1 in points, origin top left."""

    page: int
    box: tuple[float, float, float, float]


class MarkSchema(BaseModel):
    """What a reader must know of lines: repaired (`reason` says how), doubtful, recognised, hidden, form or note."""

    kind: str
    reason: str

    @staticmethod
    def all_of(marks: Iterable[str]) -> list[MarkSchema]:
        """From the marks of lines."""
        return [MarkSchema(kind=kind, reason=reason) for kind, _, reason in (mark.partition(":") for mark in marks)]


class StandingSchema(BaseModel):
    """How a translation stands: `reason` says why there is none (no_model, waiting, failed, or language: none is
    made of a document that is neither in English nor in Russian), else what made it."""

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


class RecognitionSchema(BaseModel):
    """How many pages of a document were recognised from their pictures (OCR), of all that have to be."""

    done: int
    pages: int


class OtherSideSchema(BaseModel):
    """The paper that is a paper's translation by people, where one may read both."""

    document_id: str
    language: str

    @staticmethod
    def of(other: OtherSide | None) -> OtherSideSchema | None:
        """From the other side of a pair."""
        return OtherSideSchema(document_id=other.row.id, language=other.row.language) if other else None


class AttachedSchema(BaseModel):
    """A file inside a document, by its number in `attachments` from 1, and the document that it was taken in as."""

    number: int
    document_id: str


class AroundSchema(BaseModel):
    """A document that a document was inside of."""

    document_id: str
    title: dict[str, str]
    language: str


class DocumentSchema(BaseModel):
    """A document. `attachments` are the names of files inside it; those that were taken in as documents that one may
    read are `attached`. `inside`: the documents that it was itself inside of, as far as one may read them."""

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
    recognition: RecognitionSchema
    attachments: list[str]
    attached: list[AttachedSchema] = []
    inside: list[AroundSchema] = []
    state: str
    translation: StandingSchema | None
    pair_id: str | None
    pair: OtherSideSchema | None
    times: TimesSchema

    @staticmethod
    def of(
        row: DocumentRow,
        label: Label,
        standing: TranslationStanding | None,
        needs_ocr: list[int],
        recognition: tuple[int, int],
        pair: OtherSide | None,
        scheme: Scheme,
    ) -> DocumentSchema:
        """From a document, its label, how its translation stands, its unread pages, and its translation by people."""
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
            attachments=json.loads(row.attachments or "[]"),
            recognition=RecognitionSchema(done=recognition[0], pages=recognition[1]),
            state=shown(row.state),
            translation=StandingSchema.of(standing),
            pair_id=pair.pair_id if pair else None,
            pair=OtherSideSchema.of(pair),
            times=TimesSchema.of(times_of(row)),
        )

    def tied(self, inside: Mapping[int, DocumentRow], around: Mapping[str, DocumentRow]) -> DocumentSchema:
        """With what files inside it were taken in as, by number, and what it was inside of."""
        attached = [AttachedSchema(number=number, document_id=row.id) for number, row in sorted(inside.items())]
        papers = [AroundSchema(document_id=row.id, title=title(row), language=row.language) for row in around.values()]
        return self.model_copy(update={"attached": attached, "inside": papers})


class IntakeSchema(BaseModel):
    """What became of a file that was brought in."""

    document_id: str
    state: str
    stage: str = ""
    code: str = ""
    message: str = ""
    duplicate: bool = False

    @staticmethod
    def of(receipt: Receipt) -> IntakeSchema:
        """From a receipt."""
        return IntakeSchema(
            document_id=receipt.document_id,
            state=receipt.state,
            stage="intake" if receipt.code else "",
            code=receipt.code,
            message=receipt.message,
            duplicate=receipt.duplicate,
        )


class QuestionSchema(BaseModel):
    """What a registrar is asked: `hidden` (text that these pages hold and do not show) or `marking` (stronger than the
    label). `sentence` is the question in English, `answer` what was answered so far, `answers` what may be."""

    question: str
    sentence: str
    places: int
    pages: list[int]
    marking: str
    answer: str
    answers: list[str]

    @staticmethod
    def of(question: Question) -> QuestionSchema:
        """From a question."""
        return QuestionSchema(
            question=question.code,
            sentence=question.sentence,
            places=question.places,
            pages=list(question.pages),
            marking=question.marking,
            answer=question.answer,
            answers=list(question.answers),
        )


class IntakeRow(IntakeSchema):
    """A line of a registrar's intake. `marking` is what the paper itself says of its level; `attachments` are the names
    of files inside it, which are not read."""

    filename: str
    title: dict[str, str]
    label: LabelSchema
    taken_at: datetime
    times: TimesSchema
    legal_hold: bool
    marking: str
    attachments: list[str]
    questions: list[QuestionSchema]


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


class GlossWordSchema(BaseModel):
    """A word or term of a sentence, from which character to which, and what it may mean, the likeliest first."""

    start: int
    end: int
    kind: Literal["term", "word", "name", "number", "negation"]
    meanings: list[str]

    @staticmethod
    def of(word: GlossWord) -> GlossWordSchema:
        """From a glossed word."""
        return GlossWordSchema(start=word.start, end=word.end, kind=word.kind, meanings=list(word.meanings))


class GlossSchema(BaseModel):
    """What the words of a sentence without a translation mean: no translation of it."""

    origin: Literal["gloss"] = "gloss"
    words: list[GlossWordSchema]

    @staticmethod
    def of(gloss: Gloss | None) -> GlossSchema | None:
        """From a gloss."""
        return None if gloss is None else GlossSchema(words=[GlossWordSchema.of(word) for word in gloss])


class SegmentSchema(BaseModel):
    """A sentence of a page. `furniture`: a header or footer that has been said before.

    `gloss`: what its words mean, where that was asked for and there is no translation.
    """

    segment_id: str
    text: str
    language: str
    boxes: list[BoxSchema]
    furniture: bool
    marks: list[MarkSchema]
    translation: TranslationSchema | None
    gloss: GlossSchema | None

    @staticmethod
    def of(document_id: str, segment: SegmentText, gloss: Gloss | None) -> SegmentSchema:
        """From a sentence, and its gloss."""
        return SegmentSchema(
            segment_id=segment_id(document_id, segment),
            text=segment.text,
            language=segment.language,
            boxes=boxes(segment.boxes),
            furniture=segment.furniture,
            marks=MarkSchema.all_of(segment.marks),
            translation=TranslationSchema.of(segment.translation),
            gloss=GlossSchema.of(gloss),
        )


class PageSchema(BaseModel):
    """A page: size in points, and the sentences that begin on it. `trouble`: needs_ocr where its text is not kept.

    `confidence`, of 100, is of a page that was recognised from its picture (OCR); null for any other.
    """

    number: int
    width: float
    height: float
    trouble: str
    confidence: int | None
    segments: list[SegmentSchema]

    @staticmethod
    def of(document_id: str, page: PageContent, glosses: Mapping[int, Gloss]) -> PageSchema:
        """From a page, and the glosses of its sentences by ordinal."""
        segments = [SegmentSchema.of(document_id, each, glosses.get(each.ordinal)) for each in page.segments]
        return PageSchema(
            number=page.number,
            width=page.width,
            height=page.height,
            trouble=page.trouble,
            confidence=page.confidence,
            segments=segments,
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
