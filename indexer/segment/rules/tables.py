"""The table of the operator's segmentation rules."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Text
from sqlalchemy.orm import Mapped, mapped_column

from auth.database import Base, Moment, now


class SegmentationRow(Base):
    """A file of rules, as it was imported, and the series that it is for, "" for all others."""

    __tablename__ = "segmentation_rules"

    series: Mapped[str] = mapped_column(Text, primary_key=True)
    name: Mapped[str] = mapped_column(Text)
    content: Mapped[str] = mapped_column(Text)
    imported_at: Mapped[datetime] = mapped_column(Moment, default=now)
