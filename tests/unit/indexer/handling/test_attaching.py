"""A file inside a paper becomes a document of its own under the paper's label; readers of both see that they belong."""

from __future__ import annotations

import io
import json
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from factories import agency, client, fresh, label, pdf, person, take
from httpx2 import Response
from pypdfium2 import PdfDocument
from races import together
from sqlalchemy import update

from indexer.extract.reader import Reader
from indexer.handling.relabel import handling_of
from indexer.library.tables import AttachmentRow, DocumentRow
from services.components import Components

REASON = {"reason": "because"}
SECOND = pdf("An annex on camps and children.")


def holding(**files: bytes) -> bytes:
    """A letter with files inside."""
    document = PdfDocument(pdf("A cover letter about returns."))
    for name, content in files.items():
        document.new_attachment(f"{name}.pdf").set_data(content)
    saved = io.BytesIO()
    document.save(saved)
    return saved.getvalue()


def filled(components: Components) -> Components:
    for code in ("KZ", "KG"):
        agency(components, code)
    person(components, "kz1", "KZ", ["registrar", "expert"])
    person(components, "kz2", "KZ", ["expert"])
    person(components, "kg1", "KG", ["registrar", "expert"])
    return components


@pytest.fixture
def registrars(components: Components) -> Components:
    return filled(components)


def letter(components: Components, under: str = "KZ", **files: bytes) -> str:
    content = holding(**(files or {"annex": SECOND, "table": b"a;b"}))
    document = take(components, content, label(components, "KZ", "restricted", under)).document_id
    components.worker().run()
    return document


def taking(components: Components, document: str, number: int = 1, by: str = "kz1", **body: str) -> Response:
    return client(components, by).post(f"/api/documents/{document}/attachments/{number}", json=body)


def about(components: Components, document: str, by: str = "kz1") -> dict[str, Any]:
    told: dict[str, Any] = client(components, by).get(f"/api/documents/{document}").json()
    return told


def test_it_is_taken_in_under_the_label_of_its_paper_and_both_say_so(registrars: Components) -> None:
    document = letter(registrars)
    assert about(registrars, document)["attachments"] == ["annex.pdf", "table.pdf"]
    assert about(registrars, document)["attached"] == []
    taken = taking(registrars, document)
    assert taken.status_code == 202, taken.text
    annex = taken.json()["document_id"]
    registrars.worker().run()
    assert about(registrars, document)["attached"] == [{"number": 1, "document_id": annex}]
    told = about(registrars, annex)
    assert [each["document_id"] for each in told["inside"]] == [document]
    assert told["label"] == about(registrars, document)["label"]
    [hit] = client(registrars, "kz2").post("/api/search", json={"query": "camps"}).json()["hits"]
    assert hit["document_id"] == annex
    with registrars.database.reading() as session:
        rows = [session.get_one(DocumentRow, name) for name in (document, annex)]
        assert handling_of(session, rows[0]) == handling_of(session, rows[1])
        assert rows[1].filename == "annex.pdf"
    entry = [entry for entry in registrars.trail.entries() if entry.action == "intake"][-1]
    assert entry.object == annex and json.loads(entry.detail)["inside"] == document


def test_asking_again_changes_nothing(registrars: Components) -> None:
    document = letter(registrars)
    first, second = (taking(registrars, document).json() for _ in range(2))
    assert (first["document_id"], second["duplicate"]) == (second["document_id"], True)


def test_a_copy_that_is_here_already_is_tied_to_the_paper(registrars: Components) -> None:
    copy = take(registrars, SECOND, label(registrars, "KZ", "restricted", "KZ")).document_id
    document = letter(registrars)
    assert taking(registrars, document).json() | {"state": ""} == {
        "document_id": copy,
        "state": "",
        "stage": "",
        "code": "",
        "message": "",
        "duplicate": True,
    }
    assert about(registrars, document)["attached"] == [{"number": 1, "document_id": copy}]


def test_a_paper_that_holds_itself_is_not_tied_to_itself(registrars: Components) -> None:
    document = letter(registrars)
    with registrars.store.open(document) as file:
        outer = letter(registrars, annex=file.read())
    assert taking(registrars, outer).json()["document_id"] == document
    with registrars.database.reading() as session:
        assert [row.taken_as for row in session.query(AttachmentRow)] == [document]


@pytest.mark.parametrize(
    ("number", "code"),
    [(2, "attachment_no_pdf"), (3, "attachment_absent"), (0, "attachment_absent"), (10**12, "attachment_absent")],
)
def test_what_is_no_pdf_or_not_there_is_refused_in_words(registrars: Components, number: int, code: str) -> None:
    document = letter(registrars)
    refused = taking(registrars, document, number)
    assert (refused.status_code, refused.json()["code"]) == (409, code)
    with registrars.database.reading() as session:
        assert session.query(DocumentRow).count() == 1


