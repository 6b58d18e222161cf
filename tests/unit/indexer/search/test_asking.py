"""Asking: long texts are weighed inside the scope, and where nothing is found what may have been meant is."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from factories import agency, fresh, label, pdf, person, principal, take
from sqlalchemy import select

from indexer.engine import budget
from indexer.engine.contract import Request
from indexer.library.tables import DocumentRow
from indexer.search.asking import Asking, Outcome
from indexer.search.keyboard import in_other_layout
from indexer.search.parse import MOST_PARTS, parse
from indexer.search.places import PlaceCounts
from indexer.search.query.spelling import beginnings, distance, nearest, nearest_in_other_form
from services.components import Components

FILLER = ["the meeting of the committee adopted its report and thanked the chair for the work"] * 6


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Components]:
    """Ann of A reads everything; bob of B what is released to B."""
    opened = fresh(tmp_path_factory.mktemp("asking") / "home")
    for code, username in (("A", "ann"), ("B", "bob")):
        agency(opened, code)
        person(opened, username, code, ["expert", "registrar"] if code == "A" else ["expert"])
    own, open_to_b = label(opened, "A", releasable_to="A"), label(opened, "A", releasable_to="A,B")
    take(opened, pdf("children of returnees in camps", *FILLER), open_to_b)
    take(opened, pdf("returnees wait at the border", "children are asked nothing", *FILLER), open_to_b)
    take(opened, pdf("zeppelins carry xylophones over the border", *FILLER), own)
    opened.worker().run()
    with opened.database.session() as session:
        for row in session.scalars(select(DocumentRow)):
            in_camps = "camps" in row.title_en
            row.title_en = "On returnees in camps" if in_camps else "At the border"
            row.symbol = "A/75/729" if in_camps else ""
    yield opened
    opened.close()


def outcome(archive: Components, text: str, username: str = "bob", every: bool = False) -> Outcome:
    somebody = principal(archive, username)
    assert somebody
    parsed = parse(text, every)
    return Asking(archive.database, archive.engine, somebody, PlaceCounts()).outcome(parsed, Request(parsed.query))


def codes(asked: Outcome) -> list[str]:
    return [said.code for said in asked.parsed.notes]


@pytest.mark.parametrize(
    ("typed", "instead", "code"),
    [
        ("childern", "children", "spelling"),
        ("thnak", "thanked", "spelling"),
        ("hcildren", "children", "spelling"),
        ("cildren", "children", "spelling"),
        ("childern -zeppelin", "children -zeppelin", "spelling"),
        ("returnes && childern", "returnees && children", "spelling"),
        ("сршдвкут", "children", "keyboard"),
        ("сршдвкут куегктууы", "children returnees", "keyboard"),
    ],
)
def test_where_nothing_is_found_what_was_meant_is_searched_and_said(
    archive: Components, typed: str, instead: str, code: str
) -> None:
    asked = outcome(archive, typed)
    assert asked.results.answer.total > 0
    assert codes(asked) == [code]
    assert asked.parsed.notes[0].parameters == {"text": typed, "instead": instead}


@pytest.mark.parametrize(
    ("typed", "total"),
    [
        ("title:camps", 1),
        ("border title:camps", 1),
        ("-title:camps children", 1),
        ('title:"returnees in camps"', 1),
        ("title:children", 0),
        ("symbol:A/75/729", 1),
        ("symbol:A/75/730", 0),
        ("символ:A/75 children", 1),
        ("title:zeppelins", 0),
    ],
)
def test_a_title_and_a_symbol_are_searched_by_themselves(archive: Components, typed: str, total: int) -> None:
    assert outcome(archive, typed).results.answer.total == total


def test_what_was_found_in_a_title_is_marked_there(archive: Components) -> None:
    (hit,) = outcome(archive, "title:camps").results.hits
    sides = [side for passage in hit.passages for side in passage.sides.values()]
    assert "camps" in [side.text[start:end] for side in sides for start, end in side.highlights]


@pytest.mark.parametrize("typed", ["zepelins", "zeppelins", "яуззудшты", "xylophone"])
def test_words_that_one_may_not_read_help_nobody(archive: Components, typed: str) -> None:
    asked = outcome(archive, typed)
    assert (asked.results.answer.total, codes(asked), asked.offers) == (0, [], ())
    assert outcome(archive, typed, "ann").results.answer.total == 1


@pytest.mark.parametrize("typed", ['"childern"', "=childern", "chil", "childern2", "xqzjk", "сршдвкут*"])
def test_what_was_meant_as_it_stands_is_left_so(archive: Components, typed: str) -> None:
    asked = outcome(archive, typed)
    assert (asked.results.answer.total, codes(asked)) == (0, [])


def test_what_is_found_is_not_mended(archive: Components) -> None:
    assert codes(outcome(archive, "childern border")) == []


@pytest.mark.parametrize(
    ("typed", "every", "offer", "total"),
    [
        ("camps AND border", False, "camps border", 2),
        ("camps border", True, "camps border", 2),
        ('"children returnees"', False, "children returnees", 2),
        ("+camps +border -chair", False, "camps border", 2),
    ],
)
def test_fewer_words_are_offered(archive: Components, typed: str, every: bool, offer: str, total: int) -> None:
    asked = outcome(archive, typed, every=every)
    assert asked.results.answer.total == 0
    assert [(each.kind, each.query, each.total) for each in asked.offers] == [("fewer", offer, total)]


@pytest.mark.parametrize(
    ("typed", "forms", "total"),
    [
        ("ch?ldren", "children", 2),
        ("ret*ees", "returnees", 2),
        ("childern~", "children", 2),
        ("childern~1 && camps", "children", 1),
        ("-ch?ldren", "children", 0),
        ("bor*?r", "border", 1),
    ],
)
def test_signs_for_letters_stand_for_live_words(archive: Components, typed: str, forms: str, total: int) -> None:
    asked = outcome(archive, typed)
    assert asked.results.answer.total == total
    assert [(said.code, said.parameters["forms"]) for said in asked.parsed.notes] == [("like_searched", forms)]


@pytest.mark.parametrize("typed", ["zep*lins", "zeppelims~", "xyl?phones"])
def test_signs_for_letters_stand_for_nothing_that_one_may_not_read(archive: Components, typed: str) -> None:
    asked = outcome(archive, typed)
    assert (asked.results.answer.total, codes(asked)) == (0, ["like_nothing"])
    assert outcome(archive, typed, "ann").results.answer.total == 1


def test_help_that_costs_too_much_is_left_out(archive: Components, monkeypatch: pytest.MonkeyPatch) -> None:
    assert outcome(archive, "childern").results.answer.total
    monkeypatch.setattr(budget, "MOST_POSTINGS", 0)
    assert outcome(archive, "childern").results.answer.total == 0


def test_of_a_long_text_the_words_are_weighed_inside_the_scope(archive: Components) -> None:
    """What is rare here and common elsewhere is kept, and what nobody here wrote is left out."""
    absent = [f"absent{'abcdefghij'[at % 10]}{'klmnopqrst'[at // 10]}" for at in range(MOST_PARTS + 20)]
    asked = outcome(archive, " ".join([*absent, "xylophones", "camps", "border"]))
    texts = {part.text for part in asked.parsed.parts}
    assert {"camps", "border"} <= texts
    assert codes(asked) == ["heaviest_words"]
    assert asked.results.answer.total == 2
    assert "xylophones" not in texts
    assert "xylophones" in {part.text for part in outcome(archive, asked.parsed.text, "ann").parsed.parts}


@pytest.mark.parametrize(
    ("one", "other", "letters"),
    [
        ("", "", 0),
        ("abc", "abc", 0),
        ("abc", "acb", 1),
        ("abc", "ab", 1),
        ("abc", "xbc", 1),
        ("childern", "children", 1),
        ("abcd", "badc", 2),
        ("abc", "xyz", 3),
    ],
)
def test_letters_that_differ_are_counted(one: str, other: str, letters: int) -> None:
    assert distance(one, other, 3) == distance(other, one, 3) == letters
    if letters:
        assert distance(one, other, letters - 1) == letters


def test_the_nearest_form_is_the_first_of_several() -> None:
    assert nearest("camps", ["clamps", "camp", "campus"]) == "clamps"
    assert nearest("cat", ["car"]) is None
    assert "ch" in beginnings("hcildren")


@pytest.mark.parametrize(
    ("typed", "forms", "expected"),
    [
        ("хавалла", ["хавалу", "хавальник"], "хавалу"),
        ("белинсский", ["белый", "белинскому"], "белинскому"),
        ("crytpocurrency", ["cryptocurrencies"], "cryptocurrencies"),
        ("терроризм", ["террористы", "террор"], None),
        ("хавалла", ["havalu"], None),
    ],
)
def test_another_case_of_a_word_may_be_meant(typed: str, forms: list[str], expected: str | None) -> None:
    assert nearest(typed, forms) is None
    assert nearest_in_other_form(typed, forms) == expected


@pytest.mark.parametrize(
    ("typed", "other"),
    [("ghbdtn", "привет"), ("привет", "ghbdtn"), ("Rjdfktd", "Ковалев"), ("2178", ""), ("[jhjij", "хорошо")],
)
def test_keys_in_the_other_layout(typed: str, other: str) -> None:
    assert in_other_layout(typed) == other
