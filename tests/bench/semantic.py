"""Measures what vectors of meaning add, where the encoder is installed: the questions of bench_search, legs joined.

`semantic` joins them with what ships alone, `semantic_all` with imports and learned words too; `meaning` is that leg
alone. Weights were chosen by the even questions, which tests/bench/bench_search.py does not report either.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache

import numpy as np

from auth.policy import Scope
from indexer.engine.contract import Engine, Request
from indexer.meaning.fusion import OF_A_LEG, joined
from indexer.meaning.nearest import NearPassage, ScopeVectors
from indexer.meaning.sentence_encoder import SentenceEncoder
from indexer.meaning.texts import cleaned, language_of_query
from indexer.meaning.vectors import Vectors, WholeVector, whole
from indexer.search.parse import parse
from indexer.search.query.bridge import Crossing

Question = tuple[str, int]
Crossings = Callable[[str], Crossing | None]
_ENCODER = SentenceEncoder()


@cache
def vector_of(text: str) -> WholeVector:
    """The vector of a paragraph or a question."""
    return whole(_ENCODER.encode(cleaned(text)))


class Shelf:
    """An index of paragraphs, each known by its number, and their vectors."""

    def __init__(self, engine: Engine, scope: Scope, paragraphs: Sequence[tuple[int, str]]) -> None:
        self._engine, self._scope = engine, scope
        made = [vector_of(text) for _, text in paragraphs]
        languages = [language_of_query(text) for _, text in paragraphs]
        numbers, scales = np.array([each.numbers for each in made]), np.array([each.scale for each in made], np.int64)
        rows, names = np.arange(len(made)), tuple(f"{at:032x}" for at, _ in paragraphs)
        self._vectors = ScopeVectors(Vectors(numbers, scales, languages), names, rows, np.zeros(len(made), np.int64))

    def ranks(self, questions: Sequence[Question], ways: Mapping[str, Crossings]) -> Iterator[tuple[str, list[int]]]:
        """The place of each answer among the first ten, 0 if it is not there: by meaning alone, and joined."""
        near = [self._near(text) for text, _ in questions]
        yield (
            "meaning",
            [_place([each.document_id for each in of], at) for of, (_, at) in zip(near, questions, strict=True)],
        )
        for way, crossing in ways.items():
            ranks = []
            for passages, (text, answer) in zip(near, questions, strict=True):
                asked = Request(parse(text, crossing=crossing(text)).query, limit=OF_A_LEG)
                hits = joined(self._engine.search(self._scope, asked).hits, passages)
                ranks.append(_place([hit.document_id for hit in hits], answer))
            yield way, ranks

    def _near(self, text: str) -> list[NearPassage]:
        return self._vectors.ranked(vector_of(text), language_of_query(text)).best(OF_A_LEG)


def _place(names: Sequence[str], answer: int) -> int:
    first = [int(name, 16) for name in dict.fromkeys(names)][:10]
    return first.index(answer) + 1 if answer in first else 0
