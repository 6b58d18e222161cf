"""What a paper recommends, concludes and decides is told from what it narrates, in both languages."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from indexer.segment.recommendations import MOST_POINTS, kind_of_heading, points


@dataclass(frozen=True)
class Line:
    ordinal: int
    text: str
    furniture: bool = False


def told(kind: str, *texts: str) -> list[tuple[str, str, tuple[int, ...]]]:
    lines = [Line(at, text.removeprefix("F:"), text.startswith("F:")) for at, text in enumerate(texts)]
    return [(point.kind, point.number, point.ordinals) for point in points(lines, kind)]


def test_numbered_paragraphs_of_recommendations_with_all_their_sentences():
    paper = (
        "A. Borders",
        "1. States should share lists.",
        "Each list has a date.",
        "B. Courts",
        "2. Judges should ask.",
    )
    assert told("recommendations", *paper) == [("recommendation", "1", (1, 2)), ("recommendation", "2", (4,))]
    assert told("agenda", *paper) == []


def test_operative_paragraphs_of_a_resolution_are_decisions():
    assert told("resolution", "Напоминая о прошлом,", "1. постановляет собраться вновь;") == [("decision", "1", (1,))]


@pytest.mark.parametrize(
    ("heading", "item", "kind"),
    [
        ("VII. Conclusions", "• The list is short.", "conclusion"),
        ("5. Выводы", "- Список короток.", "conclusion"),
        ("Three practical proposals", "1. A room at each airport.", "recommendation"),
        ("Предложения суду", "1. Решать вопрос о надзоре.", "recommendation"),
        ("Agreed steps", "• No entry before June.", "decision"),
        ("Мы сделали три вывода.", "• Первый из них.", "conclusion"),
    ],
)
def test_points_under_a_heading(heading: str, item: str, kind: str):
    [(own, _, ordinals)] = told("report", heading, item, "Figures", "1. Nothing of it.")
    assert (own, ordinals) == (kind, (1,))


@pytest.mark.parametrize(
    ("sentence", "kind"),
    [
        ("5. It was recommended that the cost should be borne by the State.", "recommendation"),
        ("The workshop recommends keeping all the spellings.", "recommendation"),
        ("Эксперты рекомендовали, чтобы обучение вели ученые.", "recommendation"),
        ("Предлагается хранить имя буквами паспорта.", "recommendation"),
        ("10. The workshop concluded that paragraph 9 is accepted.", "conclusion"),
        ("Семинар пришел к выводу, что пункт 9 признан.", "conclusion"),
        ("9. It was agreed that no tool should be used.", "decision"),
        ("Было решено не применять инструмент.", "decision"),
    ],
)
def test_what_a_meeting_says_in_running_text(sentence: str, kind: str):
    assert [point[0] for point in told("report", "Some words before.", sentence)] == [kind]


@pytest.mark.parametrize(
    "sentence",
    [
        "17. The meeting adopted its recommendations by consensus.",
        "Two years ago we agreed on simple things.",
        "Делегациям предлагается направить выступления до 5 октября.",
        "The table gives the figures that delegations presented.",
        "Рекомендации содержатся в документе T/REC/1 и здесь не повторяются.",
    ],
)
def test_narrative_is_none(sentence: str):
    assert told("report", "VII. Closing", sentence) == []


def test_headings_that_speak_of_recommendations_hold_none():
    assert kind_of_heading("VI. Recommendations and closing") is None
    assert kind_of_heading("Подготовка рекомендаций") is None
    assert kind_of_heading("6. Предложения") == "recommendation"


def test_headers_and_footers_are_no_part_of_a_point():
    paper = ("1. One should ask.", "Fictional, page 1", "F:Fictional, page 2", "And be told.")
    assert told("recommendations", *paper) == [("recommendation", "1", (0, 3))]


def test_three_things_that_are_counted_are_one_point():
    assert told("statement", "We therefore suggest two things.", "First, a list.", "Second, a date.", "Thank you.") == [
        ("recommendation", "", (0, 1, 2))
    ]


def test_no_more_points_than_may_be():
    assert len(told("resolution", *(f"{n % 900}. Decides;" for n in range(MOST_POINTS + 5)))) == MOST_POINTS
