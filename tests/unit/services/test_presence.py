"""The browser's cookie counts only with what no page of another origin can send; a bearer counts alone, and wins."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from typing import Any

import pytest
from factories import PASSWORD, agency, bearer, fresh, person
from fastapi import FastAPI
from fastapi.testclient import TestClient

from services.app import create_app
from services.components import Components

OUR_PAGE = {"X-Tolmach": "1"}
NAME = "__Host-tolmach"


@pytest.fixture(scope="module")
def components(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Components]:
    opened = fresh(tmp_path_factory.mktemp("presence") / "home")
    agency(opened, "A")
    person(opened, "ann", "A", ["expert"])
    person(opened, "bob", "A", ["expert"])
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def app(components: Components) -> FastAPI:
    return create_app(components)


@pytest.fixture
def api(app: FastAPI) -> TestClient:
    return TestClient(app, raise_server_exceptions=False)


def sign_in(api: TestClient, headers: dict[str, str] = OUR_PAGE, **more: Any) -> Any:
    body = {"username": "ann", "password": PASSWORD, "cookie": True} | more
    return api.post("/api/session", json=body, headers=headers)


@pytest.fixture
def cookie(components: Components) -> dict[str, str]:
    """The cookie of a session of ann's own, as a browser sends it back."""
    return {"Cookie": f"{NAME}={bearer(components, 'ann')['Authorization'].removeprefix('Bearer ')}"}


def test_the_cookie_that_is_set_is_the_one_that_counts(api: TestClient) -> None:
    cookie_pair = sign_in(api).headers["set-cookie"].split(";")[0]
    assert api.get("/api/me", headers={"Cookie": cookie_pair} | OUR_PAGE).json()["username"] == "ann"


def test_the_cookie_is_one_that_no_script_reads_and_no_other_host_sets(api: TestClient) -> None:
    answer = sign_in(api)
    name, *attributes = answer.headers["set-cookie"].split("; ")
    assert name.startswith(f"{NAME}=ey")
    assert {attribute.lower() for attribute in attributes} == {"httponly", "path=/", "samesite=strict", "secure"}
    assert answer.json()["token"] == ""
    assert "ey" not in answer.text


def test_without_asking_for_it_no_cookie_is_set(api: TestClient) -> None:
    answer = sign_in(api, cookie=False)
    assert "set-cookie" not in answer.headers
    assert answer.json()["token"].startswith("ey")


def test_a_refused_sign_in_sets_no_cookie(api: TestClient) -> None:
    refused = sign_in(api, password="wrong")
    assert (refused.status_code, "set-cookie" in refused.headers) == (401, False)


@pytest.mark.parametrize("headers", [{}, {"X-Tolmach": "0"}, OUR_PAGE | {"Sec-Fetch-Site": "cross-site"}])
def test_a_page_of_another_origin_signs_nobody_in(api: TestClient, headers: dict[str, str]) -> None:
    refused = sign_in(api, headers)
    assert (refused.status_code, "set-cookie" in refused.headers) == (422, False)


@pytest.mark.parametrize("method", ["GET", "PUT", "POST", "DELETE"])
@pytest.mark.parametrize(
    ("headers", "accepted"),
    [
        (OUR_PAGE, True),
        (OUR_PAGE | {"Sec-Fetch-Site": "same-origin"}, True),
        ({}, False),
        ({"Sec-Fetch-Site": "same-origin"}, False),
        ({"X-Tolmach": ""}, False),
        ({"X-Tolmach": "2"}, False),
        ({"X-Tolmach": "11"}, False),
        (OUR_PAGE | {"Sec-Fetch-Site": "same-site"}, False),
        (OUR_PAGE | {"Sec-Fetch-Site": "cross-site"}, False),
        (OUR_PAGE | {"Sec-Fetch-Site": "none"}, False),
        (OUR_PAGE | {"Sec-Fetch-Site": ""}, False),
    ],
    ids=str,
)
def test_the_cookie_counts_with_our_header_alone(api: TestClient, cookie, method: str, headers, accepted: bool) -> None:
    path, body = {
        "GET": ("/api/me", None),
        "PUT": ("/api/me/password", {"old": PASSWORD, "new": "too short"}),
        "POST": ("/api/suggest", {"prefix": "pa"}),
        "DELETE": ("/api/session", None),
    }[method]
    answer = api.request(method, path, json=body, headers=headers | cookie)
    assert (answer.status_code in (200, 204, 422)) == accepted
    if not accepted:
        assert answer.status_code == 401
        assert answer.headers["www-authenticate"] == "Bearer"


def test_no_permission_is_given_to_other_origins(api: TestClient, cookie: dict[str, str]) -> None:
    headers = {"Origin": "https://elsewhere.example", "Access-Control-Request-Headers": "x-tolmach"}
    preflight = api.options("/api/me", headers=headers | {"Access-Control-Request-Method": "GET"})
    assert preflight.status_code == 405
    answers = [preflight, api.get("/api/me", headers=headers | cookie | OUR_PAGE), sign_in(api, OUR_PAGE | headers)]
    assert not [name for answer in answers for name in answer.headers if name.startswith("access-control")]


@pytest.mark.parametrize("authorization", ["bearer", "wrong bearer", "Basic YTpi", ""])
def test_a_bearer_wins_over_the_cookie(components: Components, api: TestClient, cookie, authorization: str) -> None:
    of_bob = bearer(components, "bob")["Authorization"]
    sent = {"bearer": of_bob, "wrong bearer": of_bob[:-4] + "AAAA"}.get(authorization, authorization)
    answer = api.get("/api/me", headers=cookie | OUR_PAGE | {"Authorization": sent})
    if authorization == "bearer":
        assert answer.json()["username"] == "bob"
    else:
        assert answer.status_code == 401


def test_a_bearer_needs_no_header_of_ours(components: Components, api: TestClient) -> None:
    for site in ("cross-site", "same-origin", "none"):
        assert api.get("/api/me", headers=bearer(components, "bob") | {"Sec-Fetch-Site": site}).status_code == 200


@pytest.mark.parametrize("name", ["tolmach", "__Secure-tolmach", "__host-tolmach", "__Host-tolmach2", "token"])
def test_a_cookie_of_another_name_is_nothing(api: TestClient, cookie: dict[str, str], name: str) -> None:
    renamed = {"Cookie": cookie["Cookie"].replace(NAME, name)}
    assert api.get("/api/me", headers=renamed | OUR_PAGE).status_code == 401


@pytest.mark.parametrize("path", ["/api/session", "/api/me/sessions"])
def test_signing_out_takes_the_cookie_back(api: TestClient, cookie: dict[str, str], path: str) -> None:
    answer = api.delete(path, headers=cookie | OUR_PAGE)
    assert answer.status_code == 204
    taken = answer.headers["set-cookie"].lower()
    assert taken.startswith(f'{NAME.lower()}=""')
    assert all(part in taken for part in ("max-age=0", "path=/", "secure", "httponly", "samesite=strict"))
    assert api.get("/api/me", headers=cookie | OUR_PAGE).status_code == 401


def test_a_refusal_is_the_same_whatever_came_with_it(api: TestClient, cookie: dict[str, str]) -> None:
    forged = {"Cookie": f"{NAME}=ey.ey.ey"}
    sent = [
        {},
        cookie,
        forged | OUR_PAGE,
        *(more | two for more, two in product([cookie, forged], [{"X-Tolmach": "x"}])),
    ]
    answers = {(a.status_code, a.content, str(a.headers)) for a in (api.get("/api/me", headers=more) for more in sent)}
    assert len(answers) == 1
