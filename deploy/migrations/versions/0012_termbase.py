"""The termbase: imported vocabularies, concepts with their words, and what became of them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"

_RULE = "reading_rules.digest"


def upgrade() -> None:
    """Go forward."""
    op.create_table(
        "vocabularies",
        sa.Column("id", sa.Text(), primary_key=True),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("kind", "name", "licence", "form")),
        sa.Column("rule", sa.Text(), sa.ForeignKey(_RULE), nullable=False),
        sa.Column("originators", sa.Text(), nullable=False),
        sa.Column("taken_at", sa.DateTime(), nullable=False),
        sa.Column("taken_by", sa.Text(), nullable=False),
        sa.Column("entries", sa.Integer(), nullable=False),
        sa.Column("refused", sa.Integer(), nullable=False),
        sa.Column("refusals", sa.Text(), nullable=False),
        sa.Column("whole", sa.Boolean(), nullable=False),
    )
    op.create_index("ix_vocabularies_rule", "vocabularies", ["rule"])
    by_character = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
    texts = ("state", "domain", "part_of_speech", "source", "note", "replaces", "proposed_by")
    op.create_table(
        "concepts",
        sa.Column("id", sa.Text(), primary_key=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("vocabulary", sa.Text(), sa.ForeignKey("vocabularies.id", ondelete="CASCADE")),
        sa.Column("rule", sa.Text(), sa.ForeignKey(_RULE), nullable=False),
        sa.Column("originators", sa.Text(), nullable=False),
        sa.Column("heading", by_character, nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in texts),
    )
    for column in ("vocabulary", "rule", "proposed_by"):
        op.create_index(f"ix_concepts_{column}", "concepts", [column])
    op.create_index("concepts_listed", "concepts", ["kind", "state", "heading"])
    concept = sa.ForeignKey("concepts.id", ondelete="CASCADE")
    op.create_table(
        "concept_words",
        sa.Column("concept", sa.Text(), concept, primary_key=True),
        sa.Column("place", sa.Integer(), primary_key=True),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("language", "text", "status")),
        sa.Column("sense", sa.Integer(), nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("anchor", "exact", "pattern")),
    )
    op.create_index("concept_words_found", "concept_words", ["anchor", "language"])
    op.create_table(
        "concept_events",
        sa.Column("concept", sa.Text(), sa.ForeignKey("concepts.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("number", sa.Integer(), primary_key=True),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("act", "by")),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
    )


def downgrade() -> None:
    """Go back."""
    for table in ("concept_events", "concept_words", "concepts", "vocabularies"):
        op.drop_table(table)
