"""The generations of the index: which one answers, which one is being made, and the moment when they change places.

Searches and writes are addressed to aliases alone, so nothing recreates an index that was deleted behind our back.
Refuses to answer from an index of another schema or analysis, whose alias has another name.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from indexer.engine.contract import EngineUnavailableError, StaleIndexError
from indexer.engine.elastic.client import AbsentIndexError, Client
from indexer.engine.elastic.index import IndexName, Json, mappings, parse_name, settings

MOST_TRIES: Final = 5  # of a write while generations come and go

STALE: Final = "The index was made by another version of Tolmach: run `tolmach engine reindex`."
ABSENT: Final = (
    "There is no index in Elasticsearch: run `tolmach engine setup`, and `tolmach engine reindex` to fill it."
)


class Generations:
    """The indices of one prefix, and the aliases that lead to them."""

    def __init__(self, client: Client, prefix: str) -> None:
        self._client = client
        self._name = IndexName(prefix)

    @property
    def prefix(self) -> str:
        """What all their names begin with."""
        return self._name.prefix

    @property
    def alias(self) -> str:
        """What leads to the generation that answers."""
        return self._name.alias

    def check(self) -> None:
        """Raises StaleIndexError where only another version's index is there, EngineUnavailableError where none is."""
        indices = self._aliases()
        if any(self.alias in aliases for aliases in indices.values()):
            return
        raise StaleIndexError(STALE) if indices else EngineUnavailableError(ABSENT)

    def everywhere(self, write: Callable[[str], None]) -> None:
        """Write to the generation that answers, and to the one being made: to each that is there when all is done."""
        for _ in range(MOST_TRIES):
            targets = self._targets()
            if self.alias not in targets:
                self.check()
            try:
                for alias in targets:
                    write(alias)
            except AbsentIndexError:
                if self._targets() == targets:
                    raise
            if self._targets() == targets:
                return
        raise EngineUnavailableError("The index is being made anew; writing to it is tried again later.")

    def create(self, shards: int, replicas: int) -> None:
        """Make the first generation, unless one answers already or waits to be renewed."""
        if not self._aliases():
            self._make(self._name.successor, self._name.alias, shards, replicas)

    def begin(self) -> str:
        """Make the next generation, or go on with the one that was begun; gives the alias that leads to it."""
        indices = self._aliases()
        if not any(self._name.next_alias in aliases for aliases in indices.values()):
            latest = max((name for name in map(parse_name, indices) if name), key=lambda name: name.generation)
            shards, replicas = self._shape(str(latest))
            successor = IndexName(self._name.prefix, latest.generation).successor
            self._make(successor, self._name.next_alias, shards, replicas)
        return self._name.next_alias

    def finish(self) -> None:
        """Let the next generation answer and delete all others, in one step."""
        indices = self._aliases()
        successor = next(index for index, aliases in indices.items() if self._name.next_alias in aliases)
        actions: list[Json] = [{"remove_index": {"index": index}} for index in indices if index != successor]
        actions.append({"remove": {"index": successor, "alias": self._name.next_alias}})
        actions.append({"add": {"index": successor, "alias": self._name.alias, "is_write_index": True}})
        self._client.send("POST", "/_aliases", {"actions": actions})

    def abandon(self) -> bool:
        """Delete the generation that is being made; whether there was one."""
        begun = [index for index, aliases in self._aliases().items() if self._name.next_alias in aliases]
        for index in begun:
            self._client.send("DELETE", f"/{index}")
        return bool(begun)

    def _make(self, name: IndexName, alias: str, shards: int, replicas: int) -> None:
        body = {"settings": settings(shards, replicas), "mappings": mappings(), "aliases": {alias: {}}}
        self._client.send("PUT", f"/{name}", body)

    def _shape(self, index: str) -> tuple[int, int]:
        answer = self._client.get(f"/{index}/_settings")
        shape = answer[index]["settings"]["index"]
        return int(shape["number_of_shards"]), int(shape["number_of_replicas"])

    def _targets(self) -> dict[str, str]:
        """The aliases that are written to, the one that answers first, and the index that each leads to."""
        indices = self._aliases()
        return {
            alias: index
            for alias in (self._name.alias, self._name.next_alias)
            for index, aliases in indices.items()
            if alias in aliases
        }

    def _aliases(self) -> dict[str, list[str]]:
        """Our indices, of whatever version, and the aliases that lead to each."""
        answer = self._client.get(f"/{self._name.prefix}-s*/_alias")
        indices = {index: sorted(about["aliases"]) for index, about in answer.items()}
        return {index: aliases for index, aliases in indices.items() if self._ours(index)}

    def _ours(self, index: str) -> bool:
        name = parse_name(index)
        return name is not None and name.prefix == self._name.prefix
