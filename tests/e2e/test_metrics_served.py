"""Several processes of a server tell the sum of their numbers on one port, off unless a setting names it."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest
from factories import agency, label, pdf, take
from servers import free_port
from test_stopping import PATIENCE, answers, awaited

from services.components import Components
from services.measuring.metrics import FOLDER, MetricsError, gathered
from services.settings import Settings


def environment(components: Components, **more: str) -> dict[str, str]:
    own = {name: value for name, value in os.environ.items() if not name.startswith("TOLMACH_")}
    return own | {"TOLMACH_HOME": str(components.settings.home)} | more


def told(port: int) -> str:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=PATIENCE) as answer:
        return str(answer.read().decode())


def counted(text: str, series: str) -> float:
    return sum(float(number) for number in re.findall(rf"^{re.escape(series)} (\S+)$", text, re.MULTILINE))


def test_two_processes_and_their_worker_tell_one_sum(components: Components) -> None:
    port, metrics = free_port(), free_port()
    agency(components, "A")
    take(components, pdf("A paper about zeppelins."), label(components, "A"))
    command = [sys.executable, "-m", "services.cli", "serve", "--workers", "2", "--with-worker", "--port", str(port)]
    server = subprocess.Popen(command, env=environment(components, TOLMACH_METRICS_PORT=str(metrics)))
    asked = 'tolmach_http_answer_seconds_count{method="GET",route="/health",status="2xx"}'
    done = 'tolmach_stage_seconds_count{outcome="done",stage="extract"}'
    try:
        awaited(lambda: answers(port))
        before = counted(told(metrics), asked)
        for _ in range(40):
            answers(port)
        text = told(metrics)
        assert counted(text, asked) == before + 40
        assert awaited(lambda: counted(told(metrics), done)) == 1
        assert 'tolmach_waiting_documents{stage="extract"}' in text and "tolmach_build_info{" in text
        assert "zeppelin" not in text
    finally:
        server.terminate()
        assert server.wait(PATIENCE) == 0


def test_a_worker_alone_tells_its_own_and_a_second_on_its_port_is_refused(components: Components) -> None:
    metrics = free_port()
    own = environment(components, TOLMACH_METRICS_PORT=str(metrics))
    worker = subprocess.Popen([sys.executable, "-m", "services.cli", "worker"], env=own)
    try:
        awaited(lambda: listens(metrics))
        assert counted(told(metrics), "tolmach_database_reached") == 1
        second = subprocess.run(
            [sys.executable, "-m", "services.cli", "worker"], env=own, capture_output=True, text=True, timeout=PATIENCE
        )
        assert second.returncode == 1 and "METRICS_PORT of its own" in second.stderr
    finally:
        worker.terminate()
        assert worker.wait(PATIENCE) == 0


def listens(port: int) -> bool:
    try:
        return bool(told(port))
    except OSError:
        return False


def test_where_no_port_is_named_nothing_is_kept(tmp_path: Path) -> None:
    with gathered(Settings(home=tmp_path)) as meter:
        meter.refused("internal")
        assert FOLDER not in os.environ


def test_without_the_library_the_port_is_refused_and_what_to_install_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("services.measuring.metrics.find_spec", lambda _: None)
    with pytest.raises(MetricsError, match="extra `metrics`"), gathered(Settings(home=tmp_path, metrics_port=9)):
        pass
