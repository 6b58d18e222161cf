"""Schedules and what is due, as JSON."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field

from auth.scheme import Scheme
from indexer.handling.retention.due import DueDocument
from indexer.handling.retention.schedules import MOST_YEARS, Schedule
from services.schemas.documents import title
from services.schemas.fields import Reason, Short, Strict
from services.schemas.labels import LabelSchema

Years = Annotated[int, Field(ge=1, le=MOST_YEARS)]


class ScheduleSchema(BaseModel):
    """For how many years papers of a kind and a level are kept."""

    kind: str
    level: str
    years: int | None

    @staticmethod
    def of(schedule: Schedule, scheme: Scheme) -> ScheduleSchema:
        """From a schedule."""
        return ScheduleSchema(kind=schedule.kind, level=scheme.code(schedule.level), years=schedule.years)


class NewSchedule(Strict):
    """A schedule to set; `years` null: papers of that kind and level are kept for good."""

    kind: Short
    level: Short
    years: Years | None
    reason: Reason

    def schedule(self, scheme: Scheme) -> Schedule:
        """As a value. Raises SchemeError."""
        return Schedule(self.kind, scheme.rank(self.level), self.years)


class DueSchema(BaseModel):
    """A document that was kept for as long as its schedule says, from the day `kept_since`."""

    document_id: str
    title: dict[str, str]
    label: LabelSchema
    kept_since: date
    schedule: ScheduleSchema

    @staticmethod
    def of(document: DueDocument, scheme: Scheme) -> DueSchema:
        """From what is due."""
        return DueSchema(
            document_id=document.document_id,
            title=title(document.row),
            label=LabelSchema.of(document.label, scheme),
            kept_since=document.kept_since,
            schedule=ScheduleSchema.of(document.schedule, scheme),
        )


class ScheduleOfCertificate(BaseModel):
    """The schedule by which a document was due: `level` is the rank that its level had then."""

    kind: str
    level: int
    years: int


class CertificateSchema(BaseModel):
    """What was disposed of, by which schedule, by whom and when; `entries` are the trail's own.

    `destroyed_at` null: two people can still bring it back. An entry's digest is over its parts and `previous`.
    """

    kind: Literal["disposal"] = "disposal"
    document_id: str
    sha256: str
    label: str
    schedule: ScheduleOfCertificate
    kept_since: date
    proposal_id: str
    proposed_by: str
    approved_by: str
    decided_at: str
    destroyed_at: str | None
    entries: list[dict[str, Any]]
