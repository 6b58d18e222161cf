"""Words of removed documents leave the file segment by segment, and nobody is stopped by it."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from pathlib import Path

import oracle
import pytest
from worlds import KEY, RULES, World, after

from auth.policy import Action, Scope
from indexer.analysis.tokens import Token
from indexer.engine.contract import EVERYTHING, PassageTokens, Record, Request, Term
from indexer.engine.embedded.cache import PlaceCache
from indexer.engine.embedded.engine import EmbeddedEngine
from indexer.engine.embedded.postings import Postings

SCOPE = Scope(Action.SEARCH, frozenset(RULES))
WORLD = World(5)
STAYING = [WORLD.record(name) for name in range(20)]
REMOVED = [World(6).record(name) for name in range(20)]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "index.sqlite"


@pytest.fixture
def engine(path: Path) -> Iterator[EmbeddedEngine]:
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


def test_between_two_segments_others_search_and_write(engine: EmbeddedEngine, path: Path) -> None:
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


def paper(number: int, version: int = 1) -> Record:
    """A document whose words stand in no other and in no other version of it."""
    words = [f"zeppelin{number}v{version}w{at}" * (1 + at % 3) for at in range(40)]
    passages = [PassageTokens(0, {"original": [Token(word, word, 0, 9) for word in words]})]
    return Record(f"{number:032x}", version, number, RULES[0], "", {}, passages)


def words_in_files(path: Path) -> set[tuple[str, str]]:
    """Number and version of each paper of which a word, or a part of one, is in any file."""
    content = b"".join(file.read_bytes() for file in path.parent.glob(path.name + "*"))
    return {(number.decode(), version.decode()) for number, version in re.findall(rb"zeppelin(\d+)v(\d)w", content)}


def test_in_the_end_no_word_of_theirs_is_left_in_any_file(engine: EmbeddedEngine, path: Path) -> None:
    """However they came: many at once, one by one, joined with others, changed in between."""
    chance, expected = random.Random(1), dict[str, str]()
    engine.put([paper(number) for number in range(100)])
    expected |= {str(number): "1" for number in range(100)}
    for number in range(100, 180):
        engine.put([paper(number)])
        expected[str(number)] = "1"
        if number % 3 == 0:
            changed = int(chance.choice(sorted(expected)))
            engine.put([paper(changed, 2)])
            expected[str(changed)] = "2"
        if number % 2 == 0:
            gone = int(chance.choice(sorted(expected)))
            engine.remove({f"{gone:032x}": 3})
            del expected[str(gone)]
        if number % 40 == 0:
            tidied(engine)
            assert words_in_files(path) == set(expected.items())
    assert words_in_files(path) > set(expected.items())
    engine.remove(after(REMOVED))
    tidied(engine)
    assert words_in_files(path) == set(expected.items())


def test_a_segment_whose_documents_are_all_gone_is_gone(engine: EmbeddedEngine, path: Path) -> None:
    engine.remove(after([*STAYING, *REMOVED]))
    tidied(engine)
    reader = Postings(path, PlaceCache())
    with reader.reading() as snapshot:
        assert snapshot.texts() == []
    reader.close()


def test_a_reader_of_an_older_state_puts_the_end_off_and_is_no_error(engine: EmbeddedEngine, path: Path) -> None:
    reader = Postings(path, PlaceCache())
    engine.remove(after(REMOVED))
    with reader.reading():
        tidied(engine)
        engine.put([REMOVED[0]])  # nobody waits for the reader
        assert engine.search(SCOPE, Request(EVERYTHING)).total == len(STAYING)
    reader.close()
    assert tidied(engine) > 0
    assert tidied(engine) == 0
    assert (path.parent / (path.name + "-wal")).stat().st_size < 3 * 4_096  # but for the note that all is done
