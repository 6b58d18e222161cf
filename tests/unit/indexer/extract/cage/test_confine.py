"""What is left to the child process: nearly nothing."""

import ctypes
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[5]
PROGRAM = """
import os, socket, sys, encodings
from indexer.extract.cage.confine import confine
confine(os.getppid())
def attempt(name, act):
    try:
        act()
        print(name, "done")
    except (OSError, PermissionError) as error:
        print(name, "refused", type(error).__name__)
attempt("read", lambda: open(sys.argv[1]).read())
attempt("list", lambda: os.listdir("/etc"))
attempt("write", lambda: open(sys.argv[1] + ".new", "w").write("x"))
attempt("append", lambda: open(sys.argv[1], "a").write("x"))
attempt("remove", lambda: os.remove(sys.argv[1]))
attempt("run", lambda: os.execv("/bin/true", ["true"]))
attempt("connect", lambda: socket.create_connection(("127.0.0.1", int(sys.argv[2])), 1))
attempt("signal", lambda: os.kill(os.getppid(), 0))
attempt("modules", lambda: open(encodings.__file__).read())
"""


def landlock() -> int:
    return ctypes.CDLL(None).syscall(444, None, ctypes.c_size_t(0), 1) if sys.platform == "linux" else 0


@pytest.mark.skipif(landlock() < 6, reason="this kernel has no Landlock of version 6")
def test_what_is_refused_and_what_is_left(tmp_path):
    import socket

    secret = tmp_path / "secret"
    secret.write_text("s")
    with socket.create_server(("127.0.0.1", 0)) as server:
        done = subprocess.run(
            [sys.executable, "-c", PROGRAM, str(secret), str(server.getsockname()[1])],
            env={"PYTHONPATH": str(ROOT)},
            cwd=os.sep,
            capture_output=True,
            text=True,
            check=True,
        )
    outcome = dict(line.split(" ", 1) for line in done.stdout.splitlines())
    assert outcome.pop("modules") == "done"
    assert set(outcome) == {"read", "list", "write", "append", "remove", "run", "connect", "signal"}
    assert set(outcome.values()) == {"refused PermissionError"}
    assert secret.read_text() == "s"


def test_it_ends_when_its_parent_is_another(tmp_path):
    program = "import os\nfrom indexer.extract.cage.confine import confine\nconfine(os.getppid() + 1)\nprint('alive')"
    done = subprocess.run(
        [sys.executable, "-c", program], env={"PYTHONPATH": str(ROOT)}, capture_output=True, text=True
    )
    assert (done.returncode, done.stdout) == (0, "")
