"""Answers a search for a person: scope, engine, second check, evidence. Refuses what the database contradicts."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import accumulate
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
from indexer.library.about import about
from indexer.library.documents import PassageText
from indexer.library.tables import DocumentRow
from indexer.pipeline import index_sync
from indexer.pipeline.index_sync import IndexView
from indexer.pipeline.reindex import mend_inside
from indexer.search.evidence import FoundPassage, about_evidence, evidence
from indexer.search.highlight import Marker
from indexer.search.places import MOST_PAGES, PlaceCounts

TRIES: Final = 6

_log = logging.getLogger(__name__)


class IndexDisagreesError(TolmachError):
    """The engine keeps finding what the database says this person may not read. Nothing of the answer may be shown."""

    kind = ErrorKind.UNAVAILABLE
    code = "index_disagrees"
    sentence = "The search index is being repaired. Try again in a few minutes."


@dataclass(frozen=True, slots=True)
class FoundDocument:
    """A hit, checked again by the policy. `places` is how often it matches, None where that was not counted."""

    row: DocumentRow
    label: Label
    score: float
    passages: tuple[FoundPassage, ...]
    places: int | None


@dataclass(frozen=True, slots=True)
class Results:
    """What a search gives a person."""

    answer: Answer
    hits: tuple[FoundDocument, ...]


def find(database: Database, engine: Engine, principal: Principal, request: Request, counts: PlaceCounts) -> Results:
    """Search for a person. Raises EngineError, and IndexDisagreesError when trying again did not help."""
    for _ in range(TRIES):
        view, answer = _agreed(database, engine, principal, lambda view: engine.search(view.scope, request, view.due))
        with database.reading() as session:
            checked = _checked(session, view.scope, principal, answer.hits)
            if checked is not None:
                showing = _Showing(session, view.scope, positive_leaves(request.query), counts)
                return Results(answer, showing.documents(checked))
        index_sync.sync_documents(database, engine, [hit.document_id for hit in answer.hits])
    raise _alarm()


def suggestions(
    database: Database, engine: Engine, principal: Principal, prefix: str, limit: int = 10
) -> tuple[str, ...]:
    """Forms that begin so, out of documents that a person may search. Raises EngineError, IndexDisagreesError."""
    if not prefix:
        return ()
    ask = partial(engine.suggest, prefix=prefix, limit=limit)
    return _agreed(database, engine, principal, lambda view: ask(view.scope, without=view.due))[1].forms


def weights(database: Database, engine: Engine, principal: Principal, leaves: Sequence[Leaf]) -> Mapping[Leaf, float]:
    """What each leaf weighs in documents that a person may search; 0 where it stands in none of them.

    Raises EngineError, IndexDisagreesError.
    """
    if not leaves:
        return {}
    _, counted = _agreed(database, engine, principal, lambda view: engine.count(view.scope, leaves, view.due))
    return {leaf: float(weight_of(leaf, counted.passages, holding)) for leaf, holding in counted.holding.items()}


Texts = Mapping[tuple[str, int], PassageText]
Answered = TypeVar("Answered", Answer, SuggestedForms, LeafCounts)


def _agreed(
    database: Database, engine: Engine, principal: Principal, ask: Callable[[IndexView], Answered]
) -> tuple[IndexView, Answered]:
    """What was found in an index that holds, inside the person's scope, just what the database says; and its view.

    The first time that it does not, it may have changed since the view was taken. From the second time on what somebody
    else wrote to the index is put right, as far as that can be done at once.
    Raises EngineError, and IndexDisagreesError when that did not help.
    """
    for attempt in range(TRIES):
        view = _view(database, engine, principal)
        answer = ask(view)
        if answer.inside == view.expected:
            return view, answer
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


def _checked(session: Session, scope: Scope, principal: Principal, hits: Sequence[Hit]) -> list[_Checked] | None:
    """Every hit with its document, if the policy permits each of them now; None if a single one fails."""
    inside = documents.get_all(session, scope, [hit.document_id for hit in hits])
    labels = {label for _, label in inside.values()}
    permitted = {label for label in labels if policy.permits(principal, Action.SEARCH, label)}
    if not all(hit.document_id in inside and inside[hit.document_id][1] in permitted for hit in hits):
        return None
    return [(hit, *inside[hit.document_id]) for hit in hits]


_Checked = tuple[Hit, DocumentRow, Label]


@dataclass(frozen=True, slots=True)
class _Showing:
    """What is read to show hits that were checked."""

    session: Session
    scope: Scope
    leaves: tuple[Leaf, ...]
    counts: PlaceCounts

    def documents(self, checked: Sequence[_Checked]) -> tuple[FoundDocument, ...]:
        """The hits with the passages that speak for them, and the number of places."""
        marker = Marker(self.leaves)
        keys = [(row.id, ordinal) for hit, row, _ in checked for ordinal in _ordinals(hit)]
        texts = documents.passages(self.session, self.scope, [row for _, row, _ in checked], keys)
        pages = accumulate(row.pages for _, row, _ in checked)
        return tuple(
            FoundDocument(row, label, hit.score, self._evidence(hit, row, texts, marker), self._places(row, up_to))
            for (hit, row, label), up_to in zip(checked, pages, strict=True)
        )

    def _evidence(self, hit: Hit, row: DocumentRow, texts: Texts, marker: Marker) -> tuple[FoundPassage, ...]:
        """Passages of the text; where the description alone was found, that."""
        passages = [texts[row.id, ordinal] for ordinal in _ordinals(hit) if (row.id, ordinal) in texts]
        if passages or not hit.evidence:
            return tuple(evidence(row.language, passage, marker) for passage in passages)
        return (about_evidence(row.language, about(self.session, row), marker),)

    def _places(self, row: DocumentRow, pages: int) -> int | None:
        """How many places there are; which are counted depends on nothing but the hits."""
        return self.counts.count(self.session, self.scope, row, self.leaves) if pages <= MOST_PAGES else None


def _ordinals(hit: Hit) -> list[int]:
    """The passages to show: where a query names no words, how the document begins."""
    return [passage.ordinal for passage in hit.evidence] or [0]
