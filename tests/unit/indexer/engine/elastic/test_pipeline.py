"""Tolmach on Elasticsearch, through the API, the worker and the commands."""

from __future__ import annotations

import json
import os
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from elasticsearch_server import Server
from elasticsearch_world import differs, take_in, world_on
from paired_worlds import World, sample_items

from auth import policy
from auth.policy import Action
from indexer.engine.contract import EVERYTHING, EngineError, Request
from indexer.pipeline.reindex import reindex


@pytest.fixture
def world(elasticsearch: Server, elastic_prefix: str, tmp_path: Path) -> Iterator[World]:
    with world_on(elasticsearch, elastic_prefix, tmp_path) as opened:
        yield opened


def test_made_anew_while_documents_arrive(world: World) -> None:
    world.fill(sample_items()[:4])
    take_in(world, 4, 7)
    arrived = []

    def work_meanwhile(done: int, total: int) -> None:
        if not arrived:
            arrived.append(world.components.worker().step())

    before = world.components.engine.holdings()
    reindex(world.components.database, world.components.engine, work_meanwhile)
    assert differs(world) == {}
    assert set(before) <= set(world.components.engine.holdings())
    world.components.worker().run()
    assert differs(world) == {}


def test_what_was_lost_and_what_is_too_much_is_put_right(world: World) -> None:
    world.fill(sample_items()[:4])
    first, *_ = before = dict(world.components.engine.holdings())
    world.components.engine.remove({first: before[first].version})
    assert differs(world)
    reindex(world.components.database, world.components.engine, lambda done, total: None)
    assert dict(world.components.engine.holdings()) == before


def test_an_index_that_cannot_be_settled_does_not_answer(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    world.fill(sample_items()[:3])
    before = dict(world.components.engine.holdings())
    monkeypatch.setattr("indexer.pipeline.reindex._write", lambda database, engine, some: None)
    with pytest.raises(EngineError, match="differs"):
        reindex(world.components.database, world.components.engine, lambda done, total: None)
    assert dict(world.components.engine.holdings()) == before


def test_removal_by_the_api(world: World) -> None:
    identifiers = world.fill(sample_items()[:3])
    with world.components.database.reading() as session:
        scope = policy.operator_scope(session, Action.SEARCH)
    assert world.components.engine.search(scope, Request(EVERYTHING)).total == 3
    world.remove(next(iter(identifiers.values())))
    assert world.components.engine.search(scope, Request(EVERYTHING)).total == 2


# -- Commands


@pytest.fixture
def command(elasticsearch: Server, elastic_prefix: str, tmp_path: Path) -> Callable[..., Any]:
    """Runs `tolmach` in a home of its own whose engine is this server."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("TOLMACH_")} | {
        "TOLMACH_HOME": str(tmp_path / "home"),
        "TOLMACH_ENGINE": "elasticsearch",
        "TOLMACH_ELASTICSEARCH_URL": elasticsearch.url,
        "TOLMACH_ELASTICSEARCH_CA": str(elasticsearch.authority),
        "TOLMACH_ELASTICSEARCH_PREFIX": elastic_prefix,
    }

    def run(*arguments: str, stdin: str = "", **more: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "services.cli", *arguments]
        return subprocess.run(command, env=environment | more, input=stdin, capture_output=True, text=True, check=False)

    return run


def test_set_up_fill_and_make_anew(elasticsearch: Server, tmp_path: Path, command: Callable[..., Any]) -> None:
    assert command("init", "--json").returncode == 0
    early = command("engine", "reindex")
    assert early.returncode == 1 and "tolmach engine setup" in early.stderr
    for _ in range(2):
        done = command("engine", "setup", "--password-stdin", stdin=elasticsearch.password)
        assert done.returncode == 0, done.stderr
        assert elasticsearch.password not in done.stdout + done.stderr
    keys = [tmp_path / "home" / "keys" / f"elasticsearch-{name}.key" for name in ("reader", "writer", "manager")]
    assert [stat.S_IMODE(key.stat().st_mode) for key in keys] == [0o600] * 3
    assert len({key.read_text() for key in keys}) == 3
    added = command("agency", "add", "UN", "--name-en", "U", "--name-ru", "У", "--ceiling", "unclassified")
    assert added.returncode == 0, added.stderr
    file = sample_items()[0].path
    taken = command("ingest", str(file), "--originator", "UN", "--level", "unclassified", "--wait", "--json")
    assert taken.returncode == 0, taken.stderr
    assert json.loads(taken.stdout)["documents"][0]["state"] == "indexed"
    again = command("engine", "reindex")
    assert again.returncode == 0, again.stderr
    nothing = command("engine", "reindex", "--abandon")
    assert nothing.returncode == 0 and "No renewal" in nothing.stderr
    (tmp_path / "home" / "keys" / "elasticsearch-manager.key").unlink()
    refused = command("engine", "reindex")
    assert refused.returncode == 1 and "does not allow" in refused.stderr


def test_a_wrong_password_is_refused_plainly(command: Callable[..., Any]) -> None:
    command("init", "--json")
    done = command("engine", "setup", "--password-stdin", stdin="wrong")
    assert done.returncode == 1 and "refuses our key or password" in done.stderr


def test_the_embedded_engine_needs_no_setting_up(command: Callable[..., Any]) -> None:
    command("init", "--json")
    done = command("engine", "setup", "--password-stdin", stdin="x", TOLMACH_ENGINE="embedded")
    assert done.returncode == 1 and "TOLMACH_ENGINE=elasticsearch" in done.stderr
