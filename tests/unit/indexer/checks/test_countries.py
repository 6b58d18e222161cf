"""Countries are known by their long and short names in any case, and a change of form is told."""

from __future__ import annotations

import pytest

from indexer.checks.countries import _names_in, _rows, forms_differ
from indexer.checks.findings import findings


@pytest.mark.parametrize(
    ("english", "russian", "expected"),
    [
        ("The Kyrgyz Republic ratified it.", "Кыргызская Республика ратифицировала его.", []),
        ("The Kyrgyz Republic ratified it.", "Кыргызстан ратифицировал его.", ["Кыргызская Республика"]),
        ("It was signed by Tajikistan.", "Договор подписан Республикой Таджикистан.", ["Таджикистан"]),
        ("Turkey and the Republic of Kazakhstan met.", "Встретились Турция и Республика Казахстан.", []),
        ("Experts of Iran spoke.", "Выступили иранские эксперты.", []),  # not named at all
        ("Uzbekistan, or the Republic of Uzbekistan, spoke.", "Выступил Узбекистан.", []),
    ],
)
def test_a_long_name_is_answered_by_a_long_one(english: str, russian: str, expected: list[str]) -> None:
    assert [each.expected for each in forms_differ(english, russian, ("en", "ru"))] == expected


def test_every_name_that_ships_is_found_in_a_text() -> None:
    for row in _rows():
        for at, (before, name) in enumerate(zip(("In ", "In ", "В ", "В "), row, strict=True)):
            (found,) = _names_in(f"{before}{name}.", "en" if at < 2 else "ru")
            assert found.form == ("short", "long")[at % 2], name


def test_a_finding_says_what_was_expected_and_where() -> None:
    source = "The Russian Federation took part."
    told = {each.code: each for each in findings(source, "Россия приняла участие.", "en", "ru")}
    assert told["country_form"].about == "Российская Федерация"
    ((start, end),) = told["country_form"].source
    assert source[start:end] == "Russian Federation"
