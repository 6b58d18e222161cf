"""The proxy of the compose file: a real nginx with certificates of deploy/make-secrets, in front of the service."""

from __future__ import annotations

import json
import shutil
import ssl
import subprocess
import time
from collections.abc import Callable, Iterator
from http.client import HTTPResponse, HTTPSConnection
from pathlib import Path
from typing import Any

import pytest
from proxying import proxied_by_nginx

ROOT = Path(__file__).resolve().parents[2]
LARGEST = 201_000_000  # bytes of a request
Post = Callable[..., HTTPResponse]


@pytest.fixture(scope="module")
def secrets(promised: Callable[[str, bool, str], None], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that the compose file takes its secrets from."""
    promised(
        "nginx", bool(shutil.which("nginx") and shutil.which("openssl")), "install Debian's nginx-light and openssl"
    )
    folder = tmp_path_factory.mktemp("proxy") / "secrets"
    subprocess.run([ROOT / "deploy" / "make-secrets", folder], check=True, capture_output=True)
    return folder


@pytest.fixture(scope="module")
def proxied(demo: Any, secrets: Path) -> Iterator[Callable[..., HTTPSConnection]]:
    """Makes connections to the proxy that check its certificate as strictly as Python 3.13 does.

    `source` is the address to come from, `ciphers` what to offer in TLS 1.2 alone.
    """

    def connected(source: str = "127.0.0.1", ciphers: str = "") -> HTTPSConnection:
        trusting = ssl.create_default_context(cafile=secrets / "ca.crt")
        trusting.verify_flags |= ssl.VERIFY_X509_STRICT
        if ciphers:
            trusting.maximum_version = ssl.TLSVersion.TLSv1_2
            trusting.set_ciphers(ciphers)
        return _connected(nginx, HTTPSConnection("localhost", port, context=trusting, source_address=(source, 0)))

    with proxied_by_nginx(demo.address, secrets) as (port, nginx):
        yield connected


def _connected(nginx: subprocess.Popen[bytes], connection: HTTPSConnection) -> HTTPSConnection:
    """The connection, made as soon as the proxy listens."""
    while nginx.poll() is None:
        try:
            connection.connect()
            return connection
        except ConnectionRefusedError:
            time.sleep(0.05)
    pytest.fail("nginx did not start")


@pytest.fixture(scope="module")
def connect(proxied: Callable[..., HTTPSConnection]) -> Callable[[], HTTPSConnection]:
    """As `proxied`, from where the proxy is."""
    return proxied


@pytest.fixture
def post(connect: Callable[[], HTTPSConnection]) -> Iterator[Post]:
    """Asks for an upload: sends what stands before the file, and of the file nothing."""
    connection = connect()

    def begin(size: int, **headers: str) -> HTTPResponse:
        connection.putrequest("POST", "/api/documents")
        given = {"Content-Length": str(size), "Content-Type": "multipart/form-data; boundary=x", **headers}
        for name, value in given.items():
            connection.putheader(name, value)
        connection.endheaders()
        return connection.getresponse()

    yield begin
    connection.close()


@pytest.fixture(scope="module")
def token(connect: Callable[[], HTTPSConnection], demo: Any) -> str:
    """A registrar's, given through the proxy."""
    person = next(row for row in demo.sign_ins if "registrar" in row["roles"])
    body = json.dumps({"username": person["username"], "password": person["password"]})
    connection = connect()
    connection.request("POST", "/api/session", body, {"Content-Type": "application/json"})
    answer: dict[str, Any] = json.load(connection.getresponse())
    connection.close()
    return str(answer["token"])


def test_the_service_is_reached(connect: Callable[[], HTTPSConnection]) -> None:
    connection = connect()
    connection.request("GET", "/api/health")
    answer = connection.getresponse()
    assert (answer.status, json.load(answer)["status"]) == (200, "ok")
    assert answer.headers["Strict-Transport-Security"]
    connection.close()


def test_every_entry_of_the_trail_names_the_client(proxied: Callable[..., HTTPSConnection], demo: Any) -> None:
    """Not the proxy, and not what the client says of itself."""
    auditor = next(row for row in demo.sign_ins if "auditor" in row["roles"])
    body = json.dumps({"username": auditor["username"], "password": auditor["password"]})
    connection = proxied(source="127.0.0.7")
    connection.request("POST", "/api/session", body, {"Content-Type": "application/json", "X-Forwarded-For": "console"})
    token = json.load(connection.getresponse())["token"]
    connection.request("GET", "/api/audit?action=sign_in&limit=1", headers={"Authorization": f"Bearer {token}"})
    (entry,) = json.load(connection.getresponse())["entries"]
    assert (entry["person"], entry["origin"]) == (auditor["username"], "127.0.0.7")
    connection.close()


@pytest.mark.parametrize(
    ("ciphers", "taken"),
    [("ECDHE+AESGCM", True), ("AES128-GCM-SHA256", False), ("AES256-SHA", False), ("DHE-RSA-AES128-GCM-SHA256", False)],
)
def test_tls_1_2_is_spoken_with_forward_secrecy_alone(
    proxied: Callable[..., HTTPSConnection], ciphers: str, taken: bool
) -> None:
    if taken:
        proxied(ciphers=ciphers).close()
    else:
        with pytest.raises(ssl.SSLError):
            proxied(ciphers=ciphers)


def test_half_a_header_is_not_waited_for(proxied: Callable[..., HTTPSConnection]) -> None:
    """Until the proxy closes the connection: with no limit, the test would wait in vain."""
    connection = proxied()
    assert connection.sock is not None
    connection.sock.settimeout(120)
    connection.sock.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n")
    assert connection.sock.recv(1_000) == b""
    connection.close()


def test_nobodys_file_is_not_waited_for(post: Post, connect: Callable[[], HTTPSConnection]) -> None:
    """Files wait in the proxy's memory, which whoever is not signed in could fill."""
    answer = post(LARGEST)
    connection = connect()
    connection.request("GET", "/api/me")
    services_own = connection.getresponse()
    assert answer.status == services_own.status == 401
    assert answer.read() == services_own.read()
    assert answer.headers["Content-Type"] == services_own.headers["Content-Type"]
    connection.close()


def test_a_file_that_is_too_large_is_refused_at_once(post: Post, token: str) -> None:
    assert post(LARGEST + 1, Authorization=f"Bearer {token}").status == 413


def test_a_file_comes_through_to_the_service(connect: Callable[[], HTTPSConnection], token: str) -> None:
    """Which finds none in this form."""
    connection = connect()
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "multipart/form-data; boundary=x"}
    connection.request("POST", "/api/documents", b"--x--\r\n", headers)
    answer = connection.getresponse()
    assert (answer.status, json.load(answer)["status"]) == (422, 422)
    connection.close()
