"""Highlights mark just what the query found, in characters of the text as it is shown."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.analysis import word_keys
from indexer.analysis.tokens import tokens
from indexer.engine.contract import Exact, Leaf, Phrase, Prefix, Term, positive_leaves
from indexer.search.highlight import Marker, Span, _merged
from indexer.search.parse import parse


def highlights(text: str, leaves: Sequence[Leaf]) -> tuple[Span, ...]:
    return Marker(leaves).spans([text])


def marked(text: str, query: str) -> list[str]:
    return [text[start:end] for start, end in highlights(text, positive_leaves(parse(query).query))]


@pytest.mark.parametrize(
    ("text", "query", "expected"),
    [
        ("Water and waters.", "water", ["Water", "waters"]),
        ("Вода, воды и водой.", "вода", ["Вода", "воды", "водой"]),
        ("Water and waters.", "=waters", ["waters"]),
        ("Water and waters.", "wat*", ["Water", "waters"]),
        ("Underwater", "water", []),
        ("Water rights and water use", '"water use"', ["water use"]),
        ("Water, use it", '"water use"', ["Water, use"]),
        ("use water", '"water use"', []),
        ("water water water", '"water water"', ["water water water"]),
        ("Document A/79/998.", "A/79/998", ["A/79/998"]),
        ("water and river", "water -river", ["water"]),
        ("water and river", "NOT (water river)", []),
        ("water and river", '"water river" river', ["river"]),
        ("water and river", "", []),
        ("water in a river. The river", '"river water"~2', ["water", "river"]),
        ("water in a river. The river", '"river water"~1', []),
        ("a river, water, rivers and water", '"water river"~0', ["river", "water", "rivers"]),
        ("water and river", '"water river"~1 and', ["water", "river"]),
        ("water, water", '"water water"~1', ["water", "water"]),
        ("water by the river; water", '"water river"~9 water', ["water", "river", "water"]),
        ("the water", "the water", ["water"]),
        ("", "water", []),
        ("🚣 water 𝔘 воды", "water вода", ["water", "воды"]),
        ("Ёлка и ёлки", "елка", ["Ёлка", "ёлки"]),
        ("cafe\u0301 cafe", "café", ["cafe\u0301", "cafe"]),
        ("co\u00adop\u00aderation", "cooperation", ["co\u00adop\u00aderation"]),
    ],
)
def test_just_what_the_query_found_is_marked(text: str, query: str, expected: list[str]) -> None:
    assert marked(text, query) == expected


def test_spans_count_characters_not_bytes() -> None:
    assert highlights("🚣🚣 вода", positive_leaves(parse("вода").query)) == ((3, 7),)


def test_overlapping_matches_are_one_span_and_neighbours_stay_two() -> None:
    leaves = (Phrase(("water", "use")), Prefix("wa"), Term("use"), Exact("plan"))
    assert highlights("water use plan", leaves) == ((0, 9), (10, 14))


words = st.lists(st.sampled_from(["water", "waters", "вода", "водой", "the", "🚣", "-", ","]), max_size=8).map(" ".join)
leaves = st.lists(
    st.sampled_from([Term("water"), Term("вода"), Exact("waters"), Prefix("во"), Phrase(("water", "вода"))]), max_size=4
)


@settings(deadline=None)
@given(words, leaves)
def test_spans_are_in_order_apart_and_end_where_words_end(text: str, several) -> None:
    spans = highlights(text, several)
    edges = [edge for span in spans for edge in span]
    assert edges == sorted(edges)
    assert all(start < end for start, end in spans)
    text_tokens = tokens(text)
    assert {start for start, _ in spans} <= {token.start for token in text_tokens}
    assert {end for _, end in spans} <= {token.end for token in text_tokens}
    assert highlights(text, tuple(reversed(several))) == spans


WRITTEN = [
    *(
        "water",
        "Waters,",
        "воды",
        "—",
        "1",
        "000",
        "000.",
        "co-operation",
        "cooperation",
        "co",
        "operation",
        "7",
        "May",
    ),
    *(
        "2015",
        "resolution",
        "1373",
        "S/RES/1373",
        "U.N.O.D.C.",
        "COVID-19",
        "(water",
        "use)",
        "Ёлка",
        "\u2009",
        "d'Ivoire",
    ),
]
QUERIES = [
    *("water", "1000000", '"water use"', "cooperation", "co-operation", "7 May 2015", "resolution 1373", "2015", "19"),
    *(
        "UNODC",
        "=waters",
        "wat*",
        "19*",
        '"use resolution"',
        "вода елка",
        "Ivoire covid",
        '"use water"~2',
        '"2015 co"~0',
        '"water resolution 1373"',
    ),
]


@settings(deadline=None, max_examples=300)
@given(
    st.lists(st.lists(st.sampled_from(WRITTEN), max_size=6).map(" ".join), max_size=5),
    st.lists(st.sampled_from(QUERIES), min_size=1, max_size=3),
)
def test_what_is_known_of_words_marks_as_the_whole_text_does(pieces, queries):
    some = tuple(leaf for query in queries for leaf in positive_leaves(parse(query).query))
    marker = Marker(some)
    whole = _merged(sorted(Marker(some)._spans(tokens(" ".join(pieces)))))
    assert marker.spans(pieces) == marker.spans(pieces) == whole


def test_words_of_more_texts_than_a_process_remembers_are_marked_alike(monkeypatch):
    monkeypatch.setattr(word_keys, "MOST", 3)
    monkeypatch.setattr(word_keys, "_known", {False: word_keys.WordKeys()})
    marker = Marker(positive_leaves(parse("water").query))
    texts = [f"water and {at} rivers" for at in range(5)]
    assert [marker.spans([text, text]) for text in texts] == [((0, 5), (19, 24))] * 5
    assert len(marker._known) <= 3 + 4
