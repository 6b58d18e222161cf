"""Lines that a file draws in any order are read in that of the page; what is drawn as it is read stays."""

import random

import pytest

from indexer.extract.pages import Line, PageText
from indexer.segment.order import in_order
from indexer.segment.segments import segment

PROSE = [
    "The office described its",
    "five investigations and the",
    "difficulty of finding ways",
    "to file a request abroad.",
]
OTHER = ["The second part tells of", "the exchange of requests", "between all states of the", "region and their terms."]


def line(text: str, x: float, y: float, turn: int = 0) -> Line:
    """A line 12 high, its letters 6 wide."""
    words, at = [], x
    for token in text.split():
        words.append((at, at + 6.0 * len(token)))
        at += 6.0 * len(token) + 4
    return Line(text, (x, y, words[-1][1], y + 12), tuple(words), turn=turn)


def column(texts: list[str], x: float = 72, top: float = 100) -> list[Line]:
    return [line(text, x, top + 14 * i) for i, text in enumerate(texts)]


def read(lines: list[Line]) -> list[str]:
    return [part.text for part in segment([PageText(1, 595.0, 842.0, tuple(lines))])]


ORDERS = {
    "upwards": lambda lines: lines[::-1],
    "every other one": lambda lines: lines[::2] + lines[1::2],
    "by lot": lambda lines: random.Random(3).sample(lines, len(lines)),
}


@pytest.mark.parametrize("order", ORDERS.values(), ids=ORDERS)
def test_prose_in_any_order_is_read_down_the_page(order):
    lines = column(PROSE * 2)
    assert in_order(order(lines)) == tuple(lines)
    assert read(order(lines)) == read(lines)


def test_columns_of_prose_are_read_one_after_the_other():
    left, right = column(PROSE * 2), column(OTHER * 2, x=300)
    assert in_order(ORDERS["by lot"](left + right)) == (*left, *right)


def test_a_table_in_any_order_is_read_by_rows():
    rows = [("Region", "Cases", "Sentences"), ("Osh", "214", "97"), ("Naryn", "188", "64"), ("Talas", "53", "21")]
    cells = [line(cell, 72 + 140 * j, 100 + 18 * i) for i, row in enumerate(rows) for j, cell in enumerate(row)]
    assert "Region Osh · Cases 214 · Sentences 97" in read(ORDERS["by lot"](cells))
    turned = [line(cell.text, cell.box[0], cell.box[1], 180) for cell in cells]
    by_column = [cell for j in range(3) for cell in turned[j::3]]
    assert "Region Osh · Cases 214 · Sentences 97" in read(by_column)
    assert "Region Osh · Cases 214 · Sentences 97" in read(turned[::-1])


def test_a_table_drawn_by_column_is_read_by_rows_and_what_stands_around_it_stays():
    names = [line(text, 72, 140 + 14 * i) for i, text in enumerate(["Region", "Osh", "Naryn", "Talas"])]
    cases = [line(text, 210, 140 + 14 * i) for i, text in enumerate(["Cases", "214", "188", "53"])]
    terms = [line(text, 350, 140 + 14 * i) for i, text in enumerate(["Sentences", "97", "64", "21"])]
    before, after = column(PROSE[:2]), column(OTHER, top=240)
    lines = [*before, *names, *cases, *terms, *after]
    rows = [cell for row in zip(names, cases, terms, strict=True) for cell in row]
    assert in_order(lines) == (*before, *rows, *after)
    words = [line(f"word{i}", 350, 140 + 14 * i) for i in range(4)]
    assert in_order([*names, *words]) == (*names, *words)


def test_words_that_stand_before_the_last_one_are_put_in_their_place():
    first, second = line("214", 200, 100, 180), line("Osh", 72, 100, 180)
    run_together = Line("214 Osh", (72, 100, 218, 112), (first.words[0], second.words[0]), turn=180)
    assert [it.text for it in in_order([run_together], drawn_across=True)] == ["Osh", "214"]


def test_what_is_drawn_as_it_is_read_stays():
    left, right = column(PROSE), column(OTHER, x=300)
    for lines in (left + right, [it for pair in zip(left, right, strict=True) for it in pair], left, left[:1], []):
        assert in_order(lines) == tuple(lines)
    header_last = [*column(PROSE * 2), line("Page 3 of 20", 72, 40)]
    assert in_order(header_last) == tuple(header_last)
