"""Checks a person's translation: by itself, by the memory and the termbase. A finding may be waived with a reason."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from auth import policy
from auth.policy import Scope
from indexer.bitext.review.segments import PersonName, names_of
from indexer.bitext.review.tables import ActKind, SegmentActRow
from indexer.bitext.review.term_findings import term_findings
from indexer.checks.findings import CheckFinding, findings
from indexer.library.tables import DocumentRow
from indexer.memory.matches import Wanted, other_texts
from indexer.text import Language


@dataclass(frozen=True, slots=True)
class Waiver:
    """Why a finding is none, by whom and when."""

    reason: str
    by: PersonName
    at: datetime


@dataclass(frozen=True, slots=True)
class CheckedFinding:
    """Something that may be wrong with a text, and who said why it is not, if anybody."""

    finding: CheckFinding
    waiver: Waiver | None


def checked(
    session: Session, scope: Scope, row: DocumentRow, source_digest: str, source: str, text: str
) -> list[CheckedFinding]:
    """What may be wrong with a text of a sentence of a document inside the scope."""
    if not text:
        return []
    waivers = _waivers(session, row, source_digest)
    return [
        CheckedFinding(each, waivers.get((each.code, each.about))) for each in _found(session, scope, row, source, text)
    ]


def unwaived(session: Session, scope: Scope, row: DocumentRow, source_digest: str, source: str, text: str) -> list[str]:
    """The codes of what nobody has waived."""
    every = checked(session, scope, row, source_digest, source, text)
    return sorted({each.finding.code for each in every if each.waiver is None})


def _found(session: Session, scope: Scope, row: DocumentRow, source: str, text: str) -> Iterator[CheckFinding]:
    languages: tuple[Language, Language] = ("en", "ru") if row.language == "en" else ("ru", "en")
    yield from findings(source, text, *languages)
    yield from term_findings(session, policy.shaping(session, scope, row.rule), source, text, languages)
    differently, for_another = other_texts(session, scope, row, Wanted(source, row.language), text)
    if differently:
        yield CheckFinding("inconsistent")
    if for_another:
        yield CheckFinding("same_for_another")


def _waivers(session: Session, row: DocumentRow, source_digest: str) -> dict[tuple[str, str], Waiver]:
    of_it = (
        SegmentActRow.document == row.id,
        SegmentActRow.source_digest == source_digest,
        SegmentActRow.source == row.language,
        SegmentActRow.kind == ActKind.WAIVED,
    )
    acts = session.scalars(select(SegmentActRow).where(*of_it).order_by(SegmentActRow.number)).all()
    names = names_of(session, (act.by for act in acts))
    return {(act.code, act.about): Waiver(act.note, names.get(act.by, PersonName(act.by, "")), act.at) for act in acts}
