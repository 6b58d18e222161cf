"""What a person has seen of a search that they keep, sealed, and when they looked."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0017"


def upgrade() -> None:
    """Go forward."""
    with op.batch_alter_table("saved_searches") as table:
        table.add_column(sa.Column("looked_at", sa.DateTime(), nullable=True))
        table.add_column(sa.Column("seen", sa.Text(), nullable=False, server_default=""))


def downgrade() -> None:
    """Go back."""
    with op.batch_alter_table("saved_searches") as table:
        table.drop_column("seen")
        table.drop_column("looked_at")
