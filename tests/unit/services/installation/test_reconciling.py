"""Before the first answer database, trail, files and index are compared; nothing that differs passes in silence."""

from __future__ import annotations

import logging

import pytest
from factories import agency, label, pdf, take
from sqlalchemy import update

from auth import policy
from auth.audit import marks
from auth.audit.entries import Event
from auth.labels import SEALED
from auth.policy import Action
from indexer.handling.relabel import Handling
from indexer.library.documents import Times
from indexer.library.tables import DocumentRow
from services.doctor import examine
from services.installation.reconciling import file_differences, reconcile, sealed_count


@pytest.fixture
def papers(components) -> list[str]:
    """Two papers in the index, open to all."""
    agency(components, "KZ")
    everybody = label(components, "KZ", "unclassified", "ALL")
    papers = [take(components, pdf(f"About {word}."), everybody).document_id for word in ("zeppelins", "kites")]
    components.worker().run()
    reconcile(components)
    return papers


def not_well(components) -> dict[str, str]:
    return {finding.what: finding.words for finding in examine(components) if not finding.well}


def scope(components, action):
    with components.database.reading() as session:
        return policy.operator_scope(session, action)


def tighten(components, name) -> None:
    handling = Handling(label(components, "KZ", "confidential", "KZ"), Times())
    event = Event("kz", "test", Action.LABEL, name)
    components.relabeller.relabel(scope(components, Action.LABEL), None, name, handling, "a name", event)


def remove(components, name) -> None:
    event = Event("kz", "test", Action.REMOVE, name)
    components.removals.remove(scope(components, Action.REMOVE), None, name, "a mistake", event)
    components.worker().run()


def test_parts_of_one_moment_pass_in_silence(components, papers, caplog):
    entries = components.trail.count()
    with caplog.at_level(logging.WARNING):
        reconcile(components)
    assert (caplog.records, components.trail.count(), not_well(components)) == ([], entries, {})


def test_a_weaker_database_is_told_by_doctor_and_sealed_by_a_start(components, papers, caplog):
    with components.database.reading() as session:
        open_rule = session.get_one(DocumentRow, papers[0]).rule
    tighten(components, papers[0])
    with components.database.session() as session:
        weaker = update(DocumentRow).where(DocumentRow.id == papers[0])
        session.execute(weaker.values(rule=open_rule, indexed_rule=open_rule, due_at=None))
    told = not_well(components)
    assert told["trail against database"].startswith("1 documents are weaker in the database")
    reconcile(components)
    assert f"document {papers[0]} was weaker" in caplog.text
    assert components.engine.holdings()[papers[0]].rule == SEALED.rule.digest
    assert sealed_count(components) == 1
    assert list(not_well(components)) == ["sealed documents"]


def place(components, name):
    """Where an original lies."""
    return components.home.files / name[:2] / f"{name}.pdf"


def test_pictures_of_no_document_are_deleted(components, papers):
    for name in (papers[0], "0" * 32):
        components.store.pictures.keep(name, 1, 100, b"picture")
    reconcile(components)
    assert components.store.pictures.documents() == {papers[0]}


def test_an_original_that_is_not_what_was_taken_in_is_told_by_whoever_looks_at_all(components, papers):
    place(components, papers[0]).write_bytes(b"%PDF-1.4 another")
    assert "files" not in not_well(components)
    (told,) = (finding.words for finding in examine(components, deep=True) if finding.what == "files")
    assert told == f"1 originals are not what was taken in, {papers[0]} the first"


def test_the_original_of_a_removed_document_does_not_come_back(components, papers):
    original = place(components, papers[0])
    content = original.read_bytes()
    remove(components, papers[0])
    original.write_bytes(content)
    assert file_differences(components).extra == {papers[0]}
    assert papers[0] in not_well(components)["files"]
    reconcile(components)
    assert not original.exists() and "files" not in not_well(components)


def test_an_original_that_nobody_removed_is_never_deleted(components, papers):
    stranger = place(components, papers[0]).with_name(f"{papers[0][:2]}{'0' * 30}.pdf")
    stranger.write_bytes(b"%PDF-1.4")
    reconcile(components)
    assert stranger.exists() and stranger.stem in not_well(components)["files"]


def test_a_lost_original_is_told(components, papers):
    place(components, papers[1]).unlink()
    assert not_well(components)["files"] == f"1 originals are gone, {papers[1]} the first"


def test_an_index_that_holds_a_removed_document_is_put_right(components, papers):
    remove(components, papers[0])
    reconcile(components)
    assert set(components.engine.holdings()) == {papers[1]}


def test_an_older_trail_is_told_once(components, papers, tmp_path, caplog):
    components.trail.copy(tmp_path / "older")
    tighten(components, papers[0])
    reconcile(components)
    for suffix in ("-wal", "-shm"):
        components.home.audit.with_name(components.home.audit.name + suffix).unlink(missing_ok=True)
    (tmp_path / "older").replace(components.home.audit)
    assert marks.lacking(components.database, components.trail) > 0
    assert "an older one" in not_well(components)["trail against database"]
    reconcile(components)
    assert "the trail lacks entry" in caplog.text
    assert [entry.action for entry in components.trail.entries()].count("older_trail") == 1
    with components.database.reading() as session:  # the database is the stricter of the two, and stays so
        assert session.get_one(DocumentRow, papers[0]).rule != SEALED.rule.digest
    assert marks.lacking(components.database, components.trail) == 0


def test_documents_that_an_older_database_lacks_are_told(components, papers, caplog):
    event = Event("kz", "test", Action.INTAKE, "f" * 32, detail={"label": SEALED.rule.as_text()})
    components.trail.record(event)
    assert "1 documents that were taken in are not in the database" in not_well(components)["trail against database"]
    reconcile(components)
    assert "1 documents that the trail tells of" in caplog.text
    assert not not_well(components)
