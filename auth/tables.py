"""The tables behind authorisation: agencies, people, grants, sign-in sessions and reading rules."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Text
from sqlalchemy.orm import Mapped, mapped_column

from auth.database import Base, Moment, new_id, now


class AgencyRow(Base):
    """An agency. `ceiling` is the rank of the highest level that its people may read."""

    __tablename__ = "agencies"

    code: Mapped[str] = mapped_column(Text, primary_key=True)
    name_en: Mapped[str] = mapped_column(Text)
    name_ru: Mapped[str] = mapped_column(Text)
    ceiling: Mapped[int]
    active: Mapped[bool] = mapped_column(default=True)


class PersonRow(Base):
    """A person of an agency, and the hash of their password."""

    __tablename__ = "people"

    id: Mapped[str] = mapped_column(Text, primary_key=True, default=new_id)
    username: Mapped[str] = mapped_column(Text, unique=True)
    name: Mapped[str] = mapped_column(Text)
    agency: Mapped[str] = mapped_column(ForeignKey("agencies.code"))
    password: Mapped[str] = mapped_column(Text)
    active: Mapped[bool] = mapped_column(default=True)


class GrantRow(Base):
    """One role for one person from one moment until another; `words` are need-to-know words, one a line."""

    __tablename__ = "grants"

    id: Mapped[str] = mapped_column(Text, primary_key=True, default=new_id)
    person: Mapped[str] = mapped_column(ForeignKey("people.id"), index=True)
    role: Mapped[str] = mapped_column(Text)
    clearance: Mapped[int]
    words: Mapped[str] = mapped_column(Text, default="")
    starts: Mapped[datetime] = mapped_column(Moment, default=now)
    ends: Mapped[datetime | None] = mapped_column(Moment, default=None)


class SessionRow(Base):
    """A sign-in that a token names; ended by signing out or by time."""

    __tablename__ = "sessions"

    id: Mapped[str] = mapped_column(Text, primary_key=True, default=new_id)
    person: Mapped[str] = mapped_column(ForeignKey("people.id"), index=True)
    expires: Mapped[datetime] = mapped_column(Moment)
    ended: Mapped[bool] = mapped_column(default=False)


class RuleRow(Base):
    """A reading rule that some document has, by its digest."""

    __tablename__ = "reading_rules"

    digest: Mapped[str] = mapped_column(Text, primary_key=True)
    rule: Mapped[str] = mapped_column(Text)
