"""Searches that experts send to other agencies, sealed."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"


def upgrade() -> None:
    """Go forward."""
    op.create_table(
        "enquiries",
        sa.Column("id", sa.Text(), primary_key=True),
        sa.Column("person", sa.Text(), sa.ForeignKey("people.id"), nullable=False),
        sa.Column("agency", sa.Text(), sa.ForeignKey("agencies.code"), nullable=False),
        sa.Column("sent_at", sa.DateTime(), nullable=False),
        sa.Column("over_at", sa.DateTime(), nullable=False),
        sa.Column("sealed", sa.Text(), nullable=False),
        sa.Column("closed_at", sa.DateTime(), nullable=True),
    )
    for column in ("person", "agency", "over_at"):
        op.create_index(f"ix_enquiries_{column}", "enquiries", [column])


def downgrade() -> None:
    """Go back."""
    op.drop_table("enquiries")
