"""Lets people translate: saves, submits, approves and rejects. Refuses to lose a text, and to let an author approve.

Each act locks the document first: it is then as the scope saw it or absent, and acts on one sentence follow each other.
Each names the version of the text that its person saw, and is refused where that is not the last one any more.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Final

from sqlalchemy import ColumnElement, delete, select
from sqlalchemy.orm import Session

from auth.audit.entries import Event
from auth.audit.trail import Trail
from auth.database import Database, now
from auth.errors import ErrorKind, TolmachError
from auth.people import Principal
from auth.policy import Scope
from indexer.bitext.review import segments
from indexer.bitext.review.findings import unwaived
from indexer.bitext.review.tables import (
    ActKind,
    SegmentActRow,
    SegmentDraftRow,
    SegmentWorkRow,
    TranslationRequestRow,
    WorkState,
)
from indexer.engine.contract import Engine
from indexer.handling import lifecycle
from indexer.handling.lifecycle import AbsentError
from indexer.library import documents
from indexer.library.tables import DocumentRow, SegmentRow, TranslationRow
from indexer.memory import entries
from indexer.pipeline import index_sync
from indexer.text import digest_of

LEASE: Final = timedelta(minutes=2)  # after the last sign of typing
MOST_ACTS: Final = 10_000  # that one sentence's history takes


class StaleVersionError(TolmachError):
    """Somebody saved another text first: `version` and `text` are what stands now."""

    kind = ErrorKind.CONFLICT
    code = "stale_version"
    sentence = "Somebody has changed this sentence since you saw it. Compare both texts, then save yours again."

    def __init__(self, version: int, text: str) -> None:
        super().__init__()
        self.version, self.text = version, text


class WorkError(TolmachError):
    """What is asked does not fit how far the sentence has come; the message says what does."""

    kind = ErrorKind.CONFLICT
    code = "work"


@dataclass(frozen=True, slots=True)
class Task:
    """A sentence that somebody does something to: inside what scope, who, and what the trail is to say."""

    scope: Scope
    by: Principal
    document_id: str
    ordinal: int
    event: Event


@dataclass(frozen=True, slots=True)
class Seen:
    """What a person had before them: the digest of the source, and the version of the translation, 0: no person's."""

    source_digest: str
    version: int


@dataclass(frozen=True, slots=True)
class _Opened:
    """A sentence whose document is locked."""

    row: DocumentRow
    segment: SegmentRow
    work: SegmentWorkRow


