"""What was read stays in memory up to a bound in bytes, and never in place of what the file says."""

from __future__ import annotations

import sys
import threading
from pathlib import Path

import numpy as np
import oracle
from worlds import KEY, RULES, World, after

from auth.policy import Action, Scope
from indexer.engine.contract import Request, Term
from indexer.engine.embedded import cache
from indexer.engine.embedded.cache import PlaceCache
from indexer.engine.embedded.engine import EmbeddedEngine
from indexer.engine.embedded.segments import PLACE, Places

SCOPE = Scope(Action.SEARCH, frozenset(RULES))


def part(places: int) -> Places:
    return np.frombuffer(b"\1" * PLACE.itemsize * places, PLACE)


def memory(kept: PlaceCache) -> int:
    """What its entries take, counted by Python."""
    entries = [(token, parts, [*parts.values()]) for token, parts in kept._parts.items()]
    arrays = [array for _, _, each in entries for array in each]
    return sum(sys.getsizeof(token) + sys.getsizeof(parts) for token, parts, _ in entries) + sum(
        sys.getsizeof(array) + sys.getsizeof(array.base) for array in arrays
    )


def test_it_takes_no_more_than_its_bound() -> None:
    kept = PlaceCache(200_000)
    for number in range(2_000):
        kept.keep(f"token{number % 700}", {segment: part(number % 97 * 10) for segment in range(1 + number % 9)})
        assert memory(kept) <= kept.size <= 200_000
    assert len(kept._parts) > 5


def test_what_was_asked_for_longest_ago_gives_way() -> None:
    kept = PlaceCache(3 * 4_800)
    for token in "abc":
        kept.keep(token, {1: part(1_000)})
    assert kept.parts("a")
    kept.keep("d", {1: part(1_000)})
    assert [token for token in "abcd" if kept.parts(token)] == ["a", "c", "d"]


def test_what_is_too_large_for_it_is_not_kept() -> None:
    kept = PlaceCache(10_000)
    kept.keep("small", {1: part(10)})
    kept.keep("large", {1: part(2_000)})
    kept.keep("small", {1: part(2_000)})
    assert kept.size == 0 and not kept.parts("large") and not kept.parts("small")


def test_answers_are_right_however_little_it_holds(tmp_path: Path) -> None:
    """While documents come and go, for several threads at once."""
    world, wrong = World(4), list[str]()
    records = [world.record(name) for name in range(40)]
    for most in (0, 3_000, cache.MOST_BYTES):
        engine = EmbeddedEngine(tmp_path / f"{most}.sqlite", KEY)
        engine._cache._most = most
        for at in range(0, 40, 2):
            engine.put(records[at : at + 2])
            engine.remove(after(records[at : at + 1]))
        left = records[1::2]

        def ask(engine: EmbeddedEngine = engine, left: list = left) -> None:
            for number in range(9):
                request = Request(Term(f"s{number}"))
                if engine.search(SCOPE, request) != oracle.search(left, SCOPE, request):
                    wrong.append(f"s{number}")

        threads = [threading.Thread(target=ask) for _ in range(3)]
        for thread in threads:
            thread.start()
        while engine.tidy():
            pass
        for thread in threads:
            thread.join()
        assert engine._cache.size <= most
        engine.close()
    assert wrong == []
