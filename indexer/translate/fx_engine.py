"""The engine for Firefox's models, run by fxtranslate where that is installed: its only importer, on first use.

Models are handed over as bytes. What of the library reaches out or looks into folders of its own is never named here:
its loading, its discovery, its cache. Firefox has files and no packages, so ours is a zip archive of one folder with
the model, its vocabularies and a metadata.json that says the languages and the version.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import BinaryIO, Final, Protocol

from indexer.translate import archive
from indexer.translate.contract import (
    Model,
    PackageDescription,
    PackageError,
    Progress,
    Provenance,
    TranslationError,
    Translator,
)
from indexer.translate.installed import read_json
from indexer.translate.pieces import pieces

LONGEST: Final = 500  # characters of a piece: a longer sentence is cut, since the library would leave its end out
_MODEL: Final = re.compile(r"model\.\w+\.[\w.]*bin")
_SHORTLIST: Final = re.compile(r"lex\.[\w.]*bin")
_VOCABULARY: Final = re.compile(r"vocab\.\w+\.spm")
_SOURCE: Final = re.compile(r"srcvocab\.\w+\.spm")
_TARGET: Final = re.compile(r"trgvocab\.\w+\.spm")


class Firefox:
    """Firefox's models. See TranslationEngine."""

    name: Final = "firefox"
    suffix: Final = ".fxmodel"

    def unpack(self, file: BinaryIO, into: Path) -> None:
        """See TranslationEngine."""
        archive.unpack(file, into, ("metadata.json",), _needed)
        _files(into)

    def describe(self, folder: Path) -> PackageDescription:
        """See TranslationEngine."""
        said = read_json(folder / "metadata.json")
        source, target, version = (said.get(name) for name in ("from_code", "to_code", "package_version"))
        if not (isinstance(source, str) and isinstance(target, str) and isinstance(version, str)):
            raise PackageError("metadata.json must say from_code, to_code and package_version.")
        return PackageDescription(source, target, version)

    def translator(self, model: Model, folder: Path, trial: bool = False) -> Translator:
        """See TranslationEngine."""
        return FirefoxTranslator(model, folder)


class _Library(Protocol):
    """A translator as fxtranslate has it."""

    def translate(self, text: str) -> str: ...


_Maker = Callable[[bytes, bytes, bytes, bytes | None], _Library]


class FirefoxTranslator:
    """A package's model, loaded when it is first needed. Safe to share between threads, which wait for each other."""

    def __init__(self, model: Model, folder: Path, library: _Maker | None = None) -> None:
        """`library` makes the library's translator of a model, two vocabularies and a list of likely words."""
        self.model = model
        self._folder = folder
        self._library = library or _of_bytes
        self._working = threading.Lock()
        self._loaded: _Library | None = None

    @property
    def provenance(self) -> Provenance:
        """See Translator."""
        return Provenance(self.model.name, self.model.digest, f"pieces of {LONGEST} characters")

    def translate(self, sentences: Sequence[str], progress: Progress | None = None) -> list[str]:
        """See Translator. Equal sentences are translated once."""
        translations: dict[str, str] = {}
        made = []
        with self._working:
            library = self._load()
            for sentence in sentences:
                if sentence not in translations:
                    translations[sentence] = self._translated(library, sentence)
                made.append(translations[sentence])
                if progress is not None:
                    progress(len(made), len(sentences))
        return made

    def close(self) -> None:
        """See Translator."""
        with self._working:
            self._loaded = None

    def _load(self) -> _Library:
        if self._loaded is None:
            with _wall(f"{self.model.name} does not load", tell=True):
                model, source, target, likely = (path.read_bytes() if path else b"" for path in _files(self._folder))
                self._loaded = self._library(model, source, target, likely or None)
        return self._loaded

    def _translated(self, library: _Library, sentence: str) -> str:
        if not any(map(str.isalpha, sentence)):
            return sentence
        text = sentence.encode(errors="replace").decode()  # a broken PDF may give lone surrogates
        with _wall(f"{self.model.name} could not translate"):
            return " ".join(
                library.translate(piece) if any(map(str.isalpha, piece)) else piece
                for piece in pieces(text, lambda piece: len(piece) <= LONGEST)
            )


@contextmanager
def _wall(what: str, tell: bool = False) -> Iterator[None]:
    """Turn what the library raises into ours, its words told only where they hold no text of a document.

    A panic of its Rust is no Exception.
    """
    try:
        yield
    except BaseException as fault:
        if not (isinstance(fault, Exception) or type(fault).__name__ == "PanicException"):
            raise
        raise TranslationError(f"{what}: {fault if tell else type(fault).__name__}") from fault


def is_here() -> bool:
    """Whether the library is installed."""
    return find_spec("fxtranslate") is not None


def _needed(path: str) -> bool:
    kinds = (_MODEL, _SHORTLIST, _VOCABULARY, _SOURCE, _TARGET)
    return path in ("metadata.json", "README.md", "LICENSE") or any(kind.fullmatch(path) for kind in kinds)


def _files(folder: Path) -> tuple[Path, Path, Path, Path | None]:
    """The model, the vocabularies of both languages, and the list of likely words if there is one."""
    names = sorted(path for path in folder.iterdir() if path.is_file())

    def of(kind: re.Pattern[str]) -> list[Path]:
        return [path for path in names if kind.fullmatch(path.name)]

    model, shared, lists = of(_MODEL), of(_VOCABULARY), of(_SHORTLIST)
    vocabularies = shared * 2 if len(shared) == 1 else [*of(_SOURCE), *of(_TARGET)]
    if len(model) != 1 or len(vocabularies) != 2 or len(lists) > 1:
        raise PackageError("This is no package that Tolmach can use: it needs one model, and one vocabulary or two.")
    return model[0], vocabularies[0], vocabularies[1], lists[0] if lists else None


def _of_bytes(model: bytes, source: bytes, target: bytes, likely: bytes | None) -> _Library:
    """The library's translator: made of bytes, so that it looks for nothing anywhere."""
    from fxtranslate import Translator as Library

    library: _Library = Library(model, source, target, likely)
    return library
