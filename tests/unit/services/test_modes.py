"""The home is its user's alone, however it was made; doctor says where it is not, and how the database is reached."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from services import doctor
from services.components import Components, HomeError
from services.settings import Settings
from services.setup import set_up


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_init_closes_a_folder_that_was_there(tolmach, tmp_path):
    home = tmp_path / "home"
    home.mkdir()
    home.chmod(0o755)
    done = tolmach("init")
    assert done.returncode == 0, done.stderr
    assert mode(home) == 0o700
    written = [path for path in home.rglob("*") if path.is_file()]
    assert {path.name for path in written} >= {"tolmach.sqlite", "audit.sqlite", "database.key", "scheme.toml"}
    assert {mode(path) & 0o077 for path in written} == {0}


def test_init_refuses_a_folder_that_it_cannot_close(tmp_path, monkeypatch):
    def refused(path: Path, wanted: int) -> None:
        raise PermissionError

    monkeypatch.setattr(Path, "chmod", refused)
    with pytest.raises(HomeError, match="another user's"):
        set_up(Settings(home=tmp_path / "home"))
    monkeypatch.setattr(Path, "chmod", lambda path, wanted: path)
    (tmp_path / "open").mkdir()
    os.chmod(tmp_path / "open", 0o755)  # noqa: PTH101 - the other way is closed here, and the mask may be strict
    with pytest.raises(HomeError, match="keeps no modes"):
        set_up(Settings(home=tmp_path / "open"))


def test_doctor_tells_of_a_home_that_is_open(components):
    def modes() -> doctor.Finding:
        return next(finding for finding in doctor.examine(components) if finding.what == "modes")

    components.home.path.chmod(0o700)
    assert modes().well
    components.home.path.chmod(0o750)
    assert not modes().well and "chmod 700" in modes().words


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("", "does not leave"),
        ("postgresql://tolmach@127.0.0.1/tolmach", "does not leave"),
        ("postgresql://tolmach@db.example/tolmach", "sslmode is prefer"),
        ("postgresql://tolmach@db.example/tolmach?sslmode=require", "sslmode is require"),
        ("postgresql://tolmach@db.example/tolmach?sslmode=verify-full", "known by its certificate"),
    ],
)
def test_doctor_says_how_the_database_is_reached(components, url, words):
    elsewhere = Components(Settings(home=components.settings.home, database_url=url))
    assert words in doctor._database_connection(elsewhere)
