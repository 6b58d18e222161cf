"""The shipped glossary has terms and abbreviations enough, none twice, each in its own script."""

import pytest

from indexer.lexicon.glossary import STATUSES, GlossaryTerm, parse_term, shipped_terms
from indexer.lexicon.lines import LexiconError, read_lines


def test_it_holds_terms_and_abbreviations_enough():
    terms = shipped_terms()
    assert len({term.english for term in terms}) >= 600
    assert sum(bool(term.english_abbreviation and term.russian_abbreviation) for term in terms) >= 300


def test_no_term_stands_twice_and_they_are_sorted():
    keys = [
        (term.english.casefold(), term.english, STATUSES.index(term.status), term.russian) for term in shipped_terms()
    ]
    assert keys == sorted(keys)
    assert len({(term.english, term.russian) for term in shipped_terms()}) == len(keys)


def test_a_concept_has_one_preferred_term_a_language():
    preferred = [(term.english, term.note) for term in shipped_terms() if term.status == "preferred"]
    twice = {key for key in preferred if preferred.count(key) > 1}
    assert not twice


@pytest.mark.parametrize(
    ("abbreviation", "russian"), [("FTF", "ИБТ"), ("MIA", "МВД"), ("UN", "ООН"), ("CC", "УК"), ("OSCE", "ОБСЕ")]
)
def test_abbreviations_of_our_field(abbreviation, russian):
    pairs = {(term.english_abbreviation, term.russian_abbreviation) for term in shipped_terms()}
    assert (abbreviation, russian) in pairs


def test_a_line_is_a_term():
    line = "criminal code\tуголовный кодекс\tCC\tУК\tlaw\tpreferred\t"
    assert parse_term(line) == GlossaryTerm("criminal code", "уголовный кодекс", "CC", "УК", "law", "preferred", "")


@pytest.mark.parametrize(
    ("line", "wrong"),
    [
        ("code\tкодекс\t\t\tlaw\tpreferred", "6 fields"),
        ("code\tкодекс \t\t\tlaw\tpreferred\t", "space"),
        ("\tкодекс\t\t\tlaw\tpreferred\t", "English"),
        ("code\tкодекс\tСС\t\tlaw\tpreferred\t", "English"),  # Cyrillic letters
        ("code\tcode\t\t\tlaw\tpreferred\t", "Russian"),
        ("code\tкодекс\t\t\tlegal\tpreferred\t", "domain"),
        ("code\tкодекс\t\t\tlaw\tgood\t", "status"),
        (f"{'code ' * 50}!\tкодекс\t\t\tlaw\tpreferred\t", "240"),
    ],
)
def test_a_malformed_line_is_refused_by_its_place(tmp_path, line, wrong):
    path = tmp_path / "x.tsv"
    path.write_text(f"head\n{line}\n", encoding="utf-8")
    with pytest.raises(LexiconError, match=rf"^x\.tsv:2: .*{wrong}"):
        list(read_lines(path, parse_term, header="head"))


def test_a_file_without_its_header_is_refused(tmp_path):
    path = tmp_path / "x.tsv"
    path.write_text("code\tкодекс\t\t\tlaw\tpreferred\t\n", encoding="utf-8")
    with pytest.raises(LexiconError, match=r"^x\.tsv:1: no header"):
        list(read_lines(path, parse_term, header="head"))
