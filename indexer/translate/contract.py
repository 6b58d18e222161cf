"""What a translation engine gives: a model as a value, and sentences in, sentences out. Knows no vendor's library."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

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
    name: str  # argos en→ru 1.9
    digest: str  # SHA-256 of the package as it was installed
    bound_to: frozenset[str] | None = None  # SHA-256 of the only files that it may translate; None is any


class Translator(Protocol):
    """One model, ready to work."""

    @property
    def model(self) -> Model:
        """The model that translates."""

    def translate(self, sentences: Sequence[str], progress: Progress | None = None) -> list[str]:
        """The sentences in the target language: as many, in the same order.

        A sentence without a letter comes back as it is. `progress` is called after each batch; what it raises ends the
        work. Raises TranslationError.
        """
