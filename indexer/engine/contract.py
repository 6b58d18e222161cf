"""What every search engine gives: the values that go in and out, and the promises that the contract suite checks.

An engine stores and finds tokens; it knows neither language nor law. Every read takes a Scope, and what it answers is
a function of the live records inside that scope alone: count there, then weigh (`weigh`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Final, Literal, Protocol, get_args

from auth.errors import ErrorKind, TolmachError
from auth.policy import Scope
from indexer.analysis.tokens import Token
from indexer.engine.stamps import StampKey
from indexer.text import Origin

Facet = Literal[
    "language",
    "agency",
    "level",
    "year",
    "kind",
    "meeting",
    "series",
    "body",
    "country",
    "has",
    "has_human_translation",
]
FACETS: Final[tuple[Facet, ...]] = get_args(Facet)

Sort = Literal["relevance", "newest", "oldest"]
DEEPEST: Final = 10_000  # offset + limit
EVIDENCE: Final = 3  # passages shown with a hit


class EngineError(TolmachError):
    """The engine did not answer, or not in full. Nothing may be concluded from its silence."""

    kind = ErrorKind.UNAVAILABLE
    code = "engine_unavailable"
    sentence = "Search does not answer at the moment. Try again in a few minutes."


class EngineUnavailableError(EngineError):
    """The engine cannot be reached or used now; trying again later may help."""


class NotPermittedError(EngineError):
    """This process may not write to the index: a worker must."""


class StaleIndexError(EngineError):
    """The index was made by another version of Tolmach and must be made anew."""


# -- What goes in


@dataclass(frozen=True, slots=True)
class PassageTokens:
    """The tokens of one passage, by where its text comes from. `ordinal` counts the document's passages from 0."""

    ordinal: int
    texts: Mapping[Origin, Sequence[Token]]


@dataclass(frozen=True, slots=True)
class Record:
    """A document as an engine holds it. `rule` is the digest of its reading rule, `day` its date as ISO text or "".

    `version` rises with every change of its label, times, state or text: an engine keeps what is of the highest.
    `stamp` is of the engine's `stamp_key`.
    """

    document_id: str
    version: int
    stamp: int
    rule: str
    day: str
    facets: Mapping[Facet, Sequence[str]]
    passages: Sequence[PassageTokens]


# -- What is asked


@dataclass(frozen=True, slots=True)
class Term:
    """Passages that hold this stem, or one of the other readings of the same word.

    `share`: how much of its weight counts, for words that are only related to what was asked.
    """

    stem: str
    others: tuple[str, ...] = ()
    share: float = 1.0


@dataclass(frozen=True, slots=True)
class Exact:
    """Passages that hold this very form."""

    form: str


@dataclass(frozen=True, slots=True)
class Phrase:
    """Passages that hold these stems one after the other, or one of the other runs of readings that mean the same.

    It counts with a share of its weight: 1 is all of it.
    """

    stems: tuple[str, ...]
    others: tuple[tuple[str, ...], ...] = ()
    share: float = 1.0


@dataclass(frozen=True, slots=True)
class Prefix:
    """Passages that hold a form beginning so. Every match weighs the same."""

    start: str


@dataclass(frozen=True, slots=True)
class Near:
    """Passages where a stretch of one text holds each of these words, in any order. Every match weighs the same.

    A word is its readings. `between`: places that the stretch may have besides one for each word. `share` as above.
    """

    words: tuple[tuple[str, ...], ...]
    between: int
    share: float = 1.0

    @property
    def longest(self) -> int:
        """The most places of the stretch."""
        return len(self.words) + self.between


Leaf = Term | Exact | Phrase | Prefix | Near


def runs_of(leaf: Term | Phrase) -> tuple[tuple[str, ...], ...]:
    """The runs of readings that a leaf stands for, each once.

    A text's score for a leaf is that of its best run, so no place counts twice, whatever readings stand there.
    """
    runs = ((leaf.stem,), *((key,) for key in leaf.others)) if isinstance(leaf, Term) else (leaf.stems, *leaf.others)
    return tuple(dict.fromkeys(runs))


@dataclass(frozen=True, slots=True)
class And:
    """Documents that match every part; with no parts, all documents."""

    parts: tuple[Query, ...]


@dataclass(frozen=True, slots=True)
class Or:
    """Documents that match some part; with no parts, none."""

    parts: tuple[Query, ...]


@dataclass(frozen=True, slots=True)
class Not:
    """Documents that do not match."""

    part: Query


Query = Leaf | And | Or | Not
EVERYTHING: Final = And(())


def positive_leaves(query: Query) -> tuple[Leaf, ...]:
    """The leaves that count for a score, in order: all but those under a Not.

    Of those that differ in their share alone the one with the largest counts.
    """
    best: dict[object, Leaf] = {}
    for leaf in _walk(query):
        known = best.setdefault(_meaning(leaf), leaf)
        if share_of(leaf) > share_of(known):
            best[_meaning(leaf)] = leaf
    return tuple(best.values())


def share_of(leaf: Leaf) -> float:
    """How much of its weight a leaf counts with: 1 is all of it."""
    return leaf.share if isinstance(leaf, Term | Phrase | Near) else 1.0


