"""Remembers what a package was when it was installed, in a file of its folder. Refuses a record that is not whole."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BufferedReader
from pathlib import Path
from typing import Any, Final

from indexer.text import LANGUAGES
from indexer.translate.argos import PackageDescription
from indexer.translate.contract import Model, PackageError

NAME: Final = "installed.json"

_LARGEST: Final = 1 << 20  # bytes of metadata or of a record
_SHA256: Final = re.compile(r"[0-9a-f]{64}")
_VERSION: Final = re.compile(r"\d{1,6}(?:\.\d{1,6}){0,5}")


@dataclass(frozen=True, slots=True)
class Installed:
    """A package in its folder."""

    folder: Path
    model: Model
    version: tuple[int, ...]
    at: str  # when it was installed, ISO 8601
    files: Mapping[str, str]  # path inside the folder → SHA-256


def model_of(said: PackageDescription, folder: Path, digest: str) -> Model:
    """The model that an unpacked package holds. Raises PackageError if it is not for us."""
    if said.kind != "translate" or {said.source, said.target} != set(LANGUAGES):
        raise PackageError(f"The package translates {said.source} into {said.target}; only en and ru are of use here.")
    if not _VERSION.fullmatch(said.version):
        raise PackageError("The package's version is not made of numbers.")
    name = f"argos {said.source}→{said.target} {said.version}"
    return Model(said.source, said.target, name, digest, _bound_to(_json(folder / "metadata.json")))


def _bound_to(metadata: dict[str, Any]) -> frozenset[str] | None:
    """The digests of the only files that a package may translate. Raises PackageError if they cannot be told."""
    if "tolmach" not in metadata:
        return None
    ours = metadata["tolmach"]
    documents = ours.get("documents") if isinstance(ours, dict) else None
    if not isinstance(documents, dict) or not all(map(_SHA256.fullmatch, documents)):
        raise PackageError("The package is bound to documents, but does not say to which.")
    return frozenset(documents)


def write(folder: Path, model: Model) -> None:
    """Write the record of a package that lies in a folder."""
    content = {
        "name": model.name,
        "source": model.source,
        "target": model.target,
        "digest": model.digest,
        "bound_to": None if model.bound_to is None else sorted(model.bound_to),
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "files": {name: digest_of(path) for name, path in files(folder).items()},
    }
    (folder / NAME).write_text(json.dumps(content, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


def read(folder: Path) -> Installed:
    """The package in a folder, as its record has it. Raises PackageError."""
    content = _json(folder / NAME)
    try:
        bound = content["bound_to"]
        model = Model(
            source=str(content["source"]),
            target=str(content["target"]),
            name=str(content["name"]),
            digest=str(content["digest"]),
            bound_to=None if bound is None else frozenset(map(str, bound)),
        )
        version = tuple(map(int, model.name.split()[-1].split(".")))
        return Installed(folder, model, version, str(content["at"]), dict(content["files"]))
    except (KeyError, TypeError, ValueError, IndexError) as error:
        raise PackageError(f"The record of {folder.name} is damaged.") from error


def files(folder: Path) -> dict[str, Path]:
    """Every file in a package's folder but its record, by its path inside."""
    found = (path for path in sorted(folder.rglob("*")) if not path.is_dir() or path.is_symlink())
    return {path.relative_to(folder).as_posix(): path for path in found if path != folder / NAME}


def digest_of(path: Path) -> str:
    """The SHA-256 of a file."""
    with path.open("rb") as file:
        return digest(file)


def digest(file: BufferedReader) -> str:
    """The SHA-256 of an open file."""
    return hashlib.file_digest(file, "sha256").hexdigest()


def _json(path: Path) -> dict[str, Any]:
    try:
        if path.stat().st_size > _LARGEST:
            raise ValueError("too large")
        content = json.loads(path.read_text(encoding="utf-8"))
        if not isinstance(content, dict):
            raise TypeError("not an object")
    except (OSError, ValueError, TypeError, RecursionError) as error:
        raise PackageError(f"{path.parent.name}/{path.name} cannot be read.") from error
    return content
