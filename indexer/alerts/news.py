"""Tells what a kept search finds that it did not when its person last looked. Sends nothing, and keeps no answer.

Whether a paper is new is decided when it is asked, inside the scope of that moment: what a person may not read any more
is not told, what they may read since is. What they have seen is kept sealed with the search, by the beginnings of
identifiers.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from typing import Final

from indexer.engine.contract import Request
from indexer.library.tables import DocumentRow
from indexer.search.asking import Asking
from indexer.search.find import found_papers
from indexer.search.parse import Parsed

MOST_WATCHED: Final = 1_000  # papers that a search may find for its news to be told
MOST_TOLD: Final = 100  # new papers of one search at a time, the newest first
_ENOUGH: Final = 16  # characters of an identifier, which is random


@dataclass(frozen=True, slots=True)
class News:
    """What a search finds now: how many papers, how many of them are new, and those that are told.

    `seen` is what there is to be kept once the person has looked: all that is found.
    """

    total: int
    new: int
    papers: tuple[DocumentRow, ...]
    seen: frozenset[str]


def news(asking: Asking, parsed: Parsed, request: Request, seen: Collection[str]) -> News | None:
    """The news of a search; None of one that finds more papers than are watched.

    Raises EngineError, IndexDisagreesError, OverBudgetError.
    """
    query = asking.settled(parsed).query
    asked = replace(request, query=query, sort="newest", offset=0, limit=MOST_WATCHED)
    total, rows = found_papers(asking.database, asking.engine, asking.principal, asked)
    if total > MOST_WATCHED:
        return None
    unseen = [row for row in rows if shortened(row.id) not in seen]
    return News(total, len(unseen), tuple(unseen[:MOST_TOLD]), frozenset(shortened(row.id) for row in rows))


def shortened(document_id: str) -> str:
    """The beginning of an identifier, by which a paper is known to have been seen."""
    return document_id[:_ENOUGH]


def all_shortened(document_ids: Iterable[str]) -> frozenset[str]:
    """As `shortened`, of many."""
    return frozenset(map(shortened, document_ids))
