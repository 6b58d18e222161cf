"""Talks to Elasticsearch over TLS: the only file that knows its client, whose errors end here. Refuses partial answers.

What an error says of the query never leaves this file: messages name the kind of trouble and what to do.
"""

from __future__ import annotations

import json
import logging
import ssl
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from http import HTTPStatus
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeVar
from urllib.parse import urlsplit

from indexer.engine.budget import OverBudgetError
from indexer.engine.contract import EngineError, EngineUnavailableError, NotPermittedError
from indexer.engine.elastic.index import Json

if TYPE_CHECKING:  # else where it is used: whoever has the other engine does not wait for it
    import elasticsearch

MAJOR: Final = 9  # the version of the server that this is made for
READ_SECONDS: Final = 15.0
WRITE_SECONDS: Final = 120.0
TRIES: Final = 6  # of what the server is too busy for
FIRST_PAUSE: Final = 0.25  # seconds; doubles with each try
LOOPBACK: Final = frozenset({"localhost", "127.0.0.1", "::1"})

_JSON = f"application/vnd.elasticsearch+json; compatible-with={MAJOR}"
_LINES = f"application/vnd.elasticsearch+x-ndjson; compatible-with={MAJOR}"
T = TypeVar("T")

_log = logging.getLogger(__name__)
_BUSY = frozenset({429, 502, 503, 504})


class AbsentIndexError(EngineUnavailableError):
    """There is no such index or alias."""


@dataclass(frozen=True, slots=True)
class Access:
    """Where the server is and how we sign in. `authority` is the certificate to trust; None: the system's."""

    url: str
    authority: Path | None = None
    api_key: str = ""
    username: str = ""
    password: str = ""
    plain_http: bool = False


class Client:
    """One server and one credential; any number of threads may use it at once."""

    def __init__(self, access: Access) -> None:
        from elasticsearch import Elasticsearch

        _refuse_unsafe(access)
        try:
            client = Elasticsearch(access.url, **_credential(access), **_trust(access), max_retries=0)
        except (ValueError, OSError) as error:
            raise EngineUnavailableError(f"Elasticsearch at {access.url} cannot be addressed: {error}") from error
        self._client = client
        self._within = lru_cache(lambda seconds: client.options(request_timeout=seconds))  # making one is slow

    def get(self, path: str) -> Json:
        """Ask for something that is not a search."""
        return self._patiently("GET", path, None, READ_SECONDS)

    def ask(self, index: str, body: Json) -> Json:
        """Search, all shards or none."""
        parameters = {"allow_partial_search_results": "false"}
        answer = self._call("POST", f"/{index}/_search", parameters, body, READ_SECONDS)
        shards = answer["_shards"]
        if answer["timed_out"]:
            raise OverBudgetError("A search was stopped by Elasticsearch when its time was over.")
        if shards["failed"] or shards["successful"] < shards["total"]:
            raise EngineUnavailableError("Elasticsearch answered in part only; nothing of it may be used.")
        return answer

    def send(self, method: str, path: str, body: Json | None = None, **parameters: str) -> Json:
        """Change something that is not a document."""
        return self._call(method, path, parameters, body, WRITE_SECONDS)

    def versions(self, index: str, identifiers: Sequence[str]) -> dict[str, int]:
        """The version of each of these records as it is now, refreshed or not; 0 where there is none."""
        answer = self._patiently("POST", f"/{index}/_mget", {"ids": list(identifiers)}, READ_SECONDS)
        return {record["_id"]: record.get("_version", 0) for record in answer["docs"]}

    def bulk(self, alias: str, operations: Sequence[bytes]) -> list[bool]:
        """Do all these operations, trying again those that the server was too busy for.

        Gives of each whether it was done: if not, a higher version is there.
        """
        outcomes: dict[int, bool] = {}

        def once() -> None:
            left = [at for at in range(len(operations)) if at not in outcomes]
            lines = [operations[at] for at in left]
            answer = self._call("POST", f"/{alias}/_bulk", {"require_alias": "true"}, lines, WRITE_SECONDS, _LINES)
            results = map(_outcome, answer["items"])
            outcomes.update({at: result for at, result in zip(left, results, strict=True) if result is not None})
            if len(outcomes) < len(operations):
                raise BusyError("Elasticsearch is too busy to take documents; trying again later.")

        _backing_off(once)
        return [outcomes[at] for at in range(len(operations))]

    def refresh(self, index: str) -> None:
        """Make everything that was written to it visible, on every copy."""
        shards = self._patiently("POST", f"/{index}/_refresh", None, WRITE_SECONDS)["_shards"]
        if shards["failed"]:
            raise EngineUnavailableError("Elasticsearch could not make what was written visible everywhere.")

    def close(self) -> None:
        """Let go of the connections."""
        self._client.close()

    def _patiently(self, method: str, path: str, body: object, seconds: float) -> Json:
        """As `_call`, for what may be asked again, and has no person waiting for it."""
        return _backing_off(lambda: self._call(method, path, {}, body, seconds))

    def _call(
        self, method: str, path: str, parameters: Mapping[str, str], body: object, seconds: float, kind: str = _JSON
    ) -> Json:
        import elasticsearch

        headers = {"accept": _JSON, **({"content-type": kind} if body is not None else {})}
        asked: Any = self._within(seconds)
        began = time.monotonic()
        try:
            answer = asked.perform_request(method, path, params=parameters, headers=headers, body=body)
        except elasticsearch.ApiError as error:
            raise _translated(error) from None  # its text may quote the query
        except (elasticsearch.TransportError, elasticsearch.UnsupportedProductError) as error:
            _log.warning("Elasticsearch after %.1f s: %s", time.monotonic() - began, " < ".join(_kinds(error)))
            raise _unreachable(error) from None
        content: Json = answer.body
        return content


