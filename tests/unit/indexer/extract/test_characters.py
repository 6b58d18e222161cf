"""The gold of hand-checked pages can be remade, and its measures measure."""

import json
import random

import pytest

bench = pytest.importorskip("bench_characters")

GOLD = json.loads(bench.GOLD.read_text(encoding="utf-8"))


def test_what_the_gold_holds():
    languages = [entry["language"] for entry in GOLD]
    assert min(languages.count("en"), languages.count("ru")) >= 10
    assert sum(entry["kind"] in ("columns", "table") for entry in GOLD) >= 4
    assert len({(entry["file"], entry["page"]) for entry in GOLD}) == len(GOLD)


def test_the_gold_can_be_remade(data):
    for entry in GOLD:
        assert len(bench.text_of(entry)) > 500


def test_corrections_are_few_and_short():
    for entry in GOLD:
        assert sum(len(replacement) for _, _, replacement in entry["corrections"]) < 120


def test_the_distance_is_levenshteins():
    chance = random.Random(7)
    for _ in range(300):
        left, right = ("".join(chance.choices("abc", k=chance.randint(0, 9))) for _ in range(2))
        assert bench.distance(left, right) == plain(left, right), (left, right)


def plain(left: str, right: str) -> int:
    row = list(range(len(right) + 1))
    for i, a in enumerate(left, 1):
        last, row[0] = row[0], i
        for j, b in enumerate(right, 1):
            last, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, last + (a != b))
    return row[-1]


def test_words_count_wherever_they_stand():
    assert bench.word_characters("one two three", "three one two") == 1
    assert bench.word_characters("one two three", "three onetwo") == 5 / 11
    assert bench.word_characters("a a b", "a b b") == 2 / 3


def test_all_readings_are_normalised_alike():
    assert bench.normalised("infor\u00ad\nmation  well-\r\nknown\x07 a.\n\nb .......... 12 ______") == (
        "information wellknown a. b 12"
    )
