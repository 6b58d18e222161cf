"""What two human versions say differently is named by its kind; what only looks different is not."""

from __future__ import annotations

import pytest

from indexer.checks.versions import compared


@pytest.mark.parametrize(
    ("english", "russian", "kind"),
    [
        ("It took 24 days.", "Это заняло 42 дня.", "numbers"),
        ("The meeting of 12 October 2021.", "Совещание 13 октября 2021 года.", "dates"),
        ("See TCE/2021/EM.1/REC/1.", "См. TCE/2021/EM.1/REC/2.", "symbols"),
        ("The experts, meeting in Bishkek, agreed.", "Эксперты, собравшиеся в Алматы, согласились.", "names"),
        ("States shall not transfer them.", "Государства передают их.", "negations"),
        ("States transfer them.", "Государства не передают их.", "negations"),
        ("CONFIDENTIAL", "СЕКРЕТНО", "markings"),
    ],
)
def test_a_difference_is_named(english: str, russian: str, kind: str):
    assert [each.kind for each in compared(english, russian, "en")] == [kind]
    turned = list(compared(russian, english, "ru"))
    assert [(each.kind, each.second, each.first) for each in turned] == [
        (each.kind, each.first, each.second) for each in compared(english, russian, "en")
    ]


@pytest.mark.parametrize(
    ("english", "russian"),
    [
        ("From 14 to 16 May 2024 in Tashkent.", "14–16 мая 2024 г. в Ташкенте."),
        ("On 2021-10-12, 1,500 people.", "12 октября 2021 года 1 500 человек."),
        ("No fewer than three States.", "Не менее трех государств."),
        ("Without a warrant it is invalid.", "Если нет ордера, это недействительно."),
        ("The Ministry of Health of Kyrgyzstan.", "Министерство здравоохранения Кыргызстана."),
        ("Resolution 2178 (2014) of the Council.", "Резолюция 2178 (2014) Совета."),
    ],
)
def test_what_says_the_same_is_no_difference(english: str, russian: str):
    assert list(compared(english, russian, "en")) == []
