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
from indexer.translate.contract import Model, PackageDescription, PackageError

NAME: Final = "installed.json"

_LARGEST: Final = 1 << 20  # bytes of metadata or of a record
_VERSION: Final = re.compile(r"\d{1,6}(?:\.\d{1,6}){0,5}")


@dataclass(frozen=True, slots=True)
class Installed:
    """A package in its folder."""

    folder: Path
    model: Model
    at: str  # when it was installed, ISO 8601
    files: Mapping[str, str]  # path inside the folder → SHA-256


def model_of(engine: str, said: PackageDescription, digest: str) -> Model:
    """The model of an unpacked package. Raises PackageError if it is not for us."""
    if {said.source, said.target} != set(LANGUAGES):
        raise PackageError(f"The package translates {said.source} into {said.target}; only en and ru are of use here.")
    if not _VERSION.fullmatch(said.version):
        raise PackageError("The package's version is not made of numbers.")
    return Model(
        said.source, said.target, f"{engine} {said.source}→{said.target} {said.version}", digest, said.bound_to
    )


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
    content = read_json(folder / NAME)
    try:
        bound = content["bound_to"]
        model = Model(
            source=str(content["source"]),
            target=str(content["target"]),
            name=str(content["name"]),
            digest=str(content["digest"]),
            bound_to=None if bound is None else frozenset(map(str, bound)),
        )
        return Installed(folder, _checked(model), str(content["at"]), dict(content["files"]))
    except (KeyError, TypeError, ValueError, IndexError) as error:
        raise PackageError(f"The record of {folder.name} is damaged.") from error


def _checked(model: Model) -> Model:
    if not model.version or not model.engine:
        raise ValueError("no version")
    return model


def files(folder: Path) -> dict[str, Path]:
    """Every file in a package's folder but its record, by its path inside."""
    paths = (path for path in sorted(folder.rglob("*")) if not path.is_dir() or path.is_symlink())
    return {path.relative_to(folder).as_posix(): path for path in paths if path != folder / NAME}


def digest_of(path: Path) -> str:
    """The SHA-256 of a file."""
    with path.open("rb") as file:
        return digest(file)


def digest(file: BufferedReader) -> str:
    """The SHA-256 of an open file."""
    return hashlib.file_digest(file, "sha256").hexdigest()


def read_json(path: Path) -> dict[str, Any]:
    """The object in a file of a package. Raises PackageError if there is none, or it is too large."""
    try:
        if path.stat().st_size > _LARGEST:
            raise ValueError("too large")
        content = json.loads(path.read_text(encoding="utf-8"))
        if not isinstance(content, dict):
            raise TypeError("not an object")
    except (OSError, ValueError, TypeError, RecursionError) as error:
        raise PackageError(f"{path.parent.name}/{path.name} cannot be read.") from error
    return content
