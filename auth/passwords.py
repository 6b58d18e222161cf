"""Passwords: Argon2id hashes and their checking. Refuses short passwords, and spends the same work on unknown names."""

from __future__ import annotations

import secrets
from functools import lru_cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

SHORTEST = 12
LONGEST = 256  # characters; hashing takes longer with length, and a sign-in is public


class WeakPasswordError(ValueError):
    """The password is too short or too long; the message says what is asked."""


@lru_cache(maxsize=1)
def _hasher() -> PasswordHasher:
    return PasswordHasher()  # Argon2id, RFC 9106's second recommended parameters


@lru_cache(maxsize=1)
def _hash_of_nobody() -> str:
    return _hasher().hash(secrets.token_hex(32))


def hashed(password: str) -> str:
    """The Argon2id hash of a new password. Raises WeakPasswordError."""
    if not SHORTEST <= len(password) <= LONGEST:
        raise WeakPasswordError(f"A password needs {SHORTEST} to {LONGEST} characters.")
    return _hasher().hash(password)


def matches(password: str, known: str | None) -> bool:
    """Whether the password has this hash; with no hash (nobody of that name) the answer is no, after the same work."""
    try:
        return _hasher().verify(known or _hash_of_nobody(), password[: LONGEST + 1]) and known is not None
    except (VerificationError, InvalidHashError):
        return False


def generated() -> str:
    """A new random password of 20 characters."""
    return secrets.token_urlsafe(15)
