"""Who said in which language a paper is: nobody, whoever took it in, or a registrar who corrected it.

What papers have now stays: of these nobody knows any more whether it was said or read.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"


def upgrade() -> None:
    """Go forward."""
    op.add_column("documents", sa.Column("language_by", sa.Text(), nullable=False, server_default=""))
    op.execute("UPDATE documents SET language_by = 'intake' WHERE language <> ''")


def downgrade() -> None:
    """Go back."""
    op.drop_column("documents", "language_by")
