"""Signing in, and what a person may know of themselves, as JSON."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, StringConstraints

from auth import sessions
from auth.tables import SessionRow

Typed = Annotated[str, StringConstraints(max_length=300)]  # by a person into a form, so that it may be empty


class SessionToken(BaseModel):
    """A new session. `token` is empty where a cookie has it."""

    token: str
    expires_at: datetime


class Me(BaseModel):
    """A person, to themselves. `must` is what they have to set up before all their roles hold."""

    username: str
    name: str
    agency: str
    clearance: str
    need_to_know: list[str]
    roles: list[str]
    actions: list[str]
    second_factor: bool
    must: list[Literal["password", "otp"]]


class OwnSession(BaseModel):
    """A sign-in that lasts. `last_used` is up to a minute late; `this` is the one that asks."""

    begun: datetime
    last_used: datetime
    expires_at: datetime
    second_factor: bool
    this: bool

    @staticmethod
    def of(row: SessionRow, asking: str) -> OwnSession:
        """From a session, and the identifier of the one that asks."""
        return OwnSession(
            begun=sessions.begun(row),
            last_used=row.seen,
            expires_at=row.expires,
            second_factor=row.second_factor,
            this=row.id == asking,
        )


class SecondFactor(BaseModel):
    """The second factor on its way: a secret, as an address and as a picture (SVG) too; or it is on: recovery codes."""

    secret: str = ""
    uri: str = ""
    picture: str = ""
    recovery_codes: list[str] = []


class Credentials(BaseModel):
    """What somebody signs in with. `otp`: six digits or a recovery code; `cookie`: the token goes into a cookie."""

    username: Typed
    password: Typed
    otp: Typed = ""
    cookie: bool = False


class NewPassword(BaseModel):
    """A change of one's own password; `old` may be a one-time code."""

    old: Typed
    new: Typed


class SecondFactorSetUp(BaseModel):
    """The password alone asks for a secret; the secret with its first digits turns the second factor on."""

    password: Typed
    secret: Typed = ""
    code: Typed = ""


class SignInWays(BaseModel):
    """How people sign in here: the same for whoever asks. `password`: of everybody, not of one or two alone."""

    single_sign_on: bool
    password: bool


class SignOnAddress(BaseModel):
    """Where the browser goes to sign in with the issuer."""

    address: str


class SignOnAnswer(BaseModel):
    """What the issuer sent back with the browser, out of the address's fragment."""

    code: Annotated[str, StringConstraints(min_length=1, max_length=4_000)]
    state: Typed
    iss: Typed = ""
