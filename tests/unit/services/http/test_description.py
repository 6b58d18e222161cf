"""`tolmach openapi` writes what the service answers, under names that say what a thing is, without any home."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest
from route_table import ROUTES

from services import cli
from services.app import api


@pytest.fixture
def described(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> dict:
    """What the command writes on standard output where there is no Tolmach."""
    monkeypatch.setenv("TOLMACH_HOME", str(tmp_path / "nothing here"))
    monkeypatch.setattr(sys, "argv", ["tolmach", "openapi"])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    assert not ended.value.code
    return json.loads(capsys.readouterr().out)


def test_it_describes_every_route(described: dict) -> None:
    assert {(method.upper(), path) for path, calls in described["paths"].items() for method in calls} == set(ROUTES)
    assert described == json.loads(json.dumps(api().openapi()))


def test_a_file_holds_the_same(described: dict, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "argv", ["tolmach", "openapi", "--output", str(tmp_path / "tolmach.json")])
    with pytest.raises(SystemExit):
        cli.main()
    assert json.loads((tmp_path / "tolmach.json").read_text(encoding="utf-8")) == described


def test_operations_and_bodies_have_honest_names(described: dict) -> None:
    operations = [call["operationId"] for calls in described["paths"].values() for call in calls.values()]
    assert len(operations) == len(set(operations)) and "take_in" in operations
    names = set(described["components"]["schemas"])
    assert "TakeInForm" in names
    assert not [name for name in names if "_" in name or "Validation" in name]


def test_every_reference_leads_somewhere(described: dict) -> None:
    text = json.dumps(described)
    referred = {part.split('"')[0] for part in text.split('"#/components/schemas/')[1:]}
    assert referred <= set(described["components"]["schemas"])
