"""Searching over the API: fields and filters narrow alike, notes come in both languages, other searches are offered."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from factories import agency, client, fresh, label, pdf, person, take
from fastapi.testclient import TestClient

from services.components import Components

PAPERS: dict[str, dict[str, Any]] = {
    "old": {"date": date(2015, 3, 7), "kind": "report", "meeting": "EM-1"},
    "new": {"date": date(2020, 11, 30), "kind": "statement", "meeting": "EM-2"},
    "undated": {"kind": "report"},
}


@pytest.fixture(scope="module")
def api(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    components = fresh(tmp_path_factory.mktemp("searching") / "home")
    yield from _filled(components)
    components.close()


def _filled(components: Components) -> Iterator[TestClient]:
    agency(components, "A")
    person(components, "ann", "A", ["expert"])
    for name, about in PAPERS.items():
        level = "restricted" if name == "new" else "unclassified"
        text = pdf(f"The {name} paper on border control.", "Camps and children.", name * 3)
        take(components, text, label(components, "A", level), filename=f"{name}.pdf", title_en=name, **about)
    components.worker().run()
    yield client(components, "ann")


def answer(api: TestClient, query: str, **more: Any) -> dict[str, Any]:
    answered = api.post("/api/search", json={"query": query, **more})
    assert answered.status_code == 200, answered.text
    body: dict[str, Any] = answered.json()
    return body


def titles(body: dict[str, Any]) -> set[str]:
    return {hit["title"]["en"] for hit in body["hits"]}


@pytest.mark.parametrize(
    ("query", "filters", "expected"),
    [
        ("paper", {}, {"old", "new", "undated"}),
        ("paper date:2015..2016", {}, {"old"}),
        ("date:2015-03-08..", {}, {"new"}),
        ("date:none", {}, {"undated"}),
        ("paper", {"date_from": "2015-03-07", "date_to": "2015-03-07"}, {"old"}),
        ("paper", {"date_to": "2020-11-30"}, {"old", "new"}),
        ("paper", {"undated": True}, {"undated"}),
        ("date:2020", {"date_to": "2020-11-29"}, set()),
        ("meeting:em-1", {}, {"old"}),
        ("kind:report", {}, {"old", "undated"}),
        ("kind:report", {"kind": ["statement"]}, set()),
        ("level:Restricted paper", {}, {"new"}),
        ("level:none", {}, set()),
        ("agency:a", {}, {"old", "new", "undated"}),
    ],
)
def test_fields_and_filters_narrow(api: TestClient, query: str, filters: dict[str, Any], expected: set[str]) -> None:
    assert titles(answer(api, query, filters=filters)) == expected


def test_all_words_may_be_demanded(api: TestClient) -> None:
    assert answer(api, "oldoldold newnewnew")["total"] == 2
    demanding = answer(api, "oldoldold newnewnew", words="all")
    assert demanding["total"] == 0
    assert demanding["offers"] == [{"kind": "fewer", "query": "oldoldold newnewnew", "total": 2}]


def test_what_was_not_read_as_it_stands_is_said_in_both_languages(api: TestClient) -> None:
    body = answer(api, '5" pipes) lang:en')
    parts = [part for part in body["interpretation"] if part["kind"] != "note"]
    assert [(part["kind"], part["text"]) for part in parts] == [
        ("word", "5"),
        ("word", "pipes"),
        ("filter", "lang:en"),
    ]
    notes = [part for part in body["interpretation"] if part["kind"] == "note"]
    assert [(part["code"], part["parameters"]) for part in notes] == [
        ("sign_alone", {"sign": '"'}),
        ("sign_alone", {"sign": ")"}),
    ]
    assert all(part["words"]["en"] != part["words"]["ru"] for part in notes)
    assert len({part["part_id"] for part in body["interpretation"]}) == len(body["interpretation"])


@pytest.mark.parametrize("query", ['"open', "(" * 300, ") AND (", "NOT", "«", "date:", "😀 camps ) women", "x" * 4_000])
def test_nothing_is_refused_but_what_is_too_long(api: TestClient, query: str) -> None:
    answer(api, query)
    assert api.post("/api/search", json={"query": query + "x" * 4_000}).status_code == 422


def test_a_question_in_one_language_finds_what_was_said_in_the_other(api: TestClient) -> None:
    """What a word also stands for is said and lit, in a hit as in the document; "all words" means them in either."""
    found = answer(api, "граница дети", words="all")
    assert titles(found) == set(PAPERS)
    assert "border" in found["interpretation"][0]["across"]
    assert "child" in found["interpretation"][1]["across"]
    assert {text for hit in found["hits"] for text in lit(hit)} == {"border", "children"}
    assert titles(answer(api, "граница верблюд", words="all")) == set()
    document = found["hits"][0]["document_id"]
    assert places(api, document, "граница") == 1
    assert places(api, document, "граница", switch_off=["across"]) == 0


@pytest.mark.parametrize(
    ("more", "found"),
    [
        ({}, True),
        ({"query_language": "ru"}, True),
        ({"query_language": "en"}, False),
        ({"switch_off": ["across"]}, False),
        ({"switch_off": ["across:p1"]}, False),
        ({"switch_off": ["across:p2", "p1", "nothing"]}, True),
    ],
)
def test_crossing_over_is_switched_off_and_kept_to_one_language(
    api: TestClient, more: dict[str, Any], found: bool
) -> None:
    body = answer(api, "граница", **more)
    assert titles(body) == (set(PAPERS) if found else set())
    assert bool(body["interpretation"][0]["across"]) is found


@pytest.mark.parametrize("switches", [["across"] * 101, ["x" * 21], "across", [1]])
def test_switches_are_few_and_short(api: TestClient, switches: object) -> None:
    assert api.post("/api/search", json={"query": "граница", "switch_off": switches}).status_code == 422


def lit(hit: dict[str, Any]) -> list[str]:
    sides = [side for passage in hit["evidence"] for side in (passage["en"], passage["ru"]) if side]
    return [side["text"][start:end] for side in sides for start, end in side["highlights"]]


def places(api: TestClient, document_id: str, query: str, **more: Any) -> int:
    answered = api.post(f"/api/documents/{document_id}/find", json={"query": query, **more})
    assert answered.status_code == 200, answered.text
    return int(answered.json()["total"])
