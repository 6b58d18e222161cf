"""The termbase over the API: looked up, proposed, decided on, imported; and what it does to searches and to pages."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from factories import agency, client, fresh, label, pdf, person, take
from fastapi.testclient import TestClient

from services.components import Components
from services.routes import terms as term_routes

WORDS = [{"language": "en", "text": "zonk"}, {"language": "ru", "text": "гофра"}]
TERM = {"words": WORDS, "originator": "A", "level": "unclassified", "releasable_to": "ALL", "reason": "it is so"}
WHY = {"reason": "well said"}


@pytest.fixture(scope="module")
def components(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Components]:
    opened = fresh(tmp_path_factory.mktemp("terms") / "home")
    for code in ("A", "B"):
        agency(opened, code)
    for name, home, role in (
        ("ann", "A", "expert"),
        ("bob", "B", "expert"),
        ("tina", "A", "translator"),
        ("rita", "A", "reviewer"),
        ("rolf", "B", "reviewer"),
    ):
        person(opened, name, home, [role])
    take(opened, pdf("Three zonk were not seen by Vasilenko."), label(opened, "A"), title_en="Zonk")
    opened.worker().run()
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def apis(components: Components) -> dict[str, TestClient]:
    return {name: client(components, name) for name in ("ann", "bob", "tina", "rita", "rolf")}


def titles(api: TestClient, query: str) -> list[str]:
    answer = api.post("/api/search", json={"query": query})
    assert answer.status_code == 200, answer.text
    return [hit["title"]["en"] for hit in answer.json()["hits"]]


def proposed(api: TestClient, **more: Any) -> str:
    answer = api.post("/api/terms", json={**TERM, **more})
    assert answer.status_code == 201, answer.text
    return str(answer.json()["term_id"])


def own(api: TestClient, query: str = "", state: str = "approved") -> list[str]:
    answer = api.post("/api/terms/search", json={"query": query, "state": state, "limit": 100})
    assert answer.status_code == 200, answer.text
    return [each["term_id"] for each in answer.json()["terms"] if not each["shipped"]]


def import_table(api: TestClient, table: str, **form: str) -> Any:
    data = {"form": "tsv", "originator": "A", "level": "unclassified", **form}
    return api.post("/api/terms/import", data=data, files={"file": ("a.tsv", table.encode(), "text/plain")})


def test_a_term_that_was_approved_finds_for_those_who_may_read_it(apis: dict[str, TestClient]) -> None:
    term = proposed(apis["tina"], releasable_to="A")
    assert apis["ann"].get(f"/api/terms/{term}").status_code == 404
    assert apis["rita"].get(f"/api/terms/{term}").json()["state"] == "proposed"
    assert titles(apis["ann"], "гофрой") == []
    assert apis["rita"].post(f"/api/terms/{term}/approval", json=WHY).status_code == 204
    assert titles(apis["ann"], "гофрой") == ["Zonk"]
    assert titles(apis["bob"], "гофрой") == []
    assert own(apis["ann"], "гофрами") == [term] and own(apis["bob"], "гофрами") == []
    seen = apis["ann"].get(f"/api/terms/{term}").json()
    assert seen["words"][1] == {"language": "ru", "text": "гофра", "status": "preferred"} and seen["history"] == []
    assert [each["by"] for each in apis["rita"].get(f"/api/terms/{term}").json()["history"]] == ["tina", "rita"]
    bob, absent = (apis["bob"].get(f"/api/terms/{name}") for name in (term, "0" * 32))
    assert (bob.status_code, bob.content) == (absent.status_code, absent.content)


def test_what_carried_a_query_over_is_told_and_switched_off(apis: dict[str, TestClient]) -> None:
    term = proposed(apis["tina"], words=[WORDS[0], {"language": "ru", "text": "бирюль"}])
    apis["rita"].post(f"/api/terms/{term}/approval", json=WHY)
    (part,) = apis["bob"].post("/api/search", json={"query": "бирюль"}).json()["interpretation"]
    assert part["across"] == ["zonk"]
    answer = apis["bob"].post("/api/search", json={"query": "бирюль", "switch_off": ["across"]}).json()
    assert answer["total"] == 0 and answer["interpretation"][0]["across"] == []


def test_places_in_a_document_are_found_by_what_the_search_found(apis: dict[str, TestClient]) -> None:
    term = proposed(apis["tina"], words=[WORDS[0], {"language": "ru", "text": "тюря"}])
    apis["rita"].post(f"/api/terms/{term}/approval", json=WHY)
    (hit,) = apis["bob"].post("/api/search", json={"query": "тюря"}).json()["hits"]
    places = apis["bob"].post(f"/api/documents/{hit['document_id']}/find", json={"query": "тюря"}).json()
    assert places["total"] == 1


def test_who_may_do_what(apis: dict[str, TestClient]) -> None:
    assert apis["ann"].post("/api/terms", json=TERM).status_code == 403
    assert apis["rita"].post("/api/terms", json=TERM).status_code == 403
    assert apis["tina"].post("/api/terms/0/approval", json=WHY).status_code == 403
    assert import_table(apis["tina"], "en\tru\nzip\tмолния\n").status_code == 403
    assert apis["ann"].post("/api/terms/search", json={"state": "proposed"}).status_code == 200
    assert own(apis["ann"], state="proposed") == []


def test_a_label_above_oneself_is_not_given(apis: dict[str, TestClient], components: Components) -> None:
    refused = apis["tina"].post("/api/terms", json={**TERM, "need_to_know": "courts"})
    assert (refused.status_code, refused.json()["code"]) == (422, "term_label_above_you")
    left_out = apis["tina"].post("/api/terms", json={**TERM, "releasable_to": "B"})
    assert left_out.json()["code"] == "originator_left_out"
    assert import_table(apis["rita"], "en\tru\nzip\tмолния\n", need_to_know="courts").status_code == 422


def test_a_proposal_is_taken_back_by_its_author_and_decided_on_once(apis: dict[str, TestClient]) -> None:
    term = proposed(apis["tina"])
    assert own(apis["tina"], state="proposed") == [term]
    assert apis["rolf"].post(f"/api/terms/{term}/rejection", json=WHY).status_code == 204
    late = apis["tina"].post(f"/api/terms/{term}/withdrawal", json=WHY)
    assert (late.status_code, late.json()["code"]) == (409, "term_decided")
    other = proposed(apis["tina"])
    assert apis["tina"].post(f"/api/terms/{other}/withdrawal", json=WHY).status_code == 204


def test_a_table_is_imported_and_its_bad_lines_named(apis: dict[str, TestClient]) -> None:
    answer = import_table(apis["rita"], "en\tru\nzonk\tшушпан\nbad\t\n", name="Ours", licence="CC0", releasable_to="A")
    assert answer.status_code == 201
    body = answer.json()
    assert (body["entries"], body["refused"], body["whole"]) == (1, 1, True)
    assert body["refusals"] == [{"place": "line 3", "reason": "term_one_language"}]
    (term,) = own(apis["ann"], "шушпан")
    shown = apis["ann"].get(f"/api/terms/{term}").json()
    assert (shown["vocabulary"], shown["licence"]) == ("Ours", "CC0")
    assert titles(apis["ann"], "шушпана") == ["Zonk"] and titles(apis["bob"], "шушпана") == []


def test_what_is_no_file_of_terms_is_refused(apis: dict[str, TestClient], monkeypatch: pytest.MonkeyPatch) -> None:
    hostile = '<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>'
    assert import_table(apis["rita"], hostile, form="tbx").json()["code"] == "xml_entities"
    assert import_table(apis["rita"], "a\tb\n").json()["code"] == "table_columns"
    assert import_table(apis["rita"], "en\tru\n").json()["code"] == "vocabulary_empty"
    assert import_table(apis["rita"], "a", form="dictd").json()["code"] == "form"
    monkeypatch.setattr(term_routes, "LARGEST_IMPORT", 1_000 - term_routes.SMALL_BODY)
    assert import_table(apis["rita"], "en\tru\n" + "a\tб\n" * 1_000).status_code == 413


def test_a_page_is_glossed_where_that_is_asked(apis: dict[str, TestClient]) -> None:
    (hit,) = apis["bob"].post("/api/search", json={"query": "zonk"}).json()["hits"]
    page = f"/api/documents/{hit['document_id']}/pages/1"
    assert all(segment["gloss"] is None for segment in apis["bob"].get(page).json()["segments"])
    (segment,) = apis["bob"].get(page, params={"gloss": True}).json()["segments"]
    assert segment["gloss"]["origin"] == "gloss"
    told = {segment["text"][w["start"] : w["end"]]: (w["kind"], w["meanings"]) for w in segment["gloss"]["words"]}
    assert told["Three"][1][0] == "три" and told["not"] == ("negation", ["не"])
    assert told["Vasilenko"] == ("name", ["Vasilenko"])


def test_a_gloss_holds_what_every_reader_of_the_document_may_know_alone(
    apis: dict[str, TestClient], components: Components
) -> None:
    """Ann may read the strict term, and bob may read the document: neither is told."""
    strict, wide = (
        proposed(apis["tina"], words=[{"language": "en", "text": "zonk"}, {"language": "ru", "text": text}], **more)
        for text, more in (("тайное", {"releasable_to": "A"}), ("открытое", {}))
    )
    for term in (strict, wide):
        assert apis["rita"].post(f"/api/terms/{term}/approval", json=WHY).status_code == 204
    (hit,) = apis["ann"].post("/api/search", json={"query": "тайное"}).json()["hits"]
    pages = [
        apis[name].get(f"/api/documents/{hit['document_id']}/pages/1", params={"gloss": True})
        for name in ("ann", "bob")
    ]
    assert "открытое" in pages[0].text and "тайное" not in pages[0].text
    assert pages[0].content == pages[1].content


def test_the_trail_has_every_act_and_no_word_of_a_term(apis: dict[str, TestClient], components: Components) -> None:
    term = proposed(apis["tina"], words=[{"language": "en", "text": "qwertz"}, WORDS[1]])
    apis["rita"].post(f"/api/terms/{term}/rejection", json=WHY)
    apis["rita"].post(f"/api/terms/{term}/rejection", json=WHY)
    apis["bob"].get(f"/api/terms/{'0' * 32}")
    entries = list(components.trail.entries())
    acts = [(entry.actor, entry.action, entry.decision) for entry in entries if entry.object == term]
    assert acts == [
        ("tina", "propose_term", "allowed"),
        ("rita", "reject_term", "allowed"),
        ("rita", "reject_term", "refused"),
    ]
    assert entries[-1].action == "read_term" and entries[-1].decision == "refused"
    assert not any("qwertz" in entry.detail for entry in entries)
