"""The memory offers equal and similar sentences, out of documents alone that the target's readers may read as well."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from factories import agency, client, fresh, label, person, principal
from hypothesis import given
from hypothesis import strategies as st
from papers import Line, paper
from sqlalchemy import select

from auth import policy
from auth.labels import Label
from auth.policy import Action
from indexer.handling.relabel import Handling
from indexer.library.documents import ALWAYS
from indexer.library.tables import DocumentRow
from indexer.memory import entries
from indexer.memory.entries import TranslatedSentence
from indexer.memory.keys import keys_of
from indexer.memory.matches import MemoryMatch, Wanted, compared, matches, most_alike
from indexer.memory.tables import MemoryEntryRow, MemoryKeyRow
from services.cli.console import event
from services.components import Components

BORDER = "The participating States agreed to open 12 crossings on the southern border in 2019."
LIKE = "The participating States agreed to close 14 crossings on the southern border in 2021."
ГРАНИЦА = "Государства-участники согласились открыть 12 пунктов на южной границе в 2019 году."


@pytest.fixture
def components(tmp_path: Path) -> Iterator[Components]:
    opened = fresh(tmp_path / "home")
    agency(opened, "A")
    agency(opened, "B")
    person(opened, "tom", "A", ["translator"])
    person(opened, "low", "A", ["translator"], clearance="unclassified")
    yield opened
    opened.close()


def keep(components: Components, level: str, *lines: str, text: str = "", releasable_to: str = "ALL") -> str:
    """A document under a label; the memory has `text` for its first sentence, if that is given."""
    with components.database.session() as session:
        rule = policy.keep_rule(session, label(components, "A", level, releasable_to).rule)
        row = paper(session, [[Line(line) for line in lines]], state="received")
        row.rule = rule
        if text:
            entries.remember(session, row.id, "en", lines[0], text, "human")
        return row.id


def offered(components: Components, document: str, text: str, username: str = "tom", **more: Any) -> list[MemoryMatch]:
    who = principal(components, username)
    assert who is not None
    with components.database.reading() as session:
        scope = policy.scope_for(session, who, Action.EDIT)
        return matches(session, scope, session.get_one(DocumentRow, document), Wanted(text, "en", **more))


def test_equal_and_similar_sentences_are_offered_with_the_difference(components: Components) -> None:
    lender = keep(components, "unclassified", BORDER, text=ГРАНИЦА)
    here = keep(components, "unclassified", BORDER, LIKE)
    (exact,) = offered(components, here, BORDER)
    assert (exact.kind, exact.percent, exact.target_text, exact.document_id) == ("exact", 100, ГРАНИЦА, lender)
    (fuzzy,) = offered(components, here, LIKE)
    assert fuzzy.kind == "fuzzy" and 80 <= fuzzy.percent < 100
    changed = [(BORDER[slice(*d.theirs)], LIKE[slice(*d.ours)]) for d in fuzzy.difference if d.kind != "equal"]
    assert changed == [("open", "close"), ("12", "14"), ("2019", "2021")]
    assert offered(components, here, "Nothing of that kind was ever said.") == []


def test_between_equal_neighbours_a_match_is_one_in_context(components: Components) -> None:
    keep(components, "unclassified", BORDER, "The next.", text=ГРАНИЦА)
    here = keep(components, "unclassified", "Other.", BORDER, "The next.")
    assert offered(components, here, BORDER, before="", after="The next.")[0].kind == "context"
    assert offered(components, here, BORDER, before="Other.", after="The next.")[0].kind == "exact"


def test_what_was_translated_the_other_way_is_offered_as_such(components: Components) -> None:
    with components.database.session() as session:
        row = paper(session, [[Line(ГРАНИЦА, language="ru")]], state="received", language="ru")
        entries.remember(session, row.id, "ru", ГРАНИЦА, BORDER, "human")
    here = keep(components, "unclassified", BORDER)
    (match,) = offered(components, here, BORDER)
    assert (match.kind, match.reversed, match.target_text) == ("exact", True, ГРАНИЦА)


@pytest.mark.parametrize("text", [BORDER, LIKE])
def test_of_what_is_as_alike_that_of_a_preferred_pair_comes_first(components: Components, text: str) -> None:
    offers = {name: keep(components, "unclassified", BORDER) for name in "abc"}
    with components.database.session() as session:
        for name, document in offers.items():
            sentence = TranslatedSentence("en", BORDER, f"{ГРАНИЦА} {name}")
            entries.remember_of_pair(session, document, name, [sentence], preferred=False)
    here = keep(components, "unclassified", text)
    assert {match.preferred for match in offered(components, here, text)} == {False}
    for name in offers:
        with components.database.session() as session:
            for each in offers:
                entries.prefer_pair(session, each, each == name)
        first, *others = offered(components, here, text)
        assert (first.document_id, first.preferred) == (offers[name], True)
        assert [match.preferred for match in others] == [False, False]


def test_texts_that_say_the_same_are_one_match_that_counts_them(components: Components) -> None:
    for _ in range(3):
        keep(components, "unclassified", BORDER, text=ГРАНИЦА)
    (match,) = offered(components, keep(components, "unclassified", LIKE), LIKE)
    assert match.times == 3


@pytest.mark.parametrize(
    ("lends", "target", "who", "offers"),
    [
        ("unclassified", "restricted", "tom", True),
        ("restricted", "restricted", "tom", True),
        ("restricted", "unclassified", "tom", False),  # the translator may read it, but not everybody who reads this
        ("restricted", "unclassified", "low", False),
        ("unclassified", "unclassified", "low", True),
    ],
)
@pytest.mark.parametrize("text", [BORDER, LIKE])
def test_the_memory_lends_only_what_all_readers_of_the_target_may_read(
    components: Components, lends: str, target: str, who: str, offers: bool, text: str
) -> None:
    keep(components, lends, BORDER, text=ГРАНИЦА)
    here = keep(components, target, text)
    assert bool(offered(components, here, text, who)) is offers


def test_what_is_releasable_to_others_too_may_lend_and_not_the_other_way(components: Components) -> None:
    keep(components, "unclassified", BORDER, text=ГРАНИЦА, releasable_to="A")
    assert not offered(components, keep(components, "unclassified", LIKE), LIKE)
    assert offered(components, keep(components, "unclassified", LIKE, releasable_to="A"), LIKE)


def test_a_lender_that_is_labelled_more_strictly_lends_no_more(components: Components) -> None:
    lender = keep(components, "unclassified", BORDER, text=ГРАНИЦА)
    here = keep(components, "unclassified", LIKE)
    strict: Label = label(components, "A", "confidential")
    with components.database.reading() as session:
        scope = policy.operator_scope(session, Action.LABEL)
    components.relabeller.relabel(scope, None, lender, Handling(strict, ALWAYS), "because", event("label"))
    assert offered(components, here, LIKE) == []


def test_removal_takes_the_memory_along_in_the_same_transaction(components: Components) -> None:
    lender = keep(components, "unclassified", BORDER, text=ГРАНИЦА)
    with components.database.session() as session:
        session.delete(session.get_one(DocumentRow, lender))
    with components.database.reading() as session:
        assert session.scalars(select(MemoryEntryRow)).all() == session.scalars(select(MemoryKeyRow)).all() == []


def test_a_newer_text_takes_the_place_of_the_older(components: Components) -> None:
    lender = keep(components, "unclassified", BORDER, text=ГРАНИЦА)
    with components.database.session() as session:
        entries.remember(session, lender, "en", BORDER, "Иначе.", "human")
    assert [match.target_text for match in offered(components, keep(components, "restricted", LIKE), LIKE)] == [
        "Иначе."
    ]


def test_a_text_that_the_memory_has_otherwise_is_a_finding_on_the_bench(components: Components) -> None:
    keep(components, "unclassified", BORDER, text=ГРАНИЦА)
    here = keep(components, "unclassified", BORDER, LIKE)
    api = client(components, "tom")
    path = f"/api/translations/{here}/segments"

    def codes(number: int, text: str) -> set[str]:
        digest = api.get(f"{path}/{number}").json()["segment"]["source_digest"]
        version = api.get(f"{path}/{number}").json()["segment"]["version"]
        body = {"source_digest": digest, "version": version, "text": text}
        return {each["code"] for each in api.put(f"{path}/{number}", json=body).json()["checks"]}

    assert codes(0, ГРАНИЦА) == set()
    other = "Государства-участники договорились открыть 12 пунктов на южной границе в 2019 году."
    assert "inconsistent" in codes(0, other)
    assert "same_for_another" in codes(1, ГРАНИЦА)


def test_keys_are_few_and_say_nothing_of_numbers_and_forms() -> None:
    assert keys_of("The States agreed on 12 points.", "en") == keys_of("The State agreed on 99 point.", "en")
    assert keys_of("The States.", "en") != keys_of("The States.", "ru")
    assert len(keys_of("word other " * 500, "en")) <= 16 and keys_of("", "en") == []


def test_likeness_is_of_words_and_their_length() -> None:
    assert compared("a b", "c d")[0] < 60
    assert compared("one two three four", "one two three five")[0] == 73


PIECES = st.lists(st.sampled_from(["one", "two", ",", " ", "  ", ".", "three", "\n"]), max_size=12).map("".join)


@given(PIECES, PIECES)
def test_differences_cover_both_sentences_and_likeness_is_never_more_than_at_most(theirs: str, ours: str) -> None:
    percent, differences = compared(theirs, ours)
    assert percent <= most_alike(theirs, ours)
    for text, side in ((theirs, "theirs"), (ours, "ours")):
        spans = [getattr(each, side) for each in differences]
        assert "".join(text[first:end] for first, end in spans) == (text if text.split() else "") or not spans
    for each in differences:
        words = ["".join(text[slice(*span)].split()) for text, span in ((theirs, each.theirs), (ours, each.ours))]
        assert (words[0] == words[1]) == (each.kind == "equal")
