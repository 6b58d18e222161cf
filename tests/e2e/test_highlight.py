"""frontend/text/highlight.js, run in the page: code points become UTF-16 units, excerpts keep what was found."""

from __future__ import annotations

from typing import Any

import pytest

ASTRAL = "𝔸 боевик 😀 вернулся"


def call(page: Any, function: str, *arguments: Any) -> Any:
    """Call one of the module's functions in the page."""
    return page.evaluate(
        "async ([name, given]) => (await import('/static/text/highlight.js'))[name](...given)",
        [function, list(arguments)],
    )


@pytest.fixture
def page(visitor: Any) -> Any:
    """The sign-in page, where the module can be loaded."""
    visitor.arrive()
    return visitor.page


@pytest.mark.parametrize("word", ["𝔸", "боевик", "😀", "вернулся"])
def test_spans_in_code_points_mark_the_same_letters_in_the_browser(page: Any, word: str) -> None:
    start = ASTRAL.index(word)
    units = call(page, "inUnits", ASTRAL, [[start, start + len(word)]])
    pieces = call(page, "pieces", ASTRAL, units)
    assert [piece["text"] for piece in pieces if piece["lit"]] == [word]
    assert "".join(piece["text"] for piece in pieces) == ASTRAL


def test_a_span_beyond_the_text_ends_with_it(page: Any) -> None:
    assert call(page, "inUnits", "😀a", [[1, 99]]) == [[2, 3]]


def test_overlapping_spans_repeat_nothing(page: Any) -> None:
    pieces = call(page, "pieces", "abcdef", [[0, 3], [2, 5]])
    assert "".join(piece["text"] for piece in pieces) == "abcdef"


def test_an_excerpt_shows_the_found_words_and_says_what_it_left_out(page: Any) -> None:
    text = "Начало. " * 100 + "Здесь вернулся боевик и его семья. " + "Конец. " * 100
    start = text.index("боевик")
    cut = call(page, "excerpt", text, [[start, start + 6]], 200)
    assert [cut["text"][a:b] for a, b in cut["spans"]] == ["боевик"]
    assert cut["text"].startswith("… ")
    assert cut["text"].endswith(" …")
    assert len(cut["text"]) < 250


def test_a_short_text_is_shown_whole(page: Any) -> None:
    assert call(page, "excerpt", "коротко", [[0, 7]], 200) == {"text": "коротко", "spans": [[0, 7]]}


def test_clipped_spans_count_from_the_cut(page: Any) -> None:
    assert call(page, "clipped", [[0, 4], [5, 9], [20, 25]], 3, 8) == [[0, 1], [2, 5]]
