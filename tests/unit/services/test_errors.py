"""Every error has one shape (RFC 9457), tells what to do, and names nothing that a person may not see."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from factories import agency, client, fresh, label, pdf, person, take
from fastapi.testclient import TestClient

from auth.audit.entries import TrailError
from auth.changes.proposals import NoProposalError, ProposalError
from auth.database import ConcurrentChangeError, DatabaseError, UnkeepableError
from auth.expression import ExpressionError
from auth.passwords import WeakPasswordError
from auth.people import PeopleError, UnknownError
from auth.scheme import SchemeError
from indexer.engine.contract import EngineError, EngineUnavailableError
from indexer.extract.pages import ExtractError
from indexer.handling.lifecycle import AbsentError
from indexer.library.intake import LabelError
from indexer.library.tables import DocumentRow
from indexer.search.find import IndexDisagreesError
from indexer.search.parse import QueryError
from indexer.store.contract import StoreError
from services.app import create_app
from services.components import Components, HomeError
from services.errors import ForbiddenError, NoLengthError, NotSignedInError, TooLargeError, WrongError

SECRET = "document 0123456789abcdef0123456789abcdef on zeppelins"
RAISED = [
    (NotSignedInError(SECRET), 401),
    (ForbiddenError(SECRET), 403),
    (AbsentError(SECRET), 404),
    (NoProposalError(SECRET), 404),
    (NoLengthError(SECRET), 411),
    (TooLargeError(SECRET), 413),
    (RuntimeError(SECRET), 500),
    (OSError(5, SECRET), 500),
    (KeyError(SECRET), 500),
    (RecursionError(SECRET), 500),
    (IndexDisagreesError(SECRET), 503),
    (EngineError(SECRET), 503),
    (EngineUnavailableError(SECRET), 503),
    (DatabaseError(SECRET), 503),
    (TrailError(SECRET), 503),
    (StoreError(SECRET), 503),
    (ConcurrentChangeError(SECRET), 409),
    (UnkeepableError(SECRET), 422),
    (HomeError(SECRET), 500),
    (ExtractError("too_slow", SECRET), 503),
]
TELLING = [
    ExpressionError("Write this."),
    LabelError("Write this."),
    PeopleError("Write this."),
    ProposalError("Write this."),
    QueryError("Write this.", 3),
    SchemeError("Write this."),
    UnknownError("Write this."),
    WeakPasswordError("Write this."),
    WrongError("Write this."),
]


def name(error: Exception) -> str:
    return type(error).__name__


@pytest.fixture(scope="module")
def components(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Components]:
    opened = fresh(tmp_path_factory.mktemp("errors") / "home")
    agency(opened, "A")
    person(opened, "ann", "A", ["expert", "registrar"])
    yield opened
    opened.close()


def raising(components: Components, error: Exception) -> TestClient:
    """The application, with a route that raises."""
    app = create_app(components)

    @app.get("/api/raise")
    def raise_it() -> None:
        raise error

    return TestClient(app, raise_server_exceptions=False)


def check(answer) -> dict:
    """The shape of every error."""
    assert answer.headers["content-type"] == "application/problem+json"
    body = answer.json()
    assert {"type", "title", "status", "detail", "code", "parameters"} <= set(body)
    assert set(body) <= {"type", "title", "status", "detail", "code", "parameters", "errors", "position"}
    assert re.fullmatch(r"[a-z0-9_]+", body["code"]) and isinstance(body["parameters"], dict)
    assert (body["type"], body["status"]) == ("about:blank", answer.status_code)
    assert body["detail"].strip()
    assert not re.search(r"[0-9a-f]{8}", answer.text)
    assert not [header for header in answer.headers if "request-id" in header or "trace" in header]
    return body


@pytest.mark.parametrize(("error", "status"), RAISED, ids=lambda value: name(value) if value else "")
def test_an_error_has_its_status_and_tells_nothing_of_its_own(
    components: Components, error: Exception, status: int
) -> None:
    answer = raising(components, error).get("/api/raise")
    assert answer.status_code == status
    assert "zeppelin" not in repr(check(answer)) + repr(answer.headers)
    assert ("retry-after" in answer.headers) == (status == 503)
    assert ("www-authenticate" in answer.headers) == (status == 401)


@pytest.mark.parametrize("error", TELLING, ids=name)
def test_an_error_about_what_was_sent_says_what_to_write(components: Components, error: Exception) -> None:
    answer = raising(components, error).get("/api/raise")
    assert answer.status_code == {UnknownError: 404, ProposalError: 409}.get(type(error), 422)
    body = check(answer)
    assert body["detail"] == "Write this."
    assert body.get("position") == (3 if isinstance(error, QueryError) else None)


def test_an_error_has_a_code_and_parameters_for_programs_and_other_languages(components: Components) -> None:
    error = PeopleError("There is an agency {agency} already.", code="agency_exists", agency="OSCE {0}")
    body = check(raising(components, error).get("/api/raise"))
    assert body["detail"] == "There is an agency OSCE {0} already."
    assert (body["code"], body["parameters"]) == ("agency_exists", {"agency": "OSCE {0}"})


@pytest.mark.parametrize("error", [StoreError("{file}", file=SECRET), HomeError("{home}", home=SECRET)], ids=name)
def test_an_error_that_hides_its_words_hides_its_parameters(components: Components, error: Exception) -> None:
    body = check(raising(components, error).get("/api/raise"))
    assert body["parameters"] == {} and SECRET not in str(body)


def test_a_field_that_breaks_its_limit_is_told_with_the_limit(components: Components) -> None:
    wrong = check(client(components, "ann").post("/api/search", json={"query": "x" * 5_000}))
    assert wrong["code"] == "invalid_request"
    (field,) = wrong["errors"]
    assert (field["code"], field["parameters"]) == ("string_too_long", {"max_length": 4_000})


@pytest.mark.parametrize(("error", "status"), RAISED, ids=lambda value: name(value) if value else "")
def test_the_log_alone_tells_the_operator_what_failed(
    components: Components, error: Exception, status: int, caplog
) -> None:
    raising(components, error).get("/api/raise")
    assert ("zeppelins" in caplog.text) == (status >= 500)


CALLS = [
    ("GET", "/api/nothing", {}, 404),
    ("GET", "/nothing", {}, 404),
    ("GET", "/static/nothing.js", {}, 404),
    ("GET", "/static/../pyproject.toml", {}, 404),
    ("GET", "/static/%2e%2e/pyproject.toml", {}, 404),
    ("POST", "/static/shell/app.js", {}, 405),
    ("PATCH", "/api/me", {}, 405),
    ("HEAD", "/api/me", {}, 405),
    ("POST", "/api/session", {"json": {}}, 422),
    ("POST", "/api/session", {"content": b"{", "headers": {"content-type": "application/json"}}, 422),
    ("POST", "/api/session", {"content": b"\xff", "headers": {"content-type": "application/json"}}, 400),
    ("POST", "/api/session", {"json": {"username": "a", "password": "x" * 301}}, 422),
    (
        "POST",
        "/api/session",
        {
            "content": b'{"username": "a", "password": "\\ud800"}',
            "headers": {"content-type": "application/json"},
        },
        422,
    ),
    ("POST", "/api/session", {"json": {"username": "a", "password": "b"}}, 401),
    ("POST", "/api/search", {"json": {"query": 5}}, 422),
    ("POST", "/api/search", {"json": {"query": "x" * 4_001}}, 422),
    ("POST", "/api/search", {"json": {"filters": {"colour": ["red"]}}}, 422),
    ("POST", "/api/search", {"json": {"sort": "random"}}, 422),
    ("POST", "/api/search", {"json": {"offset": 9_999, "limit": 2}}, 422),
    ("POST", "/api/search", {"json": {"offset": -1}}, 422),
    ("POST", "/api/suggest", {"json": {"prefix": "a"}}, 422),
    ("GET", "/api/documents?limit=0", {}, 422),
    ("GET", "/api/documents?state=removing", {}, 422),
    ("GET", "/api/status", {}, 403),
    ("POST", "/api/documents", {"data": {"originator": "A"}}, 422),
    ("GET", "/api/documents/x/pages/one", {}, 422),
]


@pytest.mark.parametrize(("method", "path", "more", "status"), CALLS)
def test_whatever_goes_wrong_the_answer_has_the_same_shape(
    components: Components, method, path, more, status: int
) -> None:
    answer = client(components, "ann").request(method, path, **more)
    assert answer.status_code == status
    if method != "HEAD":
        check(answer)
    assert ("allow" in answer.headers) == (status == 405)


@pytest.mark.parametrize(
    ("form", "says"),
    [
        ({"originator": "Z"}, "no agency Z"),
        ({"originator": ","}, "lets you read it yourself"),
        ({"level": "cosmic"}, "unclassified"),
        ({"releasable_to": "B"}, "lets you read it yourself"),
        ({"originator": "A,B", "releasable_to": "A"}, "add B"),
        ({"need_to_know": "a&b|c"}, "need-to-know"),
        ({"need_to_know": "cosmic"}, "lets you read it yourself"),
        ({"date": "yesterday"}, "does not fit"),
    ],
)
def test_an_upload_under_a_senseless_label_says_what_would_make_sense(
    components: Components, form: dict, says: str
) -> None:
    agency_b(components)
    sent = {"originator": "A", "level": "unclassified"} | form
    upload = {"file": ("a.pdf", pdf("text"), "application/pdf")}
    answer = client(components, "ann").post("/api/documents", data=sent, files=upload)
    assert answer.status_code == 422
    assert says in check(answer)["detail"]
    assert client(components, "ann").get("/api/documents").json() == []


def agency_b(components: Components) -> None:
    from auth import people

    with components.database.session() as session:
        if "B" not in people.agency_codes(session):
            people.add_agency(session, "B", "B", "B", 40)


def test_a_password_sent_in_error_is_not_sent_back(components: Components) -> None:
    answer = client(components).post("/api/session", json={"username": "a", "password": ["hunter2-hunter2"]})
    assert answer.status_code == 422
    assert "hunter2" not in answer.text


def test_a_character_that_the_database_cannot_keep_is_no_fault_of_ours(database_url: str, tmp_path) -> None:
    components = fresh(tmp_path / "home", database_url=database_url)
    try:
        agency(components, "A")
        person(components, "ann", "A", ["expert", "registrar"])
        identifier = take(components, pdf("text"), label(components, "A")).document_id
        components.worker().run()
        api = client(components, "ann")
        answers = [
            api.get("/api/documents/%00"),
            api.post("/api/session", json={"username": "\0", "password": "x"}),
            api.get(f"/api/documents/{identifier}/pages/{10**12}"),
            api.post("/api/documents/%00/removal", json={"reason": "because"}),
        ]
        for answer in answers:
            assert answer.status_code in (401, 404, 422)
            check(answer)
    finally:
        components.close()


def test_a_page_that_the_file_lacks_is_absent_like_a_document(components: Components) -> None:
    identifier = take(components, pdf("one page"), label(components, "A")).document_id
    components.worker().run()
    with components.database.session() as session:
        session.get_one(DocumentRow, identifier).pages = 2
    api = client(components, "ann")
    lacking, absent = (api.get(f"/api/documents/{place}/image") for place in (f"{identifier}/pages/2", "x/pages/1"))
    assert (lacking.status_code, lacking.content) == (404, absent.content)
