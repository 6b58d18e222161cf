"""Pairs are found, aligned and let lend by a worker, put right by people, and gone with either paper."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from factories import fresh
from papers import Line, paper
from sqlalchemy import select, update

from auth import policy
from auth.expression import ALWAYS
from auth.labels import ALL, Label, ReadingRule
from auth.policy import Action
from indexer.handling.relabel import handling_of
from indexer.library.tables import DocumentRow, SegmentRow, TranslationRow
from indexer.memory import entries
from indexer.memory.tables import MemoryEntryRow
from indexer.pairs import corrections, pairs
from indexer.pairs.align.alignment import Bead
from indexer.pairs.corrections import Correction, StaleAlignmentError, alignment_of
from indexer.pairs.differences import DifferenceSide, Papers, differences_of
from indexer.pairs.pairs import NoPairError, PairError
from indexer.pairs.tables import LENDER, Lending, PairRow, PortraitRow
from indexer.pipeline.index_record import record_of
from indexer.pipeline.stages.extract import keep_text
from indexer.segment.segments import Segment
from services.cli.console import event
from services.components import Components

ENGLISH = (
    "The meeting was opened on 12 October 2021 in Almaty.",
    "Each State should name one contact point.",
    "Women and children return from the camps.",
    "The court refused the evidence from the battlefield.",
    "Airlines send passenger information in advance.",
    "The secretariat will report in December.",
)
RUSSIAN = (
    "Совещание открылось 12 октября 2021 года в Алматы.",
    "Каждому государству следует назначить одно контактное лицо.",
    "Женщины и дети возвращаются из лагерей.",
    "Суд отклонил доказательства с поля боя.",
    "Авиакомпании заранее передают информацию о пассажирах.",
    "Секретариат представит доклад в декабре.",
)
OTHER = ("The weather was fine.", "Bread is baked in the morning.", "Nobody reads novels on a bicycle.")


@pytest.fixture
def components(tmp_path: Path) -> Iterator[Components]:
    opened = fresh(tmp_path / "home")
    yield opened
    opened.close()


@pytest.fixture
def both(components: Components) -> tuple[str, str]:
    """Two papers that are each other's translation, and a third one; no worker was there yet."""
    with components.database.session() as session:
        english = paper(session, [lines(ENGLISH, "en")], symbol="A/1").id
        russian = paper(session, [lines(RUSSIAN, "ru")], language="ru", symbol="A/1").id
        paper(session, [lines(OTHER, "en")])
    return english, russian


def lines(texts: tuple[str, ...], language: str) -> list[Line]:
    return [Line(text, language=language) for text in texts]


def paired(components: Components) -> PairRow:
    """The one pair, once workers have done what there is for pairs."""
    worker = components.worker()
    while worker.pair():
        pass
    with components.database.reading() as session:
        return session.scalars(select(PairRow)).one()


def lent(components: Components, document_id: str) -> list[str]:
    with components.database.reading() as session:
        query = select(TranslationRow.text).where(
            TranslationRow.document == document_id, TranslationRow.engine == LENDER
        )
        return sorted(session.scalars(query))


def remembered(components: Components, document_id: str) -> list[str]:
    """What the memory has of a paper, out of the other one."""
    with components.database.reading() as session:
        query = select(MemoryEntryRow.target_text).where(MemoryEntryRow.document == document_id)
        return sorted(session.scalars(query.where(MemoryEntryRow.pair != "")))


def relabel(components: Components, document_id: str, rule: ReadingRule) -> None:
    with components.database.reading() as session:
        scope = policy.operator_scope(session, Action.LABEL)
        old = handling_of(session, session.get_one(DocumentRow, document_id))
    new = replace(old, label=Label(rule, old.label.originators))
    components.relabeller.relabel(scope, None, document_id, new, "because", event("label"))


STRICT, OPEN = ReadingRule(30, ALL, ALWAYS), ReadingRule(10, ALL, ALWAYS)


