"""Sentences come back translated, as many and in order, whatever the batches; nothing is asked of any network."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from unit.indexer.translate.tiny import LINES, make

from indexer.translate.argos import ArgosTranslator, Effort
from indexer.translate.argos_engine import Argos
from indexer.translate.contract import Model, TranslationError
from indexer.translate.packages import Packages

SHORT = Effort(longest_translation=24)
TEXTS = [*LINES, "Tashkent", LINES[0], *(f"Paragraph {n}: {LINES[n % 3][: 20 + n]}" for n in range(60))]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A package, unpacked."""
    place = tmp_path_factory.mktemp("made")
    make(place)
    return place / "translate-en_ru-1_0"


@pytest.fixture
def translator(folder: Path, tmp_path: Path) -> Iterator[ArgosTranslator]:
    translator = opened(folder, tmp_path)
    yield translator
    translator.close()


def opened(folder: Path, tmp_path: Path, **effort: int) -> ArgosTranslator:
    chosen = Effort(**{"longest_translation": 24, **effort})
    return ArgosTranslator(Model("en", "ru", "argos en→ru 1.0", "0" * 64), folder, tmp_path / "scratch", chosen)


def alike(some: list[str], others: list[str]) -> bool:
    """Whether two lists of translations are the same but for some.

    Arithmetic of int8 depends a little on a batch's shape, and random weights often find two words equally likely.
    """
    return len(some) == len(others) and sum(a == b for a, b in zip(some, others, strict=True)) > 0.9 * len(some)


def test_each_sentence_has_its_translation_in_its_place(translator):
    together = translator.translate(TEXTS)
    assert alike(together, [translator.translate([text])[0] for text in TEXTS])
    assert not alike(together, together[1:] + together[:1]), "all say the same, so that no order can be seen"


@pytest.mark.parametrize("effort", [{"sentences": 1}, {"sentences": 7}, {"tokens": 40}, {"workers": 1}, {"threads": 2}])
def test_batches_and_threads_change_nothing(translator, folder, tmp_path, effort):
    other = opened(folder, tmp_path, **effort)
    assert alike(other.translate(TEXTS), translator.translate(TEXTS))
    assert other.translate(TEXTS) == other.translate(TEXTS)
    other.close()


TRAINED = sorted((Path(__file__).parents[4] / "deploy" / "sample" / "models").glob("*.argosmodel"))


@pytest.mark.parametrize("file", TRAINED, ids=lambda file: file.name)
def test_batches_change_nothing_where_a_model_knows_what_to_say(file, tmp_path):
    texts: dict[str, None] = {}
    translations = []
    for sentences in (1, 7, 32):
        packages = Packages(tmp_path / "models", Argos(tmp_path / "scratch", Effort(sentences=sentences)))
        model = packages.install(file)
        lines = (file.parent / f"bitext.{model.source}-{model.target}.tsv").read_text(encoding="utf-8").splitlines()[1:]
        texts = dict.fromkeys(line.split("\t")[0] for line in lines)
        translations.append(packages.open(model).translate(list(texts)))
        packages.close()
    assert translations[0] == translations[1] == translations[2] and len(set(translations[0])) > 0.9 * len(texts)


def test_two_threads_may_share_a_model(translator):
    translations: dict[int, list[str]] = {}
    threads = [
        threading.Thread(target=lambda n=n: translations.update({n: translator.translate(TEXTS[n:])})) for n in (0, 1)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert translations[0][1:] == translations[1]


def test_what_has_no_letter_comes_back_as_it_is(translator):
    same = ["", "   ", "12,5 %", "№ 7/2024", "— • —", "\n"]
    assert translator.translate(same) == same
    assert translator.translate([]) == []


def test_letters_make_it_load(tmp_path):
    absent = opened(tmp_path / "absent", tmp_path)
    with pytest.raises(TranslationError, match=r"argos en→ru 1\.0 does not load"):
        absent.translate(["word"])


def test_progress_is_told_after_each_batch_and_ends_at_the_end(folder, tmp_path):
    translator, told = opened(folder, tmp_path, sentences=8), []
    translator.translate(TEXTS, lambda done, total: told.append((done, total)))
    assert len(told) >= len(set(TEXTS)) // 8
    assert told == sorted(told) and told[-1] == (len(TEXTS), len(TEXTS))


def test_what_progress_raises_ends_the_work(translator):
    class LostError(RuntimeError):
        pass

    def lost(done: int, total: int) -> None:
        raise LostError

    with pytest.raises(LostError):
        translator.translate(TEXTS, lost)
    assert translator.translate(TEXTS[:1])


def test_a_long_sentence_is_translated_in_pieces(folder, tmp_path):
    translator = opened(folder, tmp_path, longest=30)
    clause = "States shall cooperate in border control, and exchange information"
    (whole,) = translator.translate(["; ".join([clause] * 6)])
    assert whole.split() == " ".join(translator.translate([f"{clause};"] * 5 + [clause])).split()
    (glued,) = translator.translate(["abcdefghij" * 300])
    assert glued
    assert len(translator.translate(["x " * 3_000, "y"])) == 2


def test_a_broken_letter_is_no_fault(translator):
    assert len(translator.translate(["A broken \ud800 letter", "a \x00 zero", "\U0001f600 smile", "ﷺ"])) == 4


def test_faults_of_the_engine_tell_no_text(translator, monkeypatch):
    translator.translate(["word"])

    class Broken:
        def translate_batch(self, batch, **options):
            raise RuntimeError(f"cannot translate {batch}")

        def unload_model(self):
            pass

    loaded = translator._loaded
    monkeypatch.setattr(translator, "_loaded", type(loaded)(loaded.package, Broken(), loaded.effort))
    with pytest.raises(TranslationError) as raised:
        translator.translate(["a confidential matter"])
    assert str(raised.value) == "argos en→ru 1.0 could not translate: RuntimeError"


def test_a_closed_translator_loads_anew(translator):
    before = translator.translate(LINES)
    translator.close()
    translator.close()
    assert translator.translate(LINES) == before


def test_no_connection_is_opened(folder, tmp_path, monkeypatch):
    def refuse(*_: object) -> None:
        raise AssertionError("a connection was opened")

    for name in ("connect", "connect_ex", "sendto", "bind"):
        monkeypatch.setattr(socket.socket, name, refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    packages = Packages(tmp_path / "models", Argos(tmp_path / "scratch", SHORT))
    model = packages.install(folder.parent / "translate-en_ru-1_0.argosmodel")
    assert packages.open(model).translate(LINES) and packages.check() == []
    packages.close()


ALONE = """
import sys
from pathlib import Path
from indexer.translate.argos_engine import Argos
from indexer.translate.packages import Packages
packages = Packages(Path(sys.argv[1]), Argos(Path(sys.argv[1]) / ".argos"))
print(packages.open(packages.install(Path(sys.argv[2]))).translate(["Tashkent."])[0][:1])
"""


def test_it_works_where_there_is_no_network(folder, tmp_path):
    unshare = shutil.which("unshare")
    if unshare is None or subprocess.run([unshare, "-rn", "true"], capture_output=True).returncode:
        pytest.skip("no unshare: this machine lets nobody make a network of their own")
    file = folder.parent / "translate-en_ru-1_0.argosmodel"
    command = [unshare, "-rn", sys.executable, "-c", ALONE, str(tmp_path / "models"), str(file)]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path)), "HOME": str(tmp_path)}
    assert subprocess.run(command, env=environment, check=True, capture_output=True, timeout=60).stdout.strip()
