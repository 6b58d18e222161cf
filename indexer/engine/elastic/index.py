"""The Elasticsearch index: how it is named, and how it keeps documents, passages and tokens.

The name says by which schema and analysis an index was made, so that code meets only an index of its own making:
another version looks for another alias. A search goes to the alias, never to an index by name.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Any, Final

from indexer.analysis.tokens import VERSION
from indexer.engine.contract import FACETS
from indexer.engine.scoring import K1, USUAL_LENGTH, B
from indexer.text import ORIGINS

SCHEMA: Final = 4  # with series of symbols, and what documents have
PREFIX: Final = "tolmach"
LONGEST_PLACE: Final = 4_096  # characters of a place as it is sent
Json = dict[str, Any]

_NAME = re.compile(r"(?P<prefix>.+)-s(?P<schema>\d+)-a(?P<analysis>\d+)-(?P<generation>\d{6})")


@dataclass(frozen=True, slots=True, order=True)
class IndexName:
    """An index: whose it is, by which schema and analysis it was made, and the how manieth of these."""

    prefix: str
    generation: int = 0
    schema: int = SCHEMA
    analysis: int = VERSION

    def __str__(self) -> str:
        return f"{self.alias}-{self.generation:06}"

    @property
    def alias(self) -> str:
        """What searches and writes are addressed to: the generation that answers."""
        return f"{self.prefix}-s{self.schema}-a{self.analysis}"

    @property
    def next_alias(self) -> str:
        """The generation that is being made, if any: whatever is written goes there as well."""
        return f"{self.alias}-next"

    @property
    def successor(self) -> IndexName:
        """The generation after this one."""
        return replace(self, generation=self.generation + 1)


def parse_name(text: str) -> IndexName | None:
    """The value that `str(IndexName)` wrote; None of any other name."""
    match = _NAME.fullmatch(text)
    if match is None:
        return None
    return IndexName(match["prefix"], int(match["generation"]), int(match["schema"]), int(match["analysis"]))


# The formula of weigh.py, term by term in the same order and in double, so that it gives the same bits.
_SIMILARITY = f"""
    double tf = doc.freq;
    return query.boost * tf * {K1 + 1} / (tf + {K1} * ({1 - B} + {B} * doc.length / {USUAL_LENGTH}));
"""


# A place of a text is its readings with "|" between them; they share its position, and it counts once for the length.
_PLACES: Final[Json] = {
    "tokenizer": {"places": {"type": "whitespace", "max_token_length": LONGEST_PLACE}},
    "filter": {"readings": {"type": "pattern_capture", "preserve_original": False, "patterns": ["([^|]+)"]}},
    "analyzer": {"places": {"type": "custom", "tokenizer": "places", "filter": ["readings"]}},
}


def settings(shards: int, replicas: int) -> Json:
    """Settings of an index. Refreshing is asked for after every write, and nothing else makes writes visible."""
    return {
        "number_of_shards": shards,
        "number_of_replicas": replicas,
        "refresh_interval": -1,
        "similarity": {"counted": {"type": "scripted", "script": {"source": _SIMILARITY.strip()}}},
        "analysis": _PLACES,
    }


def mappings() -> Json:
    """Fields of a record. Of the text nothing is stored: what is shown comes from the database.

    What was removed leaves a record of its identifier alone, whose version keeps older writes out.
    """
    keyword, exactly = {"type": "keyword"}, {"type": "keyword", "doc_values": False}
    number: Json = {"type": "long", "index": False}
    return {
        "dynamic": "strict",
        "_source": {"includes": ["document"]},
        "properties": {
            "document": keyword,
            "rule": keyword,
            "day": keyword,
            "facets": {"properties": dict.fromkeys(FACETS, keyword)},
            "whole": {"type": "boolean"},  # false: a part of a document that is too long for one record
            "parts": {"type": "integer", "index": False},
            "part": {"type": "integer", "index": False},
            "relation": {"type": "join", "relations": {"document": "part"}},
            "stamp": number,  # of the whole document: the sum over a scope is compared with the database's
            "written": number,  # drawn anew at each write: the sum over a scope tells whether it has changed
            "size": number,  # passages in this record
            "stems": exactly,  # and all other readings, of the whole document, each once
            "forms": keyword,
            "passages": {"type": "nested", "properties": {"ordinal": number, **_texts()}},
        },
    }


def stems_of(origin: str) -> str:
    """The field of a passage that holds the readings of its text of this origin."""
    return f"passages.{origin}"


def forms_of(origin: str) -> str:
    """The field of a passage that holds the exact forms of its text of this origin."""
    return f"passages.{origin}_exact"


def _texts() -> Json:
    text = {"type": "text", "analyzer": "whitespace", "similarity": "counted"}
    stems = dict.fromkeys(ORIGINS, text | {"analyzer": "places", "search_analyzer": "whitespace"})
    return stems | {f"{origin}_exact": text | {"index_options": "freqs"} for origin in ORIGINS}
