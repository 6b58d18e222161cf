"""Dossiers as JSON."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Annotated, Final, Literal

from pydantic import BaseModel, Field, StringConstraints

from auth.scheme import Scheme
from indexer.dossier.passages import DossierPassage, joined_label
from indexer.library.documents import SegmentText
from services.schemas.documents import title
from services.schemas.labels import LabelSchema

Day = date | None  # where a field of a model is called date itself
MOST_PASSAGES: Final = 200
MOST_SENTENCES: Final = 100  # of one passage
Ordinal = Annotated[int, Field(ge=0, le=10_000_000)]
Comment = Annotated[str, StringConstraints(max_length=2_000)]


class ChosenPassage(BaseModel):
    """Sentences of a document from the first to the last, by their numbers, and what is said of them."""

    document_id: Annotated[str, StringConstraints(max_length=64)]
    first: Ordinal
    last: Ordinal
    comment: Comment = ""

    def ordinals(self) -> range:
        """The sentences, as many as a passage may have."""
        return range(self.first, min(self.last, self.first + MOST_SENTENCES - 1) + 1)


class DossierBody(BaseModel):
    """Passages in the order of the dossier."""

    passages: Annotated[list[ChosenPassage], Field(max_length=MOST_PASSAGES)]


class DossierFileBody(DossierBody):
    """And what stands over them; `language` is that of the words around them."""

    title: Annotated[str, StringConstraints(min_length=1, max_length=300, strip_whitespace=True)]
    language: Literal["en", "ru"] = "en"
    format: Literal["html", "docx"] = "html"


class KeptVersion(BaseModel):
    """How often a dossier was kept."""

    version: Annotated[int, Field(ge=0, le=2**31 - 2)]


class KeptDossierBody(DossierBody, KeptVersion):
    """A dossier to be kept; `version` is the one that was changed."""

    title: Annotated[str, StringConstraints(max_length=300)] = ""


class KeptDossierSchema(KeptVersion):
    """The dossier that somebody keeps."""

    title: str
    passages: list[ChosenPassage]


class SentenceSchema(BaseModel):
    """A sentence and its translation, if there is one."""

    text: str
    translation: str | None
    origin: str
    doubtful: bool

    @staticmethod
    def of(segment: SegmentText) -> SentenceSchema:
        """From a sentence."""
        translation = segment.translation
        return SentenceSchema(
            text=segment.text,
            translation=translation.text if translation else None,
            origin=translation.origin if translation else "",
            doubtful=bool(translation and translation.doubt),
        )


class PassageSchema(BaseModel):
    """A passage as it may be read now."""

    document_id: str
    title: dict[str, str]
    symbol: str
    date: Day
    language: str
    page: int
    label: LabelSchema
    sentences: list[SentenceSchema]

    @staticmethod
    def of(passage: DossierPassage, scheme: Scheme) -> PassageSchema:
        """From a passage."""
        row = passage.row
        return PassageSchema(
            document_id=row.id,
            title=title(row),
            symbol=row.symbol,
            date=row.date,
            language=row.language,
            page=passage.page,
            label=LabelSchema.of(passage.label, scheme),
            sentences=[SentenceSchema.of(each) for each in passage.sentences],
        )


class DossierSchema(BaseModel):
    """A dossier as it may be read now: null in place of a passage that is not there. `label`: of all of them."""

    label: LabelSchema | None
    passages: list[PassageSchema | None]

    @staticmethod
    def of(passages: Sequence[DossierPassage | None], scheme: Scheme) -> DossierSchema:
        """From passages."""
        label = joined_label(each for each in passages if each)
        return DossierSchema(
            label=LabelSchema.of(label, scheme) if label else None,
            passages=[PassageSchema.of(each, scheme) if each else None for each in passages],
        )
