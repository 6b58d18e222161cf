"""A write is all or nothing, whatever it consists of."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import oracle
import pytest
from worlds import KEY, RULES, World

from auth.policy import Action, Scope
from indexer.engine.contract import EVERYTHING, Record, Request, Term
from indexer.engine.embedded import segments
from indexer.engine.embedded.engine import EmbeddedEngine

SCOPE = Scope(Action.SEARCH, frozenset(RULES))
RECORDS = [World(8).record(name) for name in range(12)]
REQUESTS = [Request(Term("s0")), Request(Term("s1")), Request(EVERYTHING)]


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[EmbeddedEngine]:
    opened = EmbeddedEngine(tmp_path / "index.sqlite", KEY)
    yield opened
    opened.close()


@pytest.mark.parametrize("full", [4, segments.FULL])
def test_of_a_document_put_twice_at_once_the_later_stays(engine: EmbeddedEngine, monkeypatch, full: int) -> None:
    monkeypatch.setattr(segments, "FULL", full)
    later = replace(RECORDS[3], document_id=RECORDS[0].document_id)
    engine.put([RECORDS[0], RECORDS[1], later])
    for request in REQUESTS:
        assert engine.search(SCOPE, request) == oracle.search([RECORDS[1], later], SCOPE, request)


def test_a_write_that_fails_half_way_changes_nothing(engine: EmbeddedEngine, monkeypatch) -> None:
    monkeypatch.setattr(segments, "FULL", 4)
    engine.put(RECORDS[:4])

    def failing() -> Iterator[Record]:
        yield from RECORDS[4:]
        yield replace(RECORDS[0], version=2, rule=RULES[0])
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        engine.put(failing())
    for records in (RECORDS[:4], RECORDS):
        engine.put(records[4:])  # its segments have the numbers of those that were never there
        for request in REQUESTS:
            assert engine.search(SCOPE, request) == oracle.search(records, SCOPE, request)
