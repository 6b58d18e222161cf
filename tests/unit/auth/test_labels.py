"""Labels combine so that what is made from several documents is readable only by those who may read each."""

from __future__ import annotations

import json

import pytest
from drawn import AGENCIES, LEVELS, labels, principals
from hypothesis import assume, given
from hypothesis import strategies as st

from auth.expression import NEVER, Word, parse
from auth.labels import ALL, SEALED, TOP, Label, ReadingRule, dominates, join
from auth.people import Grant, Principal, Role
from auth.policy import Action, permits


@given(labels, labels)
def test_join_does_not_depend_on_the_order(a: Label, b: Label) -> None:
    assert join(a, b) == join(b, a)


@given(labels, labels, labels)
def test_join_does_not_depend_on_the_grouping(a: Label, b: Label, c: Label) -> None:
    assert join(join(a, b), c) == join(a, join(b, c)) == join(a, b, c)


@given(labels)
def test_join_with_itself_changes_nothing(a: Label) -> None:
    assert join(a, a) == join(a) == a


@given(labels, labels)
def test_join_dominates_each_part(a: Label, b: Label) -> None:
    assert dominates(join(a, b), a)
    assert dominates(join(a, b), b)


@given(labels, labels)
def test_join_names_every_originator(a: Label, b: Label) -> None:
    assert join(a, b).originators == a.originators | b.originators


@given(labels, labels, principals)
def test_who_may_read_a_join_may_read_each_part_and_the_other_way_round(a: Label, b: Label, who: Principal) -> None:
    grants = [Principal(who.person_id, who.username, who.name, who.agency, (grant,)) for grant in who.grants]
    for one in grants:  # one grant: two grants may each open one of the parts and neither open both
        each = permits(one, Action.READ, a) and permits(one, Action.READ, b)
        assert permits(one, Action.READ, join(a, b)) == each


def test_a_join_of_nothing_is_sealed() -> None:
    assert join() == SEALED


@given(labels, labels, st.lists(principals, min_size=1, max_size=5))
def test_dominates_is_sound(a: Label, b: Label, everybody: list[Principal]) -> None:
    assume(dominates(b, a))
    for who in everybody:
        for action in Action:
            assert permits(who, action, a) or not permits(who, action, b)


@pytest.mark.parametrize(
    ("stronger", "weaker"),
    [
        (Label.of(30, ALL, parse(""), "A"), Label.of(20, ALL, parse(""), "A")),
        (Label.of(20, frozenset("A"), parse(""), "A"), Label.of(20, ALL, parse(""), "A")),
        (Label.of(20, frozenset("A"), parse(""), "A"), Label.of(20, frozenset("AB"), parse(""), "A")),
        (Label.of(20, ALL, parse("x"), "A"), Label.of(20, ALL, parse(""), "A")),
        (Label.of(20, ALL, parse("x&y"), "A"), Label.of(20, ALL, parse("x"), "A")),
        (Label.of(20, ALL, parse("x"), "A"), Label.of(20, ALL, parse("x|y"), "A")),
    ],
)
def test_each_part_of_a_label_decides_dominance_alone(stronger: Label, weaker: Label) -> None:
    assert dominates(stronger, weaker)
    assert not dominates(weaker, stronger)


@given(labels)
def test_sealed_dominates_everything(a: Label) -> None:
    assert dominates(SEALED, a)
    assert dominates(a, SEALED) == (a == SEALED)


@given(principals, st.sampled_from(Action))
def test_sealed_is_permitted_to_nobody(who: Principal, action: Action) -> None:
    assert not permits(who, action, SEALED)


@pytest.mark.parametrize("part", ["level", "releasable_to", "need_to_know"])
def test_each_part_of_sealed_alone_keeps_everybody_out(part: str) -> None:
    mightiest = Principal("id", "n", "N", "A", (Grant(Role.REGISTRAR, TOP - 1, frozenset("xyz")),))
    components = {"level": 10, "releasable_to": ALL, "need_to_know": parse("")}
    assert permits(mightiest, Action.READ, Label(ReadingRule(**components), frozenset()))
    components[part] = getattr(SEALED.rule, part)
    assert not permits(mightiest, Action.READ, Label(ReadingRule(**components), frozenset()))


texts = st.text(min_size=1, max_size=8)


@given(
    st.builds(
        ReadingRule,
        st.integers(min_value=-5, max_value=TOP),
        st.just(ALL) | st.frozensets(texts, max_size=4),
        texts.map(Word) | st.just(NEVER),
    )
    | labels.map(lambda label: label.rule)
)
def test_a_reading_rule_survives_being_stored(rule: ReadingRule) -> None:
    again = ReadingRule.from_text(rule.as_text())
    assert again == rule
    assert again.digest == rule.digest


@given(labels, labels)
def test_the_digest_tells_rules_apart(a: Label, b: Label) -> None:
    assert (a.rule.digest == b.rule.digest) == (a.rule == b.rule)


def test_an_agency_that_is_called_all_is_not_everybody() -> None:
    rule = ReadingRule(10, frozenset({ALL}), parse(""))
    assert ReadingRule.from_text(rule.as_text()).releasable_to == frozenset({ALL})


@pytest.mark.parametrize(
    "text",
    [
        "",
        "null",
        "{}",
        "[]",
        "[10]",
        '[10, "ALL"]',
        '[10, "ALL", "", 1]',
        '["10", "ALL", ""]',
        '[10.0, "ALL", ""]',
        '[true, "ALL", ""]',
        '[null, "ALL", ""]',
        '[NaN, "ALL", ""]',
        '[10, "all", ""]',
        '[10, "A", ""]',
        '[10, null, ""]',
        '[10, {"A": 1}, ""]',
        '[10, [1], ""]',
        '[10, [["A"]], ""]',
        '[10, "ALL", null]',
        '[10, "ALL", 5]',
        '[10, "ALL", ["a"]]',
        '[10, "ALL", "a&b|c"]',
        '[10, "ALL", "never!"]',
        '[10, "ALL", ""',
        "[" * 100_000,
        '[10, "ALL", ' + json.dumps("(" * 5_000) + "]",
    ],
)
def test_an_unreadable_rule_is_sealed(text: str) -> None:
    assert ReadingRule.from_text(text) == SEALED.rule


@given(st.text() | st.recursive(st.none() | st.integers() | st.text(), st.lists, max_leaves=5).map(json.dumps))
def test_no_text_whatever_is_an_error(text: str) -> None:
    rule = ReadingRule.from_text(text)
    assert rule == SEALED.rule or json.loads(rule.as_text())[0] == json.loads(text)[0]


def test_levels_and_agencies_that_the_labels_are_drawn_from_lie_below_the_top() -> None:
    assert max(LEVELS) < TOP
    assert ALL not in AGENCIES
