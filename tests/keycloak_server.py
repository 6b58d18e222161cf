"""A real Keycloak for tests: an issuer of OpenID Connect over HTTPS, from Maven Central, in memory alone.

What is unpacked and built stays in a cache folder between runs; each run has a server of its own, gone afterwards.
"""

from __future__ import annotations

import os
import secrets
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from ssl import create_default_context
from tempfile import TemporaryDirectory, gettempdir
from typing import Any

import httpx2
from servers import certificate, free_port

VERSION = "26.7.3"
ARTIFACT = f"org.keycloak:keycloak-quarkus-dist:{VERSION}:zip"
UNPACK = "org.apache.maven.plugins:maven-dependency-plugin:3.6.1:unpack"
JAVA = {"JAVA_OPTS_KC_HEAP": "-Xms64m -Xmx400m", "JAVA_OPTS_APPEND": "-XX:TieredStopAtLevel=1"}
PATIENCE = 180  # seconds until it answers, on a busy machine
ADMIN = "admin"


class NoKeycloakError(Exception):
    """No server, and why."""


@dataclass
class Keycloak:
    """A server, and its administrator."""

    url: str
    authority: Path
    password: str = field(repr=False)
    _token: tuple[float, str] = (0.0, "")

    def browser(self) -> httpx2.Client:
        """A browser with cookies of its own, which follows nothing by itself."""
        return httpx2.Client(verify=create_default_context(cafile=str(self.authority)), timeout=60)

    def issuer(self, realm: str) -> str:
        """The issuer of a realm."""
        return f"{self.url}/realms/{realm}"

    def administer(self, method: str, path: str, **more: Any) -> httpx2.Response:
        """A call of the administrator's, below /admin/realms."""
        with self.browser() as browser:
            if time.monotonic() > self._token[0]:
                form = {
                    "grant_type": "password",
                    "client_id": "admin-cli",
                    "username": ADMIN,
                    "password": self.password,
                }
                token = browser.post(f"{self.issuer('master')}/protocol/openid-connect/token", data=form).json()
                self._token = (time.monotonic() + 30, token["access_token"])
            headers = {"Authorization": f"Bearer {self._token[1]}"}
            answer = browser.request(method, f"{self.url}/admin/realms{path}", headers=headers, **more)
        assert answer.is_success, (answer.status_code, answer.text)
        return answer

    def make_realm(self, realm: str, clients: list[dict[str, Any]], users: list[dict[str, Any]]) -> dict[str, str]:
        """A realm with clients and users; gives the users' subjects by their names."""
        content = {"realm": realm, "enabled": True, "sslRequired": "all", "clients": clients, "users": users}
        self.administer("POST", "", json=content)
        return {user["username"]: user["id"] for user in self.administer("GET", f"/{realm}/users").json()}


class _Form(HTMLParser):
    """The address that a page's form is sent to, and its hidden fields."""

    def __init__(self) -> None:
        super().__init__()
        self.action = ""
        self.fields: dict[str, str] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "form":
            self.action = given.get("action") or ""
        if tag == "input" and given.get("type") == "hidden" and given.get("name"):
            self.fields[given["name"] or ""] = given.get("value") or ""


def sign_in_at(browser: httpx2.Client, address: str, username: str, password: str) -> httpx2.URL:
    """Go to Keycloak's own form, fill it in, and give where the browser is sent then."""
    page = browser.get(address)
    if page.status_code == 302:  # a session that the browser has there
        return httpx2.URL(page.headers["location"])
    form = _Form()
    form.feed(page.text)
    assert form.action, page.text[:2_000]
    answer = browser.post(form.action, data={**form.fields, "username": username, "password": password})
    assert answer.status_code == 302, answer.text[:2_000]
    return httpx2.URL(answer.headers["location"])


@contextmanager
def keycloak_server(may_fetch: bool) -> Iterator[Keycloak]:
    """A server of our own. Raises NoKeycloakError. It is 180 MB to fetch, so without `may_fetch` that is not begun."""
    home = _home(may_fetch)
    port, password = free_port(), secrets.token_hex(16)
    with TemporaryDirectory(prefix="tolmach-keycloak-") as name:
        folder = Path(name)
        authority, key = certificate(folder)
        options = [
            "start", "--optimized", "--http-host=127.0.0.1", f"--https-port={port}", "--hostname-strict=false",
            f"--https-certificate-file={authority}", f"--https-certificate-key-file={key}", "--cache=local",
        ]  # fmt: skip
        admin = {"KC_BOOTSTRAP_ADMIN_USERNAME": ADMIN, "KC_BOOTSTRAP_ADMIN_PASSWORD": password}
        with (folder / "log").open("w") as log:
            process = subprocess.Popen(
                ["bash", str(home / "bin" / "kc.sh"), *options],
                env={**os.environ, **JAVA, **admin},
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        try:
            server = Keycloak(f"https://127.0.0.1:{port}", authority, password)
            _wait(server, process, folder / "log")
            yield server
        finally:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def _wait(server: Keycloak, process: subprocess.Popen[bytes], log: Path) -> None:
    until = time.monotonic() + PATIENCE
    with server.browser() as browser:
        while time.monotonic() < until and process.poll() is None:
            try:
                if browser.get(f"{server.issuer('master')}/.well-known/openid-configuration").is_success:
                    return
            except httpx2.TransportError:
                pass
            time.sleep(0.2)
    raise NoKeycloakError(f"Keycloak does not answer: {log.read_text()[-2_000:]}")


def _home(may_fetch: bool) -> Path:
    """Keycloak itself, unpacked and built for what we start it with."""
    cache = Path(os.environ.get("TOLMACH_TEST_CACHE") or Path(gettempdir()) / "tolmach-test-cache") / "keycloak"
    home = cache / VERSION
    if home.is_dir():
        return home
    if not may_fetch:
        raise NoKeycloakError(f"it is not in {cache}; with TOLMACH_PROMISED=keycloak it is fetched (180 MB)")
    cache.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(prefix="unpacking-", dir=cache) as name:
        _run(["mvn", "-B", "-q", UNPACK, f"-Dartifact={ARTIFACT}", f"-DoutputDirectory={name}"], name)
        unpacked = Path(name) / f"keycloak-{VERSION}"
        if not unpacked.is_dir():
            raise NoKeycloakError(f"there is no keycloak-{VERSION} in {ARTIFACT}")
        _run(["bash", str(unpacked / "bin" / "kc.sh"), "build", "--db=dev-mem"], name)
        shutil.move(unpacked, home)
    return home


def _run(command: list[str], folder: str) -> None:
    try:
        done = subprocess.run(
            command, cwd=folder, env={**os.environ, **JAVA}, capture_output=True, text=True, check=False
        )
    except OSError as error:
        raise NoKeycloakError(f"{command[0]} cannot be run: {error.strerror}") from error
    if done.returncode:
        raise NoKeycloakError((done.stdout + done.stderr).strip()[-2_000:])
