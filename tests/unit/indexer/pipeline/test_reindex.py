"""The index can be made anew from the database, whatever has become of it."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import apsw
import pytest
from paired_worlds import World, random_person, sample_items

from indexer.engine.contract import StaleIndexError
from indexer.engine.embedded.engine import EmbeddedEngine
from indexer.engine.stamps import StampKey
from indexer.library.tables import DocumentRow
from indexer.pipeline.index_record import record_of
from indexer.pipeline.reindex import mend, reindex

KEY = StampKey(b"the key of the tests")


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    filled_world = World(tmp_path / "home", [random_person(1, random.Random(1))])
    filled_world.fill(sample_items()[:5])
    yield filled_world
    filled_world.close()


def test_what_is_missing_returns_and_what_is_gone_goes(world: World) -> None:
    engine = world.components.engine
    before = dict(engine.holdings())
    first = next(iter(before))
    with world.components.database.reading() as session:
        record = record_of(session, session.get_one(DocumentRow, first))
    engine.remove({first: record.version})
    engine.put([replace(record, document_id="f" * 32)])
    done: list[tuple[int, int]] = []
    reindex(world.components.database, engine, lambda *counts: done.append(counts))
    assert dict(engine.holdings()) == before
    assert done[-1] == (5, 5)


def test_what_was_changed_behind_our_back_is_put_right(world: World) -> None:
    engine, database = world.components.engine, world.components.database
    before = dict(engine.holdings())
    first, second, *_ = before
    with database.reading() as session:
        record = record_of(session, session.get_one(DocumentRow, first))
    engine.put([replace(record, rule="0" * 32), replace(record, document_id="f" * 32)])
    engine.remove({second: before[second].version})
    assert mend(database, engine) == 3
    assert dict(engine.holdings()) == before
    assert mend(database, engine) == 0


def test_an_index_of_another_version_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "index.sqlite"
    EmbeddedEngine(path, KEY).close()
    apsw.Connection(str(path)).execute("UPDATE about SET analysis = analysis + 1")
    with pytest.raises(StaleIndexError, match="tolmach engine reindex"):
        EmbeddedEngine(path, KEY)
