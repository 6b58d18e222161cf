"""Measures whether symbols and dates are found however they are written: 60 pairs, and as many near misses.

`symbols/pairs.tsv`: what somebody types, how a paper writes it, and another symbol or date that looks alike. A pair
is right if the paper that writes it so comes first of the two, and all that was typed is marked in it.
"""

from __future__ import annotations

import csv
import tempfile
from pathlib import Path

from figures import record

from auth.policy import Action, Scope
from indexer.analysis.tokens import tokens
from indexer.engine.contract import PassageTokens, Record, Request, positive_leaves
from indexer.engine.embedded.engine import EmbeddedEngine
from indexer.engine.stamps import StampKey
from indexer.search.highlight import Marker
from indexer.search.parse import parse
from indexer.search.query.bridge import Crossing

PAIRS = Path(__file__).with_name("symbols") / "pairs.tsv"
RULE = "0" * 64


def main() -> None:
    with PAIRS.open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE) if not row[0].startswith("#")]
    right = sum(found(asked, written, other) for asked, written, other in rows)
    record("symbols", "make bench-symbols", {"pairs": len(rows), "right": round(right / len(rows), 4)})


def found(asked: str, written: str, other: str) -> bool:
    """Whether what is typed finds how it is written before what only looks alike."""
    texts = {name: f"It was noted of {each} that nothing changed." for name, each in (("a", other), ("b", written))}
    query = parse(asked, crossing=Crossing()).query
    with tempfile.TemporaryDirectory() as folder:
        engine = EmbeddedEngine(Path(folder) / "index.sqlite", StampKey(b"0" * 32))
        engine.put([_record(name, text) for name, text in texts.items()])
        hits = engine.search(Scope(Action.SEARCH, frozenset({RULE})), Request(query)).hits
        engine.close()
    marked = Marker(positive_leaves(query)).spans([texts["b"]])
    first = bool(hits) and hits[0].document_id == "b" and (len(hits) == 1 or hits[0].score > hits[1].score)
    if not (first and marked):
        print("wrong:", asked, "|", written, "|", other, [(hit.document_id, hit.score) for hit in hits])
    return first and bool(marked)


def _record(name: str, text: str) -> Record:
    return Record(name, 1, 0, RULE, "", {}, [PassageTokens(0, {"original": tokens(text)})])


if __name__ == "__main__":
    main()
