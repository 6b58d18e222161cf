"""Takes files of terms and dictionaries in under a label, a batch at a time; nothing of one is seen before it is whole.

A file that breaks off is taken out again; one whose import a crash ended stays unseen until it is removed.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Final

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from auth.audit.entries import Event
from auth.audit.trail import Trail
from auth.database import Database, locking
from auth.errors import ErrorKind, TolmachError
from auth.labels import Label
from auth.policy import keep_rule, rule_of
from indexer.lexicon.termbase.concept_rows import APPROVED, IMPORTING, Kind, Placing, Prepared, keep, prepared
from indexer.lexicon.termbase.formats.reading import RefusedEntry
from indexer.lexicon.termbase.tables import ConceptRow, VocabularyRow
from indexer.lexicon.termbase.terms import Concept

MOST: Final = 100  # vocabularies of one reading rule: others may not be told of
MOST_ENTRIES: Final = 500_000  # of one
MOST_TOLD: Final = 1_000  # refused entries that are kept
_BATCH: Final = 500


class VocabularyError(TolmachError):
    """The vocabulary cannot be taken in; the message says why."""

    kind = ErrorKind.CONFLICT
    code = "vocabulary"


class NoVocabularyError(TolmachError, LookupError):
    """No vocabulary of that identifier is there."""

    kind = ErrorKind.ABSENT
    code = "no_vocabulary"
    sentence = "There is no such vocabulary."


@dataclass(frozen=True, slots=True)
class VocabularyAbout:
    """What a vocabulary is: its kind, name, licence, the form of its file, and its label."""

    kind: Kind
    name: str
    licence: str
    form: str
    label: Label


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """A vocabulary that was taken in, how many entries were taken and refused, and the first that were refused."""

    vocabulary_id: str
    about: VocabularyAbout
    taken_by: str
    taken_at: str
    entries: int
    refused: int
    refusals: tuple[tuple[str, str], ...]
    whole: bool


@dataclass(slots=True)
class _Counted:
    """How an import fares."""

    entries: int = 0
    refused: int = 0
    refusals: list[tuple[str, str]] = field(default_factory=list)

    def concepts(self, read: Iterable[Concept | RefusedEntry]) -> Iterator[Concept]:
        """The good ones; the others are counted. Raises VocabularyError."""
        for each in read:
            if isinstance(each, RefusedEntry):
                self.refused += 1
                if len(self.refusals) < MOST_TOLD:
                    self.refusals.append((each.place, each.reason))
                continue
            self.entries += 1
            if self.entries > MOST_ENTRIES:
                raise VocabularyError(
                    "A vocabulary has at most {most} entries.", code="vocabulary_entries", most=MOST_ENTRIES
                )
            yield each


@dataclass(frozen=True, slots=True)
class Vocabularies:
    """What takes vocabularies in, and out."""

    database: Database
    trail: Trail

    def take_in(
        self,
        about: VocabularyAbout,
        read: Iterable[Concept | RefusedEntry],
        event: Event,
        told: Callable[[int], None] = lambda entries: None,
    ) -> Vocabulary:
        """Take a vocabulary in; `told` how many entries were taken so far.

        Raises VocabularyError, VocabularyFormatError, and then nothing of it is kept.
        """
        vocabulary_id, rule = self._begun(about, event)
        placing = Placing.of(about.kind, rule, about.label, IMPORTING, vocabulary_id)
        counted = _Counted()
        try:
            for batch in _batches(map(prepared, counted.concepts(read))):
                with self.database.session() as session:
                    _locked(session, vocabulary_id)
                    keep(session, batch, placing)
                told(counted.entries)
            if not counted.entries:
                raise VocabularyError("No entry of the file could be taken.", code="vocabulary_empty")
        except TolmachError:
            with self.database.session() as session:
                session.execute(delete(VocabularyRow).where(VocabularyRow.id == vocabulary_id))
            raise
        return self._ended(vocabulary_id, counted, event)

    def listed(self, kind: Kind | None = None) -> list[Vocabulary]:
        """Every vocabulary, the latest last: for the operator alone, who sees all labels."""
        query = select(VocabularyRow).order_by(VocabularyRow.taken_at, VocabularyRow.id)
        with self.database.reading() as session:
            rows = session.scalars(query if kind is None else query.where(VocabularyRow.kind == kind))
            return [_vocabulary(session, row) for row in rows]

    def remove(self, vocabulary_id: str, kind: Kind, event: Event) -> None:
        """Take a vocabulary out with all that it brought, in one transaction. Raises NoVocabularyError."""
        with self.database.session() as session:
            row = _locked(session, vocabulary_id)
            if row.kind != kind:
                raise NoVocabularyError
            detail: dict[str, str | int] = {
                "kind": row.kind,
                "entries": row.entries,
                "label": rule_of(session, row.rule).as_text(),
            }
            self.trail.record(replace(event, object=vocabulary_id, detail=detail))
            session.delete(row)

    def _begun(self, about: VocabularyAbout, event: Event) -> tuple[str, str]:
        """The identifier of a new vocabulary, and the digest of its rule; the trail has it by then."""
        with self.database.session() as session:
            rule = keep_rule(session, about.label.rule)
            alike = select(func.count()).select_from(VocabularyRow).where(VocabularyRow.rule == rule)
            if (session.scalar(alike) or 0) >= MOST:
                raise VocabularyError(
                    "There are {most} vocabularies with this label: remove one first.", code="vocabularies", most=MOST
                )
            row = VocabularyRow(
                kind=about.kind,
                name=about.name,
                licence=about.licence,
                form=about.form,
                rule=rule,
                originators=",".join(sorted(about.label.originators)),
                taken_by=event.actor,
            )
            session.add(row)
            session.flush()
            detail = {"kind": about.kind, "form": about.form, "label": about.label.rule.as_text()}
            self.trail.record(replace(event, object=row.id, detail=detail))
            return row.id, rule

    def _ended(self, vocabulary_id: str, counted: _Counted, event: Event) -> Vocabulary:
        """What was taken is seen from now on, all of it at once."""
        with self.database.session() as session:
            row = _locked(session, vocabulary_id)
            row.entries, row.refused, row.whole = counted.entries, counted.refused, True
            row.refusals = json.dumps(counted.refusals)
            theirs = update(ConceptRow).where(ConceptRow.vocabulary == vocabulary_id)
            session.execute(theirs.values(state=APPROVED))
            detail: dict[str, str | int] = {"kind": row.kind, "entries": row.entries, "refused": row.refused}
            self.trail.record(replace(event, object=vocabulary_id, detail=detail))
            return _vocabulary(session, row)


def _locked(session: Session, vocabulary_id: str) -> VocabularyRow:
    row = session.scalar(locking(select(VocabularyRow).where(VocabularyRow.id == vocabulary_id)))
    if row is None:
        raise NoVocabularyError
    return row


def _batches(prepared_concepts: Iterable[Prepared]) -> Iterator[list[Prepared]]:
    batch: list[Prepared] = []
    for each in prepared_concepts:
        batch.append(each)
        if len(batch) == _BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


def _vocabulary(session: Session, row: VocabularyRow) -> Vocabulary:
    label = Label(rule_of(session, row.rule), frozenset(filter(None, row.originators.split(","))))
    kind: Kind = "terms" if row.kind == "terms" else "dictionary"
    return Vocabulary(
        row.id,
        VocabularyAbout(kind, row.name, row.licence, row.form, label),
        row.taken_by,
        row.taken_at.isoformat(),
        row.entries,
        row.refused,
        tuple((place, reason) for place, reason in json.loads(row.refusals)),
        row.whole,
    )
