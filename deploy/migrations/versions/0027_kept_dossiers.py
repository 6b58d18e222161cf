"""Dossiers that people keep, sealed."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"


def upgrade() -> None:
    """Go forward."""
    op.create_table(
        "kept_dossiers",
        sa.Column("person", sa.Text(), sa.ForeignKey("people.id"), primary_key=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("saved_at", sa.DateTime(), nullable=False),
        sa.Column("sealed", sa.Text(), nullable=False),
    )


def downgrade() -> None:
    """Go back."""
    op.drop_table("kept_dossiers")
