"""An index that the list of documents is chosen by; it takes the place of the one by rule."""

from __future__ import annotations

from alembic import op

revision = "0035"
down_revision = "0034"


def upgrade() -> None:
    """Go forward."""
    op.create_index("documents_listed", "documents", ["rule", "taken_at", "id", "state"])
    op.drop_index("ix_documents_rule", "documents")


def downgrade() -> None:
    """Go back."""
    op.create_index("ix_documents_rule", "documents", ["rule"])
    op.drop_index("documents_listed", "documents")
