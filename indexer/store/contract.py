"""What keeps originals and pictures of pages, whatever it keeps them in. Refuses to call a file kept before it is.

One contract suite runs every implementation (`tests/contract/test_store.py`).
"""

from __future__ import annotations

from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Protocol

from auth.errors import ErrorKind, TolmachError


class StoreError(TolmachError):
    """A file could not be kept or read; the message says which and why."""

    kind = ErrorKind.UNAVAILABLE
    code = "store_unavailable"
    sentence = "The file store does not answer at the moment. Try again in a few minutes."


class GoneError(StoreError):
    """There is no such file in the store."""


class BrokenError(StoreError):
    """What the store gave is not what was put into it: damaged, of another name, or sealed with another key."""

    code = "original_broken"
    sentence = "The original of this document was damaged or exchanged in its store. Tell your operator."


@dataclass(frozen=True, slots=True)
class Arrival:
    """A file on its way in: whole unless it was larger than allowed."""

    path: Path
    size: int
    sha256: str
    whole: bool


class Pictures(Protocol):
    """Pictures of pages that were drawn once. What cannot be kept is drawn again: no error of the store is one here."""

    def get(self, document_id: str, page: int, width: int) -> bytes | None:
        """The picture of a page at this width in pixels; None if it was not drawn yet, or is gone."""

    def keep(self, document_id: str, page: int, width: int, picture: bytes) -> None:
        """Keep a picture, if there is room for it."""

    def remove(self, document_id: str) -> None:
        """Take all pictures of a document away; nothing happens if there is none. Raises StoreError."""

    def documents(self) -> set[str]:
        """The identifiers of all documents of which there are pictures. Raises StoreError."""

    def tidy(self) -> None:
        """Where there is too much, delete what is oldest."""


class Store(Protocol):
    """Originals, each under its document's identifier. Every method but `arriving` may be called by several at once."""

    @property
    def pictures(self) -> Pictures:
        """The pictures of their pages."""

    @property
    def address(self) -> str:
        """What it connects to; "" where that is nothing."""

    def arriving(self, source: BinaryIO, largest: int) -> AbstractContextManager[Arrival]:
        """Copy a stream of at most `largest` bytes to this machine's disk; forgotten unless `keep` is called."""

    def keep(self, arrival: Arrival, document_id: str) -> None:
        """Give an arrival its place for good, over what is there. Raises StoreError, and then nothing is there."""

    def open(self, document_id: str) -> BinaryIO:
        """The original of a document: a file of the system, whole. Raises GoneError, BrokenError, StoreError."""

    def as_file(self, document_id: str) -> AbstractContextManager[Path]:
        """Where the original of a document lies meanwhile, when it came as its last change. Raises as `open`."""

    def names(self) -> set[str]:
        """The identifiers of all documents whose originals are here. Raises StoreError."""

    def remove(self, document_id: str) -> None:
        """Delete an original and all pictures of it for good; nothing happens if they are gone. Raises StoreError."""

    def tidy(self) -> None:
        """Delete what files on their way in or out left behind when their process died."""

    def check(self) -> str:
        """Put something in, take it out, delete it; gives in words what this is.

        Raises StoreError, also where the store keeps what is deleted, or was filled with another key.
        """
