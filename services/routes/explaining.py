"""Before and after a change: who would gain or lose what, and why somebody may do something or may not."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from typing import Annotated, Literal, Self

from pydantic import BaseModel, Field, StringConstraints, model_validator
from sqlalchemy.orm import Session

from auth import expression, policy
from auth.explain import Explanation
from auth.labels import ALL, Label
from auth.people import Principal, Role
from auth.policy import Action, Scope
from auth.scheme import Scheme
from indexer.handling.access_preview import Counts, Effect
from services.access_changes import Administration
from services.routes.authentication import Asking, guarded_router
from services.schemas.changes import AnyChange, Short, Strict

router = guarded_router("/access")

Labelled = Literal["search", "read", "download", "intake", "label", "remove", "edit", "approve"]


class Previewing(Strict):
    """A change that has not been made."""

    change: AnyChange


class CountShape(BaseModel):
    """How many documents of a level an agency originated; one of several originators counts under each."""

    level: str
    agency: str
    documents: int


class DifferenceShape(BaseModel):
    """What one person would gain and lose."""

    username: str
    agency: str
    gains: list[CountShape]
    losses: list[CountShape]


class EffectShape(BaseModel):
    """What a change would do now: to each person whose readable documents it changes, and summed over persons."""

    people: list[DifferenceShape]
    gains: list[CountShape]
    losses: list[CountShape]

    @staticmethod
    def of(effect: Effect, scheme: Scheme) -> EffectShape:
        """From an effect."""
        return EffectShape(
            people=[
                DifferenceShape(
                    username=one.username,
                    agency=one.agency,
                    gains=_counts(one.gains, scheme),
                    losses=_counts(one.losses, scheme),
                )
                for one in effect.people
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


class StepShape(BaseModel):
    """One rule, whether it lets the person pass, and why, in both languages."""

    rule: str
    passed: bool
    en: str
    ru: str


class ConsideredShape(BaseModel):
    """A grant that was looked at, and the rules by which it is of no use here."""

    grant_id: str
    role: Role
    clearance: str
    need_to_know: list[str]
    starts: datetime
    ends: datetime | None
    refused_by: list[str]


class ExplanationShape(BaseModel):
    """Whether it is allowed now, and every step, told of the grant that comes nearest (`grant_id`)."""

    username: str
    action: str
    allowed: bool
    grant_id: str | None
    steps: list[StepShape]
    considered: list[ConsideredShape]

    @staticmethod
    def of(username: str, action: str, found: Explanation, scheme: Scheme) -> ExplanationShape:
        """From an explanation."""
        return ExplanationShape(
            username=username,
            action=action,
            allowed=found.allowed,
            grant_id=found.chosen or None,
            steps=[StepShape(rule=s.rule, passed=s.passed, en=s.en, ru=s.ru) for s in found.steps],
            considered=[
                ConsideredShape(
                    grant_id=one.holding.grant_id,
                    role=one.holding.role,
                    clearance=scheme.code(one.holding.clearance),
                    need_to_know=sorted(one.holding.words),
                    starts=one.holding.starts,
                    ends=one.holding.ends,
                    refused_by=list(one.refused_by),
                )
                for one in found.considered
            ],
        )


@router.post("/preview")
def preview(body: Previewing, asking: Asking) -> EffectShape:
    """Who would gain and who would lose how many documents by a change, now. Nothing is changed."""
    asking.must(Action.PREVIEW)
    scheme = asking.parts.scheme
    administration = Administration(asking.parts, asking.principal, asking.event)
    return EffectShape.of(administration.preview(body.change.change(scheme)), scheme)


@router.post("/explain")
def explain_access(body: Explaining, asking: Asking) -> ExplanationShape:
    """Which rules let a person do something under a label or to a document, or do not. Documents one may see alone."""
    asking.must(Action.EXPLAIN)
    scheme, action = asking.parts.scheme, Action(body.action)
    of = body.document_id if body.label is None else body.label.label(scheme)
    administration = Administration(asking.parts, asking.principal, asking.event)
    found = administration.explain(body.username, action, of or "", partial(scopes_of, asking.principal))
    return ExplanationShape.of(body.username, action, found, scheme)


def scopes_of(asker: Principal, session: Session) -> list[Scope]:
    """Where the documents lie that somebody may know of: to read now, or to take in."""
    return [policy.scope_for(session, asker, action) for action in (Action.READ, Action.INTAKE)]


def _counts(counts: Counts, scheme: Scheme) -> list[CountShape]:
    return [
        CountShape(level=scheme.code(level), agency=agency, documents=count)
        for (level, agency), count in sorted(counts.items())
    ]
