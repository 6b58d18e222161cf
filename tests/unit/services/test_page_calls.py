"""The browser page calls what there is: each function of frontend/service/ is one operation of the description."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from services.app import api

SERVICE = Path(__file__).resolve().parents[3] / "frontend" / "service"
CALL = re.compile(r'\b(?:json|send|blob|file)\(\s*"([A-Z]+)",\s*(?:"([^"]*)"|`([^`]*)`)(?:,\s*\{([^}]*)\})?')
NOT_OF_THE_PAGE = {  # whose work needs it, and what they have instead
    ("GET", "/health"): "a proxy's or an orchestrator's",
    ("GET", "/roles"): "docs and SECURITY.md have the table",
    ("POST", "/translations/{}/import"): "programs bring files of sentences back",
    ("POST", "/concordance/export"): "and take a concordance with them",
    ("POST", "/suggest"): "the search form offers no words yet",
    ("POST", "/session/oidc/logout"): "the issuer's, who says that somebody signed out there",
}


def calls() -> list[tuple[str, str, str]]:
    """Every call: method, path with {} for what is filled in, the fields of its body where they stand there."""
    found = []
    for module in sorted(SERVICE.glob("*.js")):
        for method, plain, filled, fields in CALL.findall(module.read_text("utf-8")):
            path = re.sub(r"\$\{[^}]*\}", "{}", (plain or filled).removesuffix("${query}").partition("?")[0])
            found.append((method, path, fields))
    return found


@pytest.fixture(scope="module")
def described() -> dict[tuple[str, str], dict[str, Any]]:
    """The operations by method and path, as the page writes it."""
    paths = api().openapi()["paths"]
    return {
        (method.upper(), re.sub(r"\{[^}]*\}", "{}", path.removeprefix("/api"))): operation
        for path, operations in paths.items()
        for method, operation in operations.items()
    }


def test_the_page_asks_for_nothing_that_is_not_there(described: dict[tuple[str, str], dict[str, Any]]) -> None:
    assert len(calls()) > 30
    assert [call for call in calls() if call[:2] not in described] == []


def test_the_page_has_every_operation_but_those_named(described: dict[tuple[str, str], dict[str, Any]]) -> None:
    assert set(described) - {call[:2] for call in calls()} == set(NOT_OF_THE_PAGE)


def test_a_body_has_fields_that_the_operation_takes(described: dict[tuple[str, str], dict[str, Any]]) -> None:
    schemas = api().openapi()["components"]["schemas"]
    told = 0
    for method, path, fields in calls():
        parts = (part.strip() for part in fields.split(","))
        names = {part.partition(":")[0] for part in parts if part and not part.startswith("...")}
        if not names:
            continue
        body = described[method, path]["requestBody"]["content"]["application/json"]["schema"]
        known = schemas[body["$ref"].rpartition("/")[2]]["properties"]
        assert names <= set(known), (method, path)
        told += 1
    assert told > 10


def test_only_one_module_fetches() -> None:
    fetching = re.compile(r"(?<!\.)\bfetch\(|XMLHttpRequest|sendBeacon|WebSocket|EventSource")
    every = [path.name for path in SERVICE.parent.rglob("*.js") if fetching.search(path.read_text("utf-8"))]
    assert every == ["send.js"]
