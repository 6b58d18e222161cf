"""The translation engines that the contract suite holds to its promises, and a tiny second one that shows how to join.

To join: a function that makes a package file, a function that makes the engine, and a line of CASES.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from unit.indexer.translate import tiny

from indexer.translate import fx_engine
from indexer.translate.argos import Effort
from indexer.translate.argos_engine import Argos
from indexer.translate.contract import (
    Model,
    PackageDescription,
    PackageError,
    Progress,
    Provenance,
    TranslationEngine,
    Translator,
)

LARGEST = 1_000_000  # bytes


@dataclass(frozen=True)
class EngineCase:
    """An engine, made with a folder of its own, and a package of it, made in a folder for two languages."""

    name: str
    make: Callable[[Path], TranslationEngine]
    package: Callable[[Path, str, str, str], Path]  # folder, source, target, version


class Glossary:
    """An engine that looks each word up in a list. See TranslationEngine."""

    name = "glossary"
    suffix = ".glossary"

    def __init__(self, beginning: str = "") -> None:
        """`beginning` of each translation: how it is run."""
        self._beginning = beginning

    def unpack(self, file: BinaryIO, into: Path) -> None:
        """See TranslationEngine."""
        content = file.read(LARGEST + 1)
        if len(content) > LARGEST:
            raise PackageError("The glossary is too large.")
        (into / "words.json").write_bytes(content)
        _read(into)

    def describe(self, folder: Path) -> PackageDescription:
        """See TranslationEngine."""
        content = _read(folder)
        return PackageDescription(str(content["source"]), str(content["target"]), str(content["version"]))

    def translator(self, model: Model, folder: Path, trial: bool = False) -> Translator:
        """See TranslationEngine."""
        return GlossaryTranslator(model, folder, self._beginning)


class GlossaryTranslator:
    """See Translator."""

    def __init__(self, model: Model, folder: Path, beginning: str) -> None:
        self.model = model
        self._folder, self._beginning = folder, beginning

    @property
    def provenance(self) -> Provenance:
        """See Translator."""
        return Provenance(self.model.name, self.model.digest, f"begins with {self._beginning!r}")

    def translate(self, sentences: list[str], progress: Progress | None = None) -> list[str]:
        """See Translator."""
        words = _read(self._folder)["words"]
        made = []
        for sentence in sentences:
            translation = self._beginning + " ".join(words.get(word, word) for word in sentence.split())
            made.append(translation if any(map(str.isalpha, sentence)) else sentence)
            if progress is not None:
                progress(len(made), len(sentences))
        return made

    def close(self) -> None:
        """See Translator."""


def _read(folder: Path) -> dict:
    try:
        content = json.loads((folder / "words.json").read_text(encoding="utf-8"))
        if {"source", "target", "version", "words"} <= set(content) and isinstance(content["words"], dict):
            return content
    except (OSError, ValueError, TypeError) as error:
        raise PackageError("The glossary cannot be read.") from error
    raise PackageError("This is no glossary.")


def glossary_package(folder: Path, source: str, target: str, version: str) -> Path:
    """A glossary of one word."""
    file = folder / f"{source}-{target}-{version}.glossary"
    words = {"Test.": "Проба.", "water": "вода"}
    file.write_text(json.dumps({"source": source, "target": target, "version": version, "words": words}))
    return file


def argos_package(folder: Path, source: str, target: str, version: str) -> Path:
    """A package of random weights."""
    return tiny.make(folder, source, target, version)


class FirefoxLibrary:
    """Stands in for fxtranslate's translator, as no model of Firefox's is to be had: made of bytes, word by word."""

    def __init__(self, model: bytes, src_vocab: bytes, trg_vocab: bytes, shortlist: bytes | None = None) -> None:
        if not model.startswith(b"model") or src_vocab != trg_vocab:
            raise ValueError("malformed model")
        self._words = dict(line.split("=") for line in model.decode().splitlines()[1:])

    def translate(self, text: str) -> str:
        """One sentence."""
        return " ".join(self._words.get(word, word) for word in text.split())


class StandIn(fx_engine.Firefox):
    """The engine for Firefox's models over the stand-in."""

    def translator(self, model: Model, folder: Path, trial: bool = False) -> Translator:
        """See TranslationEngine."""
        return fx_engine.FirefoxTranslator(model, folder, FirefoxLibrary)


WATER = "model\nwater=в".encode()


def firefox_package(folder: Path, source: str, target: str, version: str, model: bytes = WATER) -> Path:
    """A package of the stand-in's model."""
    pair = f"{source}{target}"
    place = folder / f"{pair}-{version}"
    place.mkdir()
    said = {"from_code": source, "to_code": target, "package_version": version}
    (place / "metadata.json").write_text(json.dumps(said))
    (place / f"model.{pair}.intgemm.alphas.bin").write_bytes(model)
    (place / f"vocab.{pair}.spm").write_bytes(b"pieces")
    (place / f"lex.50.50.{pair}.s2t.bin").write_bytes(b"likely")
    return tiny.zipped(place, folder / f"{pair}-{version}.fxmodel")


CASES = [
    EngineCase("firefox", lambda folder: StandIn(), firefox_package),
    EngineCase("argos", lambda folder: Argos(folder, Effort(workers=1, longest_translation=8)), argos_package),
    EngineCase("glossary", lambda folder: Glossary(), glossary_package),
]
