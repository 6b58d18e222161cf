"""Questions to the sample corpus whose answers stand in the other language only; passages of manuals beside them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Final

from bench_finding_queries import Library, library, rank_of, sample
from pairing import read
from papers import Line, paper
from sqlalchemy import select

from indexer.analysis.folding import cyrillic
from indexer.analysis.tokens import exact_forms
from indexer.engine.contract import Request
from indexer.library.tables import DocumentRow
from indexer.pipeline import index_sync
from indexer.search.asking import Asking
from indexer.search.query.bridge import Crossing
from indexer.text import LANGUAGES, Language

OTHERS: Final = 650  # passages
WORDS: Final = 110  # of one, at least
DEPTH: Final = 10
UNREADABLE: Final = "lshort.ru.pdf"  # its text layer is broken


@cache
def all_passages_of_manuals(data: Path) -> Mapping[Language, list[str]]:
    """Passages of the manuals of `pairs`, by language."""
    manuals = read([path for path in sorted(data.glob("pairs/*/*.pdf")) if path.name != UNREADABLE])
    return {
        language: [text for each in manuals if each.language == language for text in _passages(each.texts)]
        for language in LANGUAGES
    }


@cache
def passages_of_manuals(data: Path) -> Mapping[Language, list[str]]:
    """Passages of the manuals, evenly out of all of them, by language."""
    return {
        language: [texts[at * len(texts) // OTHERS] for at in range(OTHERS)]
        for language, texts in all_passages_of_manuals(data).items()
    }


def _passages(sentences: Sequence[str]) -> Iterator[str]:
    words: list[str] = []
    for text in sentences:
        words += text.split()
        if len(words) >= WORDS:
            yield " ".join(words)
            words = []


def of_sample(home: Path, others: Mapping[Language, list[str]]) -> Iterator[tuple[str, list[int]]]:
    """The rank of a paper that answers each question, by the language asked in; 0 where it is not of the first ten."""
    papers = {path: about for path, about in sample().items() if about}
    shelf = library(home, papers)
    yield from _ranks(shelf, "sample")
    with shelf.components.database.session() as session:
        for language in LANGUAGES:
            for text in others[language][:: len(LANGUAGES)]:
                paper(session, [[Line(text, language=language)]], language=language)
        names = session.scalars(select(DocumentRow.id)).all()
    index_sync.sync_documents(shelf.components.database, shelf.components.engine, names)
    yield from _ranks(shelf, "sample.among")
    shelf.components.close()


def _ranks(shelf: Library, name: str) -> Iterator[tuple[str, list[int]]]:
    lines = Path(__file__).with_name("across.tsv").read_text(encoding="utf-8").splitlines()
    asked = [line.split("\t") for line in lines if not line.startswith("#")]
    for language in LANGUAGES:
        for way, crossing in (("off", None), ("on", Crossing())):
            yield (
                f"{name}.{language}.{way}",
                [
                    rank_of(_found(shelf, query, crossing), answers.split())
                    for query, answers in asked
                    if any(map(cyrillic, exact_forms(query))) == (language == "ru")
                ],
            )


def _found(shelf: Library, query: str, crossing: Crossing | None) -> list[str]:
    """The papers that are found first, by name; "" for a passage of a manual."""
    asking = Asking(shelf.components.database, shelf.components.engine, shelf.reader, shelf.components.place_counts)
    parsed = asking.parsed(query, crossing=crossing)
    hits = asking.outcome(parsed, Request(parsed.query, limit=DEPTH)).results.hits
    return [shelf.names.get(hit.row.id, "") for hit in hits]
