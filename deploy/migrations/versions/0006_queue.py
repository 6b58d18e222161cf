"""Indices by which workers find their next document, and registrars their lists, however many documents there are."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
LEASED = sa.text("lease_owner != ''")


def upgrade() -> None:
    """Go forward."""
    op.drop_index("documents_waiting", "documents")
    op.create_index("documents_waiting", "documents", ["state", "taken_at"])
    op.create_index("documents_untried", "documents", ["state", "models_tried", "taken_at"])
    op.create_index("documents_leased", "documents", ["lease_owner"], sqlite_where=LEASED, postgresql_where=LEASED)
    op.create_index("documents_taken", "documents", ["taken_at"])
    op.create_index("documents_review", "documents", ["review_on"])


def downgrade() -> None:
    """Go back."""
    for name in ("review", "taken", "leased", "untried", "waiting"):
        op.drop_index(f"documents_{name}", "documents")
    op.create_index("documents_waiting", "documents", ["state", "lease_until"])
