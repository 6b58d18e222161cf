"""The worst searches that a generator finds: each is answered on its budget or refused, whatever is hidden."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from typing import Final

import pytest
from elasticsearch_server import Server
from hypothesis import HealthCheck, given, settings, target
from hypothesis import strategies as st
from two_languages import meaning
from worlds import KEY, RULES, World

from auth.policy import Action, Scope
from indexer.analysis.tokens import MOST_OTHERS, tokens
from indexer.engine import budget
from indexer.engine.budget import Budget, OverBudgetError
from indexer.engine.contract import (
    Answer,
    PassageTokens,
    Phrase,
    Query,
    Record,
    Request,
    Term,
    positive_leaves,
    runs_of,
)
from indexer.engine.elastic import client as elastic_client
from indexer.engine.elastic.client import Client
from indexer.engine.embedded.engine import EmbeddedEngine
from indexer.engine.embedded.postings import Snapshot
from indexer.search.parse import LONGEST, MOST_PARTS, Parsed, heaviest, parse
from indexer.search.query.bridge import MOST_KEYS, Crossing
from indexer.search.query.leaves import length
from indexer.search.query.nearness import MOST_PAIRS
from indexer.search.query.readings import MOST_RUNS

COMMON: Final = ["в", "и", "на", "the", "of", "вода", "воды", "water", "border", "граница"]
SCOPE: Final = Scope(Action.SEARCH, frozenset({RULES[0]}))
WORDS: Final = 120  # a passage
HARD: Final = settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])


def paper(number: int, rule: str, vocabulary: Sequence[str] = COMMON) -> Record:
    """A document of three passages, whose words are as common as words can be."""
    own = random.Random(number)
    texts = [" ".join(own.choices(vocabulary, [1 / (at + 1) for at in range(len(vocabulary))], k=WORDS)) for _ in "abc"]
    passages = [PassageTokens(at, {"original": tokens(text)}) for at, text in enumerate(texts)]
    return Record(f"{number:032x}", 1, number, rule, "2024-01-01", {}, passages)


PAPERS: Final = [paper(number, RULES[0]) for number in range(20)]
HIDDEN: Final = [paper(1_000 + number, RULES[1], [*COMMON, "secret"] * 2) for number in range(60)]
ALL_WORDS: Final = sum(len(passage.texts["original"]) for record in PAPERS for passage in record.passages)


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedEngine]:
    made = EmbeddedEngine(tmp_path_factory.mktemp("budget") / "index.sqlite", KEY)
    made.put(PAPERS)
    yield made
    made.close()


@pytest.fixture(scope="module")
def fuller(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedEngine]:
    """As `engine`, with three times as much that is hidden."""
    made = EmbeddedEngine(tmp_path_factory.mktemp("budget") / "index.sqlite", KEY)
    made.put(PAPERS + HIDDEN)
    yield made
    made.close()


WORD = st.sampled_from(COMMON)
REPEATED = st.builds(lambda word, times: f'"{" ".join([word] * times)}"', WORD, st.integers(2, 999))
PHRASES = st.lists(WORD, min_size=2, max_size=400).map(lambda words: f'"{" ".join(words)}"')
HYPHENED = st.lists(WORD, min_size=2, max_size=400).map("-".join)
PREFIXES = st.sampled_from(["во*", "гр*", "wa*", "bo*", "th*", "на*"])
PIECES = WORD | REPEATED | PHRASES | HYPHENED | PREFIXES | WORD.map("=".__add__) | st.sampled_from(["AND", "OR", "НЕ"])
QUERIES = st.lists(PIECES, min_size=1, max_size=80).map(lambda pieces: " ".join(pieces)[:LONGEST])


class Meter:
    """What a search did: the tokens it read from the file, and the postings it handled."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self.read: list[str] = []
        self.handled = 0
        spend = Budget.spend

        def counted(own: Budget, number: int) -> None:
            self.handled += number
            spend(own, number)

        patch.setattr(Budget, "spend", counted)
        for name, sign in (("places", ""), ("beginning", "*")):
            patch.setattr(Snapshot, name, self._noting(getattr(Snapshot, name), sign))

    def _noting(self, reading, sign: str):
        def noted(snapshot: Snapshot, token: str):
            self.read.append(token + sign)
            return reading(snapshot, token)

        return noted


@HARD
@given(query=QUERIES)
def test_no_query_reads_a_word_twice_nor_handles_more_than_its_words_may(engine: EmbeddedEngine, query: str) -> None:
    parsed = shortened(query)
    with pytest.MonkeyPatch.context() as patch:
        meter = Meter(patch)
        engine.search(SCOPE, Request(parsed.query))
    target(float(meter.handled))
    leaves = [*(part.leaf for part in parsed.parts), *_light(parsed.query)]
    keys = [key for leaf in leaves for key in _distinct(leaf)]
    most_words = MOST_PARTS + 5 * MOST_PAIRS
    assert sum(length(part.leaf) for part in parsed.parts) <= MOST_PARTS
    assert len(meter.read) == len(set(meter.read)) <= len(keys) <= most_words * (MOST_OTHERS + 3) + MOST_KEYS
    assert meter.handled <= ((1 + MOST_RUNS) * most_words + 2 * MOST_KEYS) * ALL_WORDS


