"""With vectors of meaning, too, nobody can tell whether documents exist that they may not read; and this can fail."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import Any

import pytest
from matrix import PairedWorlds, Worlds, profile
from paired_worlds import Answer, World
from scenarios import SCENARIOS
from sqlalchemy import true
from test_interference import SEED

from indexer.meaning import fusion, nearest
from indexer.meaning.vectors import Vectors

Patch = pytest.MonkeyPatch

PEOPLE = profile(0, SEED)
EXPERT = PEOPLE[0]
FATES = [each for each in SCENARIOS if each.name in ("they exist", "relabelled upward", "removed", "due and left")]
QUERIES = (
    "return of families from camps",
    "финансирование террористических групп",
    "a route over the mountains",
)
ASKED = [
    {"query": query, **more}
    for query in QUERIES
    for more in ({}, {"offset": 2, "limit": 3}, {"filters": {"language": ["ru"]}}, {"filters": {"kind": ["statement"]}})
]


def switched_on(home: Path) -> dict[str, Any]:
    """The embedded engine, and vectors."""
    return {"meaning": "yes"}


@pytest.fixture(scope="module")
def paired(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PairedWorlds]:
    with closing(Worlds(tmp_path_factory.mktemp("meaning"), [PEOPLE], switched_on)) as worlds:
        made = PairedWorlds(worlds, PEOPLE)
        yield made
        made.close()


def answers(world: World) -> list[Answer]:
    return [world.ask(EXPERT, "POST", "/api/search", body) for body in ASKED]


def differences(paired: PairedWorlds, fate: str) -> Iterator[dict[str, Any]]:
    """What is answered otherwise where hidden documents met with a fate."""
    (scenario,) = (each for each in FATES if each.name == fate)
    with paired.befallen(scenario) as other:
        for body, one, two in zip(ASKED, answers(paired.alone), answers(other), strict=True):
            if one != two:
                yield body


def test_there_is_something_to_hide_and_meaning_is_searched(paired: PairedWorlds) -> None:
    assert paired.hidden
    assert paired.seen
    found = [json.loads(body) for _, _, body in answers(paired.alone)]
    assert all(each["interpretation"][-1]["code"] == "meaning" for each in found)
    by_words = [paired.alone.ask(EXPERT, "POST", "/api/search", {**body, "switch_off": ["meaning"]}) for body in ASKED]
    scores = [[hit["score"] for hit in json.loads(body)["hits"]] for _, _, body in by_words]
    assert sum([hit["score"] for hit in one["hits"]] != two for one, two in zip(found, scores, strict=True)) > 6


@pytest.mark.parametrize("fate", [each.name for each in FATES])
def test_whatever_became_of_hidden_documents_every_answer_is_the_same(paired: PairedWorlds, fate: str) -> None:
    assert list(differences(paired, fate)) == []


def neighbours_are_of_any_scope(patch: Patch) -> None:
    patch.setattr(nearest, "_condition", lambda scope, due: true())


def means_are_of_everything(patch: Patch) -> None:
    """As if each language's mean were taken from all passages that there are."""
    read = nearest._read

    def all_read(session: Any, condition: Any, encoder: str) -> Any:
        inside = read(session, condition, encoder)
        over_all = read(session, true(), encoder)
        if inside is not None and over_all is not None:
            vectors: Vectors = inside.vectors
            means = dict(zip(over_all.vectors._names, over_all.vectors._means, strict=True))
            vectors._means = [means[name] for name in vectors._names]
            vectors._mean_of_all = over_all.vectors._mean_of_all
            vectors._lengths = vectors._centred_lengths()
        return inside

    patch.setattr(nearest, "_read", all_read)


def totals_count_what_any_leg_found(patch: Patch) -> None:
    joined = fusion._fused

    def counted(engine: Any, scope: Any, request: Any, due: Any, words: Any, near: Any) -> Any:
        answer = joined(engine, scope, request, due, words, near)
        return replace(answer, total=answer.total + len(engine.holdings()))

    patch.setattr(fusion, "_fused", counted)


@pytest.mark.parametrize(
    "mutant",
    [neighbours_are_of_any_scope, means_are_of_everything, totals_count_what_any_leg_found],
    ids=lambda mutant: mutant.__name__,
)
def test_a_broken_guard_is_caught(paired: PairedWorlds, mutant: Callable[[Patch], None], monkeypatch: Patch) -> None:
    mutant(monkeypatch)
    meaning = paired.alone.components.meaning
    assert meaning
    meaning._nearest._remembered.clear()
    assert list(islice(differences(paired, "they exist"), 1))
