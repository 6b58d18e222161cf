"""Papers that are each other's translation, as JSON."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, Field, StringConstraints

from indexer.library.documents import SegmentText
from indexer.library.tables import DocumentRow
from indexer.pairs.align.alignment import Bead
from indexer.pairs.corrections import Correction, Kind
from indexer.pairs.differences import DifferenceSide, PaperDifference
from indexer.pairs.pairs import Pair
from indexer.pairs.tables import Lending
from services.schemas.documents import BoxSchema, boxes, segment_id, title
from services.schemas.fields import Reason, Strict
from services.schemas.handling import Because

DocumentId = Annotated[str, StringConstraints(min_length=1, max_length=64)]
Texts = Mapping[int, SegmentText]


class PairBody(Strict):
    """Two papers that are each other's translation, and why one says so; the trail keeps that."""

    document_ids: Annotated[list[DocumentId], Field(min_length=2, max_length=2)]
    reason: Reason


class LendingBody(Because):
    """What a confirmed pair is to lend the memory, and why."""

    lending: Lending


class PaperSchema(BaseModel):
    """A paper of a pair."""

    document_id: str
    language: str
    title: dict[str, str]
    pages: int

    @staticmethod
    def of(row: DocumentRow) -> PaperSchema:
        """From a document."""
        return PaperSchema(document_id=row.id, language=row.language, title=title(row), pages=row.pages)


class PairSchema(BaseModel):
    """A pair. `likeness` is how alike its papers' sentences are, 0 to 1; `decided_by` is "" where nobody decided.

    `lending`: whether it lends the memory nothing, as others do, or before others that are as alike.
    """

    pair_id: str
    state: Literal["proposed", "confirmed", "rejected"]
    papers: list[PaperSchema]
    likeness: float
    decided_by: str
    decided_at: datetime
    aligned: bool
    lending: Lending

    @staticmethod
    def of(pair: Pair) -> PairSchema:
        """From a pair, the English paper first."""
        papers = sorted((pair.first, pair.second), key=lambda row: (row.language, row.id))
        return PairSchema(
            pair_id=pair.row.id,
            state=pair.row.state,
            papers=[PaperSchema.of(row) for row in papers],
            likeness=pair.row.likeness,
            decided_by=pair.row.by,
            decided_at=pair.row.decided_at,
            aligned=pair.row.aligned,
            lending=pair.row.lending,
        )


class PairsAnswer(BaseModel):
    """The pairs asked for, and how many there are."""

    total: int
    pairs: list[PairSchema]


class AlignedSegment(BaseModel):
    """A sentence of a bead, and where it stands."""

    segment_id: str
    page: int
    text: str
    boxes: list[BoxSchema]

    @staticmethod
    def of(document_id: str, segment: SegmentText) -> AlignedSegment:
        """From a sentence."""
        return AlignedSegment(
            segment_id=segment_id(document_id, segment),
            page=segment.page,
            text=segment.text,
            boxes=boxes(segment.boxes),
        )


class BeadSchema(BaseModel):
    """Sentences that are each other's translation, by language. `decided_by`: the person who put it right, or ""."""

    place: int
    sides: dict[str, list[AlignedSegment]]
    likeness: float
    confidence: float
    decided_by: str


class AlignmentSchema(BaseModel):
    """The beads of a pair that were asked for, how many there are, and the version of them all."""

    version: int
    total: int
    beads: list[BeadSchema]

    @staticmethod
    def of(
        pair: Pair, version: int, kept: Sequence[Bead], texts: Mapping[str, Texts], offset: int, limit: int
    ) -> AlignmentSchema:
        """From all beads of a pair, and the sentences of its papers."""
        some = enumerate(kept[offset : offset + limit], offset)
        beads = [_bead(pair, place, bead, texts) for place, bead in some]
        return AlignmentSchema(version=version, total=len(kept), beads=beads)


def _bead(pair: Pair, place: int, bead: Bead, texts: Mapping[str, Texts]) -> BeadSchema:
    sides = {
        row.language: [AlignedSegment.of(row.id, texts[row.id][n]) for n in ordinals if n in texts[row.id]]
        for row, ordinals in ((pair.first, bead.first), (pair.second, bead.second))
    }
    return BeadSchema(place=place, sides=sides, likeness=bead.likeness, confidence=bead.confidence, decided_by=bead.by)


class PairDetail(BaseModel):
    """A pair with its beads."""

    pair: PairSchema
    alignment: AlignmentSchema


class CorrectionBody(Strict):
    """A change of an alignment: of which version, what, and at which bead.

    `join`: `count` beads from there on become one. `split`: the bead is cut after `en` and `ru` sentences of each
    language. `move`: `en` and `ru` sentences go from its end to the next bead, below 0 from there to its end.
    `unlink`: its sides are no translation of each other. `undo`: the last change is taken back.
    """

    version: Annotated[int, Field(ge=0, le=2**31 - 1)]
    kind: Kind
    place: Annotated[int, Field(ge=0, le=100_000)] = 0
    count: Annotated[int, Field(ge=2, le=10)] = 2
    en: Annotated[int, Field(ge=-50, le=50)] = 0
    ru: Annotated[int, Field(ge=-50, le=50)] = 0

    def correction(self, pair: Pair) -> Correction:
        """As the alignment of this pair has its sides."""
        first, second = (self.en if row.language == "en" else self.ru for row in (pair.first, pair.second))
        return Correction(self.version, self.kind, self.place, self.count, first, second)


class VersionSchema(BaseModel):
    """The version that a change made."""

    version: int


class DifferenceSideSchema(BaseModel):
    """What one paper has at a place: its sentences with their pages, and what of them is not in the other."""

    segments: list[AlignedSegment]
    only: list[str]


class PaperDifferenceSchema(BaseModel):
    """Where the papers say different things, by language."""

    kind: str
    place: int
    sides: dict[str, DifferenceSideSchema]

    @staticmethod
    def of(pair: Pair, difference: PaperDifference, texts: Mapping[str, Texts]) -> PaperDifferenceSchema:
        """From a difference."""
        sides = ((pair.first, difference.first), (pair.second, difference.second))
        by_language = {row.language: _side(row, side, texts[row.id]) for row, side in sides}
        return PaperDifferenceSchema(kind=difference.kind, place=difference.place, sides=by_language)


def _side(row: DocumentRow, side: DifferenceSide, texts: Texts) -> DifferenceSideSchema:
    segments = [AlignedSegment.of(row.id, texts[n]) for n in side.ordinals if n in texts]
    return DifferenceSideSchema(segments=segments, only=list(side.only))


class DifferencesAnswer(BaseModel):
    """The differences at the beads asked for, how many beads there are, and how often each kind stands among these."""

    version: int
    total_beads: int
    counts: dict[str, int]
    differences: list[PaperDifferenceSchema]
