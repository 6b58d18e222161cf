"""A child in the cage that a document took over: no way out, nothing of other documents, no hold on its parent."""

import contextlib
import json
import os
import socket
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import pytest
from outside import reachable

from indexer.extract.cage.confine import Confinement
from indexer.extract.cage.keeper import Cage, StoppedError
from indexer.extract.cage.limits import Limits
from indexer.extract.cage.seccomp import ALLOWED, own_program
from indexer.extract.pages import ExtractError

HERE = Path(__file__).parent
ROOT = HERE.parents[4]
PROGRAMS = {"libseccomp": "hostile_child", "own filter": "hostile_child_without_library"}

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the cage is Linux's")


@pytest.fixture(scope="module", params=PROGRAMS)
def cage(request):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", str(HERE))
        patch.setenv("TOLMACH_SECRET", "do not pass on")
        cage = Cage(PROGRAMS[request.param])
        with contextlib.closing(cage):
            in_force = cage.confinement()
            if in_force.system_calls != request.param:
                pytest.skip(f"system calls are held by {in_force.system_calls!r} here")
            yield cage


def payloads(cage, content=b"%PDF-1.7 a", limits=None, stopped=lambda: False, **request):
    with tempfile.TemporaryFile() as file:
        file.write(content)
        file.flush()
        for _, payload in cage.answers(request, file.fileno(), limits or Limits(), stopped):
            yield payload


def answer(cage, **request):
    (payload,) = payloads(cage, **request)
    return json.loads(payload)


def code(cage, **request):
    with pytest.raises(ExtractError) as caught:
        list(payloads(cage, **request))
    return caught.value.code


def gone(pid):
    for _ in range(200):
        if not Path(f"/proc/{pid}").exists():
            return True
        time.sleep(0.05)
    return False


@pytest.fixture(scope="module")
def surroundings(tmp_path_factory):
    with reachable(tmp_path_factory.mktemp("out")) as outside:
        yield outside


# --- ways out --------------------------------------------------------------------------------------------------------


def test_no_way_out_is_open(cage, surroundings):
    if cage.confinement().missing():
        pytest.skip(f"this machine gives only: {cage.confinement()}")
    secret, port = surroundings
    outcomes = answer(cage, act="try", secret=str(secret), port=port)
    assert len(outcomes) > 50
    assert [name for name, outcome in outcomes.items() if outcome == "done"] == []
    assert secret.read_text() == "s"
    assert sorted(path.name for path in secret.parent.iterdir()) == ["secret", "socket"]


def test_outside_the_cage_the_same_ways_are_open(surroundings, tmp_path):
    _, port = surroundings
    secret = tmp_path / "secret"
    secret.write_text("s")
    done = subprocess.run(
        [sys.executable, HERE / "hostile_child.py", "try", secret, str(port)],
        env={"PYTHONPATH": str(ROOT)},
        capture_output=True,
        check=True,
    )
    outcomes = json.loads(done.stdout)
    assert len(outcomes) > 20
    assert {name for name, outcome in outcomes.items() if outcome != "done"} == set()


def test_a_child_has_its_document_and_its_channel_and_nothing_else(cage):
    has = answer(cage, act="itself")
    assert set(has["environment"]) <= {"PYTHONPATH", "LANG", "LC_CTYPE"}
    assert has["descriptors"] == [0, 1, 2, 3, 4]
    assert has["document"] == "%PDF-1.7 "
    assert has["module"] == 10
    limits = has["limits"]
    assert limits["RLIMIT_FSIZE"] == limits["RLIMIT_CORE"] == limits["RLIMIT_NPROC"] == [0, 0]
    assert limits["RLIMIT_NOFILE"] == [16, 16]
    assert limits["RLIMIT_AS"] == [Limits().memory_bytes] * 2
    assert limits["RLIMIT_CPU"][0] == 61 and limits["RLIMIT_CPU"][1] < 600


def test_each_document_has_a_child_of_its_own(cage):
    assert answer(cage, act="itself")["pid"] != answer(cage, act="itself")["pid"]
    assert answer(cage, act="remember", content=b"a secret") == []
    assert answer(cage, act="remember", content=b"another label") == []


