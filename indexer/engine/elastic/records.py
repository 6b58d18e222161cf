"""Records of the contract as Elasticsearch keeps them: one for a document, or a head and parts where it is too long."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from indexer.engine.contract import PassageTokens, Record
from indexer.engine.elastic.client import operation
from indexer.engine.elastic.index import Json

MOST_PASSAGES: Final = 4_000  # of a record; Elasticsearch takes 10,000
MOST_BYTES: Final = 12_000_000  # of a record's text; a request may have a tenth of the server's heap
WRITES: Final = 1 << 32


@dataclass(frozen=True, slots=True)
class RecordLines:
    """A document as lines of a bulk request: its head, which decides whether it is the newest, then its parts."""

    document_id: str
    version: int
    head: bytes
    parts: Sequence[bytes] = ()


def lines_of(record: Record) -> RecordLines:
    """What makes the index hold this record."""
    runs = _runs(record.passages)
    whole: Json = {
        "document": record.document_id,
        "whole": True,
        "stamp": record.stamp,
        "facets": {facet: list(values) for facet, values in record.facets.items() if values},
        **({"day": record.day} if record.day else {}),
        **_vocabulary(record.passages),
    }
    if len(runs) <= 1:
        whole |= {"parts": 0, **_kept(record.rule, record.passages)}
        return RecordLines(record.document_id, record.version, _index(record, record.document_id, whole))
    whole |= {"parts": len(runs), "relation": "document", **_kept(record.rule, [])}
    head = _index(record, record.document_id, whole)
    return RecordLines(
        record.document_id, record.version, head, [_part(record, at, run) for at, run in enumerate(runs)]
    )


def lines_of_removed(document_id: str, version: int) -> RecordLines:
    """What makes the index hold nothing of a document but which version was removed."""
    return RecordLines(document_id, version, _nothing(document_id, document_id, version))


def emptied(document_id: str, version: int, parts: Iterable[int]) -> list[bytes]:
    """What leaves nothing of these parts of a document, where they are of no higher version."""
    return [_nothing(_part_id(document_id, at), document_id, version) for at in parts]


def _nothing(identifier: str, document_id: str, version: int) -> bytes:
    """A record that no search sees."""
    return operation(identifier, document_id, version, {"document": document_id})


def _part(record: Record, at: int, run: Sequence[PassageTokens]) -> bytes:
    source = {
        "document": record.document_id,
        "whole": False,
        "part": at,
        "relation": {"name": "part", "parent": record.document_id},
        **_vocabulary(run),
        **_kept(record.rule, run),
    }
    return _index(record, _part_id(record.document_id, at), source)


def _part_id(document_id: str, at: int) -> str:
    return f"{document_id}.{at}"


def _index(record: Record, identifier: str, source: Json) -> bytes:
    return operation(identifier, record.document_id, record.version, source)


def _kept(rule: str, passages: Sequence[PassageTokens]) -> Json:
    return {
        "rule": rule,
        "written": secrets.randbelow(WRITES),
        "size": len(passages),
        "passages": [_nested(passage) for passage in passages],
    }


def _nested(passage: PassageTokens) -> Json:
    nested: Json = {"ordinal": passage.ordinal}
    for origin, tokens in passage.texts.items():
        if tokens:
            nested[origin] = " ".join(["|".join(token.readings) for token in tokens])
            nested[f"{origin}_exact"] = " ".join([token.exact for token in tokens])
    return nested


def _vocabulary(passages: Iterable[PassageTokens]) -> Json:
    tokens = [token for passage in passages for text in passage.texts.values() for token in text]
    return {
        "stems": sorted({key for token in tokens for key in token.readings}),
        "forms": sorted({token.exact for token in tokens}),
    }


def _runs(passages: Sequence[PassageTokens]) -> list[Sequence[PassageTokens]]:
    """The passages in runs that are small enough for a record."""
    bounds = [0, *_starts(passages), len(passages)]
    return [passages[start:end] for start, end in pairwise(bounds)]


def _starts(passages: Sequence[PassageTokens]) -> Iterator[int]:
    first = size = 0
    for at, passage in enumerate(passages):
        more = 2 * sum(
            len(token.exact) + sum(map(len, token.readings)) for text in passage.texts.values() for token in text
        )
        if at > first and (at - first >= MOST_PASSAGES or size + more > MOST_BYTES):
            yield at
            first, size = at, 0
        size += more
