"""Questions, and the sentences that answer them, as JSON."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Annotated

from pydantic import BaseModel, StringConstraints

from indexer.library.tables import MeetingRow
from indexer.search.answering import FoundAnswer, ProvenSentence
from indexer.search.parse import LONGEST
from services.schemas.asking.recommendations import SaidSchema, meeting_titles
from services.schemas.documents import title
from services.schemas.search import Asked, PartSchema, interpretation

Day = date | None  # where a field of a model is called date itself


class QuestionBody(Asked):
    """A question in either language, as searches take it."""

    question: Annotated[str, StringConstraints(min_length=1, max_length=LONGEST)]


class ProvenSentenceSchema(BaseModel):
    """A sentence that answers, as it stands in its paper. `weight`: 1 where it holds all words of the question.

    `highlights` are spans of its text, start and end in characters. Its translation says whose it is.
    """

    document_id: str
    document_title: dict[str, str]
    symbol: str
    date: Day
    weight: float
    sentence: SaidSchema
    highlights: list[tuple[int, int]]

    @staticmethod
    def of(proof: ProvenSentence) -> ProvenSentenceSchema:
        """From a proof."""
        return ProvenSentenceSchema(
            document_id=proof.row.id,
            document_title=title(proof.row),
            symbol=proof.row.symbol,
            date=proof.row.date,
            weight=proof.weight,
            sentence=SaidSchema.of(proof.row.id, proof.sentence),
            highlights=list(proof.highlights),
        )


class AnsweringMeetingSchema(BaseModel):
    """A meeting whose papers answer, the best sentence first; `code` is "" for papers of no meeting."""

    code: str
    title: dict[str, str]
    proofs: list[ProvenSentenceSchema]


class QuestionAnswer(BaseModel):
    """The sentences that answer, by meeting, that of the best one first; and how many papers the question finds.

    Every text stands in a paper: nothing is composed.
    """

    total: int
    meetings: list[AnsweringMeetingSchema]
    interpretation: list[PartSchema]

    @staticmethod
    def of(answer: FoundAnswer, meetings: Mapping[str, MeetingRow]) -> QuestionAnswer:
        """From what was found."""
        by_meeting: dict[str, list[ProvenSentence]] = {}
        for proof in answer.proofs:
            by_meeting.setdefault(proof.row.meeting, []).append(proof)
        return QuestionAnswer(
            total=answer.total,
            meetings=[_meeting(code, proofs, meetings.get(code)) for code, proofs in by_meeting.items()],
            interpretation=interpretation(answer.parsed),
        )


def _meeting(code: str, proofs: Sequence[ProvenSentence], row: MeetingRow | None) -> AnsweringMeetingSchema:
    return AnsweringMeetingSchema(
        code=code, title=meeting_titles(row), proofs=list(map(ProvenSentenceSchema.of, proofs))
    )
