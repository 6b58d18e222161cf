"""A sentence too long for a model is cut at the best place near the middle, and loses nothing but spaces."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.translate.pieces import pieces


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("short", ["short"]),
        ("one two, three four; five six seven", ["one two, three four;", "five six seven"]),
        ("one two three, four five six seven", ["one two three,", "four five six seven"]),
        ("one two three — four five six seven", ["one two three —", "four five six seven"]),
        ("one two three four five six seven", ["one two three", "four five six seven"]),
        ("to; three four five six seven eight", ["to; three four", "five six seven eight"]),
        ("onetwothreefourfivesixseven", ["onetwothreefo", "urfivesixseven"]),
    ],
)
def test_the_best_place_is_taken(text, parts):
    assert pieces(text, lambda piece: len(piece) <= 20) == parts


@given(st.text(alphabet="ab ,;.—\n", max_size=200), st.integers(1, 40))
def test_nothing_is_lost_and_everything_fits(text, most):
    parts = pieces(text, lambda piece: len(piece) <= most)
    assert "".join("".join(parts).split()) == "".join(text.split())
    assert all(len(piece) <= most for piece in parts)
