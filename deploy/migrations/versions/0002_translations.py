"""Translations of sentences, the models that a document was last tried with, and pages without text."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Go forward."""
    op.create_table(
        "translations",
        sa.Column("document", sa.Text(), sa.ForeignKey("documents.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("ordinal", sa.Integer(), primary_key=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("origin", sa.Text(), nullable=False),
        sa.Column("engine", sa.Text(), nullable=False),
        sa.Column("model", sa.Text(), nullable=False),
        sa.Column("source_digest", sa.Text(), nullable=False),
        sa.Column("doubt", sa.Text(), nullable=False),
    )
    op.create_index("translations_memory", "translations", ["source_digest", "model"])
    op.add_column("pages", sa.Column("trouble", sa.Text(), nullable=False, server_default=""))
    op.add_column("documents", sa.Column("models_tried", sa.Text(), nullable=False, server_default=""))


def downgrade() -> None:
    """Go back."""
    op.drop_column("documents", "models_tried")
    op.drop_column("pages", "trouble")
    op.drop_index("translations_memory", "translations")
    op.drop_table("translations")
