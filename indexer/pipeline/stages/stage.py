"""What a stage is: it works on a document for as long as that takes, then changes the database at once."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar

from sqlalchemy import ColumnElement, ColumnExpressionArgument
from sqlalchemy.orm import Session

from auth.audit.trail import Trail
from auth.database import Database
from auth.errors import ErrorKind, TolmachError
from auth.scheme import Scheme
from indexer.engine.contract import Engine
from indexer.extract.reader import Reader
from indexer.extract.recogniser import Recogniser
from indexer.library.states import State
from indexer.library.tables import DocumentRow
from indexer.meaning.contract import Encoder
from indexer.pipeline import index_sync, lease
from indexer.store.contract import Store
from indexer.translate.packages import Packages

Progress = lease.Progress
Worked = Callable[[str, str, float], None]  # is told a stage's name, what came of it, and the seconds it took
Deleted = Callable[[Session, str], None]  # is told, in its transaction, which document is deleted for good
Change = Callable[[Session, DocumentRow], None]  # applied in one transaction, while the lease is held


class StageFailedError(TolmachError):
    """The stage cannot be done for this document: `code` for programs, `message` for people."""

    kind = ErrorKind.INTERNAL
    code = "stage_failed"

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message, code=code)
        self.message = message


class ReaderDiedError(TolmachError):
    """The process that reads PDFs died over a document."""

    kind = ErrorKind.INTERNAL
    code = "reader_died"


def _untold(stage: str, outcome: str, seconds: float) -> None:
    """Nobody counts."""


@dataclass(frozen=True, slots=True)
class Context:
    """What stages work with. `engine` gives the search engine, which is opened when it is first asked for.

    Without `encoder`, no vectors are made.
    """

    database: Database
    trail: Trail
    store: Store
    engine: Callable[[], Engine]
    reader: Reader
    packages: Packages
    scheme: Scheme
    recogniser: Recogniser
    deleted: Deleted
    encoder: Encoder | None = None
    worked: Worked = _untold


@dataclass(frozen=True, slots=True)
class Queue:
    """Documents that wait, and their order. An index must hold the documents in that order, however many wait."""

    where: ColumnElement[bool]
    order: tuple[ColumnExpressionArgument[Any], ...]


class Stage(ABC):
    """What takes documents out of one state."""

    name: ClassVar[str]  # that numbers of it bear
    gives_up: ClassVar[bool] = True  # after three workers died over a document

    def __init__(self, context: Context, state: State) -> None:
        self._context, self._state = context, state

    @abstractmethod
    def work(self, document_id: str, progress: Progress) -> Change:
        """Work on a document; gives what is then to change in the database.

        Raises StageFailedError where the document is at fault; ReaderDiedError; and StoreError, EngineError or
        DatabaseError where it cannot be done now.
        """

    def queues(self) -> tuple[Queue, ...]:
        """Where documents wait for this stage, each answered by an index of its own."""
        return (Queue(DocumentRow.state == self._state, (DocumentRow.taken_at,)),)

    def failure(self, code: str, message: str) -> Change:
        """What becomes of a document for which the stage cannot be done: somebody must look at it."""

        def change(_: Session, row: DocumentRow) -> None:
            row.state, row.stage, row.code, row.message = State.QUARANTINED, self._state, code, message
            if row.indexed_rule:  # nobody finds it any more
                index_sync.due_now(row)

        return change
