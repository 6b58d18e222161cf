"""Slow clients and many: each is cut off, and others are answered all the while. Real sockets, seconds made short."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
import uvicorn
from servers import free_port

from services.http import connections
from services.http.connections import protocol
from services.proxies import TrustedProxies

LONG = 3_600.0
PATIENCE = 60.0  # seconds after which a test gives up: a connection that is never cut off fails it
HEALTH = b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"


async def app(scope, receive, send) -> None:
    """Answers with the body's length; of /large much, of /refused without reading, of /late when a body has come."""
    length, more = 0, scope["path"] != "/refused"
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            return
        length, more = length + len(message["body"]), message["more_body"]
    body = b"x" * 20_000_000 if scope["path"] == "/large" else str(length).encode()
    headers = [(b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": body})


@contextmanager
def running(trusted: str = "") -> Iterator[Callable[[], socket.socket]]:
    """A server; gives what connects to it."""
    port = free_port()
    bounded = protocol(TrustedProxies.parse(trusted))
    config = uvicorn.Config(app, port=port, http=bounded, ws="none", lifespan="off", log_level="critical")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        while not server.started:
            thread.join(0.01)
        yield lambda: socket.create_connection(("127.0.0.1", port), PATIENCE)
    finally:
        server.should_exit = server.force_exit = True
        thread.join()


def told(connection: socket.socket) -> bytes:
    """All that comes until the server closes the connection."""
    received = b""
    try:
        while piece := connection.recv(65_536):
            received += piece
    except ConnectionResetError:
        pass
    return received


def answered(connection: socket.socket, request: bytes = HEALTH) -> bytes:
    """What comes first after a request."""
    connection.sendall(request)
    return connection.recv(65_536)


SLOW = {
    "nothing at all": (b"", "HEADER_SECONDS"),
    "half a header": (b"GET / HTTP/1.1\r\nHost: x\r\nX-A: ", "HEADER_SECONDS"),
    "half a body": (b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nhalf", "BODY_SECONDS"),
    "a length and nothing": (b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\n", "BODY_SECONDS"),
}


@pytest.mark.parametrize(("sent", "bound"), SLOW.values(), ids=SLOW)
def test_whoever_sends_too_slowly_is_cut_off(monkeypatch: pytest.MonkeyPatch, sent: bytes, bound: str) -> None:
    """By that bound and no other; somebody else is answered meanwhile."""
    for name in ("HEADER_SECONDS", "BODY_SECONDS"):
        monkeypatch.setattr(connections, name, 0.2 if name == bound else LONG)
    with running() as connect, connect() as slow:
        slow.sendall(sent)
        if bound != "HEADER_SECONDS":
            with connect() as other:
                assert answered(other).startswith(b"HTTP/1.1 200")
        assert told(slow) == b""


def test_a_trickle_does_not_prolong_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections, "HEADER_SECONDS", 0.5)
    with running() as connect, connect() as slow:
        stop = threading.Event()

        def trickle() -> None:
            slow.sendall(b"GET / HTTP/1.1\r\n")
            while not stop.wait(0.05):
                try:
                    slow.sendall(b"X-A: b\r\n")
                except OSError:
                    return

        thread = threading.Thread(target=trickle)
        thread.start()
        assert told(slow) == b""
        stop.set()
        thread.join()


def test_a_second_request_has_a_time_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections, "HEADER_SECONDS", 0.3)
    with running() as connect, connect() as slow:
        assert answered(slow).startswith(b"HTTP/1.1 200")
        slow.sendall(b"GET / HTTP/1.1\r\n")
        assert told(slow) in (b"", b"0")  # the first answer's body may come late


def test_what_nobody_waits_for_is_read_for_a_moment_only(monkeypatch: pytest.MonkeyPatch) -> None:
    """The answer is given before the body is there; then the connection ends, however much was announced."""
    monkeypatch.setattr(connections, "REST_SECONDS", 0.2)
    with running() as connect, connect() as slow:
        slow.sendall(b"POST /refused HTTP/1.1\r\nHost: x\r\nContent-Length: 999999999999\r\n\r\n")
        assert told(slow).startswith(b"HTTP/1.1 200")


def test_an_answer_that_is_not_read_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    cut = threading.Event()
    monkeypatch.setattr(connections, "READING_SECONDS", 0.2)
    lost = connections.BoundedProtocol.connection_lost
    monkeypatch.setattr(
        connections.BoundedProtocol, "connection_lost", lambda own, error: (cut.set(), lost(own, error))[1]
    )
    with running() as connect, connect() as slow:
        slow.sendall(b"GET /large HTTP/1.1\r\nHost: x\r\n\r\n")
        assert cut.wait(PATIENCE)
        assert len(told(slow)) < 20_000_000


def test_an_answer_that_is_read_is_given_whole() -> None:
    with running() as connect, connect() as quick:
        quick.sendall(b"GET /large HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        assert told(quick).endswith(b"x" * 20_000_000)


def test_one_address_has_so_many_connections_and_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections, "MOST_OF_ONE", 3)
    with running() as connect:
        kept = [connect() for _ in range(3)]
        assert all(answered(each).startswith(b"HTTP/1.1 200") for each in kept)
        with connect() as more:
            assert told(more) == b""
        kept.pop().close()
        assert any(_is_answered(connect) for _ in range(200))
        for each in kept:
            each.close()


def _is_answered(connect: Callable[[], socket.socket]) -> bool:
    with connect() as connection:
        try:
            return answered(connection).startswith(b"HTTP/1.1 200")
        except OSError:
            return False


def test_a_trusted_proxy_may_have_as_many_as_there_are(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections, "MOST_OF_ONE", 1)
    monkeypatch.setattr(connections, "MOST", 4)
    with running("127.0.0.0/8") as connect:
        kept = [connect() for _ in range(4)]
        assert all(answered(each).startswith(b"HTTP/1.1 200") for each in kept)
        with connect() as more:
            assert told(more) == b""
        for each in kept:
            each.close()


@pytest.mark.parametrize(
    ("length", "seconds"), [(b"0", 20.0), (b"1000000", 70.0), (b"9" * 500, 50_020.0), (b"x", 20.0), (b"", 20.0)]
)
def test_a_body_has_the_time_that_its_length_needs(length: bytes, seconds: float) -> None:
    own = connections.BoundedProtocol.__new__(connections.BoundedProtocol)
    own._phase, own.headers = "body", [(b"content-length", length)]
    assert own._seconds() == seconds
