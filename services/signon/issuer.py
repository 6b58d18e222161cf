"""Asks the issuer of single sign-on that the operator configured: what it offers, its keys, whose a code is.

Opens connections to that one address alone: over TLS, through no proxy, following no redirect, and only as long as the
issuer's own description names no other place.
"""

from __future__ import annotations

import base64
import hashlib
import json
import ssl
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http.client import HTTPException, HTTPSConnection
from pathlib import Path
from threading import BoundedSemaphore
from typing import Any, Final
from urllib.parse import SplitResult, quote_plus, urlencode, urlsplit

from auth.errors import ErrorKind, TolmachError
from auth.signin import tokens
from auth.signin.issuer_claims import SecondFactors
from services.settings import Settings

PATIENCE: Final = 5.0  # seconds without a byte
LONGEST: Final = 15.0  # seconds for an answer
LARGEST: Final = 500_000  # bytes of an answer
MOST_AT_ONCE: Final = 4  # requests to the issuer; whoever comes then is asked to try again
FRESH: Final = 600.0  # seconds that what the issuer offers, and its keys, are believed unasked
AGAIN: Final = 30.0  # seconds before its keys are asked for anew because a token names another one
MOST_KEYS: Final = 50
SHORTEST_SECRET: Final = 16  # characters
DISCOVERY: Final = "/.well-known/openid-configuration"
_PIECE: Final = 65_536
_FORM: Final = {"Content-Type": "application/x-www-form-urlencoded"}


class IssuerError(TolmachError):
    """The issuer cannot be reached, or answers what nobody may rely on; the message says what."""

    kind = ErrorKind.UNAVAILABLE
    code = "issuer_unavailable"
    sentence = "The sign-in service of your agency cannot be used at the moment. Try again in a few minutes."


class IssuerBusyError(TolmachError):
    """As many requests as may wait for the issuer do."""

    kind = ErrorKind.BUSY
    code = "issuer_busy"
    sentence = "Many people are signing in at this moment. Try again in a few seconds."


@dataclass(frozen=True, slots=True)
class Endpoints:
    """Where the issuer does what: all on its own origin."""

    authorization: str
    token: str
    keys: str


