"""Names in a query are also looked for in other spellings, and what dictionaries hold as something else is not."""

from __future__ import annotations

import pytest

from indexer.analysis.names.keys import KNOWN, MARK
from indexer.analysis.tokens import tokens
from indexer.engine.contract import Leaf, Term, positive_leaves
from indexer.search.names import SHARE
from indexer.search.parse import parse
from indexer.search.query.bridge import Crossing

BOTH = Crossing()


def spelled(query: str, *off: str) -> list[bool]:
    return [part.spelled for part in parse(query, crossing=Crossing(off=frozenset(off))).parts]


def names(query: str, *off: str) -> list[Term]:
    """What a query looks for as names."""
    leaves: tuple[Leaf, ...] = positive_leaves(parse(query, crossing=Crossing(off=frozenset(off))).query)
    return [leaf for leaf in leaves if isinstance(leaf, Term) and leaf.stem.startswith(MARK)]


@pytest.mark.parametrize(
    "typed", ["Vasilenko", "vasilenko", "ВАСИЛЕНКО", "Караганде", "караганде", "+Hughes", "токаев"]
)
def test_a_name_is_looked_for_in_other_spellings(typed: str) -> None:
    assert spelled(typed) == [True]
    (leaf,) = names(typed)
    assert leaf.share == SHARE < 1


@pytest.mark.parametrize(
    "typed",
    ["border", "граница", "the", "The", "роман", "smith", '"Vasilenko"', "-Vasilenko", "=Vasilenko", "Vasil*", "2178"],
)
def test_what_is_no_name_or_meant_as_it_stands_is_not(typed: str) -> None:
    assert spelled(typed) == [False] and not names(typed)


def test_an_ordinary_word_with_a_capital_is_a_known_name_alone() -> None:
    (leaf,) = names("Polish")
    assert all(key.startswith(KNOWN) for key in (leaf.stem, *leaf.others))
    assert not names("Border")


def test_what_is_written_with_a_hyphen_is_one_name() -> None:
    (leaf,) = names("усть-каменогорск")
    (city,) = [key for key in tokens("Oskemen")[0].others if key.startswith(KNOWN)]
    assert city in (leaf.stem, *leaf.others)


@pytest.mark.parametrize("typed", ["united kingdom", "United Kingdom of", "in the united kingdom"])
def test_several_words_are_a_known_name_together(typed: str) -> None:
    britain = {key for token in tokens("Великобритания") for key in token.others if key.startswith(KNOWN)}
    assert britain & {leaf.stem for leaf in names(typed)}
    assert not britain & {leaf.stem for leaf in names(typed, "names")}


def test_all_names_or_one_part_can_be_switched_off() -> None:
    assert spelled("Hughes Vasilenko", "names") == [False, False] and not names("Hughes Vasilenko", "names")
    assert spelled("Hughes Vasilenko", "names:p1", "p3") == [False, True]
    assert spelled("Hughes Vasilenko", "across") == [True, True]


def test_without_crossing_nothing_is_added() -> None:
    assert [part.spelled for part in parse("Hughes").parts] == [False]
    assert all(
        isinstance(leaf, Term) and not leaf.stem.startswith(MARK) for leaf in positive_leaves(parse("Hughes").query)
    )
