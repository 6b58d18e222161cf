"""Nobody stops it: what one person can send is bounded, refused in words, and written down."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from string import ascii_uppercase
from typing import Any

import pytest
from asgi_client import pieces_read
from factories import agency, bearer, client, fresh, label, pdf, person, take
from route_table import PLACES, ROUTES

from auth.audit.trail import MOST_SEALED, Event, SecretError
from indexer.engine import budget
from indexer.library.tables import DocumentRow
from services.app import api as api_without_parts
from services.app import create_app
from services.components import Components
from services.routes.authentication import SMALL_BODY


@pytest.fixture(scope="module")
def components(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Components]:
    opened = fresh(tmp_path_factory.mktemp("bounds") / "home")
    agency(opened, "A")
    person(opened, "ann", "A", ["expert", "registrar"])
    person(opened, "bob", "A", ["expert"])
    take(opened, pdf("Water runs down the river."), label(opened, "A"))
    opened.worker().run()
    yield opened
    opened.close()


@pytest.mark.parametrize(("path", "body"), [("search", {"query": "water"}), ("suggest", {"prefix": "wat"})])
def test_a_search_over_its_budget_is_refused_and_in_the_trail(
    components: Components, monkeypatch: pytest.MonkeyPatch, path: str, body: dict[str, str]
) -> None:
    api = client(components, "ann")
    with monkeypatch.context() as patch:
        patch.setattr(budget, "MOST_POSTINGS", 0)
        refused = api.post(f"/api/{path}", json=body)
    assert (refused.status_code, refused.json()["code"]) == (503, "narrow_search")
    entry = list(components.trail.entries())[-1]
    assert (entry.actor, entry.action, entry.decision) == ("ann", path, "refused")
    assert '"rule": "budget"' in entry.detail
    assert api.post(f"/api/{path}", json=body).status_code == 200


def test_one_letter_is_no_beginning_to_suggest_words_for(components: Components) -> None:
    api = client(components, "ann")
    assert api.post("/api/suggest", json={"prefix": "ri"}).json()["terms"] == ["river"]
    assert api.post("/api/suggest", json={"prefix": "ri r"}).json()["terms"] == []


# -- Bodies

FORM = "multipart/form-data; boundary=x"


@pytest.mark.parametrize("kind", ["application/json", FORM, "multipart/form-data", "text/plain"])
@pytest.mark.parametrize("route", [r for r in ROUTES if r[0] != "GET"], ids=lambda route: " ".join(route))
def test_a_large_body_is_refused_unread_whatever_it_says_it_is(
    components: Components, route: tuple[str, str], kind: str
) -> None:
    """On every route, by somebody with all the roles that read; the upload alone may be large."""
    method, path = route
    path = path.format(**PLACES, document_id="0" * 32)
    headers = {"content-type": kind, **bearer(components, "ann")}
    if route == ("POST", "/api/documents"):
        headers["content-length"] = str(components.settings.largest_file + SMALL_BODY + 1)
    assert pieces_read(create_app(components), method, path, headers) == (413, 0)


def test_a_file_of_somebody_who_may_bring_none_is_refused_unread(components: Components) -> None:
    headers = {"content-type": FORM, **bearer(components, "bob")}
    assert pieces_read(create_app(components), "POST", "/api/documents", headers) == (403, 0)
    assert list(components.trail.entries())[-1].decision == "refused"


@pytest.mark.parametrize("length", ["9" * 5_000, "1" + "0" * 20])
def test_a_length_of_thousands_of_digits_is_too_large(components: Components, length: str) -> None:
    headers = {"content-type": "application/json", "content-length": length, **bearer(components, "ann")}
    assert pieces_read(create_app(components), "POST", "/api/search", headers) == (413, 0)


def unbounded(schema: dict[str, Any], schemas: dict[str, Any], at: str) -> Iterator[str]:
    """Where in a schema somebody may send as much as they like."""
    if "$ref" in schema:
        name = schema["$ref"].rsplit("/", 1)[1]
        yield from unbounded(schemas[name], schemas, name)
    for kind in ("anyOf", "oneOf", "allOf"):
        for each in schema.get(kind, ()):
            yield from unbounded(each, schemas, at)
    match schema.get("type"):
        case "array":
            if "maxItems" not in schema:
                yield f"{at}: a list without a length"
            yield from unbounded(schema["items"], schemas, f"{at}[]")
        case "string":
            if not {"maxLength", "enum", "const", "format", "contentMediaType"} & set(schema):
                yield f"{at}: a text without a length"
        case "object":
            if schema.get("additionalProperties"):
                yield f"{at}: any number of fields"
            for name, field in schema.get("properties", {}).items():
                yield from unbounded(field, schemas, f"{at}.{name}")


def test_whatever_is_sent_has_a_length() -> None:
    """Every list and every text of every body and every question; an address is as long as a header may be."""
    described = api_without_parts().openapi()
    schemas, without = described["components"]["schemas"], set()
    for path, calls in described["paths"].items():
        for method, call in calls.items():
            for parameter in call.get("parameters", ()):
                if parameter["in"] == "query":
                    without |= set(unbounded(parameter["schema"], schemas, f"{method} {path} {parameter['name']}"))
            for body in call.get("requestBody", {}).get("content", {}).values():
                without |= set(unbounded(body["schema"], schemas, f"{method} {path}"))
    assert not without


def test_the_measure_of_lengths_measures() -> None:
    fields = {"a": {"type": "array", "items": {"type": "string"}}, "b": {"type": "string", "maxLength": 1}}
    assert len(list(unbounded({"type": "object", "properties": fields}, {}, "x"))) == 2


@pytest.mark.parametrize(
    "body",
    [
        {"filters": {"year": ["2020"] * 101}},
        {"filters": {"year": ["2" * 5]}},
        {"filters": {"has_human_translation": [True] * 5}},
        {"filters": {"country": ["x" * 300] * 100}},
        {"query": "water", "filters": {"body": ["я" * 300] * 20}},
        {"query": "🚣" * 2_000, "filters": {"kind": ["report"]}},
    ],
)
def test_filters_that_would_fill_the_trail_are_refused_before_they_are_searched_for(
    components: Components, body: dict[str, object]
) -> None:
    before = components.trail.count()
    assert client(components, "ann").post("/api/search", json=body).status_code == 422
    assert components.trail.count() == before


def test_what_is_sealed_is_at_most_8_kb(components: Components) -> None:
    event = Event("ann", "console", "search", secret="я" * (MOST_SEALED // 2))
    components.trail.record(event)
    with pytest.raises(SecretError):
        components.trail.record(replace(event, secret=event.secret + "x"))
    longest = {"query": "🚣" * 2_000}
    assert client(components, "ann").post("/api/search", json=longest).status_code == 200


def test_an_entry_names_nothing_of_thousands_of_letters(components: Components) -> None:
    client(components, "ann").patch(f"/api/people/{'x' * 5_000}", json={"reason": "none at all"})
    client(components, "ann").get(f"/api/documents/{'y' * 5_000}")
    client(components, "ann").get(f"/api/documents/{'0' * 32}/pages/{'9' * 4_000}")
    for entry in components.trail.entries():
        assert max(map(len, (entry.actor, entry.origin, entry.action, entry.object, entry.detail))) <= 300


@pytest.mark.parametrize("body", [b"[" * 900_000, b'{"query":' * 90_000, b'{"offset":' + b"9" * 900_000 + b"}"])
def test_a_body_that_is_deep_or_a_number_without_end_is_refused(components: Components, body: bytes) -> None:
    answer = client(components, "ann").post("/api/search", content=body, headers={"content-type": "application/json"})
    assert answer.status_code in (400, 422)


@pytest.mark.parametrize(
    ("field", "text", "code"),
    [
        ("countries", ",".join(f"{a}{b}" for a in ascii_uppercase for b in "ABCDEFGHIJ"), "description_number"),
        ("countries", "Kazakhstan", "country"),
        ("countries", "KZ,kg", "country"),
        ("countries", "K\u200bZ", "country"),
        ("keywords", ",".join(f"word{at}" for at in range(51)), "description_number"),
        ("keywords", "x" * 201, "description_length"),
        ("body", "x" * 201, "description_length"),
        ("body", "Two\nlines", "description_sign"),
        ("meeting", "hidden\u202esign", "description_sign"),
        ("symbol", "A/1\x00", "description_sign"),
        ("meeting", "line\u2028line", "description_sign"),
    ],
)  # fmt: skip
def test_what_a_document_is_described_by_has_a_grammar_and_a_number(
    components: Components, field: str, text: str, code: str
) -> None:
    form = {"originator": "A", "level": "unclassified", "releasable_to": "ALL", field: text}
    files = {"file": ("a.pdf", pdf("Another paper."), "application/pdf")}
    answer = client(components, "ann").post("/api/documents", data=form, files=files)
    assert (answer.status_code, answer.json()["code"]) == (422, code)


def test_a_list_is_kept_without_spaces_and_repetitions(components: Components) -> None:
    receipt = take(components, pdf("A list."), label(components, "A"), countries=" KZ , UZ,KZ,", keywords="a b, a b ,в")
    with components.database.reading() as session:
        row = session.get_one(DocumentRow, receipt.document_id)
        assert (row.countries, row.keywords) == ("KZ,UZ", "a b,в")
