"""What a paper recommends is listed and found, and later papers that take it up are told to those who may read them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from factories import agency, client, fresh, label, pdf, person, take

from indexer.library.tables import DocumentRow
from services.components import Components

FORM = "States should agree on a common form for the transfer of information collected in conflict zones."
LATER = [
    "1. Paragraph 1 of T/2021/REC/1 is carried out by four States.",
    "2. The annual report was written in winter.",
]


@pytest.fixture(scope="module")
def components(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Components]:
    opened = fresh(tmp_path_factory.mktemp("recommendations") / "home")
    for code in ("A", "B"):
        agency(opened, code)
    person(opened, "ann", "A", ["expert"])
    person(opened, "bob", "B", ["expert"])
    person(opened, "reg", "A", ["registrar"])
    _take(opened, [f"1. {FORM}", "2. Officers should be trained."], "T/2021/REC/1", 2021, kind="recommendations")
    _take(opened, [*LATER[:2]], "T/2023/REP/1", 2023, kind="report")
    _take(opened, [LATER[0]], "T/2020/REP/1", 2020, kind="report")
    _take(opened, [LATER[0], "4. Nothing is known of the fifth one."], "T/2024/REP/9", 2024, to="B", kind="report")
    opened.worker().run()
    yield opened
    opened.close()


def _take(opened: Components, lines: list[str], symbol: str, year: int, to: str = "ALL", **about: Any) -> None:
    content = pdf(*lines)
    take(opened, content, label(opened, "A" if to == "ALL" else to, releasable_to=to), symbol=symbol,
         title_en=symbol, date=date(year, 5, 1), **about)  # fmt: skip


def papers(components: Components, name: str) -> dict[str, str]:
    found = client(components, name).post("/api/search", json={"query": ""}).json()["hits"]
    return {hit["title"]["en"]: hit["document_id"] for hit in found}


def listed(components: Components, name: str = "ann") -> tuple[str, list[dict[str, Any]]]:
    where = f"/api/documents/{papers(components, name)['T/2021/REC/1']}/recommendations"
    return where, client(components, name).get(where).json()["recommendations"]


def test_a_paper_lists_what_it_recommends(components: Components):
    _, found = listed(components)
    assert [(each["number"], each["kind"]) for each in found] == [("1", "recommendation"), ("2", "recommendation")]
    assert found[0]["sentences"][0]["text"].endswith("conflict zones.")
    assert found[0]["sentences"][0]["boxes"]


def test_later_papers_take_it_up_and_earlier_ones_do_not(components: Components):
    where, found = listed(components)
    [meeting] = client(components, "ann").get(f"{where}/{found[0]['place']}").json()["meetings"]
    assert [paper["symbol"] for paper in meeting["papers"]] == ["T/2023/REP/1"]
    assert [each["text"] for each in meeting["papers"][0]["sentences"]] == [LATER[0]]
    assert meeting["papers"][0]["reasons"] == [["paragraph"]]
    assert client(components, "ann").get(f"{where}/{found[1]['place']}").json()["meetings"] == []


def test_a_thread_goes_on_for_those_who_may_read_on(components: Components):
    where, found = listed(components, "bob")
    [meeting] = client(components, "bob").get(f"{where}/{found[0]['place']}").json()["meetings"]
    assert [paper["symbol"] for paper in meeting["papers"]] == ["T/2023/REP/1", "T/2024/REP/9"]


def test_a_paper_in_both_languages_is_told_in_one_order():
    """English first, whichever identifiers chance gave the two."""
    rows = [DocumentRow(id=str(at), symbol="T/1", language=language) for at, language in enumerate(("ru", "en", "ru"))]
    assert [row.id for row in sorted(rows, key=lambda row: row.by_date)] == ["1", "0", "2"]


def test_what_is_not_there_is_absent(components: Components):
    where, _ = listed(components)
    hidden = f"/api/documents/{papers(components, 'bob')['T/2024/REP/9']}/recommendations"
    api = client(components, "ann")
    assert {api.get(path).status_code for path in (f"{where}/999", hidden, f"{hidden}/0")} == {404}
    assert api.get(f"{where}/999").content == api.get(hidden).content
    assert client(components, "reg").get(where).status_code == 403


@pytest.mark.parametrize("query", ["kind:recommendation", "вид:рекомендация form", 'kind:"recommendation"'])
def test_recommendations_are_a_kind_of_their_own_in_search(components: Components, query: str):
    answer = client(components, "ann").post("/api/search", json={"query": query}).json()
    assert [hit["title"]["en"] for hit in answer["hits"]] == ["T/2021/REC/1"]
    assert answer["interpretation"][0]["kind"] == "field"


def test_they_can_be_excluded_and_taken_as_words(components: Components):
    api = client(components, "ann")
    others = api.post("/api/search", json={"query": "paragraph form -kind:recommendation"}).json()
    assert {hit["title"]["en"] for hit in others["hits"]} == {"T/2020/REP/1", "T/2023/REP/1"}
    off = api.post("/api/search", json={"query": "kind:recommendation", "switch_off": ["p1"]}).json()
    assert off["interpretation"][0]["kind"] == "off"
    assert api.post("/api/search", json={"query": "kind:report"}).json()["total"] == 2
