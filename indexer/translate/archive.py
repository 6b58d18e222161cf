"""Unpacks a package of a translation model. Refuses paths that lead out, links, bombs, and what is no such package.

Only what translating needs is taken out: official packages of Argos also carry sentence splitters as pickled code.
"""

from __future__ import annotations

import stat
import zipfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import IO, BinaryIO, Final

from indexer.translate.contract import PackageError

LARGEST: Final = 2 << 30  # bytes, unpacked
MOST_ENTRIES: Final = 2_000
MOST_TIMES: Final = 100  # larger than packed; weights hardly shrink
SMALL: Final = 1 << 20  # bytes; below, any ratio will do

REQUIRED: Final = ("metadata.json", "sentencepiece.model", "model/model.bin")
_WELCOME: Final = ("README.md", "LICENSE")
_CHUNK: Final = 1 << 20


def of_argos(path: str) -> bool:
    """Whether a file of a package of Argos Translate is needed, by its path in the package's folder."""
    folder, _, file = path.rpartition("/")
    return path in REQUIRED or path in _WELCOME or (folder == "model" and bool(file))


def unpack(
    file: BinaryIO, into: Path, required: Sequence[str] = REQUIRED, needed: Callable[[str], bool] = of_argos
) -> None:
    """Put the parts of a package that are needed into an empty directory. Raises PackageError."""
    try:
        with zipfile.ZipFile(file) as archive:
            parts = _parts(archive, needed)
            missing = [name for name in required if name not in parts]
            if missing:
                raise PackageError(f"This is no package that Tolmach can use: it has no {', '.join(missing)}.")
            for name, entry in parts.items():
                _extract(archive, entry, into / name)
    except (zipfile.BadZipFile, NotImplementedError, EOFError, RuntimeError, ValueError) as error:
        raise PackageError(f"This is no whole package (a zip archive): {error}") from error


def _parts(archive: zipfile.ZipFile, needed: Callable[[str], bool]) -> dict[str, zipfile.ZipInfo]:
    """The needed entries by their path inside the package's one folder, once all entries are found harmless."""
    entries = archive.infolist()
    if len(entries) > MOST_ENTRIES:
        raise PackageError(f"The package has more than {MOST_ENTRIES} entries.")
    if sum(entry.file_size for entry in entries) > LARGEST:
        raise PackageError(f"The package is larger than {LARGEST >> 30} GiB unpacked.")
    for entry in entries:
        _refuse_harm(entry)
    files = [(entry.filename.partition("/"), entry) for entry in entries if not entry.is_dir()]
    if len({folder for (folder, _, _), _ in files}) > 1 or not all(path for (_, _, path), _ in files):
        raise PackageError("This is no package that Tolmach can use: it must hold one folder.")
    parts = {path: entry for (_, _, path), entry in files if needed(path)}
    if len(parts) < sum(needed(path) for (_, _, path), _ in files):
        raise PackageError("The package holds a file twice.")
    return parts


def _refuse_harm(entry: zipfile.ZipInfo) -> None:
    name = entry.filename
    kind = stat.S_IFMT(entry.external_attr >> 16)
    if kind not in (0, stat.S_IFREG, stat.S_IFDIR):
        raise PackageError(f"The package holds a link or a device: {name!r}.")
    if set(name) & set("\\:\0") or {"", ".", ".."} & set(name.rstrip("/").split("/")):
        raise PackageError(f"The package holds a path that may lead out of its folder: {name!r}.")
    if entry.flag_bits & 0x1:
        raise PackageError(f"The package is encrypted: {name!r}.")
    if entry.file_size > max(SMALL, MOST_TIMES * entry.compress_size):
        raise PackageError(f"The package holds a file packed suspiciously small: {name!r}.")


def _extract(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, place: Path) -> None:
    """Write one entry, never more than it says it holds; its checksum is compared on the way."""
    place.parent.mkdir(parents=True, exist_ok=True)
    with archive.open(entry) as source, place.open("xb") as target:
        for chunk in _chunks(source, entry.file_size):
            target.write(chunk)


def _chunks(source: IO[bytes], left: int) -> Iterator[bytes]:
    while chunk := source.read(_CHUNK):
        left -= len(chunk)
        if left < 0:
            raise PackageError("The package holds more than it says.")
        yield chunk
