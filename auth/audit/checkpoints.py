"""Checkpoints of the audit trail: how far it had come and with which digest, signed. Refuses one that is not genuine.

A checkpoint says that the trail had `number` entries, the last with this digest. Entries are numbered from 1 without a
gap, so the number is the count. Kept elsewhere, a checkpoint shows later that nothing before it was cut off or
rewritten, not even by those who hold the service's keys.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

from auth.audit.keys import SigningKey, is_signed
from auth.errors import ErrorKind, TolmachError

FORMAT: Final = "tolmach-audit-checkpoint-1"
EVERY: Final = 1_000  # entries
NONE: Final = "This is no checkpoint of an audit trail."
_HEX: Final = re.compile(r"[0-9a-f]{64}")


class CheckpointError(TolmachError, ValueError):
    """This is no checkpoint, or not one of this service; the message says which."""

    kind = ErrorKind.INTERNAL
    code = "checkpoint"


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A signed statement. `at` is UTC in ISO 8601, `key` the signer's public key; all but `number` text."""

    number: int
    digest: str
    at: str
    key: str
    signature: str

    def __post_init__(self) -> None:
        texts = (self.digest, self.at, self.key, self.signature)
        if type(self.number) is not int or not all(isinstance(text, str) for text in texts):
            raise CheckpointError(NONE)

    def as_line(self) -> str:
        """As one line of JSON, which is what a file of a checkpoint holds."""
        return json.dumps({"format": FORMAT} | asdict(self))

    def check(self, keys: Collection[str]) -> None:
        """Raise CheckpointError unless one of these keys signed this."""
        if self.key not in keys:
            raise CheckpointError(f"The checkpoint at entry {self.number} is signed by another key: {self.key}")
        if not is_signed(self.key, _message(self.number, self.digest, self.at), self.signature):
            raise CheckpointError(f"The checkpoint at entry {self.number} is forged: its signature does not fit.")


def signed(key: SigningKey, number: int, digest: str, at: str) -> Checkpoint:
    """A checkpoint that says so."""
    return Checkpoint(number, digest, at, key.public, key.sign(_message(number, digest, at)))


def from_line(line: str) -> Checkpoint:
    """Read a line of JSON. Raises CheckpointError."""
    try:
        values = json.loads(line)
        if values.pop("format") != FORMAT:
            raise CheckpointError(NONE)
        return Checkpoint(**values)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise CheckpointError(NONE) from error


def read(path: Path) -> Checkpoint:
    """The checkpoint in a file: its last line, so that an export will do too. Raises CheckpointError and OSError."""
    last = ""
    with path.open(encoding="utf-8", errors="replace") as file:
        for line in file:
            last = line if line.strip() else last
    return from_line(last)


def is_key(text: str) -> bool:
    """Whether this is how a public key is written: 64 hexadecimal digits."""
    return bool(_HEX.fullmatch(text))


def _message(number: int, digest: str, at: str) -> bytes:
    return json.dumps([FORMAT, number, digest, at]).encode()
