"""Reads a label out of the words that people and files give."""

from __future__ import annotations

from typing import Literal

from sqlalchemy.orm import Session

from auth import expression, people
from auth.labels import ALL, Label, Releasable
from auth.scheme import Scheme
from indexer.library.intake import LabelError


def label_from(
    session: Session, scheme: Scheme, originator: str, level: str, releasable_to: str, need_to_know: str
) -> Label:
    """A label. Lists are separated by commas; releasable to nobody named means to the originators alone.

    Raises LabelError, SchemeError or ExpressionError, each saying what to write instead.
    """
    originators = _codes(originator)
    to: Releasable = ALL if releasable_to.strip() == ALL else _codes(releasable_to) or originators
    _check_codes(session, originators | (frozenset() if to == ALL else to))
    return Label.of(scheme.rank(level), to, expression.parse(need_to_know.strip()), originators)


def relabelled(
    session: Session,
    scheme: Scheme,
    old: Label,
    level: str | None,
    releasable_to: Literal["ALL"] | list[str] | None,
    need_to_know: str | None,
) -> Label:
    """A label with these parts in place of the old one's; None leaves a part as it is.

    Raises LabelError, SchemeError or ExpressionError, each saying what to write instead.
    """
    to: Releasable = old.rule.releasable_to
    if releasable_to is not None:
        to = ALL if releasable_to == ALL else frozenset(releasable_to)
        _check_codes(session, frozenset() if to == ALL else to)
    rank = old.rule.level if level is None else scheme.rank(level)
    words = old.rule.need_to_know if need_to_know is None else expression.parse(need_to_know.strip())
    return Label.of(rank, to, words, old.originators)


def _check_codes(session: Session, codes: frozenset[str]) -> None:
    unknown = sorted(codes - people.agency_codes(session))
    if unknown:
        raise LabelError(
            "There is no agency {agency}. Agencies are added with: tolmach agency add",
            code="label_agency",
            agency=unknown[0],
        )


def _codes(text: str) -> frozenset[str]:
    return frozenset(code.strip() for code in text.split(",")) - {""}
