"""The memory also holds what pairs lend: each entry of theirs names its pair, and goes with it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0014"

_OF = ["document", "source_digest", "source"]


def upgrade() -> None:
    """Go forward. Every pair lends anew, so that the memory gets what is lent already."""
    op.add_column("memory_entries", sa.Column("pair", sa.Text(), nullable=False, server_default=""))
    op.drop_index("memory_entries_of", "memory_entries")
    op.create_index("memory_entries_of", "memory_entries", [*_OF, "pair"], unique=True)
    op.create_index("ix_memory_entries_pair", "memory_entries", ["pair"])
    op.execute("UPDATE pairs SET lent = false")


def downgrade() -> None:
    """Go back."""
    op.execute("DELETE FROM memory_entries WHERE pair <> ''")
    op.drop_index("ix_memory_entries_pair", "memory_entries")
    op.drop_index("memory_entries_of", "memory_entries")
    op.create_index("memory_entries_of", "memory_entries", _OF, unique=True)
    op.drop_column("memory_entries", "pair")
