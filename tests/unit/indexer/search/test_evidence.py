"""Evidence is a stretch: the best sentences with their neighbours, the same in both languages, without rubble."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.engine.contract import Leaf, Term
from indexer.library.about import About
from indexer.library.documents import PassageText, SegmentText, TranslatedText
from indexer.search.evidence import GAP, LONGEST, STRETCH, FoundPassage, about_evidence, evidence, is_rubble
from indexer.search.highlight import Marker

FILLER = "This sentence says nothing that matters to anybody here and it goes on for quite a while, about {}."


def segment(at: int, text: str, translation: str = "", doubt: str = "") -> SegmentText:
    made = TranslatedText(translation, "machine", "test", doubt) if translation else None
    return SegmentText(at, 1 + at // 5, text, "en", f"[[{1 + at // 5}, [0, {at}, 9, {at + 1}]]]", False, made)


def shown(segments: list[SegmentText], *leaves: Leaf) -> FoundPassage:
    return evidence("en", PassageText("d", 7, 1, tuple(segments)), Marker(leaves))


def lit(passage: FoundPassage, language: str) -> list[str]:
    side = passage.sides[language]
    return [side.text[start:end] for start, end in side.highlights]


def test_the_sentence_that_holds_most_is_shown_with_its_neighbours():
    lines = [segment(at, FILLER.format(at), f"Перевод {at}.") for at in range(12)]
    lines[2] = segment(2, "Water is mentioned.", "Вода.")
    lines[8] = segment(8, "Water of the river.", "Вода реки.")
    passage = shown(lines, Term("water"), Term("river"))
    text = passage.sides["en"].text
    assert "Water of the river." in text and "Water is mentioned." in text and f" {GAP} " in text
    assert FILLER.format(9) in text and len(text) <= STRETCH + 20
    assert passage.sides["ru"].text == "Вода. … Перевод 7. Вода реки. Перевод 9. Перевод 10."
    assert lit(passage, "en") == ["Water", "Water", "river"]
    assert [page for page, _ in passage.boxes] == [1, 2]
    assert (passage.page, passage.passage_id) == (1, "d.7")


def test_what_is_found_through_the_translation_chooses_too():
    lines = [segment(at, FILLER.format(at), f"Перевод {at}.") for at in range(12)]
    lines[9] = segment(9, "It flows.", "Вода течёт.")
    passage = shown(lines, Term("вод"))
    assert lit(passage, "ru") == ["Вода"] and lit(passage, "en") == []
    assert "It flows." in passage.sides["en"].text
    assert [box[1] for _, box in passage.boxes] == [9]


def test_a_doubtful_translation_is_shown_and_marks_nothing():
    passage = shown([segment(0, "Water flows.", "Вода течёт.", doubt="numbers")], Term("вод"), Term("water"))
    assert lit(passage, "ru") == []
    assert passage.sides["ru"].doubtful == ((0, len("Вода течёт.")),)
    assert lit(passage, "en") == ["Water"]


def test_rubble_is_left_out_where_a_sentence_says_it_too():
    lines = [segment(0, "WATER"), segment(1, "12 | 345 | 6"), segment(2, "It is about water."), segment(3, "14:30")]
    assert shown(lines, Term("water")).sides["en"].text == "WATER … It is about water."
    assert shown(lines[1:], Term("water")).sides["en"].text == "It is about water."
    assert shown(lines).sides["en"].text == "It is about water."
    assert shown([lines[1]]).sides["en"].text == "12 | 345 | 6"


@pytest.mark.parametrize("text", ["UNITED NATIONS", "12.03.2025", "A/79/998", "Page 3", "| 1 | 2 |", "Item 4", ""])
def test_rubble(text):
    assert is_rubble(text)


@pytest.mark.parametrize("text", ["It rains.", "The Security Council decides as follows", "Идёт дождь."])
def test_no_rubble(text):
    assert not is_rubble(text)


def test_of_a_giant_sentence_the_part_around_the_match_is_shown():
    giant = " ".join(["word"] * 2_000 + ["water"] + ["word"] * 2_000) + "."
    passage = shown([segment(0, giant)], Term("water"))
    assert lit(passage, "en") == ["water"]
    assert len(passage.sides["en"].text) <= LONGEST + 10


WORDS = st.sampled_from(["water", "waters", "river", "вода", "…", "12", "say.", "A"])
TEXTS = st.lists(WORDS, min_size=1, max_size=30).map(" ".join)


@given(st.lists(st.tuples(TEXTS, TEXTS | st.just(""), st.sampled_from(["", "doubt"])), min_size=1, max_size=9))
def test_whatever_is_shown_is_of_the_passage_and_marks_what_was_found(lines):
    segments = [segment(at, text, made, doubt) for at, (text, made, doubt) in enumerate(lines)]
    passage = shown(segments, Term("water"), Term("вод"))
    for language, side in passage.sides.items():
        assert {word.rstrip("s") for word in lit(passage, language)} <= {"water", "вода"}
        assert all(0 <= start < end <= len(side.text) for start, end in (*side.highlights, *side.doubtful))
    if any(word in text for text, _, _ in lines for word in ("water", "вода")):
        assert any(side.highlights for side in passage.sides.values()) and passage.boxes


MEETING, NAMES = ("TCE-2021-EM1", "Meeting on rivers"), ("Experts", "water, river", "water.pdf")
ABOUT = About("d", {"en": "On water", "ru": "О воде"}, "TCE/1", MEETING, NAMES)


def test_a_description_shows_the_titles_and_what_matched_besides():
    found = about_evidence("en", ABOUT, Marker([Term("river")]))
    assert found.sides["en"].text == "On water · Meeting on rivers · water, river"
    assert lit(found, "en") == ["rivers", "river"]
    assert found.sides["ru"].text == "О воде"
    assert found.boxes == ()


def test_without_a_title_of_its_own_language_the_other_is_shown():
    found = about_evidence(
        "ru", About("d", {"en": "On water", "ru": ""}, "", (), ("water.pdf",)), Marker([Term("water")])
    )
    assert {language: side.text for language, side in found.sides.items()} == {"ru": "On water · water.pdf"}