def test_our_own_filter_knows_every_architecture_it_names():
    assert own_program("riscv64") == b""
    for machine, numbers in (
        ("x86_64", [call.x86_64 for call in ALLOWED]),
        ("aarch64", [call.aarch64 for call in ALLOWED if call.aarch64 is not None]),
    ):
        assert len(set(numbers)) == len(numbers)
        assert len(own_program(machine)) % 8 == 0


def test_what_a_machine_lacks_is_said():
    nothing = Confinement(0, "", ())
    assert len(nothing.missing()) == 3
    assert "no Landlock" in str(nothing)
    everything = Confinement(7, "libseccomp", ("user", "network", "ipc"))
    assert everything.missing() == []
    assert str(everything) == "system calls by libseccomp, Landlock 7, own namespaces (user, network, ipc)"


# --- the parent ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("act", ["other nonce", "after the last", "too long", "counting"])
def test_frames_of_nobody_are_a_crash_and_the_next_document_is_read(cage, act):
    assert code(cage, act=act) == "reader_crashed"
    assert answer(cage, act="itself")["document"] == "%PDF-1.7 "


@pytest.mark.parametrize(
    "frames",
    [
        [("P", b"null"), ("N", b"1")],
        [("N", b"1"), ("N", b"1")],
        [("N", b"-1")],
        [("N", b"\xd9\xa1")],
        [("?", b"")],
        [("P", b"null"), ("E", b"no_such_code")],
    ],
)
def test_frames_out_of_order_are_a_crash(cage, frames):
    written = [(kind, payload.hex()) for kind, payload in frames]
    assert code(cage, act="frames", frames=written) == "reader_crashed"


@pytest.mark.parametrize("act", ["never done", "dripping", "idle"])
def test_a_child_that_goes_on_talking_meets_its_deadline_and_is_gone(cage, act):
    pids = []
    with pytest.raises(ExtractError) as caught:
        for payload in payloads(cage, act=act, limits=Limits(wall_seconds=1)):
            pids.append(payload)
    assert caught.value.code == "too_slow"
    assert gone(int(pids[0]))


def test_a_child_that_answers_without_end_meets_the_bound_of_its_answer(cage):
    assert code(cage, act="never done", limits=Limits(max_answer_bytes=10_000)) == "too_large_in_memory"


def test_a_child_that_closes_its_channel_is_ended_all_the_same(cage, monkeypatch):
    monkeypatch.setattr("indexer.extract.cage.keeper._TO_END", 1.0)
    pids = []
    with pytest.raises(ExtractError) as caught:
        for payload in payloads(cage, act="deaf"):
            pids.append(int(payload))
    assert caught.value.code == "reader_crashed"
    assert gone(pids[0])


def test_memory_is_bounded(cage):
    assert code(cage, act="swelling", limits=Limits(memory_bytes=600 << 20)) == "too_large_in_memory"


def test_a_child_that_nobody_waits_for_is_ended(cage):
    pids, left = [], threading.Event()
    with pytest.raises(StoppedError):
        for payload in payloads(cage, act="idle", stopped=left.is_set):
            pids.append(int(payload))
            left.set()
    assert gone(pids[0])


def test_children_work_side_by_side_and_each_answer_is_its_own(cage):
    results = {}

    def work(n):
        results[n] = answer(cage, act="itself", content=b"%08d " % n)["document"]

    threads = [threading.Thread(target=work, args=(n,)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert results == {n: f"{n:08d} " for n in range(8)}


def test_a_template_whose_parent_is_another_ends():
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    with ours, theirs:
        done = subprocess.run(
            [sys.executable, HERE / "hostile_child.py", str(theirs.fileno()), str(os.getpid() + 1)],
            env={"PYTHONPATH": str(ROOT)},
            pass_fds=(theirs.fileno(),),
        )
        theirs.close()
        assert done.returncode == 0
        assert ours.recv(100) == b""
