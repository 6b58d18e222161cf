"""Finds the sentences that answer a question, in either language, inside the scope. Composes nothing.

A search finds the passages; of those each sentence is weighed by the words of the question that it holds itself, or by
what they mean in the other language. What is told is the sentence as it stands, with its page and its boxes.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from auth import policy
from auth.policy import Action
from indexer.analysis.tokens import tokens
from indexer.engine.budget import give_way
from indexer.engine.contract import Leaf, Request
from indexer.library import documents
from indexer.library.documents import PassageText, SegmentText
from indexer.library.tables import DocumentRow
from indexer.search.asking import Asking
from indexer.search.evidence import is_rubble
from indexer.search.find import FoundDocument, find, weights
from indexer.search.highlight import Marker, Span
from indexer.search.parse import Parsed
from indexer.search.query.leaves import of_words
from indexer.search.query.reader import Part
from indexer.search.similar import passage_named
from indexer.segment.segments import BETWEEN_CELLS

MOST_PAPERS: Final = 30  # that are looked through
MOST_SENTENCES: Final = 20  # of one answer
MOST_OF_PAPER: Final = 3
LEAST: Final = 0.5  # of the best sentence's weight, that another one must have
_LOOKED_AT: Final = 400
_ENDS: Final = frozenset(".!?…;:,")
_AFTER_THE_END: Final = '»”")]0123456789 '  # closing quotes and brackets, the mark of a footnote
_NEIGHBOUR: Final = 0.25  # of what a question's words weigh that stand in the sentence before or after


@dataclass(frozen=True, slots=True)
class ProvenSentence:
    """A sentence that answers: of which paper, what of it matches, and what it weighs (1 for all of the question)."""

    row: DocumentRow
    sentence: SegmentText
    highlights: tuple[Span, ...]
    weight: float


@dataclass(frozen=True, slots=True)
class FoundAnswer:
    """How a question was read, how many papers it finds, and the sentences that answer it, the best first."""

    parsed: Parsed
    total: int
    proofs: tuple[ProvenSentence, ...]


def answer(asking: Asking, parsed: Parsed, request: Request) -> FoundAnswer:
    """The sentences that answer a question. Raises EngineError, IndexDisagreesError, OverBudgetError."""
    parsed = asking.settled(parsed)
    asked = replace(request, query=parsed.query, limit=MOST_PAPERS, offset=0)
    results = find(asking.database, asking.engine, asking.principal, asked, asking.counts)
    words = _words(asking, parsed)
    proofs = _proofs(asking, results.hits, words) if words else ()
    return FoundAnswer(parsed, results.answer.total, tuple(_best(proofs)))


@dataclass(frozen=True, slots=True)
class _QuestionWord:
    """A word of the question with all that it stands for, and its share of the question's weight."""

    marker: Marker
    share: float


def _words(asking: Asking, parsed: Parsed) -> list[_QuestionWord]:
    """The words of a question, each with what it means in the other language."""
    groups = [_beside(part) for part in parsed.parts if part.leaf and not part.excluded]
    leaves = list(dict.fromkeys(leaf for group in groups for leaf in group))
    weighed = weights(asking.database, asking.engine, asking.principal, leaves)
    weightiest = [weighed[group[0]] or max((weighed[leaf] for leaf in group), default=0.0) for group in groups]
    whole = sum(weightiest)
    return [_QuestionWord(Marker(group), own / whole) for group, own in zip(groups, weightiest, strict=True) if own]


def _beside(part: Part) -> list[Leaf]:
    """What a part is searched by, and the words that it stands for in the other language, as far as they are shown."""
    across = [of_words(words) for text in (*part.across, *part.learned) if (words := tokens(text))]
    return [*([part.leaf] if part.leaf else []), *across]


def _proofs(asking: Asking, hits: Sequence[FoundDocument], words: Sequence[_QuestionWord]) -> Iterator[ProvenSentence]:
    """The sentences of the passages that were found, each with what it weighs."""
    places = [passage_named(passage.passage_id) for hit in hits for passage in hit.passages]
    with asking.database.reading() as session:
        scope = policy.scope_for(session, asking.principal, Action.SEARCH)
        rows = documents.get_all(session, scope, {name for name, _ in places})
        passages = documents.passages(session, scope, [row for row, _ in rows.values()], places)
    for place in dict.fromkeys(places):
        give_way()
        if place in passages:
            yield from _of_passage(rows[place[0]][0], passages[place], words)


def _of_passage(row: DocumentRow, passage: PassageText, words: Sequence[_QuestionWord]) -> Iterator[ProvenSentence]:
    held = [_held(sentence, words) for sentence in passage.segments]
    for at, sentence in enumerate(passage.segments):
        if held[at] and _says_something(sentence.text):
            around = set().union(*held[max(0, at - 1) : at], *held[at + 1 : at + 2]) - held[at]
            weight = sum(words[each].share for each in held[at])
            weight += _NEIGHBOUR * sum(words[each].share for each in around)
            spans = sorted({span for word in words for span in word.marker.spans([sentence.text], [sentence.by_form])})
            yield ProvenSentence(row, sentence, tuple(spans), round(weight, 6))


def _says_something(text: str) -> bool:
    """Whether a text is a sentence, a point of a list or a row of a table: no heading, and no line of a letterhead."""
    ended = text.rstrip(_AFTER_THE_END)[-1:] in _ENDS
    return (ended or f" {BETWEEN_CELLS} " in text) and not is_rubble(text)


def _held(sentence: SegmentText, words: Sequence[_QuestionWord]) -> set[int]:
    """The words that a sentence holds, in the original or in a translation that may be trusted."""
    made = sentence.translation
    texts = [(sentence.text, sentence.by_form), *([(made.text, False)] if made and not made.doubt else [])]
    return {at for at, word in enumerate(words) if any(word.marker.spans([text], [by_form]) for text, by_form in texts)}


def _best(proofs: Iterable[ProvenSentence]) -> Iterator[ProvenSentence]:
    """The weightiest, few of one paper, none that weighs much less than the first or is the translation of one told."""
    of_paper: Counter[str] = Counter()
    texts: set[str] = set()
    translations: set[str] = set()
    in_order = sorted(proofs, key=lambda each: (-each.weight, each.row.by_date, each.sentence.ordinal))
    for proof in in_order[:_LOOKED_AT]:
        if proof.weight < LEAST * in_order[0].weight or of_paper.total() == MOST_SENTENCES:
            return
        text, made = proof.sentence.text, proof.sentence.translation
        is_told = text in translations or (made is not None and made.text in texts)
        if of_paper[proof.row.id] < MOST_OF_PAPER and not is_told:
            of_paper[proof.row.id] += 1
            texts.add(text)
            translations |= {made.text} if made else set()
            yield proof
