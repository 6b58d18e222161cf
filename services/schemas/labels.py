"""Labels, times and the marking scheme as JSON."""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal

from pydantic import BaseModel

from auth.database import now
from auth.expression import canonical
from auth.labels import ALL, Label
from auth.scheme import Scheme
from indexer.handling.relabel import Handling
from indexer.library.documents import Times


class LabelSchema(BaseModel):
    """A label."""

    level: str
    releasable_to: Literal["ALL"] | list[str]
    need_to_know: str
    originators: list[str]

    @staticmethod
    def of(label: Label, scheme: Scheme) -> LabelSchema:
        """From a label."""
        to = label.rule.releasable_to
        return LabelSchema(
            level=scheme.code(label.rule.level),
            releasable_to=ALL if to == ALL else sorted(to),
            need_to_know=canonical(label.rule.need_to_know),
            originators=sorted(label.originators),
        )


def marking(label: Label, scheme: Scheme) -> str:
    """A label in words, as it stands over a document: the level's banners, releasable to whom, need to know."""
    shown = LabelSchema.of(label, scheme)
    level = next(each for each in scheme.levels if each.code == shown.level)
    to = (
        shown.releasable_to
        if isinstance(shown.releasable_to, str)
        else ", ".join(shown.releasable_to) or "NOBODY / НИКОМУ"
    )
    return " // ".join(filter(None, (f"{level.banner_en} / {level.banner_ru}", to, shown.need_to_know)))


class TimesSchema(BaseModel):
    """When a document is published, whether it is now, and the day it is to be reviewed by."""

    published: bool
    embargo_until: datetime | None
    expires_at: datetime | None
    review_on: date | None

    @staticmethod
    def of(times: Times) -> TimesSchema:
        """From its times."""
        return TimesSchema(
            published=times.published(now()),
            embargo_until=times.embargo_until,
            expires_at=times.expires_at,
            review_on=times.review_on,
        )


class LevelSchema(BaseModel):
    """A level of the marking scheme. Banners stand over its documents; `tlp` is TLP 2.0's nearest word, or ""."""

    code: str
    rank: int
    name_en: str
    name_ru: str
    colour: str
    banner_en: str
    banner_ru: str
    tlp: str


class SchemeSchema(BaseModel):
    """The marking scheme, lowest level first."""

    levels: list[LevelSchema]


class HandlingSchema(BaseModel):
    """Who may read a document, and when."""

    label: LabelSchema
    times: TimesSchema

    @staticmethod
    def of(handling: Handling, scheme: Scheme) -> HandlingSchema:
        """From a handling."""
        return HandlingSchema(label=LabelSchema.of(handling.label, scheme), times=TimesSchema.of(handling.times))
