"""Every route, as nobody and as the lowest principal; and nothing tells an absent document from a hidden one."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from factories import agency, client, fresh, label, pdf, person, take
from fastapi.testclient import TestClient
from paired_worlds import ABSENT
from route_table import OWN, PLACES, PUBLIC, ROUTES

from services.app import create_app
from services.components import Components

routes = pytest.mark.parametrize("route", ROUTES, ids=lambda route: " ".join(route))


@pytest.fixture(scope="module")
def components(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Components]:
    opened = fresh(tmp_path_factory.mktemp("routes") / "home")
    agency(opened, "A")
    agency(opened, "B")
    person(opened, "lowest", "A")
    person(opened, "lowest-reader", "A", ["expert"], "unclassified")
    person(opened, "reader", "A", ["expert", "registrar", "translator", "reviewer"])
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def hidden(components: Components) -> str:
    """A document that exists, is searchable, and that nobody above may read."""
    secret = label(components, "B", releasable_to="B")
    identifier = take(components, pdf("A paper about zeppelins."), secret).document_id
    components.worker().run()
    return identifier


@pytest.fixture(scope="module")
def app(components: Components) -> Any:
    return create_app(components)


def ask(api: TestClient, route: tuple[str, str], document: str, **more: Any) -> Any:
    method, path = route
    return api.request(method, path.format(**PLACES, document_id=document), **{**ROUTES[route].call, **more})


def everything(answer: Any) -> tuple[int, list[tuple[bytes, bytes]], bytes]:
    return answer.status_code, answer.headers.raw, answer.content


def test_every_route_stands_in_the_table(app: Any) -> None:
    offered = {(method.upper(), path) for path, item in app.openapi()["paths"].items() for method in item}
    assert offered == set(ROUTES)


@routes
def test_as_nobody_every_route_but_the_public_ones_is_refused(components: Components, hidden: str, route) -> None:
    answer = ask(client(components), route, hidden)
    if route == ("GET", "/api/health"):
        assert (answer.status_code, answer.json()) == (200, {"status": "ok"})
    elif route == ("GET", "/api/session/ways"):
        assert (answer.status_code, answer.json()) == (200, {"single_sign_on": False, "password": True})
    elif route == ("POST", "/api/session/oidc/logout"):
        assert (answer.status_code, answer.json()["code"]) == (400, "logout_token")
    else:
        assert answer.status_code == 401
        assert answer.headers["www-authenticate"] == "Bearer"
        assert "zeppelin" not in answer.text


@pytest.mark.parametrize("route", [r for r in ROUTES if ROUTES[r].call], ids=lambda route: " ".join(route))
def test_as_nobody_the_public_routes_alone_look_at_what_was_sent(components: Components, hidden: str, route) -> None:
    broken = {"content": b"{broken", "headers": {"content-type": "application/json"}}
    method, path = route
    answer = client(components).request(method, path.format(**PLACES, document_id=hidden), **broken)
    assert answer.status_code == (422 if route in PUBLIC else 401)


@pytest.mark.parametrize("route", [r for r in ROUTES if r not in PUBLIC], ids=lambda route: " ".join(route))
def test_a_token_that_is_not_ours_opens_nothing(components: Components, hidden: str, route) -> None:
    token = {"Authorization": "Bearer " + ".".join(["eyJhbGciOiJub25lIn0", "e30", ""])}
    assert ask(client(components), route, hidden, headers=token).status_code == 401


@routes
def test_as_the_lowest_principal_nothing_opens_but_ones_own(components: Components, hidden: str, route) -> None:
    answer = ask(client(components, "lowest"), route, hidden)
    assert "zeppelin" not in answer.text
    if route in OWN:
        assert answer.status_code == (422 if route[0] in ("PUT", "POST") else 204 if route[0] == "DELETE" else 200)
    elif route not in PUBLIC:
        assert answer.status_code == 403
        assert everything(answer) == everything(ask(client(components, "lowest"), route, ABSENT))


@routes
def test_as_the_lowest_reader_nothing_tells_of_what_is_above(components: Components, hidden: str, route) -> None:
    """An expert of the lowest level without a word: what is not forbidden finds nothing, or is not there."""
    api = client(components, "lowest-reader")
    answer = ask(api, route, hidden)
    assert "zeppelin" not in answer.text and hidden not in answer.text
    opens = {("POST", "/api/search"), ("POST", "/api/suggest"), ("GET", "/api/pairs"), ("POST", "/api/answer")}
    if route in opens:
        assert not any(answer.json().get(name) for name in ("total", "hits", "terms", "pairs"))
    elif route == ("POST", "/api/terms/search"):
        assert all(each["shipped"] for each in answer.json()["terms"])
    elif route == ("POST", "/api/search/batch"):
        assert answer.json()["rows"][0]["total"] == 0
    elif route == ("POST", "/api/dossier"):
        assert answer.json() == {"label": None, "passages": [None]}
    elif route[1] == "/api/dossier/kept":
        assert answer.status_code == (200 if route[0] == "GET" else 409)
    elif route[1] in ("/api/searches", "/api/enquiries"):
        assert answer.status_code == (200 if route[0] == "GET" else 201)
    elif route not in OWN | PUBLIC:
        works = route[1].startswith(("/api/translations", "/api/exports", "/api/retention")) or route[1].endswith(
            "/intake"
        )
        asks = (route[0] == "GET" and not works) or route[1].endswith(("/find", "/requests"))
        of_one = any(name in route[1] for name in ("{document_id}", "{term_id}", "{pair_id}"))
        reads = (of_one and asks) or route[1] in (
            "/api/search/similar",
            "/api/searches/{search_id}",
            "/api/searches/{search_id}/look",
            "/api/enquiries/{enquiry_id}",
            "/api/dossier/file",
        )
        assert answer.status_code == (404 if reads else 403)
        assert everything(answer) == everything(ask(api, route, ABSENT))


def at(path: str, document: str, place: object) -> str:
    """A path to a document, and to this place of it: a page, a passage, a sentence."""
    return path.format(**PLACES | {"document_id": document, "number": place, "place": place})


OF_ONE_DOCUMENT = [route for route in ROUTES if "{document_id}" in route[1] and not ROUTES[route].discloses]


@pytest.mark.parametrize("who", ["reader", "lowest", None])
@pytest.mark.parametrize(
    "route",
    [*OF_ONE_DOCUMENT, *(("HEAD", path) for method, path in OF_ONE_DOCUMENT if method == "GET")],
    ids=lambda route: " ".join(route),
)
def test_an_absent_document_and_a_hidden_one_are_the_same_answer(
    components: Components, hidden: str, route, who
) -> None:
    method, path = route
    api = client(components, who)
    asked = ROUTES[route].call if route in ROUTES else {}
    answers = {
        repr(
            everything(
                api.request(
                    method,
                    at(path, document, number),
                    **asked,
                )
            )
        )
        for document in (hidden, ABSENT, hidden.upper(), "x")
        for number in (1, 2, 0, -1, 10**12)
    }
    assert len(answers) == 1
    status = api.request(method, path.format(**PLACES, document_id=hidden), **asked).status_code
    assert status == (405 if method == "HEAD" else 401 if who is None else 404 if who == "reader" else 403)


@pytest.mark.parametrize("route", OF_ONE_DOCUMENT, ids=lambda route: " ".join(route))
def test_a_call_that_makes_no_sense_is_refused_alike_for_an_absent_and_a_hidden_document(
    components: Components, hidden: str, route
) -> None:
    api = client(components, "reader")
    nonsense = {"params": {"width": "1"}, "json": {"reason": ""}} if route[0] == "POST" else {"params": {"width": "1"}}
    method, path = route
    one, other = (api.request(method, at(path, document, "one"), **nonsense) for document in (hidden, ABSENT))
    assert everything(one) == everything(other)


def test_the_hidden_document_is_there_for_those_who_may_read_it(components: Components, hidden: str) -> None:
    person(components, "insider", "B", ["expert", "registrar"])
    api = client(components, "insider")
    assert "zeppelins" in api.get(f"/api/documents/{hidden}/pages/1").text
    assert api.get(f"/api/documents/{hidden}/pages/1/image").content.startswith(b"\x89PNG")
    assert api.get(f"/api/documents/{hidden}/file").content.startswith(b"%PDF-")
    for number in (2, 0, -1, 10**12, 10**30):
        assert api.get(f"/api/documents/{hidden}/pages/{number}").status_code == 404
        assert api.get(f"/api/documents/{hidden}/pages/{number}/image").status_code == 404
    assert api.post("/api/search", json={"query": "zeppelin"}).json()["total"] == 1


def test_search_and_suggestion_are_silent_about_it(components: Components, hidden: str) -> None:
    api = client(components, "reader")
    found = api.post("/api/search", json={"query": "zeppelin"}).json()
    assert (found["total"], found["hits"]) == (0, [])
    assert not any(found["facets"].values())
    assert api.post("/api/suggest", json={"prefix": "zepp"}).json() == {"terms": []}


@pytest.mark.parametrize("path", ["/docs", "/redoc", "/openapi.json", "/api/openapi.json", "/api", "/api/nothing"])
def test_nothing_else_is_served(components: Components, path: str) -> None:
    assert client(components, "reader").get(path).status_code == 404