def test_a_pair_is_found_confirmed_aligned_and_lends(components, both):
    pair = paired(components)
    assert {pair.first, pair.second} == set(both)
    assert (pair.state, pair.by, pair.aligned, pair.lent) == ("confirmed", "", True, True)
    assert lent(components, both[0]) == sorted(RUSSIAN)
    assert lent(components, both[1]) == sorted(ENGLISH)
    assert remembered(components, both[0]) == sorted(RUSSIAN)
    entries_of_trail = [
        (each.actor, each.object in both, json.loads(each.detail)["reason"])
        for each in components.trail.entries()
        if each.action == "pair"
    ]
    assert entries_of_trail == [("", True, "likeness")]
    with components.database.reading() as session:
        facets = record_of(session, session.get_one(DocumentRow, both[0])).facets
    assert facets["has_human_translation"] == ["true"]


def test_an_excluded_pair_lends_nothing_and_lends_again_when_it_is_not_excluded(components, both):
    pair = paired(components)
    set_lending(components, pair.id, "excluded")
    for _ in range(2):  # at once, and once a worker has been there
        assert [lent(components, name) + remembered(components, name) for name in both] == [[], []]
        pair = paired(components)
    assert (pair.state, pair.lending, pair.lent) == ("confirmed", "excluded", True)
    set_lending(components, pair.id, "preferred")
    paired(components)
    assert [lent(components, name) for name in both] == [sorted(RUSSIAN), sorted(ENGLISH)]
    assert preferred(components) == {True}
    set_lending(components, pair.id, "ordinary")
    assert preferred(components) == {False}
    assert lent(components, both[0]) == sorted(RUSSIAN)  # without a moment in which there was nothing


def set_lending(components: Components, pair_id: str, lending: Lending) -> None:
    with components.database.session() as session:
        pairs.set_lending(session, policy.operator_scope(session, Action.EDIT), pair_id, lending)


def preferred(components: Components) -> set[bool]:
    with components.database.reading() as session:
        return set(session.scalars(select(MemoryEntryRow.preferred)))


def test_what_a_person_approved_stays_in_the_memory_beside_what_a_pair_lends(components, both):
    paired(components)
    with components.database.session() as session:
        entries.remember(session, both[0], "en", ENGLISH[0], "Иначе.", "reviewed")
    relabel(components, both[1], STRICT)
    with components.database.reading() as session:
        kept = session.scalars(select(MemoryEntryRow).where(MemoryEntryRow.document == both[0])).all()
        assert [(each.target_text, each.pair) for each in kept] == [("Иначе.", "")]
    relabel(components, both[1], OPEN)
    paired(components)
    assert remembered(components, both[0]) == sorted(RUSSIAN)


def test_papers_of_two_symbols_are_only_proposed(components, both):
    with components.database.session() as session:
        session.get_one(DocumentRow, both[1]).symbol = "A/2"
    pair = paired(components)
    assert (pair.state, pair.aligned, pair.lent) == ("proposed", True, False)
    assert lent(components, both[0]) == []


def test_only_a_paper_whose_readers_may_all_read_the_other_borrows(components, both):
    paired(components)
    relabel(components, both[1], STRICT)
    assert lent(components, both[0]) == lent(components, both[1]) == []  # at once
    assert remembered(components, both[0]) == remembered(components, both[1]) == []
    paired(components)
    assert lent(components, both[0]) == remembered(components, both[0]) == []
    assert lent(components, both[1]) == remembered(components, both[1]) == sorted(ENGLISH)
    relabel(components, both[1], OPEN)
    paired(components)
    assert lent(components, both[0]) == sorted(RUSSIAN)


def test_a_removed_paper_takes_back_what_it_lent_at_once(components, both):
    paired(components)
    with components.database.reading() as session:
        scope = policy.operator_scope(session, Action.REMOVE)
    components.removals.remove(scope, None, both[1], "because", event("remove"))
    assert lent(components, both[0]) == remembered(components, both[0]) == []
    with components.database.reading() as session:
        reading = policy.operator_scope(session, Action.READ)
        assert pairs.of_papers(session, reading, both) == {}
        assert pairs.listed(session, reading, ("confirmed",), 0, 9) == (0, [])


