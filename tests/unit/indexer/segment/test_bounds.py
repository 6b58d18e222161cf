"""Hostile text: words, lines and segments have a longest length, and no step over a page's lines is a square."""

from __future__ import annotations

import sys
from collections.abc import Callable
from types import FrameType
from typing import Any

import pytest

from indexer.analysis.tokens import tokens
from indexer.extract.pages import (
    LONGEST_LINE,
    LONGEST_WORD,
    MOST_WORDS_OF_A_LINE,
    SOFT_HYPHEN,
    Line,
    PageText,
    bounded,
)
from indexer.segment.segments import LONGEST_SEGMENT, segment

A4 = (595.0, 842.0)


def line(text: str, top: float = 100, left: float = 50, size: float = 12) -> Line:
    words = text.split()
    edges = tuple((left + 3 * i, left + 3 * i + 2.5) for i in range(len(words)))
    return Line(" ".join(words), (left, top, edges[-1][1], top + size), edges)


def page(lines: list[Line]) -> PageText:
    return PageText(1, *A4, tuple(lines))


def lines_run(work: Callable[[], object]) -> int:
    """How many lines of our code run: a count, the same on every machine."""
    count = 0

    def trace(frame: FrameType, event: str, _: Any) -> Any:
        nonlocal count
        if "/indexer/" not in frame.f_code.co_filename:
            return None
        count += event == "line"
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        work()
    finally:
        sys.settrace(before)
    return count


# --- longest ---------------------------------------------------------------------------------------------------------


def test_a_word_and_a_line_have_a_longest_length() -> None:
    short = line("an ordinary line of text")
    assert list(bounded(short)) == [short]
    word = "x" * (3 * LONGEST_WORD + 5)
    for text in (word, f"a {word} b", "word " * 5000, f"{word} " * 9):
        pieces = list(bounded(line(text)))
        assert "".join(piece.text.replace(" ", "") for piece in pieces) == text.replace(" ", "")
        for piece in pieces:
            assert len(piece.text) <= LONGEST_LINE
            assert len(piece.words) == len(piece.text.split()) <= MOST_WORDS_OF_A_LINE
            assert max(map(len, piece.text.split())) <= LONGEST_WORD
            assert piece.box[0] <= piece.words[0][0] < piece.words[-1][1] <= piece.box[2]


def test_the_pieces_of_a_word_stand_side_by_side() -> None:
    (piece,) = bounded(Line("x" * 1000, (0, 0, 100, 10), ((0, 100),)))
    edges = [edge for word in piece.words for edge in word]
    assert edges == pytest.approx([0, 40, 40, 80, 80, 100])


def test_a_segment_has_a_longest_length_and_no_word_is_lost() -> None:
    text = " ".join(f"word{i}" for i in range(90))
    segments = segment([page([line(text, 60 + 12 * i) for i in range(60)])])
    assert len(segments) > 1
    assert max(len(part.text) for part in segments) <= LONGEST_SEGMENT
    assert " ".join(part.text for part in segments).split() == text.split() * 60


# --- linear ----------------------------------------------------------------------------------------------------------


def shuffled(count: int) -> list[int]:
    return sorted(range(count), key=lambda i: (i * 7919) % 1009)


def spaced(columns: int) -> tuple[tuple[float, float], ...]:
    """Where three words of each column stand, evenly spaced, with a gutter after them."""
    return tuple((50 + 60 * c + 15 * w, 60 + 60 * c + 15 * w) for c in range(columns) for w in range(3))


PAGES: dict[str, Callable[[int], list[Line]]] = {
    "one paragraph of many lines": lambda n: [line("many words of one sentence", 60 + 12 * i) for i in range(n)],
    "many sentences": lambda n: [line("It is so. " * 3, 60 + 12 * i) for i in range(n)],
    "many sentences in Russian": lambda n: [line("Это так. " * 3, 60 + 12 * i) for i in range(n)],
    "every line broken": lambda n: [line(f"recom{SOFT_HYPHEN}", 60 + 12 * i) for i in range(n)],
    "many quotations": lambda n: [line("He says: «It. Is.» And: “So. It.” Yes. " * 2, 60 + 12 * i) for i in range(n)],
    "many notes": lambda n: [line("It is so. 1 It is. 2 So. 3", 60 + 12 * i) for i in range(n)],
    "many words of one line": lambda n: list(bounded(line("a. b " * 4 * n))),
    "many lines at one place": lambda n: [line("It is so.", 60) for _ in range(n)],
    "many columns": lambda n: [line("cell", 60 + 12 * (i // 8), 50 + 60 * (i % 8)) for i in range(n)],
    "many paragraphs": lambda n: [line("It is so.", 60 + 40 * i) for i in range(n)],
    "a table drawn column by column": lambda n: [
        line(str(i), 60 + 12 * (i % (n // 2)), 50 + 200 * (i // (n // 2))) for i in range(n)
    ],
    "lines from below": lambda n: [line("It is so.", 60 + 12 * (n - i)) for i in range(n)],
    "columns of prose in any order": lambda n: [
        line("a usual line of prose", 60 + 12 * (i % 4), 50 + 100 * (i // 4)) for i in shuffled(n)
    ],
    "a row of cells in any order": lambda n: [line("cell", 60 + 12 * (i % 2), 50 + 60 * (i // 2)) for i in shuffled(n)],
    "a table in any order": lambda n: [line("cell", 60 + 12 * (i // 2), 50 + 60 * (i % 2)) for i in shuffled(3 * n)],
    "gutters between filled lines": lambda n: [
        Line(" ".join(["an even line"] * 20), (50, top, 1250, top + 12), spaced(20))
        for top in range(60, 60 + 12 * (n // 2), 12)
    ],
    "many items": lambda n: [line(f"{i % 99}. It is so.", 60 + 12 * i) for i in range(n)],
}


@pytest.mark.parametrize("kind", PAGES)
def test_twice_the_lines_take_twice_the_steps(kind: str) -> None:
    few, many = PAGES[kind](100), PAGES[kind](200)
    segment([page(few)])  # what is loaded once is loaded
    assert lines_run(lambda: segment([page(many)])) < 2.6 * lines_run(lambda: segment([page(few)]))


@pytest.mark.parametrize("unit", ["'s", "a'", "a\u0301", "a\u00ad", "d'Ivoire", "ед", "deed", "S/RES/2178 "])
def test_twice_a_word_takes_twice_the_steps(unit: str) -> None:
    tokens(unit)
    few, many = (lines_run(lambda size=size: tokens(unit * size)) for size in (1000, 2000))
    assert many < 2.6 * few + 100


def test_the_count_sees_a_square() -> None:
    rows = [line("a", 12 * i) for i in range(200)]

    def square(count: int) -> int:
        return lines_run(lambda: [list(bounded(row)) for row in rows[:count] for _ in range(count)])

    assert square(200) > 3.5 * square(100)
