"""A full disk, a read-only home, a database that is gone: a clear error each, nothing lost, and it goes on after."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from servers import private_postgresql

SAMPLE = Path(__file__).resolve().parents[2] / "deploy" / "sample"
LABEL = "--originator A --level unclassified --marking-reason papers-of-a-test"
INGEST = f"ingest {SAMPLE / 'pdf'} {LABEL} --wait --json"
Promise = Callable[[str, bool, str], None]

SCRIPT = """
set -u
tolmach() {{ {python} -m services.cli "$@"; }}
mount -t tmpfs -o size={small} tolmach "$TOLMACH_HOME"
tolmach init >/dev/null 2>&1 && tolmach agency add A --name-en A --name-ru A --ceiling confidential >/dev/null 2>&1
{fault}
tolmach {ingest} >"$OUT/first.json" 2>"$OUT/first.txt"; echo $? >"$OUT/first.code"
{mend}
tolmach {ingest} >"$OUT/second.json" 2>"$OUT/second.txt"; echo $? >"$OUT/second.code"
tolmach status --json >"$OUT/status.json" 2>/dev/null
tolmach audit verify >"$OUT/audit.txt" 2>&1; echo $? >"$OUT/audit.code"
"""


def run(out: Path, promised: Promise, small: str, fault: str, mend: str) -> None:
    """Run the script in a mount namespace of its own."""
    unshare = ["unshare", "--map-root-user", "--mount"]
    works = (
        shutil.which("unshare") and subprocess.run([*unshare, "true"], check=False, capture_output=True).returncode == 0
    )
    promised("namespaces", bool(works), "unshare --mount is not allowed here")
    (out / "home").mkdir()
    environment = {k: v for k, v in os.environ.items() if not k.startswith("TOLMACH_")}
    environment |= {"TOLMACH_HOME": str(out / "home"), "OUT": str(out)}
    script = SCRIPT.format(python=sys.executable, small=small, fault=fault, mend=mend, ingest=INGEST)
    subprocess.run([*unshare, "bash", "-c", script], env=environment, check=True)


def read(out: Path, name: str) -> str:
    return (out / name).read_text(encoding="utf-8").strip()


def everything_is_in(out: Path) -> bool:
    return read(out, "second.code") == "0" and json.loads(read(out, "status.json"))["documents"] == {"indexed": 44}


def test_a_full_disk_is_named_and_nothing_is_lost(tmp_path: Path, promised: Promise) -> None:
    run(tmp_path, promised, "3m", "", 'mount -o remount,size=300m "$TOLMACH_HOME"')
    assert read(tmp_path, "first.code") == "1"
    assert "Traceback" not in read(tmp_path, "first.txt")
    assert any(word in read(tmp_path, "first.txt") for word in ("full", "No space left"))
    assert everything_is_in(tmp_path)
    assert read(tmp_path, "audit.code") == "0"


def test_a_read_only_home_is_named_and_nothing_is_lost(tmp_path: Path, promised: Promise) -> None:
    remount = 'mount -o remount,{} "$TOLMACH_HOME"'
    run(tmp_path, promised, "300m", remount.format("ro"), remount.format("rw"))
    assert read(tmp_path, "first.code") == "1"
    assert "Traceback" not in read(tmp_path, "first.txt")
    assert "read-only" in read(tmp_path, "first.txt")
    assert everything_is_in(tmp_path)


def test_a_database_that_is_gone_is_named_and_returns(tmp_path: Path, promised: Promise) -> None:
    programs = sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    promised("postgresql", bool(programs), "install PostgreSQL's server programs")
    environment = {k: v for k, v in os.environ.items() if not k.startswith("TOLMACH_")}

    def tolmach(url: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        own = environment | {"TOLMACH_HOME": str(tmp_path / "home"), "TOLMACH_DATABASE_URL": url}
        command = [sys.executable, "-m", "services.cli", *arguments]
        return subprocess.run(command, env=own, capture_output=True, text=True, check=False)

    with private_postgresql(programs[0]) as url:
        assert tolmach(url, "init").returncode == 0
        assert (
            tolmach(
                url, "agency", "add", "A", "--name-en", "A", "--name-ru", "A", "--ceiling", "confidential"
            ).returncode
            == 0
        )
    gone = tolmach(url, *INGEST.split())
    assert gone.returncode == 1
    assert "The database does not answer" in gone.stderr
    assert "Traceback" not in gone.stderr
