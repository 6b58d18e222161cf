"""What may be wrong with a translation is named with its place, and what is right is left alone."""

from __future__ import annotations

import pytest

from indexer.checks import likeness, negation, quantities, signs
from indexer.checks.findings import CheckFinding, findings
from indexer.checks.translation_checks import doubts, issues

SOURCE = "The committee did not approve the budget of 12 million dollars on 5 September 2019."
ПЕРЕВОД = "Комитет не утвердил бюджет в размере 12 миллионов долларов 5 сентября 2019 года."


def found(translation: str, source: str = SOURCE) -> dict[str, CheckFinding]:
    return {each.code: each for each in findings(source, translation, "en", "ru")}


def test_a_right_translation_is_left_alone_in_both_directions() -> None:
    assert found(ПЕРЕВОД) == {}
    assert findings(ПЕРЕВОД, SOURCE, "ru", "en") == []


@pytest.mark.parametrize(
    ("translation", "code"),
    [
        ("", "empty"),
        (SOURCE, "copied"),
        (ПЕРЕВОД.replace("12", "13"), "numbers"),
        (ПЕРЕВОД.replace("сентября", "октября"), "dates"),
        (ПЕРЕВОД.replace("не ", ""), "negation_lost"),
        (ПЕРЕВОД.replace("Комитет", "Кoмитет"), "look_alikes"),  # a Latin o
        (ПЕРЕВОД.replace("бюджет", "бюджет бюджет"), "doubled"),
        (ПЕРЕВОД.replace("бюджет", "бюджет («проект"), "brackets"),
        (ПЕРЕВОД.replace("года.", "года?"), "end"),
        ("Наутро над тихой рекою поднялся густой белый туман и запели первые птицы.", "unrelated"),
        ("Комитет не утвердил.", "incomplete"),
    ],
)
def test_what_is_wrong_is_named(translation: str, code: str) -> None:
    assert code in found(translation)


def test_a_negation_that_came_in_is_named() -> None:
    assert "negation_added" in found("Комитет не утвердил бюджет.", "The committee approved the budget.")


def test_a_name_alone_may_stay_as_it_is_and_a_word_may_not() -> None:
    assert "same_as_source" in found("Budget", "Budget")
    assert found("2019", "2019") == {}


def test_numbers_say_which_differ_so_that_another_is_another_finding() -> None:
    one, other = (found(ПЕРЕВОД.replace("12", number))["numbers"] for number in ("13", "14"))
    assert (one.about, other.about) == ("12 | 13", "12 | 14")
    assert [SOURCE[start:end] for start, end in one.source] == ["12"]


@pytest.mark.parametrize(
    ("source", "translation", "units"),
    [
        ("It grew by 5%.", "Он вырос на 5 процентов.", []),
        ("It grew by 5 per cent.", "Он вырос на 5 долларов.", ["dollar", "percent"]),
        ("It cost $5.", "Это стоило 5 евро.", ["dollar", "euro"]),
        ("It cost $5.", "Это стоило 5 долл. США.", []),
    ],
)
def test_units_that_stand_with_a_number_stand_in_both(source: str, translation: str, units: list[str]) -> None:
    assert quantities.units_differ(source, translation, "en", "ru") == units


def test_months_in_digits_answer_for_months_in_words() -> None:
    assert quantities.months_differ("On 5 July 2019.", "05.07.2019.", "en", "ru") == []
    assert quantities.months_differ("On 5 July 2019.", "5 июня 2019 года.", "en", "ru") == ["6", "7"]


def test_russian_denies_its_verb_even_after_never() -> None:
    assert negation.lost("They never came.", "Они никогда приходили.", "en", "ru")
    assert not negation.lost("They never came.", "Они никогда не приходили.", "en", "ru")


def test_a_word_of_the_source_in_its_own_letters_is_no_look_alike() -> None:
    assert signs.mixed("The iOS a-team.", "Команда iOS.", "ru") == ()
    assert signs.mixed("And so on.", "Это a то.", "ru") == ((4, 5),)


def test_words_are_answered_by_meaning_and_names_by_sound() -> None:
    answered = likeness.answered("The ministers met in Tashkent.", "Министры встретились в Ташкенте.", "en")
    assert all(answered.words) and len(answered.words) == 3
    assert likeness.answered("The ministers met in Tashkent.", "Погода была ясной.", "en").longest_gap == 3


def test_the_machine_is_doubted_for_the_first_of_the_same_reasons() -> None:
    wrong = ПЕРЕВОД.replace("12", "13") * 4
    every = list(doubts(SOURCE, wrong, "en", "ru"))
    assert len(every) > 1 and issues(SOURCE, wrong, "en", "ru") == every[0]
    assert {each.code for each in findings(SOURCE, wrong, "en", "ru")} >= set(every)


def test_a_text_without_end_is_looked_at_in_bounded_time() -> None:
    assert findings("word " * 50_000, "слово " * 50_000, "en", "ru") == []
