"""Keeps the original files in a folder under random names. Refuses to call one kept before it is on disk."""

from __future__ import annotations

import io
import os
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import BinaryIO

from auth.durable import sync
from indexer.store.arriving import WaitingFiles
from indexer.store.contract import Arrival, GoneError, StoreError
from indexer.store.pictures import FolderPictures

ARRIVING, PICTURES = "incoming", "pictures"  # folders beside those of the originals


class FolderStore:
    """See Store. A directory of PDFs, two levels deep, each named by its document's identifier."""

    address = ""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._waiting = WaitingFiles(directory / ARRIVING)
        self.pictures = FolderPictures(directory / PICTURES)

    def arriving(self, source: BinaryIO, largest: int) -> AbstractContextManager[Arrival]:
        """See Store."""
        return self._waiting.arriving(source, largest)

    def keep(self, arrival: Arrival, document_id: str) -> None:
        """See Store."""
        place = self._place(document_id)
        try:
            place.parent.mkdir(parents=True, exist_ok=True)
            os.replace(arrival.path, place)  # noqa: PTH105
            sync(place.parent)
        except OSError as error:
            raise StoreError(f"The file could not be stored in {place.parent}: {error.strerror}") from error

    def open(self, document_id: str) -> BinaryIO:
        """See Store."""
        try:
            return self._place(document_id).open("rb")
        except FileNotFoundError as error:
            raise _gone(document_id) from error
        except OSError as error:
            raise StoreError(f"The original of document {document_id} cannot be read: {error.strerror}") from error

    @contextmanager
    def as_file(self, document_id: str) -> Iterator[Path]:
        """See Store."""
        place = self._place(document_id)
        if not place.is_file():
            raise _gone(document_id)
        yield place

    def names(self) -> set[str]:
        """See Store."""
        return {path.stem for path in self._directory.glob("[0-9a-f][0-9a-f]/*.pdf")}

    def remove(self, document_id: str) -> None:
        """See Store."""
        try:
            self._place(document_id).unlink(missing_ok=True)
        except OSError as error:
            raise StoreError(f"The original of document {document_id} cannot be deleted: {error.strerror}") from error
        self.pictures.remove(document_id)

    def tidy(self) -> None:
        """See Store."""
        self._waiting.tidy()

    def check(self) -> str:
        """See Store."""
        with self._waiting.arriving(io.BytesIO(), 0):
            return "a folder of the home"

    def _place(self, document_id: str) -> Path:
        return self._directory / document_id[:2] / f"{document_id}.pdf"


def _gone(document_id: str) -> GoneError:
    return GoneError(f"The original of document {document_id} is gone.")
