"""A question is answered by sentences as they stand, in both languages, out of papers that one may read."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from factories import agency, client, fresh, label, pdf, person, take
from sqlalchemy import delete

from indexer.library.tables import TranslationRow
from indexer.text import digest_of
from services.components import Components

COMMON = "The form is used by courts."
TWO_YEARS = "Rehabilitation continues for two years under a social worker."
HIDDEN = "Rehabilitation of returnees continues for nine years under a general."


@pytest.fixture(scope="module")
def components(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Components]:
    opened = fresh(tmp_path_factory.mktemp("answers") / "home")
    for code in ("A", "B"):
        agency(opened, code)
    person(opened, "ann", "A", ["expert"])
    person(opened, "bob", "B", ["expert"])
    person(opened, "reg", "A", ["registrar"])
    take(opened, pdf(TWO_YEARS, COMMON), label(opened, "A"), title_en="Years", meeting="M-1")
    take(opened, pdf(COMMON, "Winter was cold in that year."), label(opened, "A"), title_en="Form", meeting="M-2")
    take(opened, pdf(HIDDEN), label(opened, "B", releasable_to="B"), title_en="Hidden", meeting="M-3")
    opened.worker().run()
    yield opened
    opened.close()


def answered(components: Components, name: str, question: str, **more: Any) -> dict[str, Any]:
    response = client(components, name).post("/api/answer", json={"question": question, **more})
    assert response.status_code == 200, response.text
    answer: dict[str, Any] = response.json()
    return answer


def texts(answer: dict[str, Any]) -> list[tuple[str, str]]:
    return [(each["code"], proof["sentence"]["text"]) for each in answer["meetings"] for proof in each["proofs"]]


def test_the_sentence_that_holds_the_words_answers_first(components: Components) -> None:
    answer = answered(components, "ann", "How many years does rehabilitation continue?")
    assert texts(answer)[0] == ("M-1", TWO_YEARS)
    proof = answer["meetings"][0]["proofs"][0]
    assert proof["sentence"]["page"] == 1 and proof["sentence"]["boxes"]
    assert {TWO_YEARS[start:end] for start, end in proof["highlights"]} >= {"Rehabilitation", "years"}


def test_the_answer_may_stand_in_the_other_language(components: Components) -> None:
    assert texts(answered(components, "ann", "Сколько лет продолжается реабилитация?"))[0] == ("M-1", TWO_YEARS)
    off = answered(components, "ann", "Сколько лет продолжается реабилитация?", switch_off=["across"])
    assert off["meetings"] == []


def test_a_heading_answers_nothing(components: Components) -> None:
    said = "Bridges over the river are guarded by volunteers."
    take(components, pdf("Bridges over the river", said), label(components, "A"), title_en="Bridges", meeting="M-5")
    components.worker().run()
    assert texts(answered(components, "ann", "bridges river")) == [("M-5", said)]


def test_a_sentence_and_its_translation_in_another_paper_answer_once(components: Components) -> None:
    """Whichever of the two has the other as its translation: here both are English, which the test's font can write."""
    sentences = ("The children walked over the mountain.", "On foot the children crossed that mountain.")
    papers = [take(components, pdf(text), label(components, "A"), meeting="M-4").document_id for text in sentences]
    components.worker().run()
    assert len(texts(answered(components, "ann", "children mountain"))) == 2
    for paper, source, target in ((papers[0], *sentences), (papers[1], *reversed(sentences))):
        about = {"source_digest": digest_of(source), "source": "en", "target": "ru", "origin": "human"}
        with components.database.session() as session:
            session.add(TranslationRow(document=paper, version=1, text=target, **about))
        assert len(texts(answered(components, "ann", "children mountain"))) == 1
        with components.database.session() as session:
            session.execute(delete(TranslationRow).where(TranslationRow.document == paper))


def test_papers_that_one_may_not_read_answer_nothing(components: Components) -> None:
    assert HIDDEN not in str(answered(components, "ann", "Which general is there?"))
    assert texts(answered(components, "bob", "Which general is there?")) == [("M-3", HIDDEN)]
    assert client(components, "reg").post("/api/answer", json={"question": "x"}).status_code == 403


def test_what_nothing_answers_has_no_proof(components: Components) -> None:
    assert answered(components, "ann", "zeppelins?")["meetings"] == []
    assert client(components, "ann").post("/api/answer", json={"question": ""}).status_code == 422


def test_sentences_of_one_weight_stand_by_date_and_symbol(components: Components) -> None:
    """Not by identifier, which is chance: two installations with the same papers tell the same."""
    days = {4: 3, 1: 3, 6: 3, 3: 2, 5: 1, 2: 3}
    for number, day in days.items():
        text = f"Zeppelins landed at harbour number {number}."
        about: dict[str, Any] = {"date": date(2023, 5, day), "symbol": f"Z/{number}", "meeting": "M-6"}
        take(components, pdf(text), label(components, "A"), title_en=f"Zeppelins {number}", **about)
    components.worker().run()
    [meeting] = answered(components, "ann", "zeppelins harbour")["meetings"]
    assert [each["symbol"] for each in meeting["proofs"]] == ["Z/5", "Z/3", "Z/1", "Z/2", "Z/4", "Z/6"]
