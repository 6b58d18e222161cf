"""Rows of tables: each cell with what heads it, and no columns of prose taken for a table."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from indexer.extract.pages import SOFT_HYPHEN, Line, PageText
from indexer.segment.passages import passages
from indexer.segment.segments import Segment, segment
from indexer.segment.tables import table_rows

YEARS = [("Year", "Organized returns", "Other"), ("2018", "64", "12"), ("2019", "1,204", "–")]
STATES = [
    ("Государство", "Решение суда", "Срок"),
    ("Казахстан", "Осуждены четыре лица", "восемь лет"),
    ("Таджикистан", "Дело возвращено", "нет"),
]
COLUMNS = (72.0, 200.0, 340.0, 440.0)


def line(cells: Sequence[str], y: float, columns: Sequence[float] = COLUMNS) -> Line:
    """One line of print: cells of words six points a letter, each from where its column begins."""
    words = []
    for cell, left in zip(cells, columns, strict=False):
        for word in cell.split():
            words.append((left, left + 6 * len(word)))
            left += 6 * len(word) + 4
    return Line(" ".join(cells), (words[0][0], y, words[-1][1], y + 14), tuple(words))


def page(rows: Sequence[Sequence[str]], step: float = 18, y: float = 300, number: int = 1) -> PageText:
    return PageText(number, 595.0, 842.0, tuple(line(row, y + at * step) for at, row in enumerate(rows)))


def texts(*pages: PageText) -> list[str]:
    return [each.text for each in segment(pages)]


def rows_of(*pages: PageText) -> list[Segment]:
    return [each for each in segment(pages) if " · " in each.text]


def test_a_row_of_numbers_is_one_sentence_with_the_heads_of_its_cells() -> None:
    assert texts(page(YEARS))[-2:] == [
        "Year 2018 · Organized returns 64 · Other 12",
        "Year 2019 · Organized returns 1,204 · Other –",
    ]


def test_its_boxes_are_those_of_its_own_cells_and_it_is_in_one_passage() -> None:
    made = segment([page(YEARS)])
    (first, _) = rows_of(page(YEARS))
    assert [box[:2] for _, box in first.boxes] == [(left, 318.0) for left in COLUMNS[:3]]
    assert [(each.first, each.last) for each in passages(made)] == [(0, len(made) - 1)]


def test_a_head_in_two_lines_and_one_over_two_columns_are_said_whole() -> None:
    rows = [("Year", "Organized", "Returns"), ("2018", "64", "12", "3"), ("2019", "7", "1", "0")]
    wide = Line("of children", (340.0, 286.0, 480.0, 300.0), ((340.0, 380.0), (384.0, 480.0)))
    lines = (wide, *page(rows).lines)
    assert texts(PageText(1, 595.0, 842.0, lines))[-1] == (
        "Year 2019 · Organized 7 · of children Returns 1 · of children 0"
    )


def test_words_are_a_table_where_space_parts_its_rows() -> None:
    assert texts(page(STATES, step=40))[-1] == "Государство Таджикистан · Решение суда Дело возвращено · Срок нет"
    assert not rows_of(page(STATES, step=14))  # columns of print


def test_heads_may_be_years_and_labels_between_rows_stay_apart() -> None:
    rows = [("Country", "2018", "2019"), ("Kazakhstan", "64", "12"), ("Tajikistan", "3", "1"), ("Others",)]
    said = texts(page([*rows, ("Uzbekistan", "1", "2 000")]))
    assert said[3:5] == ["Country Kazakhstan · 2018 64 · 2019 12", "Country Tajikistan · 2018 3 · 2019 1"]
    assert said[5:] == ["Others", "Country Uzbekistan · 2018 1 · 2019 2 000"]


def test_rows_without_heads_are_rows_all_the_same_from_three_columns_on() -> None:
    assert texts(page([("Astana", "64", "12"), ("Osh", "3", "1")])) == ["Astana · 64 · 12", "Osh · 3 · 1"]
    assert not rows_of(page([("Introduction", "3"), ("Recommendations", "12")]))  # a table of contents


@pytest.mark.parametrize(
    "rows",
    [
        [("The Council met in", "Members adopted the", "Nobody spoke of it")] * 6,
        [("12 March 2024",), ("64", "12"), ("Tashkent", "Uzbekistan")],
        [("2018", "2019", "2020"), ("2021", "2022", "2023")],
    ],
)
def test_what_is_no_table_is_left_alone(rows: list[tuple[str, ...]]) -> None:
    assert not rows_of(page(rows, step=14))


def test_a_row_whose_cells_are_lines_of_their_own_is_one_row() -> None:
    lines = [
        line(("",) * at + (cell,), 300 + 18 * number) for number, row in enumerate(YEARS) for at, cell in enumerate(row)
    ]
    assert len(rows_of(PageText(1, 595.0, 842.0, tuple(lines)))) == 2


def wrapped(first: Sequence[str], *more: str, step: float = 14, after: float = 24) -> PageText:
    """A table whose first row has further lines in its first cell; then a row, and a sentence below."""
    lines = [
        line(YEARS[0], 300),
        line(first, 324),
        *(line((cell,), 324 + step * at) for at, cell in enumerate(more, 1)),
    ]
    bottom = 324 + step * len(more) + after
    return PageText(1, 595.0, 842.0, (*lines, line(("Osh", "3", "1"), bottom), line(("It is so.",), bottom + 60)))


def test_the_further_lines_of_a_first_cell_belong_to_it() -> None:
    (first, _) = rows_of(pages := wrapped(("Chui region", "64", "12"), "with the", "Valley"))
    assert first.text == "Year Chui region with the Valley · Organized returns 64 · Other 12"
    assert [box[1] for _, box in first.boxes] == [324.0, 338.0, 352.0, 324.0, 324.0]
    assert texts(pages)[-1] == "It is so."


def test_a_word_that_such_a_line_breaks_is_joined() -> None:
    (first, _) = rows_of(wrapped((f"Kara{SOFT_HYPHEN}", "64", "12"), "kol"))
    assert first.text.startswith("Year Karakol · Organized")


@pytest.mark.parametrize(
    "table",
    [
        wrapped(("Chui region", "64", "12"), "Others", after=14),  # a label over the next row, as near to that
        wrapped(("Chui region", "64", "12"), "others", step=26),  # too far below
        wrapped(("Chui region", "64", "12"), "others of which nobody knows any more"),  # reaches below the next cell
    ],
)
def test_a_line_that_is_no_further_line_of_a_cell_stays_apart(table: PageText) -> None:
    assert rows_of(table)[0].text == "Year Chui region · Organized returns 64 · Other 12"


def test_the_last_row_goes_on_where_a_small_letter_says_so() -> None:
    rows = [*YEARS, ("with others",), ("Source: the police",)]
    assert texts(page(rows, step=16))[-2:] == [
        "Year 2019 with others · Organized returns 1,204 · Other –",
        "Source: the police",
    ]


def test_a_row_that_ends_in_a_hyphen_keeps_it_and_joins_nothing() -> None:
    rows = [*YEARS, ("2020", "3", f"12{SOFT_HYPHEN}")]
    assert texts(page(rows))[-1].endswith("Other 12-")


def test_cells_without_any_width_are_in_no_table() -> None:
    flat = [Line("7 8 9", (72, y, 300, y + 14), ((72, 72), (200, 200), (300, 300))) for y in (300.0, 318.0)]
    assert not rows_of(PageText(1, 595.0, 842.0, tuple(flat)))


def test_more_columns_than_a_table_has_and_long_heads_are_given_up() -> None:
    wide = Line(" ".join(["7"] * 100), (0, 300, 500, 314), tuple((5.0 * at, 5.0 * at + 1) for at in range(100)))
    assert table_rows([]) == {}
    assert not rows_of(PageText(1, 595.0, 842.0, (wide, wide)))
    heads = ("Year", "a b c d e f g h i", "Other")
    assert texts(page([heads, *YEARS[1:]]))[-2] == "Year 2018 · 64 · Other 12"
