"""How much of the audit trail one person may fill in a minute. Refuses more: a full disk would stop everybody."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass
from typing import Final

from auth.errors import ErrorKind, TolmachError

SECONDS: Final = 60
BYTES: Final = 1_000  # of an entry, on average
MOST_ADDRESSES: Final = 10_000  # counted at once; those that come then are counted together


class TooManyEntriesError(TolmachError):
    """Somebody did more in a minute than the trail takes of one person. `first`: of this minute, which it tells."""

    kind = ErrorKind.TOO_MANY
    code = "too_many_entries"
    sentence = "You asked for more in one minute than is recorded of one person. Wait a minute, then go on."

    def __init__(self, first: bool) -> None:
        super().__init__(self.sentence)
        self.first = first


@dataclass(slots=True)
class _Spent:
    entries: int = 0
    size: int = 0
    refused: bool = False


class Allowance:
    """Counts by minute and person, or address where nobody signed in.

    Any number of threads may use it at once; each process has one of its own.
    """

    def __init__(self, most_entries: int) -> None:
        self._most = most_entries
        self._minute = 0
        self._spent: dict[tuple[bool, str], _Spent] = {}
        self._lock = threading.Lock()

    def take(self, who: str, is_address: bool, size: int) -> None:
        """Note an entry of so many bytes, of a person or from an address. Raises TooManyEntriesError."""
        with self._lock:
            minute = int(time.monotonic() // SECONDS)
            if minute != self._minute:
                self._minute, self._spent = minute, {}
            crowded = is_address and sum(address for address, _ in self._spent) >= MOST_ADDRESSES
            key = (is_address, who)
            spent = self._spent.setdefault((True, "") if crowded and key not in self._spent else key, _Spent())
            if spent.entries >= self._most or spent.size + size > self._most * BYTES:
                first, spent.refused = not spent.refused, True
                raise TooManyEntriesError(first)
            spent.entries, spent.size = spent.entries + 1, spent.size + size
