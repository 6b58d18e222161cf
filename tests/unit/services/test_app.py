"""The application: hardened headers on every answer, bodies of bounded size, and no PDF or translation library."""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator

import pytest
from factories import agency, client, fresh, label, pdf, person, take
from fastapi.testclient import TestClient

from services.app import HEADERS, create_app
from services.components import Components, Home, HomeError
from services.routes.authentication import SMALL_BODY
from services.settings import Settings
from services.setup import set_up

LARGEST = 2_000_000


@pytest.fixture(scope="module")
def components(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Components]:
    opened = fresh(tmp_path_factory.mktemp("app") / "home", largest_file=LARGEST)
    agency(opened, "A")
    person(opened, "ann", "A", ["expert", "registrar"])
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def paper(components: Components) -> str:
    identifier = take(components, pdf("A paper."), label(components, "A")).document_id
    components.worker().run()
    return identifier


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/", 200),
        ("/static/shell/app.js", 200),
        ("/static/nothing", 404),
        ("/nothing", 404),
        ("/api/health", 200),
        ("/api/me", 200),
        ("/api/scheme", 200),
        ("/api/status", 403),
        ("/api/nothing", 404),
        ("/api/documents?limit=0", 422),
        ("/api/documents/{paper}", 200),
        ("/api/documents/{paper}/pages/1/image", 200),
        ("/api/documents/{paper}/file", 200),
        ("/api/documents/{absent}", 404),
    ],
)
def test_every_answer_is_hardened(components: Components, paper: str, path: str, status: int) -> None:
    answer = client(components, "ann").get(path.format(paper=paper, absent="0" * 32))
    assert answer.status_code == status
    assert {name: answer.headers[name] for name in HEADERS} == HEADERS
    assert answer.headers["cache-control"] == ("no-store" if path.startswith("/api/") else "no-cache")
    assert "server" not in answer.headers


def test_the_page_names_files_that_browsers_keep_for_good(components: Components) -> None:
    reader = client(components, "ann")
    addresses = re.findall(r'(?:href|src)="(/static/[^"]+)"', reader.get("/").text)
    assert len(addresses) > 30
    for address in addresses:
        answer = reader.get(address)
        assert (answer.status_code, answer.headers["content-encoding"]) == (200, "gzip")
        assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
    plain = reader.get(addresses[-1], headers={"Accept-Encoding": "identity"})
    assert "content-encoding" not in plain.headers
    assert plain.text == answer.text
    again = reader.get(re.sub(r"/v-\w+", "", addresses[-1]), headers={"If-None-Match": answer.headers["etag"]})
    assert (again.status_code, again.headers["cache-control"]) == (304, "no-cache")


def test_files_of_another_version_are_not_there(components: Components) -> None:
    answer = client(components, "ann").get(f"/static/v-{'0' * 16}/shell/app.js")
    assert (answer.status_code, answer.headers["cache-control"]) == (404, "no-cache")


def test_answers_to_people_are_not_compressed(components: Components) -> None:
    assert "content-encoding" not in client(components, "ann").get("/api/scheme").headers


def test_an_answer_to_what_nobody_foresaw_is_hardened_too(components: Components) -> None:
    app = create_app(components)

    @app.get("/api/raise")
    def raise_it() -> None:
        raise RuntimeError

    answer = TestClient(app, raise_server_exceptions=False).get("/api/raise")
    assert answer.status_code == 500
    assert {name: answer.headers[name] for name in HEADERS} == HEADERS
    assert answer.headers["cache-control"] == "no-store"


def test_an_answer_without_a_token_or_a_body_is_hardened_too(components: Components) -> None:
    api = client(components)
    for answer in (api.get("/api/me"), api.put("/api/me"), api.options("/api/me"), api.delete("/")):
        assert {name: answer.headers[name] for name in HEADERS} == HEADERS
    assert "access-control-allow-origin" not in api.get("/api/health", headers={"Origin": "https://x.example"}).headers


