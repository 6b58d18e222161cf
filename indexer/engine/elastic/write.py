"""Writes records to Elasticsearch in requests sized by bytes, and answers only when what was written can be found."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from itertools import chain
from typing import Final

from indexer.engine.contract import Record
from indexer.engine.elastic import answer as answers
from indexer.engine.elastic import query as queries
from indexer.engine.elastic.client import Client
from indexer.engine.elastic.records import RecordLines, emptied, lines_of, lines_of_removed

REQUEST: Final = 8_000_000  # bytes of a bulk request, or one operation if that alone is more
GATHERED: Final = 16_000  # passages whose records are gathered before they are written


class Writing:
    """Writes to each generation that it is told of: `everywhere` calls what it is given with the alias of each."""

    def __init__(self, client: Client, everywhere: Callable[[Callable[[str], None]], None]) -> None:
        self._client, self._everywhere = client, everywhere

    def put(self, records: Iterable[Record]) -> None:
        """Hold these records; of one document the last counts."""
        for some in _gathered(records):
            self._everywhere(partial(_write, self._client, [lines_of(record) for record in some.values()]))

    def remove(self, versions: Mapping[str, int]) -> None:
        """Forget these documents, and keep what was removed."""
        if versions:
            lines = [lines_of_removed(*removed) for removed in versions.items()]
            self._everywhere(partial(_write, self._client, lines))


def _write(client: Client, records: Sequence[RecordLines], alias: str) -> None:
    """Write records into one generation, but for those of which it has a higher version, and make that visible."""
    newest = _done(client, alias, records, [record.head for record in records])
    _write_parts(client, alias, [record for record in newest if record.parts])
    _empty_older_parts(client, alias, {record.document_id: record for record in newest})
    client.refresh(alias)


def _write_parts(client: Client, alias: str, records: Sequence[RecordLines]) -> None:
    """Write the parts of records whose heads were taken, and take them back where a newer head came meanwhile."""
    if not records:
        return
    _send(client, alias, chain.from_iterable(record.parts for record in records))
    newest = client.versions(alias, [record.document_id for record in records])
    overtaken = [record for record in records if newest[record.document_id] != record.version]
    _send(
        client,
        alias,
        chain.from_iterable(emptied(r.document_id, r.version, range(len(r.parts))) for r in overtaken),
    )


def _empty_older_parts(client: Client, alias: str, records: Mapping[str, RecordLines]) -> None:
    """Empty the parts that earlier versions of these records had beyond those that they have now."""
    for document_id, part in _parts_of(client, alias, list(records)):
        record = records[document_id]
        if part >= len(record.parts):
            _send(client, alias, emptied(document_id, record.version, [part]))


def _parts_of(client: Client, alias: str, document_ids: Sequence[str]) -> Iterator[tuple[str, int]]:
    """The parts of these documents that searches see."""
    after: tuple[str, int] | None = None
    while page := answers.parts(client.ask(alias, queries.parts_of(document_ids, after))):
        yield from page
        after = page[-1]


def _done(client: Client, alias: str, records: Sequence[RecordLines], lines: Iterable[bytes]) -> list[RecordLines]:
    """Send one line for each record; gives the records whose line was taken."""
    taken = chain.from_iterable(client.bulk(alias, some) for some in _sized(lines))
    return [record for record, newest in zip(records, taken, strict=True) if newest]


def _send(client: Client, alias: str, lines: Iterable[bytes]) -> None:
    for some in _sized(lines):
        client.bulk(alias, some)


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
        if sum(len(gathered.passages) for gathered in some.values()) >= GATHERED:
            yield some
            some = {}
    if some:
        yield some