def test_who_may_read_one_of_both_alone_is_told_of_no_other(registrars: Components) -> None:
    document = letter(registrars, "ALL")
    before = about(registrars, document, "kg1")
    annex = taking(registrars, document).json()["document_id"]
    strict = {"releasable_to": ["KZ"], **REASON}
    for one, other, key in ((annex, document, "attached"), (document, annex, "inside")):
        changed = client(registrars, "kz1").patch(f"/api/documents/{one}/label", json=strict)
        assert changed.status_code == 200, changed.text
        if one == annex:
            assert about(registrars, other, "kg1") == before and about(registrars, other)[key]
    assert client(registrars, "kg1").get(f"/api/documents/{annex}").status_code == 404


def test_a_stranger_learns_nothing_and_a_reader_may_not(registrars: Components) -> None:
    document = letter(registrars)
    unknown = taking(registrars, "0" * 32, by="kg1")
    hidden = taking(registrars, document, by="kg1")
    assert (hidden.status_code, hidden.content) == (unknown.status_code, unknown.content) == (404, unknown.content)
    assert taking(registrars, document, by="kz2").status_code == 403


def test_a_paper_whose_label_is_in_question_gives_nothing(registrars: Components) -> None:
    document = letter(registrars)
    with registrars.database.session() as session:
        in_question = {"state": "quarantined", "stage": "received", "code": "marking"}
        session.execute(update(DocumentRow).where(DocumentRow.id == document).values(**in_question))
    refused = taking(registrars, document)
    assert (refused.status_code, refused.json()["code"]) == (409, "label_in_question")


def test_its_own_marking_is_heeded(registrars: Components) -> None:
    document = letter(registrars, annex=pdf("CONFIDENTIAL", "An annex on camps."))
    refused = taking(registrars, document)
    assert (refused.status_code, refused.json()["code"]) == (409, "marking")
    assert taking(registrars, document, marking_reason="It is open by now.").status_code == 202


def test_a_label_that_changes_meanwhile_is_not_given_by_accident(
    registrars: Components, monkeypatch: pytest.MonkeyPatch
) -> None:
    document = letter(registrars)
    rightly = Reader.attachment

    def slowly(*what: Any) -> None:
        rightly(*what)
        changed = client(registrars, "kz1").patch(
            f"/api/documents/{document}/label", json={"level": "confidential", **REASON}
        )
        assert changed.status_code == 200, changed.text

    with monkeypatch.context() as patch:
        patch.setattr(Reader, "attachment", slowly)
        refused = taking(registrars, document)
    assert (refused.status_code, refused.json()["code"]) == (409, "paper_changed")
    assert taking(registrars, document).status_code == 202


def test_nothing_is_larger_than_what_is_taken_in(tmp_path: Path) -> None:
    components = filled(fresh(tmp_path / "home", largest_file=50_000))
    document = letter(components, annex=b"%PDF-" + bytes(100_000))  # which a PDF holds compressed
    refused = taking(components, document)
    assert (refused.status_code, refused.json()["code"]) == (409, "attachment")
    components.close()


def test_with_its_paper_the_tie_is_gone(registrars: Components) -> None:
    document = letter(registrars)
    annex = taking(registrars, document).json()["document_id"]
    with registrars.database.session() as session:
        session.delete(session.get_one(DocumentRow, document))
    assert about(registrars, annex)["inside"] == []
    with registrars.database.reading() as session:
        assert session.query(AttachmentRow).count() == 0


def test_two_registrars_at_once_make_one_document(database_url: str, tmp_path: Path) -> None:
    components = filled(fresh(tmp_path / "home", database_url=database_url))
    document = letter(components)
    one = client(components, "kz1")
    path = f"/api/documents/{document}/attachments/1"
    both = together(*[lambda: one.post(path, json={}).json()["document_id"]] * 2)
    assert both[0] == both[1]
    assert about(components, document)["attached"] == [{"number": 1, "document_id": both[0]}]
    components.close()


def test_the_console_names_them_and_takes_one_in(
    registrars: Components, tolmach: Callable[..., subprocess.CompletedProcess[str]]
) -> None:
    document = letter(registrars)
    assert tolmach("attachment", document).stderr.split("\n")[:2] == ["1. annex.pdf", "2. table.pdf"]
    taken, refused = tolmach("attachment", document, "1"), tolmach("attachment", document, "2")
    assert taken.returncode == 0, taken.stderr
    assert about(registrars, document)["attached"][0]["document_id"] in taken.stderr
    assert refused.returncode and "Only PDFs" in refused.stderr
    assert tolmach("attachment", "0" * 32).returncode