@dataclass(frozen=True, slots=True)
class Workbench:
    """What translating works with."""

    database: Database
    engine: Engine
    trail: Trail

    def save(self, task: Task, seen: Seen, text: str) -> None:
        """Keep a text as the next version. Raises AbsentError, StaleVersionError and WorkError.

        A text that comes too late is kept as a draft. One that stands already, as where an answer was lost, is no
        version of its own.
        """
        try:
            with self.database.session() as session:
                opened = _opened(session, task, seen)
                if _stands(opened.work, seen, text):
                    return
                _check_version(opened.work, seen)
                self._save(session, task, opened, text)
        except StaleVersionError:
            self.draft(task, seen, text)
            raise

    def _save(self, session: Session, task: Task, opened: _Opened, text: str) -> None:
        work = opened.work
        digest = opened.segment.digest
        machine = segments.machine_texts(session, opened.row, [digest]).get(digest)
        if not work.version:
            work.origin = "reviewed" if machine else "human"
        work.version, work.text, work.state = work.version + 1, text, WorkState.EDITED
        work.machine_digest = digest_of(machine.text) if machine else ""
        self._act(session, task, opened, ActKind.SAVED, text=text)
        session.execute(delete(SegmentDraftRow).where(*_drafts(opened, task.by)))

    def submit(self, task: Task, seen: Seen) -> None:
        """Hand a text to the reviewers. Raises AbsentError, StaleVersionError and WorkError."""
        with self.database.session() as session:
            opened = _opened(session, task, seen)
            _check_version(opened.work, seen)
            work = opened.work
            if work.state != WorkState.EDITED:
                raise WorkError("Only a text that a person has saved can be submitted, and once.", code="not_edited")
            codes = unwaived(session, task.scope, opened.row, work.source_digest, work.source_text, work.text)
            if codes:
                raise WorkError(
                    "Put right what the checks name, or say for each why it is right: {codes}.",
                    code="checks_open",
                    codes=", ".join(codes),
                )
            work.state = WorkState.SUBMITTED
            self._act(session, task, opened, ActKind.SUBMITTED)

    def approve(self, task: Task, seen: Seen) -> None:
        """Let a text pass: readers see it, and searches find it when this ends. Raises as `reject`, and EngineError."""
        with self.database.session() as session:
            opened = self._judged(session, task, seen)
            opened.work.state = WorkState.APPROVED
            self._act(session, task, opened, ActKind.APPROVED)
            _publish(session, opened)
            index_sync.reworded(opened.row)
        index_sync.sync_documents(self.database, self.engine, [task.document_id])

    def reject(self, task: Task, seen: Seen, reason: str) -> None:
        """Send a text back to the translators. Raises AbsentError, StaleVersionError and WorkError."""
        with self.database.session() as session:
            opened = self._judged(session, task, seen)
            opened.work.state = WorkState.EDITED
            self._act(session, task, opened, ActKind.REJECTED, note=reason)

    def _judged(self, session: Session, task: Task, seen: Seen) -> _Opened:
        """A text that waits for a judgement, by somebody who has written none of its versions."""
        opened = _opened(session, task, seen)
        _check_version(opened.work, seen)
        if opened.work.state != WorkState.SUBMITTED:
            raise WorkError("Only a text that was submitted can be judged, and once.", code="not_submitted")
        if task.by.person_id in _authors(session, opened.work):
            raise WorkError("Somebody who wrote no version of this text is to judge it.", code="own_translation")
        return opened

    def waive(self, task: Task, seen: Seen, code: str, about: str, reason: str) -> None:
        """Say why a finding of the checks is none. Raises AbsentError, StaleVersionError and WorkError."""
        with self.database.session() as session:
            opened = _opened(session, task, seen)
            _check_version(opened.work, seen)
            self._act(session, task, opened, ActKind.WAIVED, note=reason, code=code, about=about)

    def comment(self, task: Task, text: str) -> None:
        """Remark something about a sentence. Raises AbsentError and WorkError."""
        with self.database.session() as session:
            self._act(session, task, _opened(session, task), ActKind.COMMENTED, note=text)

    def ask_for(self, task: Task, note: str) -> None:
        """Ask for a sentence to be translated by a person: again, with another note. Raises AbsentError."""
        with self.database.session() as session:
            opened = _opened(session, task)
            session.merge(TranslationRequestRow(**_key(opened), by=task.by.person_id, note=note))
            self._record(session, task, opened)

    def draft(self, task: Task, seen: Seen, text: str) -> None:
        """Keep what somebody is typing, for themselves alone; "" drops it. Raises AbsentError and StaleVersionError."""
        with self.database.session() as session:
            opened = _opened(session, task, seen)
            if text:
                session.merge(
                    SegmentDraftRow(**_key(opened), by=task.by.person_id, version=seen.version, text=text, at=now())
                )
            else:
                session.execute(delete(SegmentDraftRow).where(*_drafts(opened, task.by)))

    def lease(self, task: Task) -> bool:
        """Say that one has a sentence open, or still has; whether nobody else has. Raises AbsentError."""
        with self.database.session() as session:
            work, at = _opened(session, task).work, now()
            if work.editor != task.by.person_id and work.editor_until is not None and work.editor_until > at:
                return False
            work.editor, work.editor_until = task.by.person_id, at + LEASE
            return True

    def release(self, task: Task) -> None:
        """Say that one has a sentence open no more. Raises AbsentError."""
        with self.database.session() as session:
            work = _opened(session, task).work
            if work.editor == task.by.person_id:
                work.editor, work.editor_until = "", None

    def _act(
        self, session: Session, task: Task, opened: _Opened, kind: ActKind, text: str = "", **because: str
    ) -> None:
        """Note what is done, in the sentence's history and in the trail."""
        work = opened.work
        if work.acts >= MOST_ACTS:
            raise WorkError("This sentence has too long a history to take more.", code="history_full")
        work.acts, work.changed_at = work.acts + 1, now()
        about: dict[str, str | int] = {"number": work.acts, "version": work.version, "by": task.by.person_id}
        session.add(SegmentActRow(**_key(opened), **about, kind=kind, text=text, at=work.changed_at, **because))
        self._record(session, task, opened)

    def _record(self, session: Session, task: Task, opened: _Opened) -> None:
        label = documents.label_of(session, opened.row).rule.as_text()
        segment, version = opened.segment.ordinal, opened.work.version
        detail = {**task.event.detail, "segment": segment, "version": version, "label": label}
        self.trail.record(replace(task.event, detail=detail))


