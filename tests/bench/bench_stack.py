"""Measures what it costs an engine to search in both languages, beside the plain words: `make bench-stack`.

The 80 questions of finding/across.tsv, asked in turns of all passages of the manuals of `pairs` and of XQuAD: `words`
as they were typed, `across` as a person asks: carried over by what ships, by names and by pairs of what neighbours
mean. From the text that is typed to the engine's answer; Elasticsearch is measured where it is promised or there.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from statistics import median, quantiles

from bench_search import SCOPE
from elasticsearch_server import UnavailableError, server
from figures import record
from finding.across import all_passages_of_manuals
from morphology.measure import data_folder, xquad
from worlds import KEY, RULES

from indexer.analysis.tokens import tokens
from indexer.engine.contract import Engine, PassageTokens, Record, Request
from indexer.engine.embedded.engine import EmbeddedEngine
from indexer.search.parse import parse
from indexer.search.query.bridge import Crossing
from indexer.text import LANGUAGES

ROUNDS = 5
OF_DOCUMENT = 10  # passages
LINES = Path(__file__).parent / "finding" / "across.tsv"
PREFIX = "bench-stack"


def main() -> None:
    data = data_folder()
    if not data.is_dir():
        sys.exit("no test data: set TOLMACH_TEST_DATA to its folder")
    figures: dict[str, float] = {}
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        engines: dict[str, Engine] = {"embedded": EmbeddedEngine(folder / "index.sqlite", KEY)}
        try:
            running = stack.enter_context(server(may_fetch="elasticsearch" in os.environ.get("TOLMACH_PROMISED", "")))
            engines["elastic"] = running.engine(PREFIX)
            stack.callback(running.delete, PREFIX)
        except UnavailableError as error:
            print(f"Elasticsearch is not measured: {error}", file=sys.stderr)
        records = list(all_records(data))
        figures["passages"] = sum(len(each.passages) for each in records)
        for name, engine in engines.items():
            engine.put(records)
            figures |= {f"{name}.{key}": value for key, value in measured(engine)}
    record("stack", "make bench-stack", {name: round(value, 3) for name, value in figures.items()})


def all_records(data: Path) -> Iterator[Record]:
    """Ten passages a document, of one language."""
    manuals = all_passages_of_manuals(data)
    of_languages = [[*manuals[each], *xquad(each, data)[0]] for each in LANGUAGES]
    texts = [of[at : at + OF_DOCUMENT] for of in of_languages for at in range(0, len(of), OF_DOCUMENT)]
    for at, some in enumerate(texts):
        passages = [PassageTokens(ordinal, {"original": tokens(text)}) for ordinal, text in enumerate(some)]
        yield Record(f"{at:032x}", 1, at, RULES[0], "2024-01-01", {}, passages)


def measured(engine: Engine) -> Iterator[tuple[str, float]]:
    """Milliseconds of a search each way, from reading the query on, and how many times the one is the other."""
    lines = LINES.read_text(encoding="utf-8").splitlines()
    questions = [line.split("\t")[0] for line in lines if not line.startswith("#")]
    ways = {"words": None, "across": Crossing()}
    taken: dict[str, list[float]] = {way: [] for way in ways}
    for again in range(ROUNDS + 1):
        for question in questions:
            for way, crossing in ways.items():
                began = time.perf_counter()
                engine.search(SCOPE, Request(parse(question, crossing=crossing).query))
                if again:  # the first round warms what is remembered
                    taken[way].append(1_000 * (time.perf_counter() - began))
    for way, times in taken.items():
        yield f"{way}_p50_ms", median(times)
        yield f"{way}_p95_ms", quantiles(times, n=20)[-1]
    yield "across_to_words_p50", median(taken["across"]) / median(taken["words"])
    yield "across_to_words_p95", quantiles(taken["across"], n=20)[-1] / quantiles(taken["words"], n=20)[-1]


if __name__ == "__main__":
    main()
