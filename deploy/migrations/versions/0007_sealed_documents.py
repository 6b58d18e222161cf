"""Documents that a restore would have weakened, sealed until two people decide; and how far the trail had come."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Go forward."""
    op.create_table(
        "sealed_documents",
        sa.Column("document", sa.Text(), sa.ForeignKey("documents.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("rule", sa.Text(), sa.ForeignKey("reading_rules.digest"), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("entry", sa.BigInteger(), nullable=False),
        sa.Column("told", sa.Text(), nullable=False),
        sa.Column("removed", sa.Boolean(), nullable=False),
        sa.Column("sealed_at", sa.DateTime(), nullable=False),
    )
    op.create_table(
        "trail_marks",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
    )


def downgrade() -> None:
    """Go back."""
    op.drop_table("trail_marks")
    op.drop_table("sealed_documents")
