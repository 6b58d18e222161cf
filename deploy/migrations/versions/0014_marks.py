"""What readers must know of lines, what pages hide, markings that papers bear, and pages recognised from pictures."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    """Go forward."""
    op.add_column("segments", sa.Column("marks", sa.Text(), nullable=False, server_default=""))
    op.add_column("pages", sa.Column("hidden", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("pages", sa.Column("confidence", sa.Integer(), nullable=True))
    for name in ("marking", "hidden_choice", "recognise", "attachments"):
        op.add_column("documents", sa.Column(name, sa.Text(), nullable=False, server_default=""))
    op.add_column("documents", sa.Column("marking_confirmed", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.create_index("documents_recognise", "documents", ["recognise", "taken_at"])
    op.create_table(
        "recognised_pages",
        sa.Column("document", sa.Text(), sa.ForeignKey("documents.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("number", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("confidence", sa.Integer(), nullable=False),
        sa.Column("lines", sa.Text(), nullable=False),
    )


def downgrade() -> None:
    """Go back."""
    op.drop_table("recognised_pages")
    op.drop_index("documents_recognise", "documents")
    for name in ("marking_confirmed", "attachments", "recognise", "hidden_choice", "marking"):
        op.drop_column("documents", name)
    op.drop_column("pages", "confidence")
    op.drop_column("pages", "hidden")
    op.drop_column("segments", "marks")
