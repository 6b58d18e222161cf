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
        ("θзгθртүүлθр", "өзгөртүүлөр"),
        ("мǝселелер әзiрлеп жæне", "мәселелер әзірлеп және"),
        ("передаëтся", "передаётся"),
        ("гуру\u00afҳи барраси\u00af", "гурӯҳи баррасӣ"),
        ("прокура¬туры", "прокуратуры"),
    ],
)
def test_look_alikes_within_a_word_are_put_right(typed, right):
    assert read(typed) == [right]


UKRAINIAN = "Мiнiстерство пiдготувало звiт про стан судової системи"


@pytest.mark.parametrize(
    ("typed", "right"),
    [
        ("i внесло пропозицiї щодо ïï реформування", "і внесло пропозиції щодо її реформування"),
        ("та опублiкувало цi вiдомостi i ïх змiни", "та опублікувало ці відомості і їх зміни"),
        ("роздiл II, пункт i) та ii)", "розділ II, пункт i) та ii)"),
        ("адреса i e-mail", "адреса i e-mail"),
    ],
)
def test_short_ukrainian_words_typed_with_latin_letters(typed, right):
    assert read(UKRAINIAN, typed)[1] == right


def test_a_short_word_of_a_russian_page_stays():
    assert read("Cобытия и cведения", "элемент i таблицы")[1] == "элемент i таблицы"


@pytest.mark.parametrize(
    "text", ["COVIDом", "PDFы", "Xerox", "i", "e-mail'ом", "Universität", "TCE", "\u02d8", "a¨b", "ABCгде"]
)
def test_what_is_meant_so_stays(text):
    assert read(text) == [text]


@pytest.mark.parametrize(
    ("printed", "right"),
    [
        ("финан\u00ac", "финан\u00ad"),
        ("об\u2010", "об\u00ad"),
        ("что\u2010то и co\u2011operation", "что-то и co-operation"),
        ("\u00ac A", "\u00ac A"),
    ],
)
def test_signs_that_stand_for_a_hyphen(printed, right):
    assert read(printed) == [right]


def spaced(text: str, letter: float = 4, word: float = 12) -> Line:
    """A line whose letters stand apart, and its words farther."""
    at, edges = 0.0, []
    for c in text:
        if c == " ":
            at += word - letter
        else:
            edges.append((at, at + 8))
            at += 8 + letter
    return Line(" ".join(text.replace(" ", "")), (0, 0, at, 12), tuple(edges), fonts=(2,) * len(edges))


@pytest.mark.parametrize("text", ["РЕЗОЛЮЦИЯ", "ПОСТАНОВЛЕНИЕ СОВЕТА", "RESOLUTION", "решили и постановили"])
def test_spaced_letters_are_words(text):
    (page,) = put_right([PageText(1, 9, 9, (spaced(text),))])
    assert page.lines[0].text == text
    assert len(page.lines[0].words) == len(page.lines[0].fonts) == len(text.split())
    assert page.lines[0].words[-1][1] == spaced(text).words[-1][1]


@pytest.mark.parametrize(
    ("letters", "words"), [("РЕШЕНИЕКОЛЛЕГИИ", "РЕШЕНИЕ КОЛЛЕГИИ"), ("DRAFTRESOLUTION", "DRAFT RESOLUTION")]
)
def test_spaced_words_without_wider_gaps_are_told_by_the_dictionary(letters, words):
    assert put_right([PageText(1, 9, 9, (spaced(letters),))])[0].lines[0].text == words


@pytest.mark.parametrize("text", ["ABCDEF", "XVQZ WK", "абвгд"])
def test_single_letters_that_make_no_words_stay(text):
    (page,) = put_right([PageText(1, 9, 9, (spaced(text),))])
    assert page.lines[0] == spaced(text)


def test_letters_that_stand_for_ligatures():
    assert read("the ænancing of a conçict in the oèce") == ["the financing of a conflict in the office"]


def test_one_letter_may_stand_for_two_ligatures():
    lines = "Oføcers described øve cases, ønding eføcient ways", "to øle them", "the øow and the øoor"
    assert read(*lines) == [
        "Officers described five cases, finding efficient ways",
        "to file them",
        "the flow and the floor",
    ]
    assert read("Ofшcers described шve cases, difшcult to шle") == ["Officers described five cases, difficult to file"]


def test_breves_before_their_letters_and_letters_that_people_type():
    assert read("хищени˘и") == ["хищений"]
    assert read("тɵрелік, кɵктем", "судовоï системи") == ["төрелік, көктем", "судової системи"]


@pytest.mark.parametrize(
    ("text", "words"), [("А К Т", "АКТ"), ("У К А З", "УКАЗ"), ("Қ А У Л Ы М І Н", "ҚАУЛЫМІН"), ("А Б В", "А Б В")]
)
def test_short_headings_and_those_of_other_languages(text, words):
    (page,) = put_right([PageText(1, 9, 9, (spaced(text),))])
    assert page.lines[0].text == words


@pytest.mark.parametrize("text", ["a café in Münster", "Universität", "ænancing and æther", "naïve", "façade", "Ωmega"])
def test_accents_are_no_ligatures(text):
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
