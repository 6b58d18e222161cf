"""The port for translation engines: what each gives, as values and protocols. Knows no vendor's library.

A second engine is a class like `argos_engine.Argos`, a line in `services/components.py`, and a case of the contract
suite (tests/contract/test_translation_engines.py).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Protocol

from auth.errors import ErrorKind, TolmachError

Progress = Callable[[int, int], None]  # sentences done, sentences in all


class TranslationError(TolmachError):
    """Nothing was translated. The message says why in words for an operator, and holds no text of a document."""

    kind = ErrorKind.INTERNAL
    code = "translation"


class PackageError(TranslationError):
    """A package cannot be installed or used as it is."""


@dataclass(frozen=True, slots=True)
class Model:
    """What translates one language into another, and from what bytes: enough to say later where a text came from."""

    source: str
    target: str
    name: str  # engine, languages, version: argos en→ru 1.9
    digest: str  # SHA-256 of the package as it was installed
    bound_to: frozenset[str] | None = None  # SHA-256 of the only files that it may translate; None is any

    @property
    def engine(self) -> str:
        """The name of the engine that runs it."""
        return self.name.split()[0]

    @property
    def version(self) -> tuple[int, ...]:
        """Its version, in numbers that compare. Raises ValueError if it has none."""
        return tuple(map(int, self.name.split()[-1].split(".")))


@dataclass(frozen=True, slots=True)
class Provenance:
    """By what a text was translated: the model's name, its digest, and how it was run."""

    engine: str
    model: str
    settings: str


@dataclass(frozen=True, slots=True)
class PackageDescription:
    """What an unpacked package says of itself. `bound_to` as Model has it."""

    source: str
    target: str
    version: str
    bound_to: frozenset[str] | None = None


class Translator(Protocol):
    """One model, ready to work."""

    @property
    def model(self) -> Model:
        """The model that translates."""

    @property
    def provenance(self) -> Provenance:
        """By what it translates: the same for the same texts, changed with whatever may change a text."""

    def translate(self, sentences: Sequence[str], progress: Progress | None = None) -> list[str]:
        """The sentences in the target language: as many, in the same order.

        A sentence without a letter comes back as it is. `progress` is called after each batch; what it raises ends the
        work. Raises TranslationError.
        """

    def close(self) -> None:
        """Give the memory back. The translator may be used again: it then loads anew."""


class TranslationEngine(Protocol):
    """One kind of packages, and the library that runs their models. Safe to share between threads.

    Whatever its library raises comes out as TranslationError; it opens no connection and writes nothing outside the
    folders that it is handed.
    """

    @property
    def name(self) -> str:
        """One word, for good: models are named after it."""

    @property
    def suffix(self) -> str:
        """How the names of its packages' files end."""

    def unpack(self, file: BinaryIO, into: Path) -> None:
        """Put what is needed of a package into an empty folder. Raises PackageError if it is none, or harmful."""

    def describe(self, folder: Path) -> PackageDescription:
        """What the package in a folder says of itself. Raises TranslationError."""

    def translator(self, model: Model, folder: Path, trial: bool = False) -> Translator:
        """What runs a package's model; its weights are loaded when they are needed.

        `trial`: with as little effort as shows whether it works at all.
        """
