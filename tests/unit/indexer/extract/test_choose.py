"""Which reading of a page is taken, and what becomes of a page that no reading makes sense of."""

import sys
from pathlib import Path

import pytest

from indexer.extract.choose import chosen
from indexer.extract.glyphs import GlyphPage, Row
from indexer.extract.pages import UNMAPPED, Line, PageText, needs_ocr

sys.path.insert(0, str(Path(__file__).parent))
from test_quality import BROKEN, SOUND


def line(text: str) -> Line:
    return Line(text, (0.0, 0.0, 100.0, 12.0), tuple((10.0 * i, 10.0 * i + 9) for i in range(len(text.split()))))


def page(number: int, *texts: str) -> PageText:
    return PageText(number, 595.0, 842.0, tuple(map(line, texts)))


def glyphs(number: int, *texts: str, width: float = 595.0) -> GlyphPage:
    rows = (
        Row(t, 0.0, 12.0, [e for i in range(len(t)) for e in (600 * i, 600 * i + 600)], [7] * len(t)) for t in texts
    )
    return GlyphPage(number, width, 842.0, tuple(rows))


def untold(text: str) -> str:
    return "".join(c if c == " " else chr(ord(UNMAPPED) + ord(c) % 256) for c in text)


class Second:
    """A second reader that gives these pages and notes what it was asked for."""

    def __init__(self, *pages: GlyphPage) -> None:
        self.pages = {page.number: page for page in pages}
        self.asked: list[int] = []

    def __call__(self, numbers):
        self.asked += numbers
        return {number: self.pages[number] for number in numbers if number in self.pages}


def test_sound_pages_are_read_once():
    second = Second()
    pages = chosen([page(1, SOUND["Russian"]), page(2), page(3, SOUND["Kazakh"])], second)
    assert second.asked == []
    assert [p.reader for p in pages] == ["pypdfium2"] * 3
    assert [p.lines for p in pages] == [page(1, SOUND["Russian"]).lines, (), page(3, SOUND["Kazakh"]).lines]
    assert min(p.quality for p in pages) > 0.8


def test_only_the_page_that_looks_wrong_is_read_again():
    second = Second(glyphs(2, SOUND["English"]))
    pages = chosen([page(1, SOUND["English"]), page(2, BROKEN["untold"]), page(3, SOUND["Russian"])], second)
    assert second.asked == [2]
    assert [p.reader for p in pages] == ["pypdfium2", "pdfminer", "pypdfium2"]
    assert pages[1].lines[0].text == SOUND["English"]
    assert needs_ocr(pages) == ()


def test_the_first_reading_is_put_right_where_the_second_fails():
    (only,) = chosen([page(1, BROKEN["CP1251 as Latin-1"])], Second())
    assert (only.reader, only.lines[0].text, only.trouble) == ("repaired", SOUND["Russian"], "")
    assert only.lines[0].words == page(1, SOUND["Russian"]).lines[0].words
    assert only.quality > 0.8


def test_a_second_reading_of_another_page_is_not_taken():
    (only,) = chosen([page(1, BROKEN["without mapping"])], Second(glyphs(1, SOUND["English"], width=300.0)))
    assert (only.lines, only.trouble) == ((), "needs_ocr")


@pytest.mark.parametrize("name", ["bad recognition", "without mapping", "UTF-8 as Latin-1"])
def test_what_cannot_be_trusted_is_left_empty_and_named(name):
    pages = chosen([page(1, SOUND["English"]), page(2, BROKEN[name])], Second(glyphs(2, BROKEN[name])))
    assert [(p.lines == (), p.trouble) for p in pages] == [(False, ""), (True, "needs_ocr")]
    assert needs_ocr(pages) == (2,)


def test_odd_text_is_kept_if_the_file_tells_its_letters_and_not_otherwise():
    odd = SOUND["Tajik"].translate(str.maketrans("ҳқҷӣӯғ", "хкчиуг"))
    (page_taken,) = chosen([page(1, odd)], Second(glyphs(1, odd)))
    assert (page_taken.reader, page_taken.trouble, page_taken.lines[0].text) == ("pypdfium2", "", odd)
    (guessed,) = chosen([page(1, odd)], Second(glyphs(1, odd + " " + untold(BROKEN["shifted"]))))
    assert (guessed.lines, guessed.trouble) == ((), "needs_ocr")


def test_a_short_page_is_put_right_by_what_the_rest_of_the_document_shows():
    long, short = SOUND["Russian"].encode("cp1251").decode("latin-1"), "Ïðåäèñëîâèå ðåäàêòîðà"
    second = Second(glyphs(1, untold(long)), glyphs(2, untold(short)))
    pages = chosen([page(1, long), page(2, short)], second)
    assert pages[1].lines[0].text == "Предисловие редактора"
    assert pages[1].reader == "repaired"


def test_every_word_keeps_its_place():
    spaced = "".join(chr(ord(UNMAPPED) + ord(c) - 29) for c in SOUND["English"])
    (only,) = chosen([page(1, spaced)], Second())
    assert all(len(line.text.split()) == len(line.words) for line in only.lines)
