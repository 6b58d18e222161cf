"""The tables behind authorisation: agencies, people, grants, how people sign in, proposals and reading rules."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, Text
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
    """A person of an agency, and what they sign in with.

    `password` is an Argon2id hash; until `code_until`, where there is one, it is that of a one-time code, which opens
    nothing but choosing a password. `otp_secret` is their second factor's, sealed, or ""; `otp_step` its last step.
    """

    __tablename__ = "people"

    id: Mapped[str] = mapped_column(Text, primary_key=True, default=new_id)
    username: Mapped[str] = mapped_column(Text, unique=True)
    name: Mapped[str] = mapped_column(Text)
    agency: Mapped[str] = mapped_column(ForeignKey("agencies.code"))
    password: Mapped[str] = mapped_column(Text)
    code_until: Mapped[datetime | None] = mapped_column(Moment, default=None)
    otp_secret: Mapped[str] = mapped_column(Text, default="", server_default="")
    otp_step: Mapped[int] = mapped_column(default=0, server_default="0")
    active: Mapped[bool] = mapped_column(default=True)


class RecoveryRow(Base):
    """A recovery code that still stands in for a person's second factor once, by its SHA-256."""

    __tablename__ = "recovery_codes"

    person: Mapped[str] = mapped_column(ForeignKey("people.id"), primary_key=True)
    digest: Mapped[str] = mapped_column(Text, primary_key=True)


class PasskeyRow(Base):
    """A passkey of a person: what its device calls it, its public key, and how often it had signed at its last use."""

    __tablename__ = "passkeys"

    id: Mapped[str] = mapped_column(Text, primary_key=True, default=new_id)
    person: Mapped[str] = mapped_column(ForeignKey("people.id"), index=True)
    credential: Mapped[str] = mapped_column(Text, unique=True)
    public_key: Mapped[str] = mapped_column(Text)
    signed: Mapped[int] = mapped_column(BigInteger)
    name: Mapped[str] = mapped_column(Text)
    added: Mapped[datetime] = mapped_column(Moment, default=now)
    used: Mapped[datetime | None] = mapped_column(Moment, default=None)


class ChallengeRow(Base):
    """What a passkey of a person is to sign, by its SHA-256, until somebody answers or its time is over."""

    __tablename__ = "challenges"

    digest: Mapped[str] = mapped_column(Text, primary_key=True)
    person: Mapped[str] = mapped_column(ForeignKey("people.id"), index=True)
    purpose: Mapped[str] = mapped_column(Text)
    until: Mapped[datetime] = mapped_column(Moment, index=True)


class ThrottleRow(Base):
    """Failed sign-ins in a row under a name, by the name's SHA-256: there need be nobody of that name."""

    __tablename__ = "throttles"

    name: Mapped[str] = mapped_column(Text, primary_key=True)
    failures: Mapped[int]
    until: Mapped[datetime] = mapped_column(Moment)


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


class LinkRow(Base):
    """Whom an issuer's subject is here: who signs in as them there signs in as this person."""

    __tablename__ = "links"

    issuer: Mapped[str] = mapped_column(Text, primary_key=True)
    subject: Mapped[str] = mapped_column(Text, primary_key=True)
    person: Mapped[str] = mapped_column(ForeignKey("people.id"), unique=True)


class LogoutRow(Base):
    """A logout that an issuer announced, by the SHA-256 of its identifier, until it would be too old to be believed."""

    __tablename__ = "logouts"

    digest: Mapped[str] = mapped_column(Text, primary_key=True)
    until: Mapped[datetime] = mapped_column(Moment, index=True)


class SessionRow(Base):
    """A sign-in that a token names; ended by signing out, by time, or by `seen` being too long ago.

    `issuer_session` is what the issuer calls the session there, "" where it says nothing; None after a local sign-in.
    """

    __tablename__ = "sessions"

    id: Mapped[str] = mapped_column(Text, primary_key=True, default=new_id)
    person: Mapped[str] = mapped_column(ForeignKey("people.id"), index=True)
    expires: Mapped[datetime] = mapped_column(Moment)
    seen: Mapped[datetime] = mapped_column(Moment, default=now)
    second_factor: Mapped[bool] = mapped_column(default=False)
    ended: Mapped[bool] = mapped_column(default=False)
    issuer_session: Mapped[str | None] = mapped_column(Text, default=None, index=True)


class ProposalRow(Base):
    """A change that waits for a second person. `change` is JSON; `subject` the document it is about, or ""."""

    __tablename__ = "proposals"

    id: Mapped[str] = mapped_column(Text, primary_key=True, default=new_id)
    kind: Mapped[str] = mapped_column(Text)
    change: Mapped[str] = mapped_column(Text)
    subject: Mapped[str] = mapped_column(Text, default="", index=True)
    reason: Mapped[str] = mapped_column(Text)
    proposed_by: Mapped[str] = mapped_column(ForeignKey("people.id"))
    proposed_at: Mapped[datetime] = mapped_column(Moment, default=now)
    state: Mapped[str] = mapped_column(Text, default="waiting", index=True)
    decided_by: Mapped[str | None] = mapped_column(ForeignKey("people.id"), default=None)
    decided_at: Mapped[datetime | None] = mapped_column(Moment, default=None)


class RuleRow(Base):
    """A reading rule that some document has, by its digest."""

    __tablename__ = "reading_rules"

    digest: Mapped[str] = mapped_column(Text, primary_key=True)
    rule: Mapped[str] = mapped_column(Text)


class TrailMarkRow(Base):
    """How far the audit trail had come when the database last looked, and how far it was proven: a row each."""

    __tablename__ = "trail_marks"

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(BigInteger)
    digest: Mapped[str] = mapped_column(Text)


class SharedRow(Base):
    """What all hosts have in common and the operator changes for all of them at once: a value by its name."""

    __tablename__ = "shared"

    name: Mapped[str] = mapped_column(Text, primary_key=True)
    value: Mapped[str] = mapped_column(Text)


class HostRow(Base):
    """A host that does work of one kind, and what it does it with (`facts`, JSON); no key, fingerprints alone."""

    __tablename__ = "hosts"

    name: Mapped[str] = mapped_column(Text, primary_key=True)
    role: Mapped[str] = mapped_column(Text, primary_key=True)
    facts: Mapped[str] = mapped_column(Text)
    seen: Mapped[datetime] = mapped_column(Moment)
