"""The kinds of fields that schemas are made of."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, StringConstraints


def in_utc(moment: datetime) -> datetime:
    """The same moment in UTC; a moment at the edge of the calendar that has none there is a ValueError."""
    try:
        return moment.astimezone(UTC)
    except OverflowError as error:
        raise ValueError("no such moment in UTC") from error


Short = Annotated[str, StringConstraints(min_length=1, max_length=300)]


Word = Annotated[str, StringConstraints(min_length=1, max_length=100)]


Reason = Annotated[str, StringConstraints(min_length=3, max_length=2_000)]


When = Annotated[AwareDatetime, AfterValidator(in_utc)]


class Strict(BaseModel):
    """What is sent to us: a field that we do not know is a mistake."""

    model_config = ConfigDict(extra="forbid")
