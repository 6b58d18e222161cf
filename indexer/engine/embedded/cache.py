"""Keeps what was read of segments in memory, up to a bound in bytes. Segments never change, so nothing in it is old."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Mapping
from typing import Final

from indexer.engine.embedded.segments import Places

MOST_BYTES: Final = 128 * 2**20
_ENTRY, _PART = 300, 180  # bytes that an entry and each of its arrays take besides

Parts = Mapping[int, Places]  # by segment; empty where the token does not stand in it


class PlaceCache:
    """The places of the tokens asked for last. Any number of threads use it."""

    def __init__(self, most: int = MOST_BYTES) -> None:
        self._most = most
        self._parts: OrderedDict[str, Parts] = OrderedDict()
        self._lock = threading.Lock()
        self.size = 0  # bytes

    def parts(self, token: str) -> Parts:
        """What is kept of a token."""
        with self._lock:
            if token not in self._parts:
                return {}
            self._parts.move_to_end(token)
            return self._parts[token]

    def keep(self, token: str, parts: Parts) -> None:
        """Keep this of a token instead; what was asked for longest ago gives way."""
        size = _bytes(token, parts)
        with self._lock:
            self._drop(token)
            if size > self._most // 2:  # one token does not drive out all others
                return
            self._parts[token] = parts
            self.size += size
            while self.size > self._most:
                self._drop(next(iter(self._parts)))

    def _drop(self, token: str) -> None:
        if token in self._parts:
            self.size -= _bytes(token, self._parts.pop(token))


def _bytes(token: str, parts: Parts) -> int:
    return _ENTRY + 2 * len(token) + sum(_PART + part.nbytes for part in parts.values())
