"""Keeps the segmentation rules that the operator imported, for a series of meetings or for all documents.

They are the operator's own and hold nothing of a document, so they bear no label.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from auth.audit.entries import Event
from auth.audit.trail import Trail
from auth.database import Database, now
from auth.errors import ErrorKind, TolmachError
from indexer.segment.rules import srx
from indexer.segment.rules.tables import SegmentationRow
from indexer.segment.sentences import Splitter, sentence_starts
from indexer.text import digest_of

EVERY: Final = ""  # the series of rules for documents of no series that has rules of its own


class NoRulesError(TolmachError):
    """There are no rules for a series."""

    kind = ErrorKind.ABSENT
    code = "no_segmentation"
    sentence = "There are no segmentation rules for this series."


@dataclass(frozen=True, slots=True)
class KeptRules:
    """A file of rules: for which series, what it was called, how many rules it has for each language."""

    series: str
    name: str
    imported_at: datetime
    rules: dict[str, int]


@dataclass(frozen=True, slots=True)
class SegmentationRules:
    """The operator's rules."""

    database: Database
    trail: Trail

    def take_in(self, series: str, name: str, content: bytes, event: Event) -> KeptRules:
        """Keep a file in place of what was kept for a series, for documents that are read from then on.

        Raises SegmentationRulesError and XmlError.
        """
        rules = srx.read(content)
        try:
            text = content.decode()
        except UnicodeDecodeError as error:
            raise srx.SegmentationRulesError("Save the file in UTF-8.", code="srx_encoding") from error
        with self.database.session() as session:
            row = session.merge(SegmentationRow(series=series, name=name, content=text, imported_at=now()))
            self.trail.record(replace(event, detail={**event.detail, "series": series, "sha256": digest_of(text)}))
            return _kept(row, rules)

    def listed(self) -> list[KeptRules]:
        """All that there are, by series."""
        with self.database.reading() as session:
            rows = session.scalars(select(SegmentationRow).order_by(SegmentationRow.series)).all()
            return [_kept(row, srx.read(row.content.encode())) for row in rows]

    def remove(self, series: str, event: Event) -> None:
        """Follow the rules of a series no more. Raises NoRulesError."""
        with self.database.session() as session:
            if session.get(SegmentationRow, series) is None:
                raise NoRulesError
            session.execute(delete(SegmentationRow).where(SegmentationRow.series == series))
            self.trail.record(replace(event, detail={**event.detail, "series": series}))


def digest_for(session: Session, series: str) -> str:
    """What changes whenever the rules for a series do."""
    best = _best(session, series)
    return digest_of(best.content) if best else ""


def _best(session: Session, series: str) -> SegmentationRow | None:
    """The rules for a series, else those for all."""
    rows = session.scalars(select(SegmentationRow).where(SegmentationRow.series.in_({series, EVERY}))).all()
    return max(rows, key=lambda row: row.series, default=None)


def splitter_for(session: Session, series: str) -> Splitter:
    """What says where sentences begin in a document of a series: rules for that, else those for all, else our own."""
    best = _best(session, series)
    return sentence_starts if best is None else srx.splitter(srx.read(best.content.encode()), sentence_starts)


def _kept(row: SegmentationRow, rules: srx.Rules) -> KeptRules:
    return KeptRules(
        row.series, row.name, row.imported_at, {language: len(some.breaks) for language, some in rules.items()}
    )
