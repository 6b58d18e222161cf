"""Measures the embedded engine at 100,000 passages against another commit: the same searches and writes, in turn."""

from __future__ import annotations

import random
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack
from functools import cache
from itertools import accumulate
from pathlib import Path

from before import answering, ask, read, say, unpack
from figures import ROOT, record

BEFORE = "921f0b4"  # the last commit that kept postings in FTS5
PASSAGES, IN_A_DOCUMENT, RULES = 100_000, 8, 35  # four fifths of the rules are the person's
AT_ONCE = 100  # documents that are put at once
WARM, SEARCHES, COLD, PUTS = 60, 240, 40, 200
WAYS = ("", "crossing ")  # as it is typed; with what it means in the other language


def main() -> None:
    passages = int(sys.argv[1]) if len(sys.argv) > 1 else PASSAGES
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        unpack(BEFORE, Path(folder) / "before")
        trees = {"before": Path(folder) / "before", "after": ROOT}
        sides = {
            name: stack.enter_context(answering(__file__, tree, "answer", str(passages)))
            for name, tree in trees.items()
        }
        told = {name: [read(side)] for name, side in sides.items()}
        lines = [way + query for query in queries(WARM + SEARCHES) for way in WAYS]
        lines += [f"cold {query}" for query in queries(WARM + SEARCHES)[-COLD:]] + ["put"] * PUTS
        for line in lines:
            for name, side in sides.items():
                told[name].append(ask(side, line))
    figures = {"passages": float(passages)} | compared(lines, told)
    if passages == PASSAGES:
        record("embedded", "make bench-embedded", figures)
    else:
        print(figures)


def compared(lines: list[str], told: dict[str, list[dict[str, float]]]) -> dict[str, float]:
    """What filling took, and milliseconds of each kind of line: paired medians, and what each side has."""
    figures = {f"{name}_{what}": value for name, each in told.items() for what, value in each[0].items()}
    pairs = list(zip(lines, told["before"][1:], told["after"][1:], strict=True))
    different = sum(before["digest"] != after["digest"] for _, before, after in pairs)
    figures["different_answers"] = float(different)
    measured = pairs[WARM * len(WAYS) :]
    for kind in ("search", "crossing", "cold", "put"):
        some = [(before["ms"], after["ms"]) for line, before, after in measured if kind_of(line) == kind]
        sides = dict(zip(("before", "after"), zip(*some, strict=True), strict=True))
        for name, times in sides.items():
            figures[f"{kind}_{name}_p50_ms"] = statistics.median(times)
            figures[f"{kind}_{name}_p95_ms"] = statistics.quantiles(times, n=20)[-1]
            figures[f"{kind}_{name}_mean_ms"] = statistics.mean(times)
        figures[f"{kind}_paired_ratio"] = statistics.median(after / before for before, after in some)
        for point in ("p50", "p95", "mean"):
            figures[f"{kind}_{point}_ratio"] = (
                figures[f"{kind}_after_{point}_ms"] / figures[f"{kind}_before_{point}_ms"]
            )
    return figures


def kind_of(line: str) -> str:
    first = line.split(" ")[0]
    return first if first in ("crossing", "cold", "put") else "search"


def words() -> tuple[list[str], list[float]]:
    """The sample's words in one order for both trees, and their weights, summed up."""
    from paired_worlds import vocabulary

    made = sorted(vocabulary())
    random.Random(1).shuffle(made)
    return made, list(accumulate(1 / (at + 10) for at in range(len(made))))


def queries(number: int) -> list[str]:
    """Searches as people type them: a few words, at times a phrase or a prefix."""
    chance, (vocabulary, weights) = random.Random(2), words()
    made = []
    for _ in range(number):
        some = chance.choices(vocabulary, cum_weights=weights, k=chance.randint(1, 5))
        kind, text = chance.random(), " ".join(some)
        made.append(
            f"{some[0][:4]}* {' '.join(some[1:])}"
            if kind < 0.1
            else f'"{some[0]} {some[-1]}" {text}'
            if kind < 0.2
            else text
        )
    return made


def answer(passages: int) -> None:
    """Fill an index, then answer each line with what it took."""
    import hashlib

    from worlds import KEY

    from auth.policy import Action, Scope
    from indexer.engine.contract import Request
    from indexer.engine.embedded.engine import EmbeddedEngine
    from indexer.search.parse import parse
    from indexer.search.query.bridge import Crossing

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "index.sqlite"
        engine, papers = EmbeddedEngine(path, KEY), records()
        seconds = 0.0
        for _ in range(passages // IN_A_DOCUMENT // AT_ONCE):
            some = [next(papers) for _ in range(AT_ONCE)]
            began = time.process_time()
            engine.put(some)
            seconds += time.process_time() - began
        say({"fill_cpu_seconds": seconds, "bytes_per_passage": path.stat().st_size / passages})
        scope = Scope(Action.SEARCH, frozenset(f"{at:032x}" for at in range(RULES * 4 // 5)))
        for line in map(str.strip, sys.stdin):
            kind, result = kind_of(line), ""
            if kind == "put":
                some = [next(papers)]
                began = time.thread_time()
                engine.put(some)
            else:
                query = line.removeprefix("cold ").removeprefix("crossing ")
                request = Request(parse(query, crossing=Crossing() if kind == "crossing" else None).query)
                if kind == "cold":
                    engine.close()
                    engine = EmbeddedEngine(path, KEY)
                    engine.search(scope, Request(parse("zzz").query))  # reads the columns
                began = time.thread_time()
                result = repr(engine.search(scope, request))
            milliseconds = (time.thread_time() - began) * 1_000
            say({"ms": milliseconds, "digest": int(hashlib.sha256(result.encode()).hexdigest()[:8], 16)})


def records() -> Iterator[object]:
    """Documents without end, the same ones in both trees."""
    from indexer.analysis.tokens import Token, tokens
    from indexer.engine.contract import PassageTokens, Record

    @cache
    def of(word: str) -> list[Token]:
        return tokens(word)

    chance, (vocabulary, weights) = random.Random(3), words()
    number = 0
    while True:
        number += 1
        texts = [
            [
                token
                for word in chance.choices(vocabulary, cum_weights=weights, k=chance.randint(100, 240))
                for token in of(word)
            ]
            for _ in range(IN_A_DOCUMENT)
        ]
        passages = [PassageTokens(at, {"original": text}) for at, text in enumerate(texts)]
        facets = {"language": [chance.choice(["en", "ru"])], "kind": [chance.choice(["report", "agenda", "other"])]}
        rule = f"{chance.randrange(RULES):032x}"
        yield Record(f"{chance.getrandbits(128):032x}", 1, number, rule, "2024-01-01", facets, passages)


if __name__ == "__main__":
    answer(int(sys.argv[2])) if "answer" in sys.argv else main()
