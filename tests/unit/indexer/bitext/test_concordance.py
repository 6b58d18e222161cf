"""A concordance shows words of either language beside their translation, whatever their form, in the scope alone."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from factories import agency, client, fresh, label, person
from papers import Line, paper

from auth import policy
from indexer.pipeline.reindex import reindex
from services.components import Components

BORDER = Line("=The States closed the border crossings.", "Государства закрыли пункты на границе.", origin="human")
ROAD = Line("A crossing of the road.", "Переход через дорогу.")


@pytest.fixture
def components(tmp_path: Path) -> Iterator[Components]:
    opened = fresh(tmp_path / "home")
    agency(opened, "A")
    person(opened, "tom", "A", ["translator"])
    person(opened, "low", "A", ["translator"], clearance="unclassified")
    for level, line in (("restricted", BORDER), ("unclassified", ROAD)):
        with opened.database.session() as session:
            rule = policy.keep_rule(session, label(opened, "A", level).rule)
            row = paper(session, [[line]], state="received")
            row.rule = rule
    reindex(opened.database, opened.engine, lambda done, total: None)
    yield opened
    opened.close()


def lines(components: Components, username: str, query: str, **more: object) -> list[dict]:
    return client(components, username).post("/api/concordance", json={"query": query, **more}).json()["lines"]


def test_words_of_either_language_are_found_in_whatever_form(components: Components) -> None:
    found = {line["source_text"]: line for line in lines(components, "tom", "crossing")}
    assert set(found) == {BORDER.text, ROAD.text}
    (start, end), *_ = found[BORDER.text]["highlights"]
    assert BORDER.text[start:end] == "crossings"
    (line,) = lines(components, "tom", "граница")
    assert (line["side"], line["origin"]) == ("target", "human")
    assert [line["target_text"] for line in lines(components, "tom", "crossing", people_only=True)] == [
        BORDER.translation
    ]


def test_nothing_comes_from_outside_the_scope_nor_from_what_the_targets_readers_may_not_read(
    components: Components,
) -> None:
    assert [line["source_text"] for line in lines(components, "low", "crossing")] == [ROAD.text]
    open_document = lines(components, "low", "crossing")[0]["document_id"]
    for_it = lines(components, "tom", "crossing", document_id=open_document)
    assert [line["source_text"] for line in for_it] == [ROAD.text]


def test_it_goes_out_as_files_without_formulas_and_the_words_are_sealed(components: Components) -> None:
    api = client(components, "tom")
    answer = api.post("/api/concordance/export", json={"query": "border"})
    assert answer.headers["content-disposition"] == 'attachment; filename="concordance.csv"'
    assert "'=The States" in answer.text
    answer = api.post("/api/concordance/export?format=tmx", json={"query": "border"})
    assert "<seg>=The States" in answer.text
    entries = [each for each in components.trail.entries() if each.action == "export_concordance"]
    assert len(entries) == 2 and all("border" not in each.detail for each in entries)
