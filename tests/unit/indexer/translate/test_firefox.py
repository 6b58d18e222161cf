"""Packages of Firefox's models: whole or refused, by the real library too, whose panics are refusals."""

from __future__ import annotations

import random
import subprocess
import sys
from pathlib import Path

import pytest
from translation_engines import FirefoxLibrary, StandIn, firefox_package
from unit.indexer.translate import tiny

from indexer.translate.contract import Model, PackageError, TranslationError
from indexer.translate.fx_engine import LONGEST, Firefox, FirefoxTranslator, is_here
from indexer.translate.packages import Packages

MODEL = Model("en", "ru", "firefox en→ru 1.0", "0" * 64)


def packed(folder: Path, **files: bytes) -> Path:
    """A package of these files, "model" for one of that name."""
    names = {"metadata": "metadata.json", "model": "model.enru.intgemm.bin", "shared": "vocab.enru.spm"}
    names |= {"source": "srcvocab.enru.spm", "target": "trgvocab.enru.spm", "other": "run.py"}
    place = folder / "package"
    place.mkdir()
    for name, content in files.items():
        (place / names[name]).write_bytes(content)
    return tiny.zipped(place, folder / "package.fxmodel")


SAID = b'{"from_code": "en", "to_code": "ru", "package_version": "1.0"}'


@pytest.mark.parametrize(
    "files",
    [
        {"model": b"model", "shared": b"v"},
        {"metadata": SAID, "shared": b"v"},
        {"metadata": SAID, "model": b"model"},
        {"metadata": SAID, "model": b"model", "source": b"v"},
        {"metadata": b"{}", "model": b"model", "shared": b"v"},
        {"metadata": SAID, "model": b"nonsense", "shared": b"v"},
    ],
    ids=range(6),
)
def test_a_package_that_lacks_something_is_refused(tmp_path: Path, files: dict[str, bytes]) -> None:
    packages = Packages(tmp_path / "models", StandIn())
    with pytest.raises(PackageError):
        packages.install(packed(tmp_path, **files))
    assert packages.models() == []


def test_two_vocabularies_are_taken_and_what_is_not_needed_is_left_out(tmp_path: Path) -> None:
    packages = Packages(tmp_path / "models", StandIn())
    packages.install(packed(tmp_path, metadata=SAID, model=b"model", source=b"v", target=b"v", other=b"import os"))
    assert not list((tmp_path / "models").rglob("run.py"))


def test_a_long_sentence_is_cut_and_none_of_it_is_lost(tmp_path: Path) -> None:
    seen: list[str] = []

    class Listening(FirefoxLibrary):
        def translate(self, text: str) -> str:
            seen.append(text)
            return super().translate(text)

    packages = Packages(tmp_path / "models", StandIn())
    packages.install(firefox_package(tmp_path, "en", "ru", "1.0"))
    (folder,) = (tmp_path / "models").glob("en_ru*")
    sentence = ", ".join(["clean water"] * 200)
    (made,) = FirefoxTranslator(MODEL, folder, Listening).translate([sentence])
    assert made.replace("в", "water") == sentence and max(map(len, seen)) <= LONGEST


def test_what_the_library_says_of_a_sentence_is_not_told(tmp_path: Path) -> None:
    class Failing(FirefoxLibrary):
        def translate(self, text: str) -> str:
            raise ValueError(text)

    Packages(tmp_path / "models", StandIn()).install(firefox_package(tmp_path, "en", "ru", "1.0"))
    (folder,) = (tmp_path / "models").glob("en_ru*")
    with pytest.raises(TranslationError) as told:
        FirefoxTranslator(MODEL, folder, Failing).translate(["secret words"])
    assert "secret" not in str(told.value)


@pytest.mark.skipif(not is_here(), reason="fxtranslate is not installed")
@pytest.mark.parametrize("length", [0, 9, 5_000])
def test_the_real_library_refuses_what_is_no_model_and_a_panic_of_it_is_a_refusal(tmp_path: Path, length: int) -> None:
    version, count = (1).to_bytes(8, "little"), (2**60).to_bytes(8, "little")
    noise = random.Random(length).randbytes(length)
    for content in (noise, version + noise, version + count + bytes(200)):
        file = firefox_package(tmp_path, "en", "ru", "1.0", content)
        with pytest.raises(PackageError, match="does not load"):
            Packages(tmp_path / "models", Firefox()).install(file)
        file.unlink()
        for path in sorted(tmp_path.glob("enru-1.0/*")):
            path.unlink()
        (tmp_path / "enru-1.0").rmdir()


def test_the_library_is_imported_by_what_translates_alone() -> None:
    """Servers and commands that translate nothing do not load it."""
    program = "import sys, services.components; assert not [m for m in sys.modules if m.startswith('fxtranslate')]"
    subprocess.run([sys.executable, "-c", program], check=True)
