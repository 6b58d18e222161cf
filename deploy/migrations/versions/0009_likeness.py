"""Sketches of texts, by which a paper that comes again with a byte changed is known."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    """Go forward."""
    op.create_table(
        "shingles",
        sa.Column("document", sa.Text(), sa.ForeignKey("documents.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("value", sa.BigInteger(), primary_key=True, autoincrement=False),
    )
    op.create_index("ix_shingles_value", "shingles", ["value"])


def downgrade() -> None:
    """Go back."""
    op.drop_table("shingles")
