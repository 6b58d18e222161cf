"""What is learned of words out of the memory, and from which of its entries; a worker learns from what there is."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"


def upgrade() -> None:
    """Go forward."""
    op.create_table(
        "learned_sources",
        sa.Column("document", sa.Text(), sa.ForeignKey("documents.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("pair", sa.Text(), primary_key=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("learned", sa.Text(), nullable=False),
    )
    op.create_index("ix_learned_sources_learned", "learned_sources", ["learned"])
    op.create_table(
        "learned_words",
        sa.Column("document", sa.Text(), primary_key=True),
        sa.Column("pair", sa.Text(), primary_key=True),
        sa.Column("english", sa.Text(), primary_key=True),
        sa.Column("russian", sa.Text(), primary_key=True),
        sa.Column("english_text", sa.Text(), nullable=False),
        sa.Column("russian_text", sa.Text(), nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["document", "pair"], ["learned_sources.document", "learned_sources.pair"], ondelete="CASCADE"
        ),
    )
    op.create_index("ix_learned_words_english", "learned_words", ["english"])
    op.create_index("ix_learned_words_russian", "learned_words", ["russian"])
    op.execute(
        "INSERT INTO learned_sources (document, pair, state, learned) "
        "SELECT DISTINCT document, pair, 'kept', '' FROM memory_entries"
    )


def downgrade() -> None:
    """Go back."""
    op.drop_table("learned_words")
    op.drop_table("learned_sources")
