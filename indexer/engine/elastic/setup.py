"""Prepares an Elasticsearch server: the first index, and one key for each process. Refuses to give a reader more.

The reader's key opens our indices for reading and nothing else; it does not tell persons apart, which is the work of
the scope's filter and of the second check. The writer's key may also write documents, which is what a worker does every
day. The manager's key, which nothing but `tolmach engine reindex` opens, may also make our indices and delete them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from indexer.engine.contract import EngineError
from indexer.engine.elastic.client import MAJOR, Client
from indexer.engine.elastic.generations import Generations
from indexer.engine.elastic.index import Json

READS: Final = ["read", "view_index_metadata"]
# By their actions, because the privileges `write` and `index` let a key change mappings too. Nothing is ever deleted.
WRITES: Final = [*READS, "indices:data/write/bulk*", "indices:data/write/index*", "indices:admin/refresh*"]
MANAGES: Final = [*WRITES, "manage"]


@dataclass(frozen=True, slots=True)
class Keys:
    """API keys as the client sends them."""

    reader: str
    writer: str
    manager: str


def prepare(administrator: Client, prefix: str, shards: int, replicas: int) -> None:
    """Make the first index if there is none. Raises EngineError, also of a server of another version."""
    version = str(administrator.get("/")["version"]["number"])
    if version.split(".")[0] != str(MAJOR):
        raise EngineError(f"This is Elasticsearch {version}; Tolmach works with version {MAJOR}.")
    Generations(administrator, prefix).create(shards, replicas)


def renew_keys(administrator: Client, prefix: str) -> Keys:
    """Make all three keys, then withdraw those that were made before."""
    rights = {f"{prefix}-reader": READS, f"{prefix}-writer": WRITES, f"{prefix}-manager": MANAGES}
    withdrawn = [identifier for name in rights for identifier in _valid(administrator, name)]
    keys = Keys(*(_key(administrator, name, prefix, of_name) for name, of_name in rights.items()))
    if withdrawn:
        administrator.send("DELETE", "/_security/api_key", {"ids": withdrawn})
    return keys


def _valid(administrator: Client, name: str) -> list[str]:
    answer = administrator.send("GET", "/_security/api_key", None, name=name, active_only="true")
    return [key["id"] for key in answer["api_keys"]]


def _key(administrator: Client, name: str, prefix: str, rights: list[str]) -> str:
    role = {"cluster": [], "indices": [{"names": [_names(prefix)], "privileges": rights}]}
    body: Json = {"name": name, "role_descriptors": {name: role}}
    return str(administrator.send("POST", "/_security/api_key", body)["encoded"])


def _names(prefix: str) -> str:
    """Our indices and aliases and no others, as a pattern of Elasticsearch's."""
    return f"/{re.escape(prefix)}-s[0-9]+-a[0-9]+(-next|-[0-9]+)?/"
