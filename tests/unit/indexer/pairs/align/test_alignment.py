"""Sentences of two papers are put together in order; what one lacks stands alone; what people fixed stays."""

from __future__ import annotations

from indexer.pairs.align.alignment import Bead, align

ENGLISH = [
    "The meeting was opened on 12 October 2021 in Almaty.",
    "Each State should name one contact point.",
    "Women and children return from the camps.",
    "The court refused the evidence from the battlefield.",
    "Airlines send passenger information in advance.",
    "The secretariat will report in December.",
]
RUSSIAN = [
    "Совещание открылось 12 октября 2021 года в Алматы.",
    "Каждому государству следует назначить одно контактное лицо.",
    "Женщины и дети возвращаются из лагерей.",
    "Суд отклонил доказательства с поля боя.",
    "Авиакомпании заранее передают информацию о пассажирах.",
    "Секретариат представит доклад в декабре.",
]


def links(beads: list[Bead]) -> list[tuple[tuple[int, ...], tuple[int, ...]]]:
    return [(bead.first, bead.second) for bead in beads]


def test_sentences_stand_beside_their_translation():
    beads = align(ENGLISH, RUSSIAN, "en", "ru")
    assert links(beads) == [((at,), (at,)) for at in range(6)]
    assert all(bead.confidence > 0.5 and not bead.by for bead in beads)


def test_the_other_direction_gives_the_same():
    assert links(align(RUSSIAN, ENGLISH, "ru", "en")) == links(align(ENGLISH, RUSSIAN, "en", "ru"))


def test_what_one_paper_lacks_stands_alone_and_in_its_place():
    beads = align(ENGLISH, [*RUSSIAN[:2], *RUSSIAN[4:]], "en", "ru")
    expected = [((0,), (0,)), ((1,), (1,)), ((2,), ()), ((3,), ()), ((4,), (2,)), ((5,), (3,))]
    assert links(beads) == expected
    beads = align([*ENGLISH[:2], *ENGLISH[4:]], RUSSIAN, "en", "ru")
    assert links(beads) == [(second, first) for first, second in expected]


def test_two_sentences_may_be_one():
    joined = [RUSSIAN[0], f"{RUSSIAN[1][:-1]}, и {RUSSIAN[2].lower()}", *RUSSIAN[3:]]
    assert ((1, 2), (1,)) in links(align(ENGLISH, joined, "en", "ru"))
    assert ((1,), (1, 2)) in links(align(joined, ENGLISH, "ru", "en"))


def test_what_a_person_fixed_stays_and_holds_the_rest():
    wrong = [Bead((1,), (2,), 1.0, 1.0, "vera"), Bead((4,), (), 0.0, 1.0, "vera")]
    beads = align(ENGLISH, RUSSIAN, "en", "ru", wrong)
    assert [bead for bead in beads if bead.by] == wrong
    places = [at for bead in beads for at in bead.first], [at for bead in beads for at in bead.second]
    assert places == (list(range(6)), list(range(6)))
    assert all(bead.first != (0,) or set(bead.second) <= {0, 1} for bead in beads)


def test_fixed_beads_that_cross_are_not_believed_twice():
    crossing = [Bead((3,), (3,), 1.0, 1.0, "vera"), Bead((2,), (4,), 1.0, 1.0, "vera")]
    assert [bead.first for bead in align(ENGLISH, RUSSIAN, "en", "ru", crossing) if bead.by] == [(3,)]


def test_empty_papers_have_no_beads_but_what_is_there():
    assert align([], [], "en", "ru") == []
    assert links(align(ENGLISH[:1], [], "en", "ru")) == [((0,), ())]
    assert links(align([], RUSSIAN[:2], "en", "ru")) == [((), (0,)), ((), (1,))]


def test_a_long_paper_with_a_long_block_missing_is_aligned_all_the_same():
    english = [f"{text} Paragraph {number}." for number in range(100) for text in ENGLISH]
    russian = [f"{text} Пункт {number}." for number in range(100) for text in RUSSIAN]
    beads = align(english, russian[:120] + russian[300:], "en", "ru")
    right = {(at, at if at < 120 else at - 180) for at in range(600) if not 120 <= at < 300}
    found = {(bead.first[0], bead.second[0]) for bead in beads if bead.whole}
    assert len(right & found) > 0.97 * len(right)
