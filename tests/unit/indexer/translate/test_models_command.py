"""`tolmach models` installs, lists and checks packages, says JSON when asked, and leaves an entry in the trail."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result
from unit.indexer.translate.tiny import make

from indexer.translate.contract import PackageError
from services.cli.operation.models import models
from services.components import Components
from services.settings import Settings
from services.setup import set_up


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home that is set up, and named in the environment."""
    place = tmp_path / "home"
    set_up(Settings(home=place))
    monkeypatch.setenv("TOLMACH_HOME", str(place))
    return place


def run(*arguments: object) -> Result:
    return CliRunner().invoke(models, [str(argument) for argument in arguments])


def test_a_package_is_installed_listed_and_checked(home, tmp_path):
    assert json.loads(run("list", "--json").stdout) == []
    file = make(tmp_path)
    assert run("install", file).exit_code == 0
    (listed,) = json.loads(run("list", "--json").stdout)
    assert (listed["name"], listed["documents"]) == ("argos en→ru 1.0", None)
    assert run("install", file, "--sha256", listed["sha256"]).exit_code == 0
    done = run("check", "--json")
    assert (done.exit_code, json.loads(done.stdout)) == (0, [])
    assert Components(Settings(home=home)).trail.verify() >= 2


def test_what_is_wrong_is_told_and_fails(home, tmp_path):
    run("install", make(tmp_path))
    (metadata,) = (home / "models").glob("*/metadata.json")
    metadata.write_text("{}")
    done = run("check", "--json")
    assert done.exit_code == 1 and [one["code"] for one in json.loads(done.stdout)] == ["changed"]
    assert run("check").exit_code == 1


def test_another_digest_installs_nothing(home, tmp_path):
    done = run("install", make(tmp_path), "--sha256", "0" * 64)
    assert isinstance(done.exception, PackageError) and not (home / "models").exists()


def test_help_tells_the_official_digests():
    told = "".join(run("install", "--help").stdout.split())
    assert "translate-en_ru-1_9.argosmodel" in told and "notverified" in told
