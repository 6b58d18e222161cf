"""Takes documents through the pipeline, one leased stage at a time. Refuses to finish what it no longer leases."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import Session

from auth.database import Database, DatabaseError, now
from indexer.engine.contract import Engine, EngineError
from indexer.extract.pages import ExtractError
from indexer.extract.reader import Reader
from indexer.library.documents import INDEXED, QUARANTINED, REMOVING, TRANSLATING
from indexer.library.files import Store, StoreError
from indexer.library.tables import DocumentRow
from indexer.pipeline import index_sync, lease
from indexer.pipeline.lease import Lease, LostLeaseError
from indexer.pipeline.stages import Change, Progress, Stages
from indexer.translate.contract import TranslationError
from indexer.translate.packages import Packages

REST: Final = timedelta(minutes=1)  # of a document whose file cannot be read
GAVE_UP: Final = (
    "The worker died three times over this document. Its administrator may look at the log and try again "
    "with: tolmach retry DOCUMENT_ID"
)

_log = logging.getLogger(__name__)


class ReaderDiedError(Exception):
    """The process that reads PDFs died over a document."""


class Worker:
    """Works on the documents of one database; any number may run at once."""

    def __init__(
        self, database: Database, store: Store, engine: Engine, reader: Reader, packages: Packages, paused: Path
    ) -> None:
        """`paused`: while this file exists, nothing is translated."""
        self._database, self._engine, self._packages, self._paused = database, engine, packages, paused
        self._name = lease.new_holder()
        self._resting: dict[str, datetime] = {}
        stages = Stages(database, store, engine, reader, packages)
        self._stages: dict[str, Callable[[str, Progress], Change]] = {
            "received": stages.extract,
            "extracted": stages.index,
            INDEXED: stages.translate,
            TRANSLATING: stages.index,
            REMOVING: stages.remove,
        }

    def run(self, progress: Progress | None = None) -> int:
        """Work until nothing is left; gives the number of stages done. Raises what `step` raises."""
        done = 0
        while self.step(progress):
            done += 1
        while self._engine.tidy():
            pass
        return done

    def step(self, progress: Progress | None = None) -> bool:
        """Do one stage of one document; whether there was any.

        `progress` is called with (pages read, pages in all). Raises StoreError, EngineError or DatabaseError when the
        work cannot be done now: the document is then as it was, for a later try.
        """
        if index_sync.apply_due_index_changes(self._database, self._engine):
            return True
        leased = self._claim()
        if leased is None:
            return False
        try:
            self._finish(leased, self._work(leased, progress))
        except LostLeaseError:
            self._forget(leased)
        except ReaderDiedError:  # was it the document, or was the reader killed? Three times tell
            self._give_back(leased, broken=1)
        except (DatabaseError, EngineError, StoreError) as error:
            self._give_back(leased)
            if isinstance(error, StoreError):  # perhaps this one file is gone: let others have their turn
                self._resting[leased.document_id] = now() + REST
            raise
        except Exception:  # a fault of ours that this document brings out: after three, others get their turn
            self._give_back(leased, broken=1)
            raise
        return True

    def _work(self, leased: Lease, progress: Progress | None) -> Change:
        try:
            return self._stages[leased.state](leased.document_id, self._renewing(leased, progress))
        except ExtractError as problem:
            if problem.code == "reader_crashed":
                raise ReaderDiedError from problem
            _log.warning("document %s quarantined: %s", leased.document_id, problem.code)
            return _quarantine(leased.state, problem.code, problem.message)
        except TranslationError as problem:
            _log.error("document %s not translated: %s", leased.document_id, problem)
            return _untranslated(self._packages.fingerprint(), str(problem))

    def waiting(self) -> int:
        """How many documents wait for a stage, those that other workers have at the moment included."""
        query = select(func.count()).select_from(self._waiting(free=False).order_by(None).subquery())
        with self._database.reading() as session:
            return session.scalar(query) or 0

    def _waiting(self, free: bool = True) -> Select[DocumentRow]:
        """Documents that wait for a stage, the longest waiting first, and translations after everything else."""
        stages = tuple(state for state in self._stages if state != INDEXED)
        waits: ColumnElement[bool] = DocumentRow.state.in_(stages)
        if self._packages.models() and not self._paused.exists():
            untried = DocumentRow.models_tried != self._packages.fingerprint()
            waits = or_(waits, and_(DocumentRow.state == INDEXED, untried))
        query = select(DocumentRow).where(waits)
        if free:
            resting = [document_id for document_id, until in self._resting.items() if until > now()]
            query = query.where(DocumentRow.id.not_in(resting))
            query = query.where(or_(DocumentRow.lease_until.is_(None), DocumentRow.lease_until < now()))
        return query.order_by(DocumentRow.state == INDEXED, DocumentRow.taken_at)

    def _claim(self) -> Lease | None:
        with self._database.session() as session:
            lease.end_those_of_the_dead(session)
            row = session.scalar(self._waiting().limit(1).with_for_update(skip_locked=True))
            if row is None:
                return None
            if row.lease_until is not None:  # whoever held it has died over it
                row.broken_leases += 1
            if row.broken_leases >= lease.MOST_BROKEN and row.state == INDEXED:
                _untranslated(self._packages.fingerprint(), GAVE_UP)(session, row)
            elif row.broken_leases >= lease.MOST_BROKEN and row.state != REMOVING:
                _quarantine(row.state, "gave_up", GAVE_UP)(session, row)
            else:
                return lease.take(row, self._name)
        return self._claim()

    def _finish(self, leased: Lease, change: Change) -> None:
        """Apply a change and give the document back. Raises LostLeaseError if it is no longer ours."""
        with self._database.session() as session:
            row = lease.held(session, leased)
            row.lease_until, row.lease_owner, row.broken_leases = None, "", 0
            change(session, row)

    def _renewing(self, leased: Lease, progress: Progress | None) -> Progress:
        renewed = now()

        def renew(done: int, total: int) -> None:
            nonlocal renewed
            if progress is not None:
                progress(done, total)
            if now() - renewed > lease.RENEWED_AFTER:
                with self._database.session() as session:
                    lease.take(lease.held(session, leased), self._name)
                renewed = now()

        return renew

    def _give_back(self, leased: Lease, broken: int = 0) -> None:
        with self._database.session() as session:
            lease.give_back(session, leased, broken)

    def _forget(self, leased: Lease) -> None:
        """Undo what an overtaken stage left in the index: whoever has the document now puts in what is right."""
        with self._database.reading() as session:
            row = session.get(DocumentRow, leased.document_id)
            gone = row is None or row.state == REMOVING
        if gone:
            index_sync.sync_documents(self._database, self._engine, [leased.document_id])
        self._give_back(leased)


def _quarantine(stage: str, code: str, message: str) -> Change:
    def change(session: Session, row: DocumentRow) -> None:
        row.state, row.stage, row.code, row.message = QUARANTINED, stage, code, message
        row.lease_until, row.lease_owner = None, ""

    return change


def _untranslated(fingerprint: str, why: str) -> Change:
    """The document stays as searchable as it was; it is tried again when the set of models changes, or by `retry`."""

    def change(session: Session, row: DocumentRow) -> None:
        row.models_tried, row.stage, row.code, row.message = fingerprint, "translate", "translation_failed", why
        row.lease_until, row.lease_owner, row.broken_leases = None, "", 0

    return change
