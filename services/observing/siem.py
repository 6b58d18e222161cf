"""Hands the audit trail on to a system that watches many (SIEM), as ECS. Refuses to tell terms, titles and reasons.

Entries are handed on in order, each at least once: how far it came is kept once the other side has taken them in. What
is told of an entry's detail is every number, and the words of the few fields named here.
"""

from __future__ import annotations

import ipaddress
import json
import os
import socket
import ssl
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any, Final, Protocol
from urllib.parse import urlsplit

from auth.audit.entries import Entry, shown
from auth.audit.trail import Trail
from auth.durable import sync
from auth.errors import ErrorKind, TolmachError
from services.components import Components

ECS_VERSION: Final = "8.17"
AT_ONCE: Final = 500  # entries until how far it came is kept
PATIENCE: Final = 30.0  # seconds for the other side
SYSLOG_PORT: Final = 6514
TOLD: Final = frozenset(  # of whose words nobody's free text is part
    {"rule", "label", "role", "level", "proposal", "proposed_by", "username", "action", "change", "state", "kind"}
)
_AUDIT, _WARNING, _INFORMATIONAL = 13, 4, 6  # facility and severities of RFC 5424
_AUTHENTICATION: Final = frozenset({"sign_in", "sign_out", "sign_out_everywhere", "issuer_sign_out"})
_ACCESS: Final = ("person", "grant", "agency", "sign_in", "proposal")  # words in the actions that change access
_OUTCOMES: Final = {"allowed": "success", "refused": "failure"}


class SiemError(TolmachError):
    """What watches cannot be reached, or the trail is not the one that was handed on; the message says what to do."""

    kind = ErrorKind.INTERNAL
    code = "siem"


def as_ecs(entry: Entry) -> dict[str, Any]:
    """An entry as the Elastic Common Schema has it."""
    detail = json.loads(entry.detail)
    fields = {name: value for name, value in detail.items() if isinstance(value, int) or name in TOLD}
    document: dict[str, Any] = {
        "@timestamp": entry.at,
        "ecs": {"version": ECS_VERSION},
        "event": {
            "kind": "event",
            "module": "tolmach",
            "dataset": "tolmach.audit",
            "category": [_category(entry.action)],
            "type": ["denied" if entry.decision == "refused" else "info"],
            "action": entry.action,
            "outcome": _OUTCOMES.get(entry.decision, "unknown"),
            "sequence": entry.number,
            "hash": entry.digest,
        },
        "tolmach": {"object": entry.object, "decision": entry.decision, "detail": fields, "shown": len(shown(entry))},
    }
    if entry.actor:
        document["user"] = {"name": entry.actor}
    if entry.origin:
        document["source"] = {"address": entry.origin}
        with suppress(ValueError):
            document["source"]["ip"] = str(ipaddress.ip_address(entry.origin))
    return document


def _category(action: str) -> str:
    if action in _AUTHENTICATION:
        return "authentication"
    return "iam" if any(word in action for word in _ACCESS) else "file"


class Outlet(Protocol):
    """Where entries go."""

    def hand_on(self, entries: Sequence[Entry]) -> None:
        """Give these to the other side, and return once it has them. Raises SiemError."""


@dataclass(frozen=True, slots=True)
class JsonLines:
    """A file that grows by a line an entry; whoever collects it may move it away at any time."""

    path: Path

    def hand_on(self, entries: Sequence[Entry]) -> None:
        """See Outlet."""
        lines = "".join(json.dumps(as_ecs(entry), ensure_ascii=False) + "\n" for entry in entries)
        try:
            handle = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o640)
            with os.fdopen(handle, "ab") as file:
                file.write(lines.encode())
                file.flush()
                os.fsync(file.fileno())
        except OSError as error:
            raise SiemError(f"{self.path} cannot be written: {error.strerror}.") from error


@dataclass(frozen=True, slots=True)
class Syslog:
    """A collector that takes syslog over TLS (RFC 5425), known by its certificate.

    That protocol has no receipts. So each batch has a connection of its own, and counts as taken in once the other
    side has answered its end: before that it has read everything.
    """

    host: str
    port: int
    authority: str

    def hand_on(self, entries: Sequence[Entry]) -> None:
        """See Outlet."""
        try:
            context = ssl.create_default_context(cafile=self.authority or None)
            with (
                socket.create_connection((self.host, self.port), PATIENCE) as plain,
                context.wrap_socket(plain, server_hostname=self.host) as encrypted,
            ):
                encrypted.sendall(b"".join(map(_framed, entries)))
                encrypted.unwrap()
        except OSError as error:
            raise SiemError(f"{self.host}, port {self.port}, does not take in the trail: {error}") from error


def _framed(entry: Entry) -> bytes:
    severity = _WARNING if entry.decision == "refused" else _INFORMATIONAL
    head = f"<{8 * _AUDIT + severity}>1 {entry.at} {socket.gethostname()} tolmach {os.getpid()} audit - "
    message = (head + json.dumps(as_ecs(entry), ensure_ascii=False)).encode()
    return b"%d %s" % (len(message), message)


def outlet_of(address: str, authority: str) -> Outlet:
    """The outlet of an address: `file:///path`, or `syslog+tls://host:port`. Raises ValueError."""
    parts = urlsplit(address)
    if parts.scheme == "file" and not parts.netloc and parts.path:
        return JsonLines(Path(parts.path))
    if parts.scheme == "syslog+tls" and parts.hostname and parts.path in ("", "/"):
        return Syslog(parts.hostname, parts.port or SYSLOG_PORT, authority)
    raise ValueError(address)


@dataclass(frozen=True, slots=True)
class Forwarding:
    """The trail on its way to an address, and the file that keeps how far it came."""

    trail: Trail
    outlet: Outlet
    address: str
    kept: Path

    def step(self) -> int:
        """Hand on the next few entries; how many. Raises SiemError, TrailError."""
        number = self.position()
        some = list(islice(self.trail.entries(number + 1), AT_ONCE))
        if some:
            self.outlet.hand_on(some)
            self._keep(some[-1])
        return len(some)

    def position(self) -> int:
        """The number of the last entry that was handed on to this address; 0 for none. Raises SiemError, TrailError."""
        if not self.kept.exists():
            return 0
        try:
            kept = json.loads(self.kept.read_text(encoding="utf-8"))
            address, number, digest = kept["address"], int(kept["number"]), kept["digest"]
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise SiemError(
                f"{self.kept} was damaged. Remove it: the trail is handed on from its beginning."
            ) from error
        if address != self.address:
            return 0
        if self.trail.lacks(number, digest):
            raise SiemError(
                f"The trail has another entry {number} than was handed on: it is an older one, or was changed. Prove "
                f"it with `tolmach audit verify --all`; then remove {self.kept} to hand it on from its beginning."
            )
        return number

    def behind(self) -> int:
        """How many entries wait. Raises SiemError, TrailError."""
        return self.trail.count() - self.position()

    def _keep(self, entry: Entry) -> None:
        new = self.kept.with_suffix(".new")
        position = {"address": self.address, "number": entry.number, "digest": entry.digest}
        new.write_text(json.dumps(position), encoding="utf-8")
        sync(new)
        new.rename(self.kept)
        sync(self.kept.parent)


def forwarding_of(components: Components) -> Forwarding | None:
    """The way of the trail to what the settings name; None where they name nothing."""
    settings = components.settings
    if not settings.siem:
        return None
    outlet = outlet_of(settings.siem, settings.siem_ca)
    return Forwarding(components.trail, outlet, settings.siem, components.home.siem_position)
