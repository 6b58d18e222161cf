"""The wheel alone is a whole Tolmach: it is set up, serves its pages and shows the demo far from the repository."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import sysconfig
import time
import urllib.error
import urllib.request
import zipfile
from pathlib import Path

import pytest
from servers import free_port

ROOT = Path(__file__).resolve().parents[2]
CARRIED = (
    "auth/scheme.toml",
    "indexer/analysis/english_irregular.tsv",
    "indexer/lexicon/glossary.tsv",
    "frontend/index.html",
    "frontend/shell/app.js",
    "frontend/shell/shell.css",
    "deploy/migrations/env.py",
    "deploy/sample/manifest.csv",
    "deploy/sample/sample.toml",
    "deploy/sample/scheme.toml",
    "deploy/verify_audit.py",
)
SECONDS = 30  # until a server must answer


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    """A wheel of the repository as it is, built without a network."""
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run([sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)], cwd=ROOT, check=True)
    (built,) = folder.glob("tolmach-*.whl")
    return built


@pytest.fixture(scope="module")
def installed(wheel, tmp_path_factory):
    """The folder of programs of a fresh environment that holds our wheel; its libraries are this environment's.

    A path file names their folder. Python reads no path files inside a folder that is named so, so the repository,
    which this environment installs by one, stays out.
    """
    environment = tmp_path_factory.mktemp("environment")
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(environment)], check=True)
    python = environment / "bin" / "python"
    install = ["install", "--quiet", "--no-deps", "--no-index", "--disable-pip-version-check", str(wheel)]
    subprocess.run([sys.executable, "-m", "pip", "--python", str(python), *install], check=True)
    (site,) = environment.glob("lib/python*/site-packages")
    libraries = {sysconfig.get_path("purelib"), sysconfig.get_path("platlib")}
    (site / "libraries.pth").write_text("\n".join(sorted(libraries)) + "\n")
    return environment / "bin"


@pytest.fixture
def elsewhere(tmp_path):
    """How to run a program: in another folder, with a home of its own and nothing of this process's environment."""
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("TOLMACH_", "PYTHON", "COV"))}
    environment["TOLMACH_HOME"] = str(tmp_path / "home")
    folder = tmp_path / "elsewhere"
    folder.mkdir()
    return {"cwd": folder, "env": environment}


def run(command, elsewhere):
    """What a command prints; it must end well."""
    done = subprocess.run([str(part) for part in command], **elsewhere, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def get(address):
    """The body at an address, as soon as somebody answers."""
    end = time.monotonic() + SECONDS
    while True:
        try:
            with urllib.request.urlopen(address, timeout=SECONDS) as answer:
                return answer.read().decode()
        except urllib.error.HTTPError as refusal:
            with refusal:
                raise AssertionError(f"{address}: {refusal.code}") from None
        except OSError:
            assert time.monotonic() < end, f"nobody answers at {address}"
            time.sleep(0.1)


def test_the_wheel_holds_what_it_needs_and_no_tests(wheel):
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
    assert not [name for name in CARRIED if name not in names]
    lexicon = {f"indexer/lexicon/data/{path.name}" for path in (ROOT / "indexer" / "lexicon" / "data").iterdir()}
    assert lexicon and lexicon <= names
    assert [name for name in names if name.startswith("deploy/migrations/versions/")]
    assert [name for name in names if name.startswith("deploy/sample/pdf/")]
    folders = {name.split("/")[0] for name in names}
    assert folders == {"auth", "indexer", "services", "frontend", "deploy", "tolmach-0.1.0.dist-info"}


def test_programs_come_from_the_wheel(installed, elsewhere):
    where = "import auth, deploy, frontend, indexer, services as s; print(s.__file__, auth.__file__, indexer.__file__)"
    for path in run([installed / "python", "-c", where], elsewhere).split():
        assert Path(path).is_relative_to(installed.parent)


def test_it_is_set_up_and_serves_its_pages(installed, elsewhere):
    made = json.loads(run([installed / "tolmach", "init", "--json"], elsewhere))
    assert len(made["administrators"]) == 2
    port = free_port()
    command = [str(installed / "tolmach"), "serve", "--port", str(port)]
    with subprocess.Popen(command, **elsewhere, stderr=subprocess.DEVNULL) as server:
        try:
            page, script = get(f"http://127.0.0.1:{port}/"), get(f"http://127.0.0.1:{port}/static/shell/app.js")
        finally:
            server.terminate()
    assert re.search(r'src="/static/v-[0-9a-f]{16}/shell/app\.js"', page)
    assert script == (ROOT / "frontend" / "shell" / "app.js").read_text(encoding="utf-8")


def test_it_shows_the_demo(installed, elsewhere):
    shown = json.loads(run([installed / "tolmach", "demo", "--no-serve", "--json"], elsewhere))
    assert shown["documents"] == len(list((ROOT / "deploy" / "sample" / "pdf").glob("*.pdf")))
    states = json.loads(run([installed / "tolmach", "status", "--json"], elsewhere))
    assert states["quarantined"] == []
    assert set(states["documents"]) == {"indexed", "translated"}
    assert sum(states["documents"].values()) == shown["documents"]
