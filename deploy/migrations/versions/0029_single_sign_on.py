"""Single sign-on: whom an issuer's subjects are, what an issuer calls a session, and the logouts that it announced."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"


def upgrade() -> None:
    """Go forward."""
    op.create_table(
        "links",
        sa.Column("issuer", sa.Text(), primary_key=True),
        sa.Column("subject", sa.Text(), primary_key=True),
        sa.Column("person", sa.Text(), sa.ForeignKey("people.id"), nullable=False, unique=True),
    )
    op.create_table(
        "logouts",
        sa.Column("digest", sa.Text(), primary_key=True),
        sa.Column("until", sa.DateTime(), nullable=False),
    )
    op.create_index("ix_logouts_until", "logouts", ["until"])
    op.add_column("sessions", sa.Column("issuer_session", sa.Text()))
    op.create_index("ix_sessions_issuer_session", "sessions", ["issuer_session"])


def downgrade() -> None:
    """Go back."""
    op.drop_index("ix_sessions_issuer_session", "sessions")
    op.drop_column("sessions", "issuer_session")
    op.drop_index("ix_logouts_until", "logouts")
    op.drop_table("logouts")
    op.drop_table("links")
