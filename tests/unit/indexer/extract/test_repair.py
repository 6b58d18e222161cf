"""Text read by the wrong table is put right, and nothing else is touched."""

import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.extract.pages import UNMAPPED
from indexer.extract.repair import mended, mending, repair

sys.path.insert(0, str(Path(__file__).parent))
from test_quality import SOUND

RUSSIAN = SOUND["Russian"]


def untold(text: str, by: int = 0, encoding: str = "latin-1") -> str:
    """The codes of the characters, as the second reader gives those of a font that tells no letters."""
    return "".join(chr(ord(UNMAPPED) + byte - by) for byte in text.encode(encoding))


@pytest.mark.parametrize("kind", ["cp1251", "koi8-r", "mac-cyrillic"])
@pytest.mark.parametrize("taken_for", ["latin-1", "cp1252"])
def test_russian_read_as_latin(kind, taken_for):
    broken = RUSSIAN.encode(kind).decode(taken_for)
    assert broken != RUSSIAN
    assert repair(broken) == (RUSSIAN, kind)


def test_one_russian_code_page_read_as_another():
    assert repair(RUSSIAN.encode("koi8-r").decode("cp1251")) == (RUSSIAN, "koi8-r")


def test_codes_of_a_font_that_tells_no_letters():
    assert repair(" ".join(untold(word, encoding="cp1251") for word in RUSSIAN.split())) == (RUSSIAN, "cp1251")


def test_tex_fonts_have_their_own_signs():
    words = [
        b"\x1c\x15\xd7\xf2\xee",
        b"\xbe\xf1\xeb\xee\xe2\xe0\xbf",
        b"\xed\xe0\xef\xe8\xf1\xe0\xed\xee",
        b"\xe2\xf1\xbc",
    ]
    broken = " ".join("".join(chr(ord(UNMAPPED) + code) for code in word) for word in words[1:])
    by = mending(broken)
    assert by is not None
    assert by.kind == "t2a"
    assert broken.translate(by.table) == "«слова» написано всё"
    assert chr(ord(UNMAPPED) + 0x1C).translate(by.table) == "fi"


@pytest.mark.parametrize("shift", [0x3D6, 0x3E0, 0x330])
def test_codes_shifted_by_a_constant(shift):
    broken = "".join(chr(ord(c) - shift) if "А" <= c <= "я" else c for c in RUSSIAN)
    repaired = repair(broken)
    assert repaired is not None
    assert repaired[1] == "shift"
    assert repaired[0].split()[:6] == RUSSIAN.split()[:6]


def test_numbers_of_glyphs_in_their_usual_order():
    text = SOUND["English"]
    assert repair(untold(text, by=29)) == (text, "shift")


@pytest.mark.parametrize("name", SOUND)
def test_sound_text_is_left_alone(name):
    assert repair(SOUND[name]) is None


def test_foreign_words_among_broken_ones_stay():
    broken = RUSSIAN.encode("cp1251").decode("latin-1") + " Universität für café"
    assert repair(broken) == (RUSSIAN + " Universität für café", "cp1251")


def test_rubbish_is_not_made_words_of():
    assert repair("ÿþÿÿ þÿþÿ ÿÿþþ þþÿÿ ÿþþÿ þÿÿþ") is None
    assert repair("Ïð åä") is None  # too little to tell
    assert repair("qzxv " * 100) is None  # some shift makes a word of any four letters


@settings(deadline=None)
@given(st.text(alphabet=st.characters(min_codepoint=0x20, max_codepoint=0x17F), max_size=120))
def test_never_fails_and_keeps_the_number_of_words(text):
    by = mending(text)
    if by is not None and by.kind != "shift":
        assert [len(mended(token, by).split()) for token in text.split()] == [1] * len(text.split())


def test_no_table_makes_a_space_of_a_letter():
    for kind in ("cp1251", "koi8-r", "mac-cyrillic"):
        by = mending(RUSSIAN.encode(kind).decode("latin-1"))
        assert by is not None
        assert not [c for c in range(0x21, 0x2100) if chr(c).translate(by.table).isspace() and not chr(c).isspace()]


def test_codes_of_a_font_for_signs():
    text = RUSSIAN + " 2178 (2014)."
    broken = "".join(c if c == " " else chr(0xF000 + c.encode("cp1251")[0]) for c in text)
    assert repair(broken) == (text, "symbol")


def test_codes_whose_bytes_are_swapped():
    broken = RUSSIAN.encode("utf-16-be").decode("utf-16-le").replace("\u2000", " ")
    assert repair(broken) == (RUSSIAN, "bytes swapped")


def test_numbers_of_glyphs_of_a_few_words():
    assert repair("ɩɪɨɬɨɤɨɥ ɫɨɜɟɳɚɧɢɹ ɝɨɪɨɞ Ⱦɭɲɚɧɛɟ") == ("протокол совещания город Душанбе", "glyph order")


KAZAKH = "Қазақстан Республикасының делегациясы терроризмді қаржыландыруға қарсы іс-қимыл шараларын талқылады"


@pytest.mark.parametrize("read_as", ["cp1251", "latin-1"])
def test_kazakh_code_page(read_as):
    assert repair(KAZAKH.encode("kz1048").decode(read_as)) == (KAZAKH, "kz1048")


@pytest.mark.parametrize(
    "text", [KAZAKH, KAZAKH.replace("і", "i"), "Учасники наради обговорили інформацію щодо протидії"]
)
def test_sound_text_of_neighbours_is_never_repaired(text):
    assert repair(text) is None
