"""Glyphs become lines of words, whose edges fit whatever a repair makes of them."""

from indexer.extract.answers import glyph_page
from indexer.extract.glyphs import GlyphPage, Row, lines, mendings, untold
from indexer.extract.pages import SOFT_HYPHEN, UNMAPPED
from indexer.extract.repair import Mending


def code(number: int) -> str:
    return chr(ord(UNMAPPED) + number)


def row(text: str, font: int = 1) -> Row:
    return Row(text, 10.0, 22.0, [e for i in range(len(text)) for e in (500 * i, 500 * i + 500)], [font] * len(text))


def test_edges_of_words():
    (line,) = lines(GlyphPage(1, 100.0, 100.0, (row("ab cde"),)), {})
    assert (line.text, line.words, line.box) == ("ab cde", ((0.0, 10.0), (15.0, 30.0)), (0.0, 10.0, 30.0, 22.0))


def test_a_space_that_comes_of_a_repair_parts_words():
    by = Mending("shift", {ord(UNMAPPED) + 3: " ", ord("M"): "У"})
    (line,) = lines(GlyphPage(1, 100.0, 100.0, (row(f"M{code(3)}MM"),)), {1: by})
    assert (line.text, line.words) == ("У УУ", ((0.0, 5.0), (10.0, 20.0)))


def test_a_ligature_keeps_the_word_whole():
    by = Mending("t2a", {ord(UNMAPPED) + 0x1C: "fi"})
    (line,) = lines(GlyphPage(1, 100.0, 100.0, (row(f"{code(0x1C)}le it"),)), {1: by})
    assert (line.text, len(line.words)) == ("file it", 2)


def test_characters_without_a_letter_are_left_out_with_words_of_nothing_else():
    (line,) = lines(GlyphPage(1, 100.0, 100.0, (row(f"a{code(5)} {code(6)} b\x01"), row(code(9)))), {})
    assert (line.text, len(line.words)) == ("a b", 2)


def test_a_hyphen_at_the_end_of_a_line_is_marked_and_none_inside():
    page = GlyphPage(1, 100.0, 100.0, (row("well-kn own-"), row(f"in{SOFT_HYPHEN}side a -")))
    assert [line.text for line in lines(page, {})] == [f"well-kn own{SOFT_HYPHEN}", "inside a -"]


def test_only_the_font_that_needs_it_is_put_right():
    russian = "Все люди рождаются свободными и равными в своем достоинстве".encode("cp1251").decode("latin-1")
    page = GlyphPage(1, 100.0, 100.0, (row(russian, 1), row("à la carte, déjà vu, où êtes", 2)))
    tables = mendings([page])
    assert {font: by.kind for font, by in tables.items()} == {1: "cp1251"}
    assert [line.text for line in lines(page, tables)][1] == "à la carte, déjà vu, où êtes"


def test_what_the_second_reader_writes():
    assert glyph_page(b"null") is None
    page = glyph_page('[3,59500,84200,[["aб",1000,2200,[0,500,500,1000],[1,1]]],[[1,65,1040]]]'.encode())
    assert page == GlyphPage(3, 595.0, 842.0, (Row("aб", 10.0, 22.0, [0, 500, 500, 1000], [1, 1]),), ((1, 65, "А"),))


def test_the_share_of_characters_that_stay_untold():
    page = GlyphPage(1, 1.0, 1.0, (row(f"a{code(1)}1 {code(3)}б{code(3)} -"),))
    assert untold(page, {}) == 3 / 7
    assert untold(page, {1: Mending("shift", {ord(UNMAPPED) + 3: "x"})}) == 1 / 7
    assert untold(GlyphPage(1, 1.0, 1.0, ()), {}) == 0
