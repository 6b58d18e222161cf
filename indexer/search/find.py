"""Answers a search for a person: scope, engine, second check, evidence. Refuses what the database contradicts."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import accumulate, zip_longest
from typing import Final, TypeVar

from sqlalchemy.orm import Session

from auth import policy
from auth.database import Database
from auth.errors import ErrorKind, TolmachError
from auth.labels import Label
from auth.people import Principal
from auth.policy import Action, Scope
from indexer.engine.budget import give_way
from indexer.engine.contract import Answer, Engine, Hit, Leaf, LeafCounts, Request, SuggestedForms, positive_leaves
from indexer.engine.scoring import weight_of
from indexer.library import documents
from indexer.library.about import about_each
from indexer.library.tables import DocumentRow
from indexer.meaning.fusion import Meant
from indexer.pairs import pairs
from indexer.pairs.pairs import OtherSide
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
    """A hit, checked again by the policy. `places` is how often it matches, None where that was not counted.

    `other` is its translation by people, where the person may search both, and `second` the hit which that was before
    it was folded into this one.
    """

    row: DocumentRow
    label: Label
    score: float
    passages: tuple[FoundPassage, ...]
    places: int | None
    other: OtherSide | None = None
    second: FoundDocument | None = None


@dataclass(frozen=True, slots=True)
class Results:
    """What a search gives a person."""

    answer: Answer
    hits: tuple[FoundDocument, ...]


_Checked = tuple[Hit, DocumentRow, Label]


def find(
    database: Database,
    engine: Engine,
    principal: Principal,
    request: Request,
    counts: PlaceCounts,
    meant: Meant | None = None,
) -> Results:
    """Search for a person, by words, and by what is `meant`.

    Raises EngineError, and IndexDisagreesError when trying again did not help.
    """

    def shown(session: Session, scope: Scope, answer: Answer, checked: Sequence[_Checked]) -> Results:
        showing = _Showing(session, scope, positive_leaves(request.query), counts)
        return Results(answer, showing.documents(checked))

    return _found(database, engine, principal, request, shown, meant)


def found_papers(
    database: Database, engine: Engine, principal: Principal, request: Request
) -> tuple[int, list[DocumentRow]]:
    """How many papers a search finds for a person, and those asked for, without what speaks for them; as `find`."""

    def rows(
        session: Session, scope: Scope, answer: Answer, checked: Sequence[_Checked]
    ) -> tuple[int, list[DocumentRow]]:
        return answer.total, [row for _, row, _ in checked]

    return _found(database, engine, principal, request, rows)


_Made = TypeVar("_Made")


def _found(
    database: Database,
    engine: Engine,
    principal: Principal,
    request: Request,
    made_of: Callable[[Session, Scope, Answer, Sequence[_Checked]], _Made],
    meant: Meant | None = None,
) -> _Made:
    """What is made of an answer, every hit of which the policy permits now."""

    def ask(view: IndexView) -> Answer:
        if meant is None:
            return engine.search(view.scope, request, view.due)
        return meant.answer(engine, view.scope, request, view.due)

    for _ in range(TRIES):
        view, answer = _agreed(database, engine, principal, ask)
        with database.reading() as session:
            checked = _checked(session, view.scope, principal, answer.hits)
            if checked is not None:
                return made_of(session, view.scope, answer, checked)
        index_sync.sync_documents(database, engine, [hit.document_id for hit in answer.hits])
    raise _alarm()


def folded(hits: Sequence[FoundDocument]) -> list[FoundDocument]:
    """These hits without those that are the translation of a better one, which then holds them as its `second`.

    Two papers are folded only where each is the other's translation before all others. Totals and offsets go on
    counting papers: every paper is in one hit of one page.
    """
    by_paper = {hit.row.id: hit for hit in hits}
    kept: dict[str, FoundDocument] = {}
    for hit in hits:
        first = by_paper.get(hit.other.row.id) if hit.other else None
        mutual = first is not None and first.other is not None and first.other.row.id == hit.row.id
        if first is not None and mutual and first.row.id in kept:
            kept[first.row.id] = replace(first, second=hit)
        else:
            kept[hit.row.id] = hit
    return list(kept.values())


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


@dataclass(frozen=True, slots=True)
class _Showing:
    """What is read to show hits that were checked."""

    session: Session
    scope: Scope
    leaves: tuple[Leaf, ...]
    counts: PlaceCounts

    def documents(self, checked: Sequence[_Checked]) -> tuple[FoundDocument, ...]:
        """The hits with the passages that speak for them, and the number of places."""
        rows = [row for _, row, _ in checked]
        pages = accumulate(row.pages for row in rows)
        counted = [row for row, up_to in zip(rows, pages, strict=True) if up_to <= MOST_PAGES]  # by the hits alone
        places = self.counts.counts(self.session, self.scope, counted, self.leaves)
        others = pairs.of_papers(self.session, self.scope, [row.id for row in rows])
        shown = self._evidence(checked)
        return tuple(
            FoundDocument(row, label, hit.score, shown[row.id], number, others.get(row.id))
            for (hit, row, label), number in zip_longest(checked, places)
        )

    def _evidence(self, checked: Sequence[_Checked]) -> dict[str, tuple[FoundPassage, ...]]:
        """Of each hit passages of the text; where the description alone was found, that."""
        marker = Marker(self.leaves)
        keys = [(row.id, ordinal) for hit, row, _ in checked for ordinal in _ordinals(hit)]
        texts = documents.passages(self.session, self.scope, [row for _, row, _ in checked], keys)
        shown: dict[str, tuple[FoundPassage, ...]] = {}
        for hit, row, _ in checked:
            passages = [texts[row.id, ordinal] for ordinal in _ordinals(hit) if (row.id, ordinal) in texts]
            shown[row.id] = tuple(evidence(row.language, passage, marker) for passage in passages)
            give_way()
        described = [row for hit, row, _ in checked if hit.evidence and not shown[row.id]]
        descriptions = about_each(self.session, described)
        by_description = {row.id: (about_evidence(row.language, descriptions[row.id], marker),) for row in described}
        return shown | by_description


def _ordinals(hit: Hit) -> list[int]:
    """The passages to show: where a query names no words, how the document begins."""
    return [passage.ordinal for passage in hit.evidence] or [0]
