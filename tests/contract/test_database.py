"""Both databases keep the same promises: migrations make today's tables, and lose nothing of what older ones held."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import MetaData, select, text

import auth.tables
import indexer.bitext.review.tables
import indexer.lexicon.termbase.tables
import indexer.library.tables
import indexer.memory.learned.tables
import indexer.memory.tables
import indexer.pairs.tables
import indexer.segment.rules.tables
from auth.database import Base, Database, now
from indexer.library.states import State
from indexer.library.tables import DocumentRow, SegmentRow, TombstoneRow, TranslationRow
from indexer.memory.learned.tables import LearnedSourceRow
from services.setup import configuration, migrate

TABLES = (
    auth.tables,
    indexer.library.tables,
    indexer.pairs.tables,
    indexer.segment.rules.tables,
    indexer.bitext.review.tables,
    indexer.memory.learned.tables,
    indexer.memory.tables,
    indexer.lexicon.termbase.tables,
)
SENTENCES = ["A paper about water.", "It is short.", "A paper about water.", "Второе предложение."]
TRANSLATED = {"A paper about water.": "Документ о воде.", "It is short.": "Он короток."}


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    opened = Database(database_url)
    yield opened
    opened.close()


def test_migrations_make_the_tables_that_the_code_expects(database: Database) -> None:
    migrate(database)
    migrate(database)  # again: nothing happens
    with database.engine.connect() as connection:
        differences = compare_metadata(MigrationContext.configure(connection), Base.metadata)
    assert differences == []


def to(database: Database, version: str) -> None:
    """Bring the tables to an older version."""
    with database.engine.begin() as connection:
        move = command.downgrade if MigrationContext.configure(connection).get_current_revision() else command.upgrade
        move(configuration(connection), version)


def fill(database: Database, version: str) -> None:
    """Put a document into the tables of that version: two equal sentences, one of the other language."""
    metadata = MetaData()
    metadata.reflect(database.engine)
    moment = datetime(2026, 1, 1, tzinfo=UTC).replace(tzinfo=None)
    document = {"id": "d", "rule": "r", "originators": "A", "state": "translated" if version > "0001" else "indexed"}
    document |= {"filename": "a.pdf", "sha256": "s", "size": 1, "taken_at": moment, "taken_by": "x", "pages": 1}
    document |= {"broken_leases": 0, "language": "en", **dict.fromkeys(TEXTS, "")}
    rows: dict[str, list[dict[str, Any]]] = {
        "reading_rules": [{"digest": "r", "rule": '[10, "ALL", ""]'}],
        "documents": [document],
        "pages": [{"document": "d", "number": 1, "width": 595.0, "height": 842.0}],
        "segments": [
            {"document": "d", "ordinal": at, "page": 1, "text": text, "boxes": "[]", "furniture": False}
            | {"language": "en" if text.isascii() else "ru"}
            for at, text in enumerate(SENTENCES)
        ],
    }
    if version > "0001":
        rows["translations"] = [
            {"document": "d", "ordinal": at, "text": TRANSLATED[text], "origin": "machine", "engine": "argos en→ru 1.9"}
            | {"model": "m", "source_digest": digest(text), "doubt": "numbers" if at == 1 else ""}
            for at, text in enumerate(SENTENCES)
            if text in TRANSLATED
        ]
    with database.engine.begin() as connection:
        for name, of_table in rows.items():
            connection.execute(metadata.tables[name].insert(), of_table)


TEXTS = (
    *("stage", "code", "message", "lease_owner", "title_en", "title_ru", "kind"),
    *("symbol", "meeting", "body", "countries", "keywords"),
)


def digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


@pytest.mark.parametrize("version", ["0001", "0002", "0003"])
def test_what_older_tables_held_is_there_afterwards(database: Database, version: str) -> None:
    to(database, version)
    fill(database, version)
    migrate(database)
    with database.reading() as session:
        row = session.get_one(DocumentRow, "d")
        assert row.state is (State.TRANSLATED if version > "0001" else State.INDEXED)
        segments = session.scalars(select(SegmentRow).order_by(SegmentRow.ordinal)).all()
        assert [(segment.text, segment.digest) for segment in segments] == [(text, digest(text)) for text in SENTENCES]
        kept = session.scalars(select(TranslationRow).order_by(TranslationRow.text)).all()
        expected = sorted(TRANSLATED.items(), key=lambda pair: pair[1]) if version > "0001" else []
        assert [(one.source_digest, one.text) for one in kept] == [(digest(text), made) for text, made in expected]
        assert {(one.source, one.target, one.origin, one.version) for one in kept} <= {("en", "ru", "machine", 1)}
        assert [one.doubt for one in kept] == (["", "numbers"] if expected else [])


def test_what_is_being_removed_when_tombstones_come_is_deleted_for_good(database: Database) -> None:
    to(database, "0003")
    fill(database, "0003")
    migrate(database)
    to(database, "0007")
    with database.engine.begin() as connection:
        connection.execute(text("UPDATE documents SET state = 'removing', sha256 = 'removed d'"))
    migrate(database)
    with database.reading() as session:
        row = session.get_one(DocumentRow, "d")
        assert row.deletes_at is not None and row.deletes_at <= now()
        assert session.scalars(select(TombstoneRow)).all() == []
    to(database, "0007")
    migrate(database)
    with database.reading() as session:
        assert session.get_one(DocumentRow, "d").deletes_at is not None


def test_what_the_memory_holds_when_words_are_first_learned_is_learned_from(database: Database) -> None:
    to(database, "0003")
    fill(database, "0003")
    migrate(database)
    to(database, "0020")
    entry = {"document": "d", "source_digest": "s", "source": "en", "target": "ru", "target_digest": "t"}
    entry |= {"source_text": "One.", "target_text": "Один.", "origin": "human", "pair": ""}
    columns = ", ".join(entry)
    with database.engine.begin() as connection:
        values = ", ".join(f":{name}" for name in entry)
        connection.execute(text(f"INSERT INTO memory_entries ({columns}) VALUES ({values})"), entry)
    migrate(database)
    with database.reading() as session:
        assert [(row.document, row.pair, row.learned) for row in session.scalars(select(LearnedSourceRow))] == [
            ("d", "", "")
        ]


@pytest.mark.parametrize("state", ["translated", "received", "quarantined"])
def test_what_is_there_when_tombstones_come_stays(database: Database, state: str) -> None:
    to(database, "0003")
    fill(database, "0003")
    migrate(database)
    to(database, "0007")
    with database.engine.begin() as connection:
        connection.execute(text("UPDATE documents SET state = :state"), {"state": state})
    migrate(database)
    with database.reading() as session:
        row = session.get_one(DocumentRow, "d")
        assert (row.state, row.deletes_at) == (State(state), None)


def test_what_people_translated_is_shown_after_going_back_and_forth(database: Database) -> None:
    to(database, "0003")
    fill(database, "0003")
    migrate(database)
    with database.session() as session:
        for version, text in enumerate(["Бумага о воде.", "Доклад о воде."], 1):
            by_person = {"source": "en", "target": "ru", "origin": "human", "version": version, "text": text}
            session.add(TranslationRow(document="d", source_digest=digest(SENTENCES[0]), **by_person))
    to(database, "0003")
    migrate(database)
    with database.reading() as session:
        kept = session.scalars(select(TranslationRow)).all()
        shown = {(one.source_digest, one.origin): one.text for one in kept}
    assert shown == {
        (digest(SENTENCES[0]), "human"): "Доклад о воде.",
        (digest(SENTENCES[1]), "machine"): "Он короток.",
    }


def test_more_segments_than_are_read_at_once_all_get_their_digest(database: Database) -> None:
    to(database, "0003")
    fill(database, "0003")
    metadata = MetaData()
    metadata.reflect(database.engine)
    texts = [f"Sentence {at}." for at in range(5_010)]
    about = {"document": "d", "page": 1, "boxes": "[]", "furniture": False, "language": "en"}
    with database.engine.begin() as connection:
        rows = [{**about, "ordinal": at, "text": text} for at, text in enumerate(texts, len(SENTENCES))]
        connection.execute(metadata.tables["segments"].insert(), rows)
    migrate(database)
    with database.reading() as session:
        kept = dict(session.execute(select(SegmentRow.text, SegmentRow.digest)).all())
    assert kept == {text: digest(text) for text in (*SENTENCES, *texts)}
