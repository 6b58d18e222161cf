"""The keys of the audit trail: one seals to the auditor, one signs checkpoints. Refuses a key of any other kind.

What is sealed can be opened with the auditor's private key alone, which the service never holds: HPKE (RFC 9180) in
base mode with X25519, HKDF-SHA256 and ChaCha20-Poly1305. Signatures are Ed25519 (RFC 8032). Key files are PEM.
"""

from __future__ import annotations

import base64
import binascii
import errno
import hashlib
import os
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Final

from cryptography.exceptions import InvalidSignature, InvalidTag, UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite

from auth.durable import write_new
from auth.errors import ErrorKind, TolmachError

INFO: Final = b"tolmach audit term 1"
PADDED_TO: Final = 128  # bytes: a sealed text tells its length no closer than that
_LENGTH: Final = 4  # bytes before the text that say how long it is
_SUITE: Final = (KEM.X25519, KDF.HKDF_SHA256, AEAD.CHACHA20_POLY1305)


class AuditKeyError(TolmachError, ValueError):
    """A key of the audit trail is missing, open to others, or not what it should be; the message says what to do."""

    kind = ErrorKind.INTERNAL
    code = "audit_key"


@dataclass(frozen=True, slots=True)
class Sealer:
    """Seals to one auditor. `key_id` names the key in 16 hexadecimal digits."""

    public: X25519PublicKey = field(repr=False)
    key_id: str

    def seal(self, secret: str) -> str:
        """The text sealed: the key's name, a point, base64. Its length is that of the text, rounded up."""
        text = secret.encode("utf-8", "replace")
        padded = len(text).to_bytes(_LENGTH, "big") + text
        padded += bytes(-len(padded) % PADDED_TO)
        sealed = Suite(*_SUITE).encrypt(padded, self.public, info=INFO)
        return f"{self.key_id}.{base64.b64encode(sealed).decode()}"


@dataclass(frozen=True, slots=True)
class Opener:
    """Opens what was sealed to one auditor."""

    private: X25519PrivateKey = field(repr=False)
    key_id: str

    def open(self, sealed: str) -> str | None:
        """The text that was sealed, None if it was sealed to another key. Raises AuditKeyError if it was damaged."""
        key_id, _, text = sealed.partition(".")
        if key_id != self.key_id:
            return None
        try:
            padded = Suite(*_SUITE).decrypt(base64.b64decode(text, validate=True), self.private, info=INFO)
        except (InvalidTag, binascii.Error, ValueError) as error:
            raise AuditKeyError("What was sealed has been changed since: it cannot be opened.") from error
        length = int.from_bytes(padded[:_LENGTH], "big")
        return padded[_LENGTH : _LENGTH + length].decode("utf-8", "replace")


@dataclass(frozen=True, slots=True)
class SigningKey:
    """Signs checkpoints. `public` is its public key, 64 hexadecimal digits."""

    private: Ed25519PrivateKey = field(repr=False)
    public: str

    def sign(self, message: bytes) -> str:
        """The signature, 128 hexadecimal digits."""
        return self.private.sign(message).hex()


def is_signed(public: str, message: bytes, signature: str) -> bool:
    """Whether the signature of a message is by the key of this public key."""
    try:
        Ed25519PublicKey.from_public_bytes(bytes.fromhex(public)).verify(bytes.fromhex(signature), message)
    except (InvalidSignature, ValueError):
        return False
    return True


def make_auditor_key(path: Path) -> str:
    """Make an auditor's key pair: the private key in the file, the public one beside it as `.pub`; gives its name.

    Raises FileExistsError where either is there already.
    """
    beside = public_path(path)
    if beside.exists():
        raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(beside))
    key = X25519PrivateKey.generate()
    write_new(path, _private_pem(key), 0o600)
    write_new(beside, _public_pem(key.public_key()), 0o644)
    return _name(key.public_key())


def public_path(path: Path) -> Path:
    """Where the public key of a private one lies."""
    return path.with_name(path.name + ".pub")


def make_signing_key(path: Path) -> None:
    """Make the key that signs checkpoints. Raises FileExistsError."""
    write_new(path, _private_pem(Ed25519PrivateKey.generate()), 0o600)


def load_sealer(path: Path) -> Sealer:
    """Read an auditor's public key. Raises AuditKeyError."""
    content = _content(path, f"No public key of an auditor in {path}: give the file that ends in .pub.")
    return sealer_of(content, str(path))


def load_opener(path: Path) -> Opener:
    """Read an auditor's private key. Raises AuditKeyError."""
    key = _private(path, "Give the file that `tolmach audit keygen` made.")
    if not isinstance(key, X25519PrivateKey):
        raise AuditKeyError(f"{path} holds another kind of key. Give the file that `tolmach audit keygen` made.")
    return Opener(key, _name(key.public_key()))


def load_signing_key(path: Path) -> SigningKey:
    """Read the key that signs checkpoints. Raises AuditKeyError."""
    key = _private(path, "Run `tolmach init`, or restore it from your backup.")
    if not isinstance(key, Ed25519PrivateKey):
        raise AuditKeyError(f"{path} holds another kind of key. Restore it from your backup.")
    return SigningKey(key, key.public_key().public_bytes_raw().hex())


def install(sealer: Sealer, into: Path) -> None:
    """Write an auditor's public key to where the service looks for it, whole or not at all."""
    fresh = into.with_name(into.name + ".new")
    fresh.unlink(missing_ok=True)
    write_new(fresh, _public_pem(sealer.public), 0o600)
    fresh.replace(into)


@lru_cache(maxsize=8)
def sealer_of(content: bytes, source: str) -> Sealer:
    """An auditor's public key, from the content of its file. Raises AuditKeyError, which names the source."""
    try:
        key = serialization.load_pem_public_key(content)
    except (ValueError, UnsupportedAlgorithm) as error:
        raise AuditKeyError(f"{source} holds no public key: give the file that ends in .pub.") from error
    if not isinstance(key, X25519PublicKey):
        raise AuditKeyError(f"{source} holds another kind of key: give the file that `tolmach audit keygen` made.")
    return Sealer(key, _name(key))


def _private(path: Path, advice: str) -> object:
    content = _content(path, f"No private key in {path}. {advice}")
    if path.stat().st_mode & 0o077:
        raise AuditKeyError(f"Others may read the private key {path}: run `chmod 600 {path}`.")
    return _parsed(content, f"{path} holds no private key. {advice}")


@lru_cache(maxsize=8)
def _parsed(content: bytes, otherwise: str) -> object:
    try:
        return serialization.load_pem_private_key(content, password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise AuditKeyError(otherwise) from error


def _content(path: Path, otherwise: str) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise AuditKeyError(otherwise) from error


def _name(key: X25519PublicKey) -> str:
    return hashlib.sha256(key.public_bytes_raw()).hexdigest()[:16]


def _private_pem(key: X25519PrivateKey | Ed25519PrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


def _public_pem(key: X25519PublicKey) -> bytes:
    return key.public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
