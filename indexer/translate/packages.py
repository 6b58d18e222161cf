"""Keeps the installed translation packages. Refuses files that are not what they were when they were installed."""

from __future__ import annotations

import hashlib
import json
import tempfile
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final

from auth.durable import sync
from indexer.translate import installed
from indexer.translate.contract import (
    Model,
    PackageDescription,
    PackageError,
    TranslationEngine,
    TranslationError,
    Translator,
)
from indexer.translate.installed import Installed

_WORD: Final = {"en": "Test.", "ru": "Проба."}


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with an installed package, as a code and in words."""

    folder: str
    code: str  # unreadable, missing, changed, added, no_engine, does_not_load
    message: str


class Packages:
    """The packages of one directory, each unpacked in a folder of its own. Safe to share between threads."""

    def __init__(self, directory: Path, *engines: TranslationEngine) -> None:
        """`engines` run the packages: where several could, the first of them."""
        self._directory = directory
        self._engines = {engine.name: engine for engine in engines}
        self._opening = threading.Lock()
        self._open: dict[str, Translator] = {}

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
                return self._install(self._engine_for(file), opened, digest)
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
        packages = [each for each in self._installed() if (each.model.source, each.model.target) == (source, target)]
        bound = [each for each in packages if each.model.bound_to is not None and file_sha256 in each.model.bound_to]
        free = [each for each in packages if each.model.bound_to is None]
        best = max(bound or free, key=self._rank, default=None)
        return best.model if best else None

    def _rank(self, package: Installed) -> tuple[int, tuple[int, ...], str, str]:
        place = list(self._engines).index(package.model.engine)
        return (-place, package.model.version, package.at, package.model.digest)

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

    def _engine_for(self, file: Path) -> TranslationEngine:
        for engine in self._engines.values():
            if file.name.endswith(engine.suffix):
                return engine
        suffixes = " or ".join(engine.suffix for engine in self._engines.values())
        raise PackageError(f"{file.name} is no package that Tolmach can use: the name of one ends in {suffixes}.")

    def _install(self, engine: TranslationEngine, file: BinaryIO, digest: str) -> Model:
        self._directory.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".incoming-", dir=self._directory) as beside:
            fresh = Path(beside) / "package"
            fresh.mkdir()
            engine.unpack(file, fresh)
            model = installed.model_of(engine.name, _described(engine, fresh), digest)
            _try(engine, model, fresh)
            installed.write(fresh, model)
            version = model.name.split()[-1]
            place = self._directory / f"{model.source}_{model.target}-{version}-{digest[:12]}"
            if place.exists() and not list(_differences(place)):
                return installed.read(place).model
            if place.exists():
                place.rename(Path(beside) / "damaged")
            fresh.rename(place)
        sync(self._directory)
        return model

    def _folders(self) -> list[Path]:
        if not self._directory.is_dir():
            return []
        return sorted(path for path in self._directory.iterdir() if path.is_dir() and not path.name.startswith("."))

    def _installed(self) -> Iterator[Installed]:
        """The packages whose record can be read and whose engine is here; `check` tells of the others."""
        for folder in self._folders():
            try:
                package = installed.read(folder)
            except PackageError:
                continue
            if package.model.engine in self._engines:
                yield package

    def _problems(self, folder: Path) -> list[Problem]:
        differences = list(_differences(folder))
        if differences:
            return differences
        try:
            model = installed.read(folder).model
            if model.engine not in self._engines:
                return [Problem(folder.name, "no_engine", f"Nothing here runs {model.name}.")]
            _try(self._engines[model.engine], model, folder)
        except PackageError as error:
            return [Problem(folder.name, "does_not_load", str(error))]
        return []

    def _translator(self, model: Model) -> Translator:
        package = next((candidate for candidate in self._installed() if candidate.model == model), None)
        if package is None:
            raise PackageError(f"{model.name} is not installed any more.")
        wrong = next(_differences(package.folder), None)
        if wrong is not None:
            raise PackageError(f"{wrong.message} Install the package again.")
        return self._engines[model.engine].translator(model, package.folder)


def _described(engine: TranslationEngine, folder: Path) -> PackageDescription:
    try:
        return engine.describe(folder)
    except TranslationError as error:
        raise PackageError(str(error)) from error


def _try(engine: TranslationEngine, model: Model, folder: Path) -> None:
    """Translate a word, to see whether it can be done. Raises PackageError."""
    translator = engine.translator(model, folder, trial=True)
    try:
        translator.translate([_WORD[model.source]])
    except TranslationError as error:
        raise PackageError(str(error)) from error
    finally:
        translator.close()


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
