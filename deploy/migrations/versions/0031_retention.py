"""Schedules: how long papers of a kind and a level are kept."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0029"


def upgrade() -> None:
    """Go forward."""
    op.create_table(
        "retention_schedules",
        sa.Column("kind", sa.Text(), primary_key=True),
        sa.Column("level", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("years", sa.Integer(), nullable=False),
    )
    op.create_index("documents_kind", "documents", ["kind", "rule", "date"])


def downgrade() -> None:
    """Go back."""
    op.drop_index("documents_kind", "documents")
    op.drop_table("retention_schedules")
