"""A line of the lexicon becomes an entry, or is refused with its file and number."""

from dataclasses import FrozenInstanceError

import pytest

from indexer.lexicon.entries import LexiconEntry, RussianWord, parse, read
from indexer.lexicon.lines import LexiconError

DETAIN = "detain\tv\tзадерживать|задержать;удерживать|удержать,не отпускать;задержание\tlaw\t"


def test_a_line_is_an_entry():
    assert parse(DETAIN) == LexiconEntry(
        lemma="detain",
        part_of_speech="v",
        senses=(
            (RussianWord("задерживать", "задержать"),),
            (RussianWord("удерживать", "удержать"), RussianWord("не отпускать")),
            (RussianWord("задержание"),),
        ),
        domain="law",
        note="",
    )


def test_a_verb_has_two_forms_where_it_has_a_partner():
    assert RussianWord("задерживать", "задержать").forms == ("задерживать", "задержать")
    assert RussianWord("задержание").forms == ("задержание",)


def test_an_entry_cannot_be_changed():
    with pytest.raises(FrozenInstanceError):
        parse(DETAIN).lemma = "other"  # type: ignore[misc]


@pytest.mark.parametrize(
    ("line", "wrong"),
    [
        ("law\tn\tправо\t", "4 fields"),
        ("law\tn\tправо\t\t\t", "6 fields"),
        ("\tn\tправо\t\t", "headword"),
        ("law \tn\tправо\t\t", "space"),
        ("lаw\tn\tправо\t\t", "headword"),  # a Cyrillic а
        ("law\tnoun\tправо\t\t", "part of speech"),
        ("law\tn\tправо\tlegal\t", "domain"),
        ("law\tn\t\t\t", "Russian word"),
        ("law\tn\tправо;\t\t", "Russian word"),
        ("law\tn\tправо; закон\t\t", "Russian word"),
        ("law\tn\tправo\t\t", "Russian word"),  # a Latin o
        ("go\tv\tидти|пойти|ходить\t\t", "Russian word"),
        ("law\tn\tправо;право\t\t", "stands twice"),
        ("law\tn\t" + ";".join("абвгдежзиклмн") + "\t\t", "13 senses"),
    ],
)
def test_a_malformed_line_is_refused_by_its_place(tmp_path, line, wrong):
    path = tmp_path / "x.tsv"
    path.write_text(f"{DETAIN}\n{line}\n", encoding="utf-8")
    with pytest.raises(LexiconError, match=rf"^x\.tsv:2: .*{wrong}"):
        list(read(path))


def test_the_entries_of_a_file_keep_their_order(tmp_path):
    path = tmp_path / "x.tsv"
    path.write_text(f"{DETAIN}\nlaw\tn\tправо;закон\tlaw\t\n", encoding="utf-8")
    assert [entry.lemma for entry in read(path)] == ["detain", "law"]
