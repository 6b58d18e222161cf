"""Queries: what each operator means in both languages, what is refused and where, and how much may be asked."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.analysis.tokens import tokens
from indexer.engine.contract import EVERYTHING, And, Exact, Not, Or, Phrase, Prefix, Term, positive_leaves
from indexer.search.parse import LONGEST, MOST_PARTS, QueryError, parse

WATER, RIVER, LAKE, VODA = (Term(tokens(word)[0].stem) for word in ("water", "river", "lake", "вода"))


@pytest.mark.parametrize(
    ("text", "query"),
    [
        ("", EVERYTHING),
        ("  \n ", EVERYTHING),
        ("water", WATER),
        ("WATER", WATER),
        ("waters", WATER),
        ("water river", Or((WATER, RIVER))),
        ("water OR river", Or((WATER, RIVER))),
        ("water ИЛИ river", Or((WATER, RIVER))),
        ("water AND river", And((WATER, RIVER))),
        ("water И river", And((WATER, RIVER))),
        ("water NOT river", And((WATER, Not(RIVER)))),
        ("water НЕ river", And((WATER, Not(RIVER)))),
        ("water -river", And((WATER, Not(RIVER)))),
        ("-river", Not(RIVER)),
        ("NOT water", Not(WATER)),
        ("water AND river OR lake", Or((And((WATER, RIVER)), LAKE))),
        ("water AND (river OR lake)", And((WATER, Or((RIVER, LAKE))))),
        ("water river AND lake", And((Or((WATER, RIVER)), LAKE))),
        ("-(river lake)", Not(Or((RIVER, LAKE)))),
        ("((water))", WATER),
        ('"water river"', Phrase(("water", "river"))),
        ("«water river»", Phrase(("water", "river"))),
        ("„water river“", Phrase(("water", "river"))),
        ("“water river”", Phrase(("water", "river"))),
        ('-"water river"', Not(Phrase(("water", "river")))),
        ('"water"', WATER),
        ('""', EVERYTHING),
        ("wat*", Prefix("wat")),
        ("ВОД*", Prefix("вод")),
        ("=waters", Exact("waters")),
        ("=Вода", Exact("вода")),
        ("water-river", Phrase(("water", "river"), (("waterriver",),))),
        ("A/79/*", Phrase(("a", "79"))),
        ("-200 300", And((Term("300"), Not(Term("200"))))),
        ("20 000", Or((Phrase(("20", "000"), (("20000",),)), Term("20"), Term("000")))),
        ("A/79/998", Phrase(("a", "79", "998"))),
        ("и вода", VODA),
        ("не вода", VODA),
        ("the water", WATER),
        ("water and river", Or((WATER, RIVER))),
        ("water or river", Or((WATER, RIVER))),
        ("ORwater", Term("orwater")),
        ("water - river", Or((WATER, RIVER))),
        ("?! …", EVERYTHING),
        ("*", EVERYTHING),
        ("AND water", WATER),
        ("water OR AND river", Or((WATER, RIVER))),
    ],
)
def test_what_is_typed_means(text: str, query) -> None:
    assert parse(text).query == query


def test_forms_of_a_word_mean_the_same_in_russian() -> None:
    assert parse("воды").query == parse("водой").query == parse("ВОДА").query == VODA


@pytest.mark.parametrize(("text", "stems"), [("the", ["the"]), ("to be", ["to", "be"]), ("и не", ["и", "не"])])
def test_a_query_of_nothing_but_common_words_means_them(text: str, stems: list[str]) -> None:
    assert [leaf.stem for leaf in positive_leaves(parse(text).query)] == stems


def test_the_parts_tell_what_each_thing_typed_was_taken_for() -> None:
    parsed = parse('the waters "river bank" =lake sea* -boats')
    assert [(p.part_id, p.kind, p.text, p.leaf, p.excluded) for p in parsed.parts] == [
        ("p1", "ignored", "the", None, False),
        ("p2", "word", "waters", WATER, False),
        ("p3", "phrase", '"river bank"', Phrase(("river", "bank")), False),
        ("p4", "form", "=lake", Exact("lake"), False),
        ("p5", "prefix", "sea*", Prefix("sea"), False),
        ("p6", "word", "boats", Term("boat"), True),
    ]


def test_an_exclusion_inside_an_exclusion_is_none() -> None:
    parsed = parse("-(river -lake)")
    assert [(part.text, part.excluded) for part in parsed.parts] == [("river", True), ("lake", False)]


def test_what_is_excluded_counts_for_no_score() -> None:
    assert positive_leaves(parse("water -river NOT lake").query) == (WATER,)


@pytest.mark.parametrize(
    ("text", "position", "says"),
    [
        ('water "river', 6, "no partner"),
        ("вода «река", 5, "no partner"),
        ("water» river", 5, "no partner"),
        ("water)", 5, "closes nothing"),
        ("()", 1, "closes nothing"),
        ("water AND", 9, "breaks off"),
        ("вода И ", 7, "breaks off"),
        ("(water", 6, "breaks off"),
        ("NOT", 3, "breaks off"),
        ("water w*", 6, "at least 2"),
        ("вода 🚣 «", 7, "no partner"),
    ],
)
def test_what_cannot_be_read_is_refused_at_its_place(text: str, position: int, says: str) -> None:
    with pytest.raises(QueryError, match=says) as refusal:
        parse(text)
    assert refusal.value.position == position


def test_a_query_may_be_long_but_not_too_long() -> None:
    assert parse("x" * LONGEST).query != EVERYTHING
    with pytest.raises(QueryError, match=str(LONGEST)) as refusal:
        parse("x" * (LONGEST + 1))
    assert refusal.value.position == LONGEST


def test_a_query_may_name_many_things_but_not_too_many() -> None:
    words = [f"word{number}" for number in range(MOST_PARTS + 1)]
    assert len(parse(" ".join(words[:-1])).parts) == MOST_PARTS
    with pytest.raises(QueryError, match=str(MOST_PARTS)):
        parse(" ".join(words))


pieces = st.sampled_from(
    [
        "water",
        "вода",
        "the",
        "и",
        "AND",
        "И",
        "OR",
        "ИЛИ",
        "NOT",
        "НЕ",
        "-",
        "(",
        ")",
        '"',
        "«",
        "»",
        "*",
        "=",
        " ",
        "🚣",
    ]
)


@settings(deadline=None)
@given(st.text(max_size=60) | st.lists(pieces, max_size=15).map("".join) | st.lists(pieces, max_size=15).map(" ".join))
def test_every_text_is_read_or_refused_at_a_place_in_it(text: str) -> None:
    try:
        parsed = parse(text)
    except QueryError as refusal:
        assert 0 <= refusal.position <= len(text)
        assert str(refusal)
    else:
        assert all(part.text in text for part in parsed.parts)
        assert set(positive_leaves(parsed.query)) <= {part.leaf for part in parsed.parts}


@pytest.mark.parametrize("depth", [150, LONGEST // 2 - 1])
def test_parentheses_may_nest_as_deep_as_a_query_is_long_or_are_refused(depth: int) -> None:
    try:
        assert parse("(" * depth + "a" + ")" * depth).query == Term("a")
    except QueryError as refusal:
        assert 0 < refusal.position <= depth
