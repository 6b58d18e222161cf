"""No number is kept by label, person, agency, document or word, whatever is asked; no answer names its request."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from factories import PASSWORD, agency, bearer, client, fresh, label, pdf, person, take
from fastapi.routing import APIRoute
from prometheus_client import CollectorRegistry
from prometheus_client.core import Metric
from route_table import PLACES, ROUTES
from structure.described import error_classes, error_rows

from indexer.pipeline.stages.registry import LAST, STAGES
from indexer.pipeline.worker import DONE, FAILED, PUT_OFF
from services.app import create_app
from services.components import Components
from services.measuring.calls import OTHER, VERBS
from services.measuring.metrics import METHODS, Metrics, Standing
from services.observing import logs

PEOPLE = (None, "reader", "administrator", "auditor")
CALLS = ("put", "remove", "search", "suggest", "count", "holdings", "tidy")
LABELS = {
    "tolmach_http_answer_seconds": {"route", "method", "status"},
    "tolmach_problems": {"code"},
    "tolmach_sign_ins_refused": set(),
    "tolmach_call_seconds": {"part", "operation"},
    "tolmach_stage_seconds": {"stage", "outcome"},
    "tolmach_build_info": {"version", "python"},
    "tolmach_database_reached": set(),
    "tolmach_waiting_documents": {"stage"},
}
SECRETS = ("zeppelin", "agency-b", "reader", "auditor", "palanquin", "confidential", "unclassified")


def codes() -> set[str]:
    """Every code that the program's own text holds."""
    own = {row.split("`")[1] for row in error_rows()} | {each.code for each in error_classes()}
    return own | {"invalid_request", "no_room", "internal"} | {f"http_{status}" for status in range(400, 600)}


def words(app: Any) -> dict[str, set[str]]:
    """Every word that a number may bear, by the name of its label."""
    app.openapi()
    templates = {route.path for route in routes(app.router)}
    stages = {stage.name for stage in (*STAGES.values(), *LAST)}
    return {
        "route": templates | {"page", "none"},
        "method": METHODS | {OTHER},
        "status": {f"{first}xx" for first in range(1, 6)},
        "code": codes(),
        "part": {"database", "engine"},
        "operation": VERBS | {OTHER} | set(CALLS),
        "stage": stages,
        "outcome": {DONE, FAILED, PUT_OFF},
    }


def routes(router: Any) -> Iterator[APIRoute]:
    """Every route there is, those of included routers too."""
    for route in router.routes:
        if isinstance(route, APIRoute):
            yield route
        elif hasattr(route, "original_router"):
            yield from routes(route.original_router)


def kept(registry: CollectorRegistry) -> list[Metric]:
    return [metric for metric in registry.collect() if metric.name.startswith("tolmach_")]


@pytest.fixture(scope="module")
def walked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[CollectorRegistry, Any, list[str], list[str]]]:
    """The numbers after many requests, the application, the names of all requests, and all that was answered."""
    registry = CollectorRegistry()
    made = fresh(tmp_path_factory.mktemp("metrics") / "home")
    components = Components(made.settings, Metrics(registry))
    registry.register(Standing(lambda: components.worker().waiting_by_stage()))
    agency(components, "A")
    agency(components, "AGENCY-B")
    person(components, "reader", "A", ["expert", "registrar", "translator", "reviewer"])
    person(components, "administrator", "A", ["administrator"])
    person(components, "auditor", "A", ["auditor"])
    hidden = take(components, pdf("A paper about zeppelins."), label(components, "AGENCY-B", releasable_to="AGENCY-B"))
    take(components, b"%PDF-1.4 broken palanquin", label(components, "A"))
    seen = take(components, pdf("A paper about palanquins."), label(components, "A"))
    components.worker().run()
    app, names, answers = create_app(components), [], []
    original = logs.request

    @contextmanager
    def noted() -> Iterator[str]:
        with original() as name:
            names.append(name)
            yield name

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(logs, "request", noted)
        for username in PEOPLE:
            api = client(components, username)
            for (method, path), example in ROUTES.items():
                for document in [hidden, seen] if username == "reader" else [hidden]:
                    answer = api.request(
                        method, path.format(**PLACES, document_id=document.document_id), **example.call
                    )
                    answers.append(f"{answer.status_code} {answer.headers} {answer.text}")
            api.headers.update(bearer(components, username) if username else {})
            for path in ("/", "/zeppelin", "/static/zeppelin.js", "/api/zeppelin", "/api/search/zeppelin"):
                answers.append(api.request("ZEPPELIN", path).text)
            api.post("/api/search", json={"query": "zeppelin palanquin"})
            api.post("/api/session", json={"username": "zeppelin", "password": PASSWORD})
    yield registry, app, names, answers
    components.close()


def test_what_is_counted_and_by_what_is_listed_here(walked: Any) -> None:
    registry, app, _, _ = walked
    allowed, metrics = words(app), kept(registry)
    assert {metric.name for metric in metrics} == set(LABELS)
    for metric in metrics:
        for sample in metric.samples:
            assert set(sample.labels) - {"le"} == LABELS[metric.name], sample
            for name, value in sample.labels.items():
                assert name in ("le", "version", "python") or value in allowed[name], sample


def test_no_word_of_a_paper_a_person_or_a_label_is_in_the_numbers(walked: Any) -> None:
    registry, *_ = walked
    text = " ".join(str(sample.labels.values()) for metric in kept(registry) for sample in metric.samples)
    assert not [word for word in SECRETS if word in text.lower()]
    assert not re.search(r"[0-9a-f]{32}", text), "an identifier is among the numbers"


def test_requests_sign_ins_errors_calls_and_stages_were_counted(walked: Any) -> None:
    registry, *_ = walked
    value = registry.get_sample_value
    answered = {"route": "/search", "method": "POST", "status": "2xx"}
    assert value("tolmach_http_answer_seconds_count", answered) == 3  # of whoever may search
    assert value("tolmach_http_answer_seconds_count", {"route": "none", "method": OTHER, "status": "4xx"})
    assert value("tolmach_sign_ins_refused_total") >= len(PEOPLE)
    assert value("tolmach_problems_total", {"code": "no_document"})
    assert value("tolmach_call_seconds_count", {"part": "engine", "operation": "search"}) >= 2
    assert value("tolmach_call_seconds_count", {"part": "database", "operation": "select"})
    assert value("tolmach_stage_seconds_count", {"stage": "extract", "outcome": DONE})
    assert value("tolmach_waiting_documents", {"stage": "extract"}) == 0
    assert value("tolmach_database_reached") == 1


def test_no_answer_tells_the_name_of_its_request(walked: Any) -> None:
    _, _, names, answers = walked
    assert len(names) > len(ROUTES) and len(set(names)) == len(names)
    text = "\n".join(answers)
    assert not [name for name in names if name in text]


def test_a_database_that_does_not_answer_is_told_and_the_queues_are_left_out(tmp_path: Path) -> None:
    components = fresh(tmp_path / "home")
    registry = CollectorRegistry()
    registry.register(Standing(lambda: components.worker().waiting_by_stage()))
    with components.database.session() as session:
        session.connection().exec_driver_sql("ALTER TABLE documents RENAME TO elsewhere")
    assert registry.get_sample_value("tolmach_database_reached") == 0
    assert registry.get_sample_value("tolmach_waiting_documents", {"stage": "extract"}) is None
    components.close()
