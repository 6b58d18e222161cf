"""Keeps the index in step with the database: who may see a document, and when. Refuses to leave a due change undone.

Whatever changes a document's label, times or being there says in the same transaction when the index is due. From then
on the document is left out of every answer that the change touches, until it is made: by whoever changed it, by a
worker, or, where a document must appear, by the search itself.

Writes may arrive late and in any order. So each is planned in a transaction that raises the document's version
wherever what the index must hold has changed, carries that version, and counts as made only while it is the newest.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from auth.database import Database, locking, now
from auth.policy import Scope
from indexer.engine.contract import (
    Engine,
    EngineError,
    EngineUnavailableError,
    Inside,
    NotPermittedError,
    Record,
)
from indexer.engine.stamps import StampKey
from indexer.library.documents import times_of
from indexer.library.states import SEARCHABLE, State
from indexer.library.tables import DocumentRow, RemovedDocumentRow
from indexer.pipeline.index_record import record_of

MOST_DUE: Final = 10_000  # documents that are left out of an answer
MOST_APPEARING: Final = 20  # that a search puts into the index; the others wait for a worker
NEVER_KNOWN: Final = 2**61  # the version at which a document is removed that the database has never heard of

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class IndexView:
    """What an answer may be made of at a moment: the index inside a scope, but for documents whose change is due.

    `expected` is what the index must hold of all that: an answer made of anything else may not be shown. `appearing`
    are the due documents that readers in the scope wait for.
    """

    scope: Scope
    expected: Inside
    due: frozenset[str] = frozenset()
    appearing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class IndexWrite:
    """What the index is to hold of a document at a version: a record, or nothing where that is None."""

    document_id: str
    version: int
    record: Record | None

    @property
    def rule(self) -> str:
        """The rule that the index then holds the document under, "" for not at all."""
        return self.record.rule if self.record else ""

    def send(self, engine: Engine) -> None:
        """Write it. Raises EngineError."""
        if self.record is not None:
            engine.put([self.record])
        else:
            engine.remove({self.document_id: self.version})


def wanted_rule(row: DocumentRow) -> str:
    """The rule under which the index must hold the document now, or "" for not at all."""
    return row.rule if row.state in SEARCHABLE and times_of(row).published(now()) else ""


def due_now(row: DocumentRow) -> None:
    """Say that the index must be brought in line at once."""
    row.due_at = now()


def plan_entry(database: Database, engine: Engine, document_id: str) -> IndexWrite:
    """What a worker is to write that brings a document's text, new to the index, into it."""
    return _planned(database, engine, document_id, entering=True)


def confirm(row: DocumentRow, version: int, rule: str) -> bool:
    """Say that the index holds this of a locked document; whether it is what it must hold. If not, that is due."""
    if row.version != version or wanted_rule(row) != rule:
        due_now(row)
        return False
    row.indexed_rule = rule
    row.due_at = times_of(row).next_change(now())
    return True


def view_of(session: Session, scope: Scope) -> IndexView:
    """The view of a scope now. Raises EngineUnavailableError while too much is due."""
    at = now()
    expected, number = _expected(session, scope, at)
    rows = session.scalars(select(DocumentRow).where(DocumentRow.due_at <= at)).all() if number else ()
    due = [row for row in rows if scope.covers(row.rule) or scope.covers(row.indexed_rule)]
    if len(due) > MOST_DUE:
        raise EngineUnavailableError("A worker is bringing the index in line: too much is due to answer meanwhile.")
    appearing = [row.id for row in due if scope.covers(wanted_rule(row))]
    return IndexView(scope, expected, frozenset(row.id for row in due), tuple(appearing[:MOST_APPEARING]))


def _expected(session: Session, scope: Scope, at: datetime) -> tuple[Inside, int]:
    """What the index must hold inside a scope, but for what is due; and how much that is, over all labels."""
    due = select(func.count()).select_from(DocumentRow).where(DocumentRow.due_at <= at).scalar_subquery()
    query = select(func.count(), func.coalesce(func.sum(DocumentRow.stamp), 0), due).select_from(DocumentRow)
    confirmed = or_(DocumentRow.due_at.is_(None), DocumentRow.due_at > at)
    inside = query.where(DocumentRow.indexed_rule.in_(scope.rules), confirmed)
    documents, stamps, number = session.execute(inside).one()
    return Inside(documents, int(stamps)), number


