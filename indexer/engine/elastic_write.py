"""Writes records to Elasticsearch in requests sized by bytes, and answers only when what was written can be found."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import chain
from typing import Final

from indexer.engine.contract import Record
from indexer.engine.elastic_client import Client, operation
from indexer.engine.elastic_generations import Generations
from indexer.engine.elastic_records import deletions, operations

REQUEST: Final = 8_000_000  # bytes of a bulk request, or one operation if that alone is more
GATHERED: Final = 16_000  # passages whose records are gathered before they are written


class Writing:
    """Writes to every generation that there is."""

    def __init__(self, client: Client, generations: Generations) -> None:
        self._client, self._generations = client, generations

    def put(self, records: Iterable[Record]) -> None:
        """Hold these records; of one document the last counts."""
        for some in _gathered(records):
            self._generations.everywhere(lambda alias, some=some: put_into(self._client, alias, some))  # type: ignore[misc]

    def remove(self, document_ids: Iterable[str]) -> None:
        """Forget these documents."""
        identifiers = list(dict.fromkeys(document_ids))
        if identifiers:
            self._generations.everywhere(lambda alias: _remove_from(self._client, alias, identifiers))


def put_into(client: Client, alias: str, records: Mapping[str, Record]) -> None:
    """Put records into one generation."""
    before = _parts(client, alias, list(records))
    _send(client, alias, chain.from_iterable(operations(record, before[name]) for name, record in records.items()))


def _remove_from(client: Client, alias: str, identifiers: list[str]) -> None:
    before = _parts(client, alias, identifiers)
    _send(
        client,
        alias,
        chain.from_iterable(
            [operation("delete", name, name), *deletions(name, 0, before[name])] for name in identifiers
        ),
    )


def _parts(client: Client, alias: str, identifiers: list[str]) -> dict[str, int]:
    """How many parts each of these documents has now."""
    found = client.documents(alias, identifiers)
    return {record["_id"]: record.get("_source", {}).get("parts", 0) for record in found}


def _send(client: Client, alias: str, writes: Iterable[bytes]) -> None:
    for some in _sized(writes):
        client.bulk(alias, some)
    client.refresh(alias)


def _sized(writes: Iterable[bytes]) -> Iterator[list[bytes]]:
    some: list[bytes] = []
    size = 0
    for write in writes:
        if some and size + len(write) > REQUEST:
            yield some
            some, size = [], 0
        some.append(write)
        size += len(write)
    if some:
        yield some


def _gathered(records: Iterable[Record]) -> Iterator[dict[str, Record]]:
    some: dict[str, Record] = {}
    for record in records:
        some[record.document_id] = record
        if sum(len(one.passages) for one in some.values()) >= GATHERED:
            yield some
            some = {}
    if some:
        yield some