def test_whoever_may_not_read_both_sees_no_pair(components, both):
    pair = paired(components)
    relabel(components, both[1], STRICT)
    with components.database.reading() as session:
        rules = frozenset({OPEN.digest})
        everything = policy.operator_scope(session, Action.READ)
        scope = replace(everything, rules=rules)
        assert pairs.of_papers(session, scope, both) == {}
        assert pairs.listed(session, scope, ("confirmed",), 0, 9) == (0, [])
        with pytest.raises(NoPairError):
            pairs.get(session, scope, pair.id)
        assert pairs.of_papers(session, everything, both)[both[0]].row.id == both[1]


def test_a_rejected_pair_lends_nothing_and_is_not_proposed_again(components, both):
    pair = paired(components)
    with components.database.session() as session:
        scope = policy.operator_scope(session, Action.EDIT)
        pairs.decide(session, scope, pair.id, "rejected", "vera")
        for portrait in session.scalars(select(PortraitRow)):
            portrait.sought = False
    assert lent(components, both[0]) == remembered(components, both[0]) == []
    again = paired(components)
    assert (again.id, again.state, again.by) == (pair.id, "rejected", "vera")


def test_papers_of_one_language_are_no_pair(components, both):
    with components.database.session() as session:
        third = session.scalar(select(DocumentRow.id).where(DocumentRow.id.not_in(both)))
        with pytest.raises(PairError):
            pairs.make(session, policy.operator_scope(session, Action.EDIT), both[0], third, "vera")


def corrected(components: Components, pair_id: str, **correction: object) -> list[tuple[tuple[int, ...], ...]]:
    """The sides of all beads, the English one first, after a correction of the alignment as it is."""
    with components.database.session() as session:
        pair = pairs.lock(session, policy.operator_scope(session, Action.EDIT), pair_id)
        version, _ = alignment_of(session, pair)
        corrections.correct(session, pair, Correction(version, **correction), "vera")  # type: ignore[arg-type]
        return sides(session, pair)


def sides(session, pair) -> list[tuple[tuple[int, ...], ...]]:
    kept = alignment_of(session, pair)[1]
    turned = pair.first.language == "ru"
    return [(bead.second, bead.first) if turned else (bead.first, bead.second) for bead in kept]


def test_beads_are_joined_split_moved_unlinked_and_all_is_taken_back(components, both):
    pair = paired(components)
    one_to_one = [((at,), (at,)) for at in range(6)]
    assert corrected(components, pair.id, kind="join", place=1, count=2)[1] == ((1, 2), (1, 2))
    split = corrected(components, pair.id, kind="split", place=1, first=1, second=1)
    assert split == one_to_one
    moved = corrected(components, pair.id, kind="move", place=0, first=-1, second=-1)
    assert moved[0] == ((0, 1), (0, 1))
    unlinked = corrected(components, pair.id, kind="unlink", place=2)
    assert sorted(unlinked[2:4]) == [((), (3,)), ((3,), ())]
    for _ in range(4):
        undone = corrected(components, pair.id, kind="undo")
    assert undone == one_to_one
    with pytest.raises(PairError):
        corrected(components, pair.id, kind="undo")


def test_a_change_of_another_version_is_refused(components, both):
    pair = paired(components)
    with components.database.session() as session:
        held = pairs.lock(session, policy.operator_scope(session, Action.EDIT), pair.id)
        with pytest.raises(StaleAlignmentError) as refused:
            corrections.correct(session, held, Correction(7, "join"), "vera")
    assert refused.value.parameters == {"version": 1}


