"""Calls that nobody would make: drawn from the OpenAPI document, as everybody; nasty strings in every text field."""

from __future__ import annotations

import copy
import json
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from functools import cached_property
from typing import Any
from urllib.parse import quote

import factories
import schemathesis
from asgi_client import asked
from hypothesis import HealthCheck, given, settings
from hypothesis.errors import Unsatisfiable
from route_table import PLACES, PUBLIC, ROUTES
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.core.failures import FailureGroup
from schemathesis.specs.openapi import checks

from auth.people import Role
from services.app import create_app
from services.components import Components

NOBODY, LOWEST = "nobody", "lowest"
EVERYBODY = (NOBODY, LOWEST, *(role.value for role in Role))
PUBLIC_PATHS = {path for _, path in PUBLIC}
CLOSED = 3  # refusals after which somebody is asked no more of an operation
HELD_TO = [
    not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_headers_conformance,
    checks.response_schema_conformance,
]
NASTY = (  # what bites in databases, files and logs, whatever else is tried
    "\x00",
    "nul\x00inside",
    "\ud800",
    "half\udfff",
    "\uffff\ufffe",
    "\u202eright to left",
    "a\u0301" * 100,
    "👩‍👩‍👧‍👦",
    "1e400",
    "' OR 1=1 --",
    "../../etc/passwd",
    "x" * 5_000,
    "9" * 400,
    "\r\nSet-Cookie: a=b",
    "",
)


class Stage:
    """A Tolmach with somebody of every role and a few documents that they may read."""

    def __init__(self, components: Components) -> None:
        self.components = components
        for code in ("A", "B"):
            factories.agency(components, code)
        for who in EVERYBODY[1:]:
            factories.person(components, who, "A", [] if who == LOWEST else [who])
        factories.person(components, "reader", "B", ["expert"])
        under = factories.label(components, "A")
        contents = [factories.pdf(f"Paper number {number} about return.") for number in range(3)]
        self.documents = [factories.take(components, content, under).document_id for content in contents]
        components.worker().run()
        self.app = create_app(components)
        self.tried: Counter[str] = Counter()
        self._headers: dict[str, dict[str, str]] = {NOBODY: {}}

    @cached_property
    def described(self) -> Any:
        """The OpenAPI document, as what calls are drawn from."""
        schema = schemathesis.openapi.from_dict(self.app.openapi())
        schema.app = self.app
        return schema

    def headers(self, who: str) -> dict[str, str]:
        """Their token."""
        if who not in self._headers:
            self._headers[who] = factories.bearer(self.components, who)
        return self._headers[who]

    def forget(self, who: str, status: int) -> None:
        """Let somebody who signed out in some way sign in again."""
        if status in (204, 401) and who != NOBODY:
            self._headers.pop(who, None)


