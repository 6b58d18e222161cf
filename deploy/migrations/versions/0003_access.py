"""How people sign in, changes that wait for a second person, and when a document is published."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def _columns() -> list[tuple[str, sa.Column[Any]]]:
    return [
        ("people", sa.Column("code_until", sa.DateTime())),
        ("people", sa.Column("otp_secret", sa.Text(), nullable=False, server_default="")),
        ("people", sa.Column("otp_step", sa.Integer(), nullable=False, server_default="0")),
        ("sessions", sa.Column("seen", sa.DateTime(), nullable=False, server_default="2000-01-01 00:00:00")),
        ("sessions", sa.Column("second_factor", sa.Boolean(), nullable=False, server_default=sa.false())),
        ("documents", sa.Column("embargo_until", sa.DateTime())),
        ("documents", sa.Column("expires_at", sa.DateTime())),
        ("documents", sa.Column("review_on", sa.Date())),
        ("documents", sa.Column("legal_hold", sa.Boolean(), nullable=False, server_default=sa.false())),
        ("documents", sa.Column("indexed_rule", sa.Text(), nullable=False, server_default="")),
        ("documents", sa.Column("due_at", sa.DateTime())),
    ]


def upgrade() -> None:
    """Go forward."""
    for table, column in _columns():
        op.add_column(table, column)
    op.execute("UPDATE documents SET indexed_rule = rule")
    op.create_index("documents_due", "documents", ["due_at"])
    op.create_table(
        "recovery_codes",
        sa.Column("person", sa.Text(), sa.ForeignKey("people.id"), primary_key=True),
        sa.Column("digest", sa.Text(), primary_key=True),
    )
    op.create_table(
        "throttles",
        sa.Column("name", sa.Text(), primary_key=True),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("until", sa.DateTime(), nullable=False),
    )
    _create_proposals()


def _create_proposals() -> None:
    op.create_table(
        "proposals",
        sa.Column("id", sa.Text(), primary_key=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("change", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("proposed_by", sa.Text(), sa.ForeignKey("people.id"), nullable=False),
        sa.Column("proposed_at", sa.DateTime(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("decided_by", sa.Text(), sa.ForeignKey("people.id")),
        sa.Column("decided_at", sa.DateTime()),
    )
    op.create_index("ix_proposals_subject", "proposals", ["subject"])
    op.create_index("ix_proposals_state", "proposals", ["state"])


def downgrade() -> None:
    """Go back."""
    for table in ("proposals", "throttles", "recovery_codes"):
        op.drop_table(table)
    op.drop_index("documents_due", "documents")
    for table, column in reversed(_columns()):
        op.drop_column(table, column.name)
