"""A synthetic corpus of any size for measurements: the sample's words by Zipf's law, in passages of natural length."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from itertools import accumulate
from typing import Final

from paired_worlds import vocabulary
from sqlalchemy import select

from auth import people, policy
from auth.database import new_id
from auth.expression import ALWAYS
from auth.labels import ReadingRule
from auth.people import Role
from auth.policy import Action, Scope
from indexer.engine.contract import Record
from indexer.library.states import State
from indexer.library.tables import DocumentRow
from indexer.pipeline.index_record import record_of
from indexer.pipeline.reindex import reindex
from indexer.pipeline.stages.extract import keep_text
from indexer.segment.passages import Passage
from indexer.segment.segments import Segment
from services.components import Components

USERNAME: Final = "expert"
PASSWORD: Final = "a password for measuring"
PASSAGES: Final = 8  # a document
SENTENCES: Final = 10  # a passage, of about 17 words
BATCH: Final = 250  # documents


class Corpus:
    """Documents in a home's database, and the rules that they are spread over, in several ways."""

    def __init__(self, components: Components, seed: int = 1) -> None:
        self._parts = components
        self._random = random.Random(seed)
        self._words = vocabulary()
        self._random.shuffle(self._words)
        self._weights = list(accumulate(1 / (at + 10) for at in range(len(self._words))))
        self._agencies = [f"AG{at}" for at in range(12)]
        self._spreads: dict[int, dict[str, ReadingRule]] = {}  # by how many rules: the rule of each document

    @property
    def words(self) -> list[str]:
        """All its words, the most common first."""
        return list(self._words)

    def make(self, documents: int, spreads: Sequence[int]) -> None:
        """Write the documents, extracted but not yet in the index, and one person.

        No two spreads share a rule; four fifths of the rules are the person's, and the same documents in each.
        """
        with self._parts.database.session() as session:
            for code in self._agencies:
                people.add_agency(session, code, code, code, 40)
            person = people.add_person(session, USERNAME, USERNAME, self._agencies[0], PASSWORD)
            people.add_grant(session, person, Role.EXPERT, 40)
            rule = policy.keep_rule(session, ReadingRule(10, frozenset(self._agencies), ALWAYS))
            for _ in range(documents):
                row = self._document(rule)
                session.add(row)
                session.flush()
                keep_text(session, row, [], *self._text())
                row.state = State.INDEXED
        taken: set[ReadingRule] = set()
        mine = {name: self._random.random() < 0.8 for name in self._identifiers()}
        for count in spreads:
            share = count * 4 // 5
            readable, others = self._rules(share, True, taken), self._rules(count - share, False, taken)
            self._spreads[count] = {
                name: self._random.choice(readable if its_mine else others) for name, its_mine in mine.items()
            }

    def more_people(self, number: int) -> list[str]:
        """The names of so many people more, who may read what the one may."""
        names = [f"{USERNAME}{at}" for at in range(number)]
        with self._parts.database.session() as session:
            for name in names:
                person = people.add_person(session, name, name, self._agencies[0], PASSWORD)
                people.add_grant(session, person, Role.EXPERT, 40)
        return names

    def spread(self, count: int) -> None:
        """Give the documents their rules of the spread over that many, and index them."""
        rules = self._spreads[count]
        with self._parts.database.session() as session:
            for row in session.query(DocumentRow):
                row.rule = policy.keep_rule(session, rules[row.id])
        reindex(self._parts.database, self._parts.engine, lambda done, total: None)

    def batches(self) -> Iterator[list[Record]]:
        """Every document as an engine holds it."""
        identifiers = self._identifiers()
        for at in range(0, len(identifiers), BATCH):
            with self._parts.database.reading() as session:
                some = identifiers[at : at + BATCH]
                yield [record_of(session, session.get_one(DocumentRow, name)) for name in some]

    def rules_of(self, document_id: str) -> list[str]:
        """The digest of a document's rule in each spread."""
        return [rules[document_id].digest for rules in self._spreads.values()]

    def scope(self, count: int) -> Scope:
        """What the person may search of the spread over that many rules."""
        with self._parts.database.reading() as session:
            row = people.find_person(session, USERNAME)
            assert row is not None
            principal = people.principal(session, row.id)
        return policy.scope_among(self._spreads[count].values(), principal, Action.SEARCH)

    def query(self) -> str:
        """A search as people type it: a few words, at times a phrase or a prefix."""
        words = self._pick(self._random.randint(1, 5))
        kind = self._random.random()
        if kind < 0.1:
            return f"{words[0][:4]}* {' '.join(words[1:])}"
        return f'"{words[0]} {words[-1]}" {" ".join(words)}' if kind < 0.2 else " ".join(words)

    def _pick(self, count: int) -> list[str]:
        return self._random.choices(self._words, cum_weights=self._weights, k=count)

    def _identifiers(self) -> list[str]:
        with self._parts.database.reading() as session:
            return list(session.scalars(select(DocumentRow.id).order_by(DocumentRow.id)))

    def _rules(self, count: int, mine: bool, taken: set[ReadingRule]) -> list[ReadingRule]:
        """Rules not taken yet, which the person satisfies or not."""
        rules: list[ReadingRule] = []
        while len(rules) < count:
            to = {*self._random.sample(self._agencies[1:], self._random.randint(1, 8)), *self._agencies[:mine]}
            rule = ReadingRule(self._random.choice([10, 20, 30, 40]), frozenset(to), ALWAYS)
            if rule not in taken:
                taken.add(rule)
                rules.append(rule)
        return rules

    def _document(self, rule: str) -> DocumentRow:
        identifier = new_id()
        kind = self._random.choice(["report", "statement", "agenda", "other"])
        return DocumentRow(
            id=identifier, rule=rule, originators=self._random.choice(self._agencies), filename="x", kind=kind,
            sha256=identifier, size=0, taken_by="bench", title_en="x", language=self._random.choice(["en", "ru"]),
        )  # fmt: skip

    def _text(self) -> tuple[list[Segment], list[Passage]]:
        count = PASSAGES * SENTENCES
        texts = [" ".join(self._pick(self._random.randint(8, 26))) for _ in range(count)]
        segments = [Segment(at, 1, text, "ru", ((1, (0, 0, 9, 9)),), False) for at, text in enumerate(texts)]
        starts = range(0, count, SENTENCES)
        return segments, [Passage(at, 1, first, first + SENTENCES - 1) for at, first in enumerate(starts)]
