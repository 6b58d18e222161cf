"""Pages that are pictures are recognised after all else, page by page; what is found of them says so."""

from __future__ import annotations

import io
from dataclasses import replace

import pypdfium2
import pytest
from factories import agency, client, go_on, hold_up, label, pdf, person, take
from PIL import Image, ImageDraw, ImageFont
from reportlab.pdfgen import canvas

from indexer.engine.contract import Engine
from indexer.extract.answers import RecognisedPage
from indexer.extract.pages import ExtractError, Line, PageText
from indexer.extract.recogniser import Recogniser
from indexer.library import recognised
from indexer.library.states import State
from indexer.library.tables import DocumentRow
from indexer.pipeline import pauses
from indexer.pipeline.stages import recognise
from indexer.pipeline.worker import Worker
from services.components import Components

FONT = "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf"
TEXTS = ["The zeppelin crossed the river at dawn.", "Nobody saw the caravan in the desert.", "A lighthouse was alone."]


def scan(*texts: str) -> bytes:
    """A PDF with a picture of each text, a page each."""
    sheets = []
    for text in texts:
        sheet = Image.new("L", (1654, 1200), 255)
        pen = ImageDraw.Draw(sheet)
        for at in range(8):
            pen.text((150, 150 + 100 * at), text, font=ImageFont.truetype(FONT, 56), fill=0)
        sheets.append(sheet)
    file = io.BytesIO()
    sheets[0].save(file, "PDF", resolution=200, save_all=True, append_images=sheets[1:])
    return file.getvalue()


def line(text: str, x: float, y: float, confidence: int | None = None, doubtful: bool = False) -> Line:
    words = tuple((x + 60 * i, x + 50 + 60 * i) for i in range(len(text.split())))
    return Line(text, (x, y, words[-1][1], y + 12), words, confidence=confidence, doubtful=doubtful)


def page(*lines: Line) -> PageText:
    return PageText(1, 595.0, 842.0, lines, trouble="needs_ocr")


# --- what is put where ------------------------------------------------------------------------------------------------


def test_sound_lines_stay_and_what_was_recognised_stands_between_them():
    own = page(line("A sound line", 72, 100), line("Another sound line", 72, 140))
    seen = RecognisedPage(92, (line("A s0und l1ne", 72, 101, 88), line("The lost heading", 72, 120, 95)))
    (merged,) = recognised.merged([own], {1: seen})
    assert [it.text for it in merged.lines] == ["A sound line", "The lost heading", "Another sound line"]
    assert (merged.trouble, merged.confidence) == ("", 92)


def test_doubtful_lines_give_way():
    own = page(line("фи нсиров ние", 72, 100, doubtful=True))
    (merged,) = recognised.merged([own], {1: RecognisedPage(90, (line("финансирование", 72, 100, 90),))})
    assert [it.text for it in merged.lines] == ["финансирование"]


def test_what_was_hardly_recognised_is_not_taken():
    (merged,) = recognised.merged([page()], {1: RecognisedPage(31, (line("qw rt", 72, 100, 31),))})
    assert (merged.lines, merged.trouble, merged.confidence) == ((), "needs_ocr", 31)


def test_a_picture_without_words_has_none_that_are_missing():
    (merged,) = recognised.merged([page()], {1: RecognisedPage(100, ())})
    assert (merged.lines, merged.trouble) == ((), "")


def test_a_page_over_which_it_failed_stays_unread():
    (merged,) = recognised.merged([page()], {1: recognise.NOTHING})
    assert (merged.lines, merged.trouble) == ((), "needs_ocr")


def test_a_line_of_little_confidence_is_doubtful():
    assert line("words", 72, 100, 79).marks == ("doubtful", "recognised")
    assert line("words", 72, 100, 80).marks == ("recognised",)


# --- the stage --------------------------------------------------------------------------------------------------------


@pytest.fixture
def readers(components: Components, tesseract: None) -> Components:
    agency(components, "KZ")
    person(components, "kz1", "KZ", ["registrar", "expert"])
    return components


def bring(components: Components, content: bytes) -> str:
    return take(components, content, label(components, "KZ")).document_id


def row_of(components: Components, document: str) -> DocumentRow:
    with components.database.reading() as session:
        return session.get_one(DocumentRow, document)


def hits(components: Components, query: str) -> list[dict]:
    return client(components, "kz1").post("/api/search", json={"query": query}).json()["hits"]


def test_a_scan_is_found_by_what_its_pages_show_and_says_so(readers: Components) -> None:
    document = bring(readers, scan(*TEXTS[:2]))
    readers.worker().run()
    assert row_of(readers, document).state == State.INDEXED
    (hit,) = hits(readers, "caravan")
    assert {"kind": "recognised", "reason": ""} in hit["evidence"][0]["marks"]
    assert (hit["evidence"][0]["page"], hit["evidence"][0]["boxes"] != []) == (2, True)
    about = client(readers, "kz1").get(f"/api/documents/{document}").json()
    assert (about["recognition"], about["needs_ocr"]) == ({"done": 2, "pages": 2}, [])
    content = client(readers, "kz1").get(f"/api/documents/{document}/pages/1").json()
    assert content["confidence"] > 80
    assert all({"kind": "recognised", "reason": ""} in it["marks"] for it in content["segments"])


