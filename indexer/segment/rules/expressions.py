"""Reads the regular expressions of an operator's rules. Refuses what cannot be matched in linear time.

Python's own engine goes back and tries again, which may take for ever; an expression here becomes a set of nodes that
are walked side by side (Thompson, Regular expression search algorithm, 1968). What that cannot do is refused: looking
ahead or back, what was matched before, and repeats that give nothing back.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final, Literal

from auth.errors import ErrorKind, TolmachError

MOST_NODES: Final = 3_000  # of all expressions of one language, on one side
MOST_REPEATS: Final = 100  # of a part with a number of times
DEEPEST: Final = 20  # groups inside one another

Takes = Callable[[str], bool]
At = Literal["start", "end", "edge", "inside"]  # of the text, of a word

_SPACES: Final = {"t": "\t", "n": "\n", "r": "\r", "f": "\f", "v": "\v"}
_CLASSES: Final[dict[str, Takes]] = {
    "s": str.isspace,
    "d": str.isdecimal,
    "w": lambda letter: letter.isalnum() or letter == "_",
    "h": lambda letter: letter == "\t" or unicodedata.category(letter) == "Zs",
}
_CATEGORIES: Final[dict[str, str]] = {  # what may follow each letter, so that a name is of one or two
    "L": "ultmo",
    "M": "nce",
    "N": "dlo",
    "P": "cdseifo",
    "S": "mcko",
    "Z": "slp",
    "C": "cf",
}
_ENDS_OF_LINES: Final = frozenset("\n\r\u0085\u2028\u2029")


class RuleExpressionError(TolmachError, ValueError):
    """An expression is none, or one that is not taken here; the message says why."""

    kind = ErrorKind.INVALID
    code = "rule_expression"


@dataclass(slots=True)
class Node:
    """Where a walk may stand: it goes on over a character that is taken, or, where none is, without one.

    `at`: goes on only at such a place. `accepts`: the number of an expression that is matched here, -1 for none.
    """

    takes: Takes | None = None
    at: At | None = None
    onward: tuple[int, ...] = ()
    accepts: int = -1


_Part = Callable[[int], int]  # given the node that follows, adds its own; gives the first of them


@dataclass(slots=True)
class Nodes:
    """The nodes of several expressions, and where each begins. `backwards`: they are walked from their end."""

    backwards: bool
    all: list[Node] = field(default_factory=list)
    firsts: list[int] = field(default_factory=list)

    def take_in(self, expression: str) -> None:
        """Add an expression; it has the next number. Raises RuleExpressionError."""
        accepting = self.add(Node(accepts=len(self.firsts)))
        self.firsts.append(_Parser(expression, self).whole()(accepting))

    def add(self, node: Node) -> int:
        """Add a node; gives its place. Raises RuleExpressionError where there are too many."""
        if len(self.all) >= MOST_NODES:
            raise RuleExpressionError("The expressions are too long, all together.", code="rule_expression_long")
        self.all.append(node)
        return len(self.all) - 1


class _Parser:
    """Reads one expression, from left to right."""

    def __init__(self, expression: str, nodes: Nodes) -> None:
        self._nodes = nodes
        self._ignores_case = expression.startswith("(?i)")
        self._text = expression.removeprefix("(?i)")
        self._place = self._depth = 0

    def whole(self) -> _Part:
        part = self._either()
        if self._place < len(self._text):
            raise self._refused("A bracket is closed that was not opened.")
        return part

    def _refused(self, why: str) -> RuleExpressionError:
        return RuleExpressionError(
            "{why} See the expression {text}", why=why, text=self._text[:100], code="rule_expression_refused"
        )

    def _next(self) -> str:
        return self._text[self._place : self._place + 1]

    def _taken(self) -> str:
        """The next character, which there must be."""
        letter = self._next()
        if not letter:
            raise self._refused("It breaks off.")
        self._place += 1
        return letter

    def _passed(self, text: str) -> bool:
        if self._text.startswith(text, self._place):
            self._place += len(text)
            return True
        return False

    def _either(self) -> _Part:
        ways = [self._row()]
        while self._passed("|"):
            ways.append(self._row())
        if len(ways) == 1:
            return ways[0]
        return lambda after: self._nodes.add(Node(onward=tuple(way(after) for way in ways)))

    def _row(self) -> _Part:
        parts: list[_Part] = []
        while self._next() not in ("", "|", ")"):
            parts.append(self._repeated(self._single()))
        if not self._nodes.backwards:
            parts.reverse()

        def built(after: int) -> int:
            for part in parts:
                after = part(after)
            return after

        return built

    def _single(self) -> _Part:
        letter = self._taken()
        if letter == "(":
            return self._group()
        if letter == "[":
            return self._of(self._class())
        if letter == "\\":
            return self._escaped()
        if letter in "^$":
            return self._where("start" if letter == "^" else "end")
        if letter in "*+?{":
            raise self._refused("There is nothing to repeat.")
        return self._of(_visible if letter == "." else _is(letter))

    def _group(self) -> _Part:
        if self._next() == "?" and not self._passed("?:"):
            raise self._refused("Looking ahead or back, names and flags of a group are not taken.")
        self._depth += 1
        if self._depth > DEEPEST:
            raise self._refused("Its groups stand too deep in one another.")
        part = self._either()
        if not self._passed(")"):
            raise self._refused("A bracket is not closed.")
        self._depth -= 1
        return part

    def _repeated(self, part: _Part) -> _Part:
        sign = self._next()
        if sign not in ("*", "+", "?", "{"):
            return part
        self._place += 1
        least, most = {"*": (0, None), "+": (1, None), "?": (0, 1)}.get(sign) or self._times()
        if self._next() in ("*", "+", "{"):
            raise self._refused("A repeat is repeated, or gives nothing back.")
        self._passed("?")  # whether as few or as many: what may match is the same
        return lambda after: self._chain(part, least, most, after)

    def _times(self) -> tuple[int, int | None]:
        said, closed, rest = self._text[self._place :].partition("}")
        first, comma, last = said.partition(",")
        if not closed or not all(each.isascii() and each.isdigit() for each in (first, last or "0")):
            raise self._refused("A number of times is not understood.")
        self._place = len(self._text) - len(rest)
        least = int(first)
        most = int(last) if last else (None if comma else least)
        if max(least, most or 0) > MOST_REPEATS or (most is not None and most < least):
            raise self._refused("A number of times is too large.")
        return least, most

    def _chain(self, part: _Part, least: int, most: int | None, after: int) -> int:
        if most is None:
            again = self._nodes.add(Node())
            self._nodes.all[again].onward = (part(again), after)
            after = again
        for _ in range((most or least) - least):
            after = self._nodes.add(Node(onward=(part(after), after)))
        for _ in range(least):
            after = self._nodes.add(Node(onward=(part(after),)))  # counts, though the part may be nothing
        return after

    def _escaped(self) -> _Part:
        letter = self._next()
        if letter in ("b", "B"):
            self._place += 1
            return self._where("edge" if letter == "b" else "inside")
        return self._of(self._escape())

    def _escape(self) -> Takes:
        letter = self._taken()
        if letter.lower() in _CLASSES:
            takes = _CLASSES[letter.lower()]
            return takes if letter.islower() else _not(takes)
        if letter in "pP":
            takes = self._category()
            return takes if letter == "p" else _not(takes)
        if letter in "ux":
            return _is(self._number(4 if letter == "u" else 2))
        if letter in _SPACES:
            return _is(_SPACES[letter])
        if letter.isalnum():
            raise self._refused(f"\\{letter} is not taken.")
        return _is(letter)

    def _number(self, digits: int) -> str:
        said = self._text[self._place : self._place + digits]
        if len(said) < digits or not set(said) <= set("0123456789abcdefABCDEF"):
            raise self._refused("The number of a character is not understood.")
        self._place += digits
        return chr(int(said, 16))

    def _category(self) -> Takes:
        said, closed, _ = self._text[self._place :].partition("}")
        name = said.removeprefix("{")
        if not closed or name == said or not _is_category(name):
            raise self._refused("A kind of characters is not known.")
        self._place += len(said) + 1
        return lambda letter: unicodedata.category(letter).startswith(name)

    def _class(self) -> Takes:
        no = self._passed("^")
        parts: list[Takes] = []
        while self._next() != "]" or not parts:
            if self._next() == "[" or self._text.startswith("&&", self._place):
                raise self._refused("A class inside a class is not taken.")
            parts.append(self._range())
        self._place += 1
        takes: Takes = lambda letter: any(each(letter) for each in parts)  # noqa: E731
        return _not(takes) if no else takes

    def _range(self) -> Takes:
        first = self._taken()
        if first == "\\":
            return self._escape()
        if self._next() == "-" and self._text[self._place + 1 : self._place + 2] not in ("]", ""):
            self._place += 1
            last = self._taken()
            if last in ("\\", "[") or last < first:
                raise self._refused("A range of characters is not understood.")
            return lambda letter: first <= letter <= last
        return _is(first)

    def _of(self, takes: Takes) -> _Part:
        if self._ignores_case:
            exact = takes
            takes = lambda letter: exact(letter) or exact(letter.lower()[:1]) or exact(letter.upper()[:1])  # noqa: E731
        return lambda after: self._nodes.add(Node(takes=takes, onward=(after,)))

    def _where(self, at: At) -> _Part:
        return lambda after: self._nodes.add(Node(at=at, onward=(after,)))


def _is_category(name: str) -> bool:
    return name[:1] in _CATEGORIES and name[1:] in ("", *_CATEGORIES[name[:1]])


def _is(letter: str) -> Takes:
    return lambda other: other == letter


def _not(takes: Takes) -> Takes:
    return lambda letter: not takes(letter)


def _visible(letter: str) -> bool:
    return letter not in _ENDS_OF_LINES
