"""The issuer is asked at its own address alone, within bounds; whatever is odd about its answers is refused."""

from __future__ import annotations

import json
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from servers import certificate

from services.settings import Settings
from services.signon import issuer as asking
from services.signon.issuer import Issuer, IssuerBusyError, IssuerError

Answer = tuple[int, dict[str, str], bytes]
DISCOVERY, TOKEN, KEYS = "/.well-known/openid-configuration", "/token", "/keys"


class TlsIssuer:
    """A server over TLS that answers what a test says, and notes what it was asked."""

    def __init__(self, folder: Path) -> None:
        self.answers: dict[str, Answer | Callable[[], Answer]] = {}
        self.requests: list[tuple[str, str, dict[str, str], bytes]] = []
        self.authority, key = certificate(folder)
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def answer(self) -> None:
                body = self.rfile.read(int(self.headers.get("content-length", 0)))
                outer.requests.append((self.command, self.path, dict(self.headers), body))
                answer = outer.answers.get(urlsplit(self.path).path, (404, {}, b""))
                status, headers, content = answer() if callable(answer) else answer
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(content)

            do_GET = do_POST = answer  # noqa: N815

            def log_message(self, *_: Any) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.authority, key)
        self._server.socket = context.wrap_socket(self._server.socket, server_side=True, do_handshake_on_connect=False)
        self._server.handle_error = lambda *_: None  # type: ignore[method-assign]
        self.url = f"https://127.0.0.1:{self._server.server_address[1]}"
        self.offer()
        self.say(KEYS, {"keys": []})
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def say(self, path: str, content: Any, status: int = 200) -> None:
        self.answers[path] = (status, {"Content-Type": "application/json"}, json.dumps(content).encode())

    def offer(self, **different: Any) -> None:
        places = {
            "authorization_endpoint": f"{self.url}/auth?theme=dark",
            "token_endpoint": self.url + TOKEN,
            "jwks_uri": self.url + KEYS,
        }
        self.say(DISCOVERY, {"issuer": self.url, **places, **different})

    def issuer(self, **settings: Any) -> Issuer:
        usual = {"oidc_issuer": self.url, "oidc_ca": str(self.authority), "oidc_page": "https://tolmach.example/"}
        return Issuer(Settings(**{**usual, **settings}))

    def paths(self) -> list[str]:
        return [path for _, path, _, _ in self.requests]

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


@pytest.fixture
def server(tmp_path: Path) -> Iterator[TlsIssuer]:
    opened = TlsIssuer(tmp_path)
    yield opened
    opened.close()


@pytest.fixture
def secret(tmp_path: Path) -> str:
    path = tmp_path / "secret"
    path.write_text("p+q r%s/" * 4 + "\n", encoding="utf-8")
    return str(path)


def test_a_browser_is_sent_with_a_challenge_and_no_secret(server: TlsIssuer, secret: str) -> None:
    address = urlsplit(server.issuer(oidc_client_secret_file=secret, oidc_acr="gold").address("s", "n", "v" * 43))
    query = {name: values[0] for name, values in parse_qs(address.query).items()}
    assert address.path == "/auth" and query.pop("theme") == "dark"
    assert len(query.pop("code_challenge")) == 43
    assert query == {
        "response_type": "code",
        "response_mode": "fragment",
        "client_id": "tolmach",
        "redirect_uri": "https://tolmach.example/",
        "scope": "openid",
        "state": "s",
        "nonce": "n",
        "code_challenge_method": "S256",
        "acr_values": "gold",
    }


def test_the_challenge_is_that_of_the_standard(server: TlsIssuer) -> None:
    """RFC 7636, appendix B."""
    address = server.issuer().address("s", "n", "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk")
    assert "code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM&" in address


@pytest.mark.parametrize("name", ["authorization_endpoint", "token_endpoint", "jwks_uri"])
@pytest.mark.parametrize(
    "place",
    [
        "https://elsewhere.example/x",
        "http://127.0.0.1/x",
        "//elsewhere.example/x",
        "https://127.0.0.1:1/x",
        "https://user@127.0.0.1/x",
        "https://127.0.0.1:port/x",
        "",
        None,
        7,
    ],
    ids=str,
)
def test_a_place_that_is_not_on_the_issuers_own_origin_is_refused(server: TlsIssuer, name: str, place: Any) -> None:
    port = urlsplit(server.url).port
    server.offer(
        **{name: place.replace("user@127.0.0.1", f"user@127.0.0.1:{port}") if isinstance(place, str) else place}
    )
    with pytest.raises(IssuerError, match="not on its own origin"):
        server.issuer().endpoints()
    assert server.paths() == [DISCOVERY]


@pytest.mark.parametrize("name", ["https://issuer.example", "", None, 7])
def test_the_description_of_another_issuer_is_refused(server: TlsIssuer, name: Any) -> None:
    server.offer(issuer=name)
    with pytest.raises(IssuerError, match="that of another issuer"):
        server.issuer().endpoints()


