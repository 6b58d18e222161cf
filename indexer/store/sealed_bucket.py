"""Objects in a bucket, each sealed before it leaves and proven before anybody sees a byte of it.

While the key is changed for the next, what is put there is under the next at once, and both open.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import BinaryIO, Final

from indexer.store.contract import BrokenError
from indexer.store.s3 import Bucket, Listed
from indexer.store.sealed_streams import HEAD, SealedStreams, opened
from indexer.store.store_keys import StoreKeys

ORIGINALS: Final = "originals"
PICTURES: Final = "pictures"
CHECKS: Final = "checks"


@dataclass(frozen=True, slots=True)
class SealedBucket:
    """A bucket, and the keys of what is in it. Every method raises StoreError."""

    bucket: Bucket
    keys: StoreKeys

    @property
    def address(self) -> str:
        """Where it is."""
        return self.bucket.address

    def put(self, name_of: Callable[[SealedStreams], str], source: BinaryIO) -> bool:
        """Put an object under the name that a key gives it; gives whether the bucket keeps what was there before.

        Once more where another key came to seal meanwhile: nothing may come to lie under one that is about to go.
        """
        while True:
            key = self.keys.sealing()
            name = name_of(key)
            keeps_old = self.bucket.put(name, key.seal(source, name))
            now = self.keys.sealing()
            if now == key:
                return keeps_old
            if name_of(now) != name:
                self.bucket.delete([name])
            source.seek(0)

    @contextmanager
    def get(self, name: str) -> Iterator[tuple[Iterator[bytes], datetime]]:
        """What an object holds, in pieces, and when it was put there. Raises GoneError, BrokenError."""
        before = self.keys.opening()  # the one that sealed this may be forgotten before its bytes are here
        with self.bucket.get(name) as (pieces, at):
            try:
                yield opened([*self.keys.opening(), *before], pieces, name), at
            except BrokenError:
                self.keys.sealing()  # where this host lacks a key, nothing is broken
                raise

    def is_under(self, key: SealedStreams, each: Listed) -> bool:
        """Whether an object proves to be sealed with this key. Raises GoneError."""
        return each.size > HEAD and key.has_sealed(self.bucket.beginning(each.name, HEAD))

    def delete(self, names: Sequence[str]) -> None:
        """Delete objects."""
        if names:
            self.bucket.delete(names)
