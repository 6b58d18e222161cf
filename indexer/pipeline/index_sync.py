"""Keeps the index in step with the database: who may see a document, and when. Refuses to leave a due change undone.

Whatever changes a document's label, times or being there says in the same transaction when the index is due. From then
on the document is left out of every answer that the change touches, until it is made: by whoever changed it, by a
worker, or, where a document must appear, by the search itself.

Writes may arrive late and in any order. So each is planned in a transaction that raises the document's version
wherever what the index must hold has changed, carries that version, and counts as made only while it is the newest.
"""

from __future__ import annotations

import logging
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Select, bindparam, func, or_, select
from sqlalchemy.orm import Session, load_only

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
PAGES_AT_ONCE: Final = 200  # of documents that are written together
DUE_AT_ONCE: Final = 200  # documents whose change a worker makes before it looks at anything else
PATIENCE: Final = timedelta(minutes=1)  # how long the index may lag behind a text that is readable either way
NEVER_KNOWN: Final = 2**61  # the version at which a document is removed that the database has never heard of

_SAYS_WHAT_IS_DUE: Final = (
    DocumentRow.rule,
    DocumentRow.state,
    DocumentRow.embargo_until,
    DocumentRow.expires_at,
    DocumentRow.review_on,
)

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


def send(engine: Engine, writes: Collection[IndexWrite]) -> None:
    """Write these to the index. Raises EngineError."""
    if records := [write.record for write in writes if write.record is not None]:
        engine.put(records)
    if removals := {write.document_id: write.version for write in writes if write.record is None}:
        engine.remove(removals)


def wanted_rule(row: DocumentRow) -> str:
    """The rule under which the index must hold the document now, or "" for not at all."""
    return row.rule if row.state in SEARCHABLE and times_of(row).published(now()) else ""


def due_now(row: DocumentRow) -> None:
    """Say that the index must be brought in line at once."""
    row.due_at = now()


def reworded(row: DocumentRow) -> None:
    """Say that a locked document's text is new to the index, which may answer by the old one meanwhile, but not long.

    Who may read it has not changed: nothing is left out of an answer. The next write passes any that is on its way.
    """
    row.version += 1
    if wanted_rule(row):
        patience = now() + PATIENCE
        row.due_at = min(row.due_at, patience) if row.due_at else patience


def text_changed(row: DocumentRow) -> None:
    """Say that a document's text is another than the index may hold: nobody finds it until that is written."""
    if row.indexed_rule:
        row.version += 1  # a write on its way tells the old text: it is not confirmed
        row.planned_rule = ""
        due_now(row)


def plan_entry(database: Database, engine: Engine, document_id: str) -> IndexWrite:
    """What a worker is to write that brings a document's text, new to the index, into it."""
    return _planned(database, engine, [document_id], entering=True)[0]


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
    due = _due_inside(session, scope, at) if number else ()
    if len(due) > MOST_DUE:
        raise EngineUnavailableError("A worker is bringing the index in line: too much is due to answer meanwhile.")
    appearing = [row.id for row in due if scope.covers(wanted_rule(row))]
    return IndexView(scope, expected, frozenset(row.id for row in due), tuple(appearing[:MOST_APPEARING]))


def _due_inside(session: Session, scope: Scope, at: datetime) -> Sequence[DocumentRow]:
    """The documents inside a scope whose change is due, the longest first: no more than one beyond MOST_DUE."""
    touched = or_(DocumentRow.rule.in_(scope.rules), DocumentRow.indexed_rule.in_(scope.rules))
    query = select(DocumentRow).options(load_only(*_SAYS_WHAT_IS_DUE)).where(DocumentRow.due_at <= at, touched)
    return session.scalars(query.order_by(DocumentRow.due_at, DocumentRow.id).limit(MOST_DUE + 1)).all()


def _expected(session: Session, scope: Scope, at: datetime) -> tuple[Inside, int]:
    """What the index must hold inside a scope, but for what is due; and how much that is, over all labels."""
    documents, stamps, number = session.execute(_EXPECTED, {"at": at, "rules": list(scope.rules)}).one()
    return Inside(documents, int(stamps)), number


def _query_of_expected() -> Select[int, int, int]:
    at = bindparam("at", type_=DocumentRow.due_at.type)
    due = select(func.count()).select_from(DocumentRow).where(DocumentRow.due_at <= at).scalar_subquery()
    query = select(func.count(), func.coalesce(func.sum(DocumentRow.stamp), 0), due).select_from(DocumentRow)
    confirmed = or_(DocumentRow.due_at.is_(None), DocumentRow.due_at > at)
    return query.where(DocumentRow.indexed_rule.in_(bindparam("rules", expanding=True)), confirmed)


