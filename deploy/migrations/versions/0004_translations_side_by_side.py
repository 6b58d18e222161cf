"""Translations are known by their sentence's text, so that a person's outlives a new reading and stands by a machine's.

Going back keeps the translation that was shown of each sentence, and loses all others.
"""

from __future__ import annotations

import hashlib

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

AT_ONCE = 5_000  # segments

_PAGE = """
    SELECT document, ordinal, text FROM segments WHERE (document, ordinal) > (:document, :ordinal)
    ORDER BY document, ordinal LIMIT :most
"""
_SHOWN = """
    WITH ranked AS (
        SELECT *, row_number() OVER (
            PARTITION BY document, source_digest, source
            ORDER BY CASE origin WHEN 'human' THEN 2 WHEN 'reviewed' THEN 1 ELSE 0 END DESC, version DESC
        ) AS place FROM translations_before
    )
    INSERT INTO translations (document, ordinal, text, origin, engine, model, source_digest, doubt)
    SELECT s.document, s.ordinal, t.text, t.origin, t.engine, t.model, t.source_digest, t.doubt
    FROM segments s JOIN ranked t ON t.document = s.document AND t.source_digest = s.digest AND t.source = s.language
    WHERE t.place = 1
"""


def upgrade() -> None:
    """Go forward."""
    op.add_column("segments", sa.Column("digest", sa.Text(), nullable=False, server_default=""))
    _fill_digests()
    op.execute("CREATE TABLE translations_before AS SELECT * FROM translations")
    op.drop_table("translations")
    op.create_table(
        "translations",
        sa.Column("document", sa.Text(), sa.ForeignKey("documents.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("source_digest", sa.Text(), primary_key=True),
        sa.Column("source", sa.Text(), primary_key=True),
        sa.Column("target", sa.Text(), primary_key=True),
        sa.Column("origin", sa.Text(), primary_key=True),
        sa.Column("version", sa.Integer(), primary_key=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("engine", sa.Text(), nullable=False),
        sa.Column("model", sa.Text(), nullable=False),
        sa.Column("settings", sa.Text(), nullable=False),
        sa.Column("doubt", sa.Text(), nullable=False),
        sa.Column("lender_rule", sa.Text(), nullable=False),
    )
    op.execute(
        """
        INSERT INTO translations (document, source_digest, source, target, origin, version, text, engine, model,
                                  settings, doubt, lender_rule)
        SELECT t.document, t.source_digest, d.language, CASE d.language WHEN 'en' THEN 'ru' ELSE 'en' END, t.origin, 1,
               t.text, t.engine, t.model, '', t.doubt, ''
        FROM translations_before t JOIN documents d ON d.id = t.document
        WHERE t.ordinal = (SELECT min(same.ordinal) FROM translations_before same
                           WHERE same.document = t.document AND same.source_digest = t.source_digest
                           AND same.origin = t.origin)
        """
    )
    op.drop_table("translations_before")
    op.create_index("translations_memory", "translations", ["source_digest", "model"])


def _fill_digests() -> None:
    connection = op.get_bind()
    last = {"document": "", "ordinal": -1, "most": AT_ONCE}
    while rows := connection.execute(sa.text(_PAGE), last).all():
        digests = [
            {"document": document, "ordinal": ordinal, "digest": hashlib.sha256(text.encode()).hexdigest()}
            for document, ordinal, text in rows
        ]
        change = "UPDATE segments SET digest = :digest WHERE document = :document AND ordinal = :ordinal"
        connection.execute(sa.text(change), digests)
        last |= {"document": rows[-1].document, "ordinal": rows[-1].ordinal}


def downgrade() -> None:
    """Go back."""
    op.execute("CREATE TABLE translations_before AS SELECT * FROM translations")
    op.drop_table("translations")
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
    op.execute(_SHOWN)
    op.drop_table("translations_before")
    op.create_index("translations_memory", "translations", ["source_digest", "model"])
    op.drop_column("segments", "digest")
