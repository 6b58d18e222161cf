"""Keeps pictures of pages that were drawn once, each under its document. Refuses to keep more than its share of disk.

They go with the document's file. What cannot be kept is drawn again: no error of the disk is an error here.
"""

from __future__ import annotations

import os
import shutil
import threading
from contextlib import suppress
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Final

MOST_BYTES: Final = 2 << 30
KEPT_AFTER: Final = 0.8  # of the most, when the oldest had to go
BETWEEN: Final = 64  # pictures kept between two looks at how much there is


class FolderPictures:
    """See Pictures. A directory of PNG files: one folder a document, one file a page and width."""

    def __init__(self, directory: Path, most: int = MOST_BYTES) -> None:
        self._directory = directory
        self._most = most
        self._kept = 0
        self._lock = threading.Lock()

    def get(self, document_id: str, page: int, width: int) -> bytes | None:
        """See Pictures."""
        place = self._place(document_id, page, width)
        with suppress(OSError):
            picture = place.read_bytes()
            os.utime(place)
            return picture
        return None

    def keep(self, document_id: str, page: int, width: int, picture: bytes) -> None:
        """See Pictures."""
        place = self._place(document_id, page, width)
        with suppress(OSError):
            place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            with NamedTemporaryFile(dir=place.parent, delete=False) as file:
                try:
                    file.write(picture)
                    file.flush()
                    os.replace(file.name, place)  # noqa: PTH105
                except OSError:
                    os.unlink(file.name)  # noqa: PTH108
        with self._lock:
            due = self._kept % BETWEEN == 0
            self._kept += 1
        if due:
            self.tidy()

    def remove(self, document_id: str) -> None:
        """See Pictures."""
        shutil.rmtree(self._folder(document_id), ignore_errors=True)

    def documents(self) -> set[str]:
        """See Pictures."""
        return {path.name for path in self._directory.glob("*/*")}

    def tidy(self) -> None:
        """Where there is too much, delete what was not looked at for longest."""
        kept = []
        for path in self._directory.glob("*/*/*"):
            with suppress(OSError):
                state = path.stat()
                kept.append((state.st_mtime, state.st_size, path))
        total = sum(size for _, size, _ in kept)
        if total <= self._most:
            return
        for _, size, path in sorted(kept):
            if total <= KEPT_AFTER * self._most:
                break
            path.unlink(missing_ok=True)
            total -= size

    def _folder(self, document_id: str) -> Path:
        return self._directory / document_id[:2] / document_id

    def _place(self, document_id: str, page: int, width: int) -> Path:
        return self._folder(document_id) / f"{page}-{width}.png"