def _opened(session: Session, task: Task, seen: Seen | None = None) -> _Opened:
    """A sentence whose document is locked until the transaction ends.

    Raises AbsentError and NotTranslatedError, and StaleVersionError where the document was read anew, and another
    sentence has this number.
    """
    row = lifecycle.inside(session, task.scope, task.document_id)
    segments.target_of(row)
    query = select(SegmentRow).where(SegmentRow.document == row.id, segments.of_ordinal(task.ordinal))
    segment = session.scalar(query.where(SegmentRow.language == row.language))
    if segment is None:
        raise AbsentError(task.document_id)
    if seen is not None and seen.source_digest != segment.digest:
        raise WorkError(
            "The document was read anew, and has another sentence here. Load it again.", code="other_source"
        )
    work = session.get(SegmentWorkRow, (row.id, segment.digest, row.language))
    if work is None:
        work = SegmentWorkRow(
            document=row.id,
            source_digest=segment.digest,
            source=row.language,
            source_text=segment.text,
            state=WorkState.MACHINE,
            version=0,
            acts=0,
            text="",
            changed_at=now(),
        )
        session.add(work)
        session.flush()
    return _Opened(row, segment, work)


def _check_version(work: SegmentWorkRow, seen: Seen) -> None:
    if work.version != seen.version:
        raise StaleVersionError(work.version, work.text)


def _stands(work: SegmentWorkRow, seen: Seen, text: str) -> bool:
    """Whether the text is the last version already: not a new one, or one whose answer got lost."""
    return 0 < work.version <= seen.version + 1 and work.text == text


def _publish(session: Session, opened: _Opened) -> None:
    """Let readers see an approved text; the memory has it in the same transaction."""
    work, target = opened.work, segments.target_of(opened.row)
    session.add(TranslationRow(**_key(opened), target=target, origin=work.origin, version=work.version, text=work.text))
    entries.remember(session, opened.row.id, work.source, work.source_text, work.text, work.origin)


def _authors(session: Session, work: SegmentWorkRow) -> set[str]:
    """Everybody who wrote a version of a text."""
    of_it = (
        SegmentActRow.document == work.document,
        SegmentActRow.source_digest == work.source_digest,
        SegmentActRow.source == work.source,
        SegmentActRow.kind == ActKind.SAVED,
    )
    return set(session.scalars(select(SegmentActRow.by).where(*of_it)))


def _key(opened: _Opened) -> dict[str, str]:
    work = opened.work
    return {"document": work.document, "source_digest": work.source_digest, "source": work.source}


def _drafts(opened: _Opened, by: Principal) -> tuple[ColumnElement[bool], ...]:
    work = opened.work
    return (
        SegmentDraftRow.document == work.document,
        SegmentDraftRow.source_digest == work.source_digest,
        SegmentDraftRow.source == work.source,
        SegmentDraftRow.by == by.person_id,
    )
