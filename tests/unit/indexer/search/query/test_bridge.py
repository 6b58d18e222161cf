"""Words of a query are carried over into the other language, within bounds, and only where they are meant as words."""

from __future__ import annotations

import random

import pytest

from indexer.analysis.tokens import tokens
from indexer.engine.contract import And, Leaf, Near, Or, Phrase, Query, Term, positive_leaves, runs_of, share_of
from indexer.lexicon.glossary import shipped_terms
from indexer.lexicon.lookup import shipped
from indexer.search import names
from indexer.search.parse import LONGEST, parse
from indexer.search.query.bridge import CLOSE, MOST, MOST_KEYS, MOST_PHRASES, MOST_SHOWN, WIDE, Crossing
from indexer.search.query.nearness import APART, LIGHT, MOST_ACROSS, MOST_MEANINGS
from indexer.search.query.readings import RELATED

BOTH = Crossing()


def across(query: str, crossing: Crossing | None = BOTH) -> list[tuple[str, ...]]:
    return [part.across for part in parse(query, crossing=crossing).parts]


def carried(text: str, crossing: Crossing = BOTH, every: bool = False) -> set[Leaf]:
    """What the bridge adds to the leaves of a query."""
    with_bridge, without = (set(positive_leaves(parse(text, every, crossing=each).query)) for each in (crossing, None))
    assert without <= with_bridge
    return with_bridge - without


def runs(leaves: set[Leaf]) -> set[tuple[str, ...]]:
    return {run for leaf in leaves if isinstance(leaf, Term | Phrase) for run in runs_of(leaf)}


def stems(text: str) -> tuple[str, ...]:
    return tuple(word.stem for word in tokens(text))


@pytest.mark.parametrize(
    ("typed", "means"),
    [
        ("border", "граница"),
        ("границы", "border"),
        ("стали", "become"),
        ("стали", "steel"),  # a reading beside the first
        ("counter-terrorism", "борьба с терроризмом"),
        ("counter-terrorism", "антитеррористический"),
        ("ИБТ", "foreign terrorist fighter"),
        ("ИБТ", "FTF"),
        ("ftf", "иностранный боевик-террорист"),
        ("МВД", "MIA"),
        ("foreign terrorist fighters", "ИБТ"),
        ("иностранные боевики-террористы", "FTF"),
        ("+border", "граница"),
        ("(border OR camps)", "лагерь"),
    ],
)
def test_a_word_also_stands_for_what_it_means(typed: str, means: str) -> None:
    assert stems(means) in runs(carried(typed))
    assert means in {text for texts in across(typed) for text in texts} or len(across(typed)[0]) == MOST_SHOWN


@pytest.mark.parametrize(
    "typed",
    [
        "",
        '"border"',
        "=border",
        "bord*",
        "-border",
        "NOT border",
        "the",
        "2178",
        "11.03.2025",
        "xqzjk",
        "lang:ru",
        '"a b"~3',
    ],
)
def test_what_is_no_loose_word_stands_for_itself(typed: str) -> None:
    assert carried(typed, Crossing(off=frozenset({"names"}))) == set()
    assert not any(across(typed))


def test_what_is_carried_over_weighs_less_than_the_word() -> None:
    leaves = carried("border foreign terrorist fighters ИБТ")
    assert {share_of(leaf) for leaf in leaves if isinstance(leaf, Term | Phrase)} == {CLOSE, WIDE, CLOSE + WIDE}
    assert CLOSE + WIDE < LIGHT
    assert not {APART, LIGHT} & {CLOSE, WIDE, CLOSE + WIDE, RELATED, names.SHARE}  # by these it is told what is marked


def test_what_words_near_one_another_mean_is_looked_for_near_one_another_in_any_order() -> None:
    near = [leaf for leaf in carried("the council of security considers cases") if isinstance(leaf, Near)]
    council, security = stems("совет безопасность")
    assert any(council in leaf.words[0] and security in leaf.words[1] for leaf in near)
    assert len(near) == 6  # of four words, each with those after it
    assert all(share_of(leaf) == LIGHT for leaf in near)
    assert not any(isinstance(leaf, Near) for leaf in carried('council "of security" -considers'))