def _meaning(leaf: Leaf) -> object:
    """What a leaf stands for, its share left out: equal for leaves that the same texts hold."""
    match leaf:
        case Term() | Phrase():
            return frozenset(runs_of(leaf))
        case Near(words, between):
            return frozenset(map(frozenset, words)), len(words), between
        case _:
            return leaf


def _walk(query: Query) -> Iterator[Leaf]:
    match query:
        case And(parts) | Or(parts):
            for part in parts:
                yield from _walk(part)
        case Not():
            return
        case leaf:
            yield leaf


@dataclass(frozen=True, slots=True)
class Request:
    """A search: what must match, narrowed by facet values (any of them, for every facet named), years and days.

    `days`: the first and the last, as ISO text, or "" for no bound. `undated`: only documents without a date.
    `only`: none but these documents, and `but`: not these; all that is inside the scope is counted and weighed anyway.
    """

    query: Query
    filters: Mapping[Facet, frozenset[str]] = field(default_factory=dict)
    years: tuple[int | None, int | None] = (None, None)
    sort: Sort = "relevance"
    offset: int = 0
    limit: int = 10
    days: tuple[str, str] = ("", "")
    undated: bool = False
    only: frozenset[str] | None = None
    but: frozenset[str] = frozenset()


# -- What is answered


@dataclass(frozen=True, slots=True)
class Evidence:
    """A passage that speaks for a hit, and its score."""

    ordinal: int
    score: float


@dataclass(frozen=True, slots=True)
class Hit:
    """A document that matches; its best passages first."""

    document_id: str
    score: float
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True)
class Inside:
    """What an index holds inside a scope: how many documents, the sum of their stamps, and whether each is complete."""

    documents: int = 0
    stamps: int = 0
    complete: bool = True


@dataclass(frozen=True, slots=True)
class SuggestedForms:
    """Forms, and what they were counted in."""

    forms: tuple[str, ...] = ()
    inside: Inside = Inside()


@dataclass(frozen=True, slots=True)
class LeafCounts:
    """How many of a scope's passages hold each leaf, and what they were counted in."""

    passages: int = 0
    holding: Mapping[Leaf, int] = field(default_factory=dict)
    inside: Inside = Inside()


@dataclass(frozen=True, slots=True)
class Answer:
    """The hits of the page asked for, ties in order of document_id; the exact total; facet values by falling count.

    A facet is counted without the filter on itself, so that one sees what else could be chosen. `inside` is what the
    scope held when this was found: whoever shows the answer compares it with the database first. `by_meaning`: how many
    of the documents no word found, but their meaning; None of an answer by words alone, as every engine's is.
    """

    total: int
    hits: tuple[Hit, ...]
    facets: Mapping[Facet, tuple[tuple[str, int], ...]]
    inside: Inside = Inside()
    by_meaning: int | None = None


NONE: Final[frozenset[str]] = frozenset()  # no documents
NOTHING: Final = Answer(0, (), dict.fromkeys(FACETS, ()))


@dataclass(frozen=True, slots=True)
class Holding:
    """What an engine holds of a document: under which rule, of which version, with which stamp."""

    rule: str
    version: int
    stamp: int


class Engine(Protocol):
    """A search engine. Every call may raise EngineError.

    `stamp_key` makes the stamps of what is put into it.
    What it was told of a document at a higher version stands, whichever call arrives last and whatever was restarted
    in between: a removal leaves the document's identifier and version, which no search sees.
    """

    @property
    def stamp_key(self) -> StampKey:
        """The service's key."""

    def put(self, records: Iterable[Record]) -> None:
        """Hold these records, in place of any of the same documents; found by every search that begins afterwards.

        A record changes nothing where a higher version was put or removed.
        """

    def remove(self, versions: Mapping[str, int]) -> None:
        """Forget these documents; found by no search that begins afterwards, and without a trace in any score.

        Removing a document changes nothing where a higher version than the one named was put or removed.
        """

    def search(self, scope: Scope, request: Request, without: frozenset[str] = NONE) -> Answer:
        """Find inside the scope. An empty scope finds nothing and reaches no index.

        `without`: documents of which a change is still due. Nothing of them is found, counted or weighed.
        """

    def suggest(self, scope: Scope, prefix: str, limit: int = 10, without: frozenset[str] = NONE) -> SuggestedForms:
        """Forms that live documents inside the scope hold and that begin so, the most frequent first, then by form."""

    def count(self, scope: Scope, leaves: Sequence[Leaf], without: frozenset[str] = NONE) -> LeafCounts:
        """How many passages of live documents inside the scope hold each of these leaves."""

    def holdings(self) -> Mapping[str, Holding]:
        """Every document held: to compare with the database, never to answer a person."""

    def renewal(self) -> AbstractContextManager[Engine]:
        """The index to fill anew: another one beside this, which takes its place if the block ends well, or this one.

        Meanwhile this one answers, and what is put or removed reaches both.
        """

    def tidy(self) -> bool:
        """Do a little of what lets words of removed documents leave the disk; whether there was any. For the idle."""

    def close(self) -> None:
        """Let go of files and connections."""
