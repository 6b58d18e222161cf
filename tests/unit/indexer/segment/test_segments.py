"""Paragraphs, sentences and passages: what is joined, what is kept apart, and that no word is lost."""

from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest
import razdel

from indexer.extract.pages import SOFT_HYPHEN, Line, PageText
from indexer.extract.reader import Reader
from indexer.segment.paragraphs import paragraphs
from indexer.segment.passages import ENOUGH, MOST, passages
from indexer.segment.segments import Segment, Spelling, join_hyphenated, language_of, segment
from indexer.segment.sentences import sentences

HERE = Path(__file__).parent
SCORE = {"en": 30, "ru": 30}


def filled(texts: list[str], x: float, y: float, width: float) -> list[Line]:
    """Lines spaced out to a width, as in a narrow column; the last one is not."""
    lines = []
    for i, text in enumerate(texts):
        words = text.split()
        spare = (width - 6 * sum(map(len, words))) / max(1, len(words) - 1) - 4
        gaps = dict.fromkeys(range(1, len(words)), spare if i < len(texts) - 1 else 0.0)
        lines.append(line(text, x, y + 14 * i, gaps=gaps))
    return lines


LEFT = ["prosecutors spoke of", "inquiries into", "theft and of", "how seized goods", "are given back"]
RIGHT = ["the ministry asked for", "a simpler exchange", "of letters", "between all its offices", "within a year"]


def test_the_wide_spaces_of_a_narrow_column_part_no_cells():
    assert texts(page(1, *filled(LEFT, 72, 200, 170))) == [" ".join(LEFT)]


def test_the_gutter_between_two_filled_columns_parts_lines_that_were_drawn_across():
    left, right = filled(LEFT, 72, 200, 170), filled(RIGHT, 72 + 170 + 17, 200, 170)
    across = [
        Line(f"{a.text} {b.text}", (a.box[0], a.box[1], b.box[2], b.box[3]), a.words + b.words)
        for a, b in zip(left, right, strict=True)
    ]
    assert texts(page(1, *across)) == [" ".join(LEFT), " ".join(RIGHT)]


def test_labels_and_numbers_set_to_both_sides_stay_cells():
    rows = [("Osh region", 214), ("Naryn", 9), ("Issyk Kul", 57), ("Talas", 103)]
    lines = []
    for i, (label, number) in enumerate(rows):
        whole = f"{label} {number}"
        last = len(whole.split()) - 1
        gap = 300 - 6 * sum(map(len, whole.split())) - 4 * last
        lines.append(line(whole, 72, 200 + 14 * i, gaps={last: gap}))
    heads = line("Region Cases", 72, 180, gaps={1: 300 - 66 - 4})
    assert "Region Naryn · Cases 9" in texts(page(1, heads, *lines))


def test_a_line_that_begins_with_an_amount_goes_on():
    lines = column("The share grew by", "2.5 per cent in a year and reached", "70.4 per cent of all cases.")
    assert texts(page(1, *lines)) == [
        "The share grew by 2.5 per cent in a year and reached 70.4 per cent of all cases."
    ]


def test_years_and_words_that_a_page_end_breaks_are_joined():
    assert texts(page(1, *column("It was so in 2018-", "2019 and later."))) == ["It was so in 2018-2019 and later."]
    first = page(1, *column("Inquiries into the theft of much money and the recov-", y=600))
    second = page(2, *column("ery of goods go on."))
    assert texts(first, second) == ["Inquiries into the theft of much money and the recovery of goods go on."]


# --- pages made by hand: 6 points a letter, lines 12 high, 14 apart ---------------------------------------------------


def line(text: str, x: float, y: float, height: float = 12.0, gaps: dict[int, float] | None = None) -> Line:
    """A line of print; `gaps` widens the space before the word of that index."""
    words, at = [], x
    for i, token in enumerate(text.split()):
        at += (gaps or {}).get(i, 0.0)
        end = at + len(token) * height / 2
        words.append((at, end))
        at = end + height / 3
    return Line(text, (x, y, words[-1][1], y + height), tuple(words))


def page(number: int, *lines: Line) -> PageText:
    return PageText(number, 595.0, 842.0, lines)


def column(*texts: str, x: float = 72, y: float = 200, step: float = 14, height: float = 12) -> list[Line]:
    return [line(text, x, y + i * step, height) for i, text in enumerate(texts)]


