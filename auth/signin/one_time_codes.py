"""One-time codes: what a person signs in with first, to choose a password. They last a week.

A code is 20 characters of Crockford's alphabet (100 random bits) in groups of five. However it is typed, small letters,
without hyphens, O for 0, I or L for 1, it is the same code: `canonical` makes it so before it is hashed or checked.
"""

from __future__ import annotations

import secrets
from datetime import timedelta
from typing import Final

from sqlalchemy import delete
from sqlalchemy.orm import Session

from auth import passwords, sessions
from auth.database import now
from auth.signin import passkeys, throttle
from auth.tables import PersonRow, RecoveryRow

LIFETIME: Final = timedelta(days=7)
ALPHABET: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's base 32: no I, L, O, U
LENGTH: Final = 20
GROUP: Final = 5
_READ_AS = str.maketrans({"O": "0", "I": "1", "L": "1", "-": None, " ": None})


def generated(length: int = LENGTH) -> str:
    """A new random code, grouped by hyphens."""
    letters = "".join(secrets.choice(ALPHABET) for _ in range(length))
    return "-".join(letters[at : at + GROUP] for at in range(0, length, GROUP))


def canonical(typed: str) -> str:
    """The code that somebody typed, without hyphens and spaces, in the letters of the alphabet."""
    return typed.upper().translate(_READ_AS)


def hashed(code: str) -> str:
    """The Argon2id hash of a code, however it is written."""
    return passwords.digest(canonical(code))


def renew(session: Session, person: PersonRow, hashed: str) -> None:
    """Make a one-time code, hashed by `hashed`, what the person signs in with from now on.

    Their password, second factor, recovery codes and passkeys are forgotten and every session of theirs ends.
    """
    person.password = hashed
    person.code_until = now() + LIFETIME
    person.otp_secret, person.otp_step = "", 0
    session.execute(delete(RecoveryRow).where(RecoveryRow.person == person.id))
    passkeys.forget(session, person.id)
    sessions.end_all(session, person.id)
    throttle.clear(session, person.username)
