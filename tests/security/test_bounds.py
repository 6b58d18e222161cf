"""Nobody stops it: what one person can send is bounded, refused in words, and written down."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from string import ascii_uppercase
from types import SimpleNamespace
from typing import Any

import pytest
from asgi_client import pieces_read
from factories import agency, bearer, client, fresh, label, pdf, person, take
from route_table import PLACES, ROUTES

from auth.audit import allowance
from auth.audit.allowance import Allowance, TooManyEntriesError
from auth.audit.entries import Event
from auth.audit.trail import MOST_SEALED, SecretError
from indexer.engine import budget
from indexer.library.tables import DocumentRow
from services.app import api as api_without_parts
from services.app import create_app
from services.components import Components
from services.routes.authentication import SMALL_BODY
from services.routes.bitext.exchange import LARGEST_FILE
from services.routes.terms import LARGEST_IMPORT


@pytest.fixture(scope="module")
def components(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Components]:
    opened = fresh(tmp_path_factory.mktemp("bounds") / "home")
    agency(opened, "A")
    person(opened, "ann", "A", ["expert", "registrar", "translator", "reviewer"])
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
    """On every route, by somebody with all the roles that bring files; uploads alone may be large."""
    method, path = route
    path = path.format(**PLACES, document_id="0" * 32)
    headers = {"content-type": kind, **bearer(components, "ann")}
    largest = {
        ("POST", "/api/documents"): components.settings.largest_file,
        ("POST", "/api/terms/import"): LARGEST_IMPORT,
        ("POST", "/api/translations/{document_id}/import"): LARGEST_FILE,
    }
    if route in largest:
        headers["content-length"] = str(largest[route] + SMALL_BODY + 1)
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
        {"query": "water", "filters": {"body": ["я" * 300] * 40}},
        {"query": "🚣" * 4_000, "filters": {"kind": ["report"]}},
    ],
)
def test_filters_that_would_fill_the_trail_are_refused_before_they_are_searched_for(
    components: Components, body: dict[str, object]
) -> None:
    before = components.trail.count()
    assert client(components, "ann").post("/api/search", json=body).status_code == 422
    assert components.trail.count() == before


def test_what_is_sealed_is_at_most_16_kb(components: Components) -> None:
    event = Event("ann", "console", "search", secret="я" * (MOST_SEALED // 2))
    components.trail.record(event)
    with pytest.raises(SecretError):
        components.trail.record(replace(event, secret=event.secret + "x"))
    longest = {"query": "🚣" * 4_000}
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


# -- Growth of the trail


@pytest.fixture
def sparing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Components]:
    """A Tolmach that takes ten entries of one person in a minute, and a clock that stands still."""
    monkeypatch.setattr(allowance, "time", SimpleNamespace(monotonic=lambda: minute[0] * 60.0))
    minute = [1]
    opened = fresh(tmp_path / "home", trail_entries=10)
    opened.next_minute = lambda: minute.append(minute.pop() + 1)
    agency(opened, "A")
    for name in ("ann", "bob"):
        person(opened, name, "A", ["expert"])
    yield opened
    opened.close()


def test_what_one_person_adds_to_the_trail_in_a_minute_is_bounded(sparing: Components) -> None:
    """The refusal is told once; others go on; the next minute is another one."""
    ann, bob = client(sparing, "ann"), client(sparing, "bob")
    statuses = [ann.post("/api/search", json={}).status_code for _ in range(30)]
    assert statuses == [200] * 10 + [429] * 20
    refused = ann.post("/api/search", json={})
    assert (refused.json()["code"], refused.headers["Retry-After"]) == ("too_many_entries", "60")
    of_ann = [entry for entry in sparing.trail.entries() if entry.actor == "ann"]
    assert len(of_ann) == 11 and '"rule": "allowance"' in of_ann[-1].detail
    assert bob.post("/api/search", json={}).status_code == 200
    sparing.next_minute()
    assert ann.post("/api/search", json={}).status_code == 200


def test_long_entries_use_it_up_sooner(sparing: Components) -> None:
    ann = client(sparing, "ann")
    statuses = [ann.post("/api/search", json={"query": "я" * 1_900}).status_code for _ in range(10)]
    assert 0 < statuses.count(200) < 5 and statuses[-1] == 429


def test_nobody_uses_up_the_allowance_of_somebody_else(sparing: Components) -> None:
    """By failing to sign in under their name: that is counted against the address it comes from."""
    attempts = [sparing.trail.record(Event("ann", "192.0.2.66", "sign_in", decision="refused")) for _ in range(10)]
    assert len(attempts) == 10
    with pytest.raises(TooManyEntriesError):
        sparing.trail.record(Event("bob", "192.0.2.66", "sign_in", decision="refused"))
    assert client(sparing, "ann").post("/api/search", json={}).status_code == 200


def test_a_session_ends_and_the_operator_works_whatever_was_used_up(sparing: Components) -> None:
    ann = client(sparing, "ann")
    while ann.post("/api/search", json={}).status_code == 200:
        pass
    for _ in range(20):
        sparing.trail.record(Event("operator", "console", "intake"))
    assert ann.delete("/api/session").status_code == 204


def test_the_counts_of_many_addresses_are_bounded_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(allowance, "MOST_ADDRESSES", 5)
    counted = Allowance(10)
    for number in range(15):
        counted.take(f"192.0.2.{number}", True, 1)
    assert len(counted._spent) == 6  # five and all others together
    with pytest.raises(TooManyEntriesError):
        counted.take("192.0.2.99", True, 1)
    counted.take("ann", False, 1)  # of people there are as many as were added
