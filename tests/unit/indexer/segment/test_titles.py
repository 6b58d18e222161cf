"""A paper's title and symbol, off its first page: never its letterhead."""

import pytest

from indexer.extract.pages import SOFT_HYPHEN, Line, LineKind, PageText
from indexer.segment.titles import LONGEST_TITLE, first_page

Printed = tuple[str, float, float, float, bool]  # text, left, top, size, bold


def line(text: str, left: float, top: float, size: float = 12, bold: bool = False, **more) -> Line:
    words = text.split()
    edges = tuple((left + 30 * i, left + 30 * i + 25) for i in range(len(words)))
    return Line(text, (left, top, edges[-1][1], top + size), edges, fonts=(3 if bold else 2,) * len(words), **more)


def page(*lines: Line, number: int = 1) -> PageText:
    return PageText(number, 595.0, 842.0, lines)


BODY = [
    line("The Committee considered the report at its meetings and adopted it.", 120, 340 + 14 * i) for i in range(20)
]
LETTERHEAD = [
    line("United Nations S/2025/999", 120, 42, 19),
    line("Security Council", 120, 72, 24, True),
    line("Distr.: General", 397, 77),
    line("29 January 2025", 397, 89),
    line("Original: English", 397, 113),
]


def test_a_letterhead_is_no_title_and_holds_the_symbol():
    title = [
        line("Letter dated 24 January 2025 from the Chair of the", 120, 212, 14.4, True),
        line("Committee addressed to the President of the", 120, 226, 14.4, True),
        line("Security Council", 120, 240, 14.4, True),
    ]
    told = first_page([page(*LETTERHEAD, *title, *BODY)])
    assert told.symbol == "S/2025/999"
    assert (
        told.title == "Letter dated 24 January 2025 from the Chair of the Committee addressed to the President of the "
        "Security Council"
    )


def test_a_letterhead_without_its_block_is_none_either():
    lines = [
        line("Организация Объединенных Наций", 120, 40, 18, True),
        line("Генеральная Ассамблея", 120, 70, 24, True),
        line("Семьдесят девятая сессия", 60, 120, 12, True),
        line("12 марта 2025 года", 60, 134),
        line("Доклад о положении дел", 120, 200, 14, True),
    ]
    assert first_page([page(*lines, *BODY)]).title == "Доклад о положении дел"


@pytest.mark.parametrize(
    ("lines", "title"),
    [
        ([line("Guide", 200, 323, 20, True), line("May 31, 2022", 275, 401, 14)], "Guide"),
        ([line("Release 14.17", 400, 60, 30), line("Reference", 160, 107, 29)], "Reference"),
        ([line(f"Counter{SOFT_HYPHEN}", 100, 100, 20), line("terrorism*", 100, 122, 20), *BODY], "Counterterrorism"),
        (
            [line("RESTORATION OF RIGHTS", 110, 280), line("Recalling the Charter, decides as follows:", 60, 320)],
            "RESTORATION OF RIGHTS",
        ),
        ([line("2025-01-02", 60, 60, 20), line("17", 60, 90, 20), line("A/79/998", 60, 120, 20)], ""),
        ([line("at the foot", 60, 800, 30)], ""),
    ],
)
def test_size_weight_and_place_tell_the_title(lines, title):
    assert first_page([page(*lines)]).title == title


def test_what_is_turned_filled_in_or_on_no_page_is_no_title():
    stamp = line("RECEIVED", 60, 60, 40, True, turn=90)
    value = line("Salima Akhmetova", 60, 60, 40, True, kind=LineKind.FIELD)
    assert first_page([page(stamp, value, line("Request", 60, 100), number=1)]).title == "Request"
    assert first_page([page(), page(line("Report", 60, 100), number=2)]).title == "Report"
    assert first_page([]).title == first_page([page()]).title == ""


def test_a_title_has_a_longest_length():
    long = [line("word " * 12, 60, 60 + 22 * i, 20, True) for i in range(20)]
    assert 0 < len(first_page([page(*long)]).title) <= LONGEST_TITLE


@pytest.mark.parametrize(
    ("text", "symbol"),
    [
        ("S/RES/2178 (2014)", "S/RES/2178"),
        ("A/79/998-S/2025/531", "A/79/998-S/2025/531"),
        ("CEDAW/C/CAF/CO/6", "CEDAW/C/CAF/CO/6"),
        ("PC.DEC/1063", "PC.DEC/1063"),
        ("and/or", ""),
        ("TCP/IP", ""),
        ("As was said in A/79/1 and in many other papers of the session, members agreed", ""),
    ],
)
def test_symbols(text, symbol):
    assert first_page([page(line(text, 300, 42), *BODY)]).symbol == symbol


@pytest.mark.parametrize(
    ("lines", "title"),
    [
        (
            [
                line("МИНИСТЕРСТВО ЮСТИЦИИ", 120, 40, 14, True),
                line("ПРИКАЗ", 200, 90, 14, True),
                line("от 12 марта 2019 года № 217", 120, 110),
                line("О возврате имущества", 120, 140, 12, True),
            ],
            "ПРИКАЗ О возврате имущества",
        ),
        (
            [
                line("УКАЗ", 200, 40, 16, True),
                line("ПРЕЗИДЕНТА РЕСПУБЛИКИ", 120, 70, 12, True),
                line("О мерах против хищений", 120, 100, 12, True),
            ],
            "УКАЗ ПРЕЗИДЕНТА РЕСПУБЛИКИ О мерах против хищений",
        ),
        (
            [
                line("MINISTRY OF JUSTICE", 120, 40, 12, True),
                line("MEMORANDUM", 120, 70, 14, True),
                line("To: All departments", 60, 100),
                line("Subject: Exchange of requests", 60, 114),
            ],
            "Exchange of requests",
        ),
        (
            [line("COUNCIL OF THE UNION", 120, 40, 13, True), line("Strategy for Central Asia", 120, 80, 12.5, True)],
            "Strategy for Central Asia",
        ),
        (
            [line("Ministry of Justice: annual report 2019", 120, 40, 20, True)],
            "Ministry of Justice: annual report 2019",
        ),
        ([line("DECREE", 200, 40, 16, True), line("Article 1. General rules apply", 60, 90)], "DECREE"),
    ],
)
def test_a_body_is_no_title_and_the_kind_of_a_paper_is_not_all_of_it(lines, title):
    assert first_page([page(*lines, *BODY)]).title == title


def test_a_line_under_a_title_that_names_the_language_is_no_letterhead():
    lines = [
        line("Report of the first meeting", 68, 107, 19),
        line("22 November 2021 · Original: English", 68, 169),
        line("I. Introduction", 68, 211, 14),
    ]
    assert first_page([page(*lines, *BODY)]).title == "Report of the first meeting"


def test_of_prose_without_a_title_the_first_sentence_is_taken():
    lines = [line("The seminar opened in the morning. " + "Officers spoke of much else. " * 8, 60, 60)]
    assert first_page([page(*lines)]).title == "The seminar opened in the morning."
