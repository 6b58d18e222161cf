"""Nor can anybody tell across two hosts, over one PostgreSQL, one Elasticsearch and one bucket, which answer in turn.

The worlds and calls of `test_interference.py`; the scenarios are those in which one host knows what the other was told.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from itertools import islice, product

import pytest
from elasticsearch_server import Server
from matrix import PairedWorlds, Worlds, profile
from paired_worlds import World
from s3_server import S3Server
from scenarios import SCENARIOS, Scenario
from shared_worlds import Servers, SharedWorld

from services.cli.library.manifest import Item

SEED = "20264"
PEOPLE = profile(0, SEED)
ON_HOSTS = ("they exist", "handled by others", "opened and removed", "relabelled upward", "expired just now")
FIRST = 5  # differences that are told


@pytest.fixture(scope="module")
def paired_worlds(
    postgresql: str, elasticsearch: Server, s3: S3Server, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[PairedWorlds]:
    servers = Servers(postgresql, elasticsearch, s3)
    try:
        with (
            closing(Worlds(tmp_path_factory.mktemp("hosts"), [PEOPLE], servers, SharedWorld)) as worlds,
            closing(PairedWorlds(worlds, PEOPLE)) as made,
        ):
            ask_both(made.alone)
            yield made
    finally:
        servers.drop()


def ask_both(world: World) -> None:
    """Let both hosts have read what they read before anything happens; then whatever they keep of it is an old one."""
    calls = (("POST", "/api/search", {"query": ""}), ("POST", "/api/search", {"query": "return"}))
    for person, (method, path, body), _host in product(PEOPLE, (*calls, ("GET", "/api/documents", None)), "ab"):
        assert world.ask(person, method, path, body)[0] in (200, 403)
    for person in PEOPLE:
        assert world.ask(person, "DELETE", "/api/me/sessions")[0] == 204


@pytest.mark.parametrize(
    "scenario", [each for each in SCENARIOS if each.name in ON_HOSTS], ids=lambda scenario: scenario.name
)
def test_two_hosts_in_turn_answer_the_same_whatever_became_of_hidden_documents(
    paired_worlds: PairedWorlds, scenario: Scenario
) -> None:
    def befall(world: World, hidden: Sequence[Item]) -> None:
        ask_both(world)
        scenario.befall(world, hidden)

    after = replace(scenario, befall=befall)
    assert list(islice(paired_worlds.differences_by(after, SEED), FIRST)) == []


def test_both_hosts_answer_and_the_comparison_can_fail(paired_worlds: PairedWorlds) -> None:
    """A change that is made on one is seen by the next answer, which the other gives."""
    world = paired_worlds.worlds.full
    assert isinstance(world, SharedWorld)
    person, other = PEOPLE[0], profile(1, SEED)[0]
    answers = []
    for _ in range(2):
        answers.append((world.ask(person, "POST", "/api/search", {"query": ""}), world.app))
    (first, app), (second, next_app) = answers
    assert app is not next_app and first == second and first[0] == 200
    world.add_people([other])
    assert world.ask(other, "POST", "/api/search", {"query": ""}) != first
