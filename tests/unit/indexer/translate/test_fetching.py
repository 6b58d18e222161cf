"""`tolmach models fetch` takes a package from the operator's address alone, by its digest, and measures it."""

from __future__ import annotations

import hashlib
import json
import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result
from unit.indexer.translate.tiny import make

from indexer.translate import fetching, quality
from indexer.translate.contract import PackageError
from indexer.translate.fetching import PackageFile
from services.cli.operation.models import models
from services.components import Components
from services.settings import Settings
from services.setup import set_up


class Quiet(SimpleHTTPRequestHandler):
    """Serves a folder, and sends whoever asks for `elsewhere` to another address, for `there` to one of its own."""

    def do_GET(self) -> None:
        places = {"/elsewhere": "https://example.org/package", "/there": "/words.txt"}
        if self.path in places:
            self.send_response(302)
            self.send_header("Location", places[self.path])
            self.end_headers()
            return
        super().do_GET()

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def address(tmp_path: Path) -> Iterator[str]:
    """A server on this machine that has one package."""
    folder = tmp_path / "served"
    folder.mkdir()
    make(folder)
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(folder)))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    place = tmp_path / "home"
    set_up(Settings(home=place))
    monkeypatch.setenv("TOLMACH_HOME", str(place))
    monkeypatch.setattr(
        quality, "sentences", lambda source: (["A meeting."], ["Совещание."])
    )  # random weights are slow
    return place


def run(*arguments: object) -> Result:
    return CliRunner().invoke(models, [str(argument) for argument in arguments])


def served(tmp_path: Path) -> PackageFile:
    (path,) = (tmp_path / "served").glob("*.argosmodel")
    return PackageFile(path.name, hashlib.sha256(path.read_bytes()).hexdigest())


def test_a_package_is_fetched_installed_measured_and_in_the_trail(home, tmp_path, address, monkeypatch):
    monkeypatch.setenv("TOLMACH_MODELS_ADDRESS", address)
    monkeypatch.setattr(fetching, "OFFICIAL", {"en-ru": served(tmp_path)})
    done = run("fetch", "en-ru")
    assert done.exit_code == 0, done.output
    (listed,) = json.loads(run("list", "--json").stdout)
    assert listed["sha256"] == served(tmp_path).sha256 and listed["sentences_translated"] == 0
    assert listed["measured"]["sentences"] == 1 and listed["measured"]["sentences_per_second"] > 0
    actions = [entry.action for entry in Components(Settings(home=home)).trail.entries()]
    assert actions[-2:] == ["fetch_model", "install_model"]
    assert not list((home / "models").glob(".fetched-*")) and run("check").exit_code == 0


def test_another_file_is_fetched_by_its_name_and_digest(home, tmp_path, address, monkeypatch):
    monkeypatch.setenv("TOLMACH_MODELS_ADDRESS", address)
    package = served(tmp_path)
    assert run("fetch", "en-ru", "--file", package.name).exit_code == 2
    assert run("fetch", "en-ru", "--file", package.name, "--sha256", package.sha256).exit_code == 0


def test_what_has_another_digest_is_not_installed(home, tmp_path, address, monkeypatch):
    monkeypatch.setenv("TOLMACH_MODELS_ADDRESS", address)
    done = run("fetch", "en-ru", "--file", served(tmp_path).name, "--sha256", "0" * 64)
    assert isinstance(done.exception, PackageError) and json.loads(run("list", "--json").stdout) == []


def test_nothing_is_fetched_unless_an_address_is_set(home):
    done = run("fetch", "en-ru")
    assert isinstance(done.exception, PackageError) and "TOLMACH_MODELS_ADDRESS" in str(done.exception)


@pytest.mark.parametrize("address", ["http://example.org", "ftp://127.0.0.1", "file:///etc", "example.org"])
def test_only_tls_is_spoken_to_others(address, tmp_path):
    with pytest.raises(PackageError, match="https"), fetching.fetched(address, PackageFile("a", ""), tmp_path):
        pass


def test_the_address_may_send_one_on_within_itself_alone(address, tmp_path):
    (tmp_path / "served" / "words.txt").write_text("words")
    with fetching.fetched(address, PackageFile("there", ""), tmp_path / "models") as path:
        assert path.read_text() == "words"
    with (
        pytest.raises(PackageError, match=r"sends one on to https://example\.org,"),
        fetching.fetched(address, PackageFile("elsewhere", ""), tmp_path / "models"),
    ):
        pass


def test_what_is_absent_or_too_large_is_refused(address, tmp_path, monkeypatch):
    monkeypatch.setattr(fetching, "LARGEST", 10)
    for name in ("elsewhere", "absent", served(tmp_path).name):
        with pytest.raises(PackageError), fetching.fetched(address, PackageFile(name, ""), tmp_path / "models"):
            pass
    assert list((tmp_path / "models").iterdir()) == []


def test_chrf_is_of_shared_characters():
    assert quality.chrf(["The same text."], ["The same text."]) == pytest.approx(100)
    assert quality.chrf(["абвгд"], ["еёжзи"]) == 0
    near, far = (quality.chrf([text], ["The court refused it."]) for text in ("The court refuses it.", "A cat sat."))
    assert 60 < near < 100 and far < 20


def test_the_sentences_that_ship_are_in_both_languages():
    english, russian = quality.sentences("en")
    assert len(english) == len(russian) == 24 and quality.sentences("ru") == (russian, english)
