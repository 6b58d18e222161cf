"""Labels: what a document demands of its readers, and how two labels combine. Refuses to guess: unknown is SEALED."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property, reduce
from typing import Final, Literal

from auth import expression
from auth.expression import NEVER, Expression

ALL: Final = "ALL"
Releasable = Literal["ALL"] | frozenset[str]

TOP: Final = 2**31 - 1  # above every level that a scheme can define


@dataclass(frozen=True)
class ReadingRule:
    """The part of a label that decides who may read; many documents share one.

    `level` is a rank of the marking scheme, `releasable_to` ALL or a set of agency codes (the empty set is nobody).
    """

    level: int
    releasable_to: Releasable
    need_to_know: Expression

    @cached_property
    def digest(self) -> str:
        """Names the rule in the database and the index: the same for equal rules, 32 hexadecimal digits."""
        return hashlib.sha256(self.as_text().encode()).hexdigest()[:32]

    def as_text(self) -> str:
        """Canonical JSON, as stored: `[level, "ALL" or [agency…], expression]`."""
        to = self.releasable_to if self.releasable_to == ALL else sorted(self.releasable_to)
        return json.dumps([self.level, to, expression.canonical(self.need_to_know)], ensure_ascii=False)

    @staticmethod
    def from_text(text: str) -> ReadingRule:
        """Read what `as_text` wrote; anything else is the rule of SEALED."""
        try:
            level, to, words = json.loads(text)
            if type(level) is not int or not (to == ALL or _all_texts(to)) or not isinstance(words, str):
                return SEALED.rule
            return ReadingRule(level, ALL if to == ALL else frozenset(to), expression.stored(words))
        except (ValueError, TypeError, RecursionError):  # ExpressionError is a ValueError
            return SEALED.rule


def _all_texts(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(item, str) for item in value)


@dataclass(frozen=True)
class Label:
    """A reading rule, and the agencies that the document comes from."""

    rule: ReadingRule
    originators: frozenset[str]

    @staticmethod
    def of(level: int, releasable_to: Releasable, need_to_know: Expression, originators: Iterable[str]) -> Label:
        """A label from its parts."""
        return Label(ReadingRule(level, releasable_to, need_to_know), frozenset(originators))


SEALED: Final = Label(ReadingRule(TOP, frozenset(), NEVER), frozenset())


def join(*labels: Label) -> Label:
    """The label of what is made from all of these: readable only by those who may read each. Of none, SEALED."""
    return reduce(_join_two, labels) if labels else SEALED


def _join_two(a: Label, b: Label) -> Label:
    rule = ReadingRule(
        max(a.rule.level, b.rule.level),
        _intersection(a.rule.releasable_to, b.rule.releasable_to),
        expression.both(a.rule.need_to_know, b.rule.need_to_know),
    )
    return Label(rule, a.originators | b.originators)


def _intersection(a: Releasable, b: Releasable) -> Releasable:
    if a == ALL:
        return b
    return a if b == ALL else a & b


def dominates(b: Label, a: Label) -> bool:
    """Whether everyone who may read `b` may read `a`, judged part by part, so that a doubt is a no."""
    return (
        b.rule.level >= a.rule.level
        and (
            a.rule.releasable_to == ALL
            or (b.rule.releasable_to != ALL and b.rule.releasable_to <= a.rule.releasable_to)
        )
        and expression.implies(b.rule.need_to_know, a.rule.need_to_know)
    )
