"""Tokens: who somebody is, signed. Says nothing of rights; refuses any token but ours, whole and in time."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from jose import JWTError, jwt

ALGORITHM = "HS256"
ISSUER = AUDIENCE = "tolmach"
KEY_BYTES = 32
LONGEST = 4_096  # characters of a token


class KeyFileError(ValueError):
    """The signing key's file is missing, open to others, or holds no 256-bit key."""


@dataclass(frozen=True, slots=True)
class Claims:
    """Whom a token names, and by which sign-in."""

    person_id: str
    session_id: str


@dataclass(frozen=True, slots=True)
class Signer:
    """Makes and reads tokens with one key."""

    key: str = field(repr=False)

    def token(self, person_id: str, session_id: str, issued: datetime, expires: datetime) -> str:
        """A signed token for this sign-in."""
        claims = {
            "sub": person_id,
            "jti": session_id,
            "iat": issued,
            "exp": expires,
            "iss": ISSUER,
            "aud": AUDIENCE,
        }
        return str(jwt.encode(claims, self.key, algorithm=ALGORITHM))

    def read(self, token: str) -> Claims | None:
        """The claims of a token that is ours, whole and not over; else None, whatever is wrong with it."""
        if len(token) > LONGEST:
            return None
        try:
            if set(jwt.get_unverified_header(token)) != {"alg", "typ"}:
                return None
            claims = jwt.decode(token, self.key, [ALGORITHM], dict(_STRICT), audience=AUDIENCE, issuer=ISSUER)
        except (JWTError, ValueError, TypeError, AttributeError):
            return None
        return Claims(claims["sub"], claims["jti"])


_STRICT = {f"require_{claim}": True for claim in ("aud", "iat", "exp", "iss", "sub", "jti")} | {"leeway": 0}


def load_key(path: Path) -> Signer:
    """Read the key made by `tolmach init`: 64 hexadecimal digits. Raises KeyFileError."""
    try:
        mode, text = path.stat().st_mode, path.read_text().strip()
        key = bytes.fromhex(text)
    except (OSError, ValueError) as error:
        raise KeyFileError(f"No signing key in {path}: run `tolmach init`, or restore it from your backup.") from error
    if mode & 0o077:
        raise KeyFileError(f"Others may read the signing key {path}: run `chmod 600 {path}`.")
    if len(key) < KEY_BYTES or len(set(key)) < 8:
        raise KeyFileError(
            f"The signing key in {path} is weak: it must be {KEY_BYTES} random bytes as hexadecimal digits."
        )
    return Signer(text)
