"""The Elasticsearch engine: one index, the reading rule a filter inside it. Refuses an index of another version.

A search is one request where its terms' counts are remembered: each answer also tells the state of the scope that it
comes from, and is used only if the counts that made its weights come from the very same state.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Final

import numpy as np

from auth.policy import Scope
from indexer.engine.contract import (
    NONE,
    NOTHING,
    Answer,
    Engine,
    EngineError,
    EngineUnavailableError,
    Holding,
    Leaf,
    Record,
    Request,
    SuggestedForms,
    positive_leaves,
    share_of,
)
from indexer.engine.elastic import answer as answers
from indexer.engine.elastic import query as queries
from indexer.engine.elastic.client import Client
from indexer.engine.elastic.counts import Counted, Counts
from indexer.engine.elastic.generations import Generations
from indexer.engine.elastic.query import Weighing
from indexer.engine.elastic.write import Writing
from indexer.engine.scoring import idf
from indexer.engine.stamps import StampKey

TRIES: Final = 8  # of a search while documents inside its scope keep changing
PAGE: Final = 5_000  # holdings read at once


class ElasticEngine:
    """Keeps the Engine contract on an Elasticsearch server; any number of threads and processes may use it at once.

    `reader` need not be allowed to write.
    """

    def __init__(self, reader: Client, writer: Client, prefix: str, stamp_key: StampKey, alias: str = "") -> None:
        """`alias`: of the one generation that this engine is to fill; otherwise it answers, and writes to all."""
        self._reader, self._writer, self._stamp_key = reader, writer, stamp_key
        self._generations = Generations(writer, prefix)
        self._alias = alias or self._generations.alias
        self._writing = Writing(writer, (lambda write: write(alias)) if alias else self._generations.everywhere)
        self._counts = Counts()

    @property
    def stamp_key(self) -> StampKey:
        """The service's key."""
        return self._stamp_key

    def put(self, records: Iterable[Record]) -> None:
        """Hold these records, in place of any of the same documents."""
        self._writing.put(records)

    def remove(self, versions: Mapping[str, int]) -> None:
        """Forget these documents."""
        self._writing.remove(versions)

    def search(self, scope: Scope, request: Request, without: frozenset[str] = NONE) -> Answer:
        """Find inside the scope."""
        if not scope.rules:
            return NOTHING
        leaves = positive_leaves(request.query)
        for _ in range(TRIES):
            counted = self._counted(scope, leaves, without)
            if counted.lacks(leaves):
                continue  # what was remembered is of an earlier state
            weighing = _weighing(counted, leaves)
            answer = self._reader.ask(self._alias, queries.searching(scope, request, weighing, without))
            if answers.state(answer) == counted.state:
                return answers.answer_of(answer)
            self._counts.forget((scope.rules, without))
        raise EngineUnavailableError("The documents inside the scope change faster than they can be searched.")

    def suggest(self, scope: Scope, prefix: str, limit: int = 10, without: frozenset[str] = NONE) -> SuggestedForms:
        """The most frequent forms inside the scope that begin so."""
        if not scope.rules or not prefix:
            return SuggestedForms()
        return answers.suggestions(self._reader.ask(self._alias, queries.suggesting(scope, prefix, limit, without)))

    def holdings(self) -> Mapping[str, Holding]:
        """Every document held."""
        holdings: dict[str, Holding] = {}
        while page := answers.holdings(
            self._reader.ask(self._alias, queries.holding(next(reversed(holdings), None), PAGE))
        ):
            holdings |= page
        return holdings

    def check(self) -> None:
        """Whether there is an index that this version can use. Raises StaleIndexError, EngineUnavailableError."""
        self._generations.check()

    def runs_scripts(self) -> bool:
        """Whether the server runs a script that a search brings: it should run none but those of a similarity."""
        scripted = {"script_score": {"query": {"match_all": {}}, "script": {"source": "1.0"}}}
        try:
            self._reader.ask(self._alias, {"size": 0, "query": scripted})
        except EngineUnavailableError:
            raise
        except EngineError:
            return False
        return True

    @contextmanager
    def renewal(self) -> Iterator[Engine]:
        """An empty index beside this one, to be filled; answers in place of this one if the block ends well."""
        following = self._generations.begin()
        yield ElasticEngine(self._writer, self._writer, self._generations.prefix, self._stamp_key, following)
        self._generations.finish()

    def abandon(self) -> bool:
        """Delete what an interrupted renewal left; whether there was anything."""
        return self._generations.abandon()

    def tidy(self) -> bool:
        """Nothing to do: Elasticsearch merges by itself."""
        return False

    def close(self) -> None:
        """Let go of the connections."""
        for client in {self._reader, self._writer}:
            client.close()

    def _counted(self, scope: Scope, leaves: tuple[Leaf, ...], without: frozenset[str]) -> Counted:
        """The leaves' counts inside the scope, remembered or counted now; not of all if it changes meanwhile."""
        remembered = self._counts.of((scope.rules, without))
        lacking = remembered.lacks(leaves) if remembered else leaves
        if remembered and not lacking:
            return remembered
        answer = self._reader.ask(self._alias, queries.counting(scope, lacking, without))
        holding = dict(zip(lacking, answers.counts(answer, len(lacking)), strict=True))
        return self._counts.keep((scope.rules, without), Counted(answers.state(answer), holding))


def _weighing(counted: Counted, leaves: tuple[Leaf, ...]) -> Weighing:
    passages = counted.state.passages
    weights = {leaf: np.float32(idf(passages, counted.holding[leaf]) * np.float32(share_of(leaf))) for leaf in leaves}
    return Weighing(weights, counted.state.in_parts)
