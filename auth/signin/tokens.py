"""Tokens: who somebody is, signed. Says nothing of rights; refuses any but ours and an issuer's, whole and in time.

Keys are written one a line, 64 hexadecimal digits each: the first signs, the others are retired, with the moment when,
and are believed until every session that they may have signed is over.
"""

from __future__ import annotations

import hashlib
import re
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from jose import JOSEError, JWTError, jwk, jwt

from auth.database import now
from auth.errors import ErrorKind, TolmachError
from auth.sessions import LIFETIME

ALGORITHM: Final = "HS256"
TYPE: Final = "JWT"
ISSUER = AUDIENCE = "tolmach"
KEY_BYTES: Final = 32
DIFFERENT: Final = 8  # bytes that a key must have at least, to be taken for random
LONGEST: Final = 4_096  # characters of a token

_FORM = re.compile(r"[\w-]+\.[\w-]+\.[\w-]{42}[AEIMQUYcgkosw048]", re.ASCII)  # and no stray bits at the end
FOREIGN_ALGORITHMS: Final = {"RS256": "RSA", "ES256": "EC"}  # an issuer's, and the kind of key: none is a shared secret
LONGEST_FOREIGN: Final = 20_000  # characters of an issuer's token
SKEW: Final = 60  # seconds that an issuer's clock may differ from ours
_FOREIGN_FORM = re.compile(r"[\w-]+\.[\w-]+\.[\w-]+", re.ASCII)
_FOREIGN_TYPES: Final = (None, "JWT", "logout+jwt")
_RSA_DIGITS: Final = 342  # in base64, of a modulus of 2,048 bits
_STRICT = {f"require_{claim}": True for claim in ("aud", "iat", "exp", "iss", "sub", "jti")} | {"leeway": 0}


class SigningKeyError(TolmachError, ValueError):
    """The keys that sign tokens are missing, or are something other than 256-bit keys."""

    kind = ErrorKind.UNAVAILABLE
    code = "signing_key_unavailable"
    sentence = "The service cannot tell who is signed in at the moment. Try again in a few minutes."


_FOREIGN_STRICT = {f"require_{claim}": True for claim in ("aud", "iat", "exp", "iss")} | {
    "leeway": SKEW,
    "verify_at_hash": False,  # it is about an access token, which nobody keeps
}


@dataclass(frozen=True, slots=True)
class Claims:
    """Whom a token names, and by which sign-in."""

    person_id: str
    session_id: str


@dataclass(frozen=True, slots=True)
class Key:
    """A key and its name. One that is retired signs no more; what it signed before is believed for a session's life."""

    kid: str
    secret: bytes = field(repr=False)
    retired: datetime | None = None

    @staticmethod
    def of(secret: bytes, retired: datetime | None = None) -> Key:
        """A key under the name that follows from it."""
        return Key(hashlib.sha256(secret).hexdigest()[:16], secret, retired)

    @property
    def is_over(self) -> bool:
        """Whether every session that it may have signed is over."""
        return self.retired is not None and now() >= self.retired + LIFETIME


@dataclass(frozen=True, slots=True)
class Signer:
    """Makes tokens with its first key, and reads those of every key that is not over."""

    keys: tuple[Key, ...]

    def token(self, person_id: str, session_id: str, issued: datetime, expires: datetime) -> str:
        """A signed token for this sign-in."""
        claims = {"sub": person_id, "jti": session_id, "iat": issued, "exp": expires, "iss": ISSUER, "aud": AUDIENCE}
        key = self.keys[0]
        return str(jwt.encode(claims, _vendors(key), ALGORITHM, headers={"kid": key.kid}))

    def read(self, token: str) -> Claims | None:
        """The claims of a token that is ours, whole and not over; else None, whatever is wrong with it."""
        if len(token) > LONGEST or not _FORM.fullmatch(token):
            return None
        try:
            key = self._key(jwt.get_unverified_header(token))
            if key is None:
                return None
            claims = jwt.decode(token, _vendors(key), [ALGORITHM], dict(_STRICT), audience=AUDIENCE, issuer=ISSUER)
        except (JWTError, ValueError, TypeError, AttributeError, RecursionError):
            return None
        return Claims(claims["sub"], claims["jti"])

    def _key(self, header: dict[str, Any]) -> Key | None:
        """The key that a header names, if it says just what ours say: no other field, no other value."""
        matching_keys = (key for key in self.keys if header == {"alg": ALGORITHM, "typ": TYPE, "kid": key.kid})
        return next((key for key in matching_keys if not key.is_over), None)