def drawn(stage: Stage, operation: Any, examples: int, mode: GenerationMode) -> Iterator[str]:
    """What is wrong with the answers to calls that were drawn from the description of an operation."""
    cases: list[Any] = []

    @given(case=operation.as_strategy(mode))
    @settings(
        max_examples=examples,
        derandomize=True,
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    def draw(case: Any) -> None:
        cases.append(case)

    try:
        draw()
    except Unsatisfiable:  # nothing that could be wrong about such a call
        return
    refused: Counter[str] = Counter()
    for number, case in enumerate(cases):
        if "document_id" in (case.path_parameters or {}) and number % 2:
            case.path_parameters["document_id"] = stage.documents[number % len(stage.documents)]
        for who in EVERYBODY if operation.path not in PUBLIC_PATHS else [NOBODY]:
            if refused[who] < CLOSED:
                answer = case.call(headers=stage.headers(who))
                refused[who] += answer.status_code in (401, 403)
                stage.forget(who, answer.status_code)
                stage.tried["cases"] += 1
                yield from _wrong(case, answer, who)


def _wrong(case: Any, answer: Any, who: str) -> Iterator[str]:
    try:
        case.validate_response(answer, checks=HELD_TO)
    except FailureGroup as failures:
        yield f"{who}: {case.method} {case.path}: {[str(one) for one in failures.exceptions]!r:.1000}"


Put = Callable[[str], dict[str, Any]]  # makes a call in which a string stands in a certain place


def text_fields(stage: Stage) -> Iterator[tuple[str, str, Put]]:
    """Every text field of every operation: its name, who may call it, and the call with a string in it."""
    paths = stage.app.openapi()["paths"]
    for (method, path), example in ((route, dict(each.call)) for route, each in ROUTES.items()):
        who = _opened_to(stage, method, path, example)
        for name in _path_fields(path):
            yield f"{method} {path} {name}", who, _in_path(stage, method, path, example, name)
        for parameter in paths[path][method.lower()].get("parameters", ()):
            if parameter["in"] == "query":
                name = parameter["name"]
                yield f"{method} {path} ?{name}", who, _in_query(stage, method, path, example, name)
        for kind in ("json", "data"):
            for place in _places(stage, method, path, example, kind):
                told = ".".join(map(str, place))
                yield f"{method} {path} {told}", who, _in_body(stage, method, path, example, kind, place)


def _opened_to(stage: Stage, method: str, path: str, example: dict[str, Any]) -> str:
    for who in EVERYBODY[1:]:
        answer = _send(stage, who, {"method": method, "path": _filled(stage, path), **example})
        if answer[0] != 403:
            return who
    raise AssertionError(f"{method} {path} is open to nobody")


def _filled(stage: Stage, path: str, **other: str) -> str:
    return path.format(**{**PLACES, "document_id": stage.documents[0], **other})


def _path_fields(path: str) -> list[str]:
    return [part[1:-1] for part in path.split("/") if part.startswith("{")]


def _in_path(stage: Stage, method: str, path: str, example: dict[str, Any], name: str) -> Put:
    def put(text: str) -> dict[str, Any]:
        return {"method": method, "path": _filled(stage, path, **{name: _quoted(text)}), **example}

    return put


def _in_query(stage: Stage, method: str, path: str, example: dict[str, Any], name: str) -> Put:
    def put(text: str) -> dict[str, Any]:
        return {"method": method, "path": f"{_filled(stage, path)}?{name}={_quoted(text)}", **example}

    return put


def _in_body(
    stage: Stage, method: str, path: str, example: dict[str, Any], kind: str, place: Sequence[str | int]
) -> Put:
    def put(text: str) -> dict[str, Any]:
        body = copy.deepcopy(example[kind])
        inner = body
        for key in place[:-1]:
            inner = inner[key] if isinstance(inner, list) else inner.setdefault(key, {})
        inner[place[-1]] = text
        if kind == "data":
            body = {name: value.encode("utf-8", "replace").decode() for name, value in body.items()}
        return {"method": method, "path": _filled(stage, path), **example, kind: body}

    return put


def _places(stage: Stage, method: str, path: str, example: dict[str, Any], kind: str) -> list[tuple[str | int, ...]]:
    """Where the example has texts, and where the description has further ones."""
    if kind not in example:
        return []
    found = set(_leaves(example[kind]))
    body = stage.app.openapi()["paths"][path][method.lower()].get("requestBody", {}).get("content", {})
    for media in body.values():
        shape = media["schema"]["$ref"].rsplit("/", 1)[1]
        found |= set(_described(stage.app.openapi()["components"]["schemas"], shape))
    return sorted(found, key=str)


def _leaves(value: Any, at: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    if isinstance(value, str):
        yield at
    elif isinstance(value, dict | list):
        for key, inner in value.items() if isinstance(value, dict) else enumerate(value):
            yield from _leaves(inner, (*at, key))


def _described(shapes: dict[str, Any], name: str, at: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    for field, about in shapes[name].get("properties", {}).items():
        kinds = [about, *about.get("anyOf", ())]
        if any(kind.get("type") in ("string", "array") and "format" not in kind for kind in kinds):
            yield (*at, field)
        for kind in kinds:
            if "$ref" in kind and not at:
                yield from _described(shapes, kind["$ref"].rsplit("/", 1)[1], (*at, field))


def _quoted(text: str) -> str:
    return quote(text.encode("utf-8", "surrogatepass"), safe="")


def _send(stage: Stage, who: str, call: dict[str, Any]) -> tuple[int, Any, bytes]:
    call = dict(call)
    headers = dict(stage.headers(who))
    if "json" in call:
        call["content"] = json.dumps(call.pop("json")).encode()  # escapes halves of characters
        headers["content-type"] = "application/json"
    return asked(stage.app, call.pop("method"), call.pop("path"), headers=headers, **call)


def nastily(stage: Stage, strings: Sequence[str], stride: int, always: Sequence[str] = NASTY) -> Iterator[str]:
    """What is wrong with the answers to nasty strings: some always, in every field; of the others every so many."""
    for number, (name, who, put) in enumerate(text_fields(stage)):
        stage.tried["fields"] += 1
        for text in (*always, *strings[number % stride :: stride]):
            status, _, body = _send(stage, who, put(text))
            stage.forget(who, status)
            stage.tried["strings"] += 1
            if status >= 500:
                yield f"{who}: {name} {text[:40]!r}: {status} {body[:200]!r}"
