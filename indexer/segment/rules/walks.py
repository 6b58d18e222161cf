"""Walks expressions over a text from a place on, all at once. What a walk has learned of its nodes is kept for others.

Each character is looked at once for each set of nodes, however the expressions are written: see expressions.py.
"""

from __future__ import annotations

from typing import Final

from indexer.segment.rules.expressions import Nodes

REACH: Final = 64  # characters that a rule looks at, on each side of a place
_MOST_KEPT: Final = 20_000  # steps

Standing = frozenset[int]
Around = tuple[bool, bool, bool, bool]  # a letter before the place, one after it; the text's start, its end


class Walks:
    """Where expressions match. Not to be shared between threads."""

    def __init__(self, nodes: Nodes) -> None:
        self._nodes = nodes.all
        self._backwards = nodes.backwards
        self._first: Standing = frozenset(nodes.firsts)
        self._spread: dict[tuple[Standing, Around], tuple[Standing, Standing]] = {}
        self._stepped: dict[tuple[Standing, str], Standing] = {}
        self.steps = 0  # that were not known yet, in nodes looked at

    def matching(self, text: str, place: int) -> set[int]:
        """The numbers of the expressions that match from a place on, or backwards up to it."""
        standing, matched = self._first, set[int]()
        for _ in range(REACH + 1):
            standing, accepted = self._at(standing, _around(text, place))
            matched |= accepted
            at = place - 1 if self._backwards else place
            if not standing or not 0 <= at < len(text):
                break
            standing = self._over(standing, text[at])
            place += -1 if self._backwards else 1
        return matched

    def _at(self, standing: Standing, around: Around) -> tuple[Standing, Standing]:
        """The nodes that wait for a character, of those that are reached without one; and what is matched there."""
        known = self._spread.get((standing, around))
        if known is not None:
            return known
        seen, waiting = set(standing), list(standing)
        while waiting:
            self.steps += 1
            node = self._nodes[waiting.pop()]
            if node.takes is None and (node.at is None or _is_at(node.at, around)):
                fresh = [each for each in node.onward if each not in seen]
                seen.update(fresh)
                waiting += fresh
        reached = [self._nodes[each] for each in seen]
        taking = frozenset(each for each in seen if self._nodes[each].takes is not None)
        known = (taking, frozenset(each.accepts for each in reached if each.accepts >= 0))
        if len(self._spread) >= _MOST_KEPT:
            self._spread.clear()
        self._spread[standing, around] = known
        return known

    def _over(self, standing: Standing, letter: str) -> Standing:
        """Where these nodes lead over a character."""
        known = self._stepped.get((standing, letter))
        if known is not None:
            return known
        self.steps += len(standing)
        nodes = (self._nodes[each] for each in standing)
        known = frozenset(node.onward[0] for node in nodes if node.takes is not None and node.takes(letter))
        if len(self._stepped) >= _MOST_KEPT:
            self._stepped.clear()
        self._stepped[standing, letter] = known
        return known


def _around(text: str, place: int) -> Around:
    before, after = place > 0 and _in_word(text[place - 1]), place < len(text) and _in_word(text[place])
    return before, after, place == 0, place == len(text)


def _in_word(letter: str) -> bool:
    return letter.isalnum() or letter == "_"


def _is_at(at: str, around: Around) -> bool:
    before, after, start, end = around
    return {"start": start, "end": end, "edge": before != after, "inside": before == after}[at]
