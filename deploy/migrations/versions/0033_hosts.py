"""Hosts: which there are, and what all of them have in common."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0033"
down_revision = "0031"


def upgrade() -> None:
    """Go forward."""
    op.create_table(
        "shared",
        sa.Column("name", sa.Text(), primary_key=True),
        sa.Column("value", sa.Text(), nullable=False),
    )
    op.create_table(
        "hosts",
        sa.Column("name", sa.Text(), primary_key=True),
        sa.Column("role", sa.Text(), primary_key=True),
        sa.Column("facts", sa.Text(), nullable=False),
        sa.Column("seen", sa.DateTime(), nullable=False),
    )


def downgrade() -> None:
    """Go back."""
    op.drop_table("hosts")
    op.drop_table("shared")
