"""The log says which request an event belongs to; no answer does."""

from __future__ import annotations

import json
import logging
from pathlib import Path

import pytest
from factories import agency, client, fresh, person

from services.observing import logs
from services.observing.logs import JsonLine


def line(record: logging.LogRecord) -> dict[str, object]:
    return dict(json.loads(JsonLine().format(record)))


def record(message: str = "so it is", **more: object) -> logging.LogRecord:
    made = logging.LogRecord("part", logging.WARNING, "file", 1, message, (), None)
    made.__dict__.update(more)
    return made


def test_a_line_is_of_the_request_that_is_under_way() -> None:
    assert "http.request.id" not in line(record())
    with logs.request() as identifier:
        written = line(record())
    assert written["http.request.id"] == identifier
    assert (written["message"], written["log.level"], written["log.logger"]) == ("so it is", "warning", "part")
    assert "http.request.id" not in line(record())


def test_an_error_is_one_line_with_its_trace() -> None:
    try:
        raise ValueError("a\nb")
    except ValueError as error:
        text = JsonLine().format(record(exc_info=(type(error), error, error.__traceback__)))
    assert "\n" not in text and json.loads(text)["error.type"] == "ValueError"


def test_a_fault_is_logged_with_its_request_which_the_answer_does_not_tell(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    components = fresh(tmp_path / "home")
    agency(components, "A")
    person(components, "ann", "A", ["expert"])
    api = client(components, "ann")
    lines: list[str] = []

    class Kept(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            lines.append(JsonLine().format(record))

    def fault(*_: object) -> None:
        raise RuntimeError("nobody foresaw this")

    monkeypatch.setattr(type(components.engine), "search", fault)
    handler = Kept()
    logging.getLogger().addHandler(handler)
    try:
        answer = api.post("/api/search", json={"query": "x"})
    finally:
        logging.getLogger().removeHandler(handler)
        components.close()
    assert answer.status_code == 500
    identifiers = {json.loads(each).get("http.request.id") for each in lines if "foresaw" in each}
    assert len(identifiers) == 1 and None not in identifiers
    assert not any(identifier in answer.text + str(answer.headers) for identifier in identifiers)
