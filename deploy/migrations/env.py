"""What alembic runs: the migrations, over the connection that it is handed."""

from __future__ import annotations

from alembic import context

import auth.tables
import indexer.bitext.review.tables
import indexer.enquiries.tables
import indexer.handling.retention.tables
import indexer.lexicon.termbase.tables
import indexer.library.tables
import indexer.memory.learned.tables
import indexer.memory.tables
import indexer.pairs.tables
import indexer.segment.rules.tables
from auth.database import Base

TABLES = (
    auth.tables,
    indexer.bitext.review.tables,
    indexer.enquiries.tables,
    indexer.handling.retention.tables,
    indexer.memory.learned.tables,
    indexer.memory.tables,
    indexer.lexicon.termbase.tables,
    indexer.pairs.tables,
    indexer.segment.rules.tables,
    indexer.library.tables,
)  # imported for what they add to the metadata

connection = context.config.attributes["connection"]
context.configure(connection=connection, target_metadata=Base.metadata, render_as_batch=True)
with context.begin_transaction():
    context.run_migrations()