def texts(*pages: PageText, furniture: bool = False) -> list[str]:
    return [s.text for s in segment(pages) if furniture or not s.furniture]


# --- paragraphs ------------------------------------------------------------------------------------------------------


def test_lines_of_a_paragraph_are_joined_and_cut_into_sentences():
    lines = column("The Council met in the morning. It", "adopted the text without a vote.")
    assert texts(page(1, *lines)) == ["The Council met in the morning.", "It adopted the text without a vote."]


def test_a_gap_starts_a_paragraph():
    upper = column("a first paragraph that fills all the line", "and another line that fills all the width")
    lower = column("a second paragraph after a gap of print", y=200 + 14 + 26)
    assert len(texts(page(1, *upper, *lower))) == 2


def test_an_indent_starts_a_paragraph_but_its_second_line_goes_on():
    body = column("this is a line of a paragraph without end", "and one more line of it that goes on to here")
    indented = line("another paragraph begins with an indent", 96, 228)
    after = line("whose second line stands at the left margin", 72, 242)
    assert texts(page(1, *body, indented, after)) == [
        f"{body[0].text} {body[1].text}",
        f"{indented.text} {after.text}",
    ]


def test_a_heading_is_apart_by_its_size_or_by_stopping_early():
    big = line("Chapter heading", 72, 180, height=16)
    small = line("Scope", 72, 202)
    body = column("The present rules apply to every member of", "the organization and to its observers.", y=216)
    assert texts(page(1, big, small, *body))[:2] == ["Chapter heading", "Scope"]


def test_list_items_are_apart_and_their_hanging_lines_are_theirs():
    items = [
        line("The parties shall take note of the following:", 72, 200),
        line("(a) the first item, which is long enough to", 90, 214),
        line("need a second line;", 110, 228),
        line("(b) the second item;", 90, 242),
        line("• a bullet", 90, 256),
    ]
    assert texts(page(1, *items)) == [
        items[0].text,
        f"{items[1].text} {items[2].text}",
        items[3].text,
        items[4].text,
    ]


def test_prose_that_breaks_before_a_number_is_no_list():
    lines = column(
        "the matter is governed in each State by article", "5) of the rules that were adopted by all of them"
    )
    assert len(texts(page(1, *lines))) == 1


def test_cells_of_a_table_are_not_glued_row_by_row():
    rows = [
        line("Country Requests sent", 72, 200, gaps={1: 80, 2: 0}),
        line("Kazakhstan fourteen", 72, 214, gaps={1: 60}),
    ]
    assert "Country Requests" not in " ".join(texts(page(1, *rows)))
    prose = column("it is decided that the above shall apply to each", y=300)
    assert texts(page(1, *rows, *prose))[-1] == prose[0].text


def test_columns_are_read_one_after_the_other():
    left = column("the left column has a sentence that does not", "end before the column does and so goes on in", y=200)
    right = column("the right column where it comes to its end.", "Another sentence stands below it.", x=330, y=200)
    assert texts(page(1, *left, *right)) == [
        " ".join([left[0].text, left[1].text, right[0].text]),
        "Another sentence stands below it.",
    ]


def test_a_raised_note_number_stays_with_its_sentence():
    mark = Line("opportunities. 3 They", (72, 200, 300, 212), ((72, 150), (150, 153), (157, 190)))
    assert texts(page(1, mark)) == ["opportunities. 3", "They"]


# --- pages -----------------------------------------------------------------------------------------------------------


def _over_the_break() -> list[PageText]:
    def furnished(number: int, *body: Line) -> PageText:
        head = line("Report on border security", 200, 30)
        foot = line(f"{number} of 3", 280, 810)
        return page(number, head, *body, foot)

    return [
        furnished(
            1,
            *column(
                "A sentence that begins at the end of page one", "and is not at its end when the page itself is", y=700
            ),
            line("1 A note in small type.", 72, 750, height=9),
        ),
        furnished(2, *column("goes on at the top of page two. A second", "sentence follows it here.", y=80)),
        furnished(3, *column("Another page.", y=80)),
    ]


def test_a_sentence_runs_over_the_break_of_a_page_past_header_footer_and_note():
    segments = segment(_over_the_break())
    (over,) = [s for s in segments if s.text.startswith("A sentence that begins")]
    assert over.text.endswith("goes on at the top of page two.")
    assert over.page == 1
    assert [number for number, _ in over.boxes] == [1, 1, 2]
    assert "1 A note in small type." in [s.text for s in segments]


