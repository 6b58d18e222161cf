"""Keeps originals and pictures in a bucket, sealed with a key of the home, so that who operates it reads nothing.

An original's object has the document's identifier, which is random; a picture's has that, and a name made with the key.
What is read is proven before anybody sees a byte of it: what was damaged, or lies under another's name, is a
BrokenError. A file that somebody reads lies open on this machine's disk meanwhile, as in a folder.
"""

from __future__ import annotations

import io
import os
import secrets
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from pathlib import Path
from typing import IO, BinaryIO, Final, cast

from indexer.store.arriving import WaitingFiles
from indexer.store.contract import Arrival, BrokenError, GoneError, StoreError
from indexer.store.pictures import BETWEEN, KEPT_AFTER, MOST_BYTES
from indexer.store.resealing import Resealing
from indexer.store.s3 import Bucket
from indexer.store.sealed_bucket import CHECKS, ORIGINALS, PICTURES, SealedBucket
from indexer.store.sealed_streams import SealedStreams
from indexer.store.store_keys import StoreKeys

KEY_CHECK: Final = f"{CHECKS}/key"


class SealedStore:
    """See Store. `waiting` is a folder of this machine for what is on its way."""

    def __init__(self, bucket: Bucket, keys: StoreKeys, waiting: Path) -> None:
        self._bucket, self._waiting = SealedBucket(bucket, keys), WaitingFiles(waiting)
        self.keys, self.address = keys, bucket.address
        self.pictures = SealedPictures(self._bucket)

    def arriving(self, source: BinaryIO, largest: int) -> AbstractContextManager[Arrival]:
        """See Store."""
        return self._waiting.arriving(source, largest)

    def keep(self, arrival: Arrival, document_id: str) -> None:
        """See Store."""
        try:
            with arrival.path.open("rb") as source:
                self._bucket.put(lambda _: _original(document_id), source)
        except OSError as error:
            raise StoreError(f"The file of document {document_id} cannot be sent: {error.strerror}") from error

    def open(self, document_id: str) -> BinaryIO:
        """See Store."""
        target = self._waiting.nameless_file()
        try:
            self._fetch(document_id, target)
        except BaseException:
            target.close()
            raise
        return cast(BinaryIO, target)

    @contextmanager
    def as_file(self, document_id: str) -> Iterator[Path]:
        """See Store."""
        with self._waiting.file() as target:
            changed = self._fetch(document_id, target)
            os.utime(target.name, (changed, changed))
            yield Path(target.name)

    def names(self) -> set[str]:
        """See Store."""
        return {each.name.rpartition("/")[2] for each in self._bucket.bucket.listed(ORIGINALS)}

    def remove(self, document_id: str) -> None:
        """See Store."""
        self._bucket.delete([_original(document_id)])
        self.pictures.remove(document_id)

    def tidy(self) -> None:
        """See Store."""
        self._waiting.tidy()

    def check(self) -> str:
        """See Store."""
        self._check_key()
        name, text = f"{CHECKS}/{secrets.token_hex(16)}", secrets.token_bytes(64)
        keeps_old = self._put(name, text)
        if self._get(name) != text:
            raise BrokenError(f"The store {self.address} gave something else than was put into it.")
        self._bucket.delete([name])
        if keeps_old:
            raise StoreError(
                f"The store {self.address} keeps versions, so what is deleted stays there. Switch versioning off, and "
                "delete the old versions."
            )
        change = "; its key is being changed: tolmach store rotate-key goes on with that"
        return f"sealed in {self.address}, which takes, gives and deletes{change if self.keys.following() else ''}"

    def resealing(self, key: SealedStreams, is_over: Callable[[str], bool]) -> Resealing:
        """What brings all that is here under this key, which is the one that seals."""
        return Resealing(self._bucket, self._waiting, key, is_over)

    def _check_key(self) -> None:
        """Raise StoreError where another home's key was here before; the first leaves something to know it by."""
        try:
            self._get(KEY_CHECK)
        except GoneError:
            self._put(KEY_CHECK, b"the key")
        except BrokenError as error:
            raise StoreError(
                f"What lies in {self.address} is sealed with another key than this home's `store.key`: put that back "
                "from a backup, or give this home a prefix of its own."
            ) from error

    def _put(self, name: str, text: bytes) -> bool:
        return self._bucket.put(lambda _: name, io.BytesIO(text))

    def _get(self, name: str) -> bytes:
        with self._bucket.get(name) as (pieces, _):
            return b"".join(pieces)

    def _fetch(self, document_id: str, target: IO[bytes]) -> float:
        """Write an original to a file, each piece proven before it is; gives when it was put into the store."""
        name = _original(document_id)
        try:
            with self._bucket.get(name) as (pieces, at):
                for piece in pieces:
                    target.write(piece)
            target.flush()
            target.seek(0)
        except GoneError as error:
            raise GoneError(f"The original of document {document_id} is gone.") from error
        except BrokenError as error:
            raise BrokenError(f"The original of document {document_id} cannot be trusted: {error}") from error
        except OSError as error:
            raise StoreError(f"There is no room to read document {document_id} here: {error.strerror}") from error
        return at.timestamp()


class SealedPictures:
    """See Pictures. What was drawn longest ago goes first, as a bucket does not say what was looked at."""

    def __init__(self, bucket: SealedBucket, most: int = MOST_BYTES) -> None:
        self._bucket, self._most = bucket, most
        self._kept = 0
        self._lock = threading.Lock()

    def get(self, document_id: str, page: int, width: int) -> bytes | None:
        """See Pictures."""
        for key in self._bucket.keys.opening():
            name = _picture(key, document_id, page, width)
            with suppress(StoreError), self._bucket.get(name) as (pieces, _):
                return b"".join(pieces)
        return None

    def keep(self, document_id: str, page: int, width: int, picture: bytes) -> None:
        """See Pictures."""
        with suppress(StoreError):
            self._bucket.put(lambda key: _picture(key, document_id, page, width), io.BytesIO(picture))
            with self._lock:
                due = self._kept % BETWEEN == 0
                self._kept += 1
            if due:
                self.tidy()

    def remove(self, document_id: str) -> None:
        """See Pictures."""
        self._bucket.delete([each.name for each in self._bucket.bucket.listed(_pictures(document_id))])

    def documents(self) -> set[str]:
        """See Pictures."""
        return {each.name.split("/")[1] for each in self._bucket.bucket.listed(PICTURES)}

    def tidy(self) -> None:
        """See Pictures."""
        kept = sorted(self._bucket.bucket.listed(PICTURES), key=lambda each: (each.at, each.name))
        total, too_many = sum(each.size for each in kept), []
        if total <= self._most:
            return
        for each in kept:
            if total <= KEPT_AFTER * self._most:
                break
            too_many.append(each.name)
            total -= each.size
        self._bucket.delete(too_many)


def _original(document_id: str) -> str:
    return f"{ORIGINALS}/{document_id}"


def _pictures(document_id: str) -> str:
    return f"{PICTURES}/{document_id}"


def _picture(key: SealedStreams, document_id: str, page: int, width: int) -> str:
    return f"{_pictures(document_id)}/{key.hidden(f'{document_id} {page} {width}')}"
