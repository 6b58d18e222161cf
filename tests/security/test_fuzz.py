"""No call breaks the service: none that its description allows or forbids, as anybody, and no string in any field."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from factories import fresh
from fastapi import Response
from fuzz import NASTY, Stage, drawn, nastily
from route_table import ROUTES
from schemathesis import GenerationMode

from services import errors
from services.routes import search

POSITIVE = GenerationMode.POSITIVE
EXAMPLES = {POSITIVE: 16, GenerationMode.NEGATIVE: 8}
STRIDE = 32  # of the strings that are not NASTY, every so many in each field; the benchmark tries all


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    components = fresh(tmp_path_factory.mktemp("strangers") / "home")
    yield Stage(components)
    components.close()


@pytest.mark.parametrize("mode", EXAMPLES, ids=lambda mode: mode.value)
@pytest.mark.parametrize("route", ROUTES, ids=lambda route: " ".join(route))
def test_answers_are_as_described(stage: Stage, route: tuple[str, str], mode: GenerationMode) -> None:
    method, path = route
    assert list(drawn(stage, stage.described[path][method], EXAMPLES[mode], mode)) == []


def fails(*about: object, **more: object) -> None:
    raise RuntimeError


def test_an_answer_that_is_not_as_described_is_told(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of a call that breaks, and of one that gives less than it says."""
    monkeypatch.setattr(search, "suggestions", fails)
    assert "Server error" in repr(list(drawn(stage, stage.described["/api/suggest"]["POST"], 9, POSITIVE)))
    monkeypatch.setattr(errors, "problem", lambda *about, **more: Response("no", 409))
    wrong = repr(list(drawn(stage, stage.described["/api/documents/{document_id}"]["GET"], 9, POSITIVE)))
    assert "Content-Type" in wrong


def test_no_string_breaks_anything(stage: Stage, data: Path) -> None:
    """https://github.com/minimaxir/big-list-of-naughty-strings"""
    strings = json.loads((data / "authz" / "blns.json").read_text(encoding="utf-8"))
    assert list(nastily(stage, strings, STRIDE)) == []
    assert stage.tried["fields"] > 80


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_no_nasty_string_breaks_anything_on_postgresql(database_url: str, tmp_path: Path) -> None:
    components = fresh(tmp_path / "home", database_url=database_url)
    try:
        assert list(nastily(Stage(components), [], STRIDE, NASTY[:6])) == []
    finally:
        components.close()
