"""Seals files of any length piece by piece (AES-256-GCM), each to its name. Refuses to open what was changed or moved.

A sealed file is a version, a salt, then pieces of a mebibyte. Its key is made of the home's key and the salt
(HKDF-SHA256), so that no nonce of any file meets another's. The salt ends with a mark by which whoever has the home's
key sees that it was that one; files of earlier versions have none. A nonce is the piece's number, and whether it is the
last: pieces put in another order, left out or cut off at the end do not open (after STREAM of Hoang, Reyhanitabar,
Rogaway and Vizár, 2015).
"""

from __future__ import annotations

import hmac
import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import BinaryIO, Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from auth.signin import vault
from indexer.store.contract import BrokenError

PIECE: Final = 1 << 20  # bytes of text that are sealed at once
VERSION: Final = b"\x01"
_KEY, _SALT, _MARK, _TAG = 32, 24, 8, 16  # bytes
HEAD: Final = len(VERSION) + _SALT + _MARK
_NAME: Final = 32  # hexadecimal digits


@dataclass(frozen=True)
class SealedStreams:
    """Seals and opens with one key of 32 bytes."""

    key: bytes

    @property
    def fingerprint(self) -> str:
        """A name for the key, from which it does not follow."""
        return vault.fingerprint(self.key.hex().encode())

    def seal(self, source: BinaryIO, name: str) -> Iterator[bytes]:
        """A file sealed to a name, in pieces."""
        salt = os.urandom(_SALT)
        head = VERSION + salt + self._mark(salt)
        cipher, number, piece = self._cipher(head), 0, source.read(PIECE)
        yield head
        while following := source.read(PIECE):
            yield cipher.encrypt(_nonce(number, last=False), piece, _bound(head, name))
            number, piece = number + 1, following
        yield cipher.encrypt(_nonce(number, last=True), piece, _bound(head, name))

    def open(self, pieces: Iterable[bytes], name: str) -> Iterator[bytes]:
        """See `opened`."""
        return opened([self], pieces, name)

    def has_sealed(self, head: bytes) -> bool:
        """Whether the first bytes of an object say that this key sealed it; those of earlier versions say nothing."""
        return hmac.compare_digest(head[HEAD - _MARK : HEAD], self._mark(head[len(VERSION) : HEAD - _MARK]))

    def hidden(self, word: str) -> str:
        """A name that always stands for this word, and tells it to nobody without the key."""
        return hmac.digest(self._derived(b"", b"names"), word.encode(), "sha256").hex()[:_NAME]

    def _mark(self, salt: bytes) -> bytes:
        return hmac.digest(self._derived(b"", b"marks"), salt, "sha256")[:_MARK]

    def _cipher(self, head: bytes) -> AESGCM:
        return AESGCM(self._derived(head, b"objects"))

    def _derived(self, salt: bytes, purpose: bytes) -> bytes:
        return HKDF(SHA256(), _KEY, salt, b"tolmach store " + purpose).derive(self.key)


def opened(keys: Sequence[SealedStreams], pieces: Iterable[bytes], name: str) -> Iterator[bytes]:
    """The file that one of these keys sealed to this name, however its bytes are cut.

    Each piece is proven, the whole at the end. Raises BrokenError, and whatever reading the pieces raises.
    """
    sealed = _cut(pieces)
    head, _ = next(sealed)
    if head[:1] != VERSION or len(head) != HEAD:
        raise BrokenError(f"The object {name} is none that this version sealed.")
    ciphers, complete = [key._cipher(head) for key in keys], False
    for number, (piece, last) in enumerate(sealed):
        ciphers, text = _first_that_opens(ciphers, _nonce(number, last), piece, _bound(head, name))
        yield text
        complete = last
    if not complete:
        raise BrokenError(f"The object {name} ends too early.")


def _first_that_opens(
    ciphers: Sequence[AESGCM], nonce: bytes, piece: bytes, bound: bytes
) -> tuple[list[AESGCM], bytes]:
    """Which cipher opens a piece, alone, and what was sealed. Raises BrokenError."""
    for cipher in ciphers:
        with suppress(InvalidTag, ValueError):
            return [cipher], cipher.decrypt(nonce, piece, bound)
    name = bound[HEAD:].decode()
    raise BrokenError(f"The object {name} was damaged, exchanged, or sealed with another key than this home's.")


def _nonce(number: int, last: bool) -> bytes:
    return number.to_bytes(11, "big") + bytes([last])


def _bound(head: bytes, name: str) -> bytes:
    return head + name.encode()


def _cut(pieces: Iterable[bytes]) -> Iterator[tuple[bytes, bool]]:
    """The head, then the sealed pieces as they were made, and whether each is the last."""
    held, size = bytearray(), HEAD
    for piece in pieces:
        held += piece
        while len(held) > size:
            yield bytes(held[:size]), False
            del held[:size]
            size = PIECE + _TAG
    yield bytes(held), True
