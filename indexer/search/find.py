"""Answers a search for a person: scope, engine, second check, evidence. Refuses what the database contradicts."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final, TypeVar

from sqlalchemy.orm import Session

from auth import policy
from auth.database import Database
from auth.errors import ErrorKind, TolmachError
from auth.labels import Label
from auth.people import Principal
from auth.policy import Action, Scope
from indexer.engine.contract import Answer, Engine, Hit, Leaf, LeafCounts, Request, SuggestedForms, positive_leaves
from indexer.engine.scoring import weight_of
from indexer.library import documents
from indexer.library.tables import DocumentRow
from indexer.pipeline import index_sync
from indexer.pipeline.index_sync import IndexView
from indexer.pipeline.reindex import mend_inside
from indexer.search.evidence import FoundPassage, evidence

TRIES: Final = 6

_log = logging.getLogger(__name__)


class IndexDisagreesError(TolmachError):
    """The engine keeps finding what the database says this person may not read. Nothing of the answer may be shown."""

    kind = ErrorKind.UNAVAILABLE
    code = "index_disagrees"
    sentence = "The search index is being repaired. Try again in a few minutes."


@dataclass(frozen=True, slots=True)
class FoundDocument:
    """A hit, checked again by the policy."""

    row: DocumentRow
    label: Label
    score: float
    passages: tuple[FoundPassage, ...]


@dataclass(frozen=True, slots=True)
class Results:
    """What a search gives a person."""

    answer: Answer
    hits: tuple[FoundDocument, ...]


def find(database: Database, engine: Engine, principal: Principal, request: Request) -> Results:
    """Search for a person. Raises EngineError, and IndexDisagreesError when trying again did not help."""
    for _ in range(TRIES):
        answer = _agreed(database, engine, principal, lambda view: engine.search(view.scope, request, view.due))
        with database.reading() as session:
            now = policy.scope_for(session, principal, Action.SEARCH)
            checked = _checked(session, now, principal, answer.hits)
            if checked is not None:
                return Results(answer, _with_evidence(session, now, checked, positive_leaves(request.query)))
        index_sync.sync_documents(database, engine, [hit.document_id for hit in answer.hits])
    raise _alarm()


def suggestions(
    database: Database, engine: Engine, principal: Principal, prefix: str, limit: int = 10
) -> tuple[str, ...]:
    """Forms that begin so, out of documents that a person may search. Raises EngineError, IndexDisagreesError."""
    if not prefix:
        return ()
    ask = partial(engine.suggest, prefix=prefix, limit=limit)
    return _agreed(database, engine, principal, lambda view: ask(view.scope, without=view.due)).forms


def weights(database: Database, engine: Engine, principal: Principal, leaves: Sequence[Leaf]) -> Mapping[Leaf, float]:
    """What each leaf weighs in documents that a person may search; 0 where it stands in none of them.

    Raises EngineError, IndexDisagreesError.
    """
    if not leaves:
        return {}
    counted = _agreed(database, engine, principal, lambda view: engine.count(view.scope, leaves, view.due))
    return {leaf: float(weight_of(leaf, counted.passages, holding)) for leaf, holding in counted.holding.items()}


Answered = TypeVar("Answered", Answer, SuggestedForms, LeafCounts)


def _agreed(database: Database, engine: Engine, principal: Principal, ask: Callable[[IndexView], Answered]) -> Answered:
    """What was found in an index that holds, inside the person's scope, just what the database says.

    The first time that it does not, it may have changed since the view was taken. From the second time on what somebody
    else wrote to the index is put right, as far as that can be done at once.
    Raises EngineError, and IndexDisagreesError when that did not help.
    """
    for attempt in range(TRIES):
        view = _view(database, engine, principal)
        answer = ask(view)
        if answer.inside == view.expected:
            return answer
        if attempt > 0:
            _log.error("the index holds something else than the database says: putting it right")
            mend_inside(database, engine, view.scope)
    raise _alarm()


def _alarm() -> IndexDisagreesError:
    _log.critical("the index disagrees with the database: run `tolmach engine reindex`")
    return IndexDisagreesError()


def _view(database: Database, engine: Engine, principal: Principal) -> IndexView:
    """What a person may search now, once what they wait for has appeared in the index."""
    view = _view_now(database, principal)
    if not view.appearing:
        return view
    index_sync.let_appear(database, engine, view)
    return _view_now(database, principal)


def _view_now(database: Database, principal: Principal) -> IndexView:
    with database.reading() as session:
        return index_sync.view_of(session, policy.scope_for(session, principal, Action.SEARCH))


def _checked(
    session: Session, scope: Scope, principal: Principal, hits: Sequence[Hit]
) -> list[tuple[Hit, DocumentRow, Label]] | None:
    """Every hit with its document, if the policy permits each of them; None if a single one fails."""
    rows = documents.get_all(session, scope, [hit.document_id for hit in hits])
    checked = []
    for hit in hits:
        row = rows.get(hit.document_id)
        label = documents.label_of(session, row) if row else None
        if row is None or label is None or not policy.permits(principal, Action.SEARCH, label):
            return None
        checked.append((hit, row, label))
    return checked


def _with_evidence(
    session: Session, scope: Scope, checked: list[tuple[Hit, DocumentRow, Label]], leaves: tuple[Leaf, ...]
) -> tuple[FoundDocument, ...]:
    keys = [(hit.document_id, ordinal) for hit, _, _ in checked for ordinal in _ordinals(hit)]
    texts = documents.passages(session, scope, keys)
    return tuple(
        FoundDocument(
            row,
            label,
            hit.score,
            tuple(
                evidence(row.language, texts[row.id, ordinal], leaves)
                for ordinal in _ordinals(hit)
                if (row.id, ordinal) in texts
            ),
        )
        for hit, row, label in checked
    )


def _ordinals(hit: Hit) -> list[int]:
    """The passages to show: where a query names no words, how the document begins."""
    return [passage.ordinal for passage in hit.evidence] or [0]
