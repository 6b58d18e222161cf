"""Keeps the installed translation packages. Refuses files that are not what they were when they were installed."""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final

from indexer.translate import archive, argos, installed
from indexer.translate.contract import Model, PackageError, TranslationError, Translator
from indexer.translate.installed import Installed

_TRIAL: Final = argos.Effort(workers=1, longest_translation=8)


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with an installed package, as a code and in words."""

    folder: str
    code: str  # unreadable, missing, changed, added, does_not_load
    message: str


class Packages:
    """The packages of one directory, each unpacked in a folder of its own. Safe to share between threads."""

    def __init__(self, directory: Path, effort: argos.Effort = argos.USUAL) -> None:
        self._directory, self._effort = directory, effort
        self._scratch = directory / ".argos"  # where Argos Translate's import makes its directories
        self._opening = threading.Lock()
        self._open: dict[str, argos.ArgosTranslator] = {}

    def install(self, file: Path, sha256: str | None = None) -> Model:
        """Check and unpack a package; with a digest given, only if the file has it. Raises PackageError.

        It is installed whole or not at all. Installing it again repairs it if it was damaged and changes nothing else.
        """
        try:
            with file.open("rb") as opened:
                digest = installed.digest(opened)
                if sha256 is not None and digest != sha256.strip().lower():
                    raise PackageError(
                        f"{file.name} has the SHA-256 {digest}, not the one given. Nothing was installed."
                    )
                opened.seek(0)
                return self._install(opened, digest)
        except OSError as error:
            raise PackageError(f"{error.strerror}: {error.filename or file}") from error

    def models(self) -> list[Model]:
        """The models of all packages whose record can be read."""
        return [package.model for package in self._installed()]

    def check(self) -> list[Problem]:
        """What is wrong with the installed packages; loads each of them."""
        return [problem for folder in self._folders() for problem in self._problems(folder)]

    def for_document(self, source: str, target: str, file_sha256: str) -> Model | None:
        """The model for a file: one that is bound to this very file, else the newest version bound to none."""
        fitting = [one for one in self._installed() if (one.model.source, one.model.target) == (source, target)]
        bound = [one for one in fitting if one.model.bound_to is not None and file_sha256 in one.model.bound_to]
        free = [one for one in fitting if one.model.bound_to is None]
        best = max(bound or free, key=lambda one: (one.version, one.at, one.model.digest), default=None)
        return best.model if best else None

    def fingerprint(self) -> str:
        """A digest that changes whenever the set of models does."""
        models = sorted((model.source, model.target, model.digest) for model in self.models())
        return hashlib.sha256(json.dumps(models).encode()).hexdigest()

    def open(self, model: Model) -> Translator:
        """The translator of an installed model, the same at each call; its weights are loaded when they are needed.

        Raises PackageError if the model is gone or a file of it is no longer what was installed.
        """
        with self._opening:
            if model.digest not in self._open:
                self._open[model.digest] = self._translator(model)
            return self._open[model.digest]

    def close(self) -> None:
        """Give back the memory of all models."""
        with self._opening:
            while self._open:
                self._open.popitem()[1].close()

    def _install(self, file: BinaryIO, digest: str) -> Model:
        self._directory.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".incoming-", dir=self._directory) as beside:
            fresh = Path(beside) / "package"
            fresh.mkdir()
            archive.unpack(file, fresh)
            model = installed.model_of(self._described(fresh), fresh, digest)
            self._try(model, fresh)
            installed.write(fresh, model)
            version = model.name.split()[-1]
            place = self._directory / f"{model.source}_{model.target}-{version}-{digest[:12]}"
            if place.exists() and not list(_differences(place)):
                return installed.read(place).model
            if place.exists():
                place.rename(Path(beside) / "damaged")
            fresh.rename(place)
        _sync(self._directory)
        return model

    def _described(self, folder: Path) -> argos.PackageDescription:
        try:
            return argos.describe(folder, self._scratch)
        except TranslationError as error:
            raise PackageError(str(error)) from error

    def _try(self, model: Model, folder: Path) -> None:
        """Translate a word, to see whether it can be done. Raises PackageError."""
        translator = argos.ArgosTranslator(model, folder, self._scratch, _TRIAL)
        try:
            translator.translate(["Test." if model.source == "en" else "Проба."])
        except TranslationError as error:
            raise PackageError(str(error)) from error
        finally:
            translator.close()

    def _folders(self) -> list[Path]:
        if not self._directory.is_dir():
            return []
        return sorted(path for path in self._directory.iterdir() if path.is_dir() and not path.name.startswith("."))

    def _installed(self) -> Iterator[Installed]:
        for folder in self._folders():
            try:
                yield installed.read(folder)
            except PackageError:
                continue  # `check` tells

    def _problems(self, folder: Path) -> list[Problem]:
        found = list(_differences(folder))
        if not found:
            try:
                self._try(installed.read(folder).model, folder)
            except PackageError as error:
                found = [Problem(folder.name, "does_not_load", str(error))]
        return found

    def _translator(self, model: Model) -> argos.ArgosTranslator:
        package = next((one for one in self._installed() if one.model == model), None)
        if package is None:
            raise PackageError(f"{model.name} is not installed any more.")
        wrong = next(_differences(package.folder), None)
        if wrong is not None:
            raise PackageError(f"{wrong.message} Install the package again.")
        return argos.ArgosTranslator(model, package.folder, self._scratch, self._effort)


def _differences(folder: Path) -> Iterator[Problem]:
    """How the files of a package differ from its record."""
    try:
        expected = installed.read(folder).files
        there = installed.files(folder)
        for name in sorted(expected.keys() | there.keys()):
            if name not in there:
                yield Problem(folder.name, "missing", f"{folder.name}/{name} is missing.")
            elif name not in expected:
                yield Problem(folder.name, "added", f"{folder.name}/{name} was not installed.")
            elif there[name].is_symlink() or installed.digest_of(there[name]) != expected[name]:
                yield Problem(folder.name, "changed", f"{folder.name}/{name} is not what was installed.")
    except (PackageError, OSError) as error:
        yield Problem(folder.name, "unreadable", f"{folder.name}: {error}")


def _sync(directory: Path) -> None:
    handle = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
