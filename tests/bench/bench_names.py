"""Measures names in other spellings and scripts: how many are found, and how many that are others.

Every spelling of 150 groups stands in a document of its own, among random surnames and places. Each is asked for by
every other spelling of its group. What is asked and what is false is drawn by a fixed seed.
"""

from __future__ import annotations

import random
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import combinations, permutations
from pathlib import Path

import pymorphy3
from bench_search import SCOPE
from figures import record
from worlds import KEY, RULES

from indexer.analysis.names import known
from indexer.analysis.tokens import tokens
from indexer.engine.contract import PassageTokens, Record, Request, Term
from indexer.engine.embedded.engine import EmbeddedEngine
from indexer.search.names import name
from indexer.search.parse import parse
from indexer.search.query.bridge import Crossing

GROUPS = Path(__file__).with_name("names") / "groups.tsv"
RANDOM = 500  # surnames, and places


def main() -> None:
    chance = random.Random(13)
    groups = read_groups()
    surnames = chance.sample(
        russian_surnames({word for _, names in groups for each in names for word in _exact(each)}), RANDOM
    )
    places = [chance.choice(spellings) for spellings in chance.sample(single_words(), RANDOM)]
    spellings = [(at, each) for at, (_, names) in enumerate(groups) for each in names]
    with tempfile.TemporaryDirectory() as folder:
        engine = engine_of(Path(folder), [*(each for _, each in spellings), *surnames, *places])
        figures = dict(of_groups(engine, groups, spellings))
        others = [_found(engine, each, Crossing()) for each in surnames]
        engine.close()
    figures["surnames.false"] = sum(any(at < len(spellings) for at in each) for each in others) / RANDOM
    figures["surnames.one_in_pairs"] = one_in(surnames)
    figures["places.one_in_pairs"] = one_in(places)
    record("names", "make bench-names", {key: round(value, 4) for key, value in figures.items()})


def read_groups() -> list[tuple[str, list[str]]]:
    """The groups: what is named, and its spellings."""
    lines = GROUPS.read_text(encoding="utf-8").splitlines()[1:]
    return [(kind, names.split("|")) for kind, names in (line.split("\t") for line in lines)]


def russian_surnames(without: set[str]) -> list[str]:
    """Surnames of men that the dictionary of forms holds."""
    forms = pymorphy3.MorphAnalyzer().dictionary.iter_known_words()
    names = {word for word, tag, *_ in forms if {"Surn", "nomn", "sing", "masc"} <= tag.grammemes}
    return sorted(word.capitalize() for word in names if word not in without)


def single_words() -> list[list[str]]:
    """The spellings of places that are one word."""
    lines = (Path(known.__file__).with_name("data") / "places.tsv").read_text(encoding="utf-8").splitlines()
    rows = ([each for each in line.partition("\t")[2].split("|") if " " not in each] for line in lines)
    return [row for row in rows if row]


def engine_of(folder: Path, names: Sequence[str]) -> EmbeddedEngine:
    """An index with a document for each name, known by its number."""
    engine = EmbeddedEngine(folder / "index.sqlite", KEY)
    passages = ([PassageTokens(0, {"original": tokens(f"2015: {each}, 17.")})] for each in names)
    engine.put(Record(f"{at:032x}", 1, at, RULES[0], "2024-01-01", {}, each) for at, each in enumerate(passages))
    return engine


def of_groups(
    engine: EmbeddedEngine, groups: Sequence[tuple[str, list[str]]], spellings: Sequence[tuple[int, str]]
) -> Iterator[tuple[str, float]]:
    """The share of other spellings that stand among the first ten, by kind of name and by way of asking."""
    number = {each: at for at, each in enumerate(spellings)}
    for way, crossing in (("off", None), ("on", Crossing()), ("small", Crossing())):
        asked, found = Counter[str](), Counter[str]()
        for group, (kind, names) in enumerate(groups):
            for one, other in permutations(names, 2):
                hits = _found(engine, one.lower() if way == "small" else one, crossing)
                for counted in (kind, "all"):
                    asked[counted] += 1
                    found[counted] += number[group, other] in hits
        for counted in sorted(asked):
            yield f"{counted}.{way}", found[counted] / asked[counted]


def one_in(names: Sequence[str]) -> float:
    """Of how many pairs of different names one has a key in common; the number of all pairs where none has."""
    keys = [_keys(each) for each in names]
    pairs = [(a, b) for a, b in combinations(range(len(names)), 2) if _exact(names[a]) != _exact(names[b])]
    return len(pairs) / max(1, sum(not keys[a].isdisjoint(keys[b]) for a, b in pairs))


def _keys(text: str) -> set[str]:
    leaf = name(tokens(text), text)
    return {leaf.stem, *leaf.others} if isinstance(leaf, Term) else set()


def _exact(text: str) -> list[str]:
    return [token.exact for token in tokens(text)]


def _found(engine: EmbeddedEngine, text: str, crossing: Crossing | None) -> list[int]:
    hits = engine.search(SCOPE, Request(parse(text, crossing=crossing).query)).hits
    return [int(hit.document_id, 16) for hit in hits]


if __name__ == "__main__":
    main()
