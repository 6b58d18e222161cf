"""Opens the search engine that the settings name, with the credential it may use."""

from __future__ import annotations

import logging
import os
import secrets
from pathlib import Path

from indexer.engine.contract import Engine, EngineError, EngineUnavailableError, StaleIndexError
from indexer.engine.elastic.client import Access, Client
from indexer.engine.elastic.engine import ElasticEngine
from indexer.engine.embedded.engine import EmbeddedEngine
from indexer.engine.stamps import StampKey
from services.settings import Settings

STAMPS = "index-stamps.key"
READER, WRITER, MANAGER = (
    f"elasticsearch-{name}.key" for name in ("reader", "writer", "manager")
)  # beside the key that signs tokens

_log = logging.getLogger(__name__)


def opened(settings: Settings, index: Path, keys: Path) -> Engine:
    """The engine that answers. Raises StaleIndexError, EngineError; a server that is down is found out later."""
    if settings.engine == "embedded":
        return EmbeddedEngine(index, _stamp_key(keys))
    engine = _elastic(settings, keys)
    try:
        engine.check()
    except EngineUnavailableError as error:
        _log.error("%s", error)
    return engine


def opened_to_renew(settings: Settings, index: Path, keys: Path) -> Engine:
    """The engine, even where its index was made by another version: only to make that anew."""
    if settings.engine == "elasticsearch":
        return _elastic(settings, keys, MANAGER)
    try:
        return EmbeddedEngine(index, _stamp_key(keys))
    except StaleIndexError:
        for path in index.parent.glob(index.name + "*"):
            path.unlink()
        return EmbeddedEngine(index, _stamp_key(keys))


def administrator(settings: Settings, username: str, password: str) -> Client:
    """A connection for setting up: nothing of its credential is kept."""
    return Client(_access(settings, username=username, password=password))


def _elastic(settings: Settings, keys: Path, writing_key: str = WRITER) -> ElasticEngine:
    if settings.elasticsearch_username:
        password = _secret(Path(settings.elasticsearch_password_file))
        client = Client(_access(settings, username=settings.elasticsearch_username, password=password))
        return ElasticEngine(client, client, settings.elasticsearch_prefix, _stamp_key(keys))
    if settings.elasticsearch_api_key_file:
        client = Client(_access(settings, api_key=_secret(Path(settings.elasticsearch_api_key_file))))
        return ElasticEngine(client, client, settings.elasticsearch_prefix, _stamp_key(keys))
    reader, writer = keys / READER, keys / writing_key
    if not reader.exists():
        raise EngineError(f"There is no key for Elasticsearch in {keys} yet. Run: tolmach engine setup")
    reading = Client(_access(settings, api_key=_secret(reader)))
    writing = Client(_access(settings, api_key=_secret(writer))) if writer.exists() else reading
    return ElasticEngine(reading, writing, settings.elasticsearch_prefix, _stamp_key(keys))


def make_stamp_key(keys: Path) -> None:
    """Make the key that stamps what is put into the index, if there is none. Raises OSError."""
    path = keys / STAMPS
    if not path.exists():
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
            file.write(secrets.token_hex(32))


def _stamp_key(keys: Path) -> StampKey:
    if not (keys / STAMPS).exists():
        raise EngineError(f"There is no key for the search index in {keys} yet. Run: tolmach init")
    return StampKey(_secret(keys / STAMPS).encode())


def _access(settings: Settings, *, api_key: str = "", username: str = "", password: str = "") -> Access:
    return Access(
        settings.elasticsearch_url,
        Path(settings.elasticsearch_ca) if settings.elasticsearch_ca else None,
        api_key,
        username,
        password,
        settings.elasticsearch_plain_http == "yes",
    )


def _secret(path: Path) -> str:
    try:
        secret = path.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise EngineError(f"The credential for Elasticsearch in {path} cannot be read.") from error
    if not secret:
        raise EngineError(f"The credential for Elasticsearch in {path} is empty.")
    return secret
