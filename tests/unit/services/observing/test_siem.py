"""The trail is handed on whole and in order, each entry at least once, and tells no term, title or reason."""

from __future__ import annotations

import json
import re
import socket
import ssl
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from factories import PASSWORD, agency, client, fresh, person
from servers import certificate
from trails import event, trail_of

from auth.audit.entries import Event
from auth.audit.trail import Trail
from services import doctor
from services.observing import siem
from services.observing.siem import Forwarding, JsonLines, SiemError, Syslog, as_ecs, forwarding_of, outlet_of


@pytest.fixture
def trail(tmp_path: Path) -> Iterator[Trail]:
    opened = trail_of(tmp_path / "trail", 7, auditor=True)
    yield opened
    opened.close()


def to_file(trail: Trail, tmp_path: Path, name: str = "out.jsonl") -> Forwarding:
    path = tmp_path / name
    return Forwarding(trail, JsonLines(path), path.as_uri(), tmp_path / "siem.position")


def numbers(path: Path) -> list[int]:
    return [json.loads(line)["event"]["sequence"] for line in path.read_text().splitlines()]


def test_an_entry_tells_who_did_what_and_nothing_that_somebody_wrote() -> None:
    opened = Event(
        "ann", "192.0.2.7", "relabel", "doc", "refused", {"rule": "label", "total": 3, "reason": "they asked", "x": "t"}
    )
    entry = siem.Entry(9, "2026-11-30T04:00:00.000001+00:00", "ann", "192.0.2.7", "relabel", "doc", "refused",
                       json.dumps(dict(opened.detail) | {"shown": ["d1", "d2"]}), "sealed terms", "ab")  # fmt: skip
    told = as_ecs(entry)
    assert told["event"] | {"category": 0} == {
        "kind": "event",
        "module": "tolmach",
        "dataset": "tolmach.audit",
        "category": 0,
        "type": ["denied"],
        "action": "relabel",
        "outcome": "failure",
        "sequence": 9,
        "hash": "ab",
    }
    assert told["user"] == {"name": "ann"} and told["source"] == {"address": "192.0.2.7", "ip": "192.0.2.7"}
    assert told["tolmach"] == {
        "object": "doc",
        "decision": "refused",
        "detail": {"rule": "label", "total": 3},
        "shown": 2,
    }
    assert "they asked" not in json.dumps(told) and "sealed" not in json.dumps(told)


def test_no_search_term_is_told_of_a_real_search(tmp_path: Path) -> None:
    components = fresh(tmp_path / "home", siem=(tmp_path / "out.jsonl").as_uri())
    agency(components, "A")
    person(components, "ann", "A", ["expert"])
    api = client(components, "ann")
    api.post("/api/search", json={"query": "zeppelins", "filters": {"body": ["zeppelins"]}})
    api.post("/api/session", json={"username": "ann", "password": PASSWORD})
    forwarding = forwarding_of(components)
    assert forwarding is not None and forwarding.behind() > 0
    finding = next(each for each in doctor.examine(components) if each.what == "SIEM")
    assert finding.well and "wait to be handed on" in finding.words
    while forwarding.step():
        pass
    assert forwarding.behind() == 0
    text = (tmp_path / "out.jsonl").read_text()
    categories = {
        json.loads(line)["event"]["action"]: json.loads(line)["event"]["category"] for line in text.splitlines()
    }
    assert "zeppelins" not in text and categories["sign_in"] == ["authentication"] and categories["search"] == ["file"]
    components.close()


