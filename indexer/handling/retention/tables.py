"""The table of retention schedules."""

from __future__ import annotations

from sqlalchemy import Text
from sqlalchemy.orm import Mapped, mapped_column

from auth.database import Base


class RetentionRow(Base):
    """How many years papers of a kind and a level are kept; what has no row is kept for good."""

    __tablename__ = "retention_schedules"

    kind: Mapped[str] = mapped_column(Text, primary_key=True)
    level: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    years: Mapped[int]
