"""What waits for translators and reviewers, as JSON."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Annotated, Final, Literal

from pydantic import BaseModel, StringConstraints

from indexer.bitext.review.queue import WaitingSegment
from indexer.bitext.review.segments import PersonName
from indexer.bitext.review.tables import WorkState
from services.schemas.bitext.translations import PersonNameSchema
from services.schemas.documents import title
from services.schemas.fields import Strict

DOUBT: Final[tuple[Literal["", "slight", "middle", "grave"], ...]] = ("", "slight", "middle", "grave")  # by step
READ: Final[tuple[Literal["", "several", "many"], ...]] = ("", "several", "many")  # by step


class AssignmentBody(Strict):
    """Who is to translate a document, and by when; without either, nobody and at any time."""

    username: Annotated[str, StringConstraints(max_length=100)] = ""
    deadline: date | None = None


class QueueBody(Strict):
    """What of the queue is looked at: one document, both papers of a pair, and what is assigned to oneself."""

    document_id: Annotated[str, StringConstraints(max_length=64)] = ""
    pair_id: Annotated[str, StringConstraints(max_length=64)] = ""
    mine: bool = False


class WaitingSchema(BaseModel):
    """A sentence that waits. `requested`: somebody asked for it; `doubted`: the machine's text is not to be trusted.

    `doubt`: how little: it is hardly a translation (grave), says something else (middle), or may leave something out.
    `read`: whether several people or many, who may read no more than oneself, opened the document or found it, up to
    yesterday; "" for fewer.
    """

    document_id: str
    title: dict[str, str]
    number: int
    page: int
    source_text: str
    state: WorkState
    requested: bool
    doubted: bool
    doubt: Literal["", "slight", "middle", "grave"]
    read: Literal["", "several", "many"]
    deadline: date | None
    assignee: PersonNameSchema | None

    @staticmethod
    def of(segment: WaitingSegment, names: Mapping[str, PersonName]) -> WaitingSchema:
        """From a sentence that waits."""
        return WaitingSchema(
            document_id=segment.document.id,
            title=title(segment.document),
            number=segment.ordinal,
            page=segment.page,
            source_text=segment.text,
            state=segment.state,
            requested=segment.requested,
            doubted=segment.doubt > 0,
            doubt=DOUBT[segment.doubt],
            read=READ[segment.read],
            deadline=segment.deadline,
            assignee=PersonNameSchema.of(names.get(segment.assignee)),
        )


class QueueAnswer(BaseModel):
    """What waits, the first first."""

    segments: list[WaitingSchema]

    @staticmethod
    def of(segments: Iterable[WaitingSegment], names: Mapping[str, PersonName]) -> QueueAnswer:
        """From what waits."""
        return QueueAnswer(segments=[WaitingSchema.of(segment, names) for segment in segments])
