"""A dossier shows and takes away what its reader may read at that moment, under the label of all of it together."""

from __future__ import annotations

import io
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from docx import Document
from factories import agency, client, fresh, label, pdf, person, principal, take
from fastapi.testclient import TestClient
from races import together
from sqlalchemy import select

from indexer.dossier import kept as kept_dossiers
from indexer.dossier.kept import DossierChangedError
from indexer.library.tables import KeptDossierRow
from services.components import Components

TEXT = "A paper on <b>border</b> control."


@pytest.fixture(scope="module")
def components(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Components]:
    opened = fresh(tmp_path_factory.mktemp("dossiers") / "home")
    for code in ("A", "B"):
        agency(opened, code)
        person(opened, f"expert-{code.lower()}", code, ["expert"])
    take(opened, pdf(TEXT), label(opened, "A", releasable_to="A"), title_en="Of A")
    take(opened, pdf("A paper on camps."), label(opened, "B"), title_en="Of <i>all</i>")
    opened.worker().run()
    yield opened
    opened.close()


@pytest.fixture
def api(components: Components) -> TestClient:
    return client(components, "expert-a")


@pytest.fixture
def passages(api: TestClient) -> list[dict[str, Any]]:
    """The first sentence of each paper, as the one who may read both finds them."""
    hits = api.post("/api/search", json={"query": "paper"}).json()["hits"]
    chosen = [{"document_id": hit["document_id"], "first": 0, "last": 0, "comment": hit["title"]["en"]} for hit in hits]
    return sorted(chosen, key=lambda each: each["comment"], reverse=True)


def test_the_label_is_that_of_all_together(api: TestClient, passages: list[dict[str, Any]]) -> None:
    told = api.post("/api/dossier", json={"passages": passages}).json()
    assert [each["sentences"][0]["text"] for each in told["passages"]] == [TEXT, "A paper on camps."]
    assert told["label"]["releasable_to"] == ["A"]
    assert told["label"]["originators"] == ["A", "B"]


def test_what_one_may_not_read_is_not_there_and_shapes_nothing(
    components: Components, passages: list[dict[str, Any]]
) -> None:
    other = client(components, "expert-b")
    nowhere = [each | {"document_id": "0" * 32} if each["comment"] == "Of A" else each for each in passages]
    told, absent = (other.post("/api/dossier", json={"passages": each}) for each in (passages, nowhere))
    assert told.content == absent.content
    assert told.json()["label"]["releasable_to"] == "ALL"
    assert sum(each is None for each in told.json()["passages"]) == 1
    files = [other.post("/api/dossier/file", json={"passages": each, "title": "T"}) for each in (passages, nowhere)]
    assert "control" not in files[0].text and "left out: 1" in files[0].text
    assert files[0].status_code == files[1].status_code == 200


def test_a_file_has_the_marking_on_every_sheet_and_no_markup_of_a_paper(
    api: TestClient, components: Components, passages: list[dict[str, Any]]
) -> None:
    body = {"passages": passages, "title": "<script>alert(1)</script>", "language": "ru"}
    answer = api.post("/api/dossier/file", json=body)
    assert answer.status_code == 200
    head, foot = (answer.text.split(f"<{part}>")[1].split(f"</{part}>")[0] for part in ("thead", "tfoot"))
    assert head == foot and "UNCLASSIFIED" in head and "// A" in head
    assert "<script" not in answer.text and "<b>" not in answer.text and "<i>" not in answer.text
    assert "&lt;b&gt;border&lt;/b&gt;" in answer.text and "Подлинник" in answer.text
    assert "default-src 'none'" in answer.text
    assert answer.headers["content-disposition"] == 'attachment; filename="dossier_unclassified.html"'


def test_a_file_for_word_processors_says_the_same_under_the_marking_of_every_page(
    api: TestClient, components: Components, passages: list[dict[str, Any]]
) -> None:
    noted = [each | {"comment": "Look:\x07\nhere"} for each in passages]
    body = {"passages": [*noted, passages[0] | {"document_id": "0" * 32}], "title": "Border <b>", "language": "ru"}
    answer = api.post("/api/dossier/file", json=body | {"format": "docx"})
    assert answer.status_code == 200
    assert answer.headers["content-disposition"] == 'attachment; filename="dossier_unclassified.docx"'
    file = Document(io.BytesIO(answer.content))
    bands = [band.paragraphs[0].text for band in (file.sections[0].header, file.sections[0].footer)]
    assert bands[0] == bands[1] and "UNCLASSIFIED" in bands[0] and "// A" in bands[0]
    texts = [paragraph.text for paragraph in file.paragraphs]
    assert texts[0] == "Border <b>" and TEXT in texts and "Подлинник" in texts and "Look:\nhere" in texts
    assert any(text.endswith("пропущены: 1") for text in texts)
    assert (file.core_properties.author, file.core_properties.comments) == ("", "")
    other = client(components, "expert-b").post("/api/dossier/file", json=body | {"format": "docx"})
    assert TEXT not in [paragraph.text for paragraph in Document(io.BytesIO(other.content)).paragraphs]


