"""Letters that look right and are not: put right within a word, and never a whole alphabet changed for another."""

import pytest

from indexer.extract.letters import put_right
from indexer.extract.pages import Line, PageText


def read(*texts: str) -> list[str]:
    lines = tuple(Line(text, (0, 0, 1, 1), ((0, 1),) * len(text.split())) for text in texts)
    return [line.text for line in put_right([PageText(1, 9, 9, lines)])[0].lines]


@pytest.mark.parametrize(
    ("typed", "right"),
    [
        ("Мемлекеттiк тиiстi", "Мемлекеттік тиісті"),
        ("əдiлет мəселелерiн", "әділет мәселелерін"),
        ("iнформацiю доповiдь", "інформацію доповідь"),
        ("Cобытия и cведения", "События и сведения"),
        ("следующеи\u02d8 И\u02d8од ше\u00a8л", "следующей Йод шёл"),
        ("\u02d8и", "й"),
    ],
)
def test_look_alikes_within_a_word_are_put_right(typed, right):
    assert read(typed) == [right]


@pytest.mark.parametrize(
    "text", ["COVIDом", "PDFы", "Xerox", "i", "e-mail'ом", "Universität", "TCE", "\u02d8", "a¨b", "ABCгде"]
)
def test_what_is_meant_so_stays(text):
    assert read(text) == [text]


def test_letters_of_old_tajik_fonts():
    assert read("Љумњурии Тољикистон", "њуќуќи асосї ва ѓайра, гурўњ") == [
        "Ҷумҳурии Тоҷикистон",
        "ҳуқуқи асосӣ ва ғайра, гурӯҳ",
    ]


@pytest.mark.parametrize(
    "text",
    [
        "Сва људска бића рађају се слободна и једнака",
        "Ќе се сретнат њихови људи, ѓавол, јас и ти",
        "Її їжак — українська",
    ],
)
def test_serbian_macedonian_and_ukrainian_stay(text):
    assert read(text) == [text]
