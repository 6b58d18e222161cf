"""Runs packages of Argos Translate: the only importer of argostranslate, ctranslate2 and sentencepiece, on first use.

Refuses `argostranslate.translate`: it loads a sentence splitter that we leave out, fetches models, and hands sentences
to a log. What it does for one sentence is done here for sorted batches (docs/decisions/016-argos-without-torch.md).
"""

from __future__ import annotations

import os
import threading
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Final, Protocol

from indexer.translate.contract import Model, Progress, Provenance, TranslationError
from indexer.translate.pieces import pieces

_FAULTS: Final = (RuntimeError, ValueError, OSError, MemoryError, KeyError, TypeError, AttributeError)
_importing = threading.Lock()


@dataclass(frozen=True, slots=True)
class Effort:
    """How a model is run."""

    workers: int = 2  # batches at a time
    threads: int = 1  # for each of them
    beam: int = 4
    patience: float = 2  # with 1 the beam can stop on a short wrong hypothesis
    length_penalty: float = 0.2  # as Argos has it
    sentences: int = 32  # in a batch, at most
    tokens: int = 4_096  # in a batch, at most, padding included
    longest: int = 256  # tokens of a piece: a longer sentence is cut. The model has 512 positions
    longest_translation: int = 512  # tokens

    def __str__(self) -> str:
        """What of it may change a translation."""
        return (
            f"beam {self.beam}, patience {self.patience:g}, length penalty {self.length_penalty:g}, "
            f"pieces of {self.longest} tokens, translations of {self.longest_translation}"
        )


USUAL: Final = Effort()


@dataclass(frozen=True, slots=True)
class ArgosDescription:
    """What a package says of itself."""

    kind: str
    source: str
    target: str
    version: str


