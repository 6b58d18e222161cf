"""Whose rights lie inside whose is judged by grants alone, and agrees with what anybody may read."""

from __future__ import annotations

import random

import pytest

from auth import policy
from auth.expression import parse
from auth.labels import ALL, Label, ReadingRule
from auth.people import Grant, Principal, Role
from auth.policy import Action, lies_inside, reach_of

EXPERT, TRANSLATOR, REGISTRAR, AUDITOR = Role.EXPERT, Role.TRANSLATOR, Role.REGISTRAR, Role.AUDITOR


def who(agency: str, *grants: tuple[Role, int, str]) -> Principal:
    held = tuple(Grant(role, clearance, frozenset(words.split())) for role, clearance, words in grants)
    return Principal("id", "name", "Name", agency, held)


@pytest.mark.parametrize(
    ("reader", "by", "inside"),
    [
        (who("A", (EXPERT, 20, "x")), who("A", (TRANSLATOR, 20, "x y")), True),
        (who("A", (EXPERT, 30, "x")), who("A", (TRANSLATOR, 20, "x y")), False),
        (who("A", (EXPERT, 20, "x z")), who("A", (TRANSLATOR, 20, "x y")), False),
        (who("B", (EXPERT, 10, "")), who("A", (TRANSLATOR, 40, "x y")), False),  # something may be for B alone
        (who("A", (REGISTRAR, 10, "")), who("A", (TRANSLATOR, 40, "")), False),  # sees what is not published yet
        (who("A", (EXPERT, 10, ""), (AUDITOR, 0, "")), who("A", (TRANSLATOR, 40, "")), False),
        (who("A", (EXPERT, 20, "x"), (EXPERT, 20, "y")), who("A", (EXPERT, 20, "x"), (TRANSLATOR, 20, "y")), True),
        (who("A", (EXPERT, 20, "x y")), who("A", (EXPERT, 20, "x"), (TRANSLATOR, 20, "y")), False),
        (who("A"), who("A"), True),
    ],
)
def test_a_reach_lies_inside_or_not(reader, by, inside):
    assert lies_inside(reach_of(reader), by) is inside


def test_whose_reach_lies_inside_reads_nothing_that_the_other_may_not():
    chance = random.Random(7)
    counted = 0
    for _ in range(3_000):
        reader, by = (
            who(
                chance.choice("AB"),
                *(
                    (chance.choice([EXPERT, TRANSLATOR, Role.REVIEWER]), chance.choice([10, 20, 30]), words)
                    for words in chance.sample(["", "x", "y", "x y"], chance.randint(1, 2))
                ),
            )
            for _ in range(2)
        )
        if not lies_inside(reach_of(reader), by):
            continue
        counted += 1
        for expression in ("", "x", "y", "x&y", "x|y"):
            for level in (10, 20, 30):
                for to in (ALL, {"A"}, {"B"}):
                    label = Label(
                        ReadingRule(level, to if to == ALL else frozenset(to), parse(expression)), frozenset()
                    )
                    assert policy.permits(by, Action.READ, label) or not policy.permits(reader, Action.READ, label)
    assert counted > 100


def test_a_reach_is_the_same_whatever_the_order_of_grants():
    first, second = (EXPERT, 20, "x y"), (TRANSLATOR, 10, "")
    assert reach_of(who("A", first, second)) == reach_of(who("A", second, first))
