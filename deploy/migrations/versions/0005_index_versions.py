"""A version of each document, which orders what is written of it to the index, and those of removed ones."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Go forward."""
    op.add_column("documents", sa.Column("version", sa.BigInteger(), nullable=False, server_default="1"))
    op.add_column("documents", sa.Column("planned_rule", sa.Text(), nullable=False, server_default=""))
    op.add_column("documents", sa.Column("stamp", sa.BigInteger(), nullable=False, server_default="0"))
    op.create_index("documents_indexed", "documents", ["indexed_rule", "due_at", "stamp"])
    op.create_table(
        "removed_documents",
        sa.Column("id", sa.Text(), primary_key=True),
        sa.Column("version", sa.BigInteger(), nullable=False),
    )


def downgrade() -> None:
    """Go back."""
    op.drop_table("removed_documents")
    op.drop_index("documents_indexed", "documents")
    op.drop_column("documents", "stamp")
    op.drop_column("documents", "planned_rule")
    op.drop_column("documents", "version")
