"""Files on their way into or out of a store, on this machine's own disk. Leaves nothing of those that are not kept."""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from tempfile import NamedTemporaryFile, TemporaryFile
from typing import IO, BinaryIO

from indexer.store.contract import Arrival, StoreError

CHUNK = 1 << 20  # bytes
_LEFT_BEHIND = 86_400  # seconds


def sha256_of(file: BinaryIO) -> str:
    """The digest of what is left of a file, in hexadecimal digits."""
    digest = hashlib.sha256()
    while chunk := file.read(CHUNK):
        digest.update(chunk)
    return digest.hexdigest()


class WaitingFiles:
    """A folder that holds files while they are on their way."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @contextmanager
    def arriving(self, source: BinaryIO, largest: int) -> Iterator[Arrival]:
        """See Store."""
        with ExitStack() as stack:
            try:
                target = stack.enter_context(self.file())
                arrival = _copy(source, target, Path(target.name), largest)
                target.close()
            except OSError as error:
                raise StoreError(f"The file could not be stored in {self.folder.parent}: {error.strerror}") from error
            yield arrival

    @contextmanager
    def file(self) -> Iterator[IO[bytes]]:
        """A new file, gone afterwards unless it was moved. Raises StoreError."""
        try:
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            made = NamedTemporaryFile(dir=self.folder, suffix=".pdf", delete=False)  # noqa: SIM115  # closed below
        except OSError as error:
            raise StoreError(f"The file could not be stored in {self.folder.parent}: {error.strerror}") from error
        with made as target:
            try:
                yield target
            finally:
                Path(target.name).unlink(missing_ok=True)

    def nameless_file(self) -> IO[bytes]:
        """A new file without a name, gone once it is closed. Raises StoreError."""
        try:
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            return TemporaryFile(dir=self.folder)
        except OSError as error:
            raise StoreError(f"There is no room to read a document here: {error.strerror}") from error

    def tidy(self) -> None:
        """Delete what was left behind when a process died: anything untouched for a day."""
        for path in self.folder.glob("*.pdf"):
            with suppress(FileNotFoundError):
                if path.stat().st_mtime < time.time() - _LEFT_BEHIND:
                    path.unlink()


def _copy(source: BinaryIO, target: IO[bytes], path: Path, largest: int) -> Arrival:
    digest, size = hashlib.sha256(), 0
    while chunk := source.read(CHUNK):
        size += len(chunk)
        if size > largest:
            return Arrival(path, size, "", whole=False)
        digest.update(chunk)
        target.write(chunk)
    target.flush()
    os.fsync(target.fileno())
    return Arrival(path, size, digest.hexdigest(), whole=True)
