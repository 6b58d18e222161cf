"""Searches by words and by meaning at once, on any engine: the legs are joined here, and nowhere else.

Each leg gives its best inside scope and filters: the words 200 documents, the meaning 200 passages. Scores of a leg go
from 0 for its last to 1 for its first. After all that are joined the order by words alone goes on.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from auth.database import Database
from auth.policy import Scope
from indexer.engine.contract import EVERYTHING, EVIDENCE, Answer, Engine, Evidence, Facet, Hit, Inside, Request
from indexer.meaning.contract import Encoder
from indexer.meaning.nearest import NearestPassages, NearPassage
from indexer.meaning.texts import cleaned, language_of_query
from indexer.meaning.vectors import WholeVector, whole

OF_A_LEG: Final = 200  # documents found by words, passages found by meaning
BY_MEANING: Final = 0.6  # of a document's score; the rest is by its words
LEAST: Final = 0.15  # likeness of a passage whose document is found though it has no word of the question

_Facets = Mapping[Facet, tuple[tuple[str, int], ...]]


@dataclass(frozen=True, slots=True)
class Meant:
    """What a question means: its vector, and the language that it is compared in."""

    vector: WholeVector
    language: str
    database: Database
    nearest: NearestPassages

    def answer(self, engine: Engine, scope: Scope, request: Request, due: frozenset[str]) -> Answer:
        """The answer by words and by meaning. Raises EngineError."""
        near = self._near(engine, scope, request, due)
        if near is None:
            return engine.search(scope, request, due)
        first = replace(request, offset=0, limit=OF_A_LEG)
        return _fused(engine, scope, request, due, engine.search(scope, first, due), near)

    def _near(self, engine: Engine, scope: Scope, request: Request, due: frozenset[str]) -> list[NearPassage] | None:
        """The best passages inside scope and filters; None where none is compared."""
        with self.database.reading() as session:
            inside = self.nearest.inside(session, scope, due)
        if inside is None:
            return None
        ranking = inside.ranked(self.vector, self.language)
        if not _narrowed(request):
            return ranking.best(OF_A_LEG)

        def admitted(names: list[str]) -> set[str]:
            asked = replace(request, query=EVERYTHING, only=frozenset(names), offset=0, limit=len(names))
            return {hit.document_id for hit in engine.search(scope, asked, due).hits}

        return ranking.best_admitted(OF_A_LEG, admitted)


class Meaning:
    """What questions mean, by one encoder. Any number of threads use it."""

    def __init__(self, database: Database, encoder: Encoder) -> None:
        self._database, self._encoder = database, encoder
        self._nearest = NearestPassages(encoder.name)

    def of(self, text: str) -> Meant:
        """What a question means."""
        text = cleaned(text)
        vector = whole(self._encoder.encode(text))
        return Meant(vector, language_of_query(text), self._database, self._nearest)


def _narrowed(request: Request) -> bool:
    """Whether filters leave documents out."""
    return bool(request.filters or any(request.years) or any(request.days) or request.undated)


def _fused(
    engine: Engine, scope: Scope, request: Request, due: frozenset[str], words: Answer, near: Sequence[NearPassage]
) -> Answer:
    """One answer of both legs: first what is joined, then what only words found, further down than their leg reaches.

    What was joined is counted by itself, as the engine has it; so each document is counted once.
    """
    hits = joined(words.hits, near)
    named = frozenset(hit.document_id for hit in hits)
    page = hits[request.offset : request.offset + request.limit]
    further = replace(request, but=named, offset=max(0, request.offset - len(hits)), limit=request.limit - len(page))
    others = engine.search(scope, further, due)
    counted = engine.search(scope, replace(request, query=EVERYTHING, only=named, offset=0, limit=0), due)
    total = others.total + len(hits)
    after = [replace(hit, score=0.0) for hit in others.hits]  # no leg weighed them
    agree = words.inside == others.inside == counted.inside and counted.total == len(hits)
    inside = words.inside if agree else Inside(complete=False)
    return Answer(total, (*page, *after), _added(others.facets, counted.facets), inside, total - words.total)


def joined(words: Sequence[Hit], near: Sequence[NearPassage]) -> list[Hit]:
    """The documents of both legs, the best first; where they weigh the same, in the order of the words' leg."""
    by_words = dict(zip((hit.document_id for hit in words), _scaled([hit.score for hit in words]), strict=True))
    evidence = {hit.document_id: hit.evidence for hit in words}
    by_meaning: dict[str, list[Evidence]] = {}
    for each, score in zip(near, _scaled([passage.likeness for passage in near]), strict=True):
        if each.likeness >= LEAST or each.document_id in by_words:
            by_meaning.setdefault(each.document_id, []).append(Evidence(each.ordinal, score))
    hits = []
    for name in dict.fromkeys([*by_words, *by_meaning]):
        passages = by_meaning.get(name, [])
        best = passages[0].score if passages else 0.0
        score = BY_MEANING * best + (1 - BY_MEANING) * by_words.get(name, 0.0)
        hits.append(Hit(name, score, _shown(evidence.get(name, ()), passages)))
    return sorted(hits, key=lambda hit: -hit.score)


def _scaled(scores: Sequence[float]) -> list[float]:
    """Scores from 0 for the least of them to 1 for the highest; 1 where all are alike."""
    least, most = min(scores, default=0.0), max(scores, default=0.0)
    return [(score - least) / (most - least) if most > least else 1.0 for score in scores]


def _shown(by_words: Sequence[Evidence], by_meaning: Sequence[Evidence]) -> tuple[Evidence, ...]:
    """The passages to show: those that words found, and the one whose meaning is nearest."""
    if not by_words:
        return tuple(by_meaning[:EVIDENCE])
    if not by_meaning or by_meaning[0].ordinal in {each.ordinal for each in by_words}:
        return tuple(by_words)
    return (*by_words[: EVIDENCE - 1], by_meaning[0])


def _added(some: _Facets, others: _Facets) -> _Facets:
    """Counts of documents that are not the same, added."""
    sums = {facet: Counter(dict(some[facet])) + Counter(dict(others[facet])) for facet in some}
    return {
        facet: tuple(sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))) for facet, counts in sums.items()
    }