def test_nothing_is_followed_and_no_proxy_is_asked(server: TlsIssuer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("https_proxy", "http://127.0.0.1:9")
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:9")
    server.issuer().endpoints()
    server.answers[DISCOVERY] = (302, {"Location": f"{server.url}/elsewhere"}, b"")
    with pytest.raises(IssuerError, match="answers 302"):
        server.issuer().endpoints()
    assert server.paths() == [DISCOVERY, DISCOVERY]


def test_an_issuer_of_another_authority_is_told_nothing(server: TlsIssuer) -> None:
    with pytest.raises(IssuerError, match="CERTIFICATE_VERIFY_FAILED"):
        server.issuer(oidc_ca="").endpoints()
    assert server.requests == []


@pytest.mark.parametrize("content", [b"", b"[]", b"7", b"{", b"[" * 100_000, b" " * (asking.LARGEST + 1)], ids=range(6))
def test_an_answer_that_makes_no_sense_or_is_too_large_is_refused(server: TlsIssuer, content: bytes) -> None:
    server.answers[DISCOVERY] = (200, {}, content)
    with pytest.raises(IssuerError):
        server.issuer().endpoints()


def test_an_answer_that_comes_too_slowly_is_given_up(server: TlsIssuer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(asking, "PATIENCE", 0.2)
    release = threading.Event()

    def late() -> Answer:
        release.wait(30)
        return 200, {}, b""

    server.answers[DISCOVERY] = late
    with pytest.raises(IssuerError, match="does not answer"):
        server.issuer().endpoints()
    release.set()
    monkeypatch.setattr(asking, "LONGEST", -1.0)
    server.offer()
    with pytest.raises(IssuerError, match="too slowly"):
        server.issuer().endpoints()


def test_no_more_wait_for_the_issuer_than_may(server: TlsIssuer) -> None:
    release, issuer = threading.Event(), server.issuer()

    def late() -> Answer:
        release.wait(30)
        return 404, {}, b""

    server.answers[DISCOVERY] = late

    def ask() -> None:
        with pytest.raises(IssuerError):
            issuer.endpoints()

    waiting = [threading.Thread(target=ask) for _ in range(asking.MOST_AT_ONCE)]
    for thread in waiting:
        thread.start()
    while len(server.requests) < asking.MOST_AT_ONCE:
        time.sleep(0.01)
    with pytest.raises(IssuerBusyError):
        issuer.endpoints()
    release.set()
    for thread in waiting:
        thread.join()
    server.offer()
    assert issuer.endpoints()


def test_keys_are_asked_for_once_and_again_where_a_token_names_another_but_not_often(
    server: TlsIssuer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(asking.tokens, "key_name", lambda token: token)
    monkeypatch.setattr(asking.tokens, "foreign_claims", lambda *_: None)
    issuer, clock = server.issuer(), [1_000.0]
    monkeypatch.setattr(asking.time, "monotonic", lambda: clock[0])
    server.say(KEYS, {"keys": [{"kid": "k1"}]})
    for name, later in (("k1", 0.0), ("k1", 31.0), ("k2", 0.0), ("k2", 29.0), ("k3", 0.0), ("k2", 2.0)):
        clock[0] += later
        issuer.claims(name)
    assert server.paths().count(KEYS) == 3 and server.paths().count(DISCOVERY) == 1
    clock[0] += asking.FRESH
    issuer.claims("k1")
    assert server.paths().count(KEYS) == 4 and server.paths().count(DISCOVERY) == 2
    issuer.claims("")
    assert server.paths().count(KEYS) == 4


@pytest.mark.parametrize("keys", [None, {}, [7], [{}] * (asking.MOST_KEYS + 1)], ids=range(4))
def test_keys_that_are_no_list_of_some_are_refused(server: TlsIssuer, keys: Any) -> None:
    server.say(KEYS, {"keys": keys})
    with pytest.raises(IssuerError, match="no list"):
        server.issuer().count_keys()


def test_a_code_is_redeemed_with_the_secret_in_a_header_and_the_verifier(server: TlsIssuer, secret: str) -> None:
    server.say(TOKEN, {"id_token": "a.b.c", "access_token": "of no use"})
    assert server.issuer(oidc_client_secret_file=secret).id_token("the code", "the verifier") == "a.b.c"
    method, path, headers, body = server.requests[-1]
    assert (method, path) == ("POST", TOKEN) and headers["Authorization"].startswith("Basic ")
    form = {name: values[0] for name, values in parse_qs(body.decode()).items()}
    assert form == {
        "grant_type": "authorization_code",
        "code": "the code",
        "redirect_uri": "https://tolmach.example/",
        "client_id": "tolmach",
        "code_verifier": "the verifier",
    }
    server.issuer().id_token("the code", "the verifier")
    assert "Authorization" not in server.requests[-1][2]


@pytest.mark.parametrize(
    ("status", "content", "outcome"),
    [
        (400, {"error": "invalid_grant"}, ""),
        (200, {}, ""),
        (200, {"id_token": 7}, ""),
        (401, {"error": "invalid_client"}, IssuerError),
        (400, {"error": "unauthorized_client"}, IssuerError),
        (500, {}, IssuerError),
    ],
)
def test_a_code_that_stands_for_nobody_is_no_fault_of_the_issuers(
    server: TlsIssuer, status: int, content: Any, outcome: Any
) -> None:
    server.say(TOKEN, content, status)
    if outcome == "":
        assert server.issuer().id_token("code", "verifier") == ""
    else:
        with pytest.raises(outcome):
            server.issuer().id_token("code", "verifier")


def test_a_secret_that_is_weak_or_cannot_be_read_is_refused_and_never_shown(tmp_path: Path, secret: str) -> None:
    weak = tmp_path / "weak"
    weak.write_text("short", encoding="utf-8")
    for path in (weak, tmp_path / "absent"):
        with pytest.raises(IssuerError) as error:
            Issuer(Settings(oidc_issuer="https://i.example", oidc_client_secret_file=str(path)))
        assert "short" not in str(error.value)
    with pytest.raises(IssuerError, match="holds no certificate"):
        Issuer(Settings(oidc_issuer="https://i.example", oidc_ca=secret))
