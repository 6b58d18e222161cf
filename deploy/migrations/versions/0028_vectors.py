"""Vectors of passages, and how far each document has come with them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"


def upgrade() -> None:
    """Go forward."""
    op.create_table(
        "passage_vectors",
        sa.Column("document", sa.Text(), primary_key=True),
        sa.Column("ordinal", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("encoder", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("scale", sa.Integer(), nullable=False),
        sa.Column("numbers", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["document", "ordinal"], ["passages.document", "passages.ordinal"], ondelete="CASCADE"),
    )
    op.add_column("documents", sa.Column("encoded", sa.Text(), nullable=False, server_default=""))
    op.add_column("documents", sa.Column("vectors", sa.BigInteger(), nullable=False, server_default="0"))
    op.create_index("documents_encoded", "documents", ["encoded", "taken_at"])


def downgrade() -> None:
    """Go back."""
    op.drop_index("documents_encoded", "documents")
    op.drop_column("documents", "vectors")
    op.drop_column("documents", "encoded")
    op.drop_table("passage_vectors")
