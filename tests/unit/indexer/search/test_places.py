"""Every place of a document is given, once and in order, and as many as are counted; the engine finds the same."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from functools import partial

import pytest
from factories import agency, fresh, person, principal
from hypothesis import given, settings
from hypothesis import strategies as st
from papers import Line, paper, scope

from indexer.engine import budget as budgets
from indexer.engine.contract import Exact, Leaf, Near, Phrase, Prefix, Request, Term, positive_leaves
from indexer.library.tables import DocumentRow
from indexer.pipeline.reindex import reindex
from indexer.search import places as search_places
from indexer.search.find import MOST_PAGES, find
from indexer.search.parse import parse
from indexer.search.places import Place, PlaceCounts, places_in
from indexer.search.query.bridge import Crossing
from services.components import Components

PASSAGES = [
    [
        Line("Water flows to the river. Water!", "Вода течёт к реке. Вода!"),
        Line("The rivers", "Реки", page=2, doubt="numbers"),
        Line("***", page=2),
        Line("flow on; water rights", "текут; права на воду", page=2, origin="human"),
    ],
    [
        Line("Water rights of the river", page=3, furniture=True),
        Line("A treaty on water.", "Договор о воде.", page=3),
        Line("Права на реки", page=3, language="ru"),
        Line("The United Kingdom, Uajanov, co-operation for 1 000 000 and the kingdom", page=3),
    ],
]


@pytest.fixture(scope="module")
def components(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Components]:
    opened = fresh(tmp_path_factory.mktemp("places") / "home")
    agency(opened, "A")
    person(opened, "reader", "A", ["expert"])
    with opened.database.session() as session:
        paper(session, PASSAGES, title_en="Zeppelins", pages=3)
    reindex(opened.database, opened.engine, lambda done, total: None)
    yield opened
    opened.close()


def places(components: Components, leaves: tuple[Leaf, ...]) -> list[Place]:
    with components.database.reading() as session:
        return places_in(session, scope(session), session.query(DocumentRow).one(), leaves)


def told(components: Components, query: str) -> list[str]:
    """Page, side and words of each place."""
    words = []
    for place in places(components, positive_leaves(parse(query).query)):
        begins = place.segments[0]
        text = begins.text if place.side == "original" or not begins.translation else begins.translation.text
        words.append(f"{begins.page}{place.side[0]} {text[slice(*place.highlight)]}")
    return words


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("water", "1o Water, 1o Water, 2o water, 3o water"),
        ("вода", "1t Вода, 1t Вода, 2t воду, 3t воде"),
        ("river", "1o river, 2o rivers"),
        ("реки", "1t реке, 3o реки"),  # what is doubtful is not searched
        ('"rivers flow"', "2o rivers"),
        ('"water rights" water', "1o Water, 1o Water, 2o water rights, 3o water"),
        ("=rivers", "2o rivers"),
        ('"river water"~4', "1o Water, 1o river, 1o Water, 2o rivers, 2o water"),
        ('"river water"~0 flows', "1o flows, 1o river, 1o Water, 2o flow"),
        ("riv*", "1o river, 2o rivers"),
        ("water -river", "1o Water, 1o Water, 2o water, 3o water"),
        ("nothing", ""),
        ("", ""),
    ],
)
def test_each_place_is_given_once_and_in_order(components, query, expected):
    assert ", ".join(told(components, query)) == expected


def test_a_phrase_that_goes_on_has_the_boxes_of_all_that_it_touches(components):
    (place,) = places(components, (Phrase(("river", "flow")),))
    assert [page for page, _ in place.boxes] == [2, 2, 2]


def test_outside_the_scope_there_is_none(components):
    with components.database.reading() as session:
        nobody = type(scope(session))(scope(session).action, frozenset())
        assert places_in(session, nobody, session.query(DocumentRow).one(), (Term("water"),)) == []


def test_what_would_have_to_be_read_page_by_page_is_not_counted_beyond_so_many(components, monkeypatch):
    both, none = Phrase(("river", "flow")), Phrase(("river", "zeppelin"))
    with components.database.reading() as session:
        ask = partial(PlaceCounts().counts, session, scope(session), session.query(DocumentRow).all())
        assert ask((both,)) == [1]
        monkeypatch.setattr(search_places, "MOST_READ", -1)
        assert [ask((leaf,)) for leaf in (both, none, Term("zeppelin"))] == [[None], [0], [0]]
        monkeypatch.undo()
        monkeypatch.setattr(budgets, "MOST_POSTINGS", -1)
        assert ask((both,)) == [None]  # a search is not refused for what it counts


def test_a_known_name_of_several_words_is_one_place_and_another_spelling_too(components):
    names = Crossing(off=frozenset({"across"}))
    for query, expected in (("Великобритания", "United Kingdom"), ("Уажанов", "Uajanov"), ("Kingdom", "Kingdom")):
        leaves = positive_leaves(parse(query, crossing=names).query)
        lit = [place.segments[0].text[slice(*place.highlight)] for place in places(components, leaves)]
        assert expected in lit
        with components.database.reading() as session:
            assert PlaceCounts().counts(session, scope(session), session.query(DocumentRow).all(), leaves) == [len(lit)]


WORDS = [
    "@@cgb",
    "@.j.n.v",
    "kingdom",
    "water",
    "river",
    "flow",
    "right",
    "treati",
    "вод",
    "рек",
    "прав",
    "течь",
    "zeppelin",
]


def _each(words):
    return tuple((word,) for word in dict.fromkeys(words))


leaves = st.lists(
    st.sampled_from(WORDS).map(Term)
    | st.sampled_from(["water", "rivers", "воде", "on", "treaty"]).map(Exact)
    | st.sampled_from(["wa", "ри", "ре", "ri", "t"]).map(Prefix)
    | st.lists(st.sampled_from(WORDS), min_size=2, max_size=3).map(tuple).map(Phrase)
    | st.builds(
        Near, st.lists(st.sampled_from(WORDS), min_size=2, max_size=3, unique=True).map(_each), st.integers(0, 9)
    ),
    max_size=4,
    unique=True,
).map(tuple)


@settings(deadline=None, max_examples=300)
@given(leaves)
def test_as_many_are_counted_as_there_are(components, some):
    counts = PlaceCounts()
    with components.database.reading() as session:
        row = session.query(DocumentRow).one()
        assert counts.counts(session, scope(session), [row], some) == [len(places(components, some))]


@settings(deadline=None, max_examples=100)
@given(leaves)
def test_the_engine_finds_a_document_by_its_text_just_where_it_has_a_place(components, some):
    for leaf in some:
        results = find(
            components.database, components.engine, principal(components, "reader"), Request(leaf), PlaceCounts()
        )
        by_text = bool(places(components, (leaf,)))
        by_title = leaf == Term("zeppelin")
        assert bool(results.hits) == (by_text or by_title)
        assert all(hit.places == len(places(components, (leaf,))) for hit in results.hits)


def test_words_are_kept_of_few_documents_and_read_anew_of_a_newer_version(components):
    with components.database.session() as session:
        row = session.query(DocumentRow).one()
        words, everything = PlaceCounts(), scope(session)
        assert words.counts(session, everything, [row], (Term("water"),)) == [4]
        kept = words._bytes
        assert kept == sum(map(sys.getsizeof, words._kept.values())) > 0
        row.version += 1
        words.counts(session, everything, [row], (Term("water"),))
        assert len(words._kept) == 2
        few = PlaceCounts(most_bytes=kept)
        for _ in range(3):
            row.version += 1
            assert few.counts(session, everything, [row], (Term("water"),)) == [4]
        assert len(few._kept) == 1 and few._bytes == kept
        none = PlaceCounts(most_bytes=0)
        assert none.counts(session, everything, [row], (Term("water"),)) == [4]
        assert none._bytes == 0
        session.rollback()


def test_what_is_very_long_is_not_counted(components):
    def hit():
        who = principal(components, "reader")
        return find(components.database, components.engine, who, Request(Term("water")), PlaceCounts()).hits[0]

    assert hit().places == 4
    with components.database.session() as session:
        session.query(DocumentRow).one().pages = MOST_PAGES + 1
    assert hit().places is None
    with components.database.session() as session:
        session.query(DocumentRow).one().pages = 3