def key_name(token: str) -> str:
    """The name of the key that an issuer's token says it is signed with; "" where it says none, or is no token."""
    if len(token) > LONGEST_FOREIGN or not _FOREIGN_FORM.fullmatch(token):
        return ""
    try:
        name = jwt.get_unverified_header(token).get("kid")
    except (JOSEError, ValueError, TypeError, AttributeError, RecursionError):
        return ""
    return name if isinstance(name, str) else ""


def foreign_claims(token: str, keys: Sequence[Mapping[str, Any]], issuer: str, audience: str) -> dict[str, Any] | None:
    """The claims of a token that an issuer signed for this audience with one of its keys (JWK), whole and in time.

    None whatever is wrong with it. What the claims say beyond issuer, audience and times is still to be looked at.
    """
    name = key_name(token)
    if not name:
        return None
    try:
        header = jwt.get_unverified_header(token)
        algorithm = header.get("alg")
        key = next((key for key in keys if key.get("kid") == name and _serves(key, algorithm)), None)
        if key is None or "crit" in header or header.get("typ") not in _FOREIGN_TYPES:
            return None
        public_key = jwk.construct(dict(key), algorithm)
        options = dict(_FOREIGN_STRICT)
        claims: dict[str, Any] = jwt.decode(token, public_key, [algorithm], options, audience=audience, issuer=issuer)
    except (JOSEError, ValueError, TypeError, AttributeError, KeyError, OverflowError, RecursionError):
        return None
    return claims


def _serves(key: Mapping[str, Any], algorithm: object) -> bool:
    """Whether a key of an issuer is one to sign with by this algorithm, of the right kind and strong enough."""
    if not isinstance(algorithm, str) or key.get("kty") != FOREIGN_ALGORITHMS.get(algorithm, ""):
        return False
    strong = key.get("crv") == "P-256" if algorithm == "ES256" else len(str(key.get("n", ""))) >= _RSA_DIGITS
    return strong and key.get("use", "sig") == "sig" and key.get("alg", algorithm) == algorithm


def _vendors(key: Key) -> Any:  # noqa: ANN401
    return jwk.construct(key.secret, ALGORITHM)


def signer_of(text: str) -> Signer:
    """The keys that are written in a text. Raises SigningKeyError."""
    try:
        keys = [_from_line(line) for line in text.split("\n") if line.strip()]
    except ValueError as error:
        raise SigningKeyError("What signs tokens is no key. Run: tolmach keys rotate --sign-out") from error
    if not keys or any(len(key.secret) < KEY_BYTES or len(set(key.secret)) < DIFFERENT for key in keys):
        raise SigningKeyError(
            f"The key that signs tokens is weak: it must be {KEY_BYTES} random bytes as hexadecimal digits. "
            "Run: tolmach keys rotate --sign-out"
        )
    if keys[0].retired or not all(key.retired for key in keys[1:]):
        raise SigningKeyError("The first key signs, the others are retired: this is not so.")
    return Signer(tuple(keys))


def text_of(signer: Signer) -> str:
    """The keys, as `signer_of` reads them."""
    lines = [f"{key.secret.hex()} {key.retired.isoformat() if key.retired else ''}".strip() for key in signer.keys]
    return "\n".join(lines)


def fresh() -> Signer:
    """One new key."""
    return Signer((Key.of(secrets.token_bytes(KEY_BYTES)),))


def rotated(signer: Signer) -> Signer:
    """A new key first, and the one before retired; those that are over are left out."""
    first, *retired = signer.keys
    return Signer((*fresh().keys, Key.of(first.secret, now()), *(key for key in retired if not key.is_over)))


def _from_line(line: str) -> Key:
    digits, _, moment = line.strip().partition(" ")
    retired = datetime.fromisoformat(moment) if moment else None
    if retired and retired.tzinfo is None:
        raise ValueError("a moment without its zone")
    return Key.of(bytes.fromhex(digits), retired)
