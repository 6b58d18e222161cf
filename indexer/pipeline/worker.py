"""Takes documents through the pipeline, one leased stage at a time. Refuses to finish what it no longer leases."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta
from time import perf_counter
from typing import Final

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from auth.database import DatabaseError, locking, now
from indexer.engine.contract import EngineError
from indexer.library.states import State
from indexer.library.tables import DocumentRow
from indexer.memory.learned import learning
from indexer.pairs import pairing
from indexer.pipeline import index_sync, lease
from indexer.pipeline.lease import Lease, LostLeaseError
from indexer.pipeline.stages.recognise import Recognise
from indexer.pipeline.stages.registry import LAST, last_stages, stages
from indexer.pipeline.stages.stage import Change, Context, Progress, ReaderDiedError, Stage, StageFailedError
from indexer.store.contract import BrokenError, StoreError

REST: Final = timedelta(minutes=1)  # of a document whose file cannot be read
DONE: Final = "done"  # what came of a stage
FAILED: Final = "failed"  # somebody must look at the document
PUT_OFF: Final = "put off"  # it could not be done now, or somebody else has the document
GAVE_UP: Final = (
    "The worker died three times over this document. Its administrator may look at the log and try again "
    "with: tolmach retry DOCUMENT_ID"
)

WorkDone = Callable[[str], None]

_log = logging.getLogger(__name__)


class Worker:
    """Works on the documents of one database; any number may run at once."""

    def __init__(self, context: Context, recognises_alone: bool = False) -> None:
        """`recognises_alone`: pages that are pictures and nothing else; no search engine is needed for that."""
        self._database, self._engine, self._trail = context.database, context.engine, context.trail
        self._recognises_alone = recognises_alone
        self._worked = context.worked
        self._name = lease.new_holder()
        self._resting: dict[str, datetime] = {}
        self._stages = {} if recognises_alone else stages(context)
        self._last = last_stages(context, (Recognise,) if recognises_alone else LAST)

    def run(self, progress: Progress | None = None) -> int:
        """Work until nothing is left; gives the number of stages done. Raises what `step` raises."""
        done = self._stages_done(progress)
        while self.pair():
            done += self._stages_done(progress)
        while self.tidy():
            pass
        return done

    def tidy(self) -> bool:
        """Clear something away in the index; whether there was any. Raises EngineError."""
        return not self._recognises_alone and self._engine().tidy()

    def step(self, progress: Progress | None = None) -> bool:
        """Do one stage of one document; whether there was any.

        `progress` is called with (pages read, pages in all). Raises StoreError, EngineError or DatabaseError when the
        work cannot be done now: the document is then as it was, for a later try.
        """
        if not self._recognises_alone and index_sync.apply_some_due_index_changes(self._database, self._engine()):
            return True
        claimed = self._claim()
        if claimed is None:
            return False
        with self._told(claimed[0]) as work_done:
            self._do(*claimed, progress, work_done)
        return True

    def _do(self, stage: Stage, leased: Lease, progress: Progress | None, work_done: WorkDone) -> None:
        """Do a leased stage, or give it back. Raises what `step` raises."""
        try:
            change, outcome = self._work(stage, leased, progress)
            self._finish(leased, change)
            work_done(outcome)
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

    @contextmanager
    def _told(self, stage: Stage) -> Iterator[WorkDone]:
        """Tell how long a stage took and what came of it: it was put off, unless the block says otherwise."""
        began, outcomes = perf_counter(), [PUT_OFF]
        try:
            yield outcomes.append
        finally:
            self._worked(stage.name, outcomes[-1], perf_counter() - began)

    def pair(self) -> bool:
        """Do one step for pairs of documents or for what they teach, once no stage waits; whether there was any.

        Raises DatabaseError and TrailError.
        """
        if self._recognises_alone:
            return False
        return pairing.step(self._database, self._trail) or learning.step(self._database)

    def _stages_done(self, progress: Progress | None) -> int:
        done = 0
        while self.step(progress):
            done += 1
        return done

    def _work(self, stage: Stage, leased: Lease, progress: Progress | None) -> tuple[Change, str]:
        """What is to change, and what came of it."""
        try:
            return stage.work(leased.document_id, lease.renewing(self._database, leased, progress)), DONE
        except StageFailedError as problem:
            code, message = problem.code, problem.message
        except BrokenError as problem:  # which no later try mends
            code, message = problem.code, problem.sentence
            _log.critical("%s", problem)
        _log.error("document %s, %s, failed: %s: %s", leased.document_id, leased.state, code, message)
        return stage.failure(code, message), FAILED

    def waiting(self) -> int:
        """How many documents wait for a stage, those that other workers have at the moment included."""
        return sum(self.waiting_by_stage().values())

    def waiting_by_stage(self) -> Mapping[str, int]:
        """As `waiting`, by the name of the stage; 0 for one that works on nothing here."""
        lengths = dict.fromkeys((stage.name for stage in self._all_stages()), 0)
        with self._database.reading() as session:
            for stage in self._all_stages():
                for queue in stage.queues():
                    lengths[stage.name] += session.scalar(select(func.count()).where(queue.where)) or 0
        return lengths

    def _all_stages(self) -> Iterator[Stage]:
        yield from self._stages.values()
        yield from self._last

    def _next(self, session: Session) -> tuple[Stage, DocumentRow] | None:
        """The document whose turn it is, locked: the longest waiting of the first queue that has any; and the stage."""
        resting = [document_id for document_id, until in self._resting.items() if until > now()]
        free = or_(DocumentRow.lease_until.is_(None), DocumentRow.lease_until < now())
        for stage in self._all_stages():
            for queue in stage.queues():
                query = select(DocumentRow).where(queue.where, free, DocumentRow.id.not_in(resting))
                row = session.scalar(locking(query.order_by(*queue.order).limit(1), skip_locked=True))
                if row is not None:
                    return stage, row
        return None

    def _claim(self) -> tuple[Stage, Lease] | None:
        with self._database.session() as session:
            lease.end_those_of_the_dead(session)
            found = self._next(session)
            if found is None:
                return None
            stage, row = found
            if row.lease_until is not None:  # whoever held it has died over it
                row.broken_leases += 1
            if row.broken_leases < lease.MOST_BROKEN or not stage.gives_up:
                return stage, lease.take(row, self._name)
            stage.failure("gave_up", GAVE_UP)(session, row)
            lease.end(row)
        return self._claim()

    def _finish(self, leased: Lease, change: Change) -> None:
        """Apply a change and give the document back. Raises LostLeaseError if it is no longer ours."""
        with self._database.session() as session:
            row = lease.leased_row(session, leased)
            lease.end(row)
            change(session, row)

    def _give_back(self, leased: Lease, broken: int = 0) -> None:
        with self._database.session() as session:
            lease.give_back(session, leased, broken)

    def _forget(self, leased: Lease) -> None:
        """Undo what an overtaken stage left in the index: whoever has the document now puts in what is right."""
        with self._database.reading() as session:
            row = session.get(DocumentRow, leased.document_id)
            gone = row is None or row.state is State.REMOVING
        if gone and not self._recognises_alone:  # which puts nothing into the index
            index_sync.sync_documents(self._database, self._engine(), [leased.document_id])
        self._give_back(leased)
