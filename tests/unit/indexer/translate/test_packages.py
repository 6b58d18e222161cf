"""Packages are installed whole or not at all, refused when they are not what they say, and told when they change."""

from __future__ import annotations

import hashlib
import io
import json
import os
import shutil
import stat
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from unit.indexer.translate.tiny import make, zipped

from indexer.translate import archive
from indexer.translate.argos_engine import Argos
from indexer.translate.contract import PackageError
from indexer.translate.packages import Packages

PAPER, OTHER = "a" * 64, "b" * 64
BOUND = {"bound_to": "sample corpus", "documents": {PAPER: "paper.pdf"}}


@pytest.fixture(scope="module")
def package_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file of a good package."""
    return make(tmp_path_factory.mktemp("made"))


@pytest.fixture
def packages(tmp_path: Path) -> Packages:
    return Packages(tmp_path / "models", Argos(tmp_path / "models" / ".argos"))


def repacked(package_file: Path, into: Path, **changes: bytes | str | None) -> Path:
    """The good package with some of its files changed, added or (None) left out; `metadata=` updates that JSON."""
    file = into / "changed.argosmodel"
    with zipfile.ZipFile(package_file) as old, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as new:
        root = old.namelist()[0].partition("/")[0]
        contents = {name.partition("/")[2]: old.read(name) for name in old.namelist()}
        for path, content in {**contents, **changes}.items():
            if content is not None:
                new.writestr(f"{root}/{path}", content)
    return file


def with_metadata(package_file: Path, into: Path, **changes: object) -> Path:
    with zipfile.ZipFile(package_file) as old:
        name = next(name for name in old.namelist() if name.endswith("/metadata.json"))
        metadata = {**json.loads(old.read(name)), **changes}
    return repacked(package_file, into, **{"metadata.json": json.dumps(metadata)})


def nothing_is_there(packages: Packages, directory: Path) -> bool:
    left = [path.name for path in directory.glob("*")] if directory.exists() else []
    return packages.models() == [] and packages.check() == [] and set(left) <= {".argos"}


def test_an_installed_package_is_listed_and_whole(packages, package_file):
    model = packages.install(package_file)
    assert (model.source, model.target, model.name, model.bound_to) == ("en", "ru", "argos en→ru 1.0", None)
    assert model.digest == hashlib.sha256(package_file.read_bytes()).hexdigest()
    assert packages.models() == [model] and packages.check() == []


def test_a_digest_given_is_compared_first(packages, package_file, tmp_path):
    with pytest.raises(PackageError, match="not the one given"):
        packages.install(package_file, "0" * 64)
    assert not (tmp_path / "models").exists()
    digest = hashlib.sha256(package_file.read_bytes()).hexdigest()
    assert packages.install(package_file, digest.upper() + "\n").digest == digest


def test_installing_again_changes_nothing(packages, package_file, tmp_path):
    packages.install(package_file)
    before = {path: path.stat().st_mtime_ns for path in (tmp_path / "models").rglob("*") if path.is_file()}
    fingerprint = packages.fingerprint()
    packages.install(package_file)
    assert packages.fingerprint() == fingerprint
    assert {path: path.stat().st_mtime_ns for path in (tmp_path / "models").rglob("*") if path.is_file()} == before


@pytest.mark.parametrize(
    ("harm", "code"),
    [
        (lambda folder: (folder / "model" / "model.bin").write_bytes(b"x"), "changed"),
        (lambda folder: (folder / "metadata.json").unlink(), "missing"),
        (lambda folder: (folder / "model" / "more.bin").write_bytes(b"x"), "added"),
        (lambda folder: (folder / "installed.json").write_text("{"), "unreadable"),
        (lambda folder: (folder / "installed.json").write_text("[]"), "unreadable"),
        (lambda folder: (folder / "installed.json").unlink(), "unreadable"),
    ],
)
def test_what_changed_is_told_and_repaired(packages, package_file, tmp_path, harm, code):
    model = packages.install(package_file)
    (folder,) = (tmp_path / "models").glob("en_ru-*")
    harm(folder)
    assert [problem.code for problem in packages.check()] == [code]
    with pytest.raises(PackageError):
        packages.open(model)
    packages.install(package_file)
    assert packages.check() == [] and packages.models() == [model]


def test_a_file_that_became_a_link_is_told(packages, package_file, tmp_path):
    packages.install(package_file)
    (file,) = (tmp_path / "models").glob("en_ru-*/model/model.bin")
    file.rename(tmp_path / "elsewhere")
    file.symlink_to(tmp_path / "elsewhere")
    assert [problem.code for problem in packages.check()] == ["changed"]


def test_one_broken_folder_hides_no_other(packages, package_file, tmp_path):
    model = packages.install(package_file)
    (tmp_path / "models" / "broken").mkdir()
    (tmp_path / "models" / "note.txt").write_text("a file")
    assert packages.models() == [model]
    assert [(problem.folder, problem.code) for problem in packages.check()] == [("broken", "unreadable")]


def test_what_does_not_load_is_not_installed(packages, package_file, tmp_path):
    for path in ("model/model.bin", "model/shared_vocabulary.json", "sentencepiece.model"):
        with pytest.raises(PackageError):
            packages.install(repacked(package_file, tmp_path, **{path: b"nonsense"}))
        assert nothing_is_there(packages, tmp_path / "models")


@pytest.mark.parametrize("path", archive.REQUIRED)
def test_a_package_without_a_part_is_refused(packages, package_file, tmp_path, path):
    with pytest.raises(PackageError, match=path):
        packages.install(repacked(package_file, tmp_path, **{path: None}))
    assert nothing_is_there(packages, tmp_path / "models")


@pytest.mark.parametrize(
    ("changes", "word"),
    [
        ({"to_code": "es"}, "es"),
        ({"from_code": "ru"}, "ru into ru"),
        ({"from_code": None}, "None"),
        ({"type": "sbd"}, "only en and ru"),
        ({"package_version": "../1"}, "version"),
        ({"tolmach": {"bound_to": "x"}}, "bound"),
        ({"tolmach": []}, "bound"),
        ({"tolmach": {"documents": {"paper.pdf": PAPER}}}, "bound"),
    ],
)
def test_metadata_that_is_not_for_us_is_refused(packages, package_file, tmp_path, changes, word):
    with pytest.raises(PackageError, match=word):
        packages.install(with_metadata(package_file, tmp_path, **changes))
    assert nothing_is_there(packages, tmp_path / "models")


@pytest.mark.parametrize("content", ["[]", "{", "null", "[" * 100_000])
def test_metadata_that_is_no_object_is_refused(packages, package_file, tmp_path, content):
    with pytest.raises(PackageError):
        packages.install(repacked(package_file, tmp_path, **{"metadata.json": content}))
    assert nothing_is_there(packages, tmp_path / "models")


@pytest.mark.parametrize(
    "name",
    ["/etc/cron", "p/../../out", "../out", "p/./x", "p\\..\\out", "C:/out", "p//x", "p/x\x1f/../y", ".."],
)
def test_a_path_that_leads_out_is_refused(packages, package_file, tmp_path, name):
    file = tmp_path / "slip.argosmodel"
    shutil.copy(package_file, file)
    with zipfile.ZipFile(file, "a") as added:
        added.writestr(name, b"out")
    with pytest.raises(PackageError, match="lead out"):
        packages.install(file)
    assert not list(tmp_path.rglob("out")) and nothing_is_there(packages, tmp_path / "models")


@pytest.mark.parametrize("kind", [stat.S_IFLNK, stat.S_IFCHR, stat.S_IFIFO])
def test_a_link_or_device_is_refused(packages, package_file, tmp_path, kind):
    file = tmp_path / "link.argosmodel"
    shutil.copy(package_file, file)
    entry = zipfile.ZipInfo("translate-en_ru-1_0/model/link")
    entry.external_attr = (kind | 0o777) << 16
    with zipfile.ZipFile(file, "a") as added:
        added.writestr(entry, "/etc/passwd")
    with pytest.raises(PackageError, match="link or a device"):
        packages.install(file)


def test_a_bomb_is_refused_before_it_is_unpacked(packages, package_file, tmp_path, monkeypatch):
    with pytest.raises(PackageError, match="suspiciously"):
        packages.install(repacked(package_file, tmp_path, **{"model/zeros": bytes(32 << 20)}))
    monkeypatch.setattr(archive, "LARGEST", 1 << 16)
    with pytest.raises(PackageError, match="larger than"):
        packages.install(package_file)
    monkeypatch.undo()
    with pytest.raises(PackageError, match="entries"):
        packages.install(repacked(package_file, tmp_path, **{f"model/{i}": b"" for i in range(archive.MOST_ENTRIES)}))
    assert nothing_is_there(packages, tmp_path / "models")


def test_an_entry_that_lies_about_its_size_is_refused(packages, package_file, tmp_path):
    file = repacked(package_file, tmp_path, **{"model/lies": bytes(range(256)) * 400})
    raw = file.read_bytes()
    size = (102_400).to_bytes(4, "little")
    assert raw.count(size) == 2  # in the entry and in the directory
    file.write_bytes(raw.replace(size, (100).to_bytes(4, "little")))
    with pytest.raises(PackageError):
        packages.install(file)
    assert nothing_is_there(packages, tmp_path / "models")


def test_two_folders_or_none_are_refused(packages, package_file, tmp_path):
    for name in ("second/model.bin", "loose.txt"):
        file = tmp_path / "two.argosmodel"
        shutil.copy(package_file, file)
        with zipfile.ZipFile(file, "a") as added:
            added.writestr(name, b"x")
        with pytest.raises(PackageError, match="one folder"):
            packages.install(file)


def test_a_file_twice_is_refused(packages, package_file, tmp_path):
    file = tmp_path / "twice.argosmodel"
    shutil.copy(package_file, file)
    with zipfile.ZipFile(file, "a") as added, pytest.warns(UserWarning, match="Duplicate"):
        added.writestr("translate-en_ru-1_0/model/model.bin", b"x")
    with pytest.raises(PackageError, match="twice"):
        packages.install(file)


def test_what_is_no_archive_is_refused(packages, package_file, tmp_path):
    whole = package_file.read_bytes()
    for content in (b"", b"PK\x03\x04", whole[: len(whole) // 2], whole[:5_000] + b"!" + whole[5_001:]):
        file = tmp_path / "broken.argosmodel"
        file.write_bytes(content)
        with pytest.raises(PackageError):
            packages.install(file)
    with pytest.raises(PackageError, match="No such file"):
        packages.install(tmp_path / "absent")
    with pytest.raises(PackageError):
        packages.install(tmp_path)
    assert nothing_is_there(packages, tmp_path / "models")


def test_sentence_splitters_are_left_in_the_archive(packages, package_file, tmp_path):
    packages.install(repacked(package_file, tmp_path, **{"stanza/en/tokenize.pt": b"pickled code", "model/x/y": b""}))
    names = {path.name for path in (tmp_path / "models").glob("en_ru-*/**/*")}
    assert "model.bin" in names and "README.md" in names and not names & {"stanza", "tokenize.pt", "y"}


def test_a_bound_model_never_translates_another_file(packages, package_file, tmp_path):
    bound = packages.install(with_metadata(package_file, tmp_path, tolmach=BOUND, package_version="9"))
    assert bound.bound_to == {PAPER}
    assert packages.for_document("en", "ru", PAPER) == bound
    assert packages.for_document("en", "ru", OTHER) is None
    assert packages.for_document("ru", "en", PAPER) is None
    free = packages.install(package_file)
    assert packages.for_document("en", "ru", PAPER) == bound
    assert packages.for_document("en", "ru", OTHER) == free


def test_the_newest_version_translates(packages, package_file, tmp_path):
    digests = {}
    for version in ("1.9", "1.10", "1.2"):
        digests[version] = packages.install(with_metadata(package_file, tmp_path, package_version=version)).digest
    chosen = packages.for_document("en", "ru", OTHER)
    assert chosen is not None and chosen.name == "argos en→ru 1.10" and chosen.digest == digests["1.10"]


def test_the_fingerprint_changes_with_the_models(packages, package_file, tmp_path):
    seen = {packages.fingerprint(), Packages(tmp_path / "absent", Argos(tmp_path)).fingerprint()}
    assert len(seen) == 1
    packages.install(package_file)
    seen.add(packages.fingerprint())
    packages.install(with_metadata(package_file, tmp_path, package_version="2"))
    seen.add(packages.fingerprint())
    assert len(seen) == 3
    shutil.rmtree(next((tmp_path / "models").glob("en_ru-2-*")))
    assert packages.fingerprint() in seen


def test_a_model_is_loaded_once_and_given_back(packages, package_file):
    model = packages.install(package_file)
    assert packages.open(model) is packages.open(model)
    packages.close()
    assert packages.open(model).model == model


def test_a_model_that_is_gone_cannot_be_opened(packages, package_file, tmp_path):
    model = packages.install(package_file)
    shutil.rmtree(next((tmp_path / "models").glob("en_ru-*")))
    with pytest.raises(PackageError, match="not installed any more"):
        packages.open(model)


IMPORTS = """
import os, sys
before = dict(os.environ)
from pathlib import Path
from indexer.checks import translation_checks as guard
from indexer.translate import packages
heavy = {"argostranslate", "ctranslate2", "sentencepiece", "numpy"}
assert not heavy & set(sys.modules), heavy & set(sys.modules)
from indexer.translate.argos_engine import Argos
one = packages.Packages(Path(sys.argv[1]), Argos(Path(sys.argv[1]) / ".argos"))
model = one.install(Path(sys.argv[2]))
assert one.open(model).translate(["Meeting of experts."]) and one.check() == []
assert not {"argostranslate.translate", "onnxruntime", "minisbd", "torch"} & set(sys.modules)
changed = {name for name in os.environ if os.environ[name] != before.get(name)}
assert changed <= {"ORT_DISABLE_TELEMETRY", "KMP_DUPLICATE_LIB_OK"} and set(before) <= set(os.environ), changed
"""


def test_the_import_waits_and_writes_into_our_directory_alone(package_file, tmp_path):
    home, models = tmp_path / "home", tmp_path / "models"
    home.mkdir()
    theirs = {"XDG_DATA_HOME": str(home / "data"), "ARGOS_PACKAGES_DIR": str(home / "packages"), "SNAP": str(home)}
    environment = {name: value for name, value in os.environ.items() if not name.startswith("XDG_")}
    command = [sys.executable, "-B", "-c", IMPORTS, str(models), str(package_file)]
    environment |= {"HOME": str(home), "PYTHONPATH": os.pathsep.join(filter(None, sys.path)), **theirs}
    before = set(tmp_path.rglob("*"))
    subprocess.run(command, env=environment, cwd=home, check=True, timeout=60)
    assert not list(home.iterdir())
    assert all(models in (path, *path.parents) for path in set(tmp_path.rglob("*")) - before)
    assert {path.name for path in models.iterdir()} - {".argos"} == {next(models.glob("en_ru-*")).name}


def test_zipped_is_what_argos_makes(package_file, tmp_path):
    with zipfile.ZipFile(io.BytesIO(package_file.read_bytes())) as archived:
        assert "translate-en_ru-1_0/model/model.bin" in archived.namelist()
        archived.extractall(tmp_path)
    assert zipped(tmp_path / "translate-en_ru-1_0", tmp_path / "again").stat().st_size == package_file.stat().st_size
