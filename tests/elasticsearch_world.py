"""A Tolmach of one person whose engine is a real Elasticsearch, and what it holds."""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from elasticsearch_server import Server
from paired_worlds import World, identifiers_by_content, random_person, sample_items
from sqlalchemy import select

from indexer.library.states import SEARCHABLE
from indexer.library.tables import DocumentRow
from services.cli.library import batch

PERSON = random_person(1, random.Random(1))


@contextmanager
def world_on(server: Server, prefix: str, folder: Path) -> Iterator[World]:
    """A Tolmach on indices of this prefix."""
    server.engine(prefix).close()
    world = World(folder / "home", [PERSON], lambda home: server.settings(home, prefix))
    try:
        yield world
    finally:
        world.close()


def unfinished(world: World) -> int:
    """How many documents are not yet in the index, by what the database says."""
    with world.components.database.reading() as session:
        return sum(state not in SEARCHABLE for state in session.scalars(select(DocumentRow.state)))


def differs(world: World) -> dict[str, str]:
    """What the index and the database disagree about."""
    with world.components.database.reading() as session:
        rows = session.execute(select(DocumentRow.id, DocumentRow.rule).where(DocumentRow.state.in_(SEARCHABLE)))
        expected = {row.id: row.rule for row in rows}
    rules_held = {name: holding.rule for name, holding in world.components.engine.holdings().items()}
    return {
        name: rules_held.get(name, "absent")
        for name in expected | rules_held
        if rules_held.get(name) != expected.get(name)
    }


def take_in(world: World, first: int, end: int) -> None:
    """Documents of the sample that are received and no more."""
    items = sample_items()[first:end]
    with identifiers_by_content(items):
        batch.take_in(world.components, items)
