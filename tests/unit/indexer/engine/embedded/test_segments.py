"""Segments stay few, each text is written a few times, and a join keeps every place."""

from __future__ import annotations

import random
from itertools import pairwise
from pathlib import Path

import numpy as np
import oracle
import pytest
from worlds import KEY, RULES

from auth.policy import Action, Scope
from indexer.analysis.tokens import Token
from indexer.engine.contract import EngineError, PassageTokens, Phrase, Record, Request
from indexer.engine.embedded.engine import EmbeddedEngine
from indexer.engine.embedded.segments import (
    FANOUT,
    FULL,
    LONGEST,
    OFFSET_BITS,
    PLACE,
    SegmentBuilder,
    joined,
    joined_rows,
    to_join,
)


def words(text: str) -> list[Token]:
    return [Token(word, word, 0, 1) for word in text.split()]


def built(texts: list[str], first_row: int = 1) -> SegmentBuilder:
    builder = SegmentBuilder()
    for row, text in enumerate(texts, first_row):
        builder.add(row, words(text))
    return builder


def test_segments_stay_few_and_each_text_is_written_a_few_times() -> None:
    chance, sizes, put, written = random.Random(1), list[int](), 0, 0
    for _ in range(6_000):
        size = chance.choice([3, 9, 60, 900]) if chance.random() < 0.99 else FULL
        put, written = put + size, written + size
        sizes.append(size)
        while some := to_join(sizes):
            texts = sum(sizes[at] for at in some)
            assert texts <= FULL
            written += texts
            sizes = [size for at, size in enumerate(sizes) if at not in some] + [texts]
    assert written <= 4 * put
    assert len(sizes) <= 3 * FANOUT + put / (FULL / FANOUT)


def test_a_join_gives_what_building_at_once_gives() -> None:
    chance = random.Random(2)
    texts = [" ".join(chance.choices("abcdefgh", k=chance.randint(1, 30))) for _ in range(60)]
    cuts = [0, 7, 8, 30, 60]
    parts = [built(texts[a:b], a + 1) for a, b in pairwise(cuts)]
    for gone in (set[int](), {1, 8, 31, 60}, set(range(1, 31))):
        rows = [np.array([0 if row in gone else row for row in part.rows]) for part in parts]
        left, numbers = joined_rows(rows)
        expected = built([text for row, text in enumerate(texts, 1) if row not in gone])
        assert left.tolist() == [row for row in range(1, 61) if row not in gone]
        assert list(joined([part.postings() for part in parts], numbers)) == list(expected.postings())


def test_places_are_those_of_the_words() -> None:
    ((_, exact), (_, places)) = (
        (token, places) for token, places in built(["b a", "a b a"]).postings() if "a" in token
    )
    assert np.frombuffer(places, PLACE).tolist() == [1, 1 << OFFSET_BITS, (1 << OFFSET_BITS) + 2]
    assert exact == places


def test_a_text_longer_than_offsets_is_refused() -> None:
    builder = SegmentBuilder()
    builder.add(1, words("a") * LONGEST)
    with pytest.raises(EngineError):
        builder.add(2, words("a") * (LONGEST + 1))


def test_no_phrase_reaches_from_one_text_into_the_next(tmp_path: Path) -> None:
    """However long the first is, and wherever the rarer word stands."""
    texts = {"original": words("a") * LONGEST, "human": words("b c")}
    record = Record("0" * 32, 1, 1, RULES[0], "", {}, [PassageTokens(0, texts)])
    engine = EmbeddedEngine(tmp_path / "index.sqlite", KEY)
    engine.put([record])
    scope = Scope(Action.SEARCH, frozenset(RULES))
    for phrase in (("a", "b"), ("a", "b", "c"), ("c", "a"), ("b", "c"), ("a", "a")):
        assert engine.search(scope, Request(Phrase(phrase))) == oracle.search([record], scope, Request(Phrase(phrase)))
    engine.close()
