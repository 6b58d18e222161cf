"""Keeps the original files under random names, and their pictures. Refuses to call one kept before it is on disk."""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import IO, BinaryIO

from auth.durable import sync
from auth.errors import ErrorKind, TolmachError
from indexer.library.pictures import Pictures

_CHUNK = 1 << 20  # bytes
_LEFT_BEHIND = 86_400  # seconds


class StoreError(TolmachError):
    """A file could not be kept or is gone; the message says which and why."""

    kind = ErrorKind.UNAVAILABLE
    code = "store_unavailable"
    sentence = "The file store does not answer at the moment. Try again in a few minutes."


@dataclass(frozen=True, slots=True)
class Arrival:
    """A file on its way in: whole unless it was larger than allowed."""

    path: Path
    size: int
    sha256: str
    whole: bool


class Store:
    """A directory of PDFs, two levels deep, each named by its document's identifier."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self.pictures = Pictures(directory / "pictures")

    @contextmanager
    def arriving(self, source: BinaryIO, largest: int) -> Iterator[Arrival]:
        """Copy a stream of at most `largest` bytes into the store's own disk; forgotten unless `keep` is called."""
        incoming = self._directory / "incoming"
        with ExitStack() as stack:
            try:
                incoming.mkdir(parents=True, exist_ok=True)
                with NamedTemporaryFile(dir=incoming, suffix=".pdf", delete=False) as target:
                    path = Path(target.name)
                    stack.callback(path.unlink, missing_ok=True)
                    arrival = _copy(source, target, path, largest)
            except OSError as error:
                raise StoreError(f"The file could not be stored in {self._directory}: {error.strerror}") from error
            yield arrival

    def keep(self, arrival: Arrival, document_id: str) -> None:
        """Give an arrival its place for good."""
        place = self._place(document_id)
        try:
            place.parent.mkdir(parents=True, exist_ok=True)
            os.replace(arrival.path, place)  # noqa: PTH105
            sync(place.parent)
        except OSError as error:
            raise StoreError(f"The file could not be stored in {place.parent}: {error.strerror}") from error

    def open(self, document_id: str) -> BinaryIO:
        """The original of a document. Raises StoreError if it is gone."""
        try:
            return self._place(document_id).open("rb")
        except OSError as error:
            raise StoreError(f"The original of document {document_id} cannot be read: {error.strerror}") from error

    def path(self, document_id: str) -> Path:
        """Where the original of a document lies. Raises StoreError if it is gone."""
        place = self._place(document_id)
        if not place.is_file():
            raise StoreError(f"The original of document {document_id} is gone.")
        return place

    def names(self) -> set[str]:
        """The identifiers of all documents whose originals are here."""
        return {path.stem for path in self._directory.glob("[0-9a-f][0-9a-f]/*.pdf")}

    def remove(self, document_id: str) -> None:
        """Take a file and all pictures of it away; nothing happens if they are gone already."""
        self._place(document_id).unlink(missing_ok=True)
        self.pictures.remove(document_id)

    def tidy(self) -> None:
        """Delete what files on their way in left behind when their process died: anything untouched for a day."""
        for path in (self._directory / "incoming").glob("*.pdf"):
            with suppress(FileNotFoundError):
                if path.stat().st_mtime < time.time() - _LEFT_BEHIND:
                    path.unlink()

    def _place(self, document_id: str) -> Path:
        return self._directory / document_id[:2] / f"{document_id}.pdf"


def _copy(source: BinaryIO, target: IO[bytes], path: Path, largest: int) -> Arrival:
    digest, size = hashlib.sha256(), 0
    while chunk := source.read(_CHUNK):
        size += len(chunk)
        if size > largest:
            return Arrival(path, size, "", whole=False)
        digest.update(chunk)
        target.write(chunk)
    target.flush()
    os.fsync(target.fileno())
    return Arrival(path, size, digest.hexdigest(), whole=True)
