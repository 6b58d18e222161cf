"""A vocabulary is taken in whole or not at all, seen by those who may read its label, and goes with all it brought."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator

import pytest
from factories import label, principal
from sqlalchemy import func, select

from auth import policy
from auth.audit.entries import Event
from auth.policy import Action, Scope
from indexer.lexicon.termbase import concept_rows, vocabularies
from indexer.lexicon.termbase.concept_rows import Kind
from indexer.lexicon.termbase.formats import tsv
from indexer.lexicon.termbase.formats.reading import RefusedEntry, VocabularyFormatError
from indexer.lexicon.termbase.known import known_words, terms_in
from indexer.lexicon.termbase.tables import ConceptRow, ConceptWordRow, VocabularyRow
from indexer.lexicon.termbase.terms import Concept, TermWord
from indexer.lexicon.termbase.vocabularies import (
    NoVocabularyError,
    Vocabularies,
    Vocabulary,
    VocabularyAbout,
    VocabularyError,
)
from services.components import Components

EVENT = Event("operator", "console", "import_terms")
ZINC = Concept((TermWord("en", "zinc"), TermWord("ru", "зюзельга")))
TERM = Concept((TermWord("en", "brass farthing"), TermWord("ru", "медный грош")))


def take(
    components: Components,
    read: Iterable[Concept | RefusedEntry],
    kind: Kind = "terms",
    releasable_to: str = "ALL",
) -> Vocabulary:
    about = VocabularyAbout(kind, "a file", "CC0", "tsv", label(components, "A", releasable_to=releasable_to))
    return Vocabularies(components.database, components.trail).take_in(about, read, EVENT)


def scope_of(components: Components, agency: str = "B") -> Scope:
    """What a reviewer of an agency may find."""
    who = principal(components, "rita" if agency == "A" else "rolf")
    assert who is not None
    with components.database.reading() as session:
        return policy.scope_for(session, who, Action.SEARCH)


def meanings(components: Components, text: str, agency: str = "B") -> set[str]:
    """What the words of a text mean to a reviewer of an agency."""
    with components.database.reading() as session:
        known = known_words(session, scope_of(components, agency), text)
    return {text for of_words in known.meanings.values() for text, _ in of_words}


def test_good_entries_are_taken_and_bad_ones_named(components: Components) -> None:
    vocabulary = take(components, [ZINC, RefusedEntry("line 2", "line"), TERM])
    assert (vocabulary.entries, vocabulary.refused, vocabulary.whole) == (2, 1, True)
    assert vocabulary.refusals == (("line 2", "line"),)
    assert meanings(components, "zinc") == {"зюзельга"}
    assert meanings(components, "медных грошей") == {"brass farthing"}
    assert Vocabularies(components.database, components.trail).listed("terms") == [vocabulary]
    assert Vocabularies(components.database, components.trail).listed("dictionary") == []


def test_outside_its_label_nothing_of_it_is_known(components: Components) -> None:
    take(components, [ZINC, TERM], releasable_to="A")
    assert meanings(components, "zinc", "A") == {"зюзельга"}
    assert meanings(components, "zinc") == set()
    with components.database.reading() as session:
        assert terms_in(session, scope_of(components), "a brass farthing", "en") == ()
        assert len(terms_in(session, scope_of(components, "A"), "brass farthings", "en")) == 1


def test_a_file_that_breaks_off_leaves_nothing(components: Components) -> None:
    def broken() -> Iterator[Concept]:
        yield from [ZINC] * (vocabularies._BATCH + 1)
        raise VocabularyFormatError("It ends here.")

    with pytest.raises(VocabularyFormatError):
        take(components, broken())
    with pytest.raises(VocabularyError) as refusal:
        take(components, [RefusedEntry("line 1", "line")])
    assert refusal.value.code == "vocabulary_empty"
    with components.database.reading() as session:
        counts = [
            session.scalar(select(func.count()).select_from(t)) for t in (VocabularyRow, ConceptRow, ConceptWordRow)
        ]
    assert counts == [0, 0, 0]


def test_after_a_crash_nothing_is_seen_of_what_had_been_taken(components: Components) -> None:
    class Crash(BaseException):
        pass

    def crashing() -> Iterator[Concept]:
        yield from [ZINC] * vocabularies._BATCH
        yield ZINC
        raise Crash

    with pytest.raises(Crash):
        take(components, crashing())
    assert meanings(components, "zinc") == set()
    (left,) = Vocabularies(components.database, components.trail).listed()
    assert not left.whole
    Vocabularies(components.database, components.trail).remove(left.vocabulary_id, "terms", EVENT)
    assert Vocabularies(components.database, components.trail).listed() == []


def test_removed_with_all_that_it_brought(components: Components) -> None:
    kept, gone = take(components, [TERM]), take(components, [ZINC], "dictionary")
    everything = Vocabularies(components.database, components.trail)
    with pytest.raises(NoVocabularyError):
        everything.remove(gone.vocabulary_id, "terms", EVENT)
    everything.remove(gone.vocabulary_id, "dictionary", EVENT)
    assert everything.listed() == [kept]
    assert meanings(components, "zinc brass farthing") == {"медный грош"}
    with components.database.reading() as session:
        assert session.scalar(select(func.count()).select_from(ConceptWordRow)) == 2


def test_too_many_entries_are_refused_as_a_whole(components: Components, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(vocabularies, "MOST_ENTRIES", 3)
    with pytest.raises(VocabularyError) as refusal:
        take(components, [ZINC] * 4)
    assert refusal.value.code == "vocabulary_entries"
    monkeypatch.setattr(vocabularies, "MOST", 0)
    with pytest.raises(VocabularyError):
        take(components, [ZINC])


def test_the_trail_has_what_was_taken_and_no_word_of_it(components: Components) -> None:
    take(components, [ZINC])
    told = [entry for entry in components.trail.entries() if entry.action == "import_terms"]
    assert len(told) == 2 and '"entries": 1' in told[-1].detail
    assert not any("zinc" in entry.detail for entry in told)


def test_senses_weigh_less_the_later_they_come(components: Components) -> None:
    words = (TermWord("en", "zinc"), TermWord("ru", "первое"), TermWord("ru", "второе", sense=2))
    take(components, [Concept(words)], "dictionary")
    with components.database.reading() as session:
        known = known_words(session, scope_of(components), "zinc второго")
    assert known.meanings["en", "zinc"] == (("первое", 1.0), ("второе", 0.5))
    assert known.meanings["ru", "второго"] == (("zinc", 0.5),)


def test_terms_are_found_again_after_the_analysis_changed(
    components: Components, monkeypatch: pytest.MonkeyPatch
) -> None:
    take(components, [TERM])
    monkeypatch.setattr(concept_rows, "VERSION", concept_rows.VERSION + 1)
    assert meanings(components, "brass farthing") == set()
    concept_rows.renew(components.database)
    assert meanings(components, "brass farthings") == {"медный грош"}


def test_a_table_is_read_and_found(components: Components) -> None:
    table = "en\tru\nzinc farthing\tцинковый грош\nonly english\t\n"
    vocabulary = take(components, tsv.read_terms(io.BytesIO(table.encode())))
    assert (vocabulary.entries, vocabulary.refusals) == (1, (("line 3", "term_one_language"),))
    assert meanings(components, "цинковому грошу") == {"zinc farthing"}


def test_abbreviations_are_meant_as_they_are_written(components: Components) -> None:
    words = (TermWord("en", "mutual evaluation"), TermWord("ru", "взаимная оценка"), TermWord("ru", "ВЗ"))
    take(components, [Concept(words)])
    with components.database.reading() as session:
        scope = scope_of(components)
        assert [span.start for span in terms_in(session, scope, "ВЗ и вз", "ru")] == [0]
