"""People's translations: work on sentences, its history, drafts, requests, assignments, and the memory."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"

_MADE = ("memory_keys", "memory_entries", "assignments")
_OF_SEGMENTS = ("translation_requests", "segment_drafts", "segment_acts", "segment_work")


def upgrade() -> None:
    """Go forward."""
    op.create_table(
        "segment_work",
        *_of_segment(),
        sa.Column("source_text", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("acts", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("origin", sa.Text(), nullable=False),
        sa.Column("machine_digest", sa.Text(), nullable=False),
        sa.Column("changed_at", sa.DateTime(), nullable=False),
        sa.Column("editor", sa.Text(), nullable=False),
        sa.Column("editor_until", sa.DateTime(), nullable=True),
    )
    op.create_index("segment_work_state", "segment_work", ["state", "changed_at"])
    op.create_table(
        "segment_acts",
        *_of_segment(),
        sa.Column("number", sa.Integer(), primary_key=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("text", "note", "code", "about", "by")),
        sa.Column("at", sa.DateTime(), nullable=False),
    )
    op.create_table(
        "segment_drafts",
        *_of_segment(),
        sa.Column("by", sa.Text(), primary_key=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
    )
    op.create_table(
        "translation_requests",
        *_of_segment(),
        sa.Column("by", sa.Text(), primary_key=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
    )
    _make_queue()
    _make_memory()


def _make_queue() -> None:
    op.create_table(
        "assignments",
        _document(),
        sa.Column("assignee", sa.Text(), nullable=False),
        sa.Column("deadline", sa.Date(), nullable=True),
        sa.Column("by", sa.Text(), nullable=False),
    )


def _make_memory() -> None:
    op.create_table(
        "memory_entries",
        sa.Column("id", sa.Integer(), primary_key=True),
        _document(primary_key=False),
        *(
            sa.Column(name, sa.Text(), nullable=False)
            for name in ("source_digest", "source", "target", "target_digest")
        ),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("source_text", "target_text", "origin")),
    )
    op.create_index("memory_entries_of", "memory_entries", ["document", "source_digest", "source"], unique=True)
    op.create_index("memory_entries_source", "memory_entries", ["source_digest"])
    op.create_index("memory_entries_target", "memory_entries", ["target_digest"])
    op.create_table(
        "memory_keys",
        sa.Column("key", sa.BigInteger(), primary_key=True, autoincrement=False),
        sa.Column("entry", sa.Integer(), sa.ForeignKey("memory_entries.id", ondelete="CASCADE"), primary_key=True),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_memory_keys_entry", "memory_keys", ["entry"])


def _of_segment() -> tuple[sa.Column[str], ...]:
    named = (sa.Column(name, sa.Text(), primary_key=True) for name in ("source_digest", "source"))
    return (_document(), *named)


def _document(primary_key: bool = True) -> sa.Column[str]:
    of_document = sa.ForeignKey("documents.id", ondelete="CASCADE")
    return sa.Column("document", sa.Text(), of_document, primary_key=primary_key, nullable=False)


def downgrade() -> None:
    """Go back."""
    for name in (*_MADE, *_OF_SEGMENTS):
        op.drop_table(name)
