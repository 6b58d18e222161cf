"""Tombstones of removed documents, and until when their files can be brought back."""

from __future__ import annotations

from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """Go forward. What is being removed already was removed for good."""
    op.create_table(
        "tombstones",
        sa.Column("document", sa.Text(), primary_key=True),
        sa.Column("rule", sa.Text(), sa.ForeignKey("reading_rules.digest"), nullable=False),
        sa.Column("originators", sa.Text(), nullable=False),
        sa.Column("removed_at", sa.DateTime(), nullable=False),
        sa.Column("about", sa.Text(), nullable=False),
    )
    op.create_index("ix_tombstones_rule", "tombstones", ["rule"])
    op.add_column("documents", sa.Column("deletes_at", sa.DateTime(), nullable=True))
    op.create_index("documents_deleted", "documents", ["state", "deletes_at"])
    documents = sa.table("documents", sa.column("state", sa.Text()), sa.column("deletes_at", sa.DateTime()))
    at = datetime.now(UTC).replace(tzinfo=None)
    op.execute(documents.update().where(documents.c.state == "removing").values(deletes_at=at))


def downgrade() -> None:
    """Go back."""
    op.drop_index("documents_deleted", "documents")
    op.drop_column("documents", "deletes_at")
    op.drop_table("tombstones")
