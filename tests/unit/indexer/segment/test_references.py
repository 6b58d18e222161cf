"""Paragraphs are read with the paper that they are of, in both languages."""

from __future__ import annotations

import pytest

from indexer.segment.references import references, symbols

ONE, TWO = "TCE/2021/EM.1/REC/1", "TCE/2023/EM.2/REC/2"


@pytest.mark.parametrize(
    ("text", "numbers", "symbol"),
    [
        (f"Paragraph 9 of {ONE} says so.", "9", ONE),
        (f"how paragraphs 7, 8 and 9 of {ONE} are applied", "7 8 9", ONE),
        (f"рассмотрев пункты 4–6 документа {ONE}", "4 5 6", ONE),
        (f"(paragraphs 4 to 6 of {ONE})", "4 5 6", ONE),
        (f"вопреки п. 1 документа {ONE}.", "1", ONE),
        (f"не вносить ({ONE}, п. 5).", "5", ONE),
        (f"with the prosecutor ({ONE}, draft paragraph 5), since", "5", ONE),
        (f"Paragraph 9 of the recommendations adopted in Almaty ({ONE}) says", "9", ONE),
        ("(paragraph 3) has become routine", "3", ""),
    ],
)
def test_a_paragraph_and_its_paper(text: str, numbers: str, symbol: str):
    [reference] = references(text)
    assert (sorted(reference.numbers), reference.symbol) == (numbers.split(), symbol)


def test_each_of_two_papers_has_its_own():
    assert [(each.symbol, *each.numbers) for each in references(f"{ONE}, para. 9 {TWO}, para. 8")] == [
        (ONE, "9"),
        (TWO, "8"),
    ]


def test_those_of_the_recommendations_are_told():
    assert [each.recommendations for each in references("led to paragraph 9 of the recommendations.")] == [True]


@pytest.mark.parametrize(
    "text", ["paragraph 4 of the Criminal Code", "paragraph 2 above", "пункт 3 ниже", "the paragraph", "сентябрь 2021"]
)
def test_what_is_of_no_paper_is_left_out(text: str):
    assert references(text) == []


def test_a_wide_range_is_its_ends():
    [reference] = references(f"paragraphs 1–999 of {ONE}")
    assert sorted(reference.numbers) == ["1", "999"]


def test_symbols_without_what_ends_the_sentence():
    assert symbols(f"see ({ONE}). And S/RES/2178 (2014).") == [ONE, "S/RES/2178"]
