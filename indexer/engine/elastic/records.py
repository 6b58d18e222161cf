"""Records of the contract as Elasticsearch keeps them: one for a document, or a head and parts where it is too long."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import Final

from indexer.engine.contract import PassageTokens, Record
from indexer.engine.elastic.client import operation
from indexer.engine.elastic.index import Json

MOST_PASSAGES: Final = 4_000  # of a record; Elasticsearch takes 10,000
MOST_BYTES: Final = 12_000_000  # of a record's text; a request may have a tenth of the server's heap
STAMPS: Final = 1 << 32


def operations(record: Record, parts_before: int) -> list[bytes]:
    """What to do so that the index holds this record in place of one that had so many parts."""
    runs = _runs(record.passages)
    whole: Json = {
        "document": record.document_id,
        "whole": True,
        "facets": {facet: list(values) for facet, values in record.facets.items() if values},
        **({"day": record.day} if record.day else {}),
        **_vocabulary(record.passages),
    }
    if len(runs) <= 1:
        whole |= {"parts": 0, **_kept(record.rule, record.passages)}
        return [_index(record.document_id, record.document_id, whole), *deletions(record.document_id, 0, parts_before)]
    whole |= {"parts": len(runs), "relation": "document", **_kept(record.rule, [])}
    return [
        _index(record.document_id, record.document_id, whole),
        *(_part(record, at, run) for at, run in enumerate(runs)),
        *deletions(record.document_id, len(runs), parts_before),
    ]


def deletions(document_id: str, first: int, end: int) -> list[bytes]:
    """What takes these parts of a document away."""
    return [operation("delete", _part_id(document_id, at), document_id) for at in range(first, end)]


def _part(record: Record, at: int, run: Sequence[PassageTokens]) -> bytes:
    source = {
        "whole": False,
        "part": at,
        "relation": {"name": "part", "parent": record.document_id},
        **_vocabulary(run),
        **_kept(record.rule, run),
    }
    return _index(_part_id(record.document_id, at), record.document_id, source)


def _part_id(document_id: str, at: int) -> str:
    return f"{document_id}.{at}"


def _index(identifier: str, routing: str, source: Json) -> bytes:
    return operation("index", identifier, routing, source)


def _kept(rule: str, passages: Sequence[PassageTokens]) -> Json:
    return {
        "rule": rule,
        "stamp": secrets.randbelow(STAMPS),
        "size": len(passages),
        "passages": [_nested(passage) for passage in passages],
    }


def _nested(passage: PassageTokens) -> Json:
    nested: Json = {"ordinal": passage.ordinal}
    for origin, tokens in passage.texts.items():
        if tokens:
            nested[origin] = " ".join([token.stem for token in tokens])
            nested[f"{origin}_exact"] = " ".join([token.exact for token in tokens])
    return nested


def _vocabulary(passages: Iterable[PassageTokens]) -> Json:
    tokens = [token for passage in passages for text in passage.texts.values() for token in text]
    return {"stems": sorted({token.stem for token in tokens}), "forms": sorted({token.exact for token in tokens})}


def _runs(passages: Sequence[PassageTokens]) -> list[Sequence[PassageTokens]]:
    """The passages in runs that are small enough for a record."""
    bounds = [0, *_starts(passages), len(passages)]
    return [passages[start:end] for start, end in pairwise(bounds)]


def _starts(passages: Sequence[PassageTokens]) -> Iterator[int]:
    first = size = 0
    for at, passage in enumerate(passages):
        more = sum(len(token.stem) + len(token.exact) for text in passage.texts.values() for token in text) * 2
        if at > first and (at - first >= MOST_PASSAGES or size + more > MOST_BYTES):
            yield at
            first, size = at, 0
        size += more
