"""Seals what is secret in the database with a key of the home (AES-256-GCM). Refuses what was changed or moved.

Whoever holds a copy of the database alone can then take up nobody's second factor. What is sealed is bound to the row
that it belongs to: put into another row it does not open.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import os
import secrets
from pathlib import Path
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import select
from sqlalchemy.orm import Session

from auth.database import KEY, Database, locking
from auth.durable import write_new
from auth.errors import ErrorKind, TolmachError
from auth.tables import PersonRow

FILE: Final = "database.key"  # among the keys of the home
KEY_BYTES: Final = 32
_MARK: Final = "sealed1."
_NONCE: Final = 12  # bytes
_DIGITS: Final = 16  # hexadecimal, of a fingerprint


class VaultError(TolmachError):
    """The key of the database's secrets is gone or another one, or a secret was changed; the message says which."""

    kind = ErrorKind.UNAVAILABLE
    code = "vault"
    sentence = "The service cannot read what it keeps sealed of you. Its operator has to look at it: tolmach doctor."


def make_key(path: Path) -> None:
    """Make the key in a new file that nobody else reads. Raises FileExistsError, OSError."""
    write_new(path, secrets.token_hex(KEY_BYTES).encode())


def load_key(path: Path) -> bytes:
    """Read the key. Raises VaultError."""
    try:
        key = bytes.fromhex(path.read_text(encoding="ascii"))
    except FileNotFoundError as error:
        raise VaultError(f"There is no {path} yet. Run `tolmach init`, or restore it from your backup.") from error
    except (OSError, ValueError) as error:
        raise VaultError(f"{path} cannot be read, or holds no key. Restore it from your backup.") from error
    if len(key) != KEY_BYTES or len(set(key)) < KEY_BYTES // 4:
        raise VaultError(f"{path} holds no key that was made at random. Restore it from your backup.")
    return key


def fingerprint(content: bytes) -> str:
    """A name for what a file holds, from which that does not follow: keys are made at random."""
    return hashlib.sha256(b"tolmach fingerprint 1 " + content).hexdigest()[:_DIGITS]


def seal(session: Session, secret: str, about: str) -> str:
    """A secret sealed for one row; "" stays so. `about` names the row, and must be given again to open it."""
    return sealed_by(_key(session), secret, about) if secret else ""


def sealed_by(key: bytes, secret: str, about: str) -> str:
    """A secret sealed with a key that is not the database's."""
    nonce = os.urandom(_NONCE)
    sealed = AESGCM(key).encrypt(nonce, secret.encode(), about.encode())
    return _MARK + base64.b64encode(nonce + sealed).decode()


def unseal(session: Session, sealed: str, about: str) -> str:
    """A secret that was sealed for this row; "" stays so. Raises VaultError, also where it was never sealed."""
    return unsealed_by(_key(session), sealed, about) if sealed else ""


def unsealed_by(key: bytes, sealed: str, about: str) -> str:
    """A secret that was sealed with a key that is not the database's. Raises VaultError."""
    try:
        content = base64.b64decode(sealed.removeprefix(_MARK), validate=True) if is_sealed(sealed) else b""
        return AESGCM(key).decrypt(content[:_NONCE], content[_NONCE:], about.encode()).decode()
    except (InvalidTag, ValueError, binascii.Error) as error:
        raise VaultError("A secret in the database was changed, or sealed with another key of a home.") from error


def is_sealed(text: str) -> bool:
    """Whether a text looks sealed."""
    return text.startswith(_MARK)


def of_person(person_id: str) -> str:
    """What the secret of a person's second factor is bound to."""
    return f"second factor of {person_id}"


def seal_second_factors(database: Database) -> int:
    """Seal the secrets that an earlier version left open; gives how many. Raises VaultError, DatabaseError."""
    with database.session() as session:
        people = session.scalars(locking(select(PersonRow).where(PersonRow.otp_secret != "").order_by(PersonRow.id)))
        left_open = [person for person in people if not is_sealed(person.otp_secret)]
        for person in left_open:
            person.otp_secret = seal(session, person.otp_secret, of_person(person.id))
    return len(left_open)


def check(database: Database) -> int:
    """How many secrets of second factors there are, once all prove to be sealed with this key. Raises VaultError."""
    with database.reading() as session:
        rows = session.execute(select(PersonRow.id, PersonRow.otp_secret).where(PersonRow.otp_secret != "")).all()
        if left_open := sum(not is_sealed(secret) for _, secret in rows):
            raise VaultError(f"{left_open} secrets of second factors are not sealed yet. Run: tolmach init")
        for person_id, secret in rows:
            unseal(session, secret, of_person(person_id))
    return len(rows)


def _key(session: Session) -> bytes:
    key: bytes = session.info.get(KEY, b"")
    if not key:
        raise VaultError(f"There is no {FILE} among the keys of this home. Restore it from your backup.")
    return key
