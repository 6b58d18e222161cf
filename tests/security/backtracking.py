"""Counts the steps that a regular expression takes on a text, backtracking as Python's own engine does.

Time would depend on the machine and its load; steps do not. Knows what our expressions use, and fails on anything else.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from re import _constants as c  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any

Items = list[tuple[Any, Any]]
END = c.MAXREPEAT
MOST_STEPS = 300_000
"""Steps after which a count is given up: a line is far below, a square above, and more would take for ever."""


class TooManyStepsError(Exception):
    """The expression takes more than `MOST_STEPS` on its text."""


class Steps:
    """One expression over one text."""

    def __init__(self, pattern: re.Pattern[str], text: str) -> None:
        self.items: Items = list(parser.parse(pattern.pattern, pattern.flags))
        self.flags = pattern.flags
        self.text = text.casefold() if pattern.flags & re.IGNORECASE else text
        self.groups: dict[int, tuple[int, int]] = {}
        self.count = 0

    def all_matches(self) -> int:
        """The steps of finding every match, from each place on."""
        place = 0
        while place <= len(self.text):
            end = next(self.run(self.items, 0, place), None)
            place = max(place + 1, place if end is None else end)
        return self.count

    def from_the_start(self, whole: bool) -> int:
        """The steps of matching the beginning, or the whole."""
        for end in self.run(self.items, 0, 0):
            if not whole or end == len(self.text):
                break
        return self.count

    def run(self, items: Items, index: int, place: int) -> Iterator[int]:
        """Where the items from `index` on may end, if they begin at this place."""
        if index == len(items):
            yield place
            return
        kind, value = items[index]
        for end in self.item(kind, value, place):
            yield from self.run(items, index + 1, end)

    def item(self, kind: Any, value: Any, place: int) -> Iterator[int]:
        self.count += 1
        if self.count > MOST_STEPS:
            raise TooManyStepsError
        if kind in (c.LITERAL, c.NOT_LITERAL, c.ANY, c.IN):
            if place < len(self.text) and takes(kind, value, self.text[place], self.flags):
                yield place + 1
        elif kind is c.AT:
            if self.at(value, place):
                yield place
        elif kind in (c.MAX_REPEAT, c.MIN_REPEAT, c.POSSESSIVE_REPEAT):
            yield from self.repeat(kind, *value, place)
        elif kind is c.SUBPATTERN:
            number, _, _, inner = value
            for end in self.run(list(inner), 0, place):
                if number is not None:
                    self.groups[number] = (place, end)
                yield end
        elif kind is c.BRANCH:
            for branch in value[1]:
                yield from self.run(list(branch), 0, place)
        elif kind is c.ATOMIC_GROUP:
            yield from self.first(list(value), place)
        elif kind in (c.ASSERT, c.ASSERT_NOT):
            if self.holds(value, place) == (kind is c.ASSERT):
                yield place
        elif kind is c.GROUPREF:
            start, end = self.groups.get(value, (0, -1))
            said = self.text[start:end]
            self.count += len(said)
            if end >= start and self.text.startswith(said, place):
                yield place + len(said)
        else:
            raise NotImplementedError(kind)

    def first(self, items: Items, place: int) -> Iterator[int]:
        end = next(self.run(items, 0, place), None)
        if end is not None:
            yield end

    def repeat(self, kind: Any, least: int, most: Any, inner: Any, place: int) -> Iterator[int]:
        items = list(inner)
        if kind is c.POSSESSIVE_REPEAT:
            ends = list(self.greedy(items, least, most, place, 0))
            yield from ends[:1]
        elif kind is c.MAX_REPEAT:
            yield from self.greedy(items, least, most, place, 0)
        else:
            yield from self.lazy(items, least, most, place, 0)

    def greedy(self, items: Items, least: int, most: Any, place: int, done: int) -> Iterator[int]:
        if len(items) == 1 and items[0][0] in (c.LITERAL, c.NOT_LITERAL, c.ANY, c.IN):
            yield from self.run_of(items[0], least, most, place)
            return
        if most is END or done < most:
            for end in self.run(items, 0, place):
                if end > place:
                    yield from self.greedy(items, least, most, end, done + 1)
        if done >= least:
            yield place

    def run_of(self, item: tuple[Any, Any], least: int, most: Any, place: int) -> Iterator[int]:
        end = place
        while end < len(self.text) and (most is END or end - place < most):
            self.count += 1
            if not takes(*item, self.text[end], self.flags):
                break
            end += 1
        for back in range(end, place + least - 1, -1):
            self.count += 1
            yield back

    def lazy(self, items: Items, least: int, most: Any, place: int, done: int) -> Iterator[int]:
        if done >= least:
            yield place
        if most is END or done < most:
            for end in self.run(items, 0, place):
                if end > place:
                    yield from self.lazy(items, least, most, end, done + 1)

    def holds(self, value: Any, place: int) -> bool:
        direction, inner = value
        if direction > 0:
            return next(self.run(list(inner), 0, place), None) is not None
        width = inner.getwidth()[0]
        return place >= width and next(self.run(list(inner), 0, place - width), None) == place

    def at(self, value: Any, place: int) -> bool:
        text, last = self.text, len(self.text)
        if value in (c.AT_BEGINNING, c.AT_BEGINNING_STRING):
            return place == 0
        if value in (c.AT_END, c.AT_END_STRING):
            return place == last or (value is c.AT_END and place == last - 1 and text[place] == "\n")
        inside = [0 <= at < last and (text[at].isalnum() or text[at] == "_") for at in (place - 1, place)]
        return (inside[0] != inside[1]) == (value is c.AT_BOUNDARY)


def takes(kind: Any, value: Any, character: str, flags: int = 0) -> bool:
    """Whether one item that is for one character takes this one."""
    folded = character.casefold() if flags & re.IGNORECASE else character
    if kind is c.ANY:
        return character != "\n"
    if kind in (c.LITERAL, c.NOT_LITERAL):
        same = (chr(value).casefold() if flags & re.IGNORECASE else chr(value)) == folded
        return same == (kind is c.LITERAL)
    return any(_in(part, value, folded, flags) for part in value if part[0] is not c.NEGATE) != (
        value[0][0] is c.NEGATE
    )


def _in(part: tuple[Any, Any], whole: Any, character: str, flags: int) -> bool:
    kind, value = part
    either = {character, character.upper()} if flags & re.IGNORECASE else {character}
    if kind is c.LITERAL:
        return chr(value) in either
    if kind is c.RANGE:
        return any(len(one) == 1 and value[0] <= ord(one) <= value[1] for one in either)
    category = {
        c.CATEGORY_DIGIT: r"\d",
        c.CATEGORY_NOT_DIGIT: r"\D",
        c.CATEGORY_SPACE: r"\s",
        c.CATEGORY_NOT_SPACE: r"\S",
        c.CATEGORY_WORD: r"\w",
        c.CATEGORY_NOT_WORD: r"\W",
    }[value]
    return re.match(category, character) is not None


# --- texts that may be hard for an expression ------------------------------------------------------------------------

USUAL = "aA1 а.-'!_"


def hard_texts(pattern: re.Pattern[str]) -> Iterator[tuple[str, str, str]]:
    """What to put first, what to say again and again, and what to end with."""
    items = list(parser.parse(pattern.pattern, pattern.flags))
    letters = [*dict.fromkeys(_letters(items, pattern.flags))][:7]
    bodies = [*dict.fromkeys(_bodies(items, pattern.flags))]
    pumps = [*letters, *(a + b for a in letters for b in letters if a != b), *bodies, *(body + " " for body in bodies)]
    heads = ["", _sample(items[: max(1, len(items) - 1)], pattern.flags)]
    for pump in dict.fromkeys(filter(None, pumps)):
        for head in dict.fromkeys(heads):
            for tail in ("", "\x01"):
                yield head, pump, tail


def _letters(items: Any, flags: int) -> Iterator[str]:
    """One or two characters that each item takes, then usual ones."""
    for kind, value in items:
        if kind in (c.LITERAL, c.NOT_LITERAL, c.ANY, c.IN):
            yield from [letter for letter in _candidates(kind, value) if takes(kind, value, letter, flags)][:2]
        else:
            for inner in _inner(kind, value):
                yield from _letters(inner, flags)


def _candidates(kind: Any, value: Any) -> Iterator[str]:
    yield from USUAL
    if kind is c.LITERAL:
        yield chr(value)
    if kind is c.IN:
        yield from (chr(part) for name, part in value if name is c.LITERAL)
        yield from (chr(part[0]) for name, part in value if name is c.RANGE)


def _inner(kind: Any, value: Any) -> list[Any]:
    if kind in (c.MAX_REPEAT, c.MIN_REPEAT, c.POSSESSIVE_REPEAT):
        return [value[2]]
    if kind is c.SUBPATTERN:
        return [value[3]]
    if kind is c.BRANCH:
        return list(value[1])
    if kind is c.ATOMIC_GROUP:
        return [value]
    return [value[1]] if kind in (c.ASSERT, c.ASSERT_NOT) else []


def _bodies(items: Any, flags: int) -> Iterator[str]:
    """A text of the body of each part that may be repeated."""
    for kind, value in items:
        if kind in (c.MAX_REPEAT, c.MIN_REPEAT, c.POSSESSIVE_REPEAT):
            yield _sample(value[2], flags)
        for inner in _inner(kind, value):
            yield from _bodies(inner, flags)


def _sample(items: Any, flags: int) -> str:
    """A text that the items take."""
    text = ""
    for kind, value in items:
        if kind in (c.LITERAL, c.NOT_LITERAL, c.ANY, c.IN):
            text += next((letter for letter in _candidates(kind, value) if takes(kind, value, letter, flags)), "")
        elif kind in (c.MAX_REPEAT, c.MIN_REPEAT, c.POSSESSIVE_REPEAT):
            text += _sample(value[2], flags) * max(1, value[0])
        elif kind in (c.SUBPATTERN, c.ATOMIC_GROUP, c.BRANCH):
            text += _sample(_inner(kind, value)[0], flags)
    return text
