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
    """A loop in a thread of its own: the browser's tests leave one running in ours."""
    loop = asyncio.new_event_loop()
    threading.Thread(target=loop.run_forever, daemon=True).start()
    return loop


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
