"""A Russian verb's partner and noun are told, and no other word is."""

from __future__ import annotations

import pytest

from indexer.analysis.families import MOST, relatives
from indexer.analysis.russian import stem

FAMILIES = [
    *("задерживать задержать задержание", "выявлять выявить выявление", "изымать изъять изъятие"),
    *("допускать допустить допущение", "нарушать нарушить нарушение", "опрашивать опросить", "приходить прийти"),
    *("ввозить ввезти", "передавать передать", "принимать принять принятие", "обсуждать обсудить обсуждение"),
    *("пресекать пресечь", "арестовывать арестовать", "уничтожать уничтожить уничтожение", "убивать убить"),
    *("вербовать завербовать вербовка", "ходить идти", "ездить ехать", "ввозить ввезти ввоз", "уходить уйти уход"),
    *("опрашивать опросить опрос", "обыскивать обыскать обыск", "красть украсть кража", "арестовать арест"),
    *("похищать похитить похищение", "возвращать возвратить возвращение", "спрашивать спросить"),
]


@pytest.mark.parametrize("family", FAMILIES)
def test_each_word_of_a_family_tells_the_others(family: str) -> None:
    words = family.split()
    for word in words:
        assert set(relatives(word)) >= {stem(other) for other in words} - {stem(word)}, word


def test_forms_tell_them_too() -> None:
    assert stem("задерживать") in relatives("задержали") and stem("приходить") in relatives("пришла")


@pytest.mark.parametrize("word", ["вода", "доклад", "здание", "пятый", "water", "21", "", "задержатьщщ"])
def test_other_words_have_none(word: str) -> None:
    assert relatives(word) == ()


def test_they_are_few() -> None:
    assert all(len(relatives(word)) <= MOST for family in FAMILIES for word in [*family.split(), "отделение"])