def test_what_a_person_put_right_outlives_a_new_reading(components, both):
    pair = paired(components)
    corrected(components, pair.id, kind="join", place=1, count=2)
    assert lent(components, both[0]) == remembered(components, both[0]) == []  # until a worker has been there
    with components.database.session() as session:
        session.execute(update(DocumentRow).where(DocumentRow.id == both[0]).values(state="received"))
        texts = ("A new title.", *ENGLISH)
        segments = [Segment(at, 1, text, "en", (), False) for at, text in enumerate(texts)]
        keep_text(session, session.get_one(DocumentRow, both[0]), [], segments, [])
    paired(components)
    with components.database.reading() as session:
        found = pairs.get(session, policy.operator_scope(session, Action.READ), pair.id)
        by_hand = [bead for bead in alignment_of(session, found)[1] if bead.by]
        said = {
            row.language: [text_of(session, row.id, ordinal) for ordinal in ordinals]
            for row, ordinals in ((found.first, by_hand[0].first), (found.second, by_hand[0].second))
        }
    assert [bead.by for bead in by_hand] == ["vera"]
    assert said == {"en": list(ENGLISH[1:3]), "ru": list(RUSSIAN[1:3])}


def text_of(session, document_id: str, ordinal: int) -> str:
    return session.get_one(SegmentRow, (document_id, ordinal)).text


def test_differences_name_what_one_paper_lacks_and_not_what_stands_elsewhere():
    beads = [bead((at,), (at,)) for at in range(3)]
    english = {0: "It took 24 days.", 1: "The next review is due.", 2: "There are 7 States."}
    russian = {0: "Это заняло 42 дня.", 1: "Срок следующего пересмотра 7.", 2: "Есть государства."}
    found = differences_of(beads, Papers(english, russian, "en"), 0, 3)
    assert [(each.kind, each.place, each.first.only, each.second.only) for each in found] == [
        ("numbers", 0, ("24",), ("42",))
    ]
    missing = [*beads, replace(beads[0], first=(3,), second=(), confidence=0.9)]
    english[3] = "This whole paragraph stands in the English version of the paper alone."
    found = differences_of(missing, Papers(english, russian, "en"), 0, 4)
    assert [(each.kind, each.first.ordinals) for each in found][-1] == ("missing", (3,))


def test_of_equal_numbers_near_each_other_each_answers_for_one():
    beads = [bead((0,), (0,)), replace(bead((), (1,)), confidence=0.4), bead((1,), (2,))]
    english = {0: "Certified: 4 of 4", 1: "In force in 4 States"}
    russian = {0: "Заверено всеми", 1: "4 из 4 государств", 2: "Действует в 4 государствах"}
    assert differences_of(beads, Papers(english, russian, "en"), 0, 3) == []
    russian[1] = "3 из 4 государств"
    [found] = differences_of(beads, Papers(english, russian, "en"), 0, 3)
    assert (found.kind, found.place, found.first.only, found.second.only) == ("numbers", 0, ("4",), ())


def test_cells_with_numbers_alone_differ_where_one_stands_in_place_of_another():
    """58 and 59 are not alike, so they are in no bead with each other."""
    whole, english, russian = bead((0,), (0,)), {0: "19", 1: "58", 2: "142"}, {0: "19", 1: "59", 2: "142"}
    beads = [whole, replace(whole, second=(), first=(1,)), replace(whole, first=(), second=(1,)), bead((2,), (2,))]
    papers = Papers(english, russian, "en")
    [found] = differences_of(beads, papers, 0, 4)
    assert (found.kind, found.place, found.first, found.second) == (
        "numbers",
        1,
        DifferenceSide((1,), ("58",)),
        DifferenceSide((1,), ("59",)),
    )
    assert [one for at in range(4) for one in differences_of(beads, papers, at, at + 1)] == [found]
    assert differences_of(beads, Papers(english, {**russian, 1: "page"}, "en"), 0, 4) == []


def bead(first: tuple[int, ...], second: tuple[int, ...]) -> Bead:
    return Bead(first, second, 0.5, 0.9)