def test_headers_and_footers_are_furniture_from_their_second_occurrence():
    segments = segment(_over_the_break())
    heads = [(s.page, s.furniture) for s in segments if s.text == "Report on border security"]
    feet = [(s.page, s.furniture) for s in segments if s.text.endswith("of 3")]
    assert heads == feet == [(1, False), (2, True), (3, True)]


# --- words -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("left", "right", "joined"),
    [
        ("recom", "mendation", "recommendation"),
        ("реко", "мендация", "рекомендация"),
        ("Gale", "Church", "Gale-Church"),
        ("COVID", "19", "COVID-19"),
        ("2047", "м", "2047-м"),
        ("как", "либо", "как-либо"),
        ("Unix", "системах", "Unix-системах"),
        ("государству", "участнику", "государству-участнику"),
        ("cross", "border", "cross-border"),
    ],
)
def test_hyphens_at_line_ends(left: str, right: str, joined: str):
    spelling = Spelling(frozenset({"государству-учас", "cross-bord"}))
    assert join_hyphenated(left + SOFT_HYPHEN, right, spelling) == joined


def test_a_document_that_breaks_no_words_keeps_its_hyphens():
    lines = column(
        f"they agreed on a well{SOFT_HYPHEN}", f"defined and long{SOFT_HYPHEN}", "term plan of long-term aid"
    )
    assert texts(page(1, *lines)) == ["they agreed on a well-defined and long-term plan of long-term aid"]


def test_a_hyphen_that_waits_for_a_second_word_stays():
    lines = column("the rules for pre-", "and post-war matters")
    assert texts(page(1, *lines)) == ["the rules for pre- and post-war matters"]


def test_boxes_are_cut_where_a_sentence_begins_or_ends_in_mid_line():
    lines = column("One two. Three", "four five.")
    one, three = segment([page(1, *lines)])
    (start, end) = lines[0].words[1][1], lines[0].words[2][0]
    assert one.boxes == ((1, (72, 200, start, 212)),)
    assert three.boxes == ((1, (end, 200, lines[0].box[2], 212)), (1, lines[1].box))


# --- languages -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("The report was read.", "en"),
        ("Доклад зачитан.", "ru"),
        ("Пакет dpkg-dev содержит dpkg-buildpackage (http://www.example.org/very/long/address).", "ru"),
        ("He met Иванов in Dushanbe on Monday.", "en"),
        ("http://example.org/", "en"),
        ("12.5 — 14", None),
    ],
)
def test_language(text: str, language: str | None):
    assert language_of(text) == language


def test_a_number_takes_the_language_of_what_stands_before_it_or_else_after():
    pages = [page(1, line("12", 72, 100), line("Доклад", 72, 200), line("14", 72, 300), line("Report", 72, 400))]
    assert [s.language for s in segment(pages)] == ["ru", "ru", "ru", "en"]
    assert segment([page(1, line("7", 72, 100))])[0].language == "en"


def test_no_pages_no_segments():
    assert segment([]) == [] == segment([page(1)])
    assert passages([]) == []


# --- sentences: the gold ---------------------------------------------------------------------------------------------


def gold(language: str) -> list[list[str]]:
    blocks = (HERE / f"sentences.{language}.txt").read_text(encoding="utf-8").strip().split("\n\n")
    return [block.split("\n") for block in blocks if not block.startswith("#")]


@pytest.mark.parametrize("language", ["en", "ru"])
def test_gold_sentences(language):
    items = gold(language)
    assert len(items) == 30
    wrong = [(item, got) for item in items if (got := sentences(" ".join(item), language)) != item]
    assert len(items) - len(wrong) >= SCORE[language], wrong


def test_the_gold_is_nasty_enough_to_tell_splitters_apart():
    right = sum([part.text for part in razdel.sentenize(" ".join(item))] == item for item in gold("ru"))
    assert right < SCORE["ru"] - 5


# --- whole documents -------------------------------------------------------------------------------------------------


REAL = [
    "pairs/debian-faq/debian-faq.ru.pdf",
    "pairs/owasp-asvs-4.0.3/owasp-asvs-4.0.3.en.pdf",
    "un/S_2024_145.en.pdf",
    "un/S_2025_22.en.pdf",
]


@pytest.fixture(scope="module", params=REAL)
def real(request, data) -> tuple[tuple[PageText, ...], list[Segment]]:
    with Reader() as reader, (data / request.param).open("rb") as file:
        pages = reader.pages(file)
    return pages, segment(pages)