def test_sentences_that_are_not_there_and_empty_dossiers(api: TestClient, passages: list[dict[str, Any]]) -> None:
    beyond = [passages[0] | {"last": 50}]
    assert api.post("/api/dossier", json={"passages": beyond}).json() == {"label": None, "passages": [None]}
    assert api.post("/api/dossier", json={"passages": []}).json() == {"label": None, "passages": []}
    assert api.post("/api/dossier/file", json={"passages": beyond, "title": "T"}).status_code == 404
    assert api.post("/api/dossier", json={"passages": passages * 101}).status_code == 422


def test_the_trail_has_what_was_taken_and_what_was_refused(
    components: Components, passages: list[dict[str, Any]]
) -> None:
    before = components.trail.head()[0]
    client(components, "expert-b").post("/api/dossier/file", json={"passages": passages, "title": "Mine"})
    refused, taken = list(components.trail.entries(before + 1))
    assert (taken.action, taken.decision) == ("take_dossier", "allowed")
    assert (refused.action, refused.decision) == ("dossier", "refused")
    assert refused.object == next(each["document_id"] for each in passages if each["comment"] == "Of A")


def kept(api: TestClient, version: int, passages: list[dict[str, Any]], title: str = "") -> Any:
    return api.put("/api/dossier/kept", json={"version": version, "title": title, "passages": passages})


def test_a_dossier_is_kept_for_its_person_alone_and_sealed(
    components: Components, api: TestClient, passages: list[dict[str, Any]]
) -> None:
    chosen = [passages[0] | {"comment": "verysecretcomment"}]
    assert kept(api, 0, chosen, "Returns").json() == {"version": 1}
    assert api.get("/api/dossier/kept").json() == {"version": 1, "title": "Returns", "passages": chosen}
    assert client(components, "expert-b").get("/api/dossier/kept").json() == {"version": 0, "title": "", "passages": []}
    with components.database.reading() as session:
        assert "verysecret" not in session.scalars(select(KeptDossierRow.sealed)).one()
    assert kept(api, 1, []).json() == {"version": 2}


def test_two_pages_do_not_write_over_each_other(
    components: Components, api: TestClient, passages: list[dict[str, Any]]
) -> None:
    seen = api.get("/api/dossier/kept").json()["version"]
    titles = ["one", "two", "three"]
    answers: list[Any] = together(*(partial(kept, api, seen, passages, title) for title in titles))
    assert sorted(answer.status_code for answer in answers) == [200, 409, 409]
    last = next(title for title, answer in zip(titles, answers, strict=True) if answer.status_code == 200)
    now = api.get("/api/dossier/kept").json()
    assert (now["version"], now["title"]) == (seen + 1, last)
    refused = next(answer for answer in answers if answer.status_code == 409)
    assert refused.json()["code"] == "dossier_changed"


def test_of_pages_that_keep_at_one_moment_one_does_on_any_database(database_url: str, tmp_path: Path) -> None:
    opened = fresh(tmp_path / "home", database_url=database_url)
    agency(opened, "A")
    person(opened, "ann", "A", ["expert"])
    ann = principal(opened, "ann")
    assert ann

    def keep_instead_of(seen: int, title: str) -> int:
        with opened.database.session() as session:
            return kept_dossiers.keep(session, ann.person_id, seen, title, [])

    for seen in range(8):
        pages = [partial(keep_instead_of, seen, title) for title in ("one", "two", "three")]
        given = together(*pages, refusals=(DossierChangedError,))
        assert [each for each in given if not isinstance(each, DossierChangedError)] == [seen + 1]
        with opened.database.reading() as session:
            now = kept_dossiers.of_person(session, ann.person_id)
        assert (now.version, now.title) == (seen + 1, ("one", "two", "three")[given.index(seen + 1)])
    opened.close()


def test_passages_that_may_not_be_read_any_more_are_not_given_back(
    components: Components, api: TestClient, passages: list[dict[str, Any]]
) -> None:
    nowhere = {"document_id": "0" * 32, "first": 0, "last": 0, "comment": "mine"}
    other = client(components, "expert-b")
    given = [other.put("/api/dossier/kept", json={"version": 0, "passages": [*passages, nowhere]})]
    given.append(other.get("/api/dossier/kept"))
    readable = other.post("/api/dossier", json={"passages": passages}).json()["passages"]
    expected = [each for each, there in zip(passages, readable, strict=True) if there]
    assert [each["document_id"] for each in given[1].json()["passages"]] == [each["document_id"] for each in expected]
    assert len(expected) < len(passages)
