"""Need-to-know expressions are read as Accumulo reads them, have one canonical text, and imply what they should."""

from __future__ import annotations

import json
from itertools import chain, combinations
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auth import expression
from auth.expression import (
    ALWAYS,
    DEEPEST,
    LONGEST,
    NEVER,
    NEVER_TEXT,
    AllOf,
    AnyOf,
    ExpressionError,
    Word,
    both,
    canonical,
    implies,
    parse,
    satisfied,
    stored,
)

WORDS = ("a", "b", "c", "d")
SUBSETS = [frozenset(some) for some in chain.from_iterable(combinations(WORDS, n) for n in range(len(WORDS) + 1))]


def _written(words: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """Texts of expressions, parentheses everywhere."""
    return st.recursive(
        words,
        lambda inner: st.tuples(st.sampled_from("&|"), st.lists(inner, min_size=1, max_size=3)).map(
            lambda pair: "(" + pair[0].join(pair[1]) + ")"
        ),
        max_leaves=6,
    )


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


small = _written(st.sampled_from(WORDS)).map(parse) | st.sampled_from([ALWAYS, NEVER])
odd = _written(st.text(min_size=1, max_size=5).map(_quoted)).map(parse)


def _cases(data: Path) -> list[tuple[str, list[list[str]], str]]:
    groups = json.loads((data / "authz" / "accumulo-access-testdata.json").read_text(encoding="utf-8"))
    return [
        (test["expectedResult"], group["auths"], text)
        for group in groups
        for test in group["tests"]
        for text in test["expressions"]
    ]


def _outcome(text: str, holders: list[list[str]]) -> str:
    """ACCESSIBLE only to somebody who is satisfied under each of the sets of words that they hold."""
    try:
        read = parse(text)
    except ExpressionError:
        return "ERROR"
    return "ACCESSIBLE" if all(satisfied(read, set(words)) for words in holders) else "INACCESSIBLE"


def test_every_case_of_accumulo_has_the_outcome_that_accumulo_says(data: Path) -> None:
    cases = _cases(data)
    expected = [outcome for outcome, _, _ in cases]
    assert [expected.count(kind) for kind in ("ACCESSIBLE", "INACCESSIBLE", "ERROR")] == [82, 47, 113]
    wrong = [(text, wanted) for wanted, holders, text in cases if _outcome(text, holders) != wanted]
    assert wrong == []


def test_every_expression_of_accumulo_keeps_its_meaning_in_canonical_form(data: Path) -> None:
    cases = [case for case in _cases(data) if case[0] != "ERROR"]
    assert [text for expected, holders, text in cases if _outcome(canonical(parse(text)), holders) != expected] == []


@given(small | odd)
def test_the_canonical_text_reads_back_and_is_its_own_canonical_text(read) -> None:
    text = canonical(read)
    assert stored(text) == read
    assert canonical(stored(text)) == text


@given(small)
def test_the_canonical_form_is_satisfied_by_the_same_words(read) -> None:
    again = stored(canonical(read))
    assert [satisfied(again, words) for words in SUBSETS] == [satisfied(read, words) for words in SUBSETS]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("b&a", "a&b"),
        ("b|a|b", "a|b"),
        ("((a))", "a"),
        ('"a"', "a"),
        ("(c&b)&a", "a&b&c"),
        ("(a|b)&c", "c&(a|b)"),
        ('"два слова"&x', '"два слова"&x'),
        (r'"a\"b\\c"', r'"a\"b\\c"'),
        ("", ""),
    ],
)
def test_equal_expressions_have_one_text(text: str, expected: str) -> None:
    assert sorted(canonical(parse(text))) == sorted(expected)
    assert parse(text) == parse(expected)
    assert canonical(parse(text)) == canonical(parse(expected))


@given(small, small)
def test_implies_agrees_with_trying_every_set_of_words(left, right) -> None:
    tried = all(satisfied(right, words) for words in SUBSETS if satisfied(left, words))
    assert implies(left, right) == tried


@given(small, small)
def test_both_is_the_conjunction(left, right) -> None:
    joined = both(left, right)
    assert [satisfied(joined, words) for words in SUBSETS] == [
        satisfied(left, words) and satisfied(right, words) for words in SUBSETS
    ]
    assert joined == both(right, left)


@given(small)
def test_never_swallows_and_always_changes_nothing(read) -> None:
    assert both(read, NEVER) == NEVER
    assert both(read, ALWAYS) == read
    assert implies(NEVER, read)
    assert implies(read, ALWAYS)


def test_nobody_satisfies_never_and_everybody_satisfies_always() -> None:
    assert not any(satisfied(NEVER, words) for words in SUBSETS)
    assert all(satisfied(ALWAYS, words) for words in SUBSETS)


def test_never_cannot_be_typed_but_is_stored() -> None:
    with pytest.raises(ExpressionError):
        parse(NEVER_TEXT)
    assert stored(NEVER_TEXT) == NEVER


def test_too_many_clauses_are_a_no_unless_the_expressions_are_equal() -> None:
    wide = parse("&".join(f"(a{n}|b{n})" for n in range(13)))
    assert implies(wide, wide)
    assert not implies(wide, parse("a0|b0"))


@pytest.mark.parametrize("text", ["x" * (LONGEST + 1), "(" * (LONGEST + 1)])
def test_a_text_that_is_too_long_is_refused(text: str) -> None:
    with pytest.raises(ExpressionError, match=str(LONGEST)):
        parse(text)


def _nested(depth: int) -> str:
    text = "z"
    for level in range(depth):
        text = f"{'ab'[level % 2]}{'&|'[level % 2]}({text})"
    return text


@pytest.mark.parametrize("text", [_nested(DEEPEST + 1), "(" * (DEEPEST + 1) + "a" + ")" * (DEEPEST + 1), "(" * LONGEST])
def test_what_nests_too_deep_is_refused(text: str) -> None:
    with pytest.raises(ExpressionError, match=str(DEEPEST)):
        parse(text)


def test_the_deepest_that_is_read_can_be_used_everywhere() -> None:
    deepest = parse(_nested(DEEPEST))
    assert satisfied(deepest, {"a", "b", "z"})
    assert stored(canonical(both(deepest, Word("q")))) == both(deepest, Word("q"))
    assert not implies(ALWAYS, deepest)


def test_parentheses_inside_quotation_marks_do_not_nest() -> None:
    assert parse('"' + "(" * (DEEPEST + 1) + '"') == Word("(" * (DEEPEST + 1))


def test_a_conjunction_longer_than_may_be_typed_is_still_read_back() -> None:
    long = both(parse("a" * 900), parse("b" * 900))
    assert stored(canonical(long)) == long


@pytest.mark.parametrize(
    "text", ["a&b|c", "a b", "&a", "a|", "()", "(a", "a)", '""', '"a', "a&&b", "слово", "a,b", "!a"]
)
def test_a_refusal_says_where_and_what_to_write(text: str) -> None:
    with pytest.raises(ExpressionError, match=r"at character|at its end"):
        parse(text)


def test_the_shapes_are_flat_sorted_and_without_repeats() -> None:
    assert parse("b&(a&b)&(c|c)") == AllOf((Word("a"), Word("b"), Word("c")))
    assert parse("b|(a|b)") == AnyOf((Word("a"), Word("b")))
    assert expression.parse("") == ALWAYS
