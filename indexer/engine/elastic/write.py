"""Writes records to Elasticsearch in requests sized by bytes, and answers only when what was written can be found."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from itertools import chain
from typing import Final

from indexer.engine.contract import Record
from indexer.engine.elastic.client import Client, operation
from indexer.engine.elastic.records import deletions, operations

REQUEST: Final = 8_000_000  # bytes of a bulk request, or one operation if that alone is more
GATHERED: Final = 16_000  # passages whose records are gathered before they are written


class Writing:
    """Writes to each generation that it is told of: `everywhere` calls what it is given with the alias of each."""

    def __init__(self, client: Client, everywhere: Callable[[Callable[[str], None]], None]) -> None:
        self._client, self._everywhere = client, everywhere

    def put(self, records: Iterable[Record]) -> None:
        """Hold these records; of one document the last counts."""
        for some in _gathered(records):
            self._everywhere(partial(_put_into, self._client, some))

    def remove(self, document_ids: Iterable[str]) -> None:
        """Forget these documents."""
        identifiers = list(dict.fromkeys(document_ids))
        if identifiers:
            self._everywhere(partial(_remove_from, self._client, identifiers))


def _put_into(client: Client, records: Mapping[str, Record], alias: str) -> None:
    """Put records into one generation."""
    before = _parts(client, alias, list(records))
    _send(client, alias, chain.from_iterable(operations(record, before[name]) for name, record in records.items()))


def _remove_from(client: Client, identifiers: list[str], alias: str) -> None:
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
