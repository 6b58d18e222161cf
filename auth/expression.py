"""Need-to-know expressions: words joined by & and |, read strictly. Refuses what mixes the two without parentheses.

The grammar and its strictness are those of Apache Accumulo's access expressions
(https://github.com/apache/accumulo-access/blob/main/SPECIFICATION.md): `a`, `a&b`, `(a|b)&c`, `"any text"`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Set
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate, product

from lark import Lark, Token, Transformer
from lark.exceptions import LarkError

from auth.errors import ErrorKind, TolmachError

LONGEST = 1_000  # characters
_QUOTED = re.compile(r'"(?:[^"\\]|\\[\s\S])*(?:"|\\?\Z)')  # one that nobody ends goes on to the end
DEEPEST = 50  # parentheses inside one another; keeps far below Python's recursion limit
MOST_CLAUSES = 4_096  # beyond it `implies` answers no, which is the safe side
NEVER_TEXT = "!never"  # how NEVER is stored and shown: the grammar can never produce it


class ExpressionError(TolmachError, ValueError):
    """The text is not an access expression; the message says where."""

    kind = ErrorKind.INVALID
    code = "need_to_know"


@dataclass(frozen=True, slots=True)
class Word:
    """One need-to-know word."""

    text: str


@dataclass(frozen=True, slots=True)
class AllOf:
    """Satisfied when every part is; with no parts, by everybody."""

    parts: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    """Satisfied when some part is; with no parts, by nobody."""

    parts: tuple[Expression, ...]


Expression = Word | AllOf | AnyOf

ALWAYS = AllOf(())
NEVER = AnyOf(())

_PARSER = r"""
    start: expression?
    ?expression: any_of | all_of | operand
    any_of: operand ("|" operand)+
    all_of: operand ("&" operand)+
    ?operand: word | "(" expression ")"
    word: PLAIN | QUOTED
    PLAIN: /[A-Za-z0-9_\-.:\/]+/
    QUOTED: /"(?:[^"\\]|\\["\\])+"/
"""


class _Build(Transformer[Token, Expression]):
    def start(self, parts: list[Expression]) -> Expression:
        return parts[0] if parts else ALWAYS

    def any_of(self, parts: list[Expression]) -> Expression:
        return _join(AnyOf, parts)

    def all_of(self, parts: list[Expression]) -> Expression:
        return _join(AllOf, parts)

    def word(self, parts: list[Token]) -> Expression:
        text = str(parts[0])
        return Word(re.sub(r"\\(.)", r"\1", text[1:-1]) if text.startswith('"') else text)


@lru_cache(maxsize=1)
def _parser() -> Lark:
    return Lark(_PARSER, parser="lalr", transformer=_Build())


def _join(kind: type[AllOf] | type[AnyOf], parts: Iterable[Expression]) -> Expression:
    """Canonical form: flat, without repeats, in order of text, a single part alone."""
    flat = {p for part in parts for p in (part.parts if isinstance(part, kind) else (part,))}
    ordered = tuple(sorted(flat, key=canonical))
    return ordered[0] if len(ordered) == 1 else kind(ordered)


def parse(text: str) -> Expression:
    """Read an access expression; the empty text is ALWAYS. Raises ExpressionError."""
    if len(text) > LONGEST:
        raise ExpressionError(
            "A need-to-know expression may have at most {longest} characters.",
            code="need_to_know_length",
            longest=LONGEST,
        )
    if _depth(text) > DEEPEST:
        raise ExpressionError(
            "A need-to-know expression may have at most {deepest} parentheses inside one another.",
            code="need_to_know_depth",
            deepest=DEEPEST,
        )
    return _read(text)


@lru_cache(maxsize=10_000)
def _read(text: str) -> Expression:
    try:
        return _parser().parse(text)  # type: ignore[return-value]  # the transformer gives an Expression
    except LarkError as error:
        at = getattr(error, "column", -1)
        where = f"at character {at}" if at > 0 else "at its end"
        raise ExpressionError(
            f"Not a need-to-know expression {where}: write words joined by & or |, with parentheses where both occur."
        ) from error


def _depth(text: str) -> int:
    steps = ((c == "(") - (c == ")") for c in _QUOTED.sub("", text))
    return max(accumulate(steps), default=0)


def canonical(expression: Expression) -> str:
    """The one text of an expression; `parse` reads it back, NEVER excepted."""
    match expression:
        case Word(text):
            return text if re.fullmatch(r"[A-Za-z0-9_\-.:/]+", text) else '"' + re.sub(r'(["\\])', r"\\\1", text) + '"'
        case AnyOf(()):
            return NEVER_TEXT
        case AllOf(parts):
            return "&".join(_nested(part) for part in parts)
        case AnyOf(parts):
            return "|".join(_nested(part) for part in parts)


def _nested(part: Expression) -> str:
    return canonical(part) if isinstance(part, Word) else f"({canonical(part)})"


def stored(text: str) -> Expression:
    """Read what `canonical` wrote, NEVER and what `both` made too long to type included. Raises ExpressionError."""
    return NEVER if text == NEVER_TEXT else _read(text)


def satisfied(expression: Expression, words: Set[str]) -> bool:
    """Whether somebody who holds these words satisfies the expression."""
    match expression:
        case Word(text):
            return text in words
        case AllOf(parts):
            return all(satisfied(part, words) for part in parts)
        case AnyOf(parts):
            return any(satisfied(part, words) for part in parts)


def both(left: Expression, right: Expression) -> Expression:
    """The conjunction of two expressions."""
    return NEVER if NEVER in (left, right) else _join(AllOf, (left, right))


def implies(left: Expression, right: Expression) -> bool:
    """Whether all who satisfy `left` satisfy `right`; no when that would take too long to decide.

    Expressions have no negation, so it is enough to try the smallest sets of words that satisfy `left`.
    """
    if _count_clauses(left) > MOST_CLAUSES:
        return left == right
    return all(satisfied(right, clause) for clause in _clauses(left))


def _count_clauses(expression: Expression) -> int:
    match expression:
        case Word():
            return 1
        case AnyOf(parts):
            return sum(map(_count_clauses, parts))
        case AllOf(parts):
            count = 1
            for part in parts:
                count *= _count_clauses(part)
            return count


def _clauses(expression: Expression) -> Iterator[frozenset[str]]:
    match expression:
        case Word(text):
            yield frozenset({text})
        case AnyOf(parts):
            for part in parts:
                yield from _clauses(part)
        case AllOf(parts):
            for choice in product(*map(_clauses, parts)):
                yield frozenset().union(*choice)
