"""The first date of a text in either language, written out in full; what could be read two ways is left alone."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.segment.dates import first_date

DAY = date(2024, 5, 7)
ENGLISH = "January February March April May June July August September October November December"
RUSSIAN = "января февраля марта апреля мая июня июля августа сентября октября ноября декабря"
MONTHS = {"en": ENGLISH.split(), "ru": RUSSIAN.split()}


@pytest.mark.parametrize(
    "text",
    [
        "7 May 2024",
        "07 May 2024",
        "7 May, 2024",
        "May 7, 2024",
        "MAY 7, 2024",
        "2024-05-07",
        "07.05.2024",
        "7 мая 2024 года",
        "7 МАЯ 2024 г.",
        "«7»\nмая 2024 and then 7\n мая\n2024",
        "Geneva, 7 May 2024 (morning)",
        "held on 1 Febuary 2023, issued 7 May 2024",
    ],
)
def test_a_date_is_read_however_it_is_written(text: str) -> None:
    assert first_date(text) == DAY


@pytest.mark.parametrize("language", MONTHS)
@pytest.mark.parametrize("month", range(1, 13))
def test_every_month_of_both_languages_is_known(language: str, month: int) -> None:
    assert first_date(f"on 9 {MONTHS[language][month - 1]} 1999") == date(1999, month, 9)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "no date at all",
        "5/7/2024",
        "05/07/24",
        "7 May 24",
        "May 2024",
        "7 May 1824",
        "7 May 2124",
        "5.7.2024",
        "2024.05.07",
        "31 February 2024",
        "32 May 2024",
        "0 May 2024",
        "2024-13-01",
        "31.04.2024",
        "17 Mayor 2024",
        "A/79/998",
        "12024-05-07",
        "2024-05-071",
    ],
)
def test_what_is_no_whole_date_or_could_be_two_is_left_alone(text: str) -> None:
    assert first_date(text) is None


def test_the_first_of_several_counts_and_an_impossible_one_is_passed_over() -> None:
    assert first_date("of 07.05.2024, replacing 1 January 2020 and 2019-01-01") == DAY
    assert first_date("31 February 2020, then 7 May 2024") == DAY
    assert first_date("2024-05-07 to 9 May 2024") == DAY


@pytest.mark.parametrize("letters", ["1 ſeptember 2020", "1 auguſt 2020", "1 ᲃентября 2020", "1 авгуᲃта 2020"])
def test_a_letter_that_only_looks_like_one_of_the_month_breaks_nothing(letters: str) -> None:
    assert first_date(letters) in (date(2020, 9, 1), date(2020, 8, 1))


pieces = st.sampled_from(
    [*MONTHS["en"], *MONTHS["ru"], "1", "31", "2024", "1999", "-", ".", ",", " ", "٣", "ſeptember"]
)


@settings(deadline=None)
@given(st.text() | st.lists(pieces, max_size=12).map(" ".join) | st.lists(pieces, max_size=12).map("".join))
def test_no_text_whatever_is_an_error(text: str) -> None:
    day = first_date(text)
    assert day is None or 1900 <= day.year <= 2099
