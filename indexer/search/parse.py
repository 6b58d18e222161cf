"""Reads what somebody typed into a query. Whatever is no query is read as words, and said so; refuses what is too long.

People may type words, "phrases", prefix*, =form, +must -not !not, AND OR NOT and && || in both languages, parentheses,
fields. Words side by side are alternatives and the ranking decides; AND binds tighter than OR, words tighter than both.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import accumulate
from typing import Final

from auth.errors import ErrorKind, TolmachError
from indexer.analysis.tokens import tokens
from indexer.engine.contract import EVERYTHING, Leaf, Or, Query
from indexer.search.query import leaves
from indexer.search.query.bridge import Bridge, Crossing
from indexer.search.query.narrowing import Narrowing
from indexer.search.query.nearness import Neighbour, pairs
from indexer.search.query.notes import QueryNote, note
from indexer.search.query.operators import settled
from indexer.search.query.pieces import cut
from indexer.search.query.reader import Part, QueryReader, joined
from indexer.search.query.word_patterns import WordPattern

LONGEST: Final = 4_000  # characters: some 400 words; the trail seals them whole
MOST_PARTS: Final = 64  # words that are searched, each of those inside phrases too
_LONG: Final = frozenset({"long_text", "first_words", "heaviest_words"})
MOST_WEIGHED: Final = 400  # words of a long text, those of compounds too, of which the heaviest are searched


class QueryError(TolmachError, ValueError):
    """The query is over a size; `position` is the place in it, counted from 0."""

    kind = ErrorKind.INVALID
    code = "query"

    def __init__(self, words: str, position: int, *, code: str = "", **parameters: str | int) -> None:
        super().__init__(words, code=code, **parameters)
        self.position = position


@dataclass(frozen=True, slots=True)
class Parsed:
    """A query, its parts in the order they were typed, and what is said of how it was read.

    `long`: a text of more words than are searched; `heaviest` makes of it a query that may be asked. `text` and
    `every` are what was read, `crossing` what of it was carried over. `like`: words with signs for letters, whose live
    forms are still to be looked up.
    """

    query: Query
    parts: tuple[Part, ...]
    notes: tuple[QueryNote, ...] = ()
    narrowing: Narrowing = field(default_factory=Narrowing)
    long: bool = False
    like: tuple[WordPattern, ...] = ()
    text: str = ""
    every: bool = False
    crossing: Crossing | None = None

    @property
    def leaves(self) -> tuple[Leaf, ...]:
        """What the parts are searched by, each once, in order."""
        return tuple(dict.fromkeys(part.leaf for part in self.parts if part.leaf))

    @property
    def off(self) -> frozenset[str]:
        """What is switched off."""
        return self.crossing.off if self.crossing else frozenset()


def parse(
    text: str,
    every: bool = False,
    alike: Mapping[str, Sequence[str]] | None = None,
    crossing: Crossing | None = None,
) -> Parsed:
    """Read a query; without any word it matches everything. `every`: words side by side must all match.

    `alike`: the live forms that words with signs for letters stand for, once somebody has looked them up.
    `crossing`: what is to be carried over into the other language; None for nothing.
    Raises QueryError of a text that is too long.
    """
    if len(text) > LONGEST:
        raise QueryError(
            "A query may have at most {longest} characters.", LONGEST, code="query_length", longest=LONGEST
        )
    return replace(_parsed(text, every, alike, crossing), text=text, every=every, crossing=crossing)


def _parsed(text: str, every: bool, alike: Mapping[str, Sequence[str]] | None, crossing: Crossing | None) -> Parsed:
    pieces, alone = cut(text)
    pieces, mended = settled(pieces)
    off = crossing.off if crossing else frozenset()
    reader = QueryReader(pieces, every, alike, Bridge(crossing) if crossing else None, off)
    query = reader.query()
    if reader.words > MOST_PARTS:
        return _long(text, off)
    notes = (*_once(alone), *mended, *reader.notes)
    if any(part.kind not in ("ignored", "filter", "off") for part in reader.parts):
        read = Parsed(query if query is not None else EVERYTHING, tuple(reader.parts), notes, reader.narrowing)
        return replace(read, like=tuple(reader.like)) if alike is None else read
    return _of_stopwords(reader.parts, notes, reader.narrowing)


def loose_words(parsed: Parsed) -> str:
    """The text of a query that is loose words and filters alone, without the filters; "" of any other.

    Of what is quoted, demanded, excluded or given by its form each word means what it says. A long text is words alone.
    """
    if not parsed.leaves or parsed.every:
        return ""
    if any(each.code in _LONG for each in parsed.notes):
        return parsed.text
    kinds = {part.kind for part in parsed.parts}
    pieces, _ = settled(cut(parsed.text)[0])
    if kinds - {"word", "phrase", "ignored", "filter"} or {piece.kind for piece in pieces} - {"word", "field"}:
        return ""
    if any(part.excluded for part in parsed.parts):
        return ""
    return " ".join(piece.text for piece in pieces if piece.kind == "word")


def of_text(text: str, crossing: Crossing) -> Parsed:
    """The words of a text that nobody typed as a query: signs are punctuation. `heaviest` makes a query of it."""
    return replace(_long(text, frozenset()), text=text, notes=(), long=True, crossing=crossing)


def heaviest(parsed: Parsed, weights: Mapping[Leaf, float] | None, most: int = MOST_PARTS) -> Parsed:
    """Of a long text the words that weigh most, as many as may be searched, in the order of the text.

    Where nothing is weighed, the first ones.
    """
    left, kept = most, set()
    for part in sorted(parsed.parts, key=lambda part: -weights[part.leaf] if weights and part.leaf else 0.0):  # stable
        words = leaves.length(part.leaf)
        if words <= left:
            kept.add(part.part_id)
            left -= words
    chosen = [part for part in parsed.parts if part.part_id in kept]
    parts = _numbered(chosen, parsed.off)
    notes = (
        *parsed.notes,
        note("first_words" if weights is None else "heaviest_words", taken=len(parts), of=len(parsed.parts)),
    )
    query = joined(Or, [part.leaf for part in parts]) or EVERYTHING
    return replace(parsed, query=query, parts=parts, notes=notes, long=False)


def _numbered(parts: Sequence[Part], off: frozenset[str]) -> tuple[Part, ...]:
    """The words of a text that are searched, those that are switched off in their form alone."""
    named = [replace(part, part_id=f"p{at}") for at, part in enumerate(parts, 1)]
    return tuple(
        replace(part, kind="form", leaf=leaves.as_typed(tokens(part.text))) if part.part_id in off else part
        for part in named
    )


def carried_over(parsed: Parsed) -> Parsed:
    """A query of loose words, each also as what its `crossing` carries it over to."""
    bridge, queries, parts = Bridge(parsed.crossing or Crossing()), list[Query](), list[Part]()
    for part in parsed.parts:
        words = tokens(part.text)
        ways = [carry(words, part.text, part.part_id) for carry in (bridge.word, bridge.spelling)]
        more = [leaf for carried in ways for leaf in carried.leaves]
        across = tuple(text for carried in ways for text in carried.texts)
        learned = tuple(text for carried in ways for text in carried.learned)
        spelled = any(carried.spelled for carried in ways)
        parts.append(replace(part, across=across, learned=learned, spelled=spelled))
        queries += [Or((part.leaf, *more))] if part.leaf else []
    return replace(parsed, query=Or(tuple(queries)), parts=tuple(parts))


def _once(notes: Sequence[QueryNote]) -> list[QueryNote]:
    return list({str(each.parameters): each for each in notes}.values())


def _long(text: str, off: frozenset[str]) -> Parsed:
    """A text of more words than are searched: each of its words once, signs read as punctuation."""
    words_of_text = [(typed, words) for typed in text.split() if (words := tokens(typed)[:MOST_PARTS])]
    telling = [(typed, words) for typed, words in words_of_text if not leaves.common(words)] or words_of_text
    read: dict[Leaf, str] = {}
    for typed, words in telling:
        read.setdefault(leaves.of_words(words), typed[words[0].start : words[-1].end])
    words_so_far = accumulate(leaves.length(leaf) for leaf in read)
    kept = [item for item, so_far in zip(read.items(), words_so_far, strict=True) if so_far <= MOST_WEIGHED]
    fits = sum(leaves.length(leaf) for leaf, _ in kept) <= MOST_PARTS
    parts = _numbered([Part("", "word", typed, leaf) for leaf, typed in kept], off if fits else frozenset())
    query = joined(Or, [part.leaf for part in parts]) or EVERYTHING
    return Parsed(query, parts, (note("long_text"),) if fits else (), long=not fits)


def _of_stopwords(parts: list[Part], notes: tuple[QueryNote, ...], narrowing: Narrowing) -> Parsed:
    """A query of nothing but common words means them after all."""
    words = [tokens(part.text) if part.kind == "ignored" else [] for part in parts]
    kept = [
        replace(part, kind="word", leaf=leaves.of_words(words_of_part)) if words_of_part else part
        for part, words_of_part in zip(parts, words, strict=True)
    ]
    meant = [part.leaf for part in kept if part.leaf and not part.excluded]
    neighbours = [Neighbour(tuple(each)) for each, part in zip(words, kept, strict=True) if each and not part.excluded]
    near = [pair for begun in pairs(neighbours) for pair in begun]
    return Parsed(joined(Or, list(dict.fromkeys([*meant, *near]))) or EVERYTHING, tuple(kept), notes, narrowing)
