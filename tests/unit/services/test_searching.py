"""Searching over the API: fields and filters narrow alike, notes come in both languages, other searches are offered."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from factories import agency, client, fresh, label, pdf, person, take
from fastapi.testclient import TestClient

from services.components import Components

PAPERS: dict[str, dict[str, Any]] = {
    "old": {"date": date(2015, 3, 7), "kind": "report", "meeting": "EM-1", "symbol": "S/RES/2178 (2014)"},
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
        ("series:s/res", {}, {"old"}),
        ("paper", {"series": ["S/RES"]}, {"old"}),
        ("has:ocr", {}, set()),
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
        ({"switch_off": ["across:p2", "p2", "nothing"]}, True),
        ({"switch_off": ["p1"]}, False),
    ],
)
def test_crossing_over_is_switched_off_and_kept_to_one_language(
    api: TestClient, more: dict[str, Any], found: bool
) -> None:
    body = answer(api, "граница", **more)
    assert titles(body) == (set(PAPERS) if found else set())
    assert bool(body["interpretation"][0]["across"]) is found


def parts(api: TestClient, query: str, *off: str) -> list[tuple[str, str, str, str]]:
    told = answer(api, query, switch_off=list(off))["interpretation"]
    return [(part["part_id"], part["kind"], part["text"] or part["code"], part["became"]) for part in told]


@pytest.mark.parametrize(
    ("query", "off", "told"),
    [
        ("papers border", "p1", [("p1", "form", "papers", "=papers"), ("p2", "word", "border", "border")]),
        ("A/79/99 camps", "p1", [("p1", "form", "A/79/99", '"a 79 99"'), ("p2", "word", "camps", "camp")]),
        (
            '"border control" camps',
            "p1",
            [
                ("p1", "off", '"border control"', ""),
                ("p1.1", "word", "border", "border"),
                ("p1.2", "word", "control", "control"),
                ("p2", "word", "camps", "camp"),
            ],
        ),
        ("bord*", "p1", [("p1", "form", "bord*", "=bord")]),
        ("=papers", "p1", [("p1", "off", "=papers", ""), ("p1.1", "word", "papers", "paper")]),
        ("borde~", "p1", [("p1", "form", "borde~", "=borde")]),
        ("borde~", "p1:like_searched", [("p1", "form", "borde~", "=borde")]),
        ("title:old", "p1", [("p1", "off", "title:old", ""), ("p1.1", "word", "old", "old")]),
        ("camps kind:statement", "p2", [("p1", "word", "camps", "camp"), ("p2", "off", "kind:statement", "")]),
        ("camps -border", "p2", [("p1", "word", "camps", "camp"), ("p2", "off", "border", "")]),
        ("the camps", "p1", [("p1", "form", "the", "=the"), ("p2", "word", "camps", "camp")]),
        ("childern", "spelling", [("p1", "word", "childern", "childern")]),
        ("сфьзы", "keyboard", [("p1", "word", "сфьзы", "сфьз")]),
    ],
)
def test_each_part_is_switched_off_by_the_name_it_was_told_under(
    api: TestClient, query: str, off: str, told: list[tuple[str, str, str, str]]
) -> None:
    as_usual = parts(api, query)
    assert off in {part_id for part_id, *_ in as_usual}
    assert parts(api, query, off) == told


def test_what_is_found_without_a_part_is_found_as_if_it_had_not_been_typed_so(api: TestClient) -> None:
    assert titles(answer(api, "paper -camps")) == set()
    assert titles(answer(api, "paper -camps", switch_off=["p2"])) == set(PAPERS)
    assert titles(answer(api, "paper kind:statement")) == {"new"}
    assert titles(answer(api, "paper kind:statement", switch_off=["p2"])) == set(PAPERS)
    assert titles(answer(api, '"control border"')) == set()
    assert titles(answer(api, '"control border"', switch_off=["p1"])) == set(PAPERS)
    assert titles(answer(api, "papers", switch_off=["p1"])) == set()
    assert titles(answer(api, '"papers control"', switch_off=["p1", "p1.1"])) == set(PAPERS)
    assert titles(answer(api, '"papers control"', switch_off=["p1", "p1.1", "p1.2"], words="all")) == set()


def test_of_a_long_text_the_first_words_are_searched_where_they_are_not_to_be_weighed(api: TestClient) -> None:
    text = " ".join([f"word{at}x" for at in range(80)] + ["camps"])
    weighed, first = answer(api, text), answer(api, text, switch_off=["heaviest_words", "p2"])
    assert weighed["interpretation"][-1]["part_id"] == "heaviest_words"
    assert (weighed["total"], first["total"]) == (3, 0)
    assert first["interpretation"][-1]["code"] == "first_words"
    assert [part["became"] for part in first["interpretation"]][:3] == ["word0x", "=word1x", "word2x"]


@pytest.mark.parametrize("switches", [["across"] * 101, ["x" * 61], "across", [1]])
def test_switches_are_few_and_short(api: TestClient, switches: object) -> None:
    assert api.post("/api/search", json={"query": "граница", "switch_off": switches}).status_code == 422


def lit(hit: dict[str, Any]) -> list[str]:
    sides = [side for passage in hit["evidence"] for side in (passage["en"], passage["ru"]) if side]
    return [side["text"][start:end] for side in sides for start, end in side["highlights"]]


def places(api: TestClient, document_id: str, query: str, **more: Any) -> int:
    answered = api.post(f"/api/documents/{document_id}/find", json={"query": query, **more})
    assert answered.status_code == 200, answered.text
    return int(answered.json()["total"])


def passage(api: TestClient, title: str) -> str:
    (hit,) = [hit for hit in answer(api, title * 3)["hits"] if hit["title"]["en"] == title]
    return str(hit["evidence"][0]["passage_id"])


def test_passages_like_one_are_found_that_one_first(api: TestClient) -> None:
    found = api.post("/api/search/similar", json={"passage_id": passage(api, "old")}).json()
    assert found["hits"][0]["title"]["en"] == "old"
    assert titles(found) == set(PAPERS) and found["total"] == len(PAPERS)
    assert {"border", "camps"} <= {part["text"].lower() for part in found["interpretation"]}
    narrowed = {"passage_id": passage(api, "old"), "filters": {"kind": ["statement"]}, "limit": 1}
    assert titles(api.post("/api/search/similar", json=narrowed).json()) == {"new"}


def test_passages_like_a_description_are_found_by_its_titles(api: TestClient) -> None:
    document_id = passage(api, "old").partition(".")[0]
    found = api.post("/api/search/similar", json={"passage_id": f"{document_id}.{(1 << 20) - 1}"}).json()
    assert found["hits"][0]["title"]["en"] == "old"


def test_what_is_like_a_passage_in_the_other_language_is_found(tmp_path: Path) -> None:
    components = fresh(tmp_path / "home")
    agency(components, "A")
    person(components, "ann", "A", ["expert"])
    for name, text, title in (
        ("en", "The border crossing was closed by Vasilenko after the explosion.", ""),
        ("ru", "One.", "Василенко закрыл пункт пропуска на границе после взрыва"),
        ("other", "Two.", "Погода была хорошей, дети играли"),
    ):
        take(components, pdf(text), label(components, "A"), title_en=name, title_ru=title)
    components.worker().run()
    api = client(components, "ann")
    hit = answer(api, "explosion", switch_off=["across"])["hits"][0]
    asked = {"passage_id": hit["evidence"][0]["passage_id"]}
    found = api.post("/api/search/similar", json=asked).json()
    assert [hit["title"]["en"] for hit in found["hits"]] == ["en", "ru"]
    alone = api.post("/api/search/similar", json={**asked, "switch_off": ["across", "names"]}).json()
    assert [hit["title"]["en"] for hit in alone["hits"]] == ["en"]
    components.close()


@pytest.mark.parametrize(
    "passage_id", ["", "x", "x.0", ".0", "0" * 32 + ".0", "{}.99", "{}.-1", "{}.²", "{}", "{}.00000000"]
)
def test_passages_that_are_not_there_are_absent(api: TestClient, passage_id: str) -> None:
    document_id = passage(api, "old").partition(".")[0]
    answered = api.post("/api/search/similar", json={"passage_id": passage_id.format(document_id)})
    assert answered.status_code == 404
    assert answered.content == api.get(f"/api/documents/{'0' * 32}").content


def test_a_name_is_found_in_another_script_and_this_is_told_and_switched_off(tmp_path: Path) -> None:
    components = fresh(tmp_path / "home")
    agency(components, "A")
    person(components, "ann", "A", ["expert"])
    take(components, pdf("One."), label(components, "A"), title_ru="Доклад сделал Уажанов из Худжанда")
    components.worker().run()
    api = client(components, "ann")
    for query in ("Uajanov", "khodzhent", "Uazhanov Khujand"):
        found = answer(api, query, words="all")
        assert found["total"] == 1 and all(part["spelled"] for part in found["interpretation"])
        assert lit(found["hits"][0])
        assert answer(api, query, words="all", switch_off=["names"])["total"] == 0
    components.close()
