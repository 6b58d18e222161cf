"""Remembers how many passages hold a leaf inside a scope, for as long as nothing inside that scope changes.

A memory is kept with the state of the scope that it was counted in. Whoever uses it compares that state with the one
that their answer comes from, so a memory that is out of date is never used, whichever process made the change.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from indexer.engine.contract import Leaf
from indexer.engine.elastic.answer import ScopeState

Asked = tuple[frozenset[str], frozenset[str]]  # the rules of a scope, and the documents left out of it

MOST_SCOPES: Final = 200
MOST_LEAVES: Final = 5_000  # of one scope


@dataclass(frozen=True, slots=True)
class Counted:
    """How many passages of a scope held each leaf, when it was in this state."""

    state: ScopeState
    holding: Mapping[Leaf, int]

    def lacks(self, leaves: tuple[Leaf, ...]) -> tuple[Leaf, ...]:
        """Those of these leaves that were not counted."""
        return tuple(leaf for leaf in leaves if leaf not in self.holding)

    def with_more(self, newer: Counted) -> Counted:
        """What is known after counting again."""
        if newer.state != self.state or len(self.holding) > MOST_LEAVES:
            return newer
        return Counted(self.state, {**self.holding, **newer.holding})


class Counts:
    """The scopes asked last; any number of threads may use it at once."""

    def __init__(self) -> None:
        self._known: OrderedDict[Asked, Counted] = OrderedDict()
        self._lock = threading.Lock()

    def of(self, asked: Asked) -> Counted | None:
        """What is remembered of a scope."""
        with self._lock:
            counted = self._known.get(asked)
            if counted is not None:
                self._known.move_to_end(asked)
            return counted

    def keep(self, asked: Asked, newer: Counted) -> Counted:
        """Remember what was counted; gives all that is known now."""
        with self._lock:
            earlier = self._known.get(asked)
            self._known[asked] = kept = earlier.with_more(newer) if earlier else newer
            self._known.move_to_end(asked)
            while len(self._known) > MOST_SCOPES:
                self._known.popitem(last=False)
            return kept

    def forget(self, asked: Asked) -> None:
        """The scope has changed."""
        with self._lock:
            self._known.pop(asked, None)
