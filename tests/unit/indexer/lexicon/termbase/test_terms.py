"""A concept has words in both languages, in their scripts, within bounds; whatever else is refused with a code."""

from __future__ import annotations

import pytest

from indexer.lexicon.glossary import shipped_terms
from indexer.lexicon.termbase.terms import LONGEST, MOST_WORDS, Concept, TermError, TermWord, checked, shipped_concept

EN, RU = TermWord("en", "border post"), TermWord("ru", "пограничный пост")


def test_texts_are_tidied_and_each_word_is_kept_once() -> None:
    concept = checked(Concept((TermWord("en", "  border \t post "), EN, RU), domain=" border "))
    assert concept == Concept((EN, RU), domain="border")
    assert concept.heading == "border post"
    assert concept.of("ru") == (RU,)


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ((EN,), "term_one_language"),
        ((RU,), "term_one_language"),
        ((), "term_one_language"),
        ((TermWord("en", "пост"), RU), "term_english"),
        ((TermWord("en", " "), RU), "term_english"),
        ((EN, TermWord("ru", "post")), "term_russian"),
        ((TermWord("en", "a|b"), RU), "term_character"),
        ((TermWord("en", "a\x00b"), RU), "term_character"),
        ((TermWord("en", "a" * (LONGEST + 1)), RU), "term_length"),
        ((TermWord("en", "post", "best"), RU), "term_status"),
        ((TermWord("en", "post", sense=0), RU), "term_sense"),
        ((*(TermWord("en", f"post {n}") for n in range(MOST_WORDS)), RU), "term_words"),
        ((TermWord("de", "Posten"), RU), "term_language"),  # type: ignore[arg-type]
    ],
)
def test_whatever_is_no_concept_is_refused(words: tuple[TermWord, ...], code: str) -> None:
    with pytest.raises(TermError) as refusal:
        checked(Concept(words))
    assert refusal.value.code == code


def test_a_russian_term_may_be_latin_where_english_has_the_same_and_an_abbreviation_always() -> None:
    checked(Concept((TermWord("en", "jus cogens"), TermWord("ru", "jus cogens"))))
    checked(Concept((TermWord("en", "digital disc"), TermWord("ru", "DVD"))))


def test_every_term_that_ships_is_a_concept() -> None:
    for term in shipped_terms():
        assert checked(shipped_concept(term))