def _characters(text: str) -> Counter[str]:
    return Counter(c for c in text if not c.isspace() and c not in f"-{SOFT_HYPHEN}")


def test_no_word_is_lost_and_none_is_doubled(real):
    pages, segments = real
    lines = [line for page in pages for line in page.lines]
    letters = sum((_characters(s.text) for s in segments), Counter())
    rows = [[heads for heads in block.heads if heads is not None] for block in paragraphs(pages) if block.heads]
    said_again = " ".join(word for heads in rows for cell in heads for word in cell) + "·" * sum(
        len(r) - 1 for r in rows
    )
    assert letters == sum((_characters(x.text) for x in lines), _characters(said_again))
    inner = Counter(token for x in lines for token in x.text.split()[1:-1])
    assert inner - Counter(token for s in segments for token in s.text.split()) == Counter()
    assert [s.ordinal for s in segments] == list(range(len(segments)))


def test_boxes_lie_on_the_page_where_the_sentence_begins_or_the_next(real):
    pages, segments = real
    for s in segments:
        assert s.boxes[0][0] == s.page
        assert {number for number, _ in s.boxes} <= {s.page, s.page + 1}
        for number, (x0, y0, x1, y1) in s.boxes:
            assert x0 < x1 and y0 < y1
            assert any(y0 == x.box[1] and x.box[0] <= x0 and x1 <= x.box[2] for x in pages[number - 1].lines)


def test_passages_hold_every_segment_once_but_furniture(real):
    _, segments = real
    made = passages(segments)
    sizes = []
    for i, passage in enumerate(made):
        inside = [s for s in segments[passage.first : passage.last + 1] if not s.furniture]
        assert (passage.ordinal, passage.page) == (i, segments[passage.first].page)
        assert not segments[passage.first].furniture and not segments[passage.last].furniture
        sizes.append(sum(len(s.text.split()) for s in inside))
        assert sizes[-1] <= MOST or len(inside) == 1
    between = [
        segments[n]
        for a, b in zip([-1, *(p.last for p in made)], [*(p.first for p in made), len(segments)], strict=True)
        for n in range(a + 1, b)
    ]
    assert all(s.furniture for s in between)
    assert sum(size >= ENOUGH for size in sizes) > 0.8 * len(sizes)
    assert sum(sizes) == sum(len(s.text.split()) for s in segments if not s.furniture)


# --- marks -----------------------------------------------------------------------------------------------------------


def test_a_sentence_has_the_marks_of_its_lines_alone():
    lines = column("The Council met in the morning.", "Members adopted the text without", "a vote in the evening.")
    lines[1] = replace(lines[1], repaired="shift")
    lines[2] = replace(lines[2], confidence=71)
    marks = {s.text: s.marks for s in segment([page(1, *lines)])}
    assert marks == {
        "The Council met in the morning.": (),
        "Members adopted the text without a vote in the evening.": ("repaired:shift", "doubtful", "recognised"),
    }


# --- other languages -------------------------------------------------------------------------------------------------


def test_a_kazakh_paragraph_is_neither_russian_nor_translated_as_such_its_short_sentences_included():
    kazakh = column("Қазақстан Республикасының Үкіметі шешім қабылдап, мәселені", "талқылады. Жұмыс тобы құрылды.")
    russian = column("Делегация представила доклад и ответила на вопросы.", y=400)
    languages = {s.text: s.language for s in segment([page(1, *kazakh, *russian)])}
    assert list(languages.values()) == ["kk", "kk", "ru"]


def test_a_cell_whose_row_has_a_narrow_gap_begins_where_its_neighbours_do():
    rows = [
        ("Prosecutor in the", "Two training"),
        ("capital republicans", "courses were"),
        ("and his bureau", "held there"),
    ]
    lines = []
    for i, cells in enumerate(rows):
        left, right = (line(cell, x, 200 + 14 * i) for cell, x in zip(cells, (72, 195), strict=True))
        box = (72, left.box[1], right.box[2], left.box[3])
        lines.append(Line(" ".join(cells), box, left.words + right.words))
    assert 10 < lines[1].words[2][0] - lines[1].words[1][1] < 1.8 * 12
    assert texts(page(1, *lines)) == [" ".join(a for a, _ in rows), " ".join(b for _, b in rows)]
