"""A registrar corrects the language that a paper is in: its sentences follow, and nothing that people wrote is lost."""

from __future__ import annotations

import json

import pytest
from factories import agency, client, label, pdf, person, take
from sqlalchemy import select

from indexer.library.tables import DocumentRow, SegmentRow, TranslationRow
from services.components import Components

BECAUSE = {"reason": "The author says so"}


@pytest.fixture
def paper(components: Components) -> str:
    agency(components, "KZ")
    person(components, "kz1", "KZ", ["registrar", "expert"])
    person(components, "kz2", "KZ", ["registrar", "expert"])
    document = take(components, _pdf(), label(components, "KZ", releasable_to="KZ")).document_id
    components.worker().run()
    return document


def _pdf() -> bytes:
    return pdf("A report of the ministry on the draft law.", "The committee met in spring, said the minister.")


def _correct(components: Components, document: str, language: str | None, by: str = "kz1"):
    body = {"language": language, **BECAUSE}
    return client(components, by).patch(f"/api/documents/{document}/description", json=body)


def _languages(components: Components, document: str) -> list[str]:
    with components.database.reading() as session:
        query = select(SegmentRow.language).where(SegmentRow.document == document).order_by(SegmentRow.ordinal)
        return list(session.scalars(query))


def _row(components: Components, document: str) -> DocumentRow:
    with components.database.reading() as session:
        return session.get_one(DocumentRow, document)


def _hits(components: Components, query: str) -> list[dict]:
    return client(components, "kz1").post("/api/search", json={"query": query}).json()["hits"]


def test_sentences_follow_when_it_is_read_anew(components: Components, paper: str) -> None:
    assert set(_languages(components, paper)) == {"en"}
    assert _correct(components, paper, "ru").status_code == 200
    assert not _hits(components, "ministry")  # it is read anew first
    components.worker().run()
    assert set(_languages(components, paper)) == {"en"}  # no word of it is Russian
    assert client(components, "kz1").get(f"/api/documents/{paper}").json()["language"] == "ru"
    assert _hits(components, "ministry")
    entry = [entry for entry in components.trail.entries() if entry.action == "describe"][-1]
    assert json.loads(entry.detail)["fields"] == "language"


def test_what_a_person_translated_is_kept_and_shown_again(components: Components, paper: str) -> None:
    with components.database.session() as session:
        first = session.scalars(select(SegmentRow).where(SegmentRow.document == paper)).first()
        session.add(
            TranslationRow(
                document=paper,
                source_digest=first.digest,
                source="en",
                target="ru",
                text="Доклад министерства о законопроекте.",
                origin="human",
                engine="kz1",
                model="",
            )
        )
    for language in ("other", "en"):
        assert _correct(components, paper, language).status_code == 200
        components.worker().run()
        with components.database.reading() as session:
            kept = session.scalars(select(TranslationRow.text).where(TranslationRow.origin == "human")).all()
        assert kept == ["Доклад министерства о законопроекте."]
    told = client(components, "kz1").get(f"/api/documents/{paper}/pages/1").json()
    assert "Доклад министерства" in json.dumps(told, ensure_ascii=False)


def test_one_given_while_it_is_read_is_heeded(components: Components) -> None:
    agency(components, "KZ")
    person(components, "kz1", "KZ", ["registrar", "expert"])
    document = take(components, _pdf(), label(components, "KZ", releasable_to="KZ")).document_id
    begun: list[int] = []

    def meanwhile(done: int, total: int) -> None:
        if not begun:
            assert _correct(components, document, "kk").status_code == 200
        begun.append(done)

    assert components.worker().step(meanwhile)
    assert _languages(components, document) == []  # what was read is not kept
    components.worker().run()
    assert (_row(components, document).language, _row(components, document).language_by) == ("kk", "registrar")


def test_two_who_correct_keep_each_others_words(components: Components, paper: str) -> None:
    assert _correct(components, paper, "ru").status_code == 200
    title = {"title_en": "On the draft law", **BECAUSE}
    assert client(components, "kz2").patch(f"/api/documents/{paper}/description", json=title).status_code == 200
    components.worker().run()
    row = _row(components, paper)
    assert (row.language, row.title_en) == ("ru", "On the draft law")


def test_what_its_text_tells_comes_back_and_nonsense_is_refused(components: Components, paper: str) -> None:
    assert _correct(components, paper, "fr").json()["code"] == "no_language"
    _correct(components, paper, "kk")
    components.worker().run()
    _correct(components, paper, None)
    components.worker().run()
    row = _row(components, paper)
    assert (row.language, row.language_by) == ("en", "")
