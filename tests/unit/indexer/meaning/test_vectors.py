"""Vectors as whole numbers: near the real ones, exact in any order, and compared without their languages' means."""

from __future__ import annotations

import numpy as np
import pytest

from indexer.meaning.texts import LONGEST, cleaned, language_of_query
from indexer.meaning.vectors import ONE, Vectors, whole

CHANCE = np.random.default_rng(7)


def unit(rows: int) -> np.ndarray:
    made = CHANCE.normal(size=(rows, 512))
    made[: rows // 2] += 0.8  # one language lies to one side
    return (made / np.linalg.norm(made, axis=1, keepdims=True)).astype(np.float32)


def vectors(real: np.ndarray, languages: list[str], order: np.ndarray) -> Vectors:
    made = [whole(row) for row in real]
    numbers = np.array([made[at].numbers for at in order])
    return Vectors(numbers, np.array([made[at].scale for at in order], np.int64), [languages[at] for at in order])


def test_a_whole_vector_is_near_the_real_one_and_nothing_but_numbers_is_taken():
    for row in unit(20):
        made = whole(row)
        assert np.abs(made.numbers * (made.scale / ONE) - row).max() < np.abs(row).max() / 200
    for odd in (np.zeros(4), np.array([np.nan, np.inf, -np.inf, 0.0])):
        assert not whole(odd.astype(np.float32)).numbers.any()


def test_likenesses_are_cosines_without_the_means_of_languages():
    real, languages = unit(600), ["en"] * 300 + ["ru"] * 300
    asked = real[3]
    found = vectors(real, languages, np.arange(600)).likenesses(whole(asked), "en")
    means = np.array([real[:300].sum(axis=0) / 308] * 300 + [real[300:].sum(axis=0) / 308] * 300)
    centred, query = real - means, asked - means[0]
    expected = centred @ query / (np.linalg.norm(centred, axis=1) * np.linalg.norm(query))
    assert np.abs(found - expected).max() < 0.01
    assert found.argmax() == 3


def test_likenesses_are_the_same_to_the_last_bit_in_any_order():
    real, languages = unit(5_000), ["en"] * 2_500 + ["ru"] * 2_500
    asked = whole(real[9])
    straight = vectors(real, languages, np.arange(5_000)).likenesses(asked, "ru")
    order = CHANCE.permutation(5_000)
    assert (vectors(real, languages, order).likenesses(asked, "ru") == straight[order]).all()


@pytest.mark.parametrize("rows", [1, 2])
def test_of_few_passages_each_keeps_a_direction(rows: int):
    real = unit(8)[:rows]
    found = vectors(real, ["en"] * rows, np.arange(rows)).likenesses(whole(real[0]), "en")
    assert found[0] > 0.99


def test_no_vectors_are_like_nothing():
    empty = Vectors(np.zeros((0, 512), np.int8), np.zeros(0, np.int64), [])
    assert len(empty.likenesses(whole(unit(2)[0]), "en")) == 0


def test_a_text_is_cleaned_before_it_is_encoded():
    assert cleaned("a\x00b\ud800c\tﬁne\n Ⅳ") == "a b c fine IV"
    assert cleaned("\ufdfa").count("\ufdfa") == 0
    assert len(cleaned("\ufdfa" * LONGEST)) <= LONGEST
    cleaned("\ufdfa" * LONGEST + "\udfff").encode()


@pytest.mark.parametrize(("text", "language"), [("the border", "en"), ("граница OSCE", "ru"), ("2015", "en")])
def test_a_question_is_in_the_language_of_most_of_its_letters(text: str, language: str):
    assert language_of_query(text) == language
