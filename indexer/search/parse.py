"""Reads what somebody typed into a query. Refuses what it cannot read, and says where."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate
from typing import Final, Literal

from lark import Lark, Token, Tree
from lark.exceptions import UnexpectedCharacters, UnexpectedInput, UnexpectedToken

from auth.errors import ErrorKind, TolmachError
from indexer.analysis.compounds import masked
from indexer.analysis.tokens import stopword, tokens
from indexer.engine.contract import EVERYTHING, And, Exact, Leaf, Not, Or, Phrase, Prefix, Query
from indexer.search import readings

LONGEST: Final = 2_000  # characters
MOST_PARTS: Final = 64  # words, each of those inside phrases too
DEEPEST: Final = 50  # parentheses inside one another
SHORTEST_PREFIX: Final = 2  # letters before *

Kind = Literal["word", "phrase", "form", "prefix", "ignored"]


class QueryError(TolmachError, ValueError):
    """The query cannot be read; `position` is the place in it, counted from 0."""

    kind = ErrorKind.INVALID
    code = "query"

    def __init__(self, words: str, position: int, *, code: str = "", **parameters: str | int) -> None:
        super().__init__(words, code=code, **parameters)
        self.position = position


@dataclass(frozen=True, slots=True)
class Part:
    """One thing the query names, and what it was taken to mean: shown to the person who asked."""

    part_id: str
    kind: Kind
    text: str
    leaf: Leaf | None
    excluded: bool = False


@dataclass(frozen=True, slots=True)
class Parsed:
    """A query, and its parts in the order they were typed."""

    query: Query
    parts: tuple[Part, ...]


def parse(text: str) -> Parsed:
    """Read a query; without any word it matches everything. Raises QueryError."""
    if len(text) > LONGEST:
        raise QueryError(
            "A query may have at most {longest} characters.", LONGEST, code="query_length", longest=LONGEST
        )
    _check_depth(text)
    reading = _QueryReading(text)
    query = reading.query(_tree(masked(text, tokens(text))))
    if any(part.kind != "ignored" for part in reading.parts):
        return Parsed(query if query is not None else EVERYTHING, tuple(reading.parts))
    return _of_stopwords(reading.parts)


def _check_depth(text: str) -> None:
    depths = accumulate((character == "(") - (character == ")") for character in text)
    at = next((at for at, depth in enumerate(depths) if depth > DEEPEST), None)
    if at is not None:
        raise QueryError(
            "A query may have at most {deepest} parentheses inside one another.",
            at,
            code="query_depth",
            deepest=DEEPEST,
        )


def _of_stopwords(parts: list[Part]) -> Parsed:
    """A query of nothing but common words means them after all."""
    kept = tuple(Part(p.part_id, "word", p.text, _term(p.text), p.excluded) if tokens(p.text) else p for p in parts)
    leaves = tuple(p.leaf for p in kept if p.leaf and not p.excluded)
    return Parsed(Or(leaves) if leaves else EVERYTHING, kept)


@lru_cache(maxsize=1)
def _parser() -> Lark:
    return Lark.open("query.lark", rel_to=__file__, parser="lalr", propagate_positions=False)


def _tree(text: str) -> Tree[Token]:
    try:
        return _parser().parse(text)
    except UnexpectedInput as error:
        at = _position(text, error)
        raise _unreadable(text, at, error) from error


def _position(text: str, error: UnexpectedInput) -> int:
    ended = isinstance(error, UnexpectedToken) and error.token.type == "$END"
    return len(text) if ended or error.pos_in_stream is None else error.pos_in_stream


def _unreadable(text: str, at: int, error: UnexpectedInput) -> QueryError:
    """Why nothing can be made of the query from this place on."""
    place, sign = at + 1, text[at : at + 1]
    if isinstance(error, UnexpectedCharacters):
        words = "The quotation mark {sign} at character {place} has no partner: close the phrase, or leave it out."
        return QueryError(words, at, code="query_quotation_mark", sign=sign, place=place)
    if sign == ")":
        words = "The parenthesis at character {place} closes nothing, or nothing stands before it."
        return QueryError(words, at, code="query_parenthesis", place=place)
    if at >= len(text.rstrip()):
        words = "The query breaks off: something is missing after its last operator or parenthesis."
        return QueryError(words, at, code="query_breaks_off")
    words = "Nothing can be made of {sign!r} at character {place}: an operator stands between two words."
    return QueryError(words, at, code="query_operator", sign=text[at:].split()[0], place=place)


class _QueryReading:
    """Walks the tree once, noting each part."""

    def __init__(self, text: str) -> None:
        self.parts: list[Part] = []
        self._text = text
        self._excluding = False
        self._left = MOST_PARTS

    def query(self, node: Tree[Token] | Token) -> Query | None:
        """The query of a node; None where nothing in it can be searched for."""
        assert isinstance(node, Tree)  # noqa: S101
        match node.data:
            case "word" | "phrase":
                return self._leaf(node.children[0], node.data == "phrase")
            case "excluded":
                return self._excluded(node)
            case "loose":
                return self._loose(node)
            case "all_of":
                return _joined(And, [self.query(child) for child in node.children])
            case _:
                return _joined(Or, [self.query(child) for child in node.children])

    def _excluded(self, node: Tree[Token]) -> Query | None:
        self._excluding = not self._excluding
        inner = self.query(node.children[0])
        self._excluding = not self._excluding
        return None if inner is None else Not(inner)

    def _loose(self, node: Tree[Token]) -> Query | None:
        read = [self.query(child) for child in node.children]
        alternatives = _joined(Or, [query for query in read if not isinstance(query, Not)])
        return _joined(And, [alternatives, *(query for query in read if isinstance(query, Not))])

    def _leaf(self, masked_token: Tree[Token] | Token, quoted: bool) -> Query | None:
        assert isinstance(masked_token, Token)  # noqa: S101
        token = masked_token.update(value=self._text[masked_token.start_pos : masked_token.end_pos])
        kind, leaf = _phrase(token) if quoted else _word(token)
        self._left -= len(leaf.stems) if isinstance(leaf, Phrase) else 1
        if self._left < 0:
            words, at = "A query may hold at most {most} words, those inside phrases counted.", token.start_pos or 0
            raise QueryError(words, at, code="query_parts", most=MOST_PARTS)
        self.parts.append(Part(f"p{len(self.parts) + 1}", kind, str(token), leaf, self._excluding))
        if leaf is None or quoted or self._excluding:
            return leaf
        if kind == "word":
            return readings.word(tokens(token)[0])
        return leaf if token == masked_token else Or((leaf, *readings.words_alone(token)))  # its parts as well


def _joined(kind: type[And] | type[Or], parts: list[Query | None]) -> Query | None:
    present = tuple(part for part in parts if part is not None)
    if len(present) > 1:
        return kind(present)
    return present[0] if present else None


def _phrase(text: str) -> tuple[Kind, Leaf | None]:
    found = tokens(text)
    if len(found) > 1:
        return "phrase", readings.phrase(found)
    return ("word", readings.term(found[0])) if found else ("ignored", None)


def _word(text: Token) -> tuple[Kind, Leaf | None]:
    found = tokens(text)
    if not found:
        return "ignored", None
    if text.endswith("*") and len(found) == 1:
        return "prefix", _prefix(text)
    if text.startswith("=") and len(found) == 1:
        return "form", Exact(found[0].exact)
    if len(found) > 1:
        return "phrase", readings.phrase(found)
    return ("ignored", None) if stopword(found[0]) else ("word", readings.term(found[0]))


def _prefix(text: Token) -> Prefix:
    found = tokens(text.rstrip("*"))
    if len(found) != 1 or len(found[0].exact) < SHORTEST_PREFIX:
        words = "{word!r}: a * goes after one word of at least {shortest} letters."
        at = text.start_pos or 0
        raise QueryError(words, at, code="query_prefix", word=str(text), shortest=SHORTEST_PREFIX)
    return Prefix(found[0].exact)


def _term(text: str) -> Leaf:
    found = tokens(text)
    return readings.term(found[0]) if len(found) == 1 else readings.phrase(found)
