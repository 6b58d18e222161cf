"""What one connection may take of the service. Refuses what is sent or read too slowly, and too many at once.

Whoever is too slow is cut off without a word: nothing that they asked for has been done by then, as a route begins when
its body is there.
"""

from __future__ import annotations

import asyncio
from typing import Final

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

from services.proxies import TrustedProxies

HEADER_SECONDS: Final = 10.0  # for a request's header, or until the first one begins
BODY_SECONDS: Final = 20.0  # for a body, and besides
SLOWEST_BODY: Final = 20_000  # bytes a second
REST_SECONDS: Final = 5.0  # for what nobody waits for any more: the request was answered before its body was there
LARGEST_BODY: Final = 1_000_000_000  # bytes that a body is given time for
READING_SECONDS: Final = 60.0  # for taking what waits of an answer
MOST: Final = 1_000  # connections at once
MOST_OF_ONE: Final = 100  # of one address that is no trusted proxy's

_PHASES: Final = {h11.IDLE: "header", h11.SEND_BODY: "body"}  # by what the other side is doing


class BoundedProtocol(H11Protocol):
    """HTTP/1.1 on one connection, within bounds."""

    proxies = TrustedProxies()
    _phase = ""
    _timer: asyncio.TimerHandle | None = None
    _reading: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin, unless there are too many already."""
        super().connection_made(transport)
        if self._too_many():
            transport.abort()
        else:
            self._watch()

    def connection_lost(self, exc: Exception | None) -> None:
        """End."""
        self._watch(over=True)
        self.resume_writing()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Go on."""
        super().data_received(data)
        self._watch()

    def on_response_complete(self) -> None:
        """An answer was given: the next request may come."""
        super().on_response_complete()
        self._watch()

    def pause_writing(self) -> None:
        """More of an answer waits than should: whoever asked reads slowly."""
        super().pause_writing()
        self._reading = self._reading or self.loop.call_later(READING_SECONDS, self.transport.abort)

    def resume_writing(self) -> None:
        """It was read."""
        if self._reading is not None:
            self._reading.cancel()
            self._reading = None
        if self.flow is not None:
            super().resume_writing()

    def _too_many(self) -> bool:
        if len(self.connections) > MOST:
            return True
        host = self.client[0] if self.client else ""
        if self.proxies.trusts(host):
            return False
        clients = [each.client for each in self.connections if isinstance(each, BoundedProtocol)]
        return sum(client is not None and client[0] == host for client in clients) > MOST_OF_ONE

    def _watch(self, over: bool = False) -> None:
        """Give each phase its time once: what arrives in between does not prolong it."""
        phase = "" if over else _PHASES.get(self.conn.their_state, "")
        if phase == "body" and self.cycle.response_complete:
            phase = "rest"
        if phase == self._phase:
            return
        self._phase = phase
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if phase:
            self._timer = self.loop.call_later(self._seconds(), self._cut_off)

    def _seconds(self) -> float:
        if self._phase != "body":
            return HEADER_SECONDS if self._phase == "header" else REST_SECONDS
        announced = dict(self.headers).get(b"content-length", b"")
        length = int(announced[:12]) if announced.isdigit() else 0
        return BODY_SECONDS + min(length, LARGEST_BODY) / SLOWEST_BODY

    def _cut_off(self) -> None:
        if self.flow.read_paused:  # it is we who are slow
            self._timer = self.loop.call_later(BODY_SECONDS, self._cut_off)
        else:
            self.transport.abort()


def protocol(trusted: TrustedProxies) -> type[BoundedProtocol]:
    """The protocol of a server behind these proxies."""
    return type("BoundedProtocol", (BoundedProtocol,), {"proxies": trusted})
