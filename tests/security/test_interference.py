"""Nobody can tell whether documents exist that they may not read: the same bytes with, without and after them."""

from __future__ import annotations

import random
import secrets
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from elasticsearch_server import Server
from twins import EngineSettings, World, calls, differences, embedded, random_person, sample_items, vocabulary

SEED = 20260
PEOPLE = [random_person(number, random.Random(f"{SEED}/{number}")) for number in range(3)]


@pytest.fixture(scope="module", params=["embedded", "elastic"])
def engine(request: pytest.FixtureRequest) -> Iterator[EngineSettings]:
    """Gives every home an engine of its own."""
    if request.param == "embedded":
        yield embedded
        return
    running: Server = request.getfixturevalue("elasticsearch")
    prefixes: dict[Path, str] = {}

    def settings(home: Path) -> dict[str, Any]:
        if home not in prefixes:
            prefixes[home] = f"test-{secrets.token_hex(6)}"
            running.engine(prefixes[home]).close()
        return running.settings(home, prefixes[home])

    yield settings
    for prefix in prefixes.values():
        running.delete(prefix)


@pytest.fixture(scope="module")
def full(engine: EngineSettings, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    world = World(tmp_path_factory.mktemp("full") / "home", PEOPLE, engine)
    world.identifiers = world.fill(sample_items())
    yield world
    world.close()


@pytest.mark.parametrize("person", PEOPLE, ids=lambda person: person.username)
def test_hidden_documents_leave_no_trace(full: World, engine: EngineSettings, person, tmp_path: Path) -> None:
    chance = random.Random(f"{SEED}/{person.username}")
    readable = full.readable(person)
    assert 0 < len(readable) < len(full.identifiers)
    assert full.translated() & readable
    asked = calls(chance, vocabulary(), sorted(full.identifiers.values()), 40)

    alone = World(tmp_path / "alone", PEOPLE, engine)
    alone.fill([item for item in sample_items() if full.identifiers[item.path.name] in readable])
    assert differences(full, alone, person, asked) == []

    once = full.copy(tmp_path / "once")
    for hidden in sorted(set(full.identifiers.values()) - readable):
        once.remove(hidden)
    assert differences(alone, once, person, asked) == []
    alone.close()
    once.close()


def test_the_comparison_can_fail(full: World) -> None:
    """Two people of different clearance are answered differently, so equal answers mean something."""
    ranked = sorted(PEOPLE, key=lambda person: len(full.readable(person)))
    body = {"query": ""}
    lowest, highest = (full.ask(person, "POST", "/api/search", body) for person in (ranked[0], ranked[-1]))
    assert lowest != highest
