"""Random worlds for the engine's contract: records, queries and scopes from one seed, and mutations of each."""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator
from dataclasses import replace

from auth.policy import Action, Scope
from indexer.analysis.tokens import Token
from indexer.engine.contract import (
    EVERYTHING,
    FACETS,
    And,
    Exact,
    Facet,
    Leaf,
    Near,
    Not,
    Or,
    PassageTokens,
    Phrase,
    Prefix,
    Query,
    Record,
    Request,
    Term,
)
from indexer.engine.stamps import StampKey
from indexer.text import ORIGINS

KEY = StampKey(b"the key of the tests")
STEMS = [f"s{at}" for at in range(40)] + ["терр", "боев", "возвр", "границ"]
ENDINGS = ["", "a", "ами", "ing"]
RULES = [f"{at:032x}" for at in range(12)]
SORTS = ("relevance", "newest", "oldest")


class World:
    """Makes everything of one seed; documents are seeded by name, so that one is the same in any company."""

    def __init__(self, seed: int) -> None:
        self.seed = seed
        self.random = random.Random(seed)

    def record(self, name: int) -> Record:
        """The document of a name."""
        own = random.Random(f"{self.seed}/{name}")
        day = own.choice(["", f"20{own.randint(18, 25)}-{own.randint(1, 12):02}-{own.randint(1, 28):02}"])
        return Record(
            document_id=f"{own.getrandbits(128):032x}",
            version=1,
            stamp=random.Random(f"{self.seed}/{name}/stamp").getrandbits(32),
            rule=own.choice(RULES),
            day=day,
            facets={facet: self._values(own, facet) for facet in FACETS},
            passages=[PassageTokens(at, self._texts(own)) for at in range(own.choice([1, 1, 2, 3, 9]))],
        )

    def _values(self, own: random.Random, facet: Facet) -> list[str]:
        many = 3 if facet in ("agency", "country") else 1
        return sorted({f"{facet}-{own.randint(0, 4)}" for _ in range(own.randint(0, many))})

    def _texts(self, own: random.Random) -> dict[str, list[Token]]:
        origins = ["original", *own.sample(ORIGINS[1:], own.choice([0, 0, 1, 2]))]
        return {origin: self._tokens(own, own.choice([0, 3, 20, 30, 150, 175, 260])) for origin in origins}

    def _tokens(self, own: random.Random, length: int) -> list[Token]:
        weights = [1 / (at + 1) for at in range(len(STEMS))]
        stems = own.choices(STEMS, weights, k=length)
        return [
            Token(stem + own.choice(ENDINGS), stem, at * 9, at * 9 + 8, self._others(own, stem))
            for at, stem in enumerate(stems)
        ]

    def _others(self, own: random.Random, stem: str) -> tuple[str, ...]:
        """Other readings of a place, now and then: often those of other words."""
        if own.random() < 0.7:
            return ()
        return tuple(sorted({own.choice([*STEMS, "+s1", "2025-03-11"]) for _ in range(own.randint(1, 3))} - {stem}))

    def scope(self) -> Scope:
        """Some of the rules, or a single one, or all."""
        count = self.random.choice([1, 2, 4, len(RULES)])
        return Scope(Action.SEARCH, frozenset(self.random.sample(RULES, count)))

    def request(self) -> Request:
        """A random search."""
        filters: dict[Facet, frozenset[str]] = {}
        for facet in self.random.sample(FACETS, self.random.choice([0, 0, 0, 1, 2])):
            filters[facet] = frozenset(f"{facet}-{self.random.randint(0, 5)}" for _ in range(2))
        years = (self.random.choice([None, None, 2019, 2021]), self.random.choice([None, None, 2022, 2024]))
        return Request(
            self.query(2),
            filters,
            years,
            self.random.choice(SORTS),
            self.random.choice([0, 0, 0, 3]),
            self.random.choice([0, 1, 5, 10, 50]),
            self.random.choice(
                [("", ""), ("", ""), ("2019-06-15", ""), ("", "2022-02-28"), ("2020-01-31", "2021-12-01")]
            ),
            self.random.random() < 0.1,
        )

    def query(self, depth: int) -> Query:
        """A random query."""
        kind = self.random.randint(0, 9)
        if depth == 0 or kind < 4:
            return self._leaf()
        if kind == 9:
            return EVERYTHING
        if kind == 8:
            return Not(self.query(depth - 1))
        parts = tuple(self.query(depth - 1) for _ in range(self.random.randint(1, 4)))
        return And(parts) if kind < 6 else Or(parts)

    def leaves(self) -> list[Leaf]:
        """Some random leaves, each once."""
        return list(dict.fromkeys(self._leaf() for _ in range(12)))

    def _leaf(self) -> Leaf:
        stem = self.random.choice([*STEMS, "absent"])
        match self.random.randint(0, 8):
            case 0:
                return Phrase((stem, self.random.choice(STEMS[:6])), share=self.random.choice([1.0, 0.5, 0.3]))
            case 4:
                others = tuple(self.random.sample(STEMS[:9], self.random.randint(1, 3)))
                return Term(stem, others, self.random.choice([1.0, 0.25, 0.3]))
            case 5:
                first, second, third = self.random.sample(STEMS[:9], 3)
                others = ((first, third), (second,), (third, second, first))
                return Phrase((first, second), others, self.random.choice([1.0, 0.5]))
            case 8:
                words = [tuple(self.random.sample(STEMS[:12], self.random.randint(1, 3))) for _ in range(3)]
                some = tuple(dict.fromkeys(words[: self.random.randint(1, 3)]))
                return Near(some, self.random.choice([0, 1, 2, 5, 30]), self.random.choice([1.0, 0.8]))
            case 1:
                return Prefix(stem[: self.random.randint(2, 4)])
            case 2:
                return Exact(stem + self.random.choice(ENDINGS))
            case 3:
                return Phrase((self.random.choice(STEMS[:4]),) * self.random.randint(2, 3))
            case _:
                return Term(stem)


def relabelled(record: Record, rule: str) -> Record:
    """The same document under another rule, one version later."""
    return replace(record, rule=rule, version=record.version + 1)


def after(records: Iterable[Record]) -> dict[str, int]:
    """The versions at which these documents are removed: what was put of them is older."""
    return {record.document_id: record.version + 1 for record in records}


def names(count: int) -> Iterator[int]:
    """Names of documents."""
    return iter(range(count))
