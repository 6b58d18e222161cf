"""Measures what people find by what they type: reports of faults, pasted paragraphs, copied sentences, questions.

Half of the paragraphs, sentences and questions are to tune on (`tune`), half to report (`report`); each reported fault
has its checks. Papers: the sample corpus, and real ones under TOLMACH_TEST_DATA (`pairs`, `un`) where they are.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import random
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from factories import agency, fresh, label, person, principal, take
from figures import record
from sqlalchemy import select

from auth.people import Principal
from indexer.engine.contract import Request
from indexer.library import documents
from indexer.library.states import SEARCHABLE
from indexer.library.tables import DocumentRow
from indexer.search.asking import Asking, Outcome
from indexer.search.parse import LONGEST, QueryError, parse
from services.components import Components
from services.settings import Settings

Figures = Iterator[tuple[str, float]]
SAMPLE: Final = Path(__file__).resolve().parents[2] / "deploy" / "sample"
DATA: Final = Path(os.environ.get("TOLMACH_TEST_DATA", "/nowhere"))
HIGHEST: Final = "strictly-confidential"
WORDS_OF_PARAGRAPH: Final = (65, 300)
QUERIES: Final = 100  # of each kind in each half
TITLED: Final = {
    "titled": {
        "title_en": "Memorandum on orbital stations",
        "title_ru": "Меморандум об орбитальных станциях",
        "symbol": "GRP/2026/SEM.9/L.4",
        "keywords": "ятаган",
    }
}


@dataclass(frozen=True)
class Library:
    """Papers that one person may read, by name."""

    components: Components
    reader: Principal
    names: Mapping[str, str]  # document_id → name

    def ask(self, query: str) -> Outcome:
        """Search as the API does."""
        parsed = parse(query)
        asking = Asking(self.components.database, self.components.engine, self.reader, self.components.place_counts)
        return asking.outcome(parsed, Request(parsed.query, limit=100))

    def found(self, query: str) -> list[str]:
        """The names of what is found, in order; nothing where the query is refused."""
        try:
            return [self.names[hit.row.id] for hit in self.ask(query).results.hits]
        except QueryError:
            return []

    @cached_property
    def sentences(self) -> dict[str, list[str]]:
        """The sentences of each paper, in order."""
        with self.components.database.reading() as session:
            return {
                name: [
                    segment.text
                    for passage in documents.all_passages(session, document_id)
                    for segment in passage.segments
                ]
                for document_id, name in self.names.items()
            }

    @cached_property
    def texts(self) -> dict[str, str]:
        """The whole text of each paper: a sentence that stands in several has no right answer."""
        return {name: " ".join(sentences) for name, sentences in self.sentences.items()}


def library(home: Path, papers: Mapping[Path, Mapping[str, Any]]) -> Library:
    """Papers taken in anew, or those that a home holds already."""
    kept = home.exists()
    components = fresh(home) if not kept else Components(_settings(home))
    if not kept:
        agency(components, "A")
        person(components, "ann", "A", ["expert"])
        for path, about in papers.items():  # a label under a paper's own marking would keep it waiting at intake
            take(components, path.read_bytes(), label(components, "A", HIGHEST), filename=path.stem, **about)
        components.worker().run()
    reader = principal(components, "ann")
    assert reader
    with components.database.reading() as session:
        rows = session.execute(select(DocumentRow.id, DocumentRow.filename, DocumentRow.state)).all()
    absent = sorted(row.filename for row in rows if row.state not in SEARCHABLE)
    assert not absent, f"not searchable, so no question can find them: {', '.join(absent)}"
    return Library(components, reader, {row.id: row.filename for row in rows})


def _settings(home: Path) -> Settings:
    return Settings(home=home, trail_entries=1_000_000_000)


def sample() -> dict[Path, dict[str, Any]]:
    """The sample corpus with what its manifest says, and the real papers that are here."""
    papers: dict[Path, dict[str, Any]] = {}
    with (SAMPLE / "manifest.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            about = {name: row[name] for name in ("language", "title_en", "title_ru", "kind", "symbol", "keywords")}
            day = date.fromisoformat(row["date"]) if row["date"] else None
            papers[SAMPLE / row["file"]] = {**about, "date": day}
    return papers | {path: {} for path in sorted([*DATA.glob("un/*.pdf"), *DATA.glob("pairs/*/*.pdf")])}


# -- Reports of faults


def of_faults(home: Path) -> Figures:
    """Each check: what must be found, must not be, and must be first; of signs, that they are honoured or named."""
    cases = json.loads((DATA / "search-faults" / "cases.json").read_text(encoding="utf-8"))
    pdfs = {path: TITLED.get(path.stem, {}) for path in sorted((DATA / "search-faults" / "pdf").glob("*.pdf"))}
    shelf = library(home, pdfs)
    passed = checks = 0
    for case in cases:
        done = [
            keeps(shelf, check)
            for check in case["checks"]
            if check["query"][:1] != "(" and "tolmach " not in check["query"]
        ]
        yield f"faults.{case['kind']}", sum(done) / len(done) if done else 1.0
        passed, checks = passed + sum(done), checks + len(done)
    yield "faults.passed", passed
    yield "faults.checks", checks


def keeps(shelf: Library, check: Mapping[str, Any]) -> bool:
    """Whether a check holds."""
    if not check["must_find"]:
        parsed = parse(check["query"])
        honoured = any(part.excluded or part.kind == "field" for part in parsed.parts) or "And(" in str(parsed.query)
        return honoured or bool(parsed.notes)
    names = shelf.found(check["query"])
    kept = set(check["must_find"]) <= set(names) and not set(check["must_not_find"]) & set(names)
    good = kept and (check["first"] is None or names[0] == check["first"])
    if not good:
        print(f"  {check['query']}: {names[:4]}, not {check['must_find']}")
    return good


# -- What is copied from papers


def of_copies(home: Path) -> Figures:
    """How often the paper that a text was copied from comes first, or its translation, which bears that text too."""
    shelf = library(home, sample())
    for half in ("tune", "report"):
        chance = random.Random(f"finding/{half}")
        for kind, draw in DRAWS.items():
            drawn = [draw(shelf, chance) for _ in range(QUERIES)]
            firsts = [list(map(work, shelf.found(query)[:1])) == [work(name)] for name, query in drawn]
            yield f"{kind}.{half}", sum(firsts) / len(firsts)


def work(name: str) -> str:
    """What a paper and its translation are both: its name without the language."""
    return re.sub(r"[-.](en|ru)$", "", name.lower())


def of_questions(home: Path) -> Figures:
    """Of what an expert asks: how often a paper that answers comes first, and among the first three."""
    shelf = library(home, sample())
    lines = (Path(__file__).parent / "finding" / "questions.tsv").read_text(encoding="utf-8").splitlines()
    asked = [line.split("\t") for line in lines if not line.startswith("#")]
    for half, questions in (("tune", asked[::2]), ("report", asked[1::2])):
        ranks = [rank_of(shelf.found(query), papers.split()) for query, papers in questions]
        yield f"questions.{half}.first", sum(rank == 1 for rank in ranks) / len(ranks)
        yield f"questions.{half}.first_three", sum(0 < rank <= 3 for rank in ranks) / len(ranks)
        yield f"questions.{half}.reciprocal_rank", sum(1 / rank for rank in ranks if rank) / len(ranks)


def rank_of(names: Sequence[str], papers: Sequence[str]) -> int:
    """The place of the first of these papers, in either language; 0 where none is found."""
    return next((at for at, name in enumerate(names, 1) if name.rpartition("-")[0] in papers), 0)


def paragraph(shelf: Library, chance: random.Random) -> tuple[str, str]:
    """A run of whole sentences of a paper, of 65 to 300 words."""
    name, sentences = _paper(shelf, chance)
    least = chance.randint(*WORDS_OF_PARAGRAPH) * 2 // 3
    at = chance.randrange(len(sentences))
    taken: list[str] = []
    while len(" ".join(taken).split()) < least:
        if at == len(sentences):
            return paragraph(shelf, chance)
        taken.append(sentences[at])
        at += 1
    text = " ".join(taken)
    too_long = len(text.split()) > WORDS_OF_PARAGRAPH[1] or len(text) > LONGEST
    return paragraph(shelf, chance) if too_long or len(text.split()) < WORDS_OF_PARAGRAPH[0] else (name, text)


def sentence(shelf: Library, chance: random.Random) -> tuple[str, str]:
    """One sentence of 8 to 40 words."""
    name, sentences = _paper(shelf, chance)
    text = chance.choice(sentences)
    long = 8 <= len(text.split()) <= 40 and sum(map(str.isalpha, text)) > len(text) / 2
    own = long and sum(text in whole for whole in shelf.texts.values()) == 1
    return (name, text) if own else sentence(shelf, chance)


def quoted(shelf: Library, chance: random.Random) -> tuple[str, str]:
    """One sentence in quotation marks."""
    name, text = sentence(shelf, chance)
    return name, '"' + text.replace('"', " ") + '"'


def _paper(shelf: Library, chance: random.Random) -> tuple[str, Sequence[str]]:
    name = chance.choice(sorted(shelf.names.values()))
    sentences = shelf.sentences[name]
    return (name, sentences) if len(sentences) > 5 else _paper(shelf, chance)


DRAWS: Final[Mapping[str, Callable[[Library, random.Random], tuple[str, str]]]] = {
    "paragraph": paragraph,
    "sentence": sentence,
    "sentence_quoted": quoted,
}


def main() -> None:
    """Every set; `--home` keeps what was taken in, for another run."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--home", type=Path)
    given = parser.parse_args()
    with TemporaryDirectory() as folder:
        homes = given.home or Path(folder)
        homes.mkdir(exist_ok=True)
        figures: dict[str, float] = {}
        if (DATA / "search-faults").is_dir():
            figures |= dict(of_faults(homes / "faults"))
        figures |= dict(of_copies(homes / "papers")) | dict(of_questions(homes / "papers"))
    record("finding_queries", "make bench-finding_queries", figures)


if __name__ == "__main__":
    main()