def test_pairs_of_meanings_change_nothing_of_what_matches() -> None:
    """A pair holds what its first word means, and stands beside it."""
    query = parse("council security", every=True, crossing=BOTH).query
    assert matches(query, "совет по вопросам безопасности")
    assert not matches(query, "совет по вопросам границы")
    assert not matches(query, "безопасность границы")


def test_pairs_of_meanings_are_bounded() -> None:
    words = "council security border prison court judge witness school teacher doctor bank money road bridge"
    near = [leaf for leaf in carried(words) if isinstance(leaf, Near)]
    assert len(near) == MOST_ACROSS
    assert all(len(keys) <= MOST_MEANINGS for leaf in near for keys in leaf.words)


def matches(query: Query, text: str) -> bool:
    """Whether a text would be found, by the stems of its words."""
    words = [word.stem for word in tokens(text)]
    match query:
        case And(parts):
            return all(matches(part, text) for part in parts)
        case Or(parts):
            return any(matches(part, text) for part in parts)
        case Term() | Phrase():
            return any(list(run) == words[at : at + len(run)] for run in runs_of(query) for at in range(len(words)))
        case Near(each, between):
            stretches = [words[at : at + len(each) + between] for at in range(len(words))]
            return any(all(set(keys) & set(stretch) for keys in each) for stretch in stretches)
    return False


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("foreign terrorist fighters at the border", True),
        ("иностранные боевики-террористы на границе", True),
        ("ИБТ на границе", True),
        ("ИБТ at the border", True),
        ("ИБТ в лагерях", False),
        ("граница", False),
    ],
)
def test_all_words_are_demanded_in_either_language(text: str, expected: bool) -> None:
    query = parse("foreign terrorist fighters border", True, crossing=BOTH).query
    assert matches(query, text) is expected


def test_a_term_is_told_at_its_first_word() -> None:
    first, second, third, fourth = across("foreign terrorist fighters border")
    assert {"иностранный боевик-террорист", "ИБТ"} <= set(first)
    assert "ИБТ" not in (*second, *third, *fourth)


def test_words_of_one_language_alone_may_be_carried_over() -> None:
    english, russian = across("border граница", Crossing("en"))
    assert english and not russian
    english, russian = across("border граница", Crossing("ru"))
    assert russian and not english


def test_all_of_it_or_one_part_can_be_switched_off() -> None:
    assert not any(across("border camps", Crossing(off=frozenset({"across"}))))
    assert carried("foreign terrorist fighters", Crossing(off=frozenset({"across"}))) == set()
    border, camps = across("border camps", Crossing(off=frozenset({"across:p1", "p3", "nonsense"})))
    assert camps and not border


def test_a_term_of_which_a_word_is_switched_off_is_none() -> None:
    assert "ИБТ" not in across("foreign terrorist fighters", Crossing(off=frozenset({"across:p2"})))[0]


def test_an_abbreviation_that_is_also_a_word_is_meant_in_capitals_only() -> None:
    (capitals,), (small,) = across("CAT"), across("cat")
    assert capitals[0] == "Комитет против пыток"
    assert {"кошка"} < set(small) and not set(small) & {"Комитет против пыток", "КПП"}


def test_however_much_is_asked_the_bridge_stays_within_bounds() -> None:
    chance = random.Random(5)
    headwords = sorted(entry.lemma for entry in shipped().entries) + [term.english for term in shipped_terms()]
    for _ in range(20):
        text = " ".join(chance.sample(headwords, 60))[:LONGEST]
        leaves = carried(text)
        assert sum(len(run) for leaf in leaves for run in runs_of(leaf)) <= MOST_KEYS  # type: ignore[arg-type]
        for leaf in leaves:
            most = MOST if isinstance(leaf, Term) else MOST_PHRASES
            assert len(runs_of(leaf)) <= most  # type: ignore[arg-type]
        assert all(len(part.across) <= MOST_SHOWN for part in parse(text, crossing=BOTH).parts)


def test_nothing_is_carried_over_unless_it_is_asked_for() -> None:
    assert across("border", None) == [()]
