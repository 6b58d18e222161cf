"""Words of removed documents leave the file little by little, and nobody is stopped by it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import oracle
import pytest
from worlds import KEY, RULES, World, after

from auth.policy import Action, Scope
from indexer.analysis.tokens import Token
from indexer.engine.contract import EVERYTHING, PassageTokens, Record, Request, Term
from indexer.engine.embedded import postings
from indexer.engine.embedded.engine import EmbeddedEngine

SCOPE = Scope(Action.SEARCH, frozenset(RULES))
WORLD = World(5)
STAYING = [WORLD.record(name) for name in range(20)]
REMOVED = [World(6).record(name) for name in range(20)]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "index.sqlite"


@pytest.fixture
def engine(path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[EmbeddedEngine]:
    monkeypatch.setattr(postings, "SLICE", 2)
    opened = EmbeddedEngine(path, KEY)
    for record in [*STAYING, *REMOVED]:
        opened.put([record])
    yield opened
    opened.close()


def tidied(engine: EmbeddedEngine) -> int:
    """Tidy until nothing is left; how many times that was."""
    times = 0
    while engine.tidy():
        times += 1
    return times


def test_what_was_only_put_needs_no_tidying(engine: EmbeddedEngine) -> None:
    assert tidied(engine) == 0


def test_between_two_slices_others_search_and_write(engine: EmbeddedEngine, path: Path) -> None:
    other = EmbeddedEngine(path, KEY)
    engine.remove(after(REMOVED))
    records, more, times = list(STAYING), iter([World(7).record(name) for name in range(200)]), 0
    while engine.tidy():
        times += 1
        request = Request(Term(f"s{times % 9}"))
        assert other.search(SCOPE, request) == oracle.search(records, SCOPE, request)
        if times % 3 == 0 and len(records) < 30:
            records.append(next(more))
            other.put(records[-1:])
    assert times > 3
    assert len(other.holdings()) == len(records)
    other.close()


def test_in_the_end_no_word_of_theirs_is_left_in_any_file(engine: EmbeddedEngine, path: Path) -> None:
    words = [f"zeppelin{number}" for number in range(8)]
    records = [
        Record(
            f"{number:032x}", 1, number, RULES[0], "", {}, [PassageTokens(0, {"original": [Token(word, word, 0, 9)]})]
        )
        for number, word in enumerate(words)
    ]
    for record in records:
        engine.put([record])
    engine.put([replace(records[0], version=2, passages=[])])  # rewritten without its word
    engine.remove(after([*REMOVED, *records[1:]]))
    tidied(engine)
    left = b"".join(file.read_bytes() for file in path.parent.glob(path.name + "*"))
    assert [word for word in words if word.encode() in left] == []


def test_a_reader_of_an_older_state_puts_the_end_off_and_is_no_error(engine: EmbeddedEngine, path: Path) -> None:
    reader = postings.Postings(path)
    engine.remove(after(REMOVED))
    with reader.reading():
        tidied(engine)
        engine.put([REMOVED[0]])  # nobody waits for the reader
        assert engine.search(SCOPE, Request(EVERYTHING)).total == len(STAYING)
    reader.close()
    assert tidied(engine) > 0
    assert tidied(engine) == 0
    assert (path.parent / (path.name + "-wal")).stat().st_size < 3 * 4_096  # but for the note that all is done
