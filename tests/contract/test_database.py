"""Both databases keep the same promises: migrations make today's tables, and leases never overlap."""

from __future__ import annotations

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

import auth.tables
import indexer.library.tables
from auth.database import Base, Database
from services.setup import migrate

TABLES = (auth.tables, indexer.library.tables)


def test_migrations_make_the_tables_that_the_code_expects(database_url: str) -> None:
    database = Database(database_url)
    migrate(database)
    migrate(database)  # again: nothing happens
    with database.engine.connect() as connection:
        differences = compare_metadata(MigrationContext.configure(connection), Base.metadata)
    database.close()
    assert differences == []
