"""A document is translated when a model may do it; what is doubtful is shown as such and never searched."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from factories import SCHEME, agency, client, fresh, go_on, hold_up, label, pdf, person, take
from sqlalchemy import select, update

from auth import policy
from auth.policy import Action
from indexer.handling import lifecycle
from indexer.handling.relabel import Handling
from indexer.library.documents import Times
from indexer.library.tables import DocumentRow, TranslationRow
from indexer.pipeline import pauses
from indexer.pipeline.reindex import reindex
from indexer.text import digest_of
from indexer.translate import argos
from indexer.translate.argos_engine import Argos
from indexer.translate.contract import TranslationError
from indexer.translate.packages import Packages
from services.cli.console import event
from services.components import Components
from services.settings import Settings
from services.setup import set_up

sys.path.insert(0, str(Path(__file__).parent))
import tiny

SHORT = argos.Effort(workers=1, longest_translation=8)
WATER = "A paper about water."
ВОДА = "Документ о воде."


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny.make(tmp_path_factory.mktemp("package"))


@pytest.fixture
def components(tmp_path: Path) -> Iterator[Components]:
    opened = fresh(tmp_path / "home")
    opened.__dict__["packages"] = Packages(opened.home.models, Argos(opened.home.models / ".argos", SHORT))
    agency(opened, "A")
    person(opened, "ann", "A", ["expert"])
    person(opened, "bob", "A", ["expert"], clearance="unclassified")
    yield opened
    opened.close()


def bring(components: Components, *lines: str, level: str = "unclassified") -> str:
    document = take(components, pdf(*(lines or [WATER])), label(components, "A", level)).document_id
    components.worker().run()
    return document


def row_of(components: Components, document: str) -> DocumentRow:
    with components.database.reading() as session:
        return session.get_one(DocumentRow, document)


def translations_of(components: Components, document: str) -> list[TranslationRow]:
    with components.database.reading() as session:
        return list(session.scalars(select(TranslationRow).where(TranslationRow.document == document)))


def text_of_water(components: Components, document: str) -> str:
    """What a model says of WATER in a document."""
    return next(row.text for row in translations_of(components, document) if row.source_digest == digest_of(WATER))


def remember(components: Components, document: str, text: str, doubt: str = "") -> None:
    """Let the memory say what a sentence is in the other language."""
    with components.database.session() as session:
        of_water = (TranslationRow.document == document, TranslationRow.source_digest == digest_of(WATER))
        row = session.scalars(select(TranslationRow).where(*of_water)).one()
        row.text, row.doubt = text, doubt


def asked(components: Components, query: str, username: str = "ann") -> dict[str, Any]:
    """A search that translations alone can answer: the words of the query are not carried over."""
    body = {"query": query, "switch_off": ["across"]}
    return client(components, username).post("/api/search", json=body).json()


def totals(components: Components, username: str, query: str) -> int:
    return asked(components, query, username)["total"]


def test_without_a_model_a_document_rests_and_says_so(components: Components) -> None:
    document = bring(components)
    answer = client(components, "ann").get(f"/api/documents/{document}").json()
    assert (answer["state"], answer["translation"]["reason"]) == ("indexed", "no_model")


def test_a_model_that_is_installed_later_takes_up_what_rests(components: Components, package: Path) -> None:
    document = bring(components)
    model = components.packages.install(package)
    assert client(components, "ann").get(f"/api/documents/{document}").json()["translation"]["reason"] == "waiting"
    components.worker().run()
    (row,) = translations_of(components, document)
    assert (row.engine, row.model, row.source_digest) == (model.name, model.digest, digest_of(WATER))
    answer = client(components, "ann").get(f"/api/documents/{document}").json()
    assert (answer["state"], answer["translation"]["sentences"]) == ("translated", 1)


def test_random_weights_are_doubted_shown_as_such_and_not_searched(components: Components, package: Path) -> None:
    components.packages.install(package)
    document = bring(components)
    (row,) = translations_of(components, document)
    assert row.doubt
    page = client(components, "ann").get(f"/api/documents/{document}/pages/1").json()
    assert page["segments"][0]["translation"]["status"] == "doubtful"
    remember(components, document, ВОДА, doubt="numbers")
    reindex(components.database, components.engine, lambda done, total: None)
    assert totals(components, "ann", "воде") == 0


def test_a_query_in_the_other_language_finds_the_translation_and_says_so(components: Components, package: Path) -> None:
    components.packages.install(package)
    remember(components, bring(components), ВОДА)
    document = bring(components, WATER, "Its second page is lost.", level="restricted")
    assert text_of_water(components, document) == ВОДА
    answer = asked(components, "воды")
    (evidence,) = next(hit for hit in answer["hits"] if hit["document_id"] == document)["evidence"]
    assert (evidence["original"], evidence["ru"]["origin"]) == ("en", "machine")
    start, end = evidence["ru"]["highlights"][0]
    assert evidence["ru"]["text"][start:end] == "воде"
    assert evidence["boxes"]


def test_the_memory_gives_only_what_every_reader_may_read(components: Components, package: Path) -> None:
    """A sentence of a restricted document lends nothing to an unclassified one; the other way round it does."""
    components.packages.install(package)
    remember(components, bring(components, WATER, "Its second page is lost.", level="restricted"), ВОДА)
    document = bring(components)
    assert text_of_water(components, document) != ВОДА


def test_a_bound_model_translates_its_own_files_alone(components: Components, tmp_path: Path) -> None:
    import hashlib

    own = hashlib.sha256(pdf(WATER)).hexdigest()
    bound = {"bound_to": "a test", "documents": {own: "water.pdf"}}
    components.packages.install(tiny.make(tmp_path, tolmach=bound))
    mine, other = bring(components), bring(components, "Another paper.")
    assert [row_of(components, each).state for each in (mine, other)] == ["translated", "indexed"]


def test_paused_nothing_is_translated_and_resumed_it_is(components: Components, package: Path) -> None:
    components.packages.install(package)
    hold_up(components, pauses.TRANSLATION)
    document = bring(components)
    assert row_of(components, document).state == "indexed"
    go_on(components, pauses.TRANSLATION)
    components.worker().run()
    assert row_of(components, document).state == "translated"


def test_a_model_that_fails_leaves_the_document_searchable(
    components: Components, package: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    components.packages.install(package)

    def failing(self, sentences, progress=None):
        raise TranslationError("The weights are broken.")

    monkeypatch.setattr(argos.ArgosTranslator, "translate", failing)
    document = bring(components)
    row = row_of(components, document)
    assert (row.state, row.code, row.message) == ("indexed", "translation_failed", "The weights are broken.")
    assert totals(components, "ann", "water") == 1


def test_translations_go_with_their_document(components: Components, package: Path) -> None:
    components.packages.install(package)
    document = bring(components)
    with components.database.session() as session:
        session.delete(session.get_one(DocumentRow, document))
    assert translations_of(components, document) == []


# -- People's translations beside the machines'


def translate_by_hand(
    components: Components, document: str, text: str, origin: str = "human", version: int = 1
) -> None:
    with components.database.session() as session:
        about = {"source_digest": digest_of(WATER), "source": "en", "target": "ru", "origin": origin}
        session.add(TranslationRow(document=document, version=version, text=text, **about))


def shown(components: Components, document: str) -> tuple[str, str]:
    page = client(components, "ann").get(f"/api/documents/{document}/pages/1").json()
    translation = next(one["translation"] for one in page["segments"] if one["text"] == WATER)
    return translation["origin"], translation["text"]


def read_again(components: Components, document: str) -> None:
    """Send the document through the pipeline again, as a retry does."""
    with components.database.session() as session:
        quarantined = {"state": "quarantined", "stage": "translating", "code": "gave_up"}
        session.execute(update(DocumentRow).where(DocumentRow.id == document).values(**quarantined))
        scope = policy.operator_scope(session, Action.INTAKE)
    assert lifecycle.retry(components.database, components.trail, scope, document, event("retry", document))
    components.worker().run()


def test_the_highest_origin_and_its_last_version_are_shown(components: Components, package: Path) -> None:
    components.packages.install(package)
    document = bring(components)
    machine = shown(components, document)
    translate_by_hand(components, document, "Проверено.", "reviewed", version=7)
    assert (machine[0], shown(components, document)) == ("machine", ("reviewed", "Проверено."))
    translate_by_hand(components, document, "Бумага о воде.", version=1)
    translate_by_hand(components, document, ВОДА, version=2)
    assert shown(components, document) == ("human", ВОДА)
    assert len(translations_of(components, document)) == 4


def test_a_persons_text_is_shown_before_any_machine_has_worked(components: Components) -> None:
    document = bring(components)
    translate_by_hand(components, document, ВОДА)
    assert shown(components, document) == ("human", ВОДА)


@pytest.mark.parametrize("origin", ["human", "reviewed"])
def test_what_people_translated_is_searched_and_said_to_be_theirs(
    components: Components, package: Path, origin: str
) -> None:
    components.packages.install(package)
    document = bring(components)
    translate_by_hand(components, document, ВОДА, origin)
    reindex(components.database, components.engine, lambda done, total: None)
    answer = asked(components, "воды")
    (evidence,) = answer["hits"][0]["evidence"]
    assert (answer["total"], evidence["ru"]["origin"], evidence["ru"]["text"]) == (1, "human", ВОДА)


def test_a_persons_text_outlives_a_new_reading_and_a_new_translation(components: Components, package: Path) -> None:
    components.packages.install(package)
    document = bring(components)
    machine = text_of_water(components, document)
    translate_by_hand(components, document, ВОДА)
    read_again(components, document)
    assert row_of(components, document).state == "translated"
    texts = {row.origin: row.text for row in translations_of(components, document)}
    assert texts == {"machine": machine, "human": ВОДА}
    assert shown(components, document) == ("human", ВОДА)


def test_the_memory_lends_what_machines_made_alone(components: Components, package: Path) -> None:
    """A person's text is of their document: it is not passed on as a machine's."""
    model = components.packages.install(package)
    document = bring(components)
    translate_by_hand(components, document, ВОДА, "reviewed", version=1)
    with components.database.session() as session:
        session.execute(update(TranslationRow).values(model=model.digest))
    other = bring(components, WATER, "Its second page is lost.")
    assert text_of_water(components, other) == text_of_water(components, document) != ВОДА


def test_equal_sentences_are_one_translation_and_counted_each(components: Components, package: Path) -> None:
    components.packages.install(package)
    document = bring(components, WATER, "Something else.", WATER)
    answer = client(components, "ann").get(f"/api/documents/{document}").json()["translation"]
    rows = translations_of(components, document)
    assert (len(rows), answer["sentences"]) == (2, 3)
    translate_by_hand(components, document, ВОДА)
    after = client(components, "ann").get(f"/api/documents/{document}").json()["translation"]
    doubted = next(bool(row.doubt) for row in rows if row.source_digest == digest_of(WATER))
    assert (after["sentences"], answer["doubtful"] - after["doubtful"]) == (3, 2 * doubted)


def test_a_translation_says_by_what_it_was_made(components: Components, package: Path) -> None:
    model = components.packages.install(package)
    (row,) = translations_of(components, bring(components))
    assert (row.engine, row.model, row.settings) == (model.name, model.digest, str(SHORT))


# -- A document that borrowed, and is then for others too


@pytest.fixture
def shared(database_url: str, tmp_path: Path, package: Path) -> Iterator[Components]:
    """A Tolmach on each database, with a model."""
    settings = Settings(home=tmp_path / "shared", database_url=database_url)
    set_up(settings, SCHEME)
    opened = Components(settings)
    opened.__dict__["packages"] = Packages(opened.home.models, Argos(opened.home.models / ".argos", SHORT))
    opened.packages.install(package)
    agency(opened, "A")
    person(opened, "ann", "A", ["expert"])
    yield opened
    opened.close()


def borrowed(components: Components) -> str:
    """A restricted document that borrowed a sentence from another."""
    remember(components, bring(components, WATER, "A hidden page.", level="restricted"), ВОДА)
    document = bring(components, WATER, "Its second page is lost.", level="restricted")
    assert text_of_water(components, document) == ВОДА
    return document


def relabelled(components: Components, document: str, level: str) -> None:
    with components.database.reading() as session:
        scope = policy.operator_scope(session, Action.LABEL)
    new = Handling(label(components, "A", level), Times())
    components.relabeller.relabel(scope, None, document, new, "because", event("label"))


def found_by(components: Components, query: str) -> set[str]:
    return {hit["document_id"] for hit in asked(components, query)["hits"]}


def test_what_is_borrowed_keeps_the_rule_of_its_lender(shared: Components) -> None:
    document = borrowed(shared)
    rules = {row.source_digest: row.lender_rule for row in translations_of(shared, document)}
    assert rules.pop(digest_of(WATER)) == label(shared, "A", "restricted").rule.digest
    assert set(rules.values()) == {""}


def test_a_weaker_label_drops_what_machines_made_and_has_it_made_anew(shared: Components) -> None:
    document = borrowed(shared)
    assert found_by(shared, "воде") == {document}
    translate_by_hand(shared, document, "Переведено человеком.")
    relabelled(shared, document, "unclassified")
    assert [row.origin for row in translations_of(shared, document)] == ["human"]
    assert row_of(shared, document).state == "indexed"
    assert found_by(shared, "воде") == set()
    shared.worker().run()
    assert row_of(shared, document).state == "translated"
    texts = [row.text for row in translations_of(shared, document)]  # two may be equal: models differ by processor
    assert ВОДА not in texts and len(texts) == 3
    assert shown(shared, document) == ("human", "Переведено человеком.")


def test_a_stronger_label_leaves_translations_as_they_are(shared: Components) -> None:
    document = borrowed(shared)
    relabelled(shared, document, "confidential")
    assert row_of(shared, document).state == "translated"
    assert text_of_water(shared, document) == ВОДА


def test_what_is_borrowed_is_lent_on_only_to_whom_its_first_lender_would(shared: Components) -> None:
    """Even where the one in between has a weaker label and still holds it."""
    document = borrowed(shared)
    with shared.database.session() as session:
        open_rule = policy.keep_rule(session, label(shared, "A").rule)
        session.execute(update(DocumentRow).where(DocumentRow.id == document).values(rule=open_rule))
    assert text_of_water(shared, bring(shared, WATER, "A third page.")) != ВОДА


def test_a_document_that_is_weakened_while_it_is_translated_is_translated_again(
    shared: Components, monkeypatch: pytest.MonkeyPatch
) -> None:
    remember(shared, bring(shared, WATER, "A hidden page.", level="restricted"), ВОДА)
    document = take(shared, pdf(WATER, "Slow."), label(shared, "A", "restricted")).document_id
    translate, weakened = argos.ArgosTranslator.translate, []

    def overtaken(self, sentences, progress=None):
        if not weakened:
            weakened.append(relabelled(shared, document, "unclassified"))
        return translate(self, sentences, progress)

    monkeypatch.setattr(argos.ArgosTranslator, "translate", overtaken)
    shared.worker().run()
    assert weakened and row_of(shared, document).state == "translated"
    assert text_of_water(shared, document) != ВОДА
