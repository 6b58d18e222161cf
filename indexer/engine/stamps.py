"""Stamps what the index holds: a number for each document that nobody can make who lacks the service's key.

The database keeps each stamp too. So the number of documents inside a scope and the sum of their stamps tell whether an
index holds just what the service wrote last: not more, not less, nothing under another rule, no older copy.
"""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass
from typing import Final

BYTES: Final = 4  # a sum of two million stamps is exact in Elasticsearch's arithmetic, which is that of double floats


@dataclass(frozen=True, slots=True)
class StampKey:
    """The key, which never leaves the home."""

    secret: bytes

    def __repr__(self) -> str:
        return "StampKey(…)"

    def stamp(self, document_id: str, rule: str, version: int) -> int:
        """The stamp of a document held under a rule from a version on."""
        about = f"{document_id}\n{rule}\n{version}".encode()
        return int.from_bytes(hmac.digest(self.secret, about, hashlib.sha256)[:BYTES])
