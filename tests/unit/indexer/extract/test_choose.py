"""Which reading of a page is taken, and what becomes of a page that no reading makes sense of."""

import sys
from dataclasses import replace
from pathlib import Path

import pytest

from indexer.extract.choose import chosen
from indexer.extract.glyphs import GlyphPage, Row
from indexer.extract.pages import UNMAPPED, Line, LineKind, PageText, needs_ocr

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
    assert only.lines[0].marks == ("repaired:cp1251",)
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


RUSSIAN_ORDER = 0x3A3  # from a code of the font to its Russian letter
ASCII_ORDER = 31


def told(*characters: str) -> tuple[tuple[int, int, str], ...]:
    return tuple((7, ord(c) - (RUSSIAN_ORDER if c > "Ѐ" else ASCII_ORDER), c) for c in characters)


def coded(text: str, letters: str) -> str:
    """The text with codes for these letters."""
    return "".join(
        chr(ord(UNMAPPED) + ord(c) - (RUSSIAN_ORDER if c > "Ѐ" else ASCII_ORDER)) if c in letters else c for c in text
    )


@pytest.mark.parametrize("missing", ["ийфщ", "0123456789", "ийфщ0123456789"])
def test_letters_and_digits_that_a_font_does_not_tell_follow_from_their_neighbours(missing):
    text = SOUND["Russian"] + " Принят 13 июня 1996 г. (N 63)."
    seen = "".join(c for c in text if c not in missing)
    page_seen = replace(page(1, seen), lost=0.05)
    second = replace(glyphs(1, coded(text, missing)), told=told(*(c for c in dict.fromkeys(text) if c not in missing)))
    (only,) = chosen([page_seen], Second(second))
    assert (only.reader, only.trouble, only.lines[0].text) == ("repaired", "", text)
    assert only.lines[0].marks == ("repaired:order",)


def test_a_repair_that_leaves_digits_untold_is_none():
    shift = {ord(c): ord(c) - 0x3D6 for c in map(chr, range(0x410, 0x450))}
    broken = SOUND["Russian"].translate(shift) * 3
    digits = chr(ord(UNMAPPED) + 0x300) * 4
    (only,) = chosen([replace(page(1, broken), lost=0.02)], Second(glyphs(1, f"{broken} {digits}")))
    assert (only.lines, only.trouble) == ((), "needs_ocr")


def test_a_line_that_says_nothing_goes_and_its_page_stays_and_is_named():
    (only,) = chosen([page(1, "|{or~wmqzqro{p{~{ormzu", SOUND["Russian"])], Second())
    assert ([line.text for line in only.lines], only.trouble) == ([SOUND["Russian"]], "needs_ocr")


def test_a_second_reading_brings_back_nothing_that_the_page_hides():
    hidden = Line("secret", (0.0, 0.0, 60.0, 12.0), ((0.0, 60.0),), kind=LineKind.COVERED)
    first = replace(page(1, BROKEN["without mapping"]), hidden=(hidden,))
    (only,) = chosen([first], Second(glyphs(1, "secret " + SOUND["English"])))
    assert only.lines == ()
    below = replace(hidden, box=(0.0, 300.0, 60.0, 312.0))
    (only,) = chosen([replace(first, hidden=(below,))], Second(glyphs(1, SOUND["English"])))
    assert only.lines[0].text == SOUND["English"]


def at(top: float, text: str) -> Line:
    return replace(line(text), box=(0.0, top, 100.0, top + 12))


@pytest.mark.parametrize(
    ("lines", "trouble"),
    [
        ([], "needs_ocr"),
        ([at(820, "KZ-000123")], "needs_ocr"),
        ([at(400, "RECEIVED 5 May 2014")], "needs_ocr"),
        (
            [at(820, "Downloaded from the archive of the ministry on 5 May 2014 by a reader whose name is kept")],
            "needs_ocr",
        ),
        ([at(400 + 12 * i, f"{i} Registered on 5 May 2014 by the office") for i in range(4)], "needs_ocr"),
        ([at(100 + 30 * i, "COPY") for i in range(20)], "needs_ocr"),
        ([at(100 + 150 * i, f"{i} {SOUND['English']}") for i in range(5)], ""),
    ],
)
def test_a_page_that_is_a_picture_with_a_stamp_is_named_and_keeps_its_text(lines, trouble):
    (only,) = chosen([replace(page(1), lines=tuple(lines), picture=90)], Second())
    assert (only.trouble, only.lines) == (trouble, tuple(lines))
    (plain,) = chosen([replace(page(1), lines=tuple(lines), picture=10)], Second())
    assert plain.trouble == ""


def test_a_line_with_words_of_a_font_of_no_language_is_doubtful_and_one_of_these_alone_goes():
    heading = replace(line("buojpwsa pjgenaia"), fonts=(4, 4))
    mixed = replace(line("oamwam djwkhwm далее по тексту"), fonts=(4, 4, 2, 2, 2))
    sound = replace(line(SOUND["Russian"]), fonts=(2,) * len(SOUND["Russian"].split()))
    (only,) = chosen([replace(page(1), lines=(heading, mixed, sound))], Second())
    assert [it.text for it in only.lines] == [mixed.text, sound.text]
    assert [it.doubtful for it in only.lines] == [True, False]
    assert only.trouble == "needs_ocr"
