"""Measures what a whole search costs beside its plain words, on both engines: `make bench-stack`.

The 80 questions of finding/across.tsv, asked of the sample corpus and of passages of manuals, in turns: `words` as they
were typed, `across` as a person asks (carried over by what ships, by names and by pairs of what neighbours mean), and
`meaning` with vectors too, where the encoder is installed. Elasticsearch is measured where it is promised or there.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from statistics import median, quantiles
from typing import Any

from bench_finding_queries import HIGHEST, sample
from elasticsearch_server import UnavailableError, server
from factories import agency, fresh, label, person, principal, take
from figures import record
from finding.across import passages_of_manuals
from morphology.measure import data_folder
from papers import Line, paper
from sqlalchemy import select

from auth.people import Principal
from indexer.engine.contract import Request
from indexer.library.tables import DocumentRow
from indexer.pipeline import index_sync
from indexer.search.asking import Asking
from indexer.search.query.bridge import Crossing
from indexer.text import LANGUAGES
from services.components import Components

ROUNDS = 3
PREFIX = "bench-stack"
LINES = Path(__file__).parent / "finding" / "across.tsv"


def main() -> None:
    data = data_folder()
    if not data.is_dir():
        sys.exit("no test data: set TOLMACH_TEST_DATA to its folder")
    figures: dict[str, float] = {}
    with ExitStack() as stack:
        engines: dict[str, dict[str, Any]] = {"embedded": {}}
        try:
            running = stack.enter_context(server(may_fetch="elasticsearch" in os.environ.get("TOLMACH_PROMISED", "")))
            home = Path(stack.enter_context(tempfile.TemporaryDirectory()))
            running.engine(PREFIX).close()  # makes its indices
            stack.callback(running.delete, PREFIX)
            engines["elastic"] = running.settings(home / "home", PREFIX)
        except UnavailableError as error:
            print(f"Elasticsearch is not measured: {error}", file=sys.stderr)
        for name, settings in engines.items():
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
            components = fresh(folder / "home", meaning="yes", **settings)
            stack.callback(components.close)
            figures |= {f"{name}.{key}": value for key, value in measured(components, filled(components, data))}
    record("stack", "make bench-stack", {name: round(value, 3) for name, value in figures.items()})


def filled(components: Components, data: Path) -> Principal:
    """Take the papers in, with their vectors; gives somebody who may read all of them."""
    agency(components, "A")
    person(components, "ann", "A", ["expert"])
    for path, about in sample().items():
        if about:
            take(components, path.read_bytes(), label(components, "A", HIGHEST), filename=path.stem, **about)
    manuals = passages_of_manuals(data)
    with components.database.session() as session:
        for language in LANGUAGES:
            for text in manuals[language]:
                paper(session, [[Line(text, language=language)]], language=language)
        names = session.scalars(select(DocumentRow.id)).all()
    index_sync.sync_documents(components.database, components.engine, names)
    components.worker().run()
    reader = principal(components, "ann")
    assert reader
    return reader


def measured(components: Components, reader: Principal) -> Iterator[tuple[str, float]]:
    """Milliseconds of a search each way, and how many times a search by its words they are."""
    asking = Asking(components.database, components.engine, reader, components.place_counts)
    ways: dict[str, tuple[Asking, Crossing | None]] = {"words": (asking, None), "across": (asking, Crossing())}
    if components.meaning:
        ways["meaning"] = replace(asking, meaning=components.meaning), Crossing()
    lines = LINES.read_text(encoding="utf-8").splitlines()
    questions = [line.split("\t")[0] for line in lines if not line.startswith("#")]
    taken: dict[str, list[float]] = {way: [] for way in ways}
    for again in range(ROUNDS + 1):
        for question in questions:
            for way, (asks, crossing) in ways.items():
                began = time.perf_counter()
                parsed = asks.parsed(question, crossing=crossing)
                asks.outcome(parsed, Request(parsed.query, limit=10))
                if again:  # the first round warms what is remembered
                    taken[way].append(1_000 * (time.perf_counter() - began))
    for way, times in taken.items():
        yield f"{way}_p50_ms", median(times)
        yield f"{way}_p95_ms", quantiles(times, n=20)[-1]
        yield f"{way}_to_words_p50", median(times) / median(taken["words"])
        yield f"{way}_to_words_p95", quantiles(times, n=20)[-1] / quantiles(taken["words"], n=20)[-1]


if __name__ == "__main__":
    main()
