"""Expressions match what Python's own engine says, both ways, in steps that grow no faster than the text."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.segment.rules.expressions import MOST_NODES, Nodes, RuleExpressionError
from indexer.segment.rules.walks import REACH, Walks

SINGLE = st.sampled_from(
    ["a", "B", ".", r"\.", r"\s", r"\w", r"\D", r"\b", r"\B", "[ab]", "[^a-c.]", r"[\s.]", "^", "$"]
)
EXPRESSIONS = st.recursive(
    SINGLE,
    lambda inner: st.one_of(
        st.tuples(inner, inner).map("".join),
        st.tuples(inner, inner).map(lambda both: f"(?:{both[0]}|{both[1]})"),
        st.tuples(inner, st.sampled_from(["*", "+", "?", "{2}", "{1,}", "{0,2}", "*?"])).map(
            lambda both: f"(?:{both[0]}){both[1]}"
        ),
    ),
    max_leaves=6,
)


def walks(backwards: bool, *expressions: str) -> Walks:
    nodes = Nodes(backwards)
    for each in expressions:
        nodes.take_in(each)
    return Walks(nodes)


@given(EXPRESSIONS, st.text("abcB. 1", min_size=1, max_size=6), st.integers(0, 6))
def test_both_ways_match_where_pythons_own_engine_does(expression: str, text: str, place: int) -> None:
    place = min(place, len(text))
    ending_here = re.compile(rf"(?:{expression})(?={re.escape(text[place:])}\Z)")
    ends_here = any(ending_here.match(text, first) for first in range(place + 1))
    begins_here = re.compile(expression).match(text, place) is not None
    assert bool(walks(False, expression).matching(text, place)) == begins_here
    assert bool(walks(True, expression).matching(text, place)) == ends_here


@pytest.mark.parametrize(
    ("expression", "text", "matches"),
    [
        (r"\p{Lu}\p{Ll}+", "Мир", True),
        (r"\P{L}", "1", True),
        (r"[\p{Ps}«]", "(", True),
        (r"(?i)ст\.", "СТ.", True),
        (r"ст\.", "СТ.", False),
        (r"\u0433\x2e", "г.", True),
        (r"\h", "\u00a0", True),
        (r"[]x]", "]", True),
        ("", "", True),
    ],
)
def test_what_rules_for_sentences_are_written_with_is_understood(expression: str, text: str, matches: bool) -> None:
    assert bool(walks(False, expression).matching(text, 0)) == matches


@pytest.mark.parametrize(
    "expression",
    [
        "(?=a)",
        "(?<!a)b",
        "(?<n>a)",
        r"(a)\1",
        "a++",
        "a*+",
        "a**",
        "*a",
        "a{1,1000}",
        "a{2,1}",
        "a{x}",
        "a{2",
        "(a",
        "a)",
        "[a",
        "[a&&b]",
        "[[:alpha:]]",
        "[z-a]",
        r"\p{Greek}",
        r"\Qa\E",
        r"\u12",
        "\\",
        "(" * 30 + "a" + ")" * 30,
        "(?:" * 19 + ")" + "){100}" * 18,
        "a{100}" * (MOST_NODES // 100),
    ],
)
def test_what_is_not_taken_is_refused(expression: str) -> None:
    with pytest.raises(RuleExpressionError):
        Nodes(False).take_in(expression)


@pytest.mark.parametrize("expression", ["(a+)+b", "(a|a)*b", "(a|ab|b)*c", ".*.*.*=", "(?:a?){50}a{50}"])
@pytest.mark.parametrize("backwards", [True, False])
def test_steps_grow_no_faster_than_the_text(expression: str, backwards: bool) -> None:
    def steps(length: int) -> int:
        walking = walks(backwards, expression)
        text = "ab" * length
        for place in range(len(text)):
            walking.matching(text, place)
        return walking.steps

    assert steps(400) <= 2.2 * steps(200)


def test_a_rule_looks_no_further_than_it_may() -> None:
    assert walks(False, f"a{{{REACH - 4}}}b").matching("a" * (REACH - 4) + "b", 0)
    assert not walks(False, "a*b").matching("a" * REACH + "b", 0)
