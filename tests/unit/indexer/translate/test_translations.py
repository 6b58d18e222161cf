"""A document is translated when a model may do it; what is doubtful is shown as such and never searched."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from factories import agency, client, fresh, label, pdf, person, take
from sqlalchemy import select

from indexer.library.tables import DocumentRow, TranslationRow
from indexer.pipeline.reindex import reindex
from indexer.translate import argos
from indexer.translate.argos_engine import Argos
from indexer.translate.contract import TranslationError
from indexer.translate.packages import Packages
from indexer.translate.translations import digest_of
from services.components import Components

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


def remember(components: Components, document: str, text: str, doubt: str = "") -> None:
    """Let the memory say what a sentence is in the other language."""
    with components.database.session() as session:
        of_water = (TranslationRow.document == document, TranslationRow.source_digest == digest_of(WATER))
        row = session.scalars(select(TranslationRow).where(*of_water)).one()
        row.text, row.doubt = text, doubt


def totals(components: Components, username: str, query: str) -> int:
    return client(components, username).post("/api/search", json={"query": query}).json()["total"]


def test_without_a_model_a_document_rests_and_says_so(components: Components) -> None:
    document = bring(components)
    answer = client(components, "ann").get(f"/api/documents/{document}").json()
    assert (answer["state"], answer["translation"]["reason"]) == ("indexed", "no_model")


def test_a_model_that_is_installed_later_takes_up_what_rests(components: Components, package: Path) -> None:
    document = bring(components)
    model = components.packages.install(package)
    assert client(components, "ann").get(f"/api/documents/{document}").json()["translation"]["reason"] == "waiting"
    components.worker().run()
    (made,) = translations_of(components, document)
    assert (made.engine, made.model, made.source_digest) == (model.name, model.digest, digest_of(WATER))
    answer = client(components, "ann").get(f"/api/documents/{document}").json()
    assert (answer["state"], answer["translation"]["sentences"]) == ("translated", 1)


def test_random_weights_are_doubted_shown_as_such_and_not_searched(components: Components, package: Path) -> None:
    components.packages.install(package)
    document = bring(components)
    (made,) = translations_of(components, document)
    assert made.doubt
    page = client(components, "ann").get(f"/api/documents/{document}/pages/1").json()
    assert page["segments"][0]["translation"]["status"] == "doubtful"
    remember(components, document, ВОДА, doubt="numbers")
    reindex(components.database, components.engine, lambda done, total: None)
    assert totals(components, "ann", "воде") == 0


def test_a_query_in_the_other_language_finds_the_translation_and_says_so(components: Components, package: Path) -> None:
    components.packages.install(package)
    remember(components, bring(components), ВОДА)
    document = bring(components, WATER, "Its second page is lost.", level="restricted")
    assert translations_of(components, document)[0].text == ВОДА
    found = client(components, "ann").post("/api/search", json={"query": "воды"}).json()
    (evidence,) = next(hit for hit in found["hits"] if hit["document_id"] == document)["evidence"]
    assert (evidence["original"], evidence["ru"]["origin"]) == ("en", "machine")
    start, end = evidence["ru"]["highlights"][0]
    assert evidence["ru"]["text"][start:end] == "воде"
    assert evidence["boxes"]


def test_the_memory_gives_only_what_every_reader_may_read(components: Components, package: Path) -> None:
    """A sentence of a restricted document lends nothing to an unclassified one; the other way round it does."""
    components.packages.install(package)
    remember(components, bring(components, WATER, "Its second page is lost.", level="restricted"), ВОДА)
    document = bring(components)
    assert translations_of(components, document)[0].text != ВОДА


def test_a_bound_model_translates_its_own_files_alone(components: Components, tmp_path: Path) -> None:
    import hashlib

    own = hashlib.sha256(pdf(WATER)).hexdigest()
    bound = {"bound_to": "a test", "documents": {own: "water.pdf"}}
    components.packages.install(tiny.make(tmp_path, tolmach=bound))
    mine, other = bring(components), bring(components, "Another paper.")
    assert [row_of(components, each).state for each in (mine, other)] == ["translated", "indexed"]


def test_paused_nothing_is_translated_and_resumed_it_is(components: Components, package: Path) -> None:
    components.packages.install(package)
    components.home.paused.touch()
    document = bring(components)
    assert row_of(components, document).state == "indexed"
    components.home.paused.unlink()
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
