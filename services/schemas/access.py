"""What a change to access would do, and why somebody may do something, as JSON."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal, Self

from pydantic import BaseModel, Field, StringConstraints, model_validator

from auth import expression
from auth.explain import Explanation
from auth.labels import ALL, Label
from auth.people import Role
from auth.scheme import Scheme
from indexer.handling.access_preview import Counts, Effect
from services.schemas.changes import AnyChange
from services.schemas.fields import Short, Strict

Labelled = Literal["search", "read", "download", "intake", "label", "remove", "edit", "approve"]


class Previewing(Strict):
    """A change that has not been made."""

    change: AnyChange


class CountSchema(BaseModel):
    """How many documents of a level an agency originated; one of several originators counts under each."""

    level: str
    agency: str
    documents: int


class DifferenceSchema(BaseModel):
    """What one person would gain and lose."""

    username: str
    agency: str
    gains: list[CountSchema]
    losses: list[CountSchema]


class EffectSchema(BaseModel):
    """What a change would do now: to each person whose readable documents it changes, and summed over persons."""

    people: list[DifferenceSchema]
    gains: list[CountSchema]
    losses: list[CountSchema]

    @staticmethod
    def of(effect: Effect, scheme: Scheme) -> EffectSchema:
        """From an effect."""
        return EffectSchema(
            people=[
                DifferenceSchema(
                    username=difference.username,
                    agency=difference.agency,
                    gains=_counts(difference.gains, scheme),
                    losses=_counts(difference.losses, scheme),
                )
                for difference in effect.people
            ],
            gains=_counts(effect.gains, scheme),
            losses=_counts(effect.losses, scheme),
        )


class AskedLabel(Strict):
    """A label to ask about."""

    level: Short
    releasable_to: Literal["ALL"] | Annotated[list[Short], Field(max_length=1_000)]
    need_to_know: Annotated[str, StringConstraints(max_length=1_000)] = ""
    originators: list[Short] = Field(default_factory=list, max_length=1_000)

    def label(self, scheme: Scheme) -> Label:
        """As a value. Raises SchemeError, ExpressionError."""
        to: Literal["ALL"] | frozenset[str] = ALL if self.releasable_to == ALL else frozenset(self.releasable_to)
        return Label.of(scheme.rank(self.level), to, expression.parse(self.need_to_know), self.originators)


class Explaining(Strict):
    """A person, an action, and either a label or a document."""

    username: Short
    action: Labelled = "read"
    label: AskedLabel | None = None
    document_id: Short | None = None

    @model_validator(mode="after")
    def one_object(self) -> Self:
        """Refuse both a label and a document, and neither."""
        if (self.label is None) == (self.document_id is None):
            raise ValueError("Give either a label or a document_id.")
        return self


class StepSchema(BaseModel):
    """One rule, whether it lets the person pass, and why, in both languages."""

    rule: str
    passed: bool
    en: str
    ru: str


class ConsideredSchema(BaseModel):
    """A grant that was looked at, and the rules by which it is of no use here."""

    grant_id: str
    role: Role
    clearance: str
    need_to_know: list[str]
    starts: datetime
    ends: datetime | None
    refused_by: list[str]


class ExplanationSchema(BaseModel):
    """Whether it is allowed now, and every step, told of the grant that comes nearest (`grant_id`)."""

    username: str
    action: str
    allowed: bool
    grant_id: str | None
    steps: list[StepSchema]
    considered: list[ConsideredSchema]

    @staticmethod
    def of(username: str, action: str, explanation: Explanation, scheme: Scheme) -> ExplanationSchema:
        """From an explanation."""
        return ExplanationSchema(
            username=username,
            action=action,
            allowed=explanation.allowed,
            grant_id=explanation.chosen or None,
            steps=[StepSchema(rule=s.rule, passed=s.passed, en=s.en, ru=s.ru) for s in explanation.steps],
            considered=[
                ConsideredSchema(
                    grant_id=considered.holding.grant_id,
                    role=considered.holding.role,
                    clearance=scheme.code(considered.holding.clearance),
                    need_to_know=sorted(considered.holding.words),
                    starts=considered.holding.starts,
                    ends=considered.holding.ends,
                    refused_by=list(considered.refused_by),
                )
                for considered in explanation.considered
            ],
        )


def _counts(counts: Counts, scheme: Scheme) -> list[CountSchema]:
    return [
        CountSchema(level=scheme.code(level), agency=agency, documents=count)
        for (level, agency), count in sorted(counts.items())
    ]
