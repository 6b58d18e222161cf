"""What a question may be carried over by beside what ships: imported terms, words learned from sentences of people."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from bitexts import FILES, rows
from papers import Line, paper

from auth import policy
from auth.database import Database
from auth.expression import ALWAYS
from auth.labels import ALL, Label
from auth.policy import Action, Scope
from indexer.lexicon.termbase.concept_rows import APPROVED, Placing, keep, prepared
from indexer.lexicon.termbase.formats import tsv
from indexer.lexicon.termbase.known import NOTHING_KNOWN, known_words
from indexer.lexicon.termbase.terms import Concept
from indexer.memory import entries
from indexer.memory.entries import TranslatedSentence
from indexer.memory.learned import learning
from indexer.memory.learned.words import NOTHING_LEARNED, learned_words
from indexer.search.query.bridge import Crossing
from services.setup import migrate

Crossings = Callable[[str], Crossing | None]  # of a question


class Knowledge:
    """A database with terms as an operator imports them and with what bitexts teach, as pairs of papers do."""

    def __init__(self, folder: Path, terms: Path) -> None:
        self._database = Database(f"sqlite:///{folder / 'knowledge.sqlite'}")
        migrate(self._database)
        label = Label.of(10, ALL, ALWAYS, ["UN"])
        with self._database.session() as session, terms.open("rb") as file:
            rule = policy.keep_rule(session, label.rule)
            concepts = (prepared(each) for each in tsv.read_terms(file) if isinstance(each, Concept))
            keep(session, concepts, Placing.of("terms", rule, label, APPROVED))
        self._scope = Scope(Action.SEARCH, frozenset({rule}))
        self._learn()

    def _learn(self) -> None:
        for name in FILES:
            sentences = {
                own: TranslatedSentence("en", own, other) for half in (0, 1) for own, other in rows(name, half)
            }
            with self._database.session() as session:
                document_id = paper(session, [[Line(name)]]).id
                entries.remember_of_pair(session, document_id, name, sentences.values(), preferred=False)
        while learning.step(self._database):
            pass

    def crossings(self, imports: bool, learned: bool) -> Crossings:
        """Carries a question over by these layers too, as somebody's search does whose scope holds all of it."""
        return partial(self._crossing, imports, learned)

    def _crossing(self, imports: bool, learned: bool, text: str) -> Crossing:
        with self._database.reading() as session:
            return Crossing(
                known=known_words(session, self._scope, text) if imports else NOTHING_KNOWN,
                learned=learned_words(session, self._scope, text) if learned else NOTHING_LEARNED,
            )
