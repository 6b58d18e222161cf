"""Follows what a paper recommends through later ones, inside the scope of whoever asks. Looks at none before it.

A later sentence takes a point up that names its paragraph, quotes it, or says much the same in either language. Papers
are found by a search, whose every hit is checked again, and read inside the same scope.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal

from sqlalchemy.orm import Session

from auth import policy
from auth.policy import Action, Scope
from indexer.analysis.tokens import tokens
from indexer.engine.budget import give_way
from indexer.engine.contract import EVERYTHING, Leaf, Phrase, Request, Term
from indexer.library import documents
from indexer.library.documents import SegmentText
from indexer.library.tables import DocumentRow
from indexer.lineage.likeness import ComparedWord, Likeness, alike, compared_words
from indexer.search.asking import Asking
from indexer.search.find import FoundDocument, find, weights
from indexer.search.parse import LONGEST
from indexer.search.query.bridge import Crossing
from indexer.search.similar import passage_named
from indexer.segment.recommendations import Point, points
from indexer.segment.references import Reference, references, symbols

Reason = Literal["paragraph", "quotation", "likeness"]

MOST_NAMING: Final = 60  # papers that name the symbol, the earliest first
MOST_ALIKE: Final = 20  # papers with passages like it
MOST_SENTENCES: Final = 5_000  # of one paper, that are read
MOST_TAKEN_UP: Final = 300  # sentences of one thread

ALIKE_WORDS, ALIKE = 5, 0.21  # chosen on the sample corpus: below, most of what is found is a coincidence
NAMED_WORDS, NAMED = 3, 0.1  # where the sentence names the paper
MOST_RIVALS: Final = 10  # papers that "paragraph 3" may mean besides
_SHORTEST_QUOTATION = 25  # characters
_QUOTED = re.compile(r"[“«„]([^“”«»„]{1,600})[”»“]")
_ENDS = (".", "!", "?", ";", ":", "»", "”", ")")


@dataclass(frozen=True, slots=True)
class TakenUp:
    """A sentence of a later paper that takes a point up, and by what that is known."""

    row: DocumentRow
    sentence: SegmentText
    reasons: tuple[Reason, ...]

    @property
    def key(self) -> tuple[str, int]:
        """The paper and the place in it."""
        return self.row.id, self.sentence.ordinal

    @property
    def order(self) -> tuple[tuple[str, str, str, str], int]:
        """Papers by date, each in its own order."""
        return self.row.by_date, self.sentence.ordinal


@dataclass(frozen=True, slots=True)
class Followed:
    """A point, and what its words weigh inside the scope."""

    paper: DocumentRow
    point: Point
    words: tuple[ComparedWord, ...]
    weights: Mapping[Leaf, float]

    def likeness(self, text: str) -> Likeness:
        """How much of the point a sentence says."""
        return alike(self.words, self.weights, text)


def points_of(session: Session, scope: Scope, row: DocumentRow) -> tuple[list[Point], dict[int, SegmentText]]:
    """What a paper inside the scope recommends, concludes or decides, and its sentences by ordinal."""
    sentences = documents.sentences(session, scope, row.id)
    return points([sentences[at] for at in sorted(sentences)], row.kind), sentences


def taken_up(asking: Asking, paper: DocumentRow, point: Point) -> list[TakenUp]:
    """The later sentences that take a point up, by date; none of a paper without a date.

    Raises EngineError, IndexDisagreesError, OverBudgetError.
    """
    if paper.date is None:
        return []
    words = compared_words(point.text, Crossing())
    leaves = [word.leaf for word in words]
    followed = Followed(paper, point, words, weights(asking.database, asking.engine, asking.principal, leaves))
    naming = _ids(_naming(asking, paper, paper.date), paper)
    similar = _passages(_similar(asking, point.text, paper.date), paper)
    with asking.database.reading() as session:
        scope = policy.scope_for(session, asking.principal, Action.SEARCH)
        later = _Later(session, scope, followed)
        known = {each.key: each for each in later.alike_in(similar)}
        known |= {each.key: each for each in later.referring_in(naming)}
    return sorted(known.values(), key=lambda each: each.order)[:MOST_TAKEN_UP]


def _naming(asking: Asking, paper: DocumentRow, since: date) -> Sequence[FoundDocument]:
    """Later papers that name its symbol."""
    stems = tuple(token.stem for token in tokens(paper.symbol))
    if not stems:
        return ()
    query = Phrase(stems) if len(stems) > 1 else Term(stems[0])
    asked = Request(query, sort="oldest", limit=MOST_NAMING, days=(since.isoformat(), ""))
    return find(asking.database, asking.engine, asking.principal, asked, asking.counts).hits


def _similar(asking: Asking, text: str, since: date) -> Sequence[FoundDocument]:
    """Later papers with passages like a text, in either language."""
    asked = Request(EVERYTHING, limit=MOST_ALIKE, days=(since.isoformat(), ""))
    return asking.similar(text[:LONGEST], Crossing(), asked).results.hits


def _ids(hits: Sequence[FoundDocument], paper: DocumentRow) -> list[str]:
    return [hit.row.id for hit in hits if _other(hit.row, paper)]


def _passages(hits: Sequence[FoundDocument], paper: DocumentRow) -> list[tuple[str, int]]:
    """The passages of other papers that speak for hits."""
    shown = [passage.passage_id for hit in hits if _other(hit.row, paper) for passage in hit.passages]
    return [passage_named(passage_id) for passage_id in shown]


def _other(row: DocumentRow, paper: DocumentRow) -> bool:
    """Whether it is another paper than this one and its translations, which have its symbol."""
    return row.id != paper.id and not (paper.symbol and row.symbol == paper.symbol)


@dataclass(frozen=True, slots=True)
class _Later:
    """Reads later papers, inside the scope alone."""

    session: Session
    scope: Scope
    followed: Followed

    def alike_in(self, passages: Sequence[tuple[str, int]]) -> Iterator[TakenUp]:
        """The sentences of passages that say much of the same."""
        rows = documents.get_all(self.session, self.scope, {name for name, _ in passages})
        found = documents.passages(self.session, self.scope, [row for row, _ in rows.values()], passages)
        for key in sorted(found):
            give_way()
            for sentence in found[key].segments:
                likeness = self.followed.likeness(sentence.text)
                if likeness.shared >= ALIKE_WORDS and likeness.both >= ALIKE:
                    yield TakenUp(rows[key[0]][0], sentence, ("likeness",))

    def referring_in(self, names: Sequence[str]) -> Iterator[TakenUp]:
        """The sentences of papers that name the point or quote it."""
        for row, _ in documents.get_all(self.session, self.scope, names).values():
            give_way()
            by_ordinal = documents.sentences(self.session, self.scope, row.id)
            sentences = [by_ordinal[at] for at in sorted(by_ordinal) if not by_ordinal[at].furniture][:MOST_SENTENCES]
            texts = [_whole(sentences, at) for at in range(len(sentences))]
            read = [
                [each for each in references(text) if each.start < len(sentence.text)]
                for text, sentence in zip(texts, sentences, strict=True)
            ]
            cited = {each.symbol for of_sentence in read for each in of_sentence if each.symbol}
            for sentence, of_sentence in zip(sentences, read, strict=True):
                if reasons := tuple(self._reasons(row, sentence.text, of_sentence, cited)):
                    yield TakenUp(row, sentence, reasons)

    def _reasons(
        self, row: DocumentRow, text: str, read: Sequence[Reference], cited: Collection[str]
    ) -> Iterator[Reason]:
        """By what a sentence of a paper that names the symbol takes the point up."""
        paper, point = self.followed.paper, self.followed.point
        named = [each for each in read if point.number and point.number in each.numbers]
        if any(self._meant(row, text, each, cited) for each in named):
            yield "paragraph"
        if any(len(words) >= _SHORTEST_QUOTATION and words in point.text.casefold() for words in _quotations(text)):
            yield "quotation"
        names_paper = paper.symbol in symbols(text)
        if not names_paper and len(text.split()) < ALIKE_WORDS:
            return
        words, share = (NAMED_WORDS, NAMED) if names_paper and not read else (ALIKE_WORDS, ALIKE)
        likeness = self.followed.likeness(text)
        if likeness.shared >= words and likeness.both >= share:
            yield "likeness"

    def _meant(self, row: DocumentRow, text: str, reference: Reference, cited: Collection[str]) -> bool:
        """Whether a reference to a paragraph of that number means the paper."""
        paper = self.followed.paper
        if reference.symbol:
            return reference.symbol == paper.symbol
        if reference.recommendations:
            return bool(row.meeting) and row.meeting == paper.meeting and paper.kind == "recommendations"
        if set(cited) == {paper.symbol}:
            return True
        return paper.symbol in cited and self._nearest(text, cited)

    def _nearest(self, text: str, cited: Collection[str]) -> bool:
        """Whether a sentence says more of the point than of those of the same number in the other papers it names."""
        own = self.followed.likeness(text).shared
        return own > max((_shared(rival, text) for rival in self._rivals(cited)), default=0)

    def _rivals(self, cited: Collection[str]) -> Iterator[str]:
        """The points of this number in other papers inside the scope with these symbols."""
        paper, number = self.followed.paper, self.followed.point.number
        others = sorted(set(cited) - {paper.symbol})
        for row in documents.of_symbols(self.session, self.scope, others, MOST_RIVALS):
            yield from (each.text for each in points_of(self.session, self.scope, row)[0] if each.number == number)


def _whole(sentences: Sequence[SegmentText], at: int) -> str:
    """A sentence; with what follows where it has no end: a symbol may stand on the next line."""
    text = sentences[at].text
    if text.rstrip().endswith(_ENDS) or at + 1 == len(sentences):
        return text
    return f"{text} {sentences[at + 1].text}"


def _shared(text: str, sentence: str) -> int:
    return alike(compared_words(text, Crossing()), {}, sentence).shared


def _quotations(text: str) -> list[str]:
    return [match.casefold().strip(" ,.;") for match in _QUOTED.findall(text)]
