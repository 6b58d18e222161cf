"""Reads a label out of the words that people and files give. Refuses agencies and levels that do not exist."""

from __future__ import annotations

from sqlalchemy.orm import Session

from auth import expression, people
from auth.labels import ALL, Label, Releasable
from auth.scheme import Scheme
from indexer.intake import LabelError


def label_from(
    session: Session, scheme: Scheme, originator: str, level: str, releasable_to: str, need_to_know: str
) -> Label:
    """A label. Lists are separated by commas; releasable to nobody named means to the originators alone.

    Raises LabelError, SchemeError or ExpressionError, each saying what to write instead.
    """
    originators = _codes(originator)
    to: Releasable = ALL if releasable_to.strip() == ALL else _codes(releasable_to) or originators
    unknown = sorted((originators | (frozenset() if to == ALL else to)) - people.agency_codes(session))
    if unknown:
        raise LabelError(f"There is no agency {unknown[0]}. Agencies are added with: tolmach agency add")
    return Label.of(scheme.rank(level), to, expression.parse(need_to_know.strip()), originators)


def _codes(text: str) -> frozenset[str]:
    return frozenset(code.strip() for code in text.split(",")) - {""}
