"""Takes documents through the pipeline, one leased stage at a time. Refuses to finish what it no longer leases."""

from __future__ import annotations

import logging
import os
import secrets
import socket
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Select, Update, or_, select, update
from sqlalchemy.orm import Session

from auth.database import Database, DatabaseError, now
from indexer.documents import QUARANTINED, REMOVING
from indexer.engine.contract import Engine, EngineError
from indexer.extract.model import ExtractError
from indexer.extract.reader import Reader
from indexer.stages import Change, Progress, Stages
from indexer.store import Store, StoreError
from indexer.tables import DocumentRow

LEASE: Final = timedelta(minutes=2)  # renewed while work goes on
RENEWED_AFTER: Final = timedelta(seconds=20)
MOST_BROKEN_LEASES: Final = 3
GAVE_UP: Final = (
    "The worker died three times over this document. Its administrator may look at the log and try again "
    "with: tolmach retry DOCUMENT_ID"
)

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Lease:
    """A document that is this worker's alone for a while, and the state it was found in."""

    document_id: str
    state: str


class LostLeaseError(Exception):
    """Somebody else has the document now, or it is gone: what was done for it must be forgotten."""


class Worker:
    """Works on the documents of one database; any number may run at once."""

    def __init__(self, database: Database, store: Store, engine: Engine, reader: Reader) -> None:
        self._database, self._engine = database, engine
        self._name = f"{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(4)}"
        stages = Stages(database, store, engine, reader)
        self._stages: dict[str, Callable[[str, Progress], Change]] = {
            "received": stages.extract,
            "extracted": stages.index,
            REMOVING: stages.remove,
        }

    def run(self, progress: Progress | None = None) -> int:
        """Work until nothing is left; gives the number of stages done. Raises what `step` raises."""
        done = 0
        while self.step(progress):
            done += 1
        return done

    def step(self, progress: Progress | None = None) -> bool:
        """Do one stage of one document; whether there was any.

        `progress` is called with (pages read, pages in all). Raises StoreError, EngineError or DatabaseError when the
        work cannot be done now: the document is then as it was, for a later try.
        """
        lease = self._claim()
        if lease is None:
            return False
        try:
            self._finish(lease, self._work(lease, progress))
        except LostLeaseError:
            self._forget(lease)
        except (DatabaseError, EngineError, StoreError):
            self._release(lease)
            raise
        except Exception:  # a fault of ours that this document brings out: after three, others get their turn
            self._release(lease, broken=1)
            raise
        return True

    def _work(self, lease: Lease, progress: Progress | None) -> Change:
        try:
            return self._stages[lease.state](lease.document_id, self._renewing(lease, progress))
        except ExtractError as problem:
            _log.warning("document %s quarantined: %s", lease.document_id, problem.code)
            return _quarantine(lease.state, problem.code, problem.message)

    def _claim(self) -> Lease | None:
        with self._database.session() as session:
            row = session.scalar(_waiting(now(), tuple(self._stages)))
            if row is None:
                return None
            if row.lease_until is not None:  # whoever held it has died over it
                row.broken_leases += 1
            if row.broken_leases >= MOST_BROKEN_LEASES and row.state != REMOVING:
                _quarantine(row.state, "gave_up", GAVE_UP)(session, row)
            else:
                row.lease_until, row.lease_owner = now() + LEASE, self._name
                return Lease(row.id, row.state)
        return self._claim()

    def _finish(self, lease: Lease, change: Change) -> None:
        """Apply a change and give the document back. Raises LostLeaseError if it is no longer ours."""
        with self._database.session() as session:
            row = self._mine(session, lease)
            row.lease_until, row.lease_owner, row.broken_leases = None, "", 0
            change(session, row)

    def _renewing(self, lease: Lease, progress: Progress | None) -> Progress:
        renewed = now()

        def renew(done: int, total: int) -> None:
            nonlocal renewed
            if progress is not None:
                progress(done, total)
            if now() - renewed > RENEWED_AFTER:
                with self._database.session() as session:
                    self._mine(session, lease).lease_until = now() + LEASE
                renewed = now()

        return renew

    def _mine(self, session: Session, lease: Lease) -> DocumentRow:
        row = session.scalar(select(DocumentRow).where(DocumentRow.id == lease.document_id).with_for_update())
        if row is None or row.lease_owner != self._name or row.state != lease.state:
            raise LostLeaseError
        return row

    def _release(self, lease: Lease, broken: int = 0) -> None:
        count = DocumentRow.broken_leases + broken
        with self._database.session() as session:
            session.execute(_owned(lease, self._name).values(lease_until=None, lease_owner="", broken_leases=count))

    def _forget(self, lease: Lease) -> None:
        """Undo what an overtaken stage left in the index: whoever has the document now puts in what is right."""
        with self._database.session() as session:
            row = session.get(DocumentRow, lease.document_id)
            gone = row is None or row.state == REMOVING
        if gone:
            self._engine.remove([lease.document_id])
        self._release(lease)


def _waiting(moment: datetime, states: tuple[str, ...]) -> Select[DocumentRow]:
    """The document that has waited longest, locked against other workers."""
    free = or_(DocumentRow.lease_until.is_(None), DocumentRow.lease_until < moment)
    query = select(DocumentRow).where(DocumentRow.state.in_(states), free).order_by(DocumentRow.taken_at)
    return query.limit(1).with_for_update(skip_locked=True)


def _owned(lease: Lease, owner: str) -> Update:
    return update(DocumentRow).where(DocumentRow.id == lease.document_id, DocumentRow.lease_owner == owner)


def _quarantine(stage: str, code: str, message: str) -> Change:
    def change(session: Session, row: DocumentRow) -> None:
        row.state, row.stage, row.code, row.message = QUARANTINED, stage, code, message
        row.lease_until, row.lease_owner = None, ""

    return change
