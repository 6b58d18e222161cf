"""What a word may stand for: several readings at one place, and no more than belong to it."""

from __future__ import annotations

import pytest
from finding import surnames

from indexer.analysis.tokens import MOST_OTHERS, tokens


def meet(one: str, other: str) -> bool:
    """Whether one text's words find the other's, each at its place."""
    places = [[set(token.readings) for token in tokens(text)] for text in (one, other)]
    return len(places[0]) == len(places[1]) and all(a & b for a, b in zip(*places, strict=True))


@pytest.mark.parametrize(("kind", "least"), [("russian", 231), ("central asian", 72)])
def test_every_form_of_a_surname_is_found_and_no_other_name(kind: str, least: int) -> None:
    names = surnames.surnames(kind)
    assert len(names) >= least
    assert surnames.meeting(names) >= 0.98
    assert surnames.joined(names) <= 0.01


@pytest.mark.parametrize("kind", ["russian", "central asian"])
def test_a_surname_in_small_letters_finds_it_too(kind: str) -> None:
    pairs = [(name.lower(), form) for name in surnames.surnames(kind) for form in surnames.forms(name)]
    assert sum(meet(name, form) for name, form in pairs) / len(pairs) >= 0.98


def test_the_forms_are_those_of_grammars() -> None:
    assert surnames.forms("Жуков") == [
        "Жуков",
        "Жукова",
        "Жукову",
        "Жуковым",
        "Жукове",
        "Жуковой",
        "Жуковы",
        "Жуковых",
        "Жуковыми",
    ]
    assert surnames.forms("Горский")[1:4] == ["Горского", "Горскому", "Горским"]
    assert surnames.forms("Толстой")[5:] == ["Толстая", "Толстую", "Толстые", "Толстых"]
    assert surnames.forms("Новак")[3:6] == ["Новаком", "Новаке", "Новаки"]


def test_ordinary_words_do_not_become_names() -> None:
    for one, other in [("миров", "мировой"), ("правов", "правовых"), ("годов", "годовых")]:
        assert not meet(one, other)
    assert all(not key.startswith("~") for token in tokens("по вопросам мировой политики") for key in token.readings)


@pytest.mark.parametrize(
    ("form", "lemmas"),
    [("стали", ["сталь", "стать"]), ("суда", ["суд", "судно"]), ("белку", ["белка", "белок"]), ("вина", ["вино"])],
)
def test_a_form_of_two_words_finds_both(form: str, lemmas: list[str]) -> None:
    assert all(meet(form, lemma) for lemma in lemmas)


def test_a_lemma_of_few_uses_is_no_reading() -> None:
    assert not meet("дела", "деть")


def test_readings_differ_and_are_few() -> None:
    for token in tokens("Токаев, Стали и СУДА; Керим Белых банки мыла пилы Толстой Ҷамолов"):
        assert len(set(token.readings)) == len(token.readings) <= MOST_OTHERS + 1
        assert all(len(key) <= 64 and not set(key) & set(' |"') for key in token.readings)