_EXPECTED: Final = _query_of_expected()  # made once: every search asks it


def let_appear(database: Database, engine: Engine, view: IndexView) -> None:
    """Put into the index what readers wait for. Where that cannot be done now, it stays due."""
    try:
        sync_documents(database, engine, view.appearing)
    except EngineError as error:
        _log.warning("what is due in the index is left to a worker: %s", error)


def apply_due_index_changes(database: Database, engine: Engine) -> bool:
    """Make all due changes; whether there were any. Raises EngineError."""
    return _apply_due(database, engine, None)


def apply_some_due_index_changes(database: Database, engine: Engine) -> bool:
    """Make the changes that are due the longest, as many as others can wait for; whether there were any.

    Raises EngineError.
    """
    return _apply_due(database, engine, DUE_AT_ONCE)


def _apply_due(database: Database, engine: Engine, most: int | None) -> bool:
    with database.reading() as session:
        query = select(DocumentRow.id, DocumentRow.pages).order_by(DocumentRow.due_at, DocumentRow.id).limit(most)
        due = session.execute(query.where(DocumentRow.due_at <= now(), DocumentRow.state != State.EXTRACTED))
        pages = {row[0]: row[1] for row in due}
    _sync(database, engine, pages)
    return bool(pages)


def sync_documents(database: Database, engine: Engine, document_ids: Iterable[str]) -> None:
    """Make the index hold these documents as the database has them now, or not at all. Raises EngineError.

    A process that may not write to the index leaves them due: no answer shows them until a worker has come.
    """
    _sync(database, engine, _pages_of(database, list(document_ids)))


def _sync(database: Database, engine: Engine, pages: Mapping[str, int]) -> None:
    for some in batches(pages):
        try:
            while some:
                some = _not_brought(database, engine, some)
        except NotPermittedError:
            _leave_due(database, some)


def batches(pages: Mapping[str, int]) -> Iterator[list[str]]:
    """The documents in order, in runs of few pages."""
    batch: list[str] = []
    size = 0
    for document_id, number in pages.items():
        batch.append(document_id)
        size += number + 1
        if size >= PAGES_AT_ONCE:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def _pages_of(database: Database, document_ids: Collection[str]) -> dict[str, int]:
    """The pages of each of these documents, 0 for what is not there."""
    pages = dict.fromkeys(document_ids, 0)
    if pages:
        query = select(DocumentRow.id, DocumentRow.pages).where(DocumentRow.id.in_(document_ids))
        with database.reading() as session:
            pages |= {row[0]: row[1] for row in session.execute(query)}
    return pages


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


def _not_brought(database: Database, engine: Engine, document_ids: Collection[str]) -> list[str]:
    """Write documents to the index; those that by now must be written once more."""
    writes = _planned(database, engine, document_ids)
    send(engine, writes)
    with database.session() as session:
        rows = _locked_all(session, document_ids)
        return [write.document_id for write in writes if not _confirmed(rows.get(write.document_id), write)]


def _confirmed(row: DocumentRow | None, write: IndexWrite) -> bool:
    return confirm(row, write.version, write.rule) if row is not None else write.record is None


def _locked_all(session: Session, document_ids: Collection[str]) -> dict[str, DocumentRow]:
    """As `locked`, of many, always in the same order so that nobody waits for one who waits for them."""
    query = select(DocumentRow).where(DocumentRow.id.in_(document_ids)).order_by(DocumentRow.id)
    return {row.id: row for row in session.scalars(locking(query))}


def _planned(
    database: Database, engine: Engine, document_ids: Collection[str], entering: bool = False
) -> list[IndexWrite]:
    """What to write of documents, the version of each raised and its text read in one state of the database."""
    writes: list[IndexWrite] = []
    left = set(document_ids)
    while left:
        with database.session() as session:
            rows = _locked_all(session, left)
            plans = {row.id: (plan(row, engine.stamp_key, entering), row.version) for row in rows.values()}
            plans |= {name: ("", removed_version(session, name)) for name in left - rows.keys()}
        planned = [IndexWrite(name, version, None) for name, (rule, version) in plans.items() if not rule]
        entries = [name for name, (rule, _) in plans.items() if rule]
        with database.reading() as session:
            for row in session.scalars(select(DocumentRow).where(DocumentRow.id.in_(entries))):
                if (row.rule, row.version) == plans[row.id]:
                    planned.append(IndexWrite(row.id, row.version, record_of(session, row)))
        writes += planned
        left -= {write.document_id for write in planned}
    return writes


def _leave_due(database: Database, document_ids: Collection[str]) -> None:
    with database.session() as session:
        for row in _locked_all(session, document_ids).values():
            due_now(row)
