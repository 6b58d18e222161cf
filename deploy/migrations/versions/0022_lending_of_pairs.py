"""What people say of a pair as a bitext; how many people opened documents."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"


def upgrade() -> None:
    """Go forward."""
    op.add_column("pairs", sa.Column("lending", sa.Text(), nullable=False, server_default="ordinary"))
    op.add_column("memory_entries", sa.Column("preferred", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.create_table(
        "reaches",
        sa.Column("digest", sa.Text(), primary_key=True),
        sa.Column("reach", sa.Text(), nullable=False),
    )
    op.create_table(
        "openings",
        sa.Column("document", sa.Text(), sa.ForeignKey("documents.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("reach", sa.Text(), sa.ForeignKey("reaches.digest"), primary_key=True),
        sa.Column("reader", sa.Text(), primary_key=True),
        sa.Column("day", sa.Date(), nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_index("openings_day", "openings", ["day"])


def downgrade() -> None:
    """Go back."""
    op.drop_table("openings")
    op.drop_table("reaches")
    op.drop_column("memory_entries", "preferred")
    op.drop_column("pairs", "lending")