class Issuer:
    """The issuer that the settings name. May be used by several threads."""

    def __init__(self, settings: Settings) -> None:
        self.name = settings.oidc_issuer
        self.client = settings.oidc_client
        self.factors = SecondFactors(frozenset(settings.oidc_acr.split()), frozenset(settings.oidc_amr.split()))
        self._asked_acr = settings.oidc_acr
        self._page = settings.oidc_page
        self._own = urlsplit(self.name)
        self._secret = _secret(settings.oidc_client_secret_file)
        self._context = _context(settings.oidc_ca)
        self._slots = BoundedSemaphore(MOST_AT_ONCE)
        self._endpoints: tuple[float, Endpoints] | None = None
        self._keys: tuple[float, list[dict[str, Any]]] | None = None

    @property
    def is_public(self) -> bool:
        """Whether this service has no secret with the issuer."""
        return not self._secret

    def endpoints(self) -> Endpoints:
        """What the issuer offers where. Raises IssuerError, IssuerBusyError."""
        endpoints = self._endpoints
        if endpoints is None or time.monotonic() >= endpoints[0] + FRESH:
            endpoints = self._endpoints = (time.monotonic(), self._read_endpoints())
        return endpoints[1]

    def address(self, state: str, nonce: str, verifier: str) -> str:
        """Where somebody's browser goes to sign in there. What comes back is in a fragment, which no server sees."""
        challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
        query = {
            "response_type": "code",
            "response_mode": "fragment",
            "client_id": self.client,
            "redirect_uri": self._page,
            "scope": "openid",
            "state": state,
            "nonce": nonce,
            "code_challenge": challenge,
            "code_challenge_method": "S256",
            **({"acr_values": self._asked_acr} if self._asked_acr else {}),
        }
        authorization = self.endpoints().authorization
        return f"{authorization}{'&' if '?' in authorization else '?'}{urlencode(query)}"

    def id_token(self, code: str, verifier: str) -> str:
        """The ID token that a code stands for; "" if it stands for none. Raises IssuerError, IssuerBusyError."""
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": self._page,
            "client_id": self.client,
            "code_verifier": verifier,
        }
        headers = dict(_FORM)
        if self._secret:
            pair = f"{quote_plus(self.client)}:{quote_plus(self._secret)}"
            headers["Authorization"] = "Basic " + base64.b64encode(pair.encode()).decode()
        status, answer = self._ask("POST", self.endpoints().token, urlencode(form).encode(), headers)
        if status == 400 and _object(answer).get("error") == "invalid_grant":
            return ""
        token = self._well(status, answer, "its token endpoint").get("id_token")
        return token if isinstance(token, str) else ""

    def claims(self, token: str) -> dict[str, Any] | None:
        """The claims of a token that the issuer signed for us; None if it did not. Raises IssuerError."""
        name = tokens.key_name(token)
        if not name:
            return None
        return tokens.foreign_claims(token, self._keys_with(name), self.name, self.client)

    def count_keys(self) -> int:
        """How many keys to sign with the issuer publishes, asked anew. Raises IssuerError, IssuerBusyError."""
        self._endpoints = self._keys = None
        return sum(key.get("use", "sig") == "sig" for key in self._keys_with(""))

    def _keys_with(self, name: str) -> list[dict[str, Any]]:
        """The issuer's keys; asked for anew where they are old, or a token names another, which is not done often."""
        keys, at = self._keys, time.monotonic()
        lacking = keys is not None and name and all(key.get("kid") != name for key in keys[1])
        if keys is None or at >= keys[0] + (AGAIN if lacking else FRESH):
            keys = self._keys = (at, self._read_keys())
        return keys[1]

    def _read_endpoints(self) -> Endpoints:
        status, answer = self._ask("GET", self.name.rstrip("/") + DISCOVERY)
        document = self._well(status, answer, "its description")
        if document.get("issuer") != self.name:
            raise IssuerError(f"The description at {self.name} is that of another issuer.")
        places = [document.get(f"{name}_endpoint") for name in ("authorization", "token")] + [document.get("jwks_uri")]
        for place in places:
            if not isinstance(place, str) or not self._is_own(place):
                raise IssuerError(f"The issuer {self.name} names {place!r}, which is not on its own origin.")
        return Endpoints(*map(str, places))

    def _read_keys(self) -> list[dict[str, Any]]:
        status, answer = self._ask("GET", self.endpoints().keys)
        keys = self._well(status, answer, "its keys").get("keys")
        if not isinstance(keys, list) or len(keys) > MOST_KEYS or not all(isinstance(key, dict) for key in keys):
            raise IssuerError(f"The keys of {self.name} are no list of at most {MOST_KEYS}.")
        return keys

    def _is_own(self, address: str) -> bool:
        try:
            parts = urlsplit(address)
            return _origin(parts) == _origin(self._own) and parts.scheme == "https" and not parts.fragment
        except ValueError:  # no port, or brackets that do not match
            return False

    def _well(self, status: int, answer: bytes, what: str) -> dict[str, Any]:
        if status != 200:
            error = _object(answer).get("error")
            raise IssuerError(f"The issuer {self.name} answers {status} ({str(error)[:100]}) for {what}.")
        return _object(answer)

    def _ask(
        self, method: str, address: str, body: bytes | None = None, headers: Mapping[str, str] | None = None
    ) -> tuple[int, bytes]:
        """The status and the body of an answer. Raises IssuerError, IssuerBusyError."""
        if not self._slots.acquire(blocking=False):
            raise IssuerBusyError
        connection = HTTPSConnection(
            self._own.hostname or "", self._own.port or 443, timeout=PATIENCE, context=self._context
        )
        try:
            parts = urlsplit(address)
            path = f"{parts.path or '/'}{'?' * bool(parts.query)}{parts.query}"
            connection.request(method, path, body, {"Accept": "application/json", **(headers or {})})
            answer = connection.getresponse()
            return answer.status, _read(answer.read1)
        except (OSError, HTTPException, ValueError) as error:
            raise IssuerError(f"The issuer {self.name} does not answer: {error}") from error
        finally:
            connection.close()
            self._slots.release()


def _read(read: Callable[[int], bytes]) -> bytes:
    """A body, within bounds of size and time. Raises IssuerError."""
    until, whole = time.monotonic() + LONGEST, bytearray()
    while piece := read(_PIECE):
        whole += piece
        if len(whole) > LARGEST or time.monotonic() > until:
            raise IssuerError("The issuer's answer is larger than any should be, or comes too slowly.")
    return bytes(whole)


def _object(answer: bytes) -> dict[str, Any]:
    """The JSON object of an answer; an empty one where it is none."""
    try:
        value = json.loads(answer)
    except (ValueError, RecursionError):
        return {}
    return value if isinstance(value, dict) else {}


def _origin(parts: SplitResult) -> tuple[str, str | None, int, str | None]:
    return parts.scheme, parts.hostname, parts.port or 443, parts.username


def _secret(path: str) -> str:
    """What proves to the issuer who asks; "" for a public client. Raises IssuerError."""
    if not path:
        return ""
    try:
        secret = Path(path).read_text(encoding="utf-8").strip()
    except (OSError, ValueError) as error:
        raise IssuerError(f"TOLMACH_OIDC_CLIENT_SECRET_FILE names {path}, which cannot be read: {error}") from error
    if len(secret) < SHORTEST_SECRET:
        raise IssuerError(f"The secret in {path} is weak: it must have at least {SHORTEST_SECRET} characters.")
    return secret


def _context(authority: str) -> ssl.SSLContext:
    try:
        return ssl.create_default_context(cafile=authority or None)
    except (OSError, ValueError) as error:
        raise IssuerError(f"TOLMACH_OIDC_CA names {authority}, which holds no certificate: {error}") from error
