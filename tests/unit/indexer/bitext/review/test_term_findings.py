"""Terms that a translation leaves out or calls by an old name are told: only those that all readers may know of."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from factories import agency, fresh, label, person, principal
from papers import Line, paper

from auth import policy
from auth.policy import Action
from indexer.bitext.review.findings import checked
from indexer.lexicon.termbase import concept_rows
from indexer.lexicon.termbase.concept_rows import APPROVED, Placing, prepared
from indexer.lexicon.termbase.terms import Concept, TermWord
from indexer.library.tables import DocumentRow
from indexer.text import digest_of
from services.components import Components

SOURCE = "The watch lists of the border posts were checked."
CONCEPTS = (
    Concept(
        (TermWord("en", "watch list"), TermWord("ru", "список наблюдения"), TermWord("ru", "стоп-лист", "superseded"))
    ),
    Concept((TermWord("en", "border post"), TermWord("ru", "пограничный пост"))),
)


@pytest.fixture
def components(tmp_path: Path) -> Iterator[Components]:
    opened = fresh(tmp_path / "home")
    agency(opened, "A")
    person(opened, "tom", "A", ["translator"])
    yield opened
    opened.close()


def told(
    components: Components, text: str, terms: str = "unclassified", document: str = "restricted"
) -> dict[str, str]:
    """What is found in a translation of SOURCE of a document of one level, with terms of another: codes and abouts."""
    with components.database.session() as session:
        rules = [policy.keep_rule(session, label(components, "A", level).rule) for level in (terms, document)]
        own = label(components, "A", terms)
        concept_rows.keep(session, map(prepared, CONCEPTS), Placing.of("terms", rules[0], own, APPROVED))
        row = paper(session, [[Line(SOURCE)]])
        row.rule = rules[1]
        document_id = row.id
    who = principal(components, "tom")
    assert who is not None
    with components.database.reading() as session:
        scope = policy.scope_for(session, who, Action.EDIT)
        opened = session.get_one(DocumentRow, document_id)
        every = checked(session, scope, opened, digest_of(SOURCE), SOURCE, text)
        return {each.finding.code: each.finding.about for each in every if each.finding.code.startswith("term_")}


def test_terms_in_any_form_are_right(components):
    assert told(components, "Списки наблюдения пограничных постов проверены.") == {}


def test_a_term_that_is_left_out_is_told_with_what_it_is_called(components):
    assert told(components, "Списки наблюдения застав проверены.") == {"term_missed": "border posts → пограничный пост"}


def test_a_superseded_word_is_told_in_any_form_with_what_to_write(components):
    found = told(components, "Проверены стоп-листы пограничных постов.")
    assert found == {"term_superseded": "стоп-листы → список наблюдения"}


def test_terms_that_a_reader_of_the_document_may_not_know_of_say_nothing(components):
    assert told(components, "Перечни застав проверены.", terms="confidential", document="restricted") == {}
