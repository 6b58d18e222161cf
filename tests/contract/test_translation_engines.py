"""What every translation engine promises: packages whole or refused, sentences in and as many out, provenance."""

from __future__ import annotations

import hashlib
import shutil
from pathlib import Path

import pytest
from translation_engines import CASES, EngineCase, Glossary, argos_package, glossary_package

from indexer.translate.argos import Effort
from indexer.translate.argos_engine import Argos
from indexer.translate.contract import PackageError, TranslationError
from indexer.translate.packages import Packages

SENTENCES = ["A paper about water.", "12–14, 3.5 %", "A paper about water.", "Документ, water"]


@pytest.fixture(params=CASES, ids=lambda case: case.name)
def case(request: pytest.FixtureRequest) -> EngineCase:
    return request.param


@pytest.fixture
def file(case: EngineCase, tmp_path: Path) -> Path:
    """A package that translates English into Russian."""
    folder = tmp_path / "brought"
    folder.mkdir()
    return case.package(folder, "en", "ru", "1.2")


@pytest.fixture
def packages(case: EngineCase, tmp_path: Path) -> Packages:
    return Packages(tmp_path / "models", case.make(tmp_path / "models" / ".scratch"))


def test_an_installed_package_says_what_it_is(case: EngineCase, packages: Packages, file: Path) -> None:
    model = packages.install(file)
    assert (model.source, model.target, model.version) == ("en", "ru", (1, 2))
    assert (model.engine, model.digest) == (case.name, hashlib.sha256(file.read_bytes()).hexdigest())
    assert packages.models() == [model] and packages.check() == []
    assert packages.install(file) == model


def test_as_many_translations_come_out_as_sentences_went_in(packages: Packages, file: Path) -> None:
    translator = packages.open(packages.install(file))
    seen: list[tuple[int, int]] = []
    texts = translator.translate(SENTENCES, lambda done, total: seen.append((done, total)))
    assert len(texts) == len(SENTENCES) and all(isinstance(text, str) for text in texts)
    assert texts[1] == SENTENCES[1]  # nothing to translate
    assert texts[0] == texts[2]
    assert seen[-1] == (len(SENTENCES), len(SENTENCES)) and seen == sorted(seen)
    assert translator.translate([]) == []
    assert translator.translate(SENTENCES[::-1]) == texts[::-1]


def test_what_a_progress_raises_ends_the_work(packages: Packages, file: Path) -> None:
    class StopError(Exception):
        pass

    def stop(done: int, total: int) -> None:
        raise StopError

    with pytest.raises(StopError):
        packages.open(packages.install(file)).translate(SENTENCES, stop)


def test_a_closed_translator_works_again(packages: Packages, file: Path) -> None:
    translator = packages.open(packages.install(file))
    before = translator.translate(SENTENCES)
    translator.close()
    assert translator.translate(SENTENCES) == before


def test_provenance_names_the_model_and_how_it_is_run(packages: Packages, file: Path) -> None:
    model = packages.install(file)
    provenance = packages.open(model).provenance
    assert (provenance.engine, provenance.model) == (model.name, model.digest)
    packages.close()
    assert packages.open(model).provenance == provenance


def test_other_settings_are_another_provenance(tmp_path: Path) -> None:
    """What may change a text changes its provenance; how many threads work does not."""
    models = tmp_path / "models"
    brought = argos_package(tmp_path, "en", "ru", "1.0")

    def settings(*engines) -> str:
        return Packages(models, *engines).open(Packages(models, *engines).install(brought)).provenance.settings

    usual = settings(Argos(tmp_path / "scratch", Effort(workers=1, longest_translation=8)))
    assert settings(Argos(tmp_path / "scratch", Effort(workers=2, longest_translation=8))) == usual
    assert settings(Argos(tmp_path / "scratch", Effort(workers=1, longest_translation=8, beam=1))) != usual


def test_what_is_no_package_is_refused_and_leaves_nothing(packages: Packages, file: Path, tmp_path: Path) -> None:
    content = file.read_bytes()
    for broken in (b"", b"nonsense", content[: len(content) // 2], b"[]", b"{}"):
        file.write_bytes(broken)
        with pytest.raises(PackageError):
            packages.install(file)
    assert packages.models() == [] and packages.check() == []
    left = list((tmp_path / "models").glob("*"))
    assert all(path.name.startswith(".") for path in left)


def test_languages_that_are_not_ours_are_refused(case: EngineCase, packages: Packages, tmp_path: Path) -> None:
    for at, (source, target) in enumerate([("en", "es"), ("ru", "ru")]):
        folder = tmp_path / f"other{at}"
        folder.mkdir()
        with pytest.raises(PackageError, match="only en and ru"):
            packages.install(case.package(folder, source, target, "1.0"))


def test_a_package_that_was_changed_is_told_and_not_opened(packages: Packages, file: Path, tmp_path: Path) -> None:
    model = packages.install(file)
    (folder,) = (path for path in (tmp_path / "models").iterdir() if not path.name.startswith("."))
    changed = next(path for path in sorted(folder.rglob("*")) if path.is_file() and path.name != "installed.json")
    changed.write_bytes(b"changed")
    assert {problem.code for problem in packages.check()} == {"changed"}
    with pytest.raises(TranslationError):
        packages.open(model)


def test_two_engines_live_side_by_side_and_the_first_is_preferred(tmp_path: Path) -> None:
    argos, glossary = Argos(tmp_path / "scratch", Effort(workers=1, longest_translation=8)), Glossary()
    both = Packages(tmp_path / "models", argos, glossary)
    old = both.install(argos_package(tmp_path, "en", "ru", "1.0"))
    new = both.install(glossary_package(tmp_path, "en", "ru", "9.0"))
    back = both.install(glossary_package(tmp_path, "ru", "en", "1.0"))
    assert {model.engine for model in both.models()} == {"argos", "glossary"} and both.check() == []
    assert both.for_document("en", "ru", "0" * 64) == old
    assert both.for_document("ru", "en", "0" * 64) == back
    assert Packages(tmp_path / "models", glossary, argos).for_document("en", "ru", "0" * 64) == new
    assert both.open(new).translate(["water 5"]) == ["вода 5"]


def test_a_package_whose_engine_is_gone_is_told_and_not_used(tmp_path: Path) -> None:
    Packages(tmp_path / "models", Glossary()).install(glossary_package(tmp_path, "en", "ru", "9.0"))
    without = Packages(tmp_path / "models", Argos(tmp_path / "scratch"))
    assert without.models() == [] and [problem.code for problem in without.check()] == ["no_engine"]
    assert without.for_document("en", "ru", "0" * 64) is None


def test_a_file_of_no_engine_is_refused_by_name(packages: Packages, file: Path, tmp_path: Path) -> None:
    other = tmp_path / "package.zip"
    shutil.copy(file, other)
    with pytest.raises(PackageError, match="the name of one ends in"):
        packages.install(other)
