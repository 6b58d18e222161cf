"""Leaves carry every reading of their words, in a bound number of runs."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from indexer.analysis.tokens import Token, form_key, tokens
from indexer.engine.contract import Phrase, Term, runs_of
from indexer.search.query.readings import MOST_RUNS, also, phrase, term

words = st.lists(
    st.builds(lambda stem, others: Token(stem, stem, 0, 1, tuple(others)), st.text("ab"), st.lists(st.text("cd"))),
    min_size=1,
    max_size=64,
)


@given(words)
def test_runs_are_bound_and_the_first_is_of_stems(some: list[Token]) -> None:
    leaf = phrase(some)
    assert leaf.stems == tuple(word.stem for word in some)
    assert len(runs_of(leaf)) <= MOST_RUNS
    plain = [run for run in runs_of(leaf) if len(run) == len(some)]
    by_form = tuple(form_key(word.exact) if word.exact else word.stem for word in some)
    plain = [run for run in plain if run != by_form]
    assert all(key in (*word.readings, *also(word)) for run in plain for key, word in zip(run, some, strict=True))


def test_a_word_is_meant_in_every_reading() -> None:
    (word,) = tokens("суда")
    assert term(word) == Term("суд", ("судн", "^суда"))
    assert set(runs_of(phrase(tokens("виды стали")))) == {("вид", "стать"), ("вид", "сталь"), ("^виды", "^стали")}


def test_runs_are_each_told_once() -> None:
    assert runs_of(Phrase(("a", "b"), (("a", "b"), ("c",)))) == (("a", "b"), ("c",))
    assert runs_of(Term("a", ("b", "a"))) == (("a",), ("b",))
