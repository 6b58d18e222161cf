"""Finding in one document over the API: paged, in the trail with its words sealed, absent like any other document."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from factories import agency, client, fresh, label, pdf, person, take
from fastapi.testclient import TestClient

from auth.audit.query import AuditQuery
from indexer.engine.budget import OverBudgetError
from services.components import Components
from services.routes import search as route

LINES = ("Zeppelins fly over the border.", "Every zeppelin is counted.", "No zeppelin, no border.")


@pytest.fixture(scope="module")
def components(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Components]:
    opened = fresh(tmp_path_factory.mktemp("finding") / "home")
    agency(opened, "A")
    agency(opened, "B")
    person(opened, "ann", "A", ["expert"])
    person(opened, "bob", "B", ["expert"])
    person(opened, "root", "A", ["administrator"])
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def paper(components: Components) -> str:
    under = label(components, "A", releasable_to="A")
    identifier = take(components, pdf(*LINES), under, symbol="A/1").document_id
    components.worker().run()
    return identifier


@pytest.fixture
def ann(components: Components) -> TestClient:
    return client(components, "ann")


def found(who: TestClient, paper: str, **asked: object) -> dict:
    answer = who.post(f"/api/documents/{paper}/find", json=asked)
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def last_entry(components: Components):
    (entry,) = components.trail.find(AuditQuery(action="find"), 1)
    return entry, json.loads(entry.detail)


def test_places_stand_in_order_where_the_pages_have_them(ann, paper):
    answer = found(ann, paper, query="zeppelin")
    assert (answer["total"], [place["page"] for place in answer["places"]]) == (3, [1, 1, 1])
    for place in answer["places"]:
        segments = ann.get(f"/api/documents/{paper}/pages/{place['page']}").json()["segments"]
        (segment,) = (segment for segment in segments if segment["segment_id"] == place["segment_id"])
        ((start, end),) = place["highlights"]
        assert segment["text"][start:end].lower() in ("zeppelin", "zeppelins")
        assert (place["side"], place["boxes"]) == ("original", segment["boxes"])


def test_a_page_of_the_answer_is_a_part_of_it(ann, paper):
    whole = found(ann, paper, query="zeppelin")
    part = found(ann, paper, query="zeppelin", offset=1, limit=1)
    assert part == {"total": 3, "places": whole["places"][1:2]}
    assert found(ann, paper, query="zeppelin", offset=9_000) == {"total": 3, "places": []}
    assert found(ann, paper, query="") == {"total": 0, "places": []}


def test_a_search_says_how_many_places_there_are(ann, paper):
    (hit,) = ann.post("/api/search", json={"query": "zeppelin border"}).json()["hits"]
    assert hit["places"] == found(ann, paper, query="zeppelin border")["total"] == 5


@pytest.mark.parametrize("query", ["zeppel*ns", "zeppelins~1", "zepp?lins"])
def test_words_with_signs_for_letters_are_found_in_one_document_as_in_all(ann, paper, query):
    (hit,) = ann.post("/api/search", json={"query": query}).json()["hits"]
    assert hit["places"] == found(ann, paper, query=query)["total"] > 0


def test_what_is_found_by_its_symbol_alone_shows_its_title(ann, paper):
    (hit,) = ann.post("/api/search", json={"query": '"A/1"'}).json()["hits"]
    (evidence,) = hit["evidence"]
    assert evidence["en"]["text"] == f"{hit['title']['en']} · A/1"
    (start, end), *_ = evidence["en"]["highlights"]
    assert evidence["en"]["text"][start:end] == "A/1"
    assert (hit["places"], evidence["boxes"]) == (0, [])


@pytest.mark.parametrize(
    "asked",
    [
        {},
        {"query": "x" * 20_000},
        {"query": "a", "limit": 1_001},
        {"query": "a", "offset": -1},
        {"query": "a", "offset": 9_999, "limit": 2},
    ],
)
def test_what_makes_no_sense_is_refused_whatever_the_document(ann, paper, asked):
    answers = [ann.post(f"/api/documents/{name}/find", json=asked) for name in (paper, "0" * 32)]
    assert {answer.status_code for answer in answers} == {422}
    assert answers[0].content == answers[1].content


def test_the_unreadable_is_absent_and_the_trail_knows_both(components, paper):
    bob = client(components, "bob")
    rules = []
    answers = []
    for name in (paper, "0" * 32):
        answers.append(bob.post(f"/api/documents/{name}/find", json={"query": "zeppelin"}))
        entry, detail = last_entry(components)
        assert (entry.object, entry.decision, entry.actor) == (name, "refused", "bob")
        rules.append(detail["rule"])
    assert answers[0].content == answers[1].content
    assert answers[0].content == bob.get(f"/api/documents/{paper}").content
    assert [answer.status_code for answer in answers] == [404, 404]
    assert rules == ["label", "absent"]


def test_whoever_may_not_read_is_told_so(components, paper):
    assert client(components, "root").post(f"/api/documents/{paper}/find", json={"query": "a"}).status_code == 403


def test_the_trail_has_how_many_and_no_word(components, ann, paper):
    found(ann, paper, query="zeppelin")
    entry, detail = last_entry(components)
    assert (entry.object, entry.decision, detail["total"]) == (paper, "allowed", 3)
    assert "zeppelin" not in str(entry)


def test_what_costs_too_much_is_refused_and_recorded(components, ann, paper, monkeypatch):
    def dear(*asked):
        raise OverBudgetError

    monkeypatch.setattr(route, "places_in", dear)
    assert ann.post(f"/api/documents/{paper}/find", json={"query": "zeppelin"}).status_code == 503
    entry, detail = last_entry(components)
    assert (entry.decision, detail["rule"]) == ("refused", "budget")
