"""The table of enquiries."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Text
from sqlalchemy.orm import Mapped, mapped_column

from auth.database import Base, Moment, new_id


class EnquiryRow(Base):
    """A search that a person sent to an agency, sealed with its note, until `over_at`.

    At `closed_at` a registrar of that agency was done with it: nothing that its asker is told may depend on that.
    """

    __tablename__ = "enquiries"

    id: Mapped[str] = mapped_column(Text, primary_key=True, default=new_id)
    person: Mapped[str] = mapped_column(ForeignKey("people.id"), index=True)
    agency: Mapped[str] = mapped_column(ForeignKey("agencies.code"), index=True)
    sent_at: Mapped[datetime] = mapped_column(Moment)
    over_at: Mapped[datetime] = mapped_column(Moment, index=True)
    sealed: Mapped[str] = mapped_column(Text)
    closed_at: Mapped[datetime | None] = mapped_column(Moment, default=None)
