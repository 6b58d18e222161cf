"""A registrar is asked of text that a page hides and of a stronger marking; until then the safe way is taken."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest
from factories import agency, client, hold_up, label, pdf, person, take

from indexer.library.tables import DocumentRow
from indexer.pipeline import pauses
from services.components import Components

sys.path.insert(0, str(Path(__file__).parents[1] / "extract"))
import pdfs

SECRET = b"BT /F1 12 Tf 20 200 Td (The informer is called Smirnov.) Tj ET "
COVERED = pdfs.page_with(
    SECRET + b"0 g 10 190 250 25 re f BT /F1 12 Tf 20 100 Td (The river rises in spring.) Tj ET ",
    b"/MediaBox[0 0 400 300]",
)
BECAUSE = {"reason": "Asked the author"}


@pytest.fixture
def registrars(components: Components) -> Components:
    for code in ("KZ", "KG"):
        agency(components, code)
    person(components, "kz1", "KZ", ["registrar", "expert"])
    person(components, "kg1", "KG", ["registrar", "expert"])
    return components


@pytest.fixture
def hiding(registrars: Components) -> str:
    document = take(registrars, COVERED, label(registrars, "KZ", releasable_to="KZ")).document_id
    registrars.worker().run()
    return document


def asked(components: Components, by: str = "kz1") -> list[dict]:
    return [one for row in client(components, by).get("/api/documents").json() for one in row["questions"]]


def hits(components: Components, query: str, by: str = "kz1") -> list[dict]:
    return client(components, by).post("/api/search", json={"query": query}).json()["hits"]


def answer(components: Components, document: str, question: str, answered: str, by: str = "kz1"):
    body = {"question": question, "answer": answered, **BECAUSE}
    return client(components, by).post(f"/api/documents/{document}/answer", json=body)


def test_hidden_text_is_kept_out_and_whoever_takes_it_in_is_asked(registrars: Components, hiding: str) -> None:
    assert hits(registrars, "river") and not hits(registrars, "Smirnov")
    (question,) = asked(registrars)
    assert (question["question"], question["places"], question["pages"], question["answer"]) == ("hidden", 1, [1], "")
    assert "Smirnov" not in json.dumps(question)
    assert asked(registrars, "kg1") == []


def test_keeping_it_out_is_noted_and_changes_nothing(registrars: Components, hiding: str) -> None:
    assert answer(registrars, hiding, "hidden", "keep_out").status_code == 200
    assert not registrars.worker().step()
    assert asked(registrars)[0]["answer"] == "keep_out"
    entry = [entry for entry in registrars.trail.entries() if entry.action == "answer"][-1]
    assert json.loads(entry.detail) | {"label": ""} == {
        "question": "hidden",
        "answer": "keep_out",
        "label": "",
        **BECAUSE,
    }


def test_taking_it_in_makes_it_searchable_and_marks_it(registrars: Components, hiding: str) -> None:
    assert answer(registrars, hiding, "hidden", "take_in").status_code == 200
    assert not hits(registrars, "river")  # it is read again first
    registrars.worker().run()
    (hit,) = hits(registrars, "Smirnov")
    assert {"kind": "hidden", "reason": ""} in hit["evidence"][0]["marks"]
    assert answer(registrars, hiding, "hidden", "keep_out").status_code == 200
    registrars.worker().run()
    assert hits(registrars, "river") and not hits(registrars, "Smirnov")


def test_a_page_taken_as_a_picture_has_no_text(registrars: Components, hiding: str) -> None:
    hold_up(registrars, pauses.RECOGNITION)
    assert answer(registrars, hiding, "hidden", "picture").status_code == 200
    registrars.worker().run()
    with registrars.database.reading() as session:
        assert session.get_one(DocumentRow, hiding).code == "needs_ocr"
    assert not hits(registrars, "Smirnov") and not hits(registrars, "river")


def test_an_answer_given_while_it_is_read_is_heeded(registrars: Components) -> None:
    document = take(registrars, COVERED, label(registrars, "KZ")).document_id
    with registrars.database.session() as session:
        session.get_one(DocumentRow, document).hidden_choice = "keep_out"

    def meanwhile(done: int, total: int) -> None:
        with registrars.database.session() as session:
            session.get_one(DocumentRow, document).hidden_choice = "take_in"

    assert registrars.worker().step(meanwhile)
    registrars.worker().run()
    assert hits(registrars, "Smirnov")


def test_nobody_else_may_answer_and_nonsense_is_refused(registrars: Components, hiding: str) -> None:
    assert answer(registrars, hiding, "hidden", "take_in", by="kg1").status_code == 404
    assert answer(registrars, hiding, "hidden", "perhaps").json()["code"] == "no_answer"
    assert answer(registrars, hiding, "marking", "confirm").json()["code"] == "no_question"


MARKED = pdf("CONFIDENTIAL", "A paper about zeppelins over the river.")


def bring(components: Components, level: str, **more: str):
    data = {"originator": "KZ", "level": level, "releasable_to": "ALL", **more}
    files = {"file": ("paper.pdf", MARKED, "application/pdf")}
    return client(components, "kz1").post("/api/documents", data=data, files=files)


def test_a_stronger_marking_stops_the_intake_until_there_is_a_reason(registrars: Components) -> None:
    refused = bring(registrars, "unclassified")
    assert (refused.status_code, refused.json()["code"]) == (409, "marking")
    assert bring(registrars, "unclassified", marking_reason="Declassified in 2019").status_code == 202
    registrars.worker().run()
    assert hits(registrars, "zeppelins")
    details = [json.loads(entry.detail) for entry in registrars.trail.entries() if entry.action == "intake"]
    assert [one.get("marking") for one in details] == ["CONFIDENTIAL", "CONFIDENTIAL"]
    assert details[1]["marking_reason"] == "Declassified in 2019"


def test_a_marking_that_says_no_more_than_the_label_is_noted(registrars: Components) -> None:
    assert bring(registrars, "confidential").status_code == 202
    registrars.worker().run()
    (row,) = client(registrars, "kz1").get("/api/documents").json()
    assert (row["marking"], row["questions"], row["state"]) == ("CONFIDENTIAL", [], "indexed")


def test_what_nobody_was_asked_at_intake_waits_unseen_for_an_answer(registrars: Components) -> None:
    document = take(registrars, MARKED, label(registrars, "KZ")).document_id
    registrars.worker().run()
    assert not hits(registrars, "zeppelins")
    (question,) = asked(registrars)
    assert (question["question"], question["marking"], question["answers"]) == ("marking", "CONFIDENTIAL", ["confirm"])
    assert answer(registrars, document, "marking", "confirm").status_code == 200
    registrars.worker().run()
    assert hits(registrars, "zeppelins")
