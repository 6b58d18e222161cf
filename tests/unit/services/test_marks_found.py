"""Papers are found by what has become of their words: repaired, translated, translated by people. On either engine."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from elasticsearch_server import Server
from factories import agency, client, fresh, label, pdf, person, take

from services.components import Components

REPAIRED = "2-score-blind__tou-pua-f000-cp1251.pdf"


@pytest.fixture(params=["embedded", "elastic"])
def components(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Components]:
    opened = _on_elastic(request, tmp_path) if request.param == "elastic" else fresh(tmp_path / "home")
    agency(opened, "A")
    for role in ("expert", "translator", "reviewer"):
        person(opened, role, "A", [role])
    yield opened
    opened.close()


def _on_elastic(request: pytest.FixtureRequest, tmp_path: Path) -> Components:
    running: Server = request.getfixturevalue("elasticsearch")
    prefix: str = request.getfixturevalue("elastic_prefix")
    running.engine(prefix).close()
    home = tmp_path / "home"
    return fresh(home, **running.settings(home, prefix))


def found(components: Components, query: str, **more: Any) -> list[str]:
    """The identifiers of what a search finds."""
    answered = client(components, "expert").post("/api/search", json={"query": query, **more}).json()
    return sorted(hit["document_id"] for hit in answered["hits"])


def counted(components: Components) -> dict[str, int]:
    """What the facet tells of all papers."""
    facets = client(components, "expert").post("/api/search", json={"query": ""}).json()["facets"]
    return {each["value"]: each["count"] for each in facets["has"]}


def test_a_repaired_paper_is_found_as_one_and_says_so_by_line(components: Components, data: Path) -> None:
    content = (data / "text-faults" / REPAIRED).read_bytes()
    repaired = take(components, content, label(components, "A")).document_id
    take(components, pdf("A paper about water."), label(components, "A"))
    components.worker().run()
    assert found(components, "has:repair") == found(components, "есть:исправлено") == [repaired]
    assert found(components, "", filters={"has": ["repair"]}) == [repaired]
    assert counted(components) == {"repair": 1}
    [hit] = client(components, "expert").post("/api/search", json={"query": "совещания"}).json()["hits"]
    assert {"kind": "repaired", "reason": "symbol"} in hit["evidence"][0]["marks"]
    page = client(components, "expert").get(f"/api/documents/{repaired}/pages/1").json()
    marks = [mark for segment in page["segments"] for mark in segment["marks"]]
    assert {"kind": "repaired", "reason": "symbol"} in marks


def test_a_paper_that_people_translated_is_found_as_one_and_no_longer_when_it_is_not(components: Components) -> None:
    document = take(components, pdf("A paper about water."), label(components, "A")).document_id
    take(components, pdf("Another paper about rivers."), label(components, "A"))
    components.worker().run()
    assert found(components, "has:translation") == found(components, "has:human") == []
    where = f"/api/translations/{document}/segments/0"
    translator, reviewer = client(components, "translator"), client(components, "reviewer")

    def seen() -> dict[str, Any]:
        told = translator.get(where).json()["segment"]
        return {"version": told["version"], "source_digest": told["source_digest"]}

    saved = translator.put(where, json={**seen(), "text": "Документ о воде."})
    assert saved.status_code == 200, saved.text
    assert found(components, "has:human") == []  # nobody has approved it
    assert translator.post(f"{where}/submission", json=seen()).status_code == 200
    approved = reviewer.post(f"{where}/approval", json=seen())
    assert approved.status_code == 200, approved.text
    components.worker().run()
    for query in ("has:human", "has:translation", "есть:перевод", "has:human вода"):
        assert found(components, query) == [document], query
    assert counted(components) == {"human": 1, "translation": 1}
    assert found(components, "", filters={"has": ["human"]}) == [document]