def test_the_policy_lets_no_script_run_but_ours() -> None:
    policy = dict(part.strip().split(" ", 1) for part in HEADERS["Content-Security-Policy"].split(";"))
    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == policy["style-src"] == policy["connect-src"] == "'self'"
    assert "unsafe" not in HEADERS["Content-Security-Policy"]


JSON = {"content-type": "application/json"}
FORM = {"content-type": "multipart/form-data; boundary=x"}


@pytest.mark.parametrize("who", ["ann", None])
def test_a_body_larger_than_anything_that_is_asked_for_is_refused(components: Components, who: str | None) -> None:
    api = client(components, who)
    large = b'"' + b"x" * SMALL_BODY + b'"'
    assert api.post("/api/session", content=large, headers=JSON).status_code == 413
    assert api.post("/api/session", content=large, headers=FORM).status_code == 413
    assert api.post("/api/search", content=large, headers=JSON).status_code == (413 if who else 401)


def test_an_upload_may_be_as_large_as_the_largest_file_and_its_form(components: Components) -> None:
    api = client(components, "ann")
    form = {"originator": "A", "level": "unclassified"}
    taken = api.post("/api/documents", data=form, files={"file": ("a.pdf", b"x" * LARGEST, "application/pdf")})
    assert (taken.status_code, taken.json()["code"]) == (202, "not_pdf")
    more = {"file": ("a.pdf", b"x" * (LARGEST + 1), "application/pdf")}
    taken = api.post("/api/documents", data=form, files=more)
    assert (taken.status_code, taken.json()["code"]) == (202, "too_large")
    most = {"file": ("a.pdf", b"x" * (LARGEST + SMALL_BODY), "application/pdf")}
    assert api.post("/api/documents", data=form, files=most).status_code == 413


def test_an_upload_that_finds_no_room_is_to_be_tried_again(
    components: Components, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", "/dev/null")  # where uploads wait, once they are too large for memory
    file = {"file": ("a.pdf", b"x" * 2**21, "application/pdf")}
    answer = client(components, "ann").post(
        "/api/documents", data={"originator": "A", "level": "unclassified"}, files=file
    )
    assert answer.status_code == 503 and answer.headers["Retry-After"]
    assert answer.json()["detail"].startswith("The service has no room")


@pytest.mark.parametrize("path", ["/api/search", "/api/session", "/api/documents"])
def test_a_body_of_unknown_length_is_not_read(components: Components, path: str) -> None:
    answer = client(components, "ann").post(path, content=iter([b"{}"]), headers=JSON)
    assert answer.status_code == 411
    assert client(components).post("/api/search", content=iter([b"{}"]), headers=JSON).status_code == 401


@pytest.mark.parametrize("length", ["", "abc", "-1", "1e3", "٣", "0x10"])
def test_a_length_that_is_none_is_refused(components: Components, length: str) -> None:
    answer = client(components, "ann").get("/api/me", headers=[(b"content-length", length.encode())])
    assert answer.status_code == 411


def test_malformed_json_without_a_token_is_refused_for_the_token(components: Components) -> None:
    assert client(components).post("/api/search", content=b"{", headers=JSON).status_code == 401
    assert client(components, "ann").post("/api/search", content=b"{", headers=JSON).status_code == 422


def test_the_service_loads_no_library_that_opens_files_of_strangers() -> None:
    libraries = ["pypdfium2", "pdfminer", "argostranslate", "ctranslate2", "PIL"]
    program = f"import sys, services.app; print([name for name in {libraries} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_a_home_that_was_never_set_up_is_refused(tmp_path) -> None:
    with pytest.raises(HomeError, match="tolmach init"):
        Components(Settings(home=tmp_path))


def test_what_is_set_up_is_closed_to_others_and_stays_when_set_up_again(components: Components) -> None:
    home = Home(components.settings.home)
    keys = components.signer.keys
    assert (home.path.stat().st_mode & 0o777, home.keys.stat().st_mode & 0o777) == (0o700, 0o700)
    assert set_up(components.settings) == []
    assert components.signer.keys == keys
    assert client(components, "ann").get("/api/me").status_code == 200