class BusyError(EngineUnavailableError):
    """The server has too much to do, or too little memory, now."""


def _backing_off(call: Callable[[], T]) -> T:
    """Call until the server is not too busy for it. Raises BusyError in the end."""
    for pause in (FIRST_PAUSE * 2**at for at in range(TRIES - 1)):
        try:
            return call()
        except BusyError:
            time.sleep(pause)
    return call()


def operation(identifier: str, routing: str, version: int, source: Json) -> bytes:
    """A line pair of a bulk request that puts a record, unless a higher version is there.

    There is none that deletes: the server forgets the version of what was deleted, and where the index is gone it makes
    one of the alias's name for it.
    """
    about = {"_id": identifier, "routing": routing, "version": version, "version_type": "external_gte"}
    return json.dumps({"index": about}).encode() + b"\n" + json.dumps(source, ensure_ascii=False).encode()


def _refuse_unsafe(access: Access) -> None:
    parts = urlsplit(access.url)
    if parts.username or parts.password:
        raise EngineError("The address of Elasticsearch must hold no password: name a file with it instead.")
    if parts.scheme == "https" or (parts.scheme == "http" and access.plain_http and parts.hostname in LOOPBACK):
        return
    raise EngineError(
        "Elasticsearch is spoken to over https:// alone; over http:// only on this machine's own address, "
        "and only with TOLMACH_ELASTICSEARCH_PLAIN_HTTP=yes."
    )


def _credential(access: Access) -> dict[str, Any]:
    if access.api_key:
        return {"api_key": access.api_key}
    return {"basic_auth": (access.username, access.password)} if access.username else {}


def _trust(access: Access) -> dict[str, Any]:
    if not access.url.startswith("https"):
        return {}
    return {"ssl_context": ssl.create_default_context(cafile=access.authority)}


def _outcome(item: Json) -> bool | None:
    """Whether an operation was done, or None where it is to be tried again. Raises where that is of no use."""
    result = next(iter(item.values()))
    if "error" not in result:
        return True
    status, kind = result["status"], result["error"]["type"]
    if kind == "version_conflict_engine_exception":
        return False
    if status in _BUSY and not _blocked(kind):
        return None
    raise _kind(status, kind)


def _kinds(error: BaseException | None) -> Iterator[str]:
    """The kinds of an error and of all that caused it: their texts may quote the query."""
    while error is not None:
        yield type(error).__name__
        error = error.__cause__ or error.__context__


def _translated(error: elasticsearch.ApiError) -> EngineError:
    kind = ""
    if isinstance(error.body, dict) and isinstance(error.body.get("error"), dict):
        about = error.body["error"]
        kind = str((about.get("root_cause") or [about])[0].get("type") or about.get("type"))
    _log.info("Elasticsearch refuses: %s %s", error.meta.status, kind)
    return _kind(error.meta.status, kind)


def _kind(status: int, kind: str) -> EngineError:
    """The error that a status and a type of Elasticsearch's come to."""
    if _blocked(kind):
        return EngineUnavailableError("The index takes no writes: its disk is nearly full, or an operator blocked it.")
    if kind == "index_not_found_exception" or status == HTTPStatus.NOT_FOUND:
        return AbsentIndexError("The index is gone from Elasticsearch: run `tolmach engine reindex`.")
    if kind == "search_timeout_exception":
        return OverBudgetError("A search was stopped by Elasticsearch when its time was over.")
    if kind == "media_type_header_exception":
        return EngineUnavailableError(f"This Elasticsearch is of another version than {MAJOR}.")
    if status == HTTPStatus.UNAUTHORIZED:
        return EngineUnavailableError(
            "Elasticsearch refuses our key or password: it is wrong, expired or withdrawn. Run `tolmach engine setup`."
        )
    if status == HTTPStatus.FORBIDDEN:
        return NotPermittedError("Elasticsearch does not allow this to our key or user.")
    if status in _BUSY:
        return BusyError(f"Elasticsearch cannot answer now ({kind or status}).")
    return EngineError(f"Elasticsearch refused a request ({status} {kind}).")


def _blocked(kind: str) -> bool:
    return kind == "cluster_block_exception"


def _unreachable(error: Exception) -> EngineUnavailableError:
    import elasticsearch

    if isinstance(error, elasticsearch.SSLError):
        return EngineUnavailableError(
            "Elasticsearch shows a certificate that we do not trust: see TOLMACH_ELASTICSEARCH_CA."
        )
    if isinstance(error, elasticsearch.ConnectionTimeout):
        return EngineUnavailableError("Elasticsearch did not answer in time.")
    if isinstance(error, elasticsearch.UnsupportedProductError):
        return EngineUnavailableError("What answers there is no Elasticsearch of a version that we can use.")
    return EngineUnavailableError("Elasticsearch cannot be reached.")
