"""Spellings of one name share a key in either script; other names mostly have others, and ordinary words have none."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from indexer.analysis.names import known
from indexer.analysis.names.keys import KNOWN, MARK, MOST
from indexer.analysis.names.spelling import LONGEST, MOST_WAYS
from indexer.analysis.names.spelling import keys as spelling_keys
from indexer.analysis.tokens import MOST_OTHERS, tokens

DATA = Path(known.__file__).with_name("data")


def keys(text: str) -> set[str]:
    return {key for token in tokens(text) for key in token.others if key.startswith(MARK)}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Vasilenko", "Василенко"),
        ("Vasilenko", "Wasilenko"),
        ("Uajanov", "Уажанов"),
        ("Zhaparov", "Japarov"),
        ("Жапаров", "Dzhaparov"),
        ("Джапаров", "Japarov"),
        ("Qosimov", "Касымов"),
        ("Şaripov", "Шарипов"),
        ("Shcherbakov", "Щербаков"),
        ("Yusupov", "Jusupov"),
        ("Xamidov", "Хамидов"),
        ("Abdullah", "Абдулла"),
        ("Мирзиёев", "Mirziyoyev"),
        ("Жәнібек", "Zhanibek"),
    ],
)
def test_letters_alone_tell_most_spellings(one: str, other: str) -> None:
    assert not set(spelling_keys(one)).isdisjoint(spelling_keys(other))
    assert not keys(one).isdisjoint(keys(other))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Khodzhent", "Худжанд"),
        ("Khujand", "Leninabad"),
        ("Hughes", "Хьюз"),
        ("Frunze", "Бишкек"),
        ("Усть-Каменогорск", "Oskemen"),
        ("Kazakhstan", "Қазақстан"),
        ("Gazagystan", "Казахстан"),
        ("United Kingdom", "Великобритания"),
        ("January", "Қаңтар"),
    ],
)
def test_tables_tell_what_letters_do_not(one: str, other: str) -> None:
    assert any(key.lstrip("+").startswith(KNOWN) for key in keys(one) & keys(other))


@pytest.mark.parametrize(
    ("name", "cases"),
    [
        ("Василенко", "Василенко"),
        ("Токаев", "Токаева Токаеву Токаевым Токаеве Токаевой"),
        ("Худжанд", "Худжанда Худжанду Худжандом Худжанде"),
        ("Караганда", "Караганды Караганде Караганду Карагандой"),
        ("Хьюз", "Хьюза Хьюзом"),
        ("Вышинский", "Вышинского Вышинскому Вышинским Вышинская"),
    ],
)
def test_cases_of_russian_share_the_key(name: str, cases: str) -> None:
    for case in cases.split():
        assert not keys(name).isdisjoint(keys(case)), case


def test_months_have_their_key_in_small_letters_where_russian_writes_them_so() -> None:
    assert KNOWN + "m1" in keys("в январе")
    assert KNOWN + "m1" in keys("January") and not keys("january")
    assert not keys("may march")


@pytest.mark.parametrize(
    ("one", "other"),
    [("Котов", "Катанов"), ("Токаев", "Ткачёв"), ("Karimov", "Каримбаев"), ("Kim", "Кам"), ("Osh", "Аша")],
)
def test_other_names_have_other_keys(one: str, other: str) -> None:
    assert keys(one).isdisjoint(keys(other))


@pytest.mark.parametrize("text", ["Граница", "границы", "border", "The", "2015", "S/2178", "İ", "Ъ", "''", "中国"])
def test_what_is_no_name_has_no_key(text: str) -> None:
    assert not keys(text)


def test_keys_stay_within_their_bounds() -> None:
    for text in ("Xxjjxxjjxxjj" * 20, "Джжшщ" * 50, "Jj-Xx-Jx-Xj", "A" * 5000, "Нур-Султан", "Ььъ" * 20):
        for token in tokens(text):
            assert len(token.others) <= MOST_OTHERS
            assert all(len(key) <= 2 * LONGEST and not re.search(r"[\s|:=#]", key) for key in token.readings)
    assert len(spelling_keys("Xjxjxjxj")) <= MOST_WAYS
    assert all(len([k for k in token.others if k.startswith(MARK)]) <= MOST for token in tokens("Xjxjxjxj Jena"))


@pytest.mark.parametrize("file", ["ours.tsv", "places.tsv", "words.tsv"])
def test_each_line_is_a_key_and_different_spellings(file: str) -> None:
    lines = (DATA / file).read_text(encoding="utf-8").splitlines()
    split = [line.split("\t") for line in lines]
    assert all(len(fields) == 2 and re.fullmatch("[a-z0-9]+", fields[0]) for fields in split)
    assert len({key for key, _ in split}) == len(split) > 200
    for _, spellings in split:
        names = spellings.split("|")
        assert len(set(names)) == len(names)
        assert all(re.fullmatch(r"[A-Za-zÀ-ʯḀ-ỿʻ-ʿ'’ .-]+|[Ѐ-ӿ'’ .-]+", name) for name in names), names


def test_the_tables_are_no_larger_than_they_may_be() -> None:
    assert sum(path.stat().st_size for path in DATA.iterdir()) < 2_000_000


def test_every_place_of_central_asia_by_its_older_names() -> None:
    for older, now in (
        ("Leninabad", "Khujand"),
        ("Алма-Ата", "Almaty"),
        ("Чимкент", "Shymkent"),
        ("Нур-Султан", "Astana"),
    ):
        assert not keys(older).isdisjoint(keys(now)), older