def let_appear(database: Database, engine: Engine, view: IndexView) -> None:
    """Put into the index what readers wait for. Where that cannot be done now, it stays due."""
    try:
        sync_documents(database, engine, view.appearing)
    except EngineError as error:
        _log.warning("what is due in the index is left to a worker: %s", error)


def apply_due_index_changes(database: Database, engine: Engine) -> bool:
    """Make all due changes; whether there were any. Raises EngineError."""
    with database.reading() as session:
        query = select(DocumentRow.id).where(DocumentRow.due_at <= now(), DocumentRow.state != State.EXTRACTED)
        due = session.scalars(query).all()
    sync_documents(database, engine, due)
    return bool(due)


def sync_documents(database: Database, engine: Engine, document_ids: Iterable[str]) -> None:
    """Make the index hold these documents as the database has them now, or not at all. Raises EngineError.

    A process that may not write to the index leaves them due: no answer shows them until a worker has come.
    """
    for document_id in document_ids:
        try:
            while not _brought(database, engine, document_id):
                pass
        except NotPermittedError:
            _leave_due(database, document_id)


def outrank(database: Database, document_id: str, version: int) -> None:
    """Let the next write of a document pass one of this version, which somebody else put into the index."""
    with database.session() as session:
        row = locked(session, document_id)
        if row is not None and row.version < version:
            row.version = version
        elif row is None and removed_version(session, document_id) < version:
            session.merge(RemovedDocumentRow(id=document_id, version=version))


def note_held(database: Database, document_id: str, rule: str) -> None:
    """Say under which rule the index was seen to hold a document, which is not as it must: to put it right is due."""
    with database.session() as session:
        row = locked(session, document_id)
        if row is not None:
            row.indexed_rule = rule
            due_now(row)


def locked(session: Session, document_id: str) -> DocumentRow | None:
    """A document as it is now, held until the transaction ends; None if there is none."""
    return session.scalar(locking(select(DocumentRow).where(DocumentRow.id == document_id)))


def plan(row: DocumentRow, key: StampKey, entering: bool = False) -> str:
    """The rule that a locked document's next write is to stand for, "" for none; raises its version if that is new."""
    rule = row.rule if entering and times_of(row).published(now()) else wanted_rule(row)
    changes = rule != row.planned_rule
    if changes or entering:
        row.version += 1
    if changes:
        row.planned_rule, row.stamp = rule, key.stamp(row.id, rule, row.version) if rule else 0
    if rule != row.indexed_rule:
        due_now(row)  # until it is confirmed
        row.indexed_rule = row.indexed_rule or rule  # the index may hold it from now on
    return rule


def removed_version(session: Session, document_id: str) -> int:
    """The version at which a document is removed that is no longer in the database."""
    row = session.get(RemovedDocumentRow, document_id)
    return row.version if row is not None else NEVER_KNOWN


def _brought(database: Database, engine: Engine, document_id: str) -> bool:
    """Write a document to the index; whether that is what the index must hold afterwards."""
    write = _planned(database, engine, document_id)
    write.send(engine)
    with database.session() as session:
        row = locked(session, document_id)
        return confirm(row, write.version, write.rule) if row is not None else write.record is None


def _planned(database: Database, engine: Engine, document_id: str, entering: bool = False) -> IndexWrite:
    """What to write of a document, its version raised and its text read in one state of the database."""
    while True:
        with database.session() as session:
            row = locked(session, document_id)
            if row is None:
                return IndexWrite(document_id, removed_version(session, document_id), None)
            rule, version = plan(row, engine.stamp_key, entering), row.version
        if not rule:
            return IndexWrite(document_id, version, None)
        with database.reading() as session:
            row = session.get(DocumentRow, document_id)
            if row is not None and row.version == version and row.rule == rule:
                return IndexWrite(document_id, version, record_of(session, row))


def _leave_due(database: Database, document_id: str) -> None:
    with database.session() as session:
        row = locked(session, document_id)
        if row is not None:
            due_now(row)
