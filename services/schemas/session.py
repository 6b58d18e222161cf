"""Signing in, and what a person may know of themselves, as JSON."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field, StringConstraints

from auth import sessions
from auth.signin.passkeys import LONGEST_NAME
from auth.tables import PasskeyRow, SessionRow

Typed = Annotated[str, StringConstraints(max_length=300)]  # by a person into a form, so that it may be empty


Encoded = Annotated[str, StringConstraints(max_length=16_000, pattern=r"^[A-Za-z0-9_=-]*$")]  # base64url


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


class PasskeyAnswerPart(BaseModel):
    """What a passkey signed (`authenticatorData`, `signature`), or how it was made (`attestationObject`)."""

    client_data: Encoded = Field(alias="clientDataJSON")
    authenticator_data: Encoded = Field("", alias="authenticatorData")
    signature: Encoded = ""
    attestation: Encoded = Field("", alias="attestationObject")


class PasskeyAnswer(BaseModel):
    """What a browser answers for a passkey, as `PublicKeyCredential.toJSON` makes it; the rest of that is not read."""

    id: Encoded
    raw_id: Encoded = Field(alias="rawId")
    type: Literal["public-key"]
    response: PasskeyAnswerPart


class Credentials(BaseModel):
    """What somebody signs in with. `otp`: six digits or a recovery code; `passkey`: what it signed, in its place.

    `cookie`: the token goes into a cookie.
    """

    username: Typed
    password: Typed
    otp: Typed = ""
    passkey: PasskeyAnswer | None = None
    cookie: bool = False


class NewPassword(BaseModel):
    """A change of one's own password; `old` may be a one-time code."""

    old: Typed
    new: Typed


class SecondFactorSetUp(BaseModel):
    """The password alone asks for a secret; the secret with its first digits turns the second factor on.

    Whoever has a passkey confirms that by it.
    """

    password: Typed
    secret: Typed = ""
    code: Typed = ""
    passkey: PasskeyAnswer | None = None


class Confirmation(BaseModel):
    """The password again, and whatever second factor there is: `otp` as at signing in, or what a passkey signed."""

    password: Typed
    otp: Typed = ""
    passkey: PasskeyAnswer | None = None


class PasskeyOffer(BaseModel):
    """What a browser is asked to make a passkey, as `PublicKeyCredential.parseCreationOptionsFromJSON` reads it."""

    options: dict[str, Any]


class NewPasskeySchema(BaseModel):
    """A passkey that a browser has just made, and what its person calls it."""

    name: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=LONGEST_NAME)]
    passkey: PasskeyAnswer


class PasskeySchema(BaseModel):
    """A passkey of one's own. `last_used`: null until it has signed somebody in, or confirmed something."""

    passkey_id: str
    name: str
    added: datetime
    last_used: datetime | None

    @staticmethod
    def of(row: PasskeyRow) -> PasskeySchema:
        """From a passkey."""
        return PasskeySchema(passkey_id=row.id, name=row.name, added=row.added, last_used=row.used)


class OwnSecondFactors(BaseModel):
    """One's own passkeys, and whether one has a clock's digits too (`code`). `origin`: the page that they work at.

    It is empty where no passkeys can be made; `most` is how many one may have.
    """

    passkeys: list[PasskeySchema]
    code: bool
    origin: str
    most: int


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
