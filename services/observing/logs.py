"""Writes the log, for machines as lines of JSON, each with the request it belongs to, which no client is told."""

from __future__ import annotations

import json
import logging
import secrets
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Final

_request: Final[ContextVar[str]] = ContextVar("request", default="")


@contextmanager
def request() -> Iterator[str]:
    """A request, by a random identifier that what is logged meanwhile bears: it is in no answer."""
    identifier = secrets.token_hex(8)
    token = _request.set(identifier)
    try:
        yield identifier
    finally:
        _request.reset(token)


class JsonLine(logging.Formatter):
    """An event as a line of JSON, the names those of ECS."""

    def format(self, record: logging.LogRecord) -> str:
        """See logging.Formatter."""
        line = {
            "@timestamp": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "log.level": record.levelname.lower(),
            "log.logger": record.name,
            "message": record.getMessage(),
            "process.pid": record.process,
        }
        if identifier := _request.get():
            line["http.request.id"] = identifier
        if record.exc_info and (error := record.exc_info[1]):
            line |= {
                "error.type": type(error).__name__,
                "error.stack_trace": "".join(traceback.format_exception(error)),
            }
        return json.dumps(line, ensure_ascii=False)


def install(kind: str, level: int) -> None:
    """Write the log of this process from now on as `json`, or as `text`, from a level on."""
    handler = logging.StreamHandler()
    text = logging.Formatter("%(asctime)s %(levelname)s %(message)s")
    handler.setFormatter(JsonLine() if kind == "json" else text)
    logging.basicConfig(level=level, handlers=[handler], force=True)
