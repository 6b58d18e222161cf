"""The shipped lexicon is well made: no duplicates, right scripts and forms, pairs of verbs, both directions agree."""

from __future__ import annotations

from pathlib import Path

import pytest
from pymorphy3 import MorphAnalyzer

from indexer.analysis.tokens import tokens
from indexer.lexicon import entries as entries_module
from indexer.lexicon.entries import LexiconEntry, read
from indexer.lexicon.lookup import shipped

DATA = Path(entries_module.__file__).with_name("data")
UNKNOWN = frozenset(Path(__file__).with_name("unknown_words.txt").read_text(encoding="utf-8").split())
MASCULINE = {"nomn", "sing", "masc"}


@pytest.fixture(scope="module")
def entries() -> tuple[LexiconEntry, ...]:
    return shipped().entries


@pytest.fixture(scope="module")
def russian_words(entries: tuple[LexiconEntry, ...]) -> frozenset[str]:
    """Every single Russian word on the right."""
    forms = (form for entry in entries for sense in entry.senses for word in sense for form in word.forms)
    return frozenset(form for form in forms if " " not in form)


def plain(word: str) -> str:
    return word.lower().replace("ё", "е")


def in_dictionary_form(word: str, analyzer: MorphAnalyzer) -> bool:
    """Whether some reading of the word is one that a dictionary would list.

    Beside the normal form: full participles and adjectives in the masculine (вооружённый), comparatives (лучше), and
    plurals that are words of their own (войска).
    """
    for parse in analyzer.parse(word.lower()):
        part, grammemes = parse.tag.POS, parse.tag.grammemes
        if plain(parse.normal_form) == plain(word) or part == "COMP":
            return True
        if (part in ("PRTF", "ADJF") and grammemes >= MASCULINE) or (part == "NOUN" and grammemes >= {"nomn", "plur"}):
            return True
    return False


def test_it_is_as_large_as_it_says(entries):
    assert len(entries) > 12_900
    assert sum(len(entry.senses) for entry in entries) > 44_000


def test_no_entry_stands_twice_and_files_are_sorted():
    for path in sorted(DATA.glob("*.tsv")):
        keys = [(entry.lemma.casefold(), entry.lemma, entry.part_of_speech) for entry in read(path)]
        assert keys == sorted(set(keys)), f"{path.name} is not sorted, or an entry stands twice"
        assert {key[0][0] for key in keys} == {path.stem}, f"{path.name} holds words of another letter"


def test_russian_words_stand_in_dictionary_form(russian_words):
    analyzer = MorphAnalyzer()
    odd = {word for word in russian_words if not in_dictionary_form(word, analyzer)}
    assert sorted(odd - UNKNOWN) == [], "mend these, or add them to unknown_words.txt after a second look"
    assert sorted(UNKNOWN - odd) == [], "unknown_words.txt lists words that are not odd, or not there"
    assert len(odd) / len(russian_words) < 0.01


def test_a_form_that_no_dictionary_lists_is_seen():
    analyzer = MorphAnalyzer()
    assert not any(in_dictionary_form(word, analyzer) for word in ("задержали", "границей", "правовая", "боевика"))
    assert all(in_dictionary_form(word, analyzer) for word in ("вооружённый", "войска", "лучше", "данные"))


def test_verbs_have_their_partners(entries):
    verbs = [entry for entry in entries if entry.part_of_speech == "v"]
    paired = [entry for entry in verbs if any(word.perfective for sense in entry.senses for word in sense)]
    assert len(paired) / len(verbs) > 0.95


def test_a_headword_is_among_the_first_three_glosses_of_its_own_first_word(entries):
    lexicon = shipped()
    lost = []
    for entry in entries:
        back = lexicon.translations(tokens(entry.senses[0][0].text), "ru")
        if entry.lemma not in [translation.text for translation in back[:3]]:
            lost.append(entry.lemma)
    assert len(lost) / len(entries) < 0.02, lost


def test_entries_have_senses_enough(entries):
    ordinary = [entry for entry in entries if entry.part_of_speech in ("n", "v", "adj") and " " not in entry.lemma]
    assert sum(len(entry.senses) >= 2 for entry in ordinary) / len(ordinary) > 0.9