class ArgosTranslator:
    """A package's model, loaded when it is first needed. Safe to share between threads; does not survive a fork."""

    def __init__(self, model: Model, folder: Path, scratch: Path, effort: Effort = USUAL) -> None:
        self.model = model
        self._folder, self._scratch, self._effort = folder, scratch, effort
        self._loading = threading.Lock()
        self._loaded: _Loaded | None = None

    @property
    def provenance(self) -> Provenance:
        """See Translator."""
        return Provenance(self.model.name, self.model.digest, str(self._effort))

    def translate(self, sentences: Sequence[str], progress: Progress | None = None) -> list[str]:
        """See Translator. Equal sentences are translated once."""
        loaded = self._load()
        with _wall(f"{self.model.name} could not read the sentences"):
            cut = [pieces(_encodable(text), lambda piece: self._fits(loaded, piece)) for text in sentences]
            distinct = {piece for its_pieces in cut for piece in its_pieces if _has_letters(piece)}
            tokens = {piece: loaded.package.tokenizer.encode(piece) for piece in distinct}
        translations: dict[str, str] = {}
        for batch in self._translated(loaded, tokens):
            translations |= batch
            if progress is not None:
                progress(len(sentences) * len(translations) // len(tokens), len(sentences))
        return [
            " ".join(translations.get(piece, piece) for piece in its_pieces) if _has_letters(text) else text
            for text, its_pieces in zip(sentences, cut, strict=True)
        ]

    def close(self) -> None:
        """See Translator."""
        with self._loading:
            loaded, self._loaded = self._loaded, None
        if loaded is not None:
            loaded.engine.unload_model()

    def _load(self) -> _Loaded:
        with self._loading:
            if self._loaded is None:
                with _wall(f"{self.model.name} does not load", tell=True):
                    package = _package(self._folder, self._scratch)
                    self._loaded = _Loaded(package, _engine(package, self._effort), self._effort)
            return self._loaded

    def _fits(self, loaded: _Loaded, piece: str) -> bool:
        return len(loaded.package.tokenizer.encode(piece)) <= self._effort.longest

    def _translated(self, loaded: _Loaded, tokens: dict[str, list[str]]) -> Iterator[dict[str, str]]:
        """The translations of the pieces, batch by batch; while one is awaited, the next are at work."""
        batches = self._batches(tokens)
        with _wall(f"{self.model.name} could not translate"):
            first = islice(batches, self._effort.workers + 1)
            working = deque((batch, loaded.start([tokens[piece] for piece in batch])) for batch in first)
            while working:
                batch, pending = working.popleft()
                texts = [loaded.text(result) for result in pending]
                for later in islice(batches, 1):
                    working.append((later, loaded.start([tokens[piece] for piece in later])))
                yield dict(zip(batch, texts, strict=True))

    def _batches(self, tokens: dict[str, list[str]]) -> Iterator[list[str]]:
        """Pieces of like length together, the longest first: little padding, and the most memory at once."""
        batch: list[str] = []
        for piece in sorted(tokens, key=lambda piece: (-len(tokens[piece]), piece)):
            full = len(batch) >= self._effort.sentences
            if batch and (full or (len(batch) + 1) * len(tokens[batch[0]]) > self._effort.tokens):
                yield batch
                batch = []
            batch.append(piece)
        if batch:
            yield batch


def describe(folder: Path, scratch: Path) -> ArgosDescription:
    """What the package in a folder says of itself, as Argos reads it. Raises TranslationError."""
    with _wall("Argos Translate cannot read the package", tell=True):
        package = _package(folder, scratch)
        return ArgosDescription(
            str(package.type), str(package.from_code), str(package.to_code), str(package.package_version)
        )


class _Tokenizer(Protocol):
    """As argostranslate.tokenizer has it."""

    def encode(self, sentence: str) -> list[str]: ...
    def decode(self, tokens: list[str]) -> str: ...


class _Package(Protocol):
    """As argostranslate.package has it."""

    type: str
    from_code: str | None
    to_code: str | None
    package_version: str
    package_path: Path
    target_prefix: str
    tokenizer: _Tokenizer


class _Result(Protocol):
    """As ctranslate2 has it."""

    hypotheses: list[list[str]]


class _Pending(Protocol):
    """As ctranslate2 has it: a result that is waited for when it is asked for."""

    def result(self) -> _Result: ...


class _Engine(Protocol):
    """As ctranslate2 has it."""

    def translate_batch(self, source: list[list[str]], **options: object) -> list[_Pending]: ...
    def unload_model(self) -> None: ...


@dataclass(frozen=True, slots=True)
class _Loaded:
    """A package and its weights, used as argostranslate.translate uses them."""

    package: _Package
    engine: _Engine
    effort: Effort

    def start(self, batch: list[list[str]]) -> list[_Pending]:
        prefix = self.package.target_prefix
        return self.engine.translate_batch(
            batch,
            target_prefix=[[prefix]] * len(batch) if prefix else None,
            asynchronous=True,
            beam_size=self.effort.beam,
            patience=self.effort.patience,
            length_penalty=self.effort.length_penalty,
            max_decoding_length=self.effort.longest_translation,
            replace_unknowns=True,
        )

    def text(self, pending: _Pending) -> str:
        text = self.package.tokenizer.decode(pending.result().hypotheses[0])
        return text.removeprefix(self.package.target_prefix).removeprefix(" ")


def _package(folder: Path, scratch: Path) -> _Package:
    with _importing, _settings_in(scratch):
        import argostranslate.package
    package: _Package = argostranslate.package.Package(folder)
    return package


def _engine(package: _Package, effort: Effort) -> _Engine:
    import ctranslate2

    path = str(package.package_path / "model")
    engine: _Engine = ctranslate2.Translator(path, inter_threads=effort.workers, intra_threads=effort.threads)
    return engine


@contextmanager
def _settings_in(scratch: Path) -> Iterator[None]:
    """Have the import make its directories and look for its settings in `scratch`, and nowhere else."""
    os.environ.setdefault("ORT_DISABLE_TELEMETRY", "1")  # in case anything ever loads onnxruntime
    homes = {f"XDG_{kind}_HOME": str(scratch / kind.lower()) for kind in ("DATA", "CONFIG", "CACHE")}
    theirs = [name for name in os.environ if name.startswith("ARGOS_") or name == "SNAP" or name in homes]
    before = {name: os.environ.pop(name) for name in theirs}
    os.environ.update(homes)
    try:
        yield
    finally:
        for name in homes:
            del os.environ[name]
        os.environ.update(before)


@contextmanager
def _wall(what: str, tell: bool = False) -> Iterator[None]:
    """Turn what a vendor's library raises into ours; its words are told only where they hold no text of a document."""
    try:
        yield
    except _FAULTS as fault:
        raise TranslationError(f"{what}: {fault if tell else type(fault).__name__}") from fault


def _encodable(text: str) -> str:
    """The text without lone surrogates, which a broken PDF may give."""
    return text.encode(errors="replace").decode()


def _has_letters(text: str) -> bool:
    return any(map(str.isalpha, text))