def test_it_goes_on_where_it_was_left(trail: Trail, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(siem, "AT_ONCE", 3)
    assert to_file(trail, tmp_path).step() == 3
    assert to_file(trail, tmp_path).step() == 3
    trail.record(event(7))
    forwarding = to_file(trail, tmp_path)
    assert [forwarding.step(), forwarding.step()] == [2, 0]
    assert numbers(tmp_path / "out.jsonl") == list(range(1, 9))


def test_after_a_crash_entries_come_twice_rather_than_not_at_all(
    trail: Trail, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    forwarding = to_file(trail, tmp_path)
    with monkeypatch.context() as crash:
        crash.setattr(Forwarding, "_keep", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            forwarding.step()
    forwarding.step()
    assert numbers(tmp_path / "out.jsonl") == [*range(1, 8), *range(1, 8)]


def test_it_goes_through_archives(trail: Trail, tmp_path: Path) -> None:
    trail.archive(Event("operator", "console", "archive"))
    to_file(trail, tmp_path).step()
    assert numbers(tmp_path / "out.jsonl") == list(range(1, 9))


def test_another_address_is_told_from_the_beginning(trail: Trail, tmp_path: Path) -> None:
    to_file(trail, tmp_path).step()
    to_file(trail, tmp_path, "other.jsonl").step()
    assert numbers(tmp_path / "other.jsonl") == list(range(1, 8))


def test_an_older_trail_is_not_handed_on(trail: Trail, tmp_path: Path) -> None:
    to_file(trail, tmp_path).step()
    older = trail_of(tmp_path / "older", 4)
    with pytest.raises(SiemError, match="another entry 7"):
        to_file(older, tmp_path).step()
    (tmp_path / "siem.position").write_text("{")
    with pytest.raises(SiemError, match="was damaged"):
        to_file(trail, tmp_path).step()
    older.close()


@pytest.mark.parametrize("address", ["file://host/x", "syslog://h:1", "syslog+tls://", "https://h", "syslog+tls://h:x"])
def test_other_addresses_are_none(address: str) -> None:
    with pytest.raises(ValueError):
        outlet_of(address, "")


# -- Syslog, against a real collector over TLS


class Collector:
    """Takes syslog over TLS; `deaf` reads nothing and hangs up."""

    def __init__(self, folder: Path) -> None:
        self.authority, key = certificate(folder)
        self._context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._context.load_cert_chain(self.authority, key)
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port = self._socket.getsockname()[1]
        self.received, self.deaf = b"", False
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        while True:
            try:
                plain, _ = self._socket.accept()
            except OSError:
                return
            try:
                with self._context.wrap_socket(plain, server_side=True) as encrypted:
                    while not self.deaf and (some := encrypted.recv(65536)):
                        self.received += some
                    if not self.deaf:
                        encrypted.unwrap()
            except OSError:
                pass

    def messages(self) -> list[dict[str, Any]]:
        rest, found = self.received, []
        while rest:
            length, _, rest = rest.partition(b" ")
            message, rest = rest[: int(length)], rest[int(length) :]
            head = re.fullmatch(rb"<(108|110)>1 (\S+) \S+ tolmach \d+ audit - (\{.*\})", message)
            assert head, message
            found.append(json.loads(head[3]))
        return found

    def close(self) -> None:
        self._socket.close()


@pytest.fixture
def collector(tmp_path: Path) -> Iterator[Collector]:
    opened = Collector(tmp_path)
    yield opened
    opened.close()


def to_collector(trail: Trail, collector: Collector, tmp_path: Path, authority: str | None = None) -> Forwarding:
    outlet = Syslog("127.0.0.1", collector.port, str(collector.authority) if authority is None else authority)
    return Forwarding(trail, outlet, "syslog+tls://127.0.0.1", tmp_path / "siem.position")


def test_a_collector_takes_the_trail_over_tls(trail: Trail, collector: Collector, tmp_path: Path) -> None:
    forwarding = to_collector(trail, collector, tmp_path)
    assert forwarding.step() == 7
    trail.record(event(7))
    assert forwarding.step() == 1
    assert [message["event"]["sequence"] for message in collector.messages()] == list(range(1, 9))


def test_a_collector_that_hangs_up_has_taken_nothing_in(trail: Trail, collector: Collector, tmp_path: Path) -> None:
    collector.deaf = True
    forwarding = to_collector(trail, collector, tmp_path)
    with pytest.raises(SiemError, match="does not take in"):
        forwarding.step()
    assert forwarding.position() == 0
    collector.deaf = False
    forwarding.step()
    assert collector.messages()[0]["event"]["sequence"] == 1


def test_a_collector_of_another_authority_is_told_nothing(trail: Trail, collector: Collector, tmp_path: Path) -> None:
    with pytest.raises(SiemError, match="CERTIFICATE_VERIFY_FAILED"):
        to_collector(trail, collector, tmp_path, authority="").step()
    assert collector.received == b""
    assert outlet_of("syslog+tls://host", "ca") == Syslog("host", 6514, "ca")