def shortened(query: str) -> Parsed:
    """The query as it is asked: of a long text its first words."""
    parsed = parse(query, crossing=Crossing())
    return heaviest(parsed, dict.fromkeys(parsed.leaves, 1.0)) if parsed.long else parsed


def _light(query: Query) -> list[Term | Phrase]:
    """Pairs of neighbours, and what words mean in the other language."""
    return [leaf for leaf in positive_leaves(query) if isinstance(leaf, Term | Phrase) and leaf.share < 1]


def _distinct(leaf: object) -> list[object]:
    """What a leaf is read by."""
    if isinstance(leaf, Term | Phrase):
        return list(dict.fromkeys(key for run in runs_of(leaf) for key in run))
    return [leaf] if leaf else []


def outcome(engine: EmbeddedEngine, query: str) -> Answer | str:
    """The answer, or why there is none."""
    try:
        return engine.search(SCOPE, Request(shortened(query).query))
    except OverBudgetError as refusal:
        return refusal.code


@HARD
@given(query=QUERIES)
def test_what_is_hidden_decides_no_refusal(engine: EmbeddedEngine, fuller: EmbeddedEngine, query: str) -> None:
    """Refused with hidden documents there if and only if refused without them."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(budget, "MOST_POSTINGS", ALL_WORDS)
        assert outcome(engine, query) == outcome(fuller, query)


def test_a_budget_that_is_spent_refuses_and_one_that_is_not_answers(engine: EmbeddedEngine, monkeypatch) -> None:
    common = Request(Term(tokens("в")[0].stem))
    with monkeypatch.context() as patch:
        meter = Meter(patch)
        engine.search(SCOPE, common)
    monkeypatch.setattr(budget, "MOST_POSTINGS", meter.handled)
    assert engine.search(SCOPE, common).total == len(PAPERS)
    monkeypatch.setattr(budget, "MOST_POSTINGS", meter.handled - 1)
    with pytest.raises(OverBudgetError):
        engine.search(SCOPE, common)


def test_time_that_is_over_stops_a_search_wherever_it_is(engine: EmbeddedEngine, monkeypatch) -> None:
    """The clock is looked at with each list of postings, hidden ones too; the engine goes on afterwards."""
    with monkeypatch.context() as patch:
        patch.setattr(budget, "SECONDS", -1.0)
        for ask in (lambda: engine.search(SCOPE, Request(Term("в"))), lambda: engine.suggest(SCOPE, "во")):
            with pytest.raises(OverBudgetError):
                ask()
    assert engine.search(SCOPE, Request(Term("в"))).total == len(PAPERS)
    assert len(engine.holdings()) == len(PAPERS)


def test_the_long_phrase_of_one_common_word_is_not_searched_and_a_shorter_one_is_read_once(
    engine: EmbeddedEngine, monkeypatch
) -> None:
    assert meaning(f'вода "{" ".join(["в"] * 996)}"') == Term(tokens("вода")[0].stem)
    meter = Meter(monkeypatch)
    assert engine.search(SCOPE, Request(Phrase(("в",) * MOST_PARTS))).total == 0
    assert meter.read == ["в"]


def test_elasticsearch_is_told_how_long_it_may_take(elasticsearch: Server, elastic_prefix: str, monkeypatch) -> None:
    """Every search says it to the server; what was found until the time was over is no answer."""
    engine, call = elasticsearch.engine(elastic_prefix), Client._call
    engine.put([World(1).record(name) for name in range(20)])
    everything, asked = Scope(Action.SEARCH, frozenset(RULES)), []

    def too_slow(own: Client, method: str, path: str, parameters, body, *more):
        asked.append(body["timeout"])
        return call(own, method, path, parameters, body, *more) | {"timed_out": True}

    for ask in (lambda: engine.search(everything, Request(Term("s1"))), lambda: engine.suggest(everything, "s")):
        assert ask()
        with monkeypatch.context() as patch:
            patch.setattr(Client, "_call", too_slow)
            with pytest.raises(OverBudgetError):
                ask()
    assert asked == [f"{budget.SECONDS:g}s"] * 2
    engine.close()


def test_elasticsearch_may_refuse_for_time_in_its_own_words() -> None:
    assert isinstance(elastic_client._kind(504, "search_timeout_exception"), OverBudgetError)
    assert isinstance(elastic_client._kind(429, "search_timeout_exception"), OverBudgetError)
