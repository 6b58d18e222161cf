"""Pairs of papers that are each other's translation, and the alignment of their sentences."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    """Go forward. The papers that are there are looked at by a worker."""
    _portraits()
    op.create_table(
        "pairs",
        sa.Column("id", sa.Text(), primary_key=True),
        sa.Column("first", sa.Text(), sa.ForeignKey("documents.id", ondelete="CASCADE"), nullable=False),
        sa.Column("second", sa.Text(), sa.ForeignKey("documents.id", ondelete="CASCADE"), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("likeness", sa.Double(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("decided_at", sa.DateTime(), nullable=False),
        sa.Column("aligned", sa.Boolean(), nullable=False),
        sa.Column("lent", sa.Boolean(), nullable=False),
        sa.UniqueConstraint("first", "second"),
    )
    op.create_index("pairs_second", "pairs", ["second"])
    op.create_index("pairs_to_align", "pairs", ["aligned", "state"])
    op.create_index("pairs_to_lend", "pairs", ["lent", "state"])
    op.create_table(
        "alignments",
        sa.Column("pair", sa.Text(), sa.ForeignKey("pairs.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("texts", sa.Text(), nullable=False),
        sa.Column("beads", sa.Text(), nullable=False),
        sa.Column("by_hand", sa.Text(), nullable=False),
    )
    op.create_table(
        "corrections",
        sa.Column("pair", sa.Text(), sa.ForeignKey("pairs.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("version", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("before", sa.Text(), nullable=False),
        sa.Column("after", sa.Integer(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
    )


def _portraits() -> None:
    op.create_table(
        "portraits",
        sa.Column("document", sa.Text(), sa.ForeignKey("documents.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("vector", sa.Text(), nullable=False),
        sa.Column("letters", sa.Integer(), nullable=False),
        sa.Column("sought", sa.Boolean(), nullable=False),
    )
    op.create_index("portraits_to_seek", "portraits", ["sought", "document"])
    op.execute(
        "INSERT INTO portraits (document, language, vector, letters, sought) "
        "SELECT id, '', '', 0, false FROM documents WHERE id IN (SELECT document FROM segments)"
    )


def downgrade() -> None:
    """Go back. What pairs lent is taken back."""
    op.execute("DELETE FROM translations WHERE origin = 'human' AND engine = 'pair'")
    for table in ("corrections", "alignments", "pairs", "portraits"):
        op.drop_table(table)
