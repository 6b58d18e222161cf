"""Measures the processor's time of one search in the API, the engine left out, against another commit: in turn."""

from __future__ import annotations

import random
import re
import statistics
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from before import answering, ask, read, say, unpack
from figures import ROOT, record

BEFORE = "ea8df94"  # the last commit that marked by whole tokens and read every box
WARM, SEARCHES = 60, 150


def main() -> None:
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        unpack(BEFORE, Path(folder) / "before")
        sides = [stack.enter_context(answering(__file__, tree, "search")) for tree in (Path(folder) / "before", ROOT)]
        for side in sides:
            read(side)  # it is ready
        times = [[ask(side, query) for side in sides] for query in queries(WARM + SEARCHES)][WARM:]
    before, after = zip(*times, strict=True)
    figures = {
        "before_cpu_ms": statistics.median(each["ms"] for each in before),
        "after_cpu_ms": statistics.median(each["ms"] for each in after),
        "ratio": statistics.median(b["ms"] / a["ms"] for a, b in times),
        "before_answer_kb": statistics.median(each["bytes"] for each in before) / 1_000,
        "after_answer_kb": statistics.median(each["bytes"] for each in after) / 1_000,
        "hits": statistics.mean(each["hits"] for each in after),
        "searches": SEARCHES,
    }
    record("api", "make bench-api", figures)


def queries(number: int) -> list[str]:
    """Searches as people type them: words as often as the sample says them, at times a phrase or a beginning."""
    chance = random.Random(1)
    texts = [path.read_text(encoding="utf-8") for path in sorted((ROOT / "deploy" / "sample" / "texts").glob("*.md"))]
    words = re.findall(r"[^\W\d_]{4,}", " ".join(texts))
    made = []
    for _ in range(number):
        at, kind = chance.randrange(len(words) - 1), chance.random()
        some = chance.choices(words, k=chance.randint(1, 4))
        phrase = f'"{words[at]} {words[at + 1]}"'
        made.append(phrase if kind < 0.1 else f"{some[0][:4]}*" if kind < 0.2 else " ".join(some))
    return made


def search() -> None:
    """Fill a Tolmach with the sample, then answer each line with what its search cost: the route, without a client."""
    import factories
    import paired_worlds

    from auth.people import Role
    from services.routes import search as route
    from services.routes.authentication import Caller

    with tempfile.TemporaryDirectory() as folder:
        person = paired_worlds.Person("expert", "UNODC", Role.EXPERT, "strictly-confidential", frozenset())
        world = paired_worlds.World(Path(folder) / "home", [person])
        world.fill(paired_worlds.sample_items())
        engine = Timed(world.components.engine)
        world.components.__dict__["engine"] = engine
        principal = factories.principal(world.components, person.username)
        assert principal
        caller = Caller(world.components, principal, "session", "192.0.2.1")
        say({})
        for line in sys.stdin:
            engine.seconds, began = 0.0, time.thread_time()
            answer = route.search(route.SearchBody(query=line.strip(), limit=10), caller)
            content = answer.model_dump_json()
            milliseconds = (time.thread_time() - began - engine.seconds) * 1_000
            say({"ms": milliseconds, "bytes": len(content.encode()), "hits": len(answer.hits)})


class Timed:
    """An engine whose searches are timed apart."""

    def __init__(self, engine: Any) -> None:
        self._engine = engine
        self.seconds = 0.0

    def __getattr__(self, name: str) -> Any:
        return getattr(self._engine, name)

    def search(self, *asked: Any, **more: Any) -> Any:
        began = time.thread_time()
        try:
            return self._engine.search(*asked, **more)
        finally:
            self.seconds += time.thread_time() - began


if __name__ == "__main__":
    search() if "search" in sys.argv else main()
