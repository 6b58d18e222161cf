"""Measures questions whose answers stand in the other language, with what ships alone; and what that costs others.

XQuAD's first half: every paragraph a document of one passage. The even questions are those that shares were chosen by,
the odd ones are reported. In the mixed index every other paragraph stands in English, the rest in Russian.
`imports` is what ships together with UNBIS terms, imported as an operator would; `learned` with what the bitexts teach
(see bitexts.py); `all` with both. `among` are the same questions with 650 passages of manuals beside the paragraphs.

ARGS=semantic: what vectors of meaning add, where `requirements/semantic.txt` is installed (see semantic.py).

`sample` are 80 questions to the sample corpus whose answers stand in the other language only, by papers.
"""

from __future__ import annotations

import math
import resource
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import semantic
from figures import record
from finding.across import of_sample, passages_of_manuals
from knowledge import Crossings, Knowledge
from morphology.measure import data_folder, xquad
from worlds import KEY, RULES

from auth.policy import Action, Scope
from indexer.analysis.tokens import tokens
from indexer.engine.contract import PassageTokens, Record, Request
from indexer.engine.embedded.engine import EmbeddedEngine
from indexer.lexicon.concepts import concepts
from indexer.lexicon.lookup import shipped
from indexer.search.parse import parse
from indexer.search.query.bridge import Crossing
from indexer.text import LANGUAGES, OTHER, Language

SCOPE = Scope(Action.SEARCH, frozenset({RULES[0]}))
Ways = Sequence[tuple[str, Crossings]]
WAYS: Ways = (("off", lambda text: None), ("on", lambda text: Crossing()))
Question = tuple[str, int]


def main() -> None:
    data = data_folder()
    if not data.is_dir():
        sys.exit("no test data: set TOLMACH_TEST_DATA to its folder")
    papers = {language: xquad(language, data) for language in LANGUAGES}
    if sys.argv[1:] == ["semantic"]:
        with tempfile.TemporaryDirectory() as folder:
            knowledge = Knowledge(Path(folder), data / "terms" / "unbis.en-ru.tsv")
            ways = {"semantic": lambda text: Crossing(), "semantic_all": knowledge.crossings(True, True)}
            figures = dict(by_meaning_too(Path(folder), papers, ways, data))
        record("search_semantic", "make bench-search ARGS=semantic", {k: round(v, 4) for k, v in figures.items()})
        return
    figures = dict(of_loading())
    with tempfile.TemporaryDirectory() as folder:
        knowledge = Knowledge(Path(folder), data / "terms" / "unbis.en-ru.tsv")
        layers = {"imports": (True, False), "learned": (False, True), "all": (True, True)}
        ways = (*WAYS, *((name, knowledge.crossings(*layer)) for name, layer in layers.items()))
        figures |= dict(of_one_language(Path(folder), papers, ways))
        figures |= dict(among_others(Path(folder), papers, ways, data))
        figures |= dict(of_both(Path(folder), papers, ways))
        figures |= dict(sample_figures(Path(folder), data))
    record("search", "make bench-search", {name: round(value, 4) for name, value in figures.items()})


def of_loading() -> Iterator[tuple[str, float]]:
    """Seconds of a processor and megabytes that the lexicon and the glossary take when they are first asked for."""
    tokens("связь")  # loads the dictionary of forms
    for name, load in (("lexicon", shipped), ("glossary", concepts)):
        before, megabytes = time.process_time(), _megabytes()
        load()
        yield f"{name}.seconds", time.process_time() - before
        yield f"{name}.megabytes", _megabytes() - megabytes


def of_one_language(
    folder: Path, papers: dict[Language, tuple[list[str], list[Question]]], ways: Ways
) -> Iterator[tuple[str, float]]:
    """Ranks where all documents are of one language."""
    for language in LANGUAGES:
        engine = engine_of(folder / language, list(enumerate(papers[language][0])))
        for asked in (OTHER[language], language):
            questions = papers[asked][1][1::2]
            for way, crossing in ways:
                ranks = [rank_of(engine, question, crossing(question[0])) for question in questions]
                yield from figures_of(f"{asked}_{language}.{way}", ranks)
        engine.close()


def among_others(
    folder: Path, papers: dict[Language, tuple[list[str], list[Question]]], ways: Ways, data: Path
) -> Iterator[tuple[str, float]]:
    """Ranks of questions in the other language where passages of manuals stand beside the paragraphs."""
    others = passages_of_manuals(data)
    for language in LANGUAGES:
        engine = engine_of(folder / f"among-{language}", list(enumerate([*papers[language][0], *others[language]])))
        questions = papers[OTHER[language]][1][1::2]
        for way, crossing in ways:
            ranks = [rank_of(engine, question, crossing(question[0])) for question in questions]
            yield from figures_of(f"among.{OTHER[language]}_{language}.{way}", ranks)
        engine.close()