def mixed() -> bytes:
    """A page of text, and then scans."""
    whole = pypdfium2.PdfDocument(pdf("A sound page about submarines."))
    whole.import_pages(pypdfium2.PdfDocument(scan(*TEXTS)))
    file = io.BytesIO()
    whole.save(file)
    return file.getvalue()


def test_a_host_that_recognises_alone_needs_no_index(readers: Components) -> None:
    hold_up(readers, pauses.RECOGNITION)
    document = bring(readers, mixed())
    readers.worker().run()
    waiting = bring(readers, pdf("Nobody else takes this paper through."))
    go_on(readers, pauses.RECOGNITION)

    def refused() -> Engine:
        raise AssertionError("it asked for the search engine")

    alone = Worker(replace(readers.context, engine=refused), recognises_alone=True)
    assert alone.run() > 0
    assert row_of(readers, document).recognise == "done" and row_of(readers, waiting).state == "received"
    readers.worker().run()
    assert hits(readers, "zeppelin") and row_of(readers, waiting).state == "indexed"


def test_a_document_is_found_by_its_text_before_its_pictures_are_read(readers: Components, monkeypatch) -> None:
    monkeypatch.setattr(recognise, "AT_ONCE", 1)
    hold_up(readers, pauses.RECOGNITION)
    document = bring(readers, mixed())
    worker = readers.worker()
    worker.run()
    assert hits(readers, "submarine") and not hits(readers, "zeppelin")
    progress = client(readers, "kz1").get(f"/api/documents/{document}").json()["recognition"]
    assert progress == {"done": 0, "pages": 3}
    go_on(readers, pauses.RECOGNITION)
    assert worker.step() and worker.step()
    progress = client(readers, "kz1").get(f"/api/documents/{document}").json()["recognition"]
    assert progress == {"done": 2, "pages": 3}
    assert hits(readers, "submarine") and not hits(readers, "zeppelin")  # not a part of it
    readers.worker().run()  # whoever comes next goes on
    assert all(hits(readers, word) for word in ("submarine", "zeppelin", "caravan", "lighthouse"))
    assert row_of(readers, document).recognise == "done"


def test_a_page_over_which_it_fails_does_not_keep_the_others(readers: Components, monkeypatch) -> None:
    rightly = Recogniser.page

    def failing(self: Recogniser, file, number: int) -> RecognisedPage:
        if number == 2:
            raise ExtractError("too_slow")
        return rightly(self, file, number)

    monkeypatch.setattr(Recogniser, "page", failing)
    bring(readers, mixed())
    readers.worker().run()
    assert hits(readers, "submarine") and hits(readers, "lighthouse") and not hits(readers, "zeppelin")


def test_a_marking_that_only_the_picture_bears_stops_it(readers: Components) -> None:
    document = bring(readers, scan("CONFIDENTIAL", *TEXTS))
    readers.worker().run()
    row = row_of(readers, document)
    assert (row.state, row.code, row.marking) == (State.QUARANTINED, "marking", "CONFIDENTIAL")
    assert not hits(readers, "caravan")


def test_a_scan_of_nothing_says_so_in_the_end(readers: Components) -> None:
    document = bring(readers, scan(""))
    readers.worker().step()
    assert "wait to be recognised" in row_of(readers, document).message
    readers.worker().run()
    row = row_of(readers, document)
    assert (row.state, row.code, row.recognise) == (State.QUARANTINED, "no_text", "done")
    assert "wait to be recognised" not in row.message


def test_without_a_recogniser_all_is_as_it_was(readers: Components, monkeypatch) -> None:
    monkeypatch.setattr(Recogniser, "missing", lambda _: "nothing is here")
    document = bring(readers, scan(*TEXTS))
    readers.worker().run()
    row = row_of(readers, document)
    assert (row.state, row.code, row.recognise) == (State.QUARANTINED, "no_text", "waiting")


def test_a_page_taken_as_a_picture_is_read_as_it_looks(readers: Components, hiding: bytes) -> None:
    document = bring(readers, hiding)
    readers.worker().run()
    body = {"question": "hidden", "answer": "picture", "reason": "Failed redaction"}
    assert client(readers, "kz1").post(f"/api/documents/{document}/answer", json=body).status_code == 200
    readers.worker().run()
    assert hits(readers, "river") and not hits(readers, "Smirnov")
    assert {"kind": "recognised", "reason": ""} in hits(readers, "river")[0]["evidence"][0]["marks"]


@pytest.fixture
def hiding() -> bytes:
    """A page with a name under a black box."""
    file = io.BytesIO()
    paper = canvas.Canvas(file, invariant=1)
    paper.drawString(72, 700, "The informer is called Smirnov.")
    paper.rect(60, 690, 300, 30, fill=1)
    for at in range(6):
        paper.drawString(72, 600 - 20 * at, "The river rises in spring and falls in autumn.")
    paper.save()
    return file.getvalue()
