"""Asks an application over ASGI itself, without a socket: thousands of requests in a test."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import MutableMapping
from functools import cache
from typing import Any
from urllib.parse import unquote

import httpx2

Raw = tuple[int, list[tuple[bytes, bytes]], bytes]  # status, headers, body


@cache
def _loop() -> asyncio.AbstractEventLoop:
    """A loop in a thread of its own: the browser's tests leave one running in ours.

    It runs until one task is done, which never is, as a server's does: anyio keeps its threads for as long as that
    task lasts, and would start one for each request where there is none.
    """
    loop = asyncio.new_event_loop()
    threading.Thread(target=loop.run_until_complete, args=[_never()], daemon=True).start()
    return loop


async def _never() -> None:
    await asyncio.Event().wait()


def asked(app: Any, method: str, path: str, **more: Any) -> Raw:
    """The answer to a request; `more` is what httpx takes: json, data, files, headers."""
    request = httpx2.Request(method, f"http://testserver{path}", **more)
    return asyncio.run_coroutine_threadsafe(_exchange(app, request, request.read()), _loop()).result()


async def _exchange(app: Any, request: httpx2.Request, content: bytes) -> Raw:
    path, _, query = request.url.raw_path.partition(b"?")
    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": request.method,
        "scheme": "http",
        "path": unquote(path.decode("ascii")),
        "raw_path": path,
        "root_path": "",
        "query_string": query,
        "headers": [(name.lower(), value) for name, value in request.headers.raw],
        "client": ("testclient", 50_000),
        "server": ("testserver", 80),
        "state": {},
    }
    answer: list[MutableMapping[str, Any]] = []
    received = False
    done = asyncio.Event()

    async def receive() -> dict[str, Any]:
        nonlocal received
        if received:
            await done.wait()
            return {"type": "http.disconnect"}
        received = True
        return {"type": "http.request", "body": content, "more_body": False}

    async def send(message: MutableMapping[str, Any]) -> None:
        answer.append(message)
        if message["type"] == "http.response.body" and not message.get("more_body"):
            done.set()

    await app(scope, receive, send)
    body = b"".join(message.get("body", b"") for message in answer[1:])
    return answer[0]["status"], list(answer[0]["headers"]), body


class _Upload:
    """A body of so many megabytes that is sent only as far as it is asked for."""

    def __init__(self, pieces: int) -> None:
        self.left, self.taken = pieces, 0

    async def receive(self) -> dict[str, object]:
        self.left, self.taken = self.left - 1, self.taken + 1
        return {"type": "http.request", "body": b"x" * 1_000_000, "more_body": self.left > 0}


def pieces_read(app: Any, method: str, path: str, headers: dict[str, str], megabytes: int = 100) -> tuple[int, int]:
    """The status of a request that announces so many megabytes, and how many of them were read."""
    upload, statuses = _Upload(megabytes), []

    async def send(message) -> None:
        if message["type"] == "http.response.start":
            statuses.append(message["status"])

    sent = {"content-length": str(megabytes * 1_000_000), **headers}
    scope = {
        "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": method, "scheme": "http",
        "path": path, "raw_path": path.encode(), "root_path": "", "query_string": b"", "client": ("192.0.2.1", 5),
        "server": ("testserver", 80), "headers": [(n.lower().encode(), v.encode()) for n, v in sent.items()],
    }  # fmt: skip
    asyncio.run_coroutine_threadsafe(app(scope, upload.receive, send), _loop()).result()
    return statuses[0], upload.taken