def by_meaning_too(
    folder: Path, papers: dict[Language, tuple[list[str], list[Question]]], ways: dict[str, Crossings], data: Path
) -> Iterator[tuple[str, float]]:
    """Ranks by words and meaning: alone and among passages of manuals, and of questions in the documents' language."""
    others = passages_of_manuals(data)
    for language in LANGUAGES:
        for name, beside in (("", []), ("among.", others[language])):
            paragraphs = list(enumerate([*papers[language][0], *beside]))
            engine = engine_of(folder / f"semantic-{name}{language}", paragraphs)
            shelf = semantic.Shelf(engine, SCOPE, paragraphs)
            for asked in (OTHER[language], language):
                for way, ranks in shelf.ranks(papers[asked][1][1::2], ways):
                    yield from figures_of(f"{name}{asked}_{language}.{way}", ranks)
            engine.close()
    yield from _mixed_by_meaning_too(folder, papers, ways)


def _mixed_by_meaning_too(
    folder: Path, papers: dict[Language, tuple[list[str], list[Question]]], ways: dict[str, Crossings]
) -> Iterator[tuple[str, float]]:
    """Ranks where the documents are of both languages, as of_both has them."""
    found: dict[str, list[int]] = {}
    for even in LANGUAGES:
        of = {0: even, 1: OTHER[even]}
        paragraphs = [(at, papers[of[at % 2]][0][at]) for at in range(len(papers["en"][0]))]
        engine = engine_of(folder / f"semantic-mixed-{even}", paragraphs)
        shelf = semantic.Shelf(engine, SCOPE, paragraphs)
        for asked in LANGUAGES:
            for where in ("own", "other"):
                questions = [each for each in papers[asked][1][1::2] if (of[each[1] % 2] == asked) == (where == "own")]
                for way, ranks in shelf.ranks(questions, ways):
                    found.setdefault(f"mixed.{where}.{way}", []).extend(ranks)
        engine.close()
    for name, ranks in found.items():
        yield from figures_of(name, ranks)


def sample_figures(folder: Path, data: Path) -> Iterator[tuple[str, float]]:
    """Ranks of the questions to the sample corpus, alone and among passages of manuals."""
    for name, ranks in of_sample(folder / "sample", passages_of_manuals(data)):
        yield from figures_of(name, ranks)


def of_both(
    folder: Path, papers: dict[Language, tuple[list[str], list[Question]]], ways: Ways
) -> Iterator[tuple[str, float]]:
    """Ranks where the documents are of both languages, by whether the answer stands in the question's own."""
    ranks: dict[str, list[int]] = {}
    for even in LANGUAGES:
        of = {0: even, 1: OTHER[even]}
        paragraphs = [(at, papers[of[at % 2]][0][at]) for at in range(len(papers["en"][0]))]
        engine = engine_of(folder / f"mixed-{even}", paragraphs)
        for asked in LANGUAGES:
            for question in papers[asked][1][1::2]:
                where = "own" if of[question[1] % 2] == asked else "other"
                for way, crossing in ways:
                    rank = rank_of(engine, question, crossing(question[0]))
                    ranks.setdefault(f"mixed.{where}.{way}", []).append(rank)
        engine.close()
    for name, each in ranks.items():
        yield from figures_of(name, each)


def engine_of(folder: Path, paragraphs: Sequence[tuple[int, str]]) -> EmbeddedEngine:
    """An index of paragraphs, each known by its number."""
    folder.mkdir()
    engine = EmbeddedEngine(folder / "index.sqlite", KEY)
    passages = ((at, [PassageTokens(0, {"original": tokens(text)})]) for at, text in paragraphs)
    engine.put(Record(f"{at:032x}", 1, at, RULES[0], "2024-01-01", {}, passage) for at, passage in passages)
    return engine


def rank_of(engine: EmbeddedEngine, question: Question, crossing: Crossing | None) -> int:
    """The place of the answer among the first ten; 0 if it is not there."""
    text, answer = question
    hits = engine.search(SCOPE, Request(parse(text, crossing=crossing).query)).hits
    numbers = [int(hit.document_id, 16) for hit in hits]
    return numbers.index(answer) + 1 if answer in numbers else 0


def figures_of(name: str, ranks: Sequence[int]) -> Iterator[tuple[str, float]]:
    """The mean reciprocal rank with half its interval of 95 %, and how often the answer comes first."""
    reciprocal = [1 / rank if rank else 0.0 for rank in ranks]
    mean = sum(reciprocal) / len(ranks)
    deviation = math.sqrt(sum((each - mean) ** 2 for each in reciprocal) / len(ranks))
    yield f"{name}.mrr", mean
    yield f"{name}.within", 1.96 * deviation / math.sqrt(len(ranks))
    yield f"{name}.first", sum(rank == 1 for rank in ranks) / len(ranks)


def _megabytes() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    main()
